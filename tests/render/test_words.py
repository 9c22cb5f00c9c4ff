"""What can be said at once of a script, and nothing around it."""

from __future__ import annotations

import pytest

from coachkb.model.hit import COLUMNS, Hit, pack
from coachkb.render.words import at_once, bare

UI = {"buyer": "client", "seller": "you"}


def script(*told: str, keys: tuple[int, ...] = ()) -> Hit:
    """A lesson with these passages of a script, which follow one another; those with the numbers are key."""
    rows, at = [], 0
    for n, text in enumerate(told):
        rows.append((text, at, at + len(text), n in keys))
        at += len(text) + 1
    row = {**dict.fromkeys(COLUMNS), "id": "a", "title": "A", "language": "en", "situations": "", "script": pack(rows)}
    return Hit(tuple(row[name] for name in COLUMNS))


def said(*told: str, keys: tuple[int, ...] = ()) -> list[str]:
    """The lines that ``say`` prints of such a lesson."""
    lesson = script(*told, keys=keys)
    return [line for stretch in bare(lesson, UI, at_once(lesson, UI)) for line in stretch]


@pytest.mark.parametrize(
    ("told", "left"),
    [
        # narration and what announces, whatever share of the passage it is
        ('Say "What would you take off the page?" and look at the page.', '"What would you take off the page?"'),
        (
            '"What were you expecting?" is a fair question, and whatever they answer tells you what they compare with.',
            '"What were you expecting?"',
        ),
        ("Zegt ze niets, dan zeg jij: ‘Waar had u aan gedacht?’", "‘Waar had u aan gedacht?’"),
        (
            "”Jag skriver ett utkast”, säger jag, ”så stryker du i det.”",
            "”Jag skriver ett utkast så stryker du i det.”",
        ),
        (
            "My brother says that you have half of the house when one of them is out, so when she sends you off he asks, "
            '"Who else was in on it?" and writes the names down.',
            '"Who else was in on it?"',
        ),
        (
            "Don't say “we are all the same”, but ask: “Which of us answers the phone?”",
            "“Which of us answers the phone?”",
        ),
        # names of turns, bullets, numbers
        ("You: Since when is that so?", "Since when is that so?"),
        ('- "What would you hate to lose?"', '"What would you hate to lose?"'),
        ("– Hur kom du på det?", "Hur kom du på det?"),
        ("✅ Hur kom du på det?", "Hur kom du på det?"),
        ("… och sen då?", None),
        ("€ 500 a month is what it comes to.", None),
        ('7. "Suppose you leave it for a year?"', '"Suppose you leave it for a year?"'),
        # marks that have lost the other one
        ("« Wie kent u die dat ook zoekt?", "Wie kent u die dat ook zoekt?"),
        ("Shall I put your name on it?”", "Shall I put your name on it?"),
        ("'Zullen we de zesde nemen?", "Zullen we de zesde nemen?"),
        ("“Who else is there?", "Who else is there?"),
        # what stays as it is
        ("The drivers’", None),
        ("24 hours is enough.", None),
        ('She said "no" to that.', None),
        ("Reply 'later' and I'll ring the boys' office.", "Reply 'later' and I'll ring the boys' office."),
        ('I heard "too dear" twice last week. May I ask why that is?', None),
        ("Ten pallets: is that what you need?", None),
    ],
)
def test_what_stands_around_the_words_was_printed_with_them(told: str, left: str | None) -> None:
    assert said(told, keys=(0,)) == [left or told]


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        ('"Is it the date?" (wait for it) "Or the money?"', ['"Is it the date?"', '"Or the money?"']),
        (
            '"It is heavier than it looks" or "they come in blue" is something that people answer.',
            ['"It is heavier than it looks"', '"they come in blue"'],
        ),
        ('"Who signs?" and "who else signs?" are enough.', ['"Who signs?"', '"who else signs?"']),
    ],
)
def test_quotations_stuck_together_in_a_line(told: str, lines: list[str]) -> None:
    assert said(told, keys=(0,)) == lines


def test_a_sentence_that_the_lines_of_an_email_break_was_cut_at_a_line() -> None:
    letter = (
        "Dear Ann,",
        "and thanks for that.",
        "I could hold the old",
        "price of it for you",
        "until the end of May.",
    )
    assert said(*letter, keys=(2,)) == said(*letter, keys=(3,)) == list(letter[2:])
    assert said(*letter, keys=(1,)) == [letter[1]]


def test_a_quotation_between_single_marks_is_said_whole() -> None:
    whole = ["‘Suppose it’s March.", "Who would ask why nobody told him?’"]
    assert said("I put it so:", *whole, "He nodded.", keys=(2,)) == whole


def test_a_label_that_announces_a_quotation_is_not_said() -> None:
    assert said("Better:", '"What did it cost you?"', keys=(1,)) == ['"What did it cost you?"']
    assert said("I want two things:", "your time and your number.", keys=(0, 1)) == [
        "I want two things:",
        "your time and your number.",
    ]


def test_items_that_the_words_count_keep_their_numbers() -> None:
    told = ("Just reply with a number: 1) it is on.", "2) It is off.", "3) Ring me.")
    assert said(*told, keys=(0, 1, 2)) == list(told)


def test_short_answers_in_a_storys_talk_are_no_script() -> None:
    talk = ('"Have you got an apron for me?" I asked.', '"A what?"', '"An apron. I want to see it."')
    assert said(*talk, keys=(2,)) == ['"Have you got an apron for me?"']
    longer = '"An apron, for I would like to see how hot it gets back there before I sell you anything."'
    assert said(*talk[:2], longer, keys=(2,)) == [longer]


def test_where_nothing_would_be_left_it_stands_as_it_is_written() -> None:
    assert said("Client: No money.") == ["Client: No money."]
