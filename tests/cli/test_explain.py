"""``coachkb show ID --explain``: which cues gave a passage its part, and how sure the machine is."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.data.load import cue_meanings
from coachkb.ingest.cues import is_lexical
from coachkb.ingest.roles import weights
from coachkb.jobs.explaining import in_words
from coachkb.model.terms import LABELS, ROLES


@pytest.fixture
def lesson(call: Callable[..., Any], article: str, tmp_path: pathlib.Path) -> tuple[pathlib.Path, str, pathlib.Path]:
    """A KB with one lesson from one article: the KB, the lesson's id, its file."""
    source, kb = tmp_path / "dear.txt", tmp_path / "kb"
    source.write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", kb, source).code == 0
    [file] = kb.glob("lessons/en/*.yaml")
    return kb, file.stem, file


def explained(call: Callable[..., Any], kb: os.PathLike[str], id_: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(call("show", "--kb", kb, id_, "--explain", "--format", "json").out)
    return told


def test_every_passage_has_its_cues_and_how_sure_the_machine_is(call, lesson) -> None:
    kb, id_, _ = lesson
    told = explained(call, kb, id_)
    whole = json.loads(call("show", "--kb", kb, id_, "--format", "json").out)
    assert [p["text"] for p in told["passages"]] == [p["text"] for role in ROLES for p in whole[role]]
    assert told["passages"]
    for passage in told["passages"]:
        assert passage["by"] == "machine"
        assert 1 / len(LABELS) <= passage["sureness"] <= 1
        assert 0 <= passage["instead"]["sureness"] <= 1 - passage["sureness"] + 0.001
        assert passage["instead"]["part"] != passage["part"]
        assert passage["cues"]
    assert [tag["id"] for tag in told["situations"]] == whole["situations"]


def test_the_words_for_people_name_each_passage_and_situation(call, lesson) -> None:
    kb, id_, _ = lesson
    told = call("show", "--kb", kb, id_, "--explain")
    assert told.code == 0
    assert "How sure the machine is" in told.out
    for passage in explained(call, kb, id_)["passages"]:
        assert passage["text"] in told.out
        assert all(cue["meaning"] in told.out for cue in passage["cues"])


def test_what_a_person_wrote_or_moved_is_told_as_theirs(call, lesson) -> None:
    kb, id_, file = lesson
    first = next(p for p in explained(call, kb, id_)["passages"] if p["part"] == "tactic")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("diagnosis:", "moved:", 1).replace("tactic:", "diagnosis:", 1), encoding="utf-8")
    told = {p["text"]: p for p in explained(call, kb, id_)["passages"]}
    assert told[first["text"]] | {"cues": [], "instead": None} == {
        "part": "diagnosis",
        "text": first["text"],
        "by": "person",
        "sureness": first["sureness"],
        "instead": None,
        "machine": "tactic",
        "cues": [],
    }


@pytest.mark.parametrize("change", ["gone", "other words"])
def test_without_the_article_it_came_from_nothing_is_made_up(call, lesson, change) -> None:
    kb, id_, _ = lesson
    [article] = (kb / "articles").iterdir()
    if change == "gone":
        article.unlink()
    else:
        article.write_text("Something else altogether.\n", encoding="utf-8")
    told = explained(call, kb, id_)
    assert told["trouble"]
    assert {p["by"] for p in told["passages"]} == {"unknown"}
    assert all(p["sureness"] is None and p["cues"] == [] for p in told["passages"])
    assert "Not to be explained" in call("show", "--kb", kb, id_, "--explain").out


def test_markdown_is_no_form_of_an_explanation(call, lesson) -> None:
    kb, id_, _ = lesson
    assert call("show", "--kb", kb, id_, "--explain", "--format", "markdown").code == 2


def test_every_cue_that_has_a_weight_is_said_in_words() -> None:
    cues = {cue.lstrip("<>").removeprefix("early&") for cue in weights().cues if not is_lexical(cue)}
    assert cues - set(cue_meanings()) == set()
    assert (in_words("word:en:price"), in_words("about:price-list")) == ('has "price"', "is about price list")
    assert in_words("<asks") == "the sentence before: asks a question"
