"""Drafts read by a person: which come up, what is decided, and each decision saved at once. No terminal in here.

A face (the command line, a test) shows what ``Session.draft`` gives and hands back a ``Decision``; ``walk`` is the
loop.
"""

from __future__ import annotations

import calendar
import datetime
import difflib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coachkb.errors import ChangedMeanwhile, NotFound, UnusableKB, UsageError
from coachkb.jobs.checks.base import article_at
from coachkb.jobs.editing import in_starter
from coachkb.jobs.moving import moved
from coachkb.jobs.suggesting import called, did_you_mean, near_situations, same_id
from coachkb.model.lesson import Lesson, Review
from coachkb.model.numbers import some
from coachkb.model.situation import Situation
from coachkb.model.terms import MAX_SITUATIONS, ROLES
from coachkb.store import journal
from coachkb.store.articles import Article
from coachkb.store.folder import OnFile, lesson_files, read_lesson_file
from coachkb.store.proposals import proposals, settled
from coachkb.store.rewrite import update_text
from coachkb.surroundings import today, user

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase

_UNKNOWN = (0, 0)  # time and size of a file, where nothing hangs on them
#: What can be decided of a lesson; ``move``: passages to another part; ``again``: it is shown anew, for it was edited;
#: ``back``: the one before it is.
DECISIONS = ("accept", "drop", "retag", "move", "again", "skip", "back", "quit")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a lesson. ``kind`` is one of ``DECISIONS``; ``situations`` goes with ``retag``, with
    ``move`` the ``numbers`` of passages and the ``part`` they belong to, as ``jobs.moving`` has them."""

    kind: str
    situations: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lessons: of these ids, language, situation, and at least as sure (0 to 1). None and empty: any."""

    ids: tuple[str, ...] = ()
    language: str | None = None
    situation: str | None = None
    min_sureness: float | None = None

    def takes(self, lesson: Lesson) -> bool:
        """Whether a lesson is among them; one whose sureness is not known is never sure enough."""
        sure = lesson.sureness
        return (
            (not self.ids or lesson.id in self.ids)
            and (not self.language or lesson.language == self.language)
            and (not self.situation or self.situation in lesson.situations)
            and (self.min_sureness is None or (sure is not None and sure >= self.min_sureness))
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A lesson that waits for a decision. ``digest``: of its file as it was read; ``number`` of ``total``: its turn."""

    file: str
    text: str
    digest: str | None
    lesson: Lesson
    article: Article
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A lesson that a rule decided on: its id, its review status before and after."""

    id: str
    before: str
    after: str


def until_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def reviewed(lesson: Lesson, status: str, months: int, until: str | None = None) -> Lesson:
    """The lesson approved, dropped or a draft again, by whom and on which day. Raises UsageError: nobody is known.

    Who approves a lesson approves what stands in it: its conflicts are settled with that; what says nothing cannot be
    approved (UsageError).
    """
    if status == "approved" and (lack := lacks(lesson)):
        raise UsageError(f"{lesson.id} {lack}: 'coachkb edit {lesson.id}' opens it")
    if status == "draft":
        return replace(lesson, review=Review())
    by = user()
    if by is None:
        raise UsageError("who are you? Set COACHKB_USER: a review says who made it")
    day = today()
    end = until or until_after(day, months).isoformat()
    if status == "approved" and (open_ := proposals(lesson)):
        lesson = settled(lesson, "mine", open_)
    return replace(lesson, review=Review(status, by, day.isoformat(), end if status == "approved" else None))


def checked_until(until: str | None) -> str | None:
    """``until`` as it was given. Raises UsageError when it is no day, or a day that is past."""
    if until is None:
        return None
    try:
        day = datetime.date.fromisoformat(until)
    except ValueError as error:
        raise UsageError(f"until {until!r} should be a day, YYYY-MM-DD") from error
    if day < today():
        raise UsageError(f"until {until}: that day is past")
    return day.isoformat()


def tagged(told: str, vocabulary: Mapping[str, Situation]) -> tuple[str, ...]:
    """Situations as a person types them, each broader one put before its narrower: ids with blanks or commas between,
    or names of whatever language with commas between.

    Raises UsageError when one is unknown (naming the nearest) or they are too many.
    """
    found: list[str] = []
    for id_ in [id_ for piece in told.split(",") for id_ in _ids(piece.strip(), vocabulary)]:
        broader = vocabulary[id_].broader
        found += [x for x in (broader, id_) if x and x not in found]
    if len(found) > MAX_SITUATIONS:
        raise UsageError(f"{', '.join(found)} are {len(found)}, at most {MAX_SITUATIONS} fit")
    return tuple(found)


def _ids(told: str, vocabulary: Mapping[str, Situation]) -> list[str]:
    """The situations that a name, or ids with blanks between, stand for. Raises UsageError for what is neither."""
    named = called(told, vocabulary)
    if len(named) == 1:
        return named
    unknown = [word for word in told.split() if word not in vocabulary]
    if not unknown:
        return told.split()
    wrong = unknown[0] if len(unknown) < len(told.split()) else told
    near = named or near_situations(wrong, vocabulary) or difflib.get_close_matches(wrong, vocabulary, n=3, cutoff=0.4)
    raise UsageError(f"unknown situation {wrong!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))


def lacks(lesson: Lesson) -> str | None:
    """Why a lesson cannot be approved: it says nothing. None when it says something."""
    if any(char.isalnum() for role in ROLES for passage in lesson.part(role) for char in passage.text):
        return None
    return f"has no words in any part ({', '.join(ROLES)})"


def doubts(lesson: Lesson) -> str | None:
    """Why a lesson should not be approved unseen: a conflict that is open."""
    open_ = ", ".join(proposals(lesson))
    return f"the article changed what a person had edited ({open_})" if open_ else None


@dataclass(slots=True)
class Session:
    """A walk through lessons. What is decided is saved at once, so that it may stop anywhere and go on later."""

    kb: KnowledgeBase
    wanted: Filter = field(default_factory=Filter)
    again: bool = False
    until: str | None = None
    queue: list[str] = field(default_factory=list)  # files still to come
    past: list[str] = field(default_factory=list)  # files that had their turn, the last one last
    decided: dict[str, str] = field(default_factory=dict)  # files, with what was decided of them
    total: int = 0

    def __post_init__(self) -> None:
        """``again``: approvals past their date come up instead of drafts. Raises NotFound for an id that is none."""
        self.until = checked_until(self.until)
        items, self.wanted = _items(self.kb, self.wanted)
        waiting = [x for x in items if self._waits(x) and x.lesson and self.wanted.takes(x.lesson)]
        self.queue = [item.file for item in sorted(waiting, key=_unsure_first)]
        self.total = len(self.queue)

    @property
    def counts(self) -> dict[str, int]:
        """How many lessons were accepted, dropped and skipped; each counts as it was decided last."""
        return dict(Counter(self.decided.values()))

    @property
    def left(self) -> int:
        """How many lessons nobody has looked at yet."""
        return sum(file not in self.decided for file in self.queue)

    def _waits(self, item: OnFile) -> bool:
        """Whether a lesson is still to be decided on, whatever else was edited in it; or was gone back to."""
        if item.lesson is None:
            return False
        if item.file in self.decided:
            return True
        review = item.lesson.review
        if self.again:
            return review.status == "approved" and bool(review.until) and str(review.until) < today().isoformat()
        return review.status == "draft" or bool(self.wanted.ids)

    def draft(self) -> Draft | None:
        """The lesson whose turn it is, as its file is now; None when all had theirs."""
        while self.queue:
            item = read_lesson_file(_path(self.kb), self.queue[0], *_UNKNOWN)
            if item.lesson is not None and self._waits(item):
                number = self.total - len(self.queue) + 1
                article = article_at(self.kb, item.lesson.source.path)
                return Draft(item.file, item.text, item.digest, item.lesson, article, number, self.total)
            self.queue.pop(0)  # someone decided, deleted or broke it in the meantime
        return None

    def decide(self, draft: Draft, decision: Decision) -> None:
        """Saves a decision. Raises ChangedMeanwhile when the file is no longer what was shown: nothing is saved; and
        UsageError for accepting what ``lacks`` words."""
        months = self.kb.settings.review_months
        if decision.kind == "accept":
            self._save(draft, reviewed(draft.lesson, "approved", months, self.until), "review")
        elif decision.kind == "drop":
            self._save(draft, reviewed(draft.lesson, "dropped", months), "drop")
        elif decision.kind == "retag":
            self._save(draft, replace(draft.lesson, situations=decision.situations), "review")
        elif decision.kind == "move":
            self._save(draft, moved(draft.lesson, decision.numbers, decision.part), "review")
        elif decision.kind == "back":
            self.queue[:0] = self.past[-1:]
            del self.past[-1:]
        elif decision.kind not in DECISIONS:
            raise ValueError(decision.kind)
        if decision.kind in ("accept", "drop"):
            self.decided[draft.file] = decision.kind
        elif decision.kind == "skip":
            self.decided.setdefault(draft.file, "skip")  # what was decided of it before stands
        if decision.kind in ("accept", "drop", "skip"):
            self.past.append(self.queue.pop(0))

    def _save(self, draft: Draft, lesson: Lesson, action: str) -> None:
        data = update_text(draft.text, draft.file, lesson).encode("utf-8")
        seen = {draft.file: draft.digest}
        journal.commit(_path(self.kb), action, {draft.file: data}, note=lesson.id, seen=seen, tell=self.kb.notify)


def walk(
    session: Session,
    choose: Callable[[Draft], Decision],
    tell: Callable[[str], None],
    done: Callable[[Draft, Decision], None] | None = None,
) -> None:
    """Goes through a session: ``choose`` decides on each lesson, ``tell`` gets a line where one was not saved, ``done``
    each decision that was."""
    while (draft := session.draft()) is not None:
        decision = choose(draft)
        if decision.kind == "quit":
            break
        try:
            session.decide(draft, decision)
        except ChangedMeanwhile:
            tell(f"{draft.file} was changed while you read it: nothing was saved; here it is as it is now")
            continue
        if done:
            done(draft, decision)


def batch(
    kb: KnowledgeBase, action: str, wanted: Filter, *, until: str | None = None, everything: bool = False, dry_run: bool
) -> list[Decided]:
    """Accepts or drops drafts, or reopens what was decided, by rule, in one commit. See ``KnowledgeBase.review``.

    Of a lesson that is not accepted for what it ``lacks``, or left out for ``doubts``, a line goes to ``kb.notify``.
    """
    status = {"accept": "approved", "drop": "dropped", "reopen": "draft"}.get(action)
    if status is None:
        raise UsageError(f"unknown action {action!r}: accept, drop or reopen")
    if wanted == Filter() and not everything:
        raise UsageError(
            f"{action} which? Give ids, language, situation or min_sureness, or everything=True",
            f"{action} which? Give ids, --only-lang, --situation or --min-sureness, or --all for every one",
        )
    if wanted.min_sureness is not None and not 0 <= wanted.min_sureness <= 1:
        raise UsageError(f"min_sureness is {wanted.min_sureness}: how sure the machine must be is from 0 to 1")
    until = checked_until(until)
    if until and action != "accept":
        raise UsageError(f"until goes with accept, not with {action}")
    changes: dict[str, bytes | None] = {}
    seen: dict[str, str | None] = {}
    decided = []
    items, wanted = _items(kb, wanted)
    for item in items:
        lesson = item.lesson
        if lesson is None or not wanted.takes(lesson) or not _bears_on(action, lesson.review.status, wanted):
            continue
        if action == "accept" and (told := _not_accepted(lesson, wanted)):
            if kb.notify:
                kb.notify(told)
            continue
        new = reviewed(lesson, status, kb.settings.review_months, until)
        changes[item.file] = update_text(item.text, item.file, new).encode("utf-8")
        seen[item.file] = item.digest
        decided.append(Decided(lesson.id, lesson.review.status, status))
    if changes and not dry_run:
        note = f"{action}, {some(len(changes), 'lesson')}"
        name = "drop" if action == "drop" else "review"
        journal.commit(_path(kb), name, changes, note=note, seen=seen, tell=kb.notify)
    return decided


def _not_accepted(lesson: Lesson, wanted: Filter) -> str | None:
    if lack := lacks(lesson):
        return f"not accepted: {lesson.id} {lack}: 'coachkb edit {lesson.id}' opens it"
    why = None if lesson.id in wanted.ids else doubts(lesson)
    return f"left out, unless it is named: {lesson.id}: {why}" if why else None


def _bears_on(action: str, status: str, wanted: Filter) -> bool:
    """Drafts are decided on, and by its id any lesson; what was decided is reopened."""
    return status != "draft" if action == "reopen" else status == "draft" or bool(wanted.ids)


def _path(kb: KnowledgeBase) -> str:
    if kb.path is None:
        raise UnusableKB(
            "there is no knowledge base of your own to review: open one by its path",
            "there is no knowledge base of your own to review: name one with --kb",
        )
    return kb.path


def _items(kb: KnowledgeBase, wanted: Filter) -> tuple[list[OnFile], Filter]:
    """The KB's own lesson files, and what is wanted with the ids as the lessons have them. Raises NotFound for an id
    that none has, UsageError for an unknown filter."""
    items = list(lesson_files(_path(kb)))
    for item in items:
        if item.error:
            kb._note(item.error)
    kb._check_filters(wanted.language, wanted.situation)
    own = [item.lesson.id for item in items if item.lesson]
    ids = tuple(same_id(id_, own) for id_ in wanted.ids)
    for id_ in ids:
        if id_ not in own:
            raise NotFound(_no_such(kb, id_, own))
    return items, replace(wanted, ids=ids)


def _no_such(kb: KnowledgeBase, id_: str, own: Collection[str]) -> str:
    if broken := kb.broken_file(id_):
        return broken
    if kb.with_starter and (starters := in_starter(id_)) and starters.lesson:
        return f"{starters.lesson.id!r} is the built-in starter's: it cannot be reviewed in your knowledge base"
    return f"no lesson of this knowledge base has the id {id_!r}{did_you_mean(id_, own)}"


def _unsure_first(item: OnFile) -> tuple[float, str]:
    """What the machine was least sure of first; what a person wrote last."""
    sure = item.lesson.sureness if item.lesson else None
    return (2.0 if sure is None else sure, item.file)
