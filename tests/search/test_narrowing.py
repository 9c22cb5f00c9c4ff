"""Narrowing the starter's lessons by what is typed."""

from __future__ import annotations

import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb import KnowledgeBase
from coachkb.errors import UsageError
from coachkb.model.listed import Narrowed
from coachkb.search.likely import Meaning
from coachkb.search.narrowing import Narrowing


@pytest.fixture(scope="module")
def starter() -> Narrowing:
    return KnowledgeBase.open().narrowing(reader="en")


def first(found: Narrowed) -> list[str]:
    return [row.id for row in found.rows[: found.named]]


def test_nothing_typed_is_everything_the_readers_language_first(starter: Narrowing) -> None:
    found = starter.find("  ")
    assert found.named == len(found.rows) > 200
    assert found.rows[0].language == "en"
    languages = [row.language for row in found.rows]
    assert languages == sorted(languages)


def test_a_title_is_found_letter_by_letter(starter: Narrowing) -> None:
    for end in range(4, len("tell them the price") + 1):
        assert "tell-them-the-price-early" in first(starter.find("tell them the price"[:end]))
    assert first(starter.find("tell them the price"))[0] == "tell-them-the-price-early"


@pytest.mark.parametrize("typed", ["te duur", "för dyrt", "for dyrt", "too expensive", "Too EXPENS"])
def test_a_situation_is_found_by_its_name_in_any_language(starter: Narrowing, typed: str) -> None:
    found = starter.find(typed)
    assert {"en", "nl", "sv"} <= {row.language for row in found.rows[: found.named]}
    assert found.rows[0].situation == "too-expensive"


def test_accents_typed_count_and_accents_left_out_do_not() -> None:
    narrowing = KnowledgeBase.open().narrowing(language="sv")
    assert first(narrowing.find("råd"))
    assert set(first(narrowing.find("råd"))) < set(first(narrowing.find("rad")))


def test_a_language_and_a_word_together(starter: Narrowing) -> None:
    found = starter.find("nl korting")
    assert found.named
    assert {row.language for row in found.rows[: found.named]} == {"nl"}


@pytest.mark.parametrize("typed", ["they said it is too expnsive", "ze vinden het veel te prijzig"])
def test_what_is_called_nothing_like_it_is_found_by_meaning(starter: Narrowing, typed: str) -> None:
    found = starter.find(typed)
    assert found.named == 0
    assert any(row.situation == "too-expensive" for row in found.rows[:3])


def test_what_is_only_a_guess_is_left_out(starter: Narrowing, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = "they said it is too expnsive"
    assert starter.find(typed).rows
    monkeypatch.setattr(Meaning, "sure", lambda *_: False)
    assert starter.find(typed).rows == []


def test_words_of_the_text_are_found_too(starter: Narrowing) -> None:
    assert "tell-them-the-price-early" in [row.id for row in starter.find("buxton").rows]
    assert starter.find("xqzzyv").rows == []


def test_without_a_readers_language_that_of_what_is_typed_comes_first() -> None:
    found = KnowledgeBase.open().narrowing().find("te duur")
    assert found.rows[0].language == "nl"


def test_filters_hold_for_all_that_is_found() -> None:
    kb = KnowledgeBase.open()
    narrowing = kb.narrowing(language="sv", situation="too-expensive")
    for typed in ("", "s", "dyrt", "send me information", "nej"):
        assert {row.language for row in narrowing.find(typed).rows} <= {"sv"}
    assert 0 < len(narrowing.all) < 40
    with pytest.raises(UsageError):
        kb.narrowing(language="xx")


def test_a_lesson_is_listed_and_found_by_the_narrower_of_its_situations(home: pathlib.Path) -> None:
    labels = "labels:\n    en: {name: Green matters, said: [how green are you then]}\n"
    (home / "kb/lessons/en").mkdir(parents=True)
    (home / "kb/coachkb.yaml").write_text("", encoding="utf-8")
    (home / "kb/situations.yaml").write_text(f"green:\n  broader: trust\n  {labels}", encoding="utf-8")
    for id_, tags in (("a", "trust, green"), ("b", "trust"), ("c", "too-expensive, green"), ("d", "bad-timing")):
        (home / f"kb/lessons/en/{id_}.yaml").write_text(
            f"format: 1\nid: {id_}\ntitle: {id_}\nlanguage: en\nsituations: [{tags}]\nscript: [Ask.]\n", "utf-8"
        )
    narrowing = KnowledgeBase.open(home / "kb").narrowing(reader="en")
    assert {row.id: row.situation for row in narrowing.all} == {
        "a": "green",
        "b": "trust",
        "c": "too-expensive",
        "d": "bad-timing",
    }
    assert [row.id for row in narrowing.all][-1] == "a"  # own situations come after the built-in ones
    assert first(narrowing.find("how green"))[0] == "a"


def test_no_lesson_twice_and_the_same_whatever_was_typed_before(starter: Narrowing) -> None:
    for typed in ("price", "pri", "t", "te", "ten", "prijs te", "a a a", "pris"):
        found = starter.find(typed)
        ids = [row.id for row in found.rows]
        assert len(ids) == len(set(ids))
        assert found == KnowledgeBase.open().narrowing(reader="en").find(typed)


@given(st.text(max_size=40))
def test_nothing_typed_raises(starter: Narrowing, typed: str) -> None:
    starter.find(typed)
