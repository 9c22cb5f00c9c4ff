"""``coachkb browse`` where there is no terminal: its lists."""

from __future__ import annotations

import json
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
