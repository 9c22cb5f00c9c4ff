"""Dates and bylines as pages show them, in every language there is a profile for."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coachkb.data.load import profiles
from coachkb.data.stems import stem
from coachkb.ingest.field_terms import field_data
from coachkb.ingest.noise import noise_kinds
from coachkb.ingest.text import fold, norm, remembered, words
from coachkb.surroundings import today

#: Where it only matters that something is a date, 3/4/2010 is one either way.
ANY_ORDER = "dmy"
_TIME = re.compile(r"\b(?:\w{1,3}\s)?\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?!\d)", re.IGNORECASE)
_SLASHED = re.compile(r"(?<![\d/])(\d\d?)/(\d\d?)/(?:19|20)\d\d(?![\d/])")
_DEGREE = re.compile(r"\b([A-Za-zÀ-þ]{1,8}(?:[.-][A-Za-z]{1,8}){0,3})\.?\s+(?=[^\W\d_])")
_NAME_WORD = re.compile(r"[^\W\d_](?:\.(?:[^\W\d_]\.)*|[\w'’-]*\.?)")
#: Words of names that have no capital.
PARTICLES = frozenset(
    {"'t", *words("van von de den der det ten ter te af la le di du da dos del el al bin ibn zu zur y")}
)
_ADDRESS = re.compile(r"[\"']? ?[<(\[][^<>()\[\]\s@]+@[^<>()\[\]\s@]+[>)\]]$")  # "From: Ann Wit <ann@here.example>"
_BYLINE_PART = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+|(?<=[\w)]{2})[.,]\s+|\s{3,}")
_SEPARATOR = re.compile(r"\s*[|·•/]\s*|\s+[–—-]\s+|\s*,\s+")
_ASIDE = ("|", "·", "•", "–", "—", " -", "/")  # what parts a date from the rest of its line
_ALSO_NAMES = frozenset(words("an april august ben bo dan else jan june mark may per rob sven tom wil will"))
_SENTENCE = re.compile(r"[^\s.]{3,}[.!?]$")
_NOTE = re.compile(r"(?<=[.!?*])\s+")
_NOTED = 8  # words of a sentence before those that lead to its date
_GAP = re.compile(r"[^\S\n]{3,}|\t")  # as wide as between the cells of a line
_CELL = 6  # words; a longer one beside a date is a text's
#: A year, a day of a month and a year, or a short year. It begins with a digit for speed, and looks back from there.
_YEAR = re.compile(r"\d(?:(?:(?<=1)9|(?<=2)0)\d\d|/\d\d? ?-\d\d|(?<=\s'\d)\d\b)")
_MAX_RAW = 400  # the same with its white space, as it is looked at first
_MAX_LINE = 140  # a line with a date that is longer is a sentence


@dataclass(frozen=True, slots=True)
class DateLine:
    """What a date line says. ``shape`` tells lines of one kind from others (a post's from a comment's)."""

    date: str
    author: str | None
    shape: str


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    months = sorted({re.escape(name) for p in profiles().values() for name in p.months}, key=lambda m: (-len(m), m))
    month = rf"(?P<m>{'|'.join(months)})\b\.?"
    day, year = r"(?P<d>\d{1,2})", r"(?P<y>(?:19|20)\d\d|(?<=')\d\d)\b"
    flags = re.IGNORECASE
    return (
        ("ymd", re.compile(rf"(?<!\d){year}[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)(?!\d)(?:T[\d:.+Z-]*)?", flags)),
        ("d-month", re.compile(rf"(?<!\d){day}(?:st|nd|rd|th|:?e|de|ste|\.)?(?: of)?[ -]{month},?[ -]'?{year}", flags)),
        ("month-d", re.compile(rf"\b{month}[ -]{day}(?:st|nd|rd|th)?,?[ -]'?{year}", flags)),
        ("d/m-y", re.compile(rf"(?<![\d/]){day}/(?P<m>\d\d?) ?-(?P<y>(?:(?:19|20)\d\d|\d\d))(?![\d-])", flags)),
        ("dmy", re.compile(rf"(?<!\d){day}[-/.](?P<m>\d\d?)[-/.]{year}", flags)),
    )


@functools.cache
def _months() -> dict[str, int]:
    return {name: number for p in profiles().values() for name, number in p.months.items()}


@functools.cache
def _date_leads() -> dict[str, list[tuple[str, ...]]]:
    """The words that lead to a date, by the first of them, longest first."""
    leads = {tuple(words(lead)) for p in profiles().values() for lead in (*p.date_lead, *p.weekdays)}
    found: dict[str, list[tuple[str, ...]]] = {}
    for lead in sorted(leads, key=lambda x: (-len(x), x)):
        found.setdefault(lead[0], []).append(lead)
    return found


@functools.cache
def _note_leads() -> frozenset[tuple[str, ...]]:
    """The words that lead to a date and to nothing else: "posted", but neither "on" nor "Monday"."""
    leads = {tuple(words(lead)) for p in profiles().values() for lead in p.date_lead}
    return frozenset(leads - {(word,) for p in profiles().values() for word in p.stopwords})


@functools.cache
def _byline_leads() -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    """The words that open a byline by the first of them, longest first, and whether they want a colon ("Text: …")."""
    leads = {(tuple(words(lead)), lead.endswith(":")) for p in profiles().values() for lead in p.byline}
    found: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for lead, wants_colon in sorted(leads, key=lambda x: (-len(x[0]), x)):
        found.setdefault(lead[0], []).append((lead, wants_colon))
    return found


def find_date(text: str, order: str | None = None) -> tuple[str, int, int, str] | None:
    """The first date in a short text: ISO date, start, end, kind. ``order``: "dmy" or "mdy" for 3/4/2010.

    An all-digit date that can be read both ways without an order is no date: none is better than a wrong one.
    """
    best: tuple[str, int, int, str] | None = None
    for kind, written in _written(text):
        for day, month, year, start, end in written:
            if kind == "dmy" and "/" in text[start:end]:
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
            if best is None or start < best[1]:
                best = (date.isoformat(), start, end, kind)
            break
    return best


@remembered
def _written(text: str) -> list[tuple[str, list[tuple[int, int, int, int, int]]]]:
    """What is written like a date in a text, by kind: day, month, year, start, end."""
    found = []
    for kind, pattern in _patterns():
        dates = []
        for match in pattern.finditer(text):
            month, year = match["m"], int(match["y"])
            number = int(month) if month.isdigit() else _months()[month.lower()]
            dates.append((int(match["d"]), number, year + (2000 if year < 100 else 0), match.start(), match.end()))
        found.append((kind, dates))
    return found


def date_order(text: str, usual: str | None) -> str | None:
    """How a page means 3/4/2010: "dmy" or "mdy" as its other dates show (25/12/2010), else as is ``usual``.

    None where they show nothing, or both, and there is no usual way.
    """
    shown = set()
    for found in _SLASHED.finditer(text):
        first, second = int(found.group(1)), int(found.group(2))
        if first > 12 >= second > 0:
            shown.add("dmy")
        elif second > 12 >= first > 0:
            shown.add("mdy")
    return shown.pop() if len(shown) == 1 else usual


def _strip_leads(tokens: list[str]) -> list[str]:
    leads = _date_leads()
    i = 0
    kept: list[str] = []
    while i < len(tokens):
        hit = next((lead for lead in leads.get(tokens[i], ()) if tuple(tokens[i : i + len(lead)]) == lead), None)
        if hit:
            i += len(hit)
        else:
            kept.append(tokens[i])
            i += 1
    return kept


def byline(line: str, only_first: bool = False) -> str | None:
    """The author that a short line names ("By …", "Door …", "Av …"), or None; ``only_first``: at its very beginning."""
    parts = _byline_parts(line)[: 1 if only_first else 6]
    return next((name for part in parts if (name := _after_lead(part))), None)


@remembered
def _byline_parts(line: str) -> list[str]:
    """The parts of a short line, each of which may open as a byline does; none where no word is one that opens it."""
    if len(line) > _MAX_RAW or _byline_leads().keys().isdisjoint(words(line)):
        return []
    text = _ADDRESS.sub("", fold(line)).strip("*_#> ")
    return _BYLINE_PART.split(_without_degrees(text)) if text and len(text) <= 200 else []


def _after_lead(text: str, dated: bool = False) -> str | None:
    """The name right after a byline's lead words, with little else; ``dated``: the text is part of a date line."""
    tokens = words(text)
    for lead, wants_colon in _byline_leads().get(tokens[0] if tokens else "", ()):
        if tuple(tokens[: len(lead)]) != lead or len(tokens) == len(lead):
            continue
        labelled = text.split(None, len(lead))[len(lead) - 1].endswith(":")
        if wants_colon and not labelled:
            continue
        rest = text.split(None, len(lead))[len(lead) :]
        name, left = opening_name(" ".join(rest).lstrip(' :*_"“”'))
        if not name:
            return None
        ends = dated or not left or left[0] in ",;|(·•–—-:/." or _has_date(left)
        ends = ends or (
            len(lead) > 1 and len(words(left)) <= _CELL and not _SENTENCE.search(left)
        )  # "in Pricing, Tips"
        closed = labelled or len(lead) > 1 or len(name.split()) > 1 or not left or left[0] == "("
        if ends and closed and len(words(left)) <= (12 if left[:1] in "(,;.–—" else 8):
            return name
    return None


