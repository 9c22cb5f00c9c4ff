"""An answer that the engine is not sure of is told as a guess, in each form."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.search.likely import Meaning

Call = Callable[..., Any]
LINES = {"en": "Not sure that this is", "nl": "Niet zeker of je dit", "sv": "Osäkert om det är"}


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Meaning, "sure", lambda *_: False)


@pytest.mark.parametrize("form", ["plain", "card"])
@pytest.mark.parametrize("language", LINES)
def test_it_is_said_first_in_the_language_of_the_card(call: Call, unsure: None, form: str, language: str) -> None:
    code, out, err = call("lookup", "--format", form, "--only-lang", language, "too expensive")
    assert (code, err) == (0, "")
    assert out.startswith(LINES[language])


def test_what_is_sure_is_said_without_doubt(call: Call) -> None:
    for form in ("plain", "card"):
        assert LINES["en"] not in call("lookup", "--format", form, "too expensive").out
    assert call("say", "--full", "too expensive").err == ""
    hits = json.loads(call("lookup", "--format", "json", "too expensive").out)["hits"]
    assert [hit["sure"] for hit in hits] == [True] * 5


def test_json_says_so_of_each_hit(call: Call, unsure: None) -> None:
    hits = json.loads(call("lookup", "--format", "json", "too expensive").out)["hits"]
    assert [hit["sure"] for hit in hits] == [False] * 5


def test_say_keeps_stdout_for_the_words(call: Call, unsure: None) -> None:
    code, out, err = call("say", "too expensive")
    assert code == 0 and LINES["en"] not in out
    assert "not sure that this is what you mean; the nearest is '" in err
    assert call("say", "--full", "the-price-conversation").err == "", "a lesson by its id was meant"


def test_a_template_markdown_and_the_json_of_say_tell_a_guess(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def forms() -> tuple[str, bool, bool]:
        told = call("lookup", "--limit", "1", "--template", "{sure}", "too expensive").out
        page = call("lookup", "--format", "markdown", "too expensive").out
        said = json.loads(call("say", "--format", "json", "too expensive").out)
        return told, page.startswith(f"*{LINES['en']}"), said[0]["sure"]

    assert forms() == ("sure\n", False, True)
    monkeypatch.setattr(Meaning, "sure", lambda *_: False)
    assert forms() == ("guess\n", True, False)
