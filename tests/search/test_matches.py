"""Which words of a lesson a query matched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coachkb import locate
from coachkb.search.matches import matching
from coachkb.search.query import Index


@pytest.fixture
def index() -> Iterator[Index]:
    opened = Index(locate.STARTER_INDEX)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "language", "words", "matched"),
    [
        ("the prices!", "en", {"price", "the", "priced", "cost"}, {"price", "priced"}),
        ("what's your discount", "en", {"discounts", "whats", "your"}, {"discounts"}),
        ("för dyrt", "sv", {"dyrt", "för", "pris"}, {"dyrt"}),
        ("radgivning", "sv", {"rådgivning"}, {"rådgivning"}),
        ("rådgivning", "sv", {"radgivning"}, set()),
        ("prijzen", "nl", {"prijs", "prijzen", "duur"}, {"prijs", "prijzen"}),
        ("", "en", {"price"}, set()),
        ("the for to", "en", {"the", "for"}, set()),
        ("'; DROP TABLE lesson; --", "en", {"lesson"}, {"lesson"}),
        ("price", "xx", {"price"}, {"price"}),
    ],
)
def test_words_of_the_query_in_any_form(
    index: Index, query: str, language: str, words: set[str], matched: set[str]
) -> None:
    assert matching(index, query, language, words) == matched


def test_a_lesson_of_very_many_words_is_no_trouble(index: Index) -> None:
    words = {f"w{n}" for n in range(40_000)} | {"price"}
    assert matching(index, "price", "en", words) == {"price"}