def _without_degrees(line: str) -> str:
    """A byline without the degrees before a name: "By ekon. dr h.c. Folke Wit" is by Folke Wit."""
    lowered = line.lower()
    if not any(degree in lowered for degree in _degrees()):
        return line
    return _DEGREE.sub(lambda m: m.group() if m.group(1).lower().rstrip(".") not in _degrees() else "", line)


@functools.cache
def _degrees() -> frozenset[str]:
    return frozenset(title for p in profiles().values() for title in p.noise.get("degrees", ()))


def _has_date(text: str) -> bool:
    return find_date(text, ANY_ORDER) is not None


def opening_name(text: str) -> tuple[str | None, str]:
    """The personal name that a text opens with, and what follows it; no name: None and the text.

    Words in capitals up to the first that is none, with the particles of family names (van, von, af) between them.
    """
    kept: list[str] = []
    rest = text
    while rest and len(kept) < 6:
        found = _NAME_WORD.match(rest)
        if not found:
            break
        word = found.group()
        if word.lower() in PARTICLES:
            nxt = _NAME_WORD.match(rest[found.end() :].lstrip())
            if not kept or not nxt or not rest[found.end() :].startswith(" "):
                break
        elif not word[0].isupper() or norm(word) in _no_name():
            break
        kept.append(word)
        rest = rest[found.end() :]
        if not rest.startswith(" ") or (word.endswith(".") and len(word) > 5):
            break
        rest = rest.lstrip()
    while kept and kept[-1].lower() in PARTICLES:
        kept.pop()
    name = " ".join(kept)
    if not kept or norm(name) in _nobody():
        return None, text
    if name.endswith(".") and len(kept[-1]) > 2 and "." not in kept[-1][:-1]:
        name = name[:-1]
        rest = "." + rest
    return name, text[len(text) - len(rest) :].strip() if rest else ""


