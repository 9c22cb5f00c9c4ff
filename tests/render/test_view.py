"""What a card shows of a lesson: which passages, where a quotation is cut, what is marked."""

from __future__ import annotations

import pytest

from coachkb.data.load import language_codes, profile
from coachkb.model.hit import COLUMNS, Hit, pack
from coachkb.render import view


def hit(**row: object) -> Hit:
    whole = {**dict.fromkeys(COLUMNS), "id": "a", "title": "A", "language": "en", "situations": "", "own": 1, **row}
    whole.setdefault("review_status", "draft")
    return Hit(tuple(whole[name] for name in COLUMNS))


def passages(*rows: tuple[str, int | None, bool]) -> str:
    """Passages by text, start and whether they are key; one ends where its text does."""
    return pack([(text, start, None if start is None else start + len(text), key) for text, start, key in rows])


def in_a_row(*rows: tuple[str, bool]) -> str:
    """Passages that follow one another in their article, by text and whether they are key."""
    told, at = [], 0
    for text, key in rows:
        told.append((text, at, key))
        at += len(text) + 1
    return passages(*told)


def test_a_quotation_is_shown_whole() -> None:
    lesson = hit(
        problem=in_a_row(
            ("Nobody looks up.", False),
            ('He says: "Thirty thousand?', True),
            ("My word.", False),
            ('That is far too dear."', False),
            ("And that was that.", False),
        )
    )
    assert view.shown(lesson, "problem", False) == (
        ['He says: "Thirty thousand?', "My word.", 'That is far too dear."'],
        2,
    )


def test_the_end_of_a_quotation_brings_its_beginning() -> None:
    lesson = hit(problem=in_a_row(("”Ja.", False), ("Låt mig tänka på saken.”", True), ("Sa han.", False)))
    assert view.shown(lesson, "problem", False)[0] == ["”Ja.", "Låt mig tänka på saken.”"]


def test_what_a_colon_announces_is_shown_with_the_whole_of_its_quotation() -> None:
    lesson = hit(tactic=in_a_row(("Ask:", True), ("« Dear?", False), ("Beside what? »", False), ("Wait.", False)))
    assert view.shown(lesson, "tactic", False)[0] == ["Ask:", "« Dear?", "Beside what? »"]


def test_what_a_colon_announces_elsewhere_has_an_ellipsis_in_its_place() -> None:
    assert view.shown(hit(tactic=passages(("Ask:", 0, True), ("Wait.", 90, False))), "tactic", False)[0] == ["Ask: …"]


def test_a_passage_cut_out_of_a_long_or_endless_quotation_shows_the_cut() -> None:
    long = [('"One.', False), *((f"{n}.", False) for n in range(6)), ("Two.", True), ('Three."', False)]
    assert view.shown(hit(problem=in_a_row(*long)), "problem", False)[0] == ["Two."]
    for key, text in ((0, '"One. …'), (-1, '… Three."')):
        rows = [(text, n == key % len(long)) for n, (text, _) in enumerate(long)]
        assert view.shown(hit(problem=in_a_row(*rows)), "problem", False)[0] == [text]
    endless = in_a_row(('He says: "Thirty?', True), ("My word.", False))
    assert view.shown(hit(problem=endless), "problem", False)[0] == ['He says: "Thirty? …']
    assert view.shown(hit(problem=endless), "problem", True)[0][0] == 'He says: "Thirty?'  # what follows is there


@pytest.mark.parametrize(("first", "last"), [("‘", "’"), ("'", "'"), ("’", "’")])
def test_single_marks_were_taken_for_apostrophes_and_half_a_quotation_was_shown(first: str, last: str) -> None:
    rows = ((f"{first}Suppose it’s March.", False), (f"Who’d ask why nobody told him?{last}", True), ("So.", False))
    whole = [text for text, _ in rows[:2]]
    assert view.shown(hit(problem=in_a_row(*rows)), "problem", False)[0] == whole
    apart = passages(*((text, 900 * n, key) for n, (text, key) in enumerate(rows)))
    assert view.shown(hit(problem=apart), "problem", False)[0] == [f"… {whole[1]}"]


