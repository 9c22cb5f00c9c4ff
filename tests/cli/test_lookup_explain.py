"""``coachkb lookup --explain``: why a hit is there."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coachkb import door
from coachkb.jobs.finding import explained
from coachkb.kb import KnowledgeBase
from coachkb.model.terms import ROLES

Call = Callable[..., tuple[int, str, str]]


def data(call: Call, *arguments: str) -> dict[str, Any]:
    code, out, err = call("lookup", "--explain", "--format", "json", *arguments)
    assert err == ""
    told: dict[str, Any] = json.loads(out)
    assert code == (0 if told["hits"] else 1)
    return told


def test_it_tells_situations_words_and_status(call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt")[0] == 0
    told = data(call, "--kb", "kb", "that is too expensive")
    assert (told["understood"], told["language"], told["situations"][0]["id"]) == (True, "en", "too-expensive")
    (hit,) = told["hits"]
    assert (hit["status"], hit["starter"]) == ("draft", False)
    assert list(hit["words"]) == ["title", *ROLES]
    assert "expensive" in hit["words"]["problem"] and "expensive" not in hit["words"]["title"]
    assert not {"is", "too", "that"} & {word for found in hit["words"].values() for word in found}
    first = next(tag for tag in hit["situations"] if tag["id"] == "too-expensive")
    assert first["score"] == told["situations"][0]["score"]
    assert "expensive" in first["phrase"] and 0.35 < first["likeness"] <= 1.0


def test_the_hits_are_those_of_the_look_up(call: Call) -> None:
    for query in ("stuur maar wat informatie", "för dyrt", "not interested", "xkvq jqxz", "\x1b[31m"):
        plain = json.loads(call("lookup", "--format", "json", query, "--limit", "7")[1])
        told = data(call, query, "--limit", "7")
        assert [(hit["id"], hit["score"]) for hit in told["hits"]] == [(h["id"], h["score"]) for h in plain["hits"]]
        assert told["situations"] == plain["situations"]


def test_a_situation_that_the_query_does_not_mean_has_no_phrase(call: Call) -> None:
    tags = [tag for hit in data(call, "we hebben daar nu geen budget voor")["hits"] for tag in hit["situations"]]
    assert {tag["phrase"] is None for tag in tags if tag["score"] < 0.01} == {True}
    assert {tag["phrase"] is None for tag in tags if tag["score"] > 0.9} == {False}


def test_what_is_found_by_its_title_says_so(call: Call) -> None:
    told = data(call, "Maureen")
    assert not told["understood"]
    assert told["hits"] and all("maureen" in hit["words"]["title"] for hit in told["hits"])
    out = call("lookup", "--explain", "Maureen")[1]
    assert out.startswith("Understood as no situation") and "words in title: maureen" in out


def test_plain_lines(call: Call) -> None:
    code, out, err = call("lookup", "--explain", "too expensive", "--limit", "2")
    assert (code, err) == (0, "")
    assert out.startswith("Understood as: Too expensive ")
    assert "\nLanguage of the query: en\n\n1. " in out and "\n\n2. " in out
    assert "\n   situation: Too expensive " in out and "   score " in out
    assert "it is its phrase 'Too expensive'" in out and "counts" not in out
    out = call("lookup", "--explain", "too expensive", "--only-lang", "sv", "--lang", "nl", "--limit", "1")[1]
    assert ", sv: counts 0.85 of that, not being in nl\n" in out
    code, out, _ = call("lookup", "--explain", "xkvq jqxz")
    assert code == 1 and out.endswith("\nNothing here answers that.\n")


def test_a_lesson_without_words_to_say_says_that_it_counts_less(call: Call) -> None:
    asked = ("their competitor is half the price", "--limit", "40")
    wordless = {hit["id"] for hit in data(call, *asked)["hits"] if hit["wordless"] < 1}
    found = json.loads(call("lookup", "--format", "json", *asked)[1])["hits"]
    assert wordless == {hit["id"] for hit in found if not hit["script"]} != set()
    out = call("lookup", "--explain", *asked)[1]
    assert out.count("\n   no words to say: what it answers counts 0.95\n") == len(wordless)


def test_it_agrees_with_the_search_on_what_is_found_by_title() -> None:
    """The search gives such hits half a score, and nothing else gives exactly that."""
    rows = (pathlib.Path(__file__).parent.parent / "queries" / "dev.tsv").read_text(encoding="utf-8").splitlines()
    queries = [*(row.split("\t")[3] for row in rows[1::3]), "Maureen", "Graham", "Archbold"]
    with KnowledgeBase.open() as kb:
        seen = set()
        for query in queries:
            answer = kb.lookup(query, limit=3, language="en")
            told = explained(kb, answer, "en")
            if answer.hits:
                assert (answer.hits[0].score == 0.5) is not told.understood, query
                seen.add(told.understood)
    assert seen == {True, False}


@pytest.mark.parametrize("form", [["--format", "card"], ["--format", "markdown"], ["--template", "{id}"]])
def test_it_has_no_other_form(call: Call, form: list[str]) -> None:
    code, out, err = call("lookup", "--explain", "too expensive", *form)
    assert (code, out) == (2, "") and "--explain" in err


def test_the_quick_door_leaves_it_to_click(capsys: pytest.CaptureFixture[str]) -> None:
    assert (door.quick(["--explain", "too expensive"]), *capsys.readouterr()) == (None, "", "")