def is_person(text: str) -> bool:
    """Whether a text is nothing but a name of two to five words, as a person's is written."""
    name, left = opening_name(fold(text).strip("*_/–— "))
    return name is not None and not left and 2 <= len(name.split()) <= 5 and name[-1].isalnum() | (name[-1] == ".")


def is_somebody(text: str) -> bool:
    """Whether a text is a person's name though no byline says so: its last word is none that articles use."""
    return is_person(text) and not any(stem(words(text)[-1], stemmer) in met for stemmer, met in _met())


@functools.cache
def _met() -> tuple[tuple[str, frozenset[str]], ...]:
    """By stemmer, the stems that were met in two articles or more."""
    met = field_data().words
    return tuple((p.stemmer, frozenset(met[code].terms)) for code, p in profiles().items() if code in met)


@functools.cache
def _nobody() -> frozenset[str]:
    """Names that bylines give and that are no one's: the desk, the administrator."""
    return frozenset(norm(name) for p in profiles().values() for name in p.noise.get("nobody", ()))


@functools.cache
def _no_name() -> frozenset[str]:
    """Words with a capital that begin no name: days, months, and the words that sentences are made of."""
    held: set[str] = set(_months())
    for p in profiles().values():
        held.update(norm(day) for day in p.weekdays)
        held.update(norm(word) for word in p.stopwords)
    return frozenset(held - _ALSO_NAMES)


