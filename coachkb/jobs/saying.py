"""The words to say, for what a buyer said or for lessons by their ids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.errors import NotFound
from coachkb.jobs.indexing import find

if TYPE_CHECKING:
    from coachkb.model.hit import Hit
    from coachkb.readable import ReadableKB

_NEARLY = 0.6  # of the best one's score
_HITS = 20  # as many answers are looked through for one with words to say


@dataclass(frozen=True, slots=True)
class Said:
    """The lessons with the words to say, and those that fit better but have none.

    ``language``: the reader's, or the query's; None when neither is known, or the lessons were named. ``unknown``: of
    ids that were given, those that no lesson has, each told in one line.
    """

    lessons: tuple[Hit, ...]
    silent: tuple[Hit, ...]
    language: str | None = None
    unknown: tuple[str, ...] = ()


def say(
    kb: ReadableKB,
    words: Sequence[str],
    language: str | None,
    only_language: str | None,
    situation: str | None,
) -> Said:
    """The lessons of these ids, else the best answer that has a script: of those nearly as good, or when the best of
    all has none, first those in the reader's language, for they are to be read aloud. Raises NotFound for what is
    nearly an id."""
    by_id = _known(kb, words)
    if _are_ids(words, by_id):
        named = list(by_id.values())
        return Said(
            tuple(hit for hit in named if hit.parts["script"]),
            tuple(hit for hit in named if not hit.parts["script"]),
            unknown=tuple(_unknown(word, _near(kb, word)) for word in dict.fromkeys(words) if word not in by_id),
        )
    for word in words:
        if _long(word) and (near := _near(kb, word)):
            raise NotFound(_unknown(word, near))
    answer = kb.lookup(
        " ".join(words), limit=_HITS, language=language, only_language=only_language, situation=situation
    )
    hits = answer.hits
    reader = language or only_language or answer.language
    speaking = [n for n, hit in enumerate(hits) if hit.parts["script"]]
    least = _NEARLY * hits[0].score if speaking[:1] == [0] else 0.0
    own = [n for n in speaking if hits[n].language == reader and hits[n].score >= least]
    first = next(iter([*own, *speaking]), len(hits))
    silent = tuple(hit for hit in hits[:first] if not hit.parts["script"])
    return Said(hits[first : first + 1], silent, reader)


def _known(kb: ReadableKB, words: Sequence[str]) -> dict[str, Hit]:
    """The served lessons that have one of the words for an id, in that order."""
    found = find(kb, lambda index: [index.one(word) for word in words], lambda hits: [hit for hit in hits if hit])
    return {hit.id: hit for hit in found if hit is not None and hit.review["status"] != "dropped"}


def _are_ids(words: Sequence[str], known: Collection[str]) -> bool:
    """Whether words are ids and no query. One that a lesson has makes all of them ids; one that may be a word of a
    sentence as well ("no-shows") does so when the others are ids or look like some."""
    return any(map(_long, known)) or (bool(known) and all(word in known or "-" in word for word in words))


def _long(word: str) -> bool:
    """Whether it is three words or more in one: nobody writes so but in an id ("follow-up" is a word)."""
    return word.count("-") >= 2 and " " not in word


def _near(kb: ReadableKB, word: str) -> list[str]:
    from coachkb.jobs.suggesting import mistyped

    ids = [id_ for (id_,) in kb.index().db.execute("SELECT id FROM lesson WHERE review_status != 'dropped'")]
    return mistyped(word, ids)


def _unknown(word: str, near: Sequence[str]) -> str:
    return f"no lesson has the id {word!r}" + (f"; did you mean {', '.join(near)}?" if near else "")
