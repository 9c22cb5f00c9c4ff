"""``coachkb misses``, and the look-ups that fill its log."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable

import pytest

from coachkb import door
from coachkb.cli import app
from coachkb.search.likely import Meaning
from coachkb.store import misses

Call = Callable[..., tuple[int, str, str]]
NOWHERE = "xkvq jqxz"


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt")[0] == 0
    return pathlib.Path("kb")


def test_both_doors_write_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert door.quick([NOWHERE]) == 1
    assert app.run(["lookup", NOWHERE]) == 1
    assert app.run(["lookup", "--format", "json", NOWHERE]) == 1
    assert misses.recall() == [(NOWHERE, 3)]
    assert "Nothing here answers that." in capsys.readouterr().out


def test_what_is_answered_or_filtered_is_no_miss(capsys: pytest.CaptureFixture[str]) -> None:
    for way in (door.quick, lambda line: app.run(["lookup", *line])):
        assert way(["too expensive"]) == 0
        assert way([NOWHERE, "--only-lang", "nl"]) == 1
        assert way([NOWHERE, "--situation", "too-expensive"]) == 1
    assert misses.recall() == []


def test_the_kb_switches_it_off(kb: pathlib.Path, call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    line = [NOWHERE, "--kb", "kb"]
    assert call("lookup", *line)[0] == 1
    assert door.quick(line) == 1
    assert misses.recall() == [(NOWHERE, 2)]
    with (kb / "coachkb.yaml").open("a", encoding="utf-8") as file:
        file.write("misses: false\n")
    assert call("lookup", *line)[0] == 1  # makes the index anew
    assert (door.quick(line), door.quick(["too expensive", "--kb", "kb"])) == (None, 0)
    assert call("lookup", *line)[0] == 1
    assert misses.recall() == [(NOWHERE, 2)]
    assert not any("misses" in path.name for path in kb.rglob("*"))


def test_the_list_of_lessons_to_write(call: Call) -> None:
    assert call("misses") == (0, "Nothing was asked that has no answer.\n", "")
    for query in ("pancakes we sell", "Pancakes we sell", "too expensive"):
        misses.remember(query)
    code, out, err = call("misses")
    assert (code, err) == (0, "")
    assert "\n2 x  " in out and "  Pancakes we sell\n    nearest: " in out
    assert "too expensive" not in out and out.endswith("1 more is answered by now.\n")
    rows = json.loads(call("misses", "--format", "json")[1])["misses"]
    assert [(row["query"], row["times"]) for row in rows] == [("Pancakes we sell", 2), ("too expensive", 1)]
    assert all(set(row) == {"query", "times", "language", "situations", "answered_by", "guess"} for row in rows)
    assert rows[0]["answered_by"] is None and rows[1]["answered_by"]
    assert (rows[1]["language"], rows[1]["situations"][0]["id"]) == ("en", "too-expensive")


def test_slips_of_the_keyboard_are_no_lessons_to_write(call: Call) -> None:
    for query in (NOWHERE, "asdf qwer", "pancakes we sell"):
        misses.remember(query)
    _, out, _ = call("misses")
    assert "pancakes we sell\n    nearest" in out
    assert out.endswith(f"2 more have no word that is known here: asdf qwer; {NOWHERE}\n")
    rows = json.loads(call("misses", "--format", "json")[1])["misses"]
    assert [row["language"] for row in rows if row["query"] == NOWHERE] == [None]
    misses.forget()
    misses.remember(NOWHERE)
    assert (
        call("misses")[1]
        == f"Nothing was asked that has no answer.\n\n1 more has no word that is known here: {NOWHERE}\n"
    )


def test_what_only_a_guess_answered_is_listed_apart(
    call: Call, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Meaning, "sure", lambda *_: False)
        assert door.quick(["the price of pancakes"]) == 0
        assert app.run(["lookup", "--format", "json", "the price of pancakes"]) == 0
        misses.remember("pancakes we sell")
        _, out, _ = call("misses")
        assert "\n\nAnswered with a guess alone:\n\n2 x  en  the price of pancakes\n" in out
        rows = json.loads(call("misses", "--format", "json")[1])["misses"]
        assert [(row["query"], row["guess"]) for row in rows] == [
            ("pancakes we sell", False),
            ("the price of pancakes", True),
        ]
    assert (misses.recall(), misses.recall(guesses=True)) == (
        [("pancakes we sell", 1)],
        [("the price of pancakes", 2)],
    )
    assert call("misses", "--clear")[2] == "coachkb: 2 queries forgotten\n"


def test_clear_empties_it(call: Call) -> None:
    misses.remember(NOWHERE)
    assert call("misses", "--clear", "--format", "json")[0] == 2
    assert call("misses", "--clear") == (0, "", "coachkb: 1 query forgotten\n")
    assert misses.recall() == []
    assert call("misses", "--clear") == (0, "", "coachkb: 0 queries forgotten\n")


def test_config_tells_of_it(call: Call, kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def row() -> tuple[object, str]:
        rows = json.loads(call("config", "--kb", "kb", "--format", "json")[1])
        return next((row["value"], row["source"]) for row in rows if row["name"] == "misses")

    assert row() == (True, "built in")
    monkeypatch.setenv("COACHKB_MISSES", "0")
    assert row() == (False, "COACHKB_MISSES")
    monkeypatch.delenv("COACHKB_MISSES")
    (kb / "coachkb.yaml").write_text("misses: false\n", encoding="utf-8")
    assert row()[0] is False and row()[1].endswith("coachkb.yaml, line 1")
    (kb / "coachkb.yaml").write_text("starter: true\nmisses: perhaps\n", encoding="utf-8")
    assert "line 2: misses should be true or false" in call("config", "--kb", "kb")[2]