def date_line(line: str, order: str | None = None) -> DateLine | None:
    """What a line says when it is a date with no more than lead words, a byline and categories around it."""
    if len(line) > _MAX_RAW or not _YEAR.search(line):
        return None
    text = fold(_GAP.sub(" | ", line.strip())).strip("*_#> ")
    if not 6 <= len(text) <= _MAX_LINE:
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
        named = _named_in(segment) if author is None else None
        if named:
            author = named
        elif segment.startswith("#") or (left[0].isdigit() and len(left) <= 3):
            continue  # "#budget #price", "3 comments"
        elif not noise_kinds(segment).isdisjoint(("meta", "line")):
            continue  # "reading time 4 minutes"
        elif author is None and is_somebody(segment):
            author = segment
        else:
            loose += len(left)
    before = words(text[:start])
    # "Posted 14 January 2016 by the team at Harbour Lane", "Posted by the team on 14 January 2016 in Pricing"
    led = bool(before) and (not _strip_leads(before) or _opens_with(before, _byline_leads()))
    ahead, behind = text[:start].rstrip(), text[end:].lstrip()
    field = _SEPARATOR.split(ahead)[-1]  # "| Written: 12 May 2010 |", "· released 12 May 2010"
    told = field.endswith(":") or (field != ahead and tuple(words(field)) in _note_leads())
    celled = told or ahead.endswith(_ASIDE) or (not ahead and behind.startswith(_ASIDE))
    most = 10 if led or (celled and max(map(len, map(words, segments))) <= _CELL) else 4
    if loose > most or (loose and author is None and _SENTENCE.search(text)):
        return None
    return DateLine(iso, author, f"{kind}{'+time' if time else ''}{'+words' if loose else ''}")


def is_dated_row(text: str) -> bool:
    """Whether a table's row says when the page was written or changed: "| Last updated | 3 June 2024 |".

    A row that begins with a date is one of a table of changes.
    """
    cells = [words(cell) for cell in text.strip("| ").split("|")]
    return len(cells) == 2 and tuple(cells[0]) in _note_leads()


def date_note(line: str, order: str | None = None) -> DateLine | None:
    """What a sentence of a longer note says from words on that lead to a date: "Posted 2019-05-24. My …".

    They open the sentence, or stand in a short one, right before the date: "This one was first printed on 3 May 2021."
    """
    if len(line) > 2 * _MAX_RAW or not _YEAR.search(line):
        return None
    for sentence in _NOTE.split(line):
        tokens = sentence.split()
        for i in range(min(len(tokens), _NOTED)):
            opening = tuple(words(" ".join(tokens[i : i + 6])))
            lead = next((lead for lead in _note_leads() if opening[: len(lead)] == lead), None)
            if lead and (i == 0 or len(tokens) <= 2 * _NOTED):
                found = date_line(" ".join(tokens[i:]).rstrip(".*_"), order)
                if found:
                    return found
    return None


def _opens_with(tokens: list[str], leads: Mapping[str, Sequence[tuple[tuple[str, ...], bool]]]) -> bool:
    return any(tuple(tokens[: len(lead)]) == lead for lead, _ in leads.get(tokens[0], ()))


def is_byline(text: str) -> bool:
    """Whether a short line opens as a byline with a colon does, whoever it names: "Text: the desk"."""
    label, colon, rest = text.strip("*_ ").partition(":")
    tokens = words(label)
    return (
        bool(colon and tokens and rest.strip())
        and len(words(rest)) <= 4
        and any(tuple(tokens) == lead for lead, _ in _byline_leads().get(tokens[0], ()))
    )


def _named_in(segment: str) -> str | None:
    """The author that part of a date line names, its byline at the start or after a word or two."""
    tokens = _without_degrees(segment).split()
    for i in range(min(len(tokens), 4)):
        name = next((x for part in _BYLINE_PART.split(" ".join(tokens[i:])) if (x := _after_lead(part, True))), None)
        if name:
            return name
    return None
