"""Where quotations begin and end in a text, told by the marks alone: one reading of them for all that show passages.

Languages use the same marks in other ways: one that stands before a word opens, one behind a word closes. Single marks
are apostrophes, too, and are read with more care. On the look-up path: no import.
"""

from __future__ import annotations

#: Opening marks to those that may close them.
_CLOSES = {"“": "”", "„": '“”"', "«": "»", '"': '"', "”": "”", "‘": "’", "’": "’", "'": "'"}
_SINGLE = "‘’'"
_ENDING = "’'"  # of these, the ones that end a quotation
MARKS = "“”„«»\"‘’'"
_ENDS = ".?!…,"


class Scan:
    """What was found. ``pairs``: quotations, from their first mark to behind their last; ``first``: behind the mark
    that ends one which began before the text, 0 when there is none; ``strays``: marks without another; ``open``: the
    mark of a quotation that goes on after the text, empty when there is none, and where it stands, ``at`` (-1: before
    the text)."""

    __slots__ = ("at", "first", "open", "pairs", "strays")

    def __init__(self, open_: str) -> None:
        self.pairs: list[tuple[int, int]] = []
        self.first = 0
        self.strays: list[int] = []
        self.open, self.at = open_, -1


def scan(text: str, open_: str = "") -> Scan:
    """The quotations of a text. ``open_``: the mark of one that began before it, and goes on."""
    found = Scan(open_)
    marks = _marks(text)
    closed = _last_close(text, marks)
    for i in marks:
        char = text[i]
        if found.open and (char in _SINGLE) != (found.open in _SINGLE):
            continue  # within quotation marks those of the other kind tell nothing
        if found.open and char in _CLOSES[found.open] and _may_close(text, i, closed):
            if found.at < 0:
                found.first = found.first or i + 1
            else:
                found.pairs.append((found.at, i + 1))
            found.open, found.at = "", -1
        elif _opens(text, i, closed):
            if found.open and found.at >= 0:
                found.strays.append(found.at)  # each paragraph of a quotation may open anew
            found.open, found.at = char, i
        elif not found.open and char in "\"”»’'" and _closes(text, i):
            if not (found.pairs or found.first):
                found.first = i + 1
            found.strays.append(i)
    return found


def _marks(text: str) -> list[int]:
    """Where marks stand, in order: looked for one by one, for most texts have none."""
    found = []
    for mark in MARKS:
        i = text.find(mark)
        while i >= 0:
            found.append(i)
            i = text.find(mark, i + 1)
    found.sort()
    return found


def _last_close(text: str, marks: list[int]) -> int:
    """Where the last single mark stands that surely closes a quotation; -1 when there is none."""
    return next((i for i in reversed(marks) if text[i] in _ENDING and _closes(text, i)), -1)


def _opens(text: str, i: int, closed: int) -> bool:
    """Whether a mark stands where one opens a quotation: before a word and not behind one. ``closed``: as
    ``_last_close`` has it."""
    char, left, right = text[i], text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    if char not in _CLOSES or (left and not left.isspace() and left not in "([–—-*_'‘"):
        return False
    if char not in _SINGLE:
        return bool(right) and (char == "«" or not right.isspace())  # French puts a blank behind «
    if not right.isalpha():
        return char == "‘" and right == "…"
    if right.islower() and not text[i + 2 : i + 3].isalpha():
        return False  # 's, 't, 'n
    return char == "‘" or right.isupper() or closed > i


def _closes(text: str, i: int) -> bool:
    """Whether a mark surely closes a quotation, if none is known to be open: no apostrophe, no inches."""
    left, right = text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    if text[i] in _SINGLE:
        return bool(left) and left in _ENDS and not right.isalnum()
    return not (text[i] == '"' and left.isdigit())


def _may_close(text: str, i: int, closed: int) -> bool:
    """Whether a mark closes the quotation that is open."""
    left, right = text[i - 1 : i], text[i + 1 : i + 2]
    if right.isalnum():
        return False
    if text[i] not in _SINGLE or _closes(text, i) or (right and right in ",.;:!?)"):
        return True
    # An apostrophe at the end of a word, if the quotation's own mark is still to come.
    return not left.isspace() and closed <= i