def test_where_room_is_short_a_quotation_is_cut() -> None:
    lesson = hit(problem=in_a_row(('He says: "Thirty?', True), ('My word."', False)))
    assert view.shown(lesson, "problem", False, 1)[0] == ['He says: "Thirty? …']
    assert view.shown(lesson, "problem", False, 3)[0] == ['He says: "Thirty?', 'My word."']


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (["3. Wait.", "4. Ask."], ["Wait.", "Ask."]),
        (["1. Wait.", "(4) Ask.", "And then?"], ["Wait.", "Ask.", "And then?"]),
        (["1. Wait."], ["Wait."]),
        (["1. Wait.", "So.", "2. Ask."], ["1. Wait.", "So.", "2. Ask."]),
        (["Reply with 1) yes.", "2) no.", "3) later."], ["Reply with 1) yes.", "2) no.", "3) later."]),
        (["10 000 it was.", "1.5 hours.", "2.", "(as told)"], ["10 000 it was.", "1.5 hours.", "2.", "(as told)"]),
    ],
)
def test_numbers_of_a_list_of_which_items_are_missing_are_left_out(told: list[str], shown: list[str]) -> None:
    lesson = hit(tactic=passages(*((text, 90 * n, True) for n, text in enumerate(told))))
    assert view.shown(lesson, "tactic", False)[0] == shown
    assert view.parts(lesson, ui("en"), False)[0].texts == shown


def test_a_number_that_is_told_apart_goes_with_its_asides() -> None:
    lesson = hit(script=passages(('2. "What did you do about it?" shows it.', 0, True)))
    (part,) = view.parts(lesson, ui("en"), False, apart=True)
    assert part.texts == [f'"What did you do about it?"{view.ASIDE} shows it.{view.SAID}']


@pytest.mark.parametrize(
    "text",
    [
        'It is 19" wide.',
        "They said “too dear” and ”för dyrt” and „te duur” and «trop cher».",
        "It's the buyers' own word.",
        '("Really?" he asked)',
    ],
)
def test_whole_quotations_and_apostrophes_are_no_cut(text: str) -> None:
    assert view.shown(hit(tactic=passages((text, 0, True))), "tactic", False)[0] == [text]


def test_passages_by_a_person_are_spoken_in_one_go() -> None:
    lesson = hit(script=passages(('"Of course.', None, False), ('What else?"', None, False)))
    assert view.shown(lesson, "script", False)[0] == ['"Of course.', 'What else?"']
    assert view.spoken(lesson) == [['"Of course.', 'What else?"']]


def test_words_to_say_are_spoken_in_stretches() -> None:
    lesson = hit(script=passages(("One.", 0, False), ("Two.", 5, False), ("Three.", 90, True)))
    assert view.spoken(lesson) == [["One.", "Two."], ["Three."]]


def test_no_more_than_asked_for_is_shown_and_the_rest_is_counted() -> None:
    lesson = hit(tactic=passages(*((f"{n}.", n * 9, n < 3) for n in range(5))))
    assert view.shown(lesson, "tactic", False) == (["0.", "1.", "2."], 2)
    assert view.shown(lesson, "tactic", False, 1) == (["0."], 4)
    assert view.shown(lesson, "tactic", True, 1) == (["0.", "1.", "2.", "3.", "4."], 0)


def test_matched_words_stand_between_markers_whatever_their_case_and_apostrophes() -> None:
    marked = view.mark("What’s the Price? price-list, prices", frozenset({"price", "whats"}))
    assert marked.replace(view.MATCH, "<").replace(view.END, ">") == "<What’s> the <Price>? <price>-list, prices"


def test_no_text_can_bring_its_own_markers() -> None:
    lesson = hit(title=f"{view.MATCH}A{view.END}", tactic=passages((f"{view.MATCH}x{view.END} y", 0, True)))
    texts = view.parts(lesson, ui("en"), True)[0].texts
    assert texts == ["x y"]
    assert view.words_of(lesson) == {"a", "x", "y"}


def ui(code: str) -> dict[str, str]:
    own = profile(code)
    return {**own.headings, **{f"label.{key}": text for key, text in own.labels.items()}}


@pytest.mark.parametrize("code", language_codes())
def test_an_unsure_draft_says_so_and_an_approved_lesson_never(code: str) -> None:
    lines = [
        view.review_line(hit(unsure=unsure, review_status=status), ui(code))
        for status, unsure in (("draft", 0), ("draft", 1), ("approved", 1))
    ]
    assert len(set(lines)) == 3
    assert lines[1].startswith(lines[0])
