"""Choosing a lesson from a list by typing: what each key does. No terminal in it; keys come in by their names.

Letters always narrow while the line that is typed in has the focus, for a buyer's words may begin with any of them. Tab
moves to the list, where letters are commands; with Alt they are commands in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from coachkb.model.listed import Listed, Narrowed
from coachkb.model.visible import safe

#: The name of a key that stands for text: one character, or this before a text that was pasted.
PASTED = "paste:"
_LONGEST = 500  # characters of what is typed


class Act(Enum):
    """What the face is to do after a key; all else the picker does itself."""

    EDIT = "edit"
    COPY = "copy"
    PRINT = "print"
    QUIT = "quit"


class Page(Enum):
    """What is shown over the whole screen."""

    LESSON = "lesson"
    WORDS = "words"
    HELP = "help"
    TOLD = "told"


_COMMANDS: dict[str, Page | Act] = {"s": Page.WORDS, "?": Page.HELP, "e": Act.EDIT, "c": Act.COPY, "p": Act.PRINT}
_MOVES = {"up": -1, "k": -1, "ctrl-p": -1, "down": 1, "j": 1, "ctrl-n": 1}


class Picker:
    """The state of the list, and what changes it: ``press`` a key by its name.

    ``typed`` is the line typed in, ``at`` the place of the cursor in it; ``listing``: whether the list has the focus;
    ``page``: what is shown over all, ``scroll`` its first line, ``told`` what it tells; ``message``: one line about the
    last key. Whoever draws sets ``rows_shown`` and ``lines_shown``, by which pages go, and ``lines``, as many as there
    are of what can be scrolled.
    """

    def __init__(self, find: Callable[[str], Narrowed], ui: Mapping[str, str], typed: str = "") -> None:
        """``ui``: the phrases of the person's language; ``typed``: what the line begins with."""
        self._find, self._ui = find, ui
        self.typed = _line(typed)
        self.at = len(self.typed)
        self.listing = False
        self.page: Page | None = None
        self.before: list[Page | None] = []
        self.scroll = 0
        self.told = self.message = ""
        self.chosen = 0
        self.rows_shown = self.lines_shown = self.lines = 1
        self.found = find(self.typed)

    @property
    def lesson(self) -> Listed | None:
        """The lesson that the cursor of the list is on."""
        return self.found.rows[self.chosen] if self.found.rows else None

    def renew(self, find: Callable[[str], Narrowed]) -> None:
        """Goes on with a list that was made anew, on the same lesson where it is still there."""
        on, self._find = self.lesson, find
        self.found = find(self.typed)
        ids = [row.id for row in self.found.rows]
        self.chosen = ids.index(on.id) if on and on.id in ids else min(self.chosen, max(0, len(ids) - 1))
        if not ids:
            self.page = None

    def tell(self, text: str) -> None:
        """A text over the whole screen, until a key is pressed."""
        self.told = text
        self._open(Page.TOLD)

    def press(self, key: str) -> Act | None:
        """Does what a key says; the act that is left for the face to do, if any."""
        self.message = ""
        if key == "end":
            return Act.QUIT
        if key.startswith("alt-") and key[4:] in _COMMANDS and self.page is not Page.TOLD:
            return self._command(key[4:])
        if self.page is not None:
            return self._on_page(key)
        if key in ("shift-up", "shift-down"):
            self._scroll_by(-1 if key == "shift-up" else 1)
        elif key in ("tab", "shift-tab"):
            self.listing = not self.listing
        elif key == "enter":
            self._command_on_lesson(Page.LESSON)
        elif key == "f1":
            self._open(Page.HELP)
        elif self._moved(key):
            pass
        elif self.listing:
            return self._on_list(key)
        else:
            return self._on_line(key)
        return None

    # ----------------------------------------------------------------------------------------------------- the list

    def _moved(self, key: str) -> bool:
        steps = {**_MOVES, "page-up": -self.rows_shown, "page-down": self.rows_shown}
        if key not in steps or (not self.listing and len(key) == 1):
            return False
        self._choose(self.chosen + steps[key])
        return True

    def _choose(self, number: int) -> None:
        number = max(0, min(number, len(self.found.rows) - 1))
        if number != self.chosen:
            self.chosen, self.scroll = number, 0

    def _on_list(self, key: str) -> Act | None:
        if key in ("q", "ctrl-d"):
            return Act.QUIT
        if key in ("escape", "/", "i"):
            self.listing = False
        elif key in ("g", "home"):
            self._choose(0)
        elif key in ("G", "end-key"):
            self._choose(len(self.found.rows) - 1)
        elif key == "K":
            self._scroll_by(-1)
        elif key == "J":
            self._scroll_by(1)
        elif key == " ":
            self._command_on_lesson(Page.LESSON)
        elif key == "backspace":
            self.listing = False
            return self._on_line(key)
        elif key in _COMMANDS:
            return self._command(key)
        elif len(key) == 1 or key.startswith(PASTED):
            self.message = self._ui["label.no_list_key"]
        return None

    def _command(self, key: str) -> Act | None:
        what = _COMMANDS[key]
        if what is Page.HELP:
            self._open(Page.HELP)
            return None
        return self._command_on_lesson(what)

    def _command_on_lesson(self, what: Page | Act) -> Act | None:
        if self.lesson is None:
            self.message = self._ui["label.no_lessons"]
            return None
        if isinstance(what, Act):
            return what
        self._open(what)
        return None

    # ------------------------------------------------------------------------------------------- the line typed in

    def _on_line(self, key: str) -> Act | None:
        text, at = self.typed, self.at
        if key == "?" and not text:  # at the end of what a buyer asked it is a letter as any
            self._open(Page.HELP)
        elif len(key) == 1 or key.startswith(PASTED):
            more = _line(key.removeprefix(PASTED) if len(key) > 1 else key)
            self._typed(text[:at] + more + text[at:], at + len(more))
        elif key == "escape":
            if not text:
                return Act.QUIT
            self._typed("", 0)
        elif key == "ctrl-d" and not text:
            return Act.QUIT
        elif key == "backspace":
            self._typed(text[: max(0, at - 1)] + text[at:], max(0, at - 1))
        elif key in ("delete", "ctrl-d"):
            self._typed(text[:at] + text[at + 1 :], at)
        elif key == "ctrl-u":
            self._typed(text[at:], 0)
        elif key == "ctrl-w":
            kept = text[:at].rstrip()
            kept = kept[: kept.rfind(" ") + 1]
            self._typed(kept + text[at:], len(kept))
        elif key in ("left", "right", "home", "end-key"):
            self.at = {"left": max(0, at - 1), "right": min(len(text), at + 1), "home": 0}.get(key, len(text))
        return None

    def _typed(self, text: str, at: int) -> None:
        self.at = min(at, _LONGEST)
        text = text[:_LONGEST]
        if text != self.typed:
            self.typed, self.chosen, self.scroll = text, 0, 0
            self.found = self._find(text)

    # ---------------------------------------------------------------------------------------------------- the pages

    def _open(self, page: Page) -> None:
        if self.page is not page:
            self.before.append(self.page)
            self.page = page
        self.scroll = 0

    def _on_page(self, key: str) -> Act | None:
        moves = {"page-up": -self.lines_shown, "b": -self.lines_shown, "page-down": self.lines_shown, **_MOVES}
        moves |= {" ": self.lines_shown, "g": -self.lines, "home": -self.lines, "G": self.lines, "end-key": self.lines}
        if key in moves:
            self._scroll_by(moves[key])
        elif key in ("escape", "q", "enter", "backspace", "tab") or self.page is Page.TOLD:
            self.page = self.before.pop() if self.before else None
            self.scroll = 0
        elif key in _COMMANDS:
            return self._command(key)
        return None

    def _scroll_by(self, lines: int) -> None:
        self.scroll = max(0, min(self.scroll + lines, self.lines - self.lines_shown))


def _line(text: Iterable[str]) -> str:
    """What was typed or pasted as one line without control characters."""
    return safe("".join(text))[:_LONGEST]
