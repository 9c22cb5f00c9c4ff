"""Keeps a knowledge base's index as fresh as its lesson files. The one place where store and search meet."""

from __future__ import annotations

import atexit
import contextlib
import errno
import glob
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from coachkb import locate
from coachkb.data.load import language_codes, profiles, vocabulary
from coachkb.errors import UnreadableFile, UnusableKB
from coachkb.jobs.freshness import as_on_disk, as_surveyed, folders_as_on_disk, large, shown_as_on_disk
from coachkb.search.analysis import INDEX_VERSION
from coachkb.search.index import build_over, refresh
from coachkb.search.likely import languages
from coachkb.search.query import Index
from coachkb.search.rows import LessonFile
from coachkb.store import files
from coachkb.store.folder import OnFile, lesson_files, read_lesson_file

if TYPE_CHECKING:
    from coachkb.model.hit import Hit
    from coachkb.readable import ReadableKB

_T = TypeVar("_T")
_FAULT = "; with a fault"  # in the stamp of an index whose situations.yaml has one
_PATIENCE = 20.0  # seconds


def open_index(kb: ReadableKB, rebuild: bool = False, everything: bool = True) -> tuple[Index, list[UnreadableFile]]:
    """The KB's index, fresh, and the lesson files that are not in it because they are broken.

    ``everything``: whether every file of a large KB is looked at, see ``jobs.freshness``.

    It lies in the cache folder, else in a temporary one. Raises UnusableKB when neither can be written.
    """
    if kb.path is None:
        return Index(locate.STARTER_INDEX), []
    path = locate.index_path(kb.path, kb.located.named)
    for attempt in (path, None):
        try:
            target = attempt or _temporary(None if rebuild else path)
            index = _fresh(kb, target, rebuild, everything)
            return index, _problems(index)
        except (OSError, sqlite3.Error) as error:
            if attempt is None:
                raise UnusableKB(f"{kb.path}: there is no place to make its search index ({error})") from error
    raise AssertionError("unreachable")


def bring_index_up_to_date(kb: ReadableKB) -> None:
    """Looks after the index once lessons were written; what was written stands, whether or not there is room for it."""
    kb.close()
    try:
        kb.index()
    except UnusableKB as error:
        if kb.notify:
            kb.notify(str(error))


def find(kb: ReadableKB, search: Callable[[Index], _T], shown: Callable[[_T], Iterable[Hit]]) -> _T:
    """What ``search`` finds in the KB's index, when the files of the lessons ``shown`` in it are as they were indexed;
    else what it finds once all changes are. A damaged index is made anew."""
    index = kb.index(everything=False)
    try:
        found = search(index)
        if kb.path is None or shown_as_on_disk(index, kb.path, shown(found)):
            return found
        kb._look_again(everything=True)
        return search(kb.index())
    except sqlite3.DatabaseError:
        if kb.path is None:
            raise
        return search(kb.index(rebuild=True))


def still_fresh(index: Index, kb_path: str, everything: bool) -> bool:
    """Whether an open index still says what the KB's files say."""
    stamp = locate.stamp(kb_path)
    with contextlib.suppress(sqlite3.Error):
        return index.meta("stamp") in (stamp, stamp + _FAULT) and as_on_disk(index, kb_path, everything)
    return False


