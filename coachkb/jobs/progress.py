"""How practice goes: what is due, and which situations are weak."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.jobs.practising import Wanted, for_reader, in_turn, practicable, recall, scheduler
from coachkb.model.situation import narrowest
from coachkb.store.cards import Card, Cards
from coachkb.surroundings import today

if TYPE_CHECKING:
    import fsrs

    from coachkb.model.hit import Hit
    from coachkb.readable import ReadableKB

_LATEST = 3  # grades of a lesson that tell how sure it is now
_SURE = 2 / 3  # a situation is weak when fewer of its latest grades than this are good or easy
_RECALLED = 0.8  # or when less than this of it is remembered: FSRS asks again at 0.9


@dataclass(frozen=True, slots=True)
class DueLesson:
    """A lesson that is to be practised again, since the day ``due``."""

    hit: Hit
    due: datetime.date


@dataclass(frozen=True, slots=True)
class Standing:
    """A situation: its lessons that can be practised, those practised, those due today.

    ``sure``: the share of good and easy among the latest three grades of each lesson, 0 to 1; ``recall``: the mean
    chance, 0 to 1, that a lesson is remembered today. Both None when nothing was practised.
    """

    id: str
    lessons: int
    practised: int
    due: int
    sure: float | None
    recall: float | None

    @property
    def weak(self) -> bool:
        """Whether it needs practice most: too few good grades of late, or too much forgotten."""
        return (self.sure is not None and self.sure < _SURE - 1e-9) or (
            self.recall is not None and self.recall < _RECALLED
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """``due``: longest due first. ``next_due``: the first day after today on which a lesson is. ``situations``: the
    weakest first, then in the vocabulary's order; a lesson counts for what it is on first of all."""

    today: datetime.date
    lessons: int
    practised: int
    due: tuple[DueLesson, ...]
    next_due: datetime.date | None
    situations: tuple[Standing, ...]


def progress(kb: ReadableKB, wanted: Wanted | None = None, tell: Callable[[str], None] | None = None) -> Progress:
    """How practice goes in a KB. ``wanted`` as for a session; lessons practised in another language than the reader's
    count as well. Raises as ``Session`` does, save that no lessons are no error."""
    its_scheduler, day = scheduler(), today()
    cards = Cards(kb.path, kb.with_starter, tell).read()
    wanted = wanted or Wanted()
    able = practicable(kb, wanted)
    hits = {hit.id: hit for hit in (*for_reader(able, wanted), *(hit for hit in able if hit.id in cards))}
    known = {id_: card for id_, card in cards.items() if id_ in hits}
    due = [DueLesson(hit, known[hit.id].due) for hit in in_turn(hits.values(), known, day) if hit.id in known]
    later = [card.due for card in known.values() if card.due > day]
    broader = kb.index().broader()
    by_situation: dict[str, list[Hit]] = {}
    for hit in hits.values():
        by_situation.setdefault(narrowest(hit.situations, broader), []).append(hit)
    standings = [
        _standing(its_scheduler, id_, by_situation[id_], known, day) for id_ in kb.vocabulary() if id_ in by_situation
    ]
    ranked = sorted(standings, key=_weakest_first)
    return Progress(day, len(hits), len(known), tuple(due), min(later, default=None), tuple(ranked))


def _standing(
    its_scheduler: fsrs.Scheduler, id_: str, hits: Iterable[Hit], cards: Mapping[str, Card], day: datetime.date
) -> Standing:
    some = list(hits)
    known = [cards[hit.id] for hit in some if hit.id in cards]
    latest = [grade for card in known for _, grade in card.grades[-_LATEST:]]
    sure = sum(grade in ("good", "easy") for grade in latest) / len(latest) if latest else None
    recalled = sum(recall(its_scheduler, card, day) for card in known) / len(known) if known else None
    return Standing(id_, len(some), len(known), sum(card.due <= day for card in known), sure, recalled)


def _weakest_first(standing: Standing) -> tuple[bool, bool, float]:
    """Weak ones, then practised ones, then the others; of each kind the least sure first."""
    return not standing.weak, standing.sure is None, standing.sure or 0.0
