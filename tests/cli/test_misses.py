"""``coachkb misses``, and the look-ups that fill its log."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable

import pytest

from coachkb import door
from coachkb.cli import app
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
    for query in ("pancakes", "Pancakes", "too expensive"):
        misses.remember(query)
    code, out, err = call("misses")
    assert (code, err) == (0, "")
    assert "\n2 x  " in out and "  Pancakes\n    nearest: no situation stands out\n" in out
    assert "too expensive" not in out and out.endswith("1 more is answered by now.\n")
    rows = json.loads(call("misses", "--format", "json")[1])["misses"]
    assert [(row["query"], row["times"]) for row in rows] == [("Pancakes", 2), ("too expensive", 1)]
    assert all(set(row) == {"query", "times", "language", "situations", "answered_by"} for row in rows)
    assert rows[0]["answered_by"] is None and rows[1]["answered_by"]
    assert (rows[1]["language"], rows[1]["situations"][0]["id"]) == ("en", "too-expensive")


def test_slips_of_the_keyboard_are_no_lessons_to_write(call: Call) -> None:
    for query in (NOWHERE, "qqqq sdkfjh", "qqqq pancakes"):
        misses.remember(query)
    _, out, _ = call("misses")
    assert NOWHERE not in out and "sdkfjh" not in out and "qqqq pancakes" in out
    assert out.endswith("2 more are no words in any language.\n")
    rows = json.loads(call("misses", "--format", "json")[1])["misses"]
    assert [row["language"] for row in rows if row["query"] == NOWHERE] == [None]
    misses.forget()
    misses.remember(NOWHERE)
    assert call("misses")[1] == "Nothing was asked that has no answer.\n\n1 more is no words in any language.\n"


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
