"""Who wrote a page, as its first and last lines tell beside bylines: taglines, columns' names, handles, last lines.

Each rule looks at a few lines only, and gives a name only where nothing says that it is somebody else's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from coachkb.data.load import profiles
from coachkb.ingest.authors import PROSE, named_elsewhere
from coachkb.ingest.dates import ANY_ORDER, date_line
from coachkb.ingest.handles import WIDE, is_dated
from coachkb.ingest.names import (
    degrees_before,
    has_first_name,
    is_firm,
    is_first_name,
    is_person,
    is_small,
    is_somebody,
    opening_name,
    without_degrees,
)
from coachkb.ingest.noise import SENTENCE_END, is_forum, is_noise_line, noise_kinds, noise_words
from coachkb.ingest.text import WORD, Line, Phrases, fold, norm, words

_HEAD, _TAIL = 8, 6  # lines that are looked at
_LINE = 400  # characters; a longer one is the text's
_INTRODUCTION = 45  # words of a line that says who answers its readers
_TAGLINE = 30  # words
_BEFORE = 7  # words before a name in a column's name: "Ask the Trainer with ..."
_AFTER = 10  # words after it: "..., sales trainer in Hull"
_BESIDE = 14  # words of a line that a name and a place or a trade take
_BIO = 50  # words of a last line on its author
_SUFFIX = 4  # letters; a compound's last part is a word of a column's name from so many on
_SAYS = 40  # characters after a name within which what somebody says would begin
_DEGREES = 2  # more of them are no part of the name
_CELLS = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+|,\s+|\s{3,}")
_CAPITAL = re.compile(r"(?<![\w'’@.-])[^\W\d_](?=[\w.'’-])")
_FULL_NAME = re.compile(r"[^\W\d_a-zß-ÿ]\S*\s(?:\w{2,3}\s){0,2}[\"“]?[^\W\d_a-zß-ÿ]")  # what looks like one
_QUOTES = tuple("\"'“”„‘’«»>")
_TOKEN = re.compile(r"@?[^\W\d_][\w-]{2,24}(?:\.\w+)*")


@functools.cache
def _leads(labelled: bool) -> Phrases:
    """What leads to the author's name within a line, without or with a colon after it."""
    told = (phrase for p in profiles().values() for phrase in p.noise.get("tagline", ()))
    return Phrases(phrase.rstrip(":") for phrase in told if phrase.endswith(":") == labelled)


@functools.cache
def _from() -> frozenset[str]:
    """The single words before an author's name, after a column's: "by", "from"."""
    return frozenset(lead for p in profiles().values() for x in p.byline if len(words(x)) == 1 for lead in words(x))


@functools.cache
def _by() -> frozenset[str]:
    return frozenset(word for p in profiles().values() for word in p.byline if word in _from())


@functools.cache
def _columns() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words that name a column, and those that end compounds which do: "vrijdagbrief"."""
    told = frozenset(word for p in profiles().values() for word in p.noise.get("column", ()))
    return told, tuple(word for word in told if len(word) >= _SUFFIX)


@functools.cache
def _opening() -> frozenset[str]:
    """The words without one of which no line of the first names anybody."""
    kinds = ("tagline", "answers", "with")
    told = {words(x)[0] for p in profiles().values() for kind in kinds for x in p.noise.get(kind, ())}
    return _from() | told


def _is_anothers(tokens: list[str]) -> bool:
    """Whether words say that the name after them is not the author's: "an interview with", "photo by"."""
    return any(noise_words(kind).count(tokens) for kind in ("others", "interview"))


@functools.cache
def _speaking() -> Phrases:
    return Phrases(word for p in profiles().values() for word in p.cues["i"])


def _tells(text: str, before: list[str]) -> bool:
    """Whether a text is a sentence of somebody's story: "I got a letter from ..."."""
    return bool(SENTENCE_END.search(text)) and _speaking().count(before) > 0


def _is_about_somebody(lines: list[Line]) -> bool:
    """Whether the first lines announce a talk with somebody: then the names beside the text may be his."""
    short = (words(line.text) for line in lines[:_HEAD] if len(line.text) <= _LINE)
    return any(noise_words("interview").count(tokens) for tokens in short if len(tokens) <= _INTRODUCTION)


def tagline(lines: list[Line], title: Line | None) -> str | None:
    """The author whom a line above the text names: "Ask the Trainer with ...", "Owner: ...", "answered by ..."."""
    for i, line in enumerate(lines[:_HEAD]):
        told = words(line.text) if line is not title and len(line.text) <= _LINE else []
        if not told or len(told) > _INTRODUCTION or _opening().isdisjoint(told):
            continue
        text = _row(line.text)
        if text.startswith(_QUOTES[:-1]) or "greeting" in noise_kinds(line.text):
            continue
        tokens = told if text == line.text else words(text)
        name = _labelled(text, tokens) if ":" in text else None
        if name and not named_elsewhere(lines, name, i):
            return name
        if _FULL_NAME.search(text):
            name = _led(text, tokens) or _column(text, tokens) or _answering(text, tokens)
            if name and not _is_anothers(tokens[:_BEFORE]):
                return name
    return None


