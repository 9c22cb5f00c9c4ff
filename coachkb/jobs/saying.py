"""The words to say, for what a buyer said or for lessons by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.errors import NotFound
from coachkb.jobs.indexing import find

if TYPE_CHECKING:
    from coachkb.model.hit import Hit
    from coachkb.readable import ReadableKB

_HITS = 20  # as many answers are looked through for one with words to say


@dataclass(frozen=True, slots=True)
class Said:
    """The lessons with the words to say, and those that fit better but have none. ``language``: the reader's, or the
    query's; None when neither is known, or the lessons were named."""

    lessons: tuple[Hit, ...]
    silent: tuple[Hit, ...]
    language: str | None = None


def say(
    kb: ReadableKB,
    words: Sequence[str],
    language: str | None,
    only_language: str | None,
    situation: str | None,
) -> Said:
    """The lessons of these ids, else the best answer that has a script: when the best of all has none, of the others
    first those in the reader's language. Raises NotFound for an id that is none."""
    named = _named(kb, words)
    if named:
        return Said(
            tuple(hit for hit in named if hit.parts["script"]), tuple(hit for hit in named if not hit.parts["script"])
        )
    answer = kb.lookup(
        " ".join(words), limit=_HITS, language=language, only_language=only_language, situation=situation
    )
    hits = answer.hits
    reader = language or only_language or answer.language
    speaking = [n for n, hit in enumerate(hits) if hit.parts["script"]]
    own = [n for n in speaking if hits[n].language == reader]
    first = 0 if speaking[:1] == [0] else next(iter([*own, *speaking]), len(hits))
    silent = tuple(hit for hit in hits[:first] if not hit.parts["script"])
    return Said(hits[first : first + 1], silent, reader)


def _named(kb: ReadableKB, words: Sequence[str]) -> list[Hit]:
    """The lessons that all the words are ids of; none when they are a query."""
    found = find(kb, lambda index: [index.one(word) for word in words], lambda hits: [hit for hit in hits if hit])
    hits = [hit for hit in found if hit is not None and hit.review["status"] != "dropped"]
    if hits and len(hits) == len(words):
        return hits
    by_id = {hit.id for hit in hits}
    for word in words:
        if "-" in word and " " not in word and word not in by_id:
            from coachkb.jobs.suggesting import mistyped

            ids = [id_ for (id_,) in kb.index().db.execute("SELECT id FROM lesson WHERE review_status != 'dropped'")]
            near = mistyped(word, ids)
            if near:
                raise NotFound(f"no lesson has the id {word!r}; did you mean {', '.join(near)}?")
    return []