def _temporary(path: str | None) -> str:
    """A place for an index of this process alone; what could not be refreshed where it lies is copied there."""
    folder = tempfile.mkdtemp(prefix="coachkb-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    new = os.path.join(folder, "index.sqlite")
    if path and not os.path.exists(f"{path}-journal"):  # a copy without its journal would be half a refresh
        with contextlib.suppress(OSError):
            shutil.copyfile(path, new)
    return new


def _fresh(kb: ReadableKB, path: str, rebuild: bool, everything: bool) -> Index:
    """The index at a path, made or refreshed where needed, by one process at a time; a fresh one is just opened."""
    assert kb.path is not None
    stamp, found = _stamp(kb), None
    index = None if rebuild else _usable(path, stamp)
    if index:
        with contextlib.suppress(sqlite3.Error):
            if not everything and large(index) and folders_as_on_disk(index, kb.path):
                return index
            found = _survey(kb.path)
            if as_surveyed(index, found.folders):
                return index
        index.close()
    with _alone(path) as waited:
        if waited or found is None:
            found = _survey(kb.path)
        if rebuild or not _refreshed(kb.path, path, stamp, found):
            _rebuild(kb, path, stamp, found)
    return Index(path)


def _usable(path: str, stamp: str) -> Index | None:
    if not os.path.exists(path):
        return None
    with contextlib.suppress(sqlite3.Error):
        index = Index(path)
        with contextlib.suppress(sqlite3.Error):
            if index.meta("version") == INDEX_VERSION and index.meta("stamp") == stamp:
                return index
        index.close()
    return None


def _refreshed(kb_path: str, path: str, stamp: str, found: _Found) -> bool:
    """Reads the files that changed into the index; False when everything is to be read anew."""
    with contextlib.suppress(sqlite3.Error):
        if os.path.exists(f"{path}-journal"):  # a refresh was killed: opening to write takes it back
            with contextlib.closing(sqlite3.connect(path, timeout=10)) as db:
                db.execute("SELECT 1 FROM meta").fetchone()
        index = _usable(path, stamp)
        if index is None:
            return False
        with contextlib.closing(index):
            known = index.folders()
        changed, gone = _differences(known, found.folders)
        if len(changed) + len(gone) <= 200 + sum(len(folder.names) for folder in found.folders.values()) // 4:
            items = [_nameable(read_lesson_file(kb_path, file, *state)) for file, state in sorted(changed.items())]
            if not _needs_all(path, items, gone):
                good, bad = _good(items, found.started), _bad(items, found.started)
                refresh(path, good, gone, bad, profiles(), found.to_keep())
                return True
    return False


def _differences(
    known: Mapping[str, tuple[int, bytes, bytes]], found: Mapping[str, locate.Folder]
) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """The files that are new or changed, with their states, and those that are gone."""
    changed: dict[str, tuple[int, int]] = {}
    gone: list[str] = []
    for path in sorted({*known, *found}):
        packed, folder = known.get(path, (0, b"", b"")), found.get(path, locate.Folder(0, [], []))
        if packed[1:] == folder.packed():
            continue
        names, numbers = folder.packed()
        if names == packed[1]:  # as it is when files were only written to
            for i in _unequal(packed[2], numbers):
                changed[locate.below(path, folder.names[i])] = folder.numbers[2 * i], folder.numbers[2 * i + 1]
        else:
            before, now = locate.Folder.unpacked(*packed).states(), folder.states()
            changed.update({locate.below(path, name): state for name, state in now.items() - before.items()})
            gone += [_escaped(locate.below(path, name)) for name in before.keys() - now.keys()]
    return changed, gone


def _unequal(a: bytes, b: bytes, size: int = 16, most: int = 256) -> Iterator[int]:
    """Which items of ``size`` bytes differ; stretches of ``most`` items that are the same are passed over in one."""
    for start in range(0, len(a), size * most):
        if a[start : start + size * most] != b[start : start + size * most]:
            for at in range(start, min(start + size * most, len(a)), size):
                if a[at : at + size] != b[at : at + size]:
                    yield at // size


def _rebuild(kb: ReadableKB, path: str, stamp: str, found: _Found) -> None:
    """Makes the index anew, beside the old one until it is whole."""
    assert kb.path is not None
    items = [_nameable(item) for item in lesson_files(kb.path)]
    known = profiles()  # first: a fault in one of them is told before anything is said to have begun
    situations = kb.vocabulary()
    added = situations if situations != vocabulary() or _has_more_languages() else None
    last = _usable(path, stamp)
    if last:  # what it learned is taken over
        last.close()
    elif added is not None and kb.notify:
        kb.notify("learning the situations or languages of your own; this takes some seconds, once")
    new = f"{path}.new"
    for left in glob.glob(f"{glob.escape(new)}*"):  # by a builder that was killed
        os.unlink(left)
    build_over(
        locate.STARTER_INDEX,
        new,
        _good(items, found.started),
        _bad(items, found.started),
        added,
        known,
        keep=kb.with_starter,
        stamp=stamp,
        seen=found.to_keep(),
        before=path,
    )
    for old in (path, f"{path}-journal"):  # in this order: a journal left behind would be played into the new index
        with contextlib.suppress(FileNotFoundError):
            os.unlink(old)
    os.replace(new, path)


def _has_more_languages() -> bool:
    """Whether there are languages, added as data files, that the starter's index was not made with."""
    with contextlib.closing(Index(locate.STARTER_INDEX)) as index:
        return set(languages(index.db)) != set(language_codes())


@contextlib.contextmanager
def _alone(path: str) -> Iterator[bool]:
    """One process at a time makes or refreshes an index; the others wait for it (True), and find it done.

    Raises OSError after ``_PATIENCE`` seconds, or when there can be no lock file: then an index of one's own is made.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.lock", "a", encoding="utf-8") as file:
        until, waited = time.monotonic() + _PATIENCE, False
        while not files.try_lock(file.fileno()):
            if time.monotonic() >= until:
                raise TimeoutError(errno.ETIMEDOUT, "another coachkb is making the index", path)
            time.sleep(0.02)
            waited = True
        yield waited


def _stamp(kb: ReadableKB) -> str:
    """The KB's stamp; with a mark when its settings or situations have a fault, so that the quick door leaves it to be
    told."""
    assert kb.path is not None
    stamp = locate.stamp(kb.path) + (_FAULT if kb.settings.faults else "")
    if os.path.exists(os.path.join(kb.path, locate.SITUATIONS)):
        before = len(kb.problems)
        kb.vocabulary()
        if len(kb.problems) > before or any(locate.SITUATIONS in problem.path for problem in kb.problems):
            stamp += _FAULT
    return stamp


def _needs_all(path: str, items: Iterable[OnFile], gone: list[str]) -> bool:
    """Whether everything is to be read anew: an id would stand in two files (the same file always wins), or a lesson
    changes that is the starter's too (which stands again when the KB's is gone)."""
    touched = [*gone, *(item.file for item in items)]
    ids = {item.lesson.id: item.file for item in items if item.lesson}
    with contextlib.closing(Index(path)) as index:
        if gone and index.db.execute("SELECT 1 FROM broken LIMIT 1").fetchone():
            return True
        for id_, file in ids.items():
            known = index.file_of(id_)
            if known is not None and known != file:
                return True
        before = {id_ for file in touched for id_ in index.ids_in(file)}
    if len(ids) < sum(item.lesson is not None for item in items):
        return True
    with contextlib.closing(Index(locate.STARTER_INDEX)) as index:
        starter = {id_ for (id_,) in index.db.execute("SELECT id FROM lesson")}
    return not starter.isdisjoint(before | set(ids))


@dataclass(frozen=True, slots=True)
class _Found:
    """The lesson files as they were found, and when that began (ns)."""

    folders: dict[str, locate.Folder]
    started: int

    def youngest(self) -> int:
        """The time of the last change (ns)."""
        return max(max([folder.time, *folder.numbers[::2]]) for folder in self.folders.values())

    def to_keep(self) -> list[tuple[str, int, bytes, bytes]]:
        """The same packed, without the times that are too young to be told from the next change's."""
        kept = self.folders
        if locate.settled(self.youngest(), self.started) == -1:
            kept = {path: self._settled(folder) for path, folder in kept.items()}
        return [(path, folder.time, *folder.packed()) for path, folder in kept.items()]

    def _settled(self, folder: locate.Folder) -> locate.Folder:
        numbers = folder.numbers.copy()
        numbers[::2] = [locate.settled(changed, self.started) for changed in numbers[::2]]
        return locate.Folder(locate.settled(folder.time, self.started), folder.names, numbers)


