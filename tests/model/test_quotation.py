"""Where quotations begin and end in a text."""

from __future__ import annotations

from typing import SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.model.quotation import scan


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He asked 'Which day suits?' and waited.", ["'Which day suits?'"]),
        ("‘Dat kan,’ zei ze, ‘als u ’s ochtends belt.’", ["‘Dat kan,’", "‘als u ’s ochtends belt.’"]),
        ("’Vem frågar ni?’ sa jag.", ["’Vem frågar ni?’"]),
        ("‘It saves the fitters’ time, all of it.’", ["‘It saves the fitters’ time, all of it.’"]),
        ("Not ‘cheap’, but ‘dear’: both.", ["‘cheap’", "‘dear’"]),
        ('„Graag“ and „Gärna” and „Yes" and « Oui »', ["„Graag“", "„Gärna”", '„Yes"', "« Oui »"]),
        ("“She said ‘later’ twice.”", ["“She said ‘later’ twice.”"]),
        ("The fitters' van, rock 'n' roll, 't is zo, 's avonds, don't.", []),
        ('It is 19" wide.', []),
    ],
)
def test_quotations_with_their_marks(text: str, quoted: list[str]) -> None:
    found = scan(text)
    assert [text[a:b] for a, b in found.pairs] == quoted
    assert (found.strays, found.open, found.first) == ([], "", 0)


def test_one_that_goes_on_over_texts() -> None:
    first = scan("Say: ‘I can hold it till May.")
    assert (first.open, first.at) == ("‘", 5)
    second = scan("It's the fitters' time.", first.open)
    assert (second.open, second.at, second.strays) == ("‘", -1, [])
    last = scan("Then it goes up.’ He nods.", second.open)
    assert (last.open, last.first, last.strays) == ("", 17, [])


@pytest.mark.parametrize("text", ["Then it goes up.’ He nods.", "Then it goes up.' He nods.", 'Then it goes up." So.'])
def test_a_mark_without_another_is_a_stray_and_ends_what_began_before(text: str) -> None:
    found = scan(text)
    assert (found.first, found.strays) == (17, [16])


def test_each_paragraph_of_a_quotation_may_open_anew() -> None:
    found = scan('"One. "Two."')
    assert (found.pairs, found.strays) == ([(6, 12)], [0])


@given(st.text("ab s.,?\"“”„‘’'«»-", max_size=40), st.sampled_from(["", '"', "‘", "«"]))
def test_what_is_found_lies_in_the_text_and_in_order(text: str, open_: str) -> None:
    found = scan(text, open_)
    places = [place for pair in found.pairs for place in pair]
    assert places == sorted(places) and all(0 <= place <= len(text) for place in [*places, *found.strays, found.first])
    assert (found.at >= 0) <= bool(found.open)


def test_each_apostrophe_of_a_long_text_read_all_that_follows() -> None:
    looks = 0

    class Counted(str):
        __slots__ = ()

        def __getitem__(self, at: SupportsIndex | slice) -> str:
            nonlocal looks
            looks += 1
            return super().__getitem__(at)

    found = []
    for times in (100, 200):
        looks = 0
        scan(Counted("'It is so' " * times))
        found.append(looks)
    assert 0 < found[1] < 3 * found[0]