def _row(text: str) -> str:
    """A line without its marks; of a table's row of two cells, the first is a label."""
    if text.startswith("|"):
        cells = [cell.strip("*_ ") for cell in text.strip("| ").split("|")]
        return ": ".join(cells) if len(cells) == 2 else ""
    return _spread(text).strip("*_#>- ")


def _spread(text: str) -> str:
    """A line on one space, with a bar where its cells stand apart."""
    return fold(WIDE.sub(" | ", text))


def _full_name(text: str) -> tuple[str | None, str]:
    """The name of two words or more that a text opens with, degrees aside, and what follows it."""
    name, left = opening_name(without_degrees(text.lstrip(' *_"“”')))
    return (name, left) if name and _person(name) else (None, left)


def _person(name: str) -> bool:
    """Whether a name of two words or more is a person's and no firm's or paper's."""
    exact, endings = _columns()
    return (
        is_person(name)
        and (is_somebody(name) or has_first_name(name))
        and not is_firm(name)
        and not any(word in exact or word.endswith(endings) for word in words(name))
    )


def _closes(left: str) -> bool:
    """Whether a name ends where a text goes on like this."""
    return not left or left[0] in ",.;|(–—-·•:/" or words(left)[:1] == [] or is_small(words(left)[0])


def _around(text: str, i: int, n: int) -> tuple[str, str]:
    """What stands before and after some of the words of a text: ``n`` of them, from the ``i``-th on."""
    spans = list(WORD.finditer(text))[i : i + n]
    return (text[: spans[0].start()], text[spans[-1].end() :]) if spans else (text, "")


def _labelled(text: str, tokens: list[str]) -> str | None:
    """The person whom a label names: "Page owner: Bea", also amid a line's cells."""
    if len(tokens) > _TAGLINE:
        return None
    for i in range(len(tokens)):
        n = _leads(True).at(tokens, i)
        if not n:
            continue
        before, after = _around(text, i, n)
        before = before.rstrip("*_ ")
        if not after.lstrip("*_ ").startswith(":") or (before and before[-1] not in "|·•.,>–—-("):
            continue
        rest = without_degrees(after.lstrip("*_ ")[1:].strip(" @`*_"))
        name, left = opening_name(rest)
        closed = not left or left[0] in ",.;|(–—-·•/`*"
        if name and closed and (_person(name) or (" " not in name and is_first_name(name))):
            return name
        handle = _TOKEN.match(after.lstrip("*_: `"))
        if handle and handle.group().startswith("@"):
            return handle.group()
    return None


def _led(text: str, tokens: list[str]) -> str | None:
    """The full name right after words that lead to it: "a weblog by", "questions answered by"."""
    if len(tokens) > _TAGLINE:
        return None
    for i in range(len(tokens)):
        n = _leads(False).at(tokens, i)
        if n and not (_is_anothers(tokens[:i]) or _tells(text, tokens[:i])):
            name, left = _full_name(_around(text, i, n)[1])
            if name and _closes(left):
                return name
    return None


def _column(text: str, tokens: list[str]) -> str | None:
    """The full name beside a column's: "The Friday letter from ...", "SALES DESK with ..."."""
    if SENTENCE_END.search(text) and len(tokens) > _BEFORE:
        return None
    exact, endings = _columns()
    for i in range(1, min(len(tokens), _BEFORE)):
        with_ = "with" in noise_kinds(tokens[i])
        if not with_ and tokens[i] not in _from():
            continue
        if with_ and is_small(tokens[0]):  # "A talk with ..." is one with somebody else
            continue
        if not any(token in exact or token.endswith(endings) for token in tokens[:i]) or _tells(text, tokens[:i]):
            continue
        name, left = _full_name(_around(text, i, 1)[1])
        if name and _closes(left) and len(words(left)) <= _AFTER:
            return name
    return None


def _answering(text: str, tokens: list[str]) -> str | None:
    """The only person named in a line that says that readers' questions are answered."""
    if not noise_words("answers").count(tokens):
        return None
    names = set(_names(text))
    return names.pop() if len(names) == 1 else None


def _names(text: str) -> Iterator[str]:
    """The full names in a text."""
    at = 0
    for found in _CAPITAL.finditer(text):
        if found.start() < at or not found.group().isupper():
            continue
        name, left = opening_name(text[found.start() :])
        if name:
            at = len(text) - len(left)
            if _person(name):
                yield name


def standing_alone(lines: list[Line], title: Line | None) -> str | None:
    """The author whose name stands alone among the first lines, or with a place or a trade beside it.

    Away from the title, where the page's name stands, it must be a name that people have.
    """
    for i, line in enumerate(lines[:_HEAD]):
        if len(words(line.text)) >= PROSE and not is_noise_line(line.text):
            return None
        if line is not title and (name := _beside(line.text)):
            near = title in lines[max(i - 1, 0) : i]
            told = any(other.text.startswith((f"{name}:", f"{name.split()[0]}:")) for other in lines)
            if (near or has_first_name(name)) and not (told or named_elsewhere(lines, name, i)):
                return None if _is_about_somebody(lines) else name
    return None