def _survey(kb_path: str) -> _Found:
    """The lesson files as they are. It waits for the clock of the file system to go on first, for a change within the
    same tick as the last one could not be told by its time."""
    started = time.time_ns()
    found = _Found(locate.survey(kb_path), started)
    since = time.time_ns() - found.youngest()
    if not 0 <= since <= locate.TICK:
        return found
    time.sleep((locate.TICK - since) / 1e9 + 0.001)
    started = time.time_ns()
    return _Found(locate.survey(kb_path), started)


def _nameable(item: OnFile) -> OnFile:
    """The item; when no text can hold its name, as a file that cannot be used."""
    name = _escaped(item.file)
    if name == item.file:
        return item
    error = UnreadableFile(name, "has a name that is not UTF-8: rename it")
    return replace(item, file=name, lesson=None, error=error)


def _escaped(file: str) -> str:
    return file.encode("utf-8", "backslashreplace").decode("utf-8")


def _good(items: Iterable[OnFile], started: int) -> list[LessonFile]:
    """The lessons of the files that can be used, as they were when ``started``."""
    return [
        LessonFile(item.lesson, item.file, locate.settled(item.mtime, started), item.size)
        for item in items
        if item.lesson
    ]


def _bad(items: Iterable[OnFile], started: int) -> list[tuple[str, int, int, str]]:
    return [
        (item.file, locate.settled(item.mtime, started), item.size, str(item.error)) for item in items if item.error
    ]


def _problems(index: Index) -> list[UnreadableFile]:
    found = []
    for file, reason in index.db.execute("SELECT file, reason FROM broken ORDER BY file"):
        head, _, rest = str(reason).partition(": ")
        found.append(UnreadableFile(head or file, rest))
    return found
