"""Dates and bylines as pages show them, in every language there is a profile for."""

from __future__ import annotations

import datetime
import functools
import os
import re
from dataclasses import dataclass

from coachkb.data.load import profiles
from coachkb.ingest.text import fold, norm, words

_TIME = re.compile(r"\b(?:\w{1,3}\s)?\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?!\d)", re.IGNORECASE)
_NAME = re.compile(r"^(?:[^\W\d_][\w'’.-]*)(?: [\w'’.&-]+){0,5}$")
_SEPARATOR = re.compile(r"\s*[|·•/]\s*|\s+[–—-]\s+|\s*,\s+")
_MAX_LINE = 110  # a line with a date that is longer is a sentence


@dataclass(frozen=True, slots=True)
class DateLine:
    """What a date line says. ``shape`` tells lines of one kind from others (a post's from a comment's)."""

    date: str
    author: str | None
    shape: str


def today() -> datetime.date:
    """The day it is; ``COACHKB_TODAY`` (YYYY-MM-DD) wins over the clock."""
    told = os.environ.get("COACHKB_TODAY")
    if told:
        try:
            return datetime.date.fromisoformat(told)
        except ValueError:
            pass
    return datetime.date.today()


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    months = sorted({re.escape(name) for p in profiles().values() for name in p.months}, key=lambda m: (-len(m), m))
    month = rf"(?P<m>{'|'.join(months)})\b\.?"
    day, year = r"(?P<d>\d{1,2})", r"(?P<y>(?:19|20)\d\d)\b"
    flags = re.IGNORECASE
    return (
        ("ymd", re.compile(rf"(?<!\d){year}[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)(?!\d)(?:T[\d:.+Z-]*)?", flags)),
        ("d-month", re.compile(rf"(?<!\d){day}(?:st|nd|rd|th|:?e|de|ste|\.)?(?: of)? {month},? '?{year}", flags)),
        ("month-d", re.compile(rf"\b{month} {day}(?:st|nd|rd|th)?,? {year}", flags)),
        ("dmy", re.compile(rf"(?<!\d){day}[-/.](?P<m>\d\d?)[-/.]{year}", flags)),
    )


@functools.cache
def _months() -> dict[str, int]:
    return {name: number for p in profiles().values() for name, number in p.months.items()}


@functools.cache
def _lead_words() -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    leads = {tuple(words(lead)) for p in profiles().values() for lead in (*p.date_lead, *p.weekdays)}
    bylines = {tuple(words(lead)) for p in profiles().values() for lead in p.byline}
    return tuple(sorted(leads, key=lambda x: (-len(x), x))), tuple(sorted(bylines, key=lambda x: (-len(x), x)))


def find_date(text: str, order: str | None = None) -> tuple[str, int, int, str] | None:
    """The first date in a short text: ISO date, start, end, kind. ``order``: "dmy" or "mdy" for 3/4/2010.

    An all-digit date that can be read both ways without an order is no date: none is better than a wrong one.
    """
    best: tuple[str, int, int, str] | None = None
    for kind, pattern in _patterns():
        for found in pattern.finditer(text):
            month_text = found.group("m")
            month = int(month_text) if month_text.isdigit() else _months()[month_text.lower()]
            day, year = int(found.group("d")), int(found.group("y"))
            if kind == "dmy" and "/" in found.group():
                if day <= 12 and month <= 12 and day != month and order is None:
                    continue
                if order == "mdy" or month > 12:
                    day, month = month, day
            try:
                date = datetime.date(year, month, day)
            except ValueError:
                continue
            if not datetime.date(1990, 1, 1) <= date <= today() + datetime.timedelta(days=366):
                continue
            if best is None or found.start() < best[1]:
                best = (date.isoformat(), found.start(), found.end(), kind)
            break
    return best


def _strip_leads(tokens: list[str]) -> list[str]:
    leads, _ = _lead_words()
    i = 0
    kept: list[str] = []
    while i < len(tokens):
        hit = next((lead for lead in leads if tuple(tokens[i : i + len(lead)]) == lead), None)
        if hit:
            i += len(hit)
        else:
            kept.append(tokens[i])
            i += 1
    return kept


def byline(line: str) -> str | None:
    """The author that a short line names ("By …", "Door …", "Av …"), or None."""
    text = fold(line).strip("*_ ")
    if len(text) > 80:
        return None
    tokens = words(text)
    for lead in _lead_words()[1]:
        if tuple(tokens[: len(lead)]) == lead and len(tokens) > len(lead):
            rest = re.split(r"\s+", text, maxsplit=len(lead))[len(lead) :]
            return _author_name(re.split(r"\s*[|·•,(]\s*|\s+[–—-]\s+", " ".join(rest))[0].strip(" :*_"))
    return None


def _author_name(name: str) -> str | None:
    name = name.strip(" :;,.*_")
    if not _NAME.match(name) or not name[0].isupper() or norm(name) in ("admin", "administrator"):
        return None
    capital = sum(word[:1].isupper() for word in name.split())
    return name if 2 * capital >= len(name.split()) else None


def date_line(line: str, order: str | None = None) -> DateLine | None:
    """What a line says when it is a date with no more than lead words, a byline and categories around it."""
    text = fold(line).strip("*_#> ")
    if not 6 <= len(text) <= _MAX_LINE or not any(ch.isdigit() for ch in text):
        return None
    found = find_date(text, order)
    if found is None:
        return None
    iso, start, end, kind = found
    rest = text[:start] + " | " + text[end:]
    time = _TIME.search(rest)
    rest = _TIME.sub(" ", rest)
    author = None
    loose = 0
    segments = [segment.strip(" .,:;()[]–—-") for segment in _SEPARATOR.split(rest)]
    for segment in segments:
        left = _strip_leads(words(segment))
        if not left:
            continue
        named = byline(segment) or byline(" ".join(segment.split()[1:])) if author is None else None
        if named:
            author = named
        elif left[0].isdigit() and len(left) <= 3:
            continue  # "3 comments"
        else:
            loose += len(left)
    if loose > 4:
        return None
    return DateLine(iso, author, f"{kind}{'+time' if time else ''}{'+words' if loose else ''}")
