"""What people asked that nothing answered: the lessons to write, with the situations they would be nearest to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.search.likely import knows_any
from coachkb.store import misses

if TYPE_CHECKING:
    from coachkb.readable import ReadableKB

_NEAREST = 3
#: A situation is near when it is so many times as likely as each would be, were all alike.
_STANDS_OUT = 2.0


@dataclass(frozen=True, slots=True)
class Missed:
    """A query of the log (at most 200 characters), how often it was asked, and its language (None: not sure).

    ``situations``: the nearest ones, if any stands out, with a likelihood of 0 to 1, best first. ``answered_by``: the
    id of the lesson that answers it by now, in the knowledge base at hand; a query that was cut counts as not answered.
    ``words``: whether any of its words is one, in whatever language; else it is a slip of the keyboard. ``guess``: what
    answered it was told to be a guess.
    """

    query: str
    times: int
    language: str | None
    situations: tuple[tuple[str, float], ...]
    answered_by: str | None
    words: bool
    guess: bool = False


def missed(kb: ReadableKB) -> list[Missed]:
    """The queries of the log, those that a guess answered last, and of each kind the most asked for first.

    Raises OSError when the log cannot be read.
    """
    found = []
    queries = [(*item, guess) for guess in (False, True) for item in misses.recall(guess)]
    index = kb.index() if queries else None
    for query, times, guess in queries:
        assert index is not None
        hits, meant, language = index.search(query, limit=1)
        words = knows_any(index.db, query)
        near = tuple(item for item in meant[:_NEAREST] if item[1] * len(kb.vocabulary()) > _STANDS_OUT)
        fits = bool(hits) and hits[0].sure and len(query) < misses.LONGEST
        answered = hits[0].id if fits else None
        found.append(Missed(query, times, language if words else None, near if words else (), answered, words, guess))
    return found
