"""Practice: lessons as cards that come back when they are about to be forgotten (FSRS). No terminal in here.

A face (the command line, a test) shows what ``Session.turn`` gives and hands back a grade; ``walk`` is the loop. Each
grade is saved at once.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachkb.errors import CoachkbError, NotFound, UsageError
from coachkb.jobs.buyer_lines import BuyerLines, Line, labels
from coachkb.model.situation import narrowest
from coachkb.store.cards import GRADES, Card, Cards
from coachkb.surroundings import today

if TYPE_CHECKING:
    import fsrs

    from coachkb.model.hit import Hit
    from coachkb.readable import ReadableKB

#: As many lessons a session without a limit of its own.
LIMIT = 10
#: What a face may answer to a turn besides a grade.
SKIP, QUIT = "skip", "quit"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lessons. ``language``: only of this one; ``reader``: of this one where there are any, else of all, one a
    group. None: any."""

    situation: str | None = None
    language: str | None = None
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A lesson whose turn it is. ``situation``: what it is on first of all; ``number`` of ``total``: which; ``again``:
    it came back within the session."""

    hit: Hit
    situation: str
    line: Line
    card: Card | None
    number: int
    total: int
    again: bool


# ------------------------------------------------------------------------------------------------- what to practise


def practicable(kb: ReadableKB, wanted: Wanted) -> list[Hit]:
    """The lessons that can be practised: with words to say, and something said that they answer; as the vocabulary
    orders them, in every language that is not ruled out. Raises UsageError for an unknown language or situation."""
    hits = kb.browse(language=wanted.language, situation=wanted.situation)
    vocabulary, broader = kb.vocabulary(), kb.index().broader()
    order = {id_: n for n, id_ in enumerate(vocabulary)}
    able = [hit for hit in hits if hit.parts["script"] and labels(hit, vocabulary, broader)]
    if wanted.situation:
        # On it first of all: what stands before it in the lesson is only its broader one.
        able = [hit for hit in able if wanted.situation in (hit.situations[0], narrowest(hit.situations, broader))]
    return sorted(able, key=lambda hit: (order.get(hit.situations[0], len(order)), hit.id))


def session_language(hits: list[Hit], wanted: Wanted, due: Iterable[Hit]) -> str | None:
    """In which language a session is: the one that was asked for, the reader's where it has lessons, else that of the
    lesson that is due first, else the one with the most."""
    if wanted.language or any(hit.language == wanted.reader for hit in hits):
        return wanted.language or wanted.reader
    first = next(iter(due), None)
    counts = Counter(hit.language for hit in hits)
    return first.language if first else max(sorted(counts), key=lambda code: counts[code], default=None)


def for_reader(hits: list[Hit], wanted: Wanted) -> list[Hit]:
    """Of these lessons those in the reader's language, where there are any; of a group the first."""
    if not wanted.language and any(hit.language == wanted.reader for hit in hits):
        hits = [hit for hit in hits if hit.language == wanted.reader]
    groups: set[str] = set()
    kept = []
    for hit in hits:
        if not hit.group or hit.group not in groups:
            kept.append(hit)
            groups.add(hit.group or "")
    return kept


def in_turn(hits: Iterable[Hit], cards: Mapping[str, Card], day: datetime.date) -> list[Hit]:
    """The lessons to practise on a day: those due, longest due first; then new ones.

    New ones go from situation to situation, so that a session does not stay with one; approved lessons come first.
    """
    known = list(hits)
    due = sorted(
        (hit for hit in known if hit.id in cards and cards[hit.id].due <= day),
        key=lambda hit: (cards[hit.id].due, hit.id),
    )
    rounds: dict[str, int] = {}
    new = []
    for hit in sorted(
        (hit for hit in known if hit.id not in cards), key=lambda hit: hit.review["status"] != "approved"
    ):
        rounds[hit.situations[0]] = nth = rounds.get(hit.situations[0], 0) + 1
        new.append((nth, hit))
    return due + [hit for _, hit in sorted(new, key=lambda pair: pair[0])]


# -------------------------------------------------------------------------------------------------------- a session


