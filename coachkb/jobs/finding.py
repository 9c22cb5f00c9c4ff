"""Why a look-up found what it found: what it took the query to mean, and what each lesson has of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from coachkb.model.situation import Situation
from coachkb.model.terms import ROLES
from coachkb.search.analysis import grams, words
from coachkb.search.likely import meaning
from coachkb.search.matches import matching
from coachkb.search.ranking import read_ranking

if TYPE_CHECKING:
    from coachkb.model.hit import Hit
    from coachkb.readable import Answer, ReadableKB
    from coachkb.search.query import Index

#: A phrase of the vocabulary that is less like the query than this (cosine of their n-grams) explains nothing.
_LIKE = 0.35
#: Nor does one of a situation that the query is less likely to mean.
_MEANT = 0.01


@dataclass(frozen=True, slots=True)
class Tagged:
    """A situation of a lesson: how likely the query means it (0 to 1), and the phrase of the vocabulary that is most
    like the query, with its likeness (0 to 1); None when none is like it."""

    situation: str
    share: float
    phrase: str | None
    likeness: float | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a hit is there. ``counts``: the share of its score that it is ranked by, less than 1 when it is not in the
    reader's language; ``wordless``: the share of what it answers that counts, less than 1 when it has no words to say.
    ``situations`` as the lesson has them, the first counts most; ``words``: of the title and of
    each part, those that share a stem with a word of the query, function words left out."""

    hit: Hit
    counts: float
    wordless: float
    situations: tuple[Tagged, ...]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Explained:
    """``understood``: whether lessons were found by what the query means and its words; else by their titles alone.
    ``reader``: the language in which a lesson counts whole, if it is known."""

    answer: Answer
    reader: str | None
    understood: bool
    hits: tuple[Why, ...]


def asked(data: bytes, whole: int) -> str:
    """A query as it was piped in, in whatever encoding; of ``whole`` bytes or more the last word may be cut.

    Raises UnreadableFile when it is no text.
    """
    from coachkb.ingest.decode import decode

    if len(data) >= whole:
        data = data.rpartition(b" ")[0]  # not in the middle of a character
    return decode(data, "standard input") if data.strip() else ""


def explained(kb: ReadableKB, answer: Answer, reader: str | None = None) -> Explained:
    """Why each hit of a look-up is there. ``reader``: the language it was given, else the query's counts."""
    index = kb.index(everything=False)
    query, vocabulary = answer.query, kb.vocabulary()
    found_out, ranking = meaning(index.db, query), read_ranking(index.db)
    asked = [grams(piece) for piece in found_out.pieces]
    shares = dict(found_out.situations)
    tags: dict[str, Tagged] = {}
    for id_ in {id_ for hit in answer.hits for id_ in hit.situations}:
        share = shares.get(id_, 0.0)
        phrase, likeness = _nearest(asked, vocabulary.get(id_)) if share >= _MEANT else (None, None)
        tags[id_] = Tagged(id_, share, phrase, likeness)
    language, understood = reader or answer.language, not found_out.fits_nothing(ranking)
    found = [
        Why(
            hit,
            1.0 if hit.language == language else ranking.other_language,
            1.0 if hit.parts["script"] or not understood else ranking.wordless,
            tuple(tags[id_] for id_ in hit.situations),
            _words(index, query, hit),
        )
        for hit in answer.hits
    ]
    return Explained(answer, language, understood, tuple(found))


def _nearest(asked: list[set[str]], situation: Situation | None) -> tuple[str | None, float | None]:
    """The phrase of a situation, in whatever language, that is most like one of the query's sentences."""
    best, found = _LIKE, None
    for labels in situation.labels.values() if situation else ():
        for phrase in (labels.name, *labels.also, *labels.said):
            known = grams(words(phrase))
            for sentence in asked:
                like = len(sentence & known) / sqrt(len(sentence) * len(known) or 1)
                if like > best:
                    best, found = like, phrase
    return (found, best) if found else (None, None)


def _words(index: Index, query: str, hit: Hit) -> dict[str, tuple[str, ...]]:
    found = {}
    for part in ("title", *ROLES):
        texts = [hit.title] if part == "title" else [text for text, *_ in hit.parts[part]]
        there = list(dict.fromkeys(word for text in texts for word in words(text)))
        matched = matching(index, query, hit.language, there)
        found[part] = tuple(word for word in there if word in matched)
    return found
