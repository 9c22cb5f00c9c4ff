"""The picker without a terminal: keys in, state out."""

from __future__ import annotations

import pytest

from coachkb.jobs.picking import PASTED, Act, Page, Picker
from coachkb.model.listed import Listed, Narrowed

UI = {"label.no_lessons": "Nothing is here.", "label.no_list_key": "Go back to type."}
ROWS = [
    Listed(id_, title, "en", "too-expensive", False, "draft")
    for id_, title in (("a", "Send me"), ("b", "Too dear"), ("c", "Silence"))
]


def find(typed: str) -> Narrowed:
    rows = [row for row in ROWS if typed.strip().lower() in row.title.lower()]
    return Narrowed(rows, len(rows))


@pytest.fixture
def picker() -> Picker:
    return Picker(find, UI)


def press(picker: Picker, *keys: str) -> list[Act]:
    return [act for key in keys if (act := picker.press(key))]


def chosen(picker: Picker) -> str | None:
    return picker.lesson.id if picker.lesson else None


def test_every_letter_narrows_also_those_that_are_keys_of_the_list(picker: Picker) -> None:
    assert press(picker, *"se") == []
    assert (picker.typed, chosen(picker), picker.page) == ("se", "a", None)
    assert press(picker, *"cpqjk/?") == []
    assert picker.typed == "secpqjk/?"
    assert picker.lesson is None


def test_a_question_mark_helps_while_nothing_is_typed(picker: Picker) -> None:
    press(picker, "?")
    assert (picker.page, picker.typed) == (Page.HELP, "")
    press(picker, "escape")
    assert picker.page is None


def test_on_the_list_letters_are_keys(picker: Picker) -> None:
    press(picker, "tab", "j")
    assert chosen(picker) == "b"
    press(picker, "s")
    assert picker.page is Page.WORDS
    press(picker, "q")
    assert picker.page is None and picker.listing
    assert press(picker, "e", "c", "p", "q") == [Act.EDIT, Act.COPY, Act.PRINT, Act.QUIT]
    assert picker.typed == ""


def test_with_alt_letters_are_keys_everywhere(picker: Picker) -> None:
    assert press(picker, "d", "alt-e") == [Act.EDIT]
    press(picker, "alt-s")
    assert picker.page is Page.WORDS
    press(picker, "alt-?")
    assert picker.page is Page.HELP
    press(picker, "escape")
    assert picker.page is Page.WORDS, "back to where the help was asked for"
    press(picker, "escape")
    assert (picker.page, picker.typed) == (None, "d")


def test_enter_shows_and_goes_back(picker: Picker) -> None:
    press(picker, "down", "enter")
    assert (picker.page, chosen(picker)) == (Page.LESSON, "b")
    press(picker, "enter")
    assert picker.page is None


def test_a_letter_that_is_no_key_of_the_list_says_so(picker: Picker) -> None:
    press(picker, "tab", "x")
    assert picker.message == "Go back to type."


@pytest.mark.parametrize("back", ["tab", "/", "escape", "i"])
def test_back_to_typing(picker: Picker, back: str) -> None:
    press(picker, "x", "tab", back)
    assert (picker.listing, picker.typed) == (False, "x")


def test_escape_goes_back_step_by_step(picker: Picker) -> None:
    assert press(picker, "s", "tab", "enter", "escape", "escape", "escape") == []
    assert (picker.page, picker.listing, picker.typed) == (None, False, "")
    assert press(picker, "escape") == [Act.QUIT]


def test_the_line_is_edited_as_in_a_shell(picker: Picker) -> None:
    press(picker, *"too dear", "ctrl-w")
    assert picker.typed == "too "
    press(picker, "home", "s", "o", " ", "end-key", "x", "left", "left", "delete", "backspace")
    assert picker.typed == "so tox"
    press(picker, "ctrl-u")
    assert picker.typed == "x"
    press(picker, "end-key", "ctrl-u")
    assert picker.typed == ""
    assert press(picker, "ctrl-d") == [Act.QUIT]


def test_what_is_pasted_is_one_line_without_control_characters(picker: Picker) -> None:
    press(picker, f"{PASTED}si\nlen\x1b[2J\u202ece\n")
    assert picker.typed == "si lence "
    press(picker, "ctrl-u", PASTED + "x" * 100_000)
    assert len(picker.typed) <= 500
    press(picker, "y")
    assert picker.at <= len(picker.typed)


def test_the_choice_stays_within_the_list(picker: Picker) -> None:
    press(picker, "up")
    assert chosen(picker) == "a"
    picker.rows_shown = 10
    press(picker, "page-down", "down")
    assert chosen(picker) == "c"
    press(picker, "tab", "g")
    assert chosen(picker) == "a"
    press(picker, "G")
    assert chosen(picker) == "c"
    press(picker, "/", "d")  # another list begins at its beginning
    assert chosen(picker) == "a"


def test_nothing_found_has_nothing_to_show(picker: Picker) -> None:
    assert press(picker, *"xyz", "enter", "alt-s", "alt-e", "alt-c", "down", "up") == []
    assert picker.page is None
    press(picker, "alt-s")
    assert picker.message == "Nothing is here."
    press(picker, "backspace")
    assert picker.message == ""


def test_a_page_scrolls_no_further_than_it_goes(picker: Picker) -> None:
    press(picker, "enter")
    picker.lines, picker.lines_shown = 100, 20
    press(picker, "down", "j", " ")
    assert picker.scroll == 22
    press(picker, "G", "down")
    assert picker.scroll == 80
    press(picker, "b", "g", "k")
    assert picker.scroll == 0


def test_a_list_made_anew_stays_on_the_lesson(picker: Picker) -> None:
    press(picker, "down")
    picker.renew(lambda typed: Narrowed(ROWS[1:], 2))
    assert chosen(picker) == "b"
    picker.renew(lambda typed: Narrowed(ROWS[2:], 1))
    assert chosen(picker) == "c"
    press(picker, "enter")
    picker.renew(lambda typed: Narrowed([], 0))
    assert (picker.lesson, picker.page) == (None, None)


def test_what_is_told_goes_with_the_next_key(picker: Picker) -> None:
    picker.tell("no")
    assert picker.page is Page.TOLD
    assert press(picker, "e") == []
    assert picker.page is None


def test_a_terminal_that_is_gone_ends_it(picker: Picker) -> None:
    press(picker, "?")
    assert press(picker, "end") == [Act.QUIT]
