"""Who wrote a post: its sign-off, the author's box, the owner of the page. No name is better than a wrong one."""

from __future__ import annotations

import functools
import re

from coachkb.data.load import profiles
from coachkb.ingest.dates import byline
from coachkb.ingest.handles import is_dated
from coachkb.ingest.names import has_first_name, is_first_name, is_person, is_somebody, opening_name
from coachkb.ingest.noise import SENTENCE_END, is_noise_line, noise_kinds, noise_words
from coachkb.ingest.text import Line, Phrases, fold, words

_SIGNED = re.compile(r"^(?://?|~|[-–—]{1,2})\s?(?=[^\W\d_])")
_OWNER = re.compile(r"^(?:©|\(c\)|copyright\b)(?:\s*(?:©|\(c\)))?[\s\d–—,-]*(?:by\s+)?", re.IGNORECASE)
_ASIDE = re.compile(r"^(?:\*+|_+|\()(.*?)(?:\*+|_+|\))$", re.DOTALL)
_LEAD = re.compile(r"([^.:–—]{4,40}?)[*_]*(?:[.:]|\s[–—-])[*_]*\s+")
_LONGEST_BOX = 120  # words
PROSE = 15  # words; a line of as many is the text's
_LONGEST_NAME = 8  # words of a line that gives a name and a place
_SIGN_MARK = re.compile(
    r"^(?:(?:[-–—~]{1,2}|/{1,2})\s?|x+\s|(?:[^\W\d_]+\s){0,2}[^\W\d_]+\s?/\s?)(?=[^\W\d_])", re.IGNORECASE
)
_KISSES = re.compile(r"(?:\s+x+|\s*[:;]-?\))$", re.IGNORECASE)
_LAST_WORD = re.compile(r"^[^.!?]{3,30}[.!?]\s+(?=[^\W\d_]+$)")  # "Have a good week. Bea"
_CLOSING = 4  # words of a line that closes a letter: "Your old colleague"
_LAST = 6  # lines among which a first name alone may be a sign-off
_LONGEST_AFTER = 90  # words that may follow a sign-off: a postscript


@functools.cache
def _marks() -> Phrases:
    return Phrases(phrase for p in profiles().values() for phrase in p.biography)


@functools.cache
def _talk(code: str) -> Phrases:
    return Phrases(word for cue in ("i", "you") for word in profiles()[code].cues[cue])


def _speaks(tokens: list[str], language: str | None) -> int:
    """How often a text says I or you."""
    code = language or max(profiles(), key=lambda c: sum(map(profiles()[c].stopwords.__contains__, tokens)))
    return _talk(code).count(tokens)


def box_author(text: str, told: bool = False, language: str | None = None) -> str | None:
    """The name that an author's box opens with, or None when the text is no such box.

    A box speaks of a person in the third person and holds marks of a biography; ``told``: it stands below a heading
    that says so ("About the author"). ``language``: a profile's code; without it the text's small words tell.
    """
    if len(text) > 1200:
        return None
    folded = fold(text)
    aside = _ASIDE.match(folded)
    folded = aside.group(1) if aside else folded.strip("*_ ")
    lead = _LEAD.match(folded)
    if lead and "about" in noise_kinds(lead.group(1)):
        folded, told = folded[lead.end() :], True
    name, rest = opening_name(folded)
    if not name or (len(name.split()) < 2 and not told) or not rest:
        return None
    tokens = words(folded)
    if not 5 <= len(tokens) <= _LONGEST_BOX:
        return None
    marks = _marks().count(tokens)
    if _speaks(tokens, language) > 1 + len(tokens) // 25 or rest[0] in "?!:":
        return None
    return name if told or marks >= 2 or (marks == 1 and len(tokens) <= 60) else None


def is_aside(text: str) -> bool:
    """Whether a paragraph is set apart from the text as a whole: in italics or in brackets."""
    return bool(_ASIDE.match(fold(text)))


def signature(lines: list[Line]) -> str | None:
    """The name a post is signed with at its end: "Kind regards, / Maud", "/Nicki".

    The signature of a letter that is only quoted as a model is no author's: that letter's greeting stands late.
    """
    after = 0
    for i in range(len(lines) - 1, 0, -1):
        text = lines[i].text
        if is_noise_line(text) or box_author(text):
            continue
        name = _signed(lines, i)
        if name:
            return name if of_the_letter(lines[:i]) else None
        after += len(words(text))
        if after > _LONGEST_AFTER:
            return None
    return None


