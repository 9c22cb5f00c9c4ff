"""Names of people as pages show them, and what tells them from those of firms and papers."""

from __future__ import annotations

import functools
import re

from coachkb.data.load import profiles
from coachkb.data.stems import stem
from coachkb.ingest.field_terms import field_data
from coachkb.ingest.text import fold, norm, words

_DEGREE = re.compile(r"(?<![\w.-])([A-Za-zÀ-þ]{1,8}(?:[.-]{1,2}[A-Za-z]{1,9}){0,3})\.?\s+(?=[^\W\d_])")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}")
_FIRST_NAME = re.compile(r"[^\W\d_](?<=[^a-zà-ÿ])[^\W\d_A-Z]{1,12}(?:-[^\W\d_][^\W\d_A-Z]{1,12})?")
_CALLED = re.compile(r"[\"“”][^\W\d_][\w-]*[\"“”]")  # Bo "Ace" Ek
_NAME_WORD = re.compile(r"[^\W\d_](?:\.(?:[^\W\d_]\.)*(?:[^\W\d_](?!\w))?|[\w'’-]*\.?)")
#: Words of names that have no capital.
PARTICLES = frozenset(
    {"'t", *words("van von de den der det ten ter te af la le di du da dos del el al bin ibn zu zur y")}
)
_ALSO_NAMES = frozenset(words("an april august ben bo dan else hans jan june mark may per rob sven tom wil will"))


def without_degrees(line: str) -> str:
    """A byline without the degrees before a name: "By ekon. dr h.c. Folke Wit" is by Folke Wit."""
    if _degree_words().isdisjoint(words(line)):
        return line
    return _DEGREE.sub(lambda m: "" if _is_degree(m.group(1)) else m.group(), line)


def degrees_before(text: str) -> str:
    """The degrees that a text ends with, as they stand before a name; none: an empty text."""
    tokens = text.split()
    at = len(tokens)
    while at and _is_degree(tokens[at - 1]):
        at -= 1
    return " ".join(tokens[at:])


@functools.lru_cache(maxsize=2000)
def _is_degree(word: str) -> bool:
    """Whether a word is a degree, or several that are joined: "Dipl.-Ing."."""
    word = word.lower().strip(".")
    return word in _degrees() or all(part in _degrees() for part in re.split(r"[.-]+", word))


@functools.cache
def _degree_words() -> frozenset[str]:
    return _degrees() | {word for degree in _degrees() for word in words(degree)}


@functools.cache
def _degrees() -> frozenset[str]:
    return frozenset(title for p in profiles().values() for title in p.noise.get("degrees", ()))


def opening_name(text: str) -> tuple[str | None, str]:
    """The personal name that a text opens with, and what follows it; no name: None and the text.

    Words in capitals up to the first that is none, with the particles of family names (van, von, af) between them.
    """
    kept: list[str] = []
    rest = text
    while rest and len(kept) < 6:
        found = (_CALLED.match(rest) if kept and rest[0] in '"“”' else None) or _NAME_WORD.match(rest)
        if not found:
            break
        word = found.group()
        if word.lower() in PARTICLES:
            nxt = _NAME_WORD.match(rest[found.end() :].lstrip())
            if not kept or not nxt or not rest[found.end() :].startswith(" "):
                break
        elif (
            not word.lstrip('"“”')[:1].isupper()
            or norm(word) in _no_name()
            or (kept and is_label(word, rest[found.end() :]))
        ):
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


def is_small(word: str) -> bool:
    """Whether a lower-case word is a function word in any language."""
    return word in _small()


@functools.cache
def _small() -> frozenset[str]:
    return frozenset(word for p in profiles().values() for word in p.stopwords)


def is_first_name(text: str) -> bool:
    """Whether a single word may be a first name: it has a capital, and articles do not use it."""
    return (
        _FIRST_NAME.fullmatch(text) is not None
        and norm(text) not in _no_name() | _nobody()
        and (has_first_name(text) or not any(stem(norm(text), stemmer) in met for stemmer, met in _met()))
    )


def has_first_name(name: str) -> bool:
    """Whether a name begins with a first name that a language's file lists, or with initials."""
    first = name.partition(" ")[0]
    return norm(first) in _first_names() or _INITIALS.fullmatch(first) is not None


def is_firm(name: str) -> bool:
    """Whether a name holds a word of firms, papers and departments that no person's has."""
    return not _firms().isdisjoint(words(name))


@functools.cache
def _firms() -> frozenset[str]:
    return frozenset(word for p in profiles().values() for word in p.noise.get("firms", ()))


@functools.cache
def _first_names() -> frozenset[str]:
    return frozenset(norm(name) for p in profiles().values() for name in p.noise.get("first_names", ()))


@functools.cache
def _met() -> tuple[tuple[str, frozenset[str]], ...]:
    """By stemmer, the stems that were met in two articles or more."""
    met = field_data().words
    return tuple((p.stemmer, frozenset(met[code].terms)) for code, p in profiles().items() if code in met)


@functools.cache
def _nobody() -> frozenset[str]:
    """Names that bylines give and that are no one's: the desk, the administrator."""
    return frozenset(norm(name) for p in profiles().values() for name in p.noise.get("nobody", ()))


def is_label(word: str, after: str = "") -> bool:
    """Whether a word in capitals, or with a colon after it, is a label of its own beside a name: "PHOTO"."""
    return (word.isupper() or after.startswith(":")) and norm(word).partition("'")[0] in _labels()


@functools.cache
def _labels() -> frozenset[str]:
    told = {phrase.rstrip("*") for p in profiles().values() for phrase in p.noise.get("meta", ())}
    return frozenset(norm(phrase.rstrip(":")) for phrase in told if phrase.endswith(":"))


@functools.cache
def _no_name() -> frozenset[str]:
    """Words with a capital that begin no name: days, months, and the words that sentences are made of."""
    held: set[str] = {norm(month) for p in profiles().values() for month in p.months}
    for p in profiles().values():
        held.update(norm(day) for day in p.weekdays)
        held.update(norm(word) for word in p.stopwords)
    return frozenset(held - _ALSO_NAMES)
