"""The picker's screen at every size: what is on it, and that it keeps to it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from coachkb import KnowledgeBase
from coachkb.cli.picker import Book
from coachkb.jobs.picking import Picker
from coachkb.render.card import console
from coachkb.render.picking import Drawing

SGR = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = """format: 1
id: hostile
title: "漢字漢字漢字漢字 \\e[2J\\u202e\\a wide and hostile 漢字漢字漢字漢字"
language: en
situations: [too-expensive]
author: "\\e]0;title\\a"
script:
  - text: "\\e[31m漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 \\e]52;c;aGk=\\a say it"
"""


@pytest.fixture
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("kb")
    (folder / "coachkb.yaml").write_text("", encoding="utf-8")
    (folder / "lessons").mkdir()
    (folder / "lessons" / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    with KnowledgeBase.open(folder) as made:
        yield made


def drawn(kb: KnowledgeBase, *keys: str, size: tuple[int, int], color: bool | None = True) -> list[str]:
    picker = Picker(kb.narrowing(reader="en").find, kb.index().ui("en"))
    drawing = Drawing(console(color), Book(kb), "en")
    drawing.frame(picker, *size)
    for key in keys:
        picker.press(key)
        drawing.frame(picker, *size)
    lines, cursor = drawing.frame(picker, *size)
    if cursor:
        assert 0 <= cursor[0] < size[1] and 0 <= cursor[1] < size[0]
    return lines


def plain(lines: list[str]) -> list[str]:
    return [SGR.sub("", line) for line in lines]


def test_wide_the_lesson_stands_beside_the_list() -> None:
    lines = plain(drawn(KnowledgeBase.open(), *"tell them the price", size=(120, 40)))
    assert lines[0].startswith("> tell them the price")
    row = next(line for line in lines if line.startswith(">  en  Tell them the price early"))
    assert "│" in row
    assert any("Words to say" in line.partition("│")[2] for line in lines)
    assert lines[-1].startswith("Enter show")


def test_the_pickers_own_words_were_english_to_a_swede(kb: KnowledgeBase) -> None:
    picker = Picker(kb.narrowing(reader="sv").find, kb.index().ui("sv"))
    drawing = Drawing(console(False), Book(kb), "sv")
    lines = plain(drawing.frame(picker, 80, 24)[0])
    assert lines[0].startswith(">  vad sa kunden?")
    assert lines[0].endswith("1 lektion")
    assert lines[-1].startswith("Enter visa  ? hjälp  Tab tangenter  Esc sluta")
    for key in "xyq":
        picker.press(key)
    assert any("Ingen lektion har det." in line for line in plain(drawing.frame(picker, 80, 24)[0]))


def test_the_pickers_help_and_messages_were_english_to_a_swede(kb: KnowledgeBase) -> None:
    picker = Picker(kb.narrowing(reader="sv").find, kb.index().ui("sv"))
    drawing = Drawing(console(False), Book(kb), "sv")
    picker.press("?")
    lines = plain(drawing.frame(picker, 80, 40)[0])
    assert lines[0].startswith("Skriv vad kunden sa")
    assert "Enter      visa hela lektionen" in lines
    for key in ("escape", "tab", "x"):
        picker.press(key)
    assert plain(drawing.frame(picker, 80, 24)[0])[-1].startswith("Tab eller / går tillbaka")
    picker.press("enter")
    assert kb.path
    os.unlink(os.path.join(kb.path, "lessons", "hostile.yaml"))
    kb.close()
    drawing.forget()
    assert plain(drawing.frame(picker, 80, 24)[0])[0] == "Lektionen finns inte längre."


def test_narrow_it_stands_below() -> None:
    lines = plain(drawn(KnowledgeBase.open(), *"tell them the price", size=(40, 24)))
    edge = lines.index("─" * 40)
    assert any("Tell them the price" in line for line in lines[:edge])
    assert any("┃" in line for line in lines[edge:])


def test_low_it_is_the_list_alone() -> None:
    assert not any("─" in line for line in plain(drawn(KnowledgeBase.open(), size=(40, 8))))


@pytest.mark.parametrize("keys", [(), ("x",), ("enter",), ("alt-s",), ("?",), ("x", "y", "q"), ("tab",), ("漢", "字")])
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 3), (12, 6), (20, 12), (40, 20), (77, 24), (80, 24), (200, 50)])
def test_no_line_is_wider_than_the_screen_and_no_more_than_it_has(
    kb: KnowledgeBase, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    lines = plain(drawn(kb, *keys, size=size))
    assert len(lines) <= size[1]
    for line in lines:
        assert cell_len(line) <= size[0]
        assert line.isprintable(), "no control character reaches the terminal"
        assert "\u202e" not in line


def test_without_colour_all_is_said_by_signs() -> None:
    kb = KnowledgeBase.open()
    lines = drawn(kb, *"no budget", size=(80, 400), color=False)
    assert not any(re.search(r"\x1b\[[0-9;]*(3[0-7]|4[0-7]|9[0-7])m", line) for line in lines)
    assert any(line.startswith(">  ") for line in plain(lines)[1:])
    assert any(line.startswith(" ~ ") for line in plain(lines)), "found by meaning, or in the text"


def test_what_is_typed_is_seen_around_the_cursor() -> None:
    kb = KnowledgeBase.open()
    assert "end" in plain(drawn(kb, *("x" * 60 + "end"), size=(40, 12)))[0]
    assert plain(drawn(kb, *("begin" + "x" * 60), "home", size=(40, 12)))[0].startswith("> begin")


def test_a_page_tells_of_more_and_scrolls_to_its_end() -> None:
    kb = KnowledgeBase.open()
    first = plain(drawn(kb, "enter", size=(60, 12)))
    assert "more lines" in first[-2]
    last = plain(drawn(kb, "enter", "G", size=(60, 12)))
    assert last[-2].startswith("id: ")
    assert "more lines" not in "".join(last)


def test_the_help_names_every_key_of_the_list() -> None:
    lines = "\n".join(plain(drawn(KnowledgeBase.open(), "?", size=(90, 60))))
    for key in ("Enter", "s  Alt-s", "e  Alt-e", "c  Alt-c", "p  Alt-p", "?", "Tab", "Esc", "Ctrl-C", "PgUp"):
        assert key in lines
