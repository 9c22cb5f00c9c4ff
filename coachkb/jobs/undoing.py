"""What was done to a knowledge base, and taking it back, file by file; what a person did since stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachkb.errors import NotFound
from coachkb.jobs.indexing import bring_index_up_to_date
from coachkb.store import journal
from coachkb.store.folder import read_lesson_file
from coachkb.store.journal_file import Entry

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done: an entry of the journal, and the id of the undo that took it back (None: it stands).

    ``files``: paths below the KB to added, changed or removed. ``at``: local time, ``YYYY-MM-DD HH:MM:SS``.
    """

    id: int
    at: str
    by: str | None
    action: str
    note: str
    files: Mapping[str, str]
    undoes: int | None
    undone_by: int | None
    cut_short: bool


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What undo made of one file: restored, removed, kept (with the reason), or same (it stood so already)."""

    path: str
    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """An undo: what was taken back, and file by file what came of it. ``id``: its own entry; None: nothing changed.

    ``earlier``: the entry before it that still stands; None: there is none.
    """

    of: Done
    files: Sequence[TakenBack]
    id: int | None
    earlier: int | None = None

    @property
    def changes(self) -> bool:
        """Whether a file is restored or removed, or would be in a dry run."""
        return any(file.outcome in ("restored", "removed") for file in self.files)


def log(kb: KnowledgeBase) -> list[Done]:
    """See ``KnowledgeBase.log``."""
    entries = journal.entries(kb.path) if kb.path else []
    undone = _undone(entries)
    return [_done(entry, undone) for entry in reversed(entries)]


def undo(kb: KnowledgeBase, number: int | None, dry_run: bool) -> Undone:
    """See ``KnowledgeBase.undo``."""
    if kb.path is None:
        raise NotFound("there is nothing to undo: there is no knowledge base here")
    if dry_run:
        return _undo(kb, kb.path, number, True)
    with journal.writing(kb.path, "undo", kb.notify):
        done = _undo(kb, kb.path, number, False)
    if done.id is not None:
        bring_index_up_to_date(kb)
    return done


def _undo(kb: KnowledgeBase, path: str, number: int | None, dry_run: bool) -> Undone:
    entries = journal.entries(path)
    entry = _chosen(entries, number)
    plan, files = _plan(path, entry, entries)
    id_ = None
    if not dry_run:
        note = f"of {entry.action} {entry.id}"
        id_ = journal.commit(path, "undo", plan, note=note, undoes=entry.id, tell=kb.notify)
    undone = _undone(entries)
    standing = [x.id for x in entries if x.id < entry.id and x.undoes is None and x.id not in undone]
    return Undone(_done(entry, undone), files, id_, max(standing, default=None))


def _undone(entries: Sequence[Entry]) -> dict[int, int]:
    """Entries to the undo that took them back; an undo that was itself taken back does not count."""
    found: dict[int, int] = {}
    for entry in reversed(entries):
        if entry.undoes is not None and entry.id not in found:
            found.setdefault(entry.undoes, entry.id)
    return found


def _done(entry: Entry, undone: Mapping[int, int]) -> Done:
    words = {(True, False): "added", (False, True): "removed"}
    files = {x.path: words.get((x.before is None, x.after is None), "changed") for x in entry.files}
    return Done(
        entry.id,
        entry.at,
        entry.by,
        entry.action,
        entry.note,
        files,
        entry.undoes,
        undone.get(entry.id),
        not entry.done,
    )


def _chosen(entries: Sequence[Entry], number: int | None) -> Entry:
    """The entry to take back: the one named, else the last that stands and is no undo itself."""
    undone = _undone(entries)
    for entry in reversed(entries):
        if entry.id == number or (number is None and entry.undoes is None and entry.id not in undone):
            return entry
    taken_back = [x.id for x in entries if x.undoes is None and x.id in undone]
    if number is None and taken_back:
        last = taken_back[-1]
        raise NotFound(
            f"there is nothing to undo: {last} was taken back by {undone[last]}; if its files came back "
            f"in another way, 'coachkb undo {last}' takes it back again"
        )
    if number is None:
        raise NotFound("there is nothing to undo: 'coachkb log' lists what was done")
    raise NotFound(f"the journal has no entry {number}: 'coachkb log' lists what was done")


def _plan(kb_path: str, entry: Entry, entries: Sequence[Entry]) -> tuple[dict[str, bytes | None], list[TakenBack]]:
    """What to write, and what is told of each file."""
    plan: dict[str, bytes | None] = {}
    told: dict[str, TakenBack] = {}
    for change in entry.files:
        now = journal.digest_of(journal.read(kb_path, change.path))
        if now == change.before:
            told[change.path] = TakenBack(change.path, "same")
        elif now != change.after:
            told[change.path] = TakenBack(change.path, "kept", _why_kept(now, change.path, entry, entries))
        else:
            try:
                plan[change.path] = entry.bytes_of(change.path, "before")
                outcome = "removed" if change.before is None else "restored"
                told[change.path] = TakenBack(change.path, outcome)
            except OSError as error:
                told[change.path] = TakenBack(change.path, "kept", error.strerror)
    for article, lesson in _needed(kb_path, [path for path, x in told.items() if x.outcome == "kept"]).items():
        if article in plan:
            del plan[article]
            told[article] = replace(told[article], outcome="kept", reason=f"{lesson}, which was kept, came from it")
    return plan, list(told.values())


def _why_kept(now: str | None, path: str, entry: Entry, entries: Sequence[Entry]) -> str:
    later = [x for x in entries if x.id > entry.id and any((c.path, c.after) == (path, now) for c in x.files)]
    if later:
        return f"was changed since by {later[-1].action} {later[-1].id}: take that back first"
    return "was edited since" if now is not None else "was deleted since"


def _needed(kb_path: str, kept: Sequence[str]) -> dict[str, str]:
    """The articles that lessons which stay came from: a lesson is not to lose its article."""
    needed: dict[str, str] = {}
    for file in kept:
        if file.startswith("lessons/") and file.endswith((".yaml", ".yml")):
            lesson = read_lesson_file(kb_path, file, 0, 0).lesson
            if lesson is not None and lesson.source.path:
                needed[lesson.source.path] = file
    return needed