class Session:
    """The lessons whose turn it is, one after the other. Each grade is saved when it is given.

    Making one raises NotFound when no lesson can be practised, UsageError for an unknown filter or a ``limit`` under 1,
    CoachkbError without the package fsrs, UnusableKB when the cards cannot be read.
    """

    def __init__(
        self,
        kb: ReadableKB,
        wanted: Wanted | None = None,
        limit: int = LIMIT,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """``tell`` is given a line when a broken file of cards was put aside."""
        if limit < 1:
            raise UsageError(f"limit {limit} should be at least 1")
        self._scheduler = scheduler()
        self._cards = Cards(kb.path, kb.with_starter, tell)
        self._lines, self._broader = BuyerLines(kb), kb.index().broader()
        known = self._cards.read()
        wanted = wanted or Wanted()
        able = practicable(kb, wanted)
        due = [hit for hit in in_turn(able, known, today()) if hit.id in known]
        #: Of all its lessons; None when there are none.
        self.language = session_language(able, wanted, due)
        hits = for_reader(able, replace(wanted, reader=self.language))
        if not hits:
            raise NotFound("no lesson with words to say to practise here: 'coachkb browse' lists what there is")
        self._queue = [(hit, False) for hit in in_turn(hits, known, today())[:limit]]
        self._known = known
        self.total = len(self._queue)
        self._begun = 0
        self.counts: dict[str, int] = {}
        #: The day on which the next of these lessons is due; None when one of them was never practised.
        self.next_due = min((known[hit.id].due for hit in hits), default=None) if self._all_known(hits) else None

    def _all_known(self, hits: Iterable[Hit]) -> bool:
        return all(hit.id in self._known for hit in hits)

    @property
    def left(self) -> int:
        """How many turns are still to come."""
        return len(self._queue)

    def turn(self) -> Turn | None:
        """The lesson whose turn it is; None when all had theirs. The line goes round with the number of grades."""
        if not self._queue:
            return None
        hit, again = self._queue[0]
        card = self._known.get(hit.id)
        lines = self._lines.of(hit)
        line = lines[(len(card.grades) if card and not again else 0) % len(lines)]
        situation = narrowest(hit.situations, self._broader)
        return Turn(hit, situation, line, card, self._begun + (not again), self.total, again)

    def grade(self, turn: Turn, grade: str) -> datetime.date:
        """Saves a grade, one of GRADES; gives the day the lesson comes back. ``again``: in this session, too.

        Raises UnusableKB when it cannot be saved; ValueError for another grade.
        """
        day = today()
        card = self._cards.update(turn.hit.id, lambda old: graded(self._scheduler, old, grade, day))
        self._known[turn.hit.id] = card
        self._next(turn)
        self.counts[grade] = self.counts.get(grade, 0) + 1
        if grade == "again":
            self._queue.append((turn.hit, True))
        return card.due

    def skip(self, turn: Turn) -> None:
        """Goes on without a grade."""
        self._next(turn)
        self.counts[SKIP] = self.counts.get(SKIP, 0) + 1

    def _next(self, turn: Turn) -> None:
        self._queue.pop(0)
        self._begun += not turn.again


def walk(session: Session, choose: Callable[[Turn], str], tell: Callable[[str, datetime.date], None]) -> None:
    """Goes through a session: ``choose`` gives a grade, SKIP or QUIT; ``tell`` gets each grade and the day it sets."""
    while (turn := session.turn()) is not None:
        choice = choose(turn)
        if choice == QUIT:
            break
        if choice == SKIP:
            session.skip(turn)
        else:
            tell(choice, session.grade(turn, choice))


# ------------------------------------------------------------------------------------------------------------- FSRS


def scheduler() -> fsrs.Scheduler:
    """FSRS in whole days, with its default parameters. Raises CoachkbError when the package is not installed.

    No steps of minutes: within a session a lesson comes back by itself. No fuzz: the same grades give the same days.
    """
    try:
        from fsrs import Scheduler
    except ImportError as error:
        raise CoachkbError("practice needs the package fsrs: pip install 'coachkb[practice]'") from error
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def graded(its_scheduler: fsrs.Scheduler, card: Card | None, grade: str, day: datetime.date) -> Card:
    """The card after a grade on a day. Raises ValueError for a grade that is none of GRADES."""
    from fsrs import Rating

    if grade not in GRADES:
        raise ValueError(grade)
    rating = Rating(GRADES.index(grade) + 1)
    after, _ = its_scheduler.review_card(_for_fsrs(card), rating, review_datetime=_moment(day))
    assert after.stability is not None
    assert after.difficulty is not None
    before = card.grades if card else ()
    return Card(after.due.date(), after.stability, after.difficulty, (*before, (day, grade)))


def recall(its_scheduler: fsrs.Scheduler, card: Card, day: datetime.date) -> float:
    """The chance, 0 to 1, that a lesson is remembered on a day, by FSRS."""
    return float(its_scheduler.get_card_retrievability(_for_fsrs(card), _moment(day)))


def _for_fsrs(card: Card | None) -> fsrs.Card:
    import fsrs

    if card is None:
        return fsrs.Card(card_id=1)
    return fsrs.Card(
        card_id=1,
        state=fsrs.State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=_moment(card.due),
        last_review=_moment(card.last),
    )


def _moment(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