def signed_beside(lines: list[Line]) -> str | None:
    """The full name that one of the last lines begins with, a place or a trade beside it: "A. Wit, Wit Training"."""
    for i in range(len(lines) - 1, max(len(lines) - 4, 1), -1):
        text, above = fold(lines[i].text), lines[i - 1].text
        name = _labelled(text, words(text)) if ":" in text and len(text) <= _LINE else None
        if name and _person(name):
            return name
        name = _beside(text)
        if name and has_first_name(name) and len(_CELLS.split(text)) > 1:
            quoted = above.endswith(_QUOTES) or above.startswith(_QUOTES)
            return None if quoted or named_elsewhere(lines, name, i) else name
    return None


def _beside(text: str) -> str | None:
    """The full name that a short line begins with, beside a place, a trade or a date."""
    if len(text) > _LINE or not _FULL_NAME.search(text) or len(words(text)) > _BESIDE:
        return None
    text = _spread(text).strip("*_# ")
    if text.startswith((*_QUOTES, "|")) or text.endswith(("?", "!", ":")):
        return None
    written = _CELLS.split(text)[0].strip("*_ ")
    name = without_degrees(written)
    known = _person(name) or (name != written and is_person(name))
    named = known and not name.isupper() and noise_kinds(name).isdisjoint(("line", "end", "nobody"))
    return name if named and not is_forum(text) else None


def nickname(text: str) -> str | None:
    """The single word that a line with a date says a page was posted by: "Posted on 3 May 2010 by salesguy in Tips"."""
    if len(text) > _LINE or _from().isdisjoint(words(text)) or not any(map(str.isdigit, text)):
        return None
    text = _spread(text[:200]).strip("*_#> ")
    if date_line(text, ANY_ORDER) is None:
        text = text.split(". ", maxsplit=1)[0]
        if date_line(text, ANY_ORDER) is None:
            return None
    spans = list(WORD.finditer(text))
    for i, span in enumerate(spans[:-1]):
        lead = norm(span.group())
        if lead not in _from() or text[span.end() : span.end() + 1] == ":":
            continue
        if _is_anothers([norm(before.group()) for before in spans[: i + 1]]):
            return None
        name, _ = _full_name(text[span.end() :])
        if name:
            return name
        found = _TOKEN.match(text, span.end() + 1) if lead in _by() else None  # no nickname after "from"
        if not found or is_small(norm(found.group())) or is_dated(found.group()):
            continue
        left = text[found.end() :].strip()
        if "nobody" in noise_kinds(found.group()) and " " in (opening_name(" ".join(left.split()[1:]))[0] or ""):
            continue  # "the desk at Wit Training"
        if _closes(left) or is_dated(left[:40]):
            return found.group()
    return None


def last_bio(lines: list[Line]) -> str | None:
    """The author whom a page's last line is on, and no line before: "Bea Hollis sells warehouses in Hull."."""
    for i in range(len(lines) - 1, max(len(lines) - _TAIL, 1), -1):
        text = lines[i].text.strip("*_ ")
        size = len(words(text))
        if size > _BIO:
            return None
        name, left = _full_name(text)
        says = ":" in left[:_SAYS] or any(mark in left[:_SAYS] for mark in _QUOTES)
        if name and not says and noise_words("livelihood").at(words(left) or [""], 0) and left[0].islower():
            first = name.split()[0]
            if _is_about_somebody(lines):
                return None
            met = (line for j, line in enumerate(lines) if j != i and len(words(line.text)) >= PROSE)
            return None if any(first in line.text and first in words_of(line.text) for line in met) else name
        if size >= PROSE and not is_noise_line(text):
            return None
    return None


def words_of(text: str) -> set[str]:
    """The words of a text as they are written."""
    return {found.group() for found in WORD.finditer(text)}


def as_written(name: str, lines: list[Line]) -> str:
    """A name as the page's first and last lines have it: whole, and with the degrees before it."""
    edge = [line.text for line in (*lines[:_HEAD], *lines[-_TAIL:])]
    if " " not in name and name[:1].isupper():
        whole = {full for text in edge if (full := _whole(name, text))}
        name = whole.pop() if len(whole) == 1 else name
    for text in edge:
        at = text.find(name)
        if at > 0 and (degrees := degrees_before(text[:at])) and len(degrees.split()) <= _DEGREES:
            return f"{degrees} {name}"
    return name


def _whole(first: str, text: str) -> str | None:
    """The full name in a text that begins with a first name."""
    found = re.search(rf"(?<![\w-]){re.escape(first)} (?=[\"“]?[^\W\d_])", text)
    if not found:
        return None
    name, _ = _full_name(text[found.start() :])
    return name if name and is_somebody(name) and name.startswith(f"{first} ") else None
