"""The picker as lines of a screen: the line typed in, the list, the lesson beside it or below, the keys."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from coachkb.jobs.picking import Page, Picker
from coachkb.model.hit import Hit
from coachkb.model.visible import safe
from coachkb.render.card import card_lines, words_lines
from coachkb.render.paint import Paint
from coachkb.render.picking_keys import ON_EMPTY_LINE, ON_HELP, ON_LINE, ON_LIST, ON_PAGE, ON_TOLD, Keys

_BESIDE = 76  # columns; with fewer the lesson stands below the list
_SITUATION = 64  # columns of a list that has room for the situation's name
_WIDEST = 96  # columns of a lesson: longer lines are hard to read
_ENOUGH = 44  # columns of a list beside a lesson, when a screen is narrow
_LOW = 11  # lines; with fewer the list has them all
_WITHIN = 3  # letters of what is typed; fewer are marked at the beginnings of words only, as they are found
_LONGEST_NAME = 26  # columns of a situation's name
_NOTHING: frozenset[str] = frozenset()
_PROMPT = "> "
_GAP = re.compile(r" {2,}")  # between columns of the help


class Book(Protocol):
    """Where what is drawn of a lesson comes from."""

    @property
    def hit(self) -> Callable[[str], Hit | None]:
        """The lesson of an id."""

    @property
    def ui(self) -> Callable[[str], dict[str, str]]:
        """The headings and phrases of a language."""

    @property
    def situations(self) -> Callable[[str], dict[str, str]]:
        """The names of situations in a language."""

    def languages(self) -> dict[str, str]:
        """The names of languages."""

    def matched(self, hit: Hit, typed: str) -> frozenset[str]:
        """The words of a lesson that what was typed matches."""

    def forget(self) -> None:
        """Lessons are to be read anew."""


class Drawing:
    """Draws a picker. ``out``: for its encoding and colours; ``language``: the person's."""

    def __init__(self, out: Console, book: Book, language: str) -> None:
        self._out, self._book, self._paint = out, book, Paint(out)
        self._ui = book.ui(language)
        self._names = {id_: safe(name) for id_, name in book.situations(language).items()}
        self._plain = not out.encoding.lower().startswith("utf")
        self._dots = "..." if self._plain else "…"
        self._edge = self._paint.piece(" | " if self._plain else " │ ", "picker.edge")
        self._lesson = lru_cache(maxsize=64)(self._lesson_lines)

    def forget(self) -> None:
        """Lessons are to be read anew."""
        self._lesson.cache_clear()
        self._book.forget()

    def frame(self, picker: Picker, width: int, height: int) -> tuple[list[str], tuple[int, int] | None]:
        """The lines of a screen as a terminal takes them, none wider than it, and the cursor's line and column."""
        if picker.page is not None:
            body = self._page(picker, width, max(1, height - 1))
            keys = {Page.TOLD: ON_TOLD, Page.HELP: ON_HELP}.get(picker.page, ON_PAGE)
            return [*body, self._bottom(picker, keys, width)][:height], None
        line, column = self._line(picker, width)
        lines = [line, *self._body(picker, width, max(0, height - 2))]
        keys = ON_LIST if picker.listing else ON_LINE if picker.typed else ON_EMPTY_LINE
        lines += [self._bottom(picker, keys, width)]
        return lines[:height], None if picker.listing else (0, column)

    # ------------------------------------------------------------------------------------------------ line and list

    def _line(self, picker: Picker, width: int) -> tuple[str, int]:
        """The line typed in, with how many lessons are left; as much of it as there is room for around the cursor."""
        left = len(picker.found.rows)
        counted = self._ui["label.one_lesson" if left == 1 else "label.lessons"].format(n=left)
        count = counted if width >= 50 else f"{left}"
        room = max(1, width - len(_PROMPT) - len(count) - 2)
        before = picker.typed[: picker.at]
        while cell_len(before) > room - 1 and before:
            before = before[1:]
        typed = set_cell_size(before + picker.typed[picker.at :], room)
        paint = self._paint.piece
        if not picker.typed:
            asked = _cut(self._ui["label.ask"], room - 1, self._dots)
            typed = f" {paint(set_cell_size(asked, room - 1), 'quiet')}"
        prompt = paint(_PROMPT, "quiet" if picker.listing else "picker.prompt")
        if len(_PROMPT) + room + 1 + len(count) > width:
            return (prompt if width >= len(_PROMPT) else ""), min(width - 1, len(_PROMPT))
        return f"{prompt}{typed} {paint(count, 'quiet')}", len(_PROMPT) + cell_len(before)

    def _body(self, picker: Picker, width: int, height: int) -> list[str]:
        """The list with the lesson beside it, below it, or alone, by what there is room for."""
        if width >= _BESIDE:
            left = max(width * 2 // 5, min(_ENOUGH, width // 2 - 2))
            rows = self._list(picker, left, height)
            rows += [" " * left] * (height - len(rows))
            lesson = _tall(self._preview(picker, min(_WIDEST, width - left - 3), height), height)
            return [f"{row}{self._edge}{beside}" for row, beside in zip(rows, lesson, strict=True)]
        if height < _LOW:
            return _tall(self._list(picker, width, height), height)
        upper = max(4, height * 2 // 5)
        rows = _tall(self._list(picker, width, upper), upper)
        edge = self._paint.piece(("-" if self._plain else "─") * width, "picker.edge")
        return [*rows, edge, *_tall(self._preview(picker, width, height - upper - 1), height - upper - 1)]

    def _list(self, picker: Picker, width: int, height: int) -> list[str]:
        """The lessons around the chosen one, each on a line as wide as there is room for."""
        picker.rows_shown = max(1, height)
        rows = picker.found.rows
        if not rows:
            told = self._ui["label.no_match" if picker.typed else "label.no_lessons"]
            lines = textwrap.wrap(told, max(8, width))[:height]
            return [self._paint.piece(set_cell_size(line, width), "quiet") for line in lines]
        first = max(0, min(picker.chosen - height // 2, len(rows) - height))
        asked = [word for word in picker.typed.lower().split() if word]
        return [self._row(picker, n, width, asked) for n in range(first, min(len(rows), first + height))]

    def _row(self, picker: Picker, n: int, width: int, asked: list[str]) -> str:
        row, chosen = picker.found.rows[n], n == picker.chosen
        gutter = f"{'>' if chosen else ' '}{'~' if n >= picker.found.named else ' '} "
        room = width - len(gutter) - len(row.language) - 2
        name = self._names.get(row.situation, safe(row.situation)) if width >= _SITUATION else ""
        of_name = min(room // 3, _LONGEST_NAME) if name else 0
        of_title = room - (of_name + 2 if name else 0)
        if of_title < 4:
            return self._paint.piece(set_cell_size(gutter + safe(row.title), width), "picker.chosen" if chosen else "")
        title = _cut(safe(row.title), of_title, self._dots)
        blank = " " * (of_title - cell_len(title) + (2 if name else 0))
        name = set_cell_size(_cut(name, of_name, self._dots), of_name)
        paint = self._paint.piece
        if chosen:
            return paint(f"{gutter}{row.language}  {title}{blank}{name}", "picker.chosen")
        marked = "".join([paint(text, style) for text, style in _marked(title, asked)])
        return f"{gutter}{paint(row.language, 'quiet')}  {marked}{blank}{paint(name, 'tag')}"

    # ---------------------------------------------------------------------------------------------- lesson and pages

    def _preview(self, picker: Picker, width: int, height: int) -> list[str]:
        """The chosen lesson: smaller where that makes it fit, else with the words to say first, as the card is."""
        row = picker.lesson
        hit = self._book.hit(row.id) if row else None
        if hit is None or height < 1:
            return []
        matched = self._book.matched(hit, picker.typed) if picker.typed else _NOTHING
        lines: tuple[str, ...] = ()
        for most, words_first in ((3, False), (1, False), (3, True)):
            lines = self._lesson(hit.id, matched, width, most, words_first)
            if len(lines) <= height:
                break
        return self._scrolled(picker, lines, width, height)

    def _page(self, picker: Picker, width: int, height: int) -> list[str]:
        wide = min(width, _WIDEST)
        row = picker.lesson
        hit = self._book.hit(row.id) if row else None
        lines: Sequence[str]
        if picker.page in (Page.HELP, Page.TOLD):
            told = self._ui["label.help"] if picker.page is Page.HELP else picker.told
            lines = self._painted([line for text in told.split("\n") for line in _folded(text, wide)], wide)
        elif hit is None:
            lines = self._painted(_folded(self._ui["label.gone"], wide), wide)
        elif picker.page is Page.WORDS:
            lines = self._painted(words_lines(self._out, wide, hit, self._book.ui(hit.language)), wide)
        else:
            matched = self._book.matched(hit, picker.typed) if picker.typed else _NOTHING
            lines = self._lesson(hit.id, matched, wide, None, False)
            if len(lines) > height:  # as the card: what is seen at once are the words to say
                lines = self._lesson(hit.id, matched, wide, None, True)
        return _tall(self._scrolled(picker, lines, width, height), height)

    def _scrolled(self, picker: Picker, lines: Sequence[str], width: int, height: int) -> list[str]:
        """As many lines as there is room for, from where it is scrolled to; the last tells of more."""
        picker.lines, picker.lines_shown = len(lines), height
        first = picker.scroll = max(0, min(picker.scroll, len(lines) - height))
        shown = list(lines[first : first + height])
        left = len(lines) - first - height
        if left > 0 and height > 1:
            more = self._ui["label.more_lines"].format(n=left + 1)
            shown[-1] = self._paint.piece(_cut(f"{self._dots} {more}", width, self._dots), "quiet")
        return shown

    def _lesson_lines(
        self, id_: str, matched: frozenset[str], width: int, most: int | None, words_first: bool
    ) -> tuple[str, ...]:
        """A lesson as a card; ``most``: key passages a part, None: all there is."""
        hit, book = self._book.hit(id_), self._book
        if hit is None:
            return ()
        lines = card_lines(
            *(self._out, width, hit, book.ui(hit.language), book.situations(hit.language), book.languages()),
            most is None,
            most=most or 3,
            matched=matched,
            words_first=words_first,
            brief=True,
        )
        return tuple(self._painted(lines, width))

    def _painted(self, lines: list[Text], width: int) -> list[str]:
        for line in lines:
            line.truncate(width)
        return [self._paint.line(line) for line in lines]

    def _bottom(self, picker: Picker, keys: Keys, width: int) -> str:
        """The message of the last key, else the keys that do something here, as many as there is room for."""
        paint = self._paint.piece
        if picker.message:
            return paint(_cut(safe(picker.message), width, self._dots), "picker.message")
        line, used = "", 0
        for key, act in keys:
            what = self._ui[f"label.key_{act}"]
            gap = "  " if line else ""
            used += len(gap) + len(key) + 1 + len(what)
            if used > width:
                break
            line += f"{gap}{paint(key, 'picker.key')} {paint(what, 'quiet')}"
        return line


def _folded(text: str, width: int) -> list[Text]:
    """A text of the help in lines; where it has columns, the last tells what the keys before it do, and what goes on
    stands below it."""
    text = safe(text)
    column = max((gap.end() for gap in _GAP.finditer(text)), default=0)
    hang = column if width >= 40 else 0
    first, *more = textwrap.wrap(text, max(8, width), subsequent_indent=" " * hang) or [""]
    return [Text.assemble((first[:column], "picker.key"), first[column:]), *map(Text, more)]


def _cut(text: str, width: int, dots: str) -> str:
    """A text of at most so many columns, with an ellipsis where it is cut."""
    if cell_len(text) <= width:
        return text
    if width <= len(dots):
        return set_cell_size(text, max(0, width))
    return f"{set_cell_size(text, width - len(dots)).rstrip()}{dots}"


def _tall(lines: list[str], height: int) -> list[str]:
    return [*lines, *([""] * (height - len(lines)))]


def _marked(text: str, asked: list[str]) -> list[tuple[str, str]]:
    """A text in pieces with their styles: where it has what was typed, it is marked."""
    low = text.lower()
    if not asked or len(low) != len(text):  # some letters have no lower case of one character
        return [(text, "")]
    marks = [False] * len(text)
    for word in asked:
        at = low.find(word)
        while at >= 0:
            if len(word) >= _WITHIN or not low[at - 1 : at].isalnum():
                marks[at : at + len(word)] = [True] * len(word)
            at = low.find(word, at + len(word))
    pieces = groupby(zip(text, marks, strict=True), key=lambda pair: pair[1])
    return [("".join([char for char, _ in some]), "match" if marked else "") for marked, some in pieces]
