"""export and coverage: which lessons go out, what is said of them, and that a folder keeps what people put there."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.jobs import exporting

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
PAGE = pathlib.Path(f"book/en/{ID}.md")


@pytest.fixture
def kb(call: Call, article: str, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Inside a KB, with a draft from an article, a lesson by hand, and the starter below them."""
    monkeypatch.setenv("COACHKB_USER", "ann")
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "kb", "dear.txt")
    call("new", "--kb", "kb", "--lang", "nl", "--situation", "too-expensive", "--no-edit", "Te duur")
    path = pathlib.Path("kb/lessons/nl/te-duur.yaml")
    path.write_text(
        path.read_text(encoding="utf-8").replace("\ntactic:\n", "\ntactic: [Vraag door.]\n"), encoding="utf-8"
    )
    monkeypatch.chdir("kb")
    return pathlib.Path.cwd()


def ids(text: str) -> set[str]:
    return {lesson["id"] for lesson in json.loads(text)}


def test_drafts_and_the_starter_can_be_left_out(call: Call, kb: pathlib.Path) -> None:
    own = call("export", "--format", "json", "--no-starter")
    assert ids(own.out) == {ID, "te-duur"}
    assert own.err == ""
    told = call("export", "-o", "x.json", "--no-starter")
    assert told.err == "coachkb: written to x.json: 2 lessons; 2 drafts among them (--approved leaves drafts out)\n"
    call("review", "--batch", "accept", "--id", ID)
    done = call("export", "--format", "json", "--no-starter", "--approved")
    assert ids(done.out) == {ID}
    everything = call("export", "--format", "json", "--approved")
    assert ids(everything.out) > {ID}
    assert "te-duur" not in ids(everything.out)
    assert all(lesson["review"]["status"] == "approved" for lesson in json.loads(everything.out))


@pytest.mark.parametrize("command", ["export", "coverage"])
def test_inside_a_kb_it_is_said_whose_lessons_there_are(call: Call, kb: pathlib.Path, command: str) -> None:
    starters = len(ids(call("export", "--format", "json").out)) - 2
    assert f"2 of your own, {starters} of the starter (--no-starter leaves those out)" in call(command).err
    assert "starter" not in call(command, "--no-starter").err
    assert "starter" not in call(command, "--kb", ".").err  # a KB that is named stands alone


def test_coverage_without_the_starter_counts_ones_own(call: Call, kb: pathlib.Path) -> None:
    assert call("coverage", "--no-starter", "--format", "json")[1] == before
    path = kb / "lessons" / "en" / "pancakes-one.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\ntactic:\n", "\ntactic: [Flip them.]\n"), encoding="utf-8")
    assert "pancakes-one" in call("lookup", "--kb", ".", "--format", "json", "Pancakes one")[1]
    path.write_text(text, encoding="utf-8")
    assert "pancakes-one" not in call("lookup", "--kb", ".", "--format", "json", "Pancakes one")[1]
