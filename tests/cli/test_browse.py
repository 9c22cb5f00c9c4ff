"""``coachkb browse`` where there is no terminal: its lists."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]


@pytest.mark.parametrize("form", ["plain", "json", "template"])
def test_the_readers_language_comes_first_in_every_form(call: Call, form: str) -> None:
    more = ("--template", "{language}") if form == "template" else ("--format", form)
    told = call("browse", "--lang", "sv", "--situation", "trust", *more).out
    if form == "plain":
        headings = [line.split(" (")[0] for line in told.splitlines() if not line.startswith(" ")]
        assert headings == ["Svenska", "English", "Nederlands"]
        return
    found = [lesson["language"] for lesson in json.loads(told)] if form == "json" else told.split()
    assert list(dict.fromkeys(found)) == ["sv", "en", "nl"]
    assert found == sorted(found, key=["sv", "en", "nl"].index)


@pytest.fixture
def narrower(home: pathlib.Path) -> pathlib.Path:
    """A knowledge base with a lesson on a situation of its own that narrows another, and one on that other."""
    (home / "kb/lessons/en").mkdir(parents=True)
    (home / "kb/coachkb.yaml").write_text("", encoding="utf-8")
    (home / "kb/situations.yaml").write_text(
        "green-question:\n  broader: trust\n  labels:\n    en: {name: Green matters, said: [how green are you then]}\n",
        encoding="utf-8",
    )
    for id_, situation in (("green", "trust, green-question"), ("plain", "trust")):
        (home / f"kb/lessons/en/{id_}.yaml").write_text(
            f"format: 1\nid: {id_}\ntitle: On {id_}\nlanguage: en\nsituations: [{situation}]\nscript:\n- Ask.\n",
            encoding="utf-8",
        )
    return home / "kb"


def test_a_lesson_stands_under_the_narrower_of_its_situations(call: Call, narrower: pathlib.Path) -> None:
    told = call("browse", "--kb", narrower).out.splitlines()
    assert told[told.index("  Green matters [green-question] (1)") + 1] == "    On green  (green)"
    assert any("[trust] (1)" in line for line in told)
    for command in (("browse",), ("lookup", "how green are you then")):
        lines = call(*command, "--kb", narrower, "--template", "{id}: {situation}").out.splitlines()
        assert "green: Green matters" in lines, command