def _signed(lines: list[Line], i: int) -> str | None:
    text = lines[i].text.strip("*_ ")
    found = _SIGNED.match(text)
    if found:
        own = "/" in found.group() or (
            i >= len(lines) - 2 and not _SIGNED.match(lines[i - 1].text) and not lines[i - 1].text.endswith(":")
        )
        return _whole_name(text[found.end() :]) if own else None
    if is_signoff(lines[i - 1].text):
        return _whole_name(text)
    name = text.split(",")[0]  # and from where: "Maud Wit, Gouda"
    greets = "greeting" in noise_kinds(text)
    if (
        len(words(text)) <= _LONGEST_NAME
        and not greets
        and is_somebody(name)
        and not name.isupper()  # a heading
        and SENTENCE_END.search(lines[i - 1].text)
    ):
        return name.strip()
    closing, comma, rest = text.partition(",")
    if comma and "signoff" in noise_kinds(closing) and len(words(closing)) <= 4:
        return _whole_name(rest.strip())
    return None


def is_signoff(text: str) -> bool:
    """Whether a line closes a letter: "With love,"."""
    tokens = words(text)
    if len(tokens) > 5:
        return False
    return "signoff" in noise_kinds(text) or (text.endswith(",") and bool(noise_words("signoff").count(tokens)))


def _whole_name(text: str) -> str | None:
    name, rest = opening_name(text.split(",", maxsplit=1)[0].rstrip(" *_"))
    return name if name and not rest and len(name.split()) <= 4 else None


def of_the_letter(lines: list[Line]) -> bool:
    """Whether the letter that a sign-off closes is the post, or most of it, and no model in it."""
    total = sum(len(words(line.text)) for line in lines) or 1
    size = 0
    for line in reversed(lines):
        size += len(words(line.text))
        text = line.text.lstrip("\"'“”„‘’«»> ")
        if "greeting" in noise_kinds(text) and len(words(text)) <= 6:
            return size >= 0.4 * total
    return True


def first_name(lines: list[Line]) -> str | None:
    """The first name that a text is signed with on one of its last lines: "Bea", "- Bea", "x Bea", "Hugs/Bea"."""
    after = 0
    for i in range(len(lines) - 1, max(len(lines) - 1 - _LAST, 1), -1):
        if is_noise_line(lines[i].text):
            continue
        text, above = fold(lines[i].text).strip("*_() "), lines[i - 1].text.rstrip("*_ ")
        name = _signed_first(text, above)
        if name:
            closing = _is_closing(above)
            ended = closing or SENTENCE_END.search(above) or above.endswith(")") or name != text
            return name if ended and of_the_letter(lines[: i - closing]) else None
        after += len(words(text))
        if after > _LONGEST_AFTER:
            return None
    return None


def _is_closing(text: str) -> bool:
    """Whether a line may close a letter: "With love,", "Your old colleague"."""
    size = len(words(text))
    return (size <= 2 * _CLOSING and text.endswith(",")) or (
        2 <= size <= _CLOSING and text[:1].isupper() and text[-1:].isalpha()
    )


def _signed_first(text: str, above: str) -> str | None:
    if len(words(text)) > _LONGEST_NAME or text.startswith(("#", "|")):
        return None
    text, *dated = text.split(", ", maxsplit=1)
    if dated and not is_dated(dated[0]):
        return None
    name = _LAST_WORD.sub("", _SIGN_MARK.sub("", _KISSES.sub("", text)))
    if text[0] in "-–—" and (above.endswith(":") or above[:1] in "-–—•*"):
        return None  # of a list
    names = name.split(" & ")
    known = not dated or has_first_name(name)  # "Hull, 3 May 2019"
    return name if known and len(names) <= 2 and all(map(is_first_name, names)) else None


def owner(lines: list[Line]) -> str | None:
    """The person whose page it is: named in its copyright line, and once more in its first or last lines."""
    if not lines:
        return None
    edge = [line.text for line in (*lines[:12], *lines[-8:])]
    for line in lines[-8:]:
        found = _OWNER.match(line.text)
        if not found or not found.group().strip():
            continue
        name, rest = opening_name(line.text[found.end() :])
        alone = not rest or rest[0] in ".,|·–-"
        if name and is_person(name) and alone and sum(name in text for text in edge) >= 2:
            return name
    return None


def tail_box(lines: list[Line]) -> str | None:
    """The author's box among a page's last lines, whoever's posts stand above it."""
    for i in range(len(lines) - 1, max(len(lines) - 7, 0), -1):
        told = "about" in noise_kinds(lines[i - 1].text)
        name = box_author(lines[i].text, told)
        if name:
            return None if named_elsewhere(lines, name, i) else name
        if len(words(lines[i].text)) >= PROSE and not is_noise_line(lines[i].text):
            return None
    return None


def named_elsewhere(lines: list[Line], name: str, but: int) -> bool:
    """Whether the text itself speaks of somebody of this name: then he is a person of the story."""
    for i, line in enumerate(lines):
        if i == but or name not in line.text or len(words(line.text)) < PROSE:
            continue
        if not (byline(line.text) or is_noise_line(line.text) or box_author(line.text)):
            return True
    return False
