"""Who began a thread: the handle above its first contribution."""

from __future__ import annotations

import re

from coachkb.ingest.dates import ANY_ORDER, find_date
from coachkb.ingest.names import is_first_name, is_person
from coachkb.ingest.noise import is_forum, is_furniture, noise_kinds
from coachkb.ingest.text import Line, words

_HEAD = 8  # lines that are looked at
WIDE = re.compile(r"\s{2,}|\t")
_NUMBER = re.compile(r"^\[?#\d+\b\]?[.:]?\s+")
_NUMBER_ONE = re.compile(r"^\[?#1\b\]?[.:]?\s+")
_POSTER = 160  # characters of a line with a handle and what stands beside it
_HANDLE = re.compile(r"@?[^\W_][\w.'’-]{2,24}(?: [\w.'’&-]{1,20}){0,2}")


def first_poster(lines: list[Line], title: Line | None, thread: bool) -> str | None:
    """The handle of whoever began a thread: it stands alone, or opens a line, above his badge or the time.

    ``thread``: the page is known to be one; another's handle must be numbered, or come again in the same way.
    """
    for i, line in enumerate(lines[:_HEAD]):
        numbered = _NUMBER_ONE.match(line.text)
        handle = None if line is title else _posts(lines, i, line.text[numbered.end() :] if numbered else line.text)
        if not handle:
            continue
        again = (j for j in range(i + 1, len(lines)) if handle in lines[j].text and len(lines[j].text) <= _POSTER)
        if numbered or any(_posts(lines, j, _NUMBER.sub("", lines[j].text)) == handle for j in again):
            return handle
        if thread and (is_person(handle) or (" " not in handle and (not handle.isalpha() or is_first_name(handle)))):
            return handle
    return None


def _posts(lines: list[Line], i: int, text: str) -> str | None:
    """The handle that a line begins with, above or beside a badge or a time."""
    if len(text) > _POSTER:
        return None
    handle, *beside = WIDE.split(text)
    if not _HANDLE.fullmatch(handle) or is_furniture(handle) or noise_kinds(handle) or is_dated(handle):
        return None
    beside = beside or [line.text for line in lines[i + 1 : i + 2]]
    return handle if any(is_forum(x) or is_dated(x) for x in beside) else None


def is_dated(text: str) -> bool:
    """Whether a few words hold a date."""
    return len(words(text)) <= 8 and find_date(text, ANY_ORDER) is not None
