"""Every change to a knowledge base goes through ``commit``: first into the journal, then to the files, then done.

The journal lies in the state folder, one folder a KB, and is what ``coachkb undo`` and ``coachkb log`` read. Without a
state folder everything works but these two.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Callable, Iterator, Mapping

from coachkb import locate, surroundings
from coachkb.errors import ChangedMeanwhile, UnusableKB
from coachkb.store import files, journal_file
from coachkb.store.folder import check_writable
from coachkb.store.journal_file import Entry

Tell = Callable[[str], None]


@contextlib.contextmanager
def writing(kb_path: str, action: str, tell: Tell | None = None) -> Iterator[None]:
    """The right to write to a KB, for the length of a ``with``; what an earlier writer left half done is mended first.

    Whoever reads files to write them anew takes this around both; inside it, ``commit`` and another ``writing`` of the
    same KB go through. Never hold it while a person thinks: read, let them decide, then ``commit(..., seen=...)``.
    ``tell`` is given one line for each thing that was mended.

    Raises UnusableKB when another process holds it, or a newer coachkb made the KB.
    """
    check_writable(kb_path)
    with files.locked(locate.state_folder(), kb_path, action) as first:
        if first:
            _mend(kb_path, tell)
        yield


def commit(
    kb_path: str,
    action: str,
    changes: Mapping[str, bytes | None],
    *,
    note: str = "",
    seen: Mapping[str, str | None] | None = None,
    undoes: int | None = None,
    tell: Tell | None = None,
) -> int | None:
    """Changes files of a KB, all or none, and journals it. Returns the entry's id; None when nothing changes or the
    journal cannot be written (``tell`` then has a line: this cannot be undone).

    ``action``: ingest, edit, review, drop, new, fix, undo: one word that ``coachkb log`` shows, with ``note`` (one
    line: what and how many). ``changes``: path below the KB, with ``/``, to the new bytes; None removes the file.
    ``seen``: path to ``files.sha256`` of the bytes that the change was made from (None: there was no file). When a
    file is no longer that, nothing is written and ChangedMeanwhile is raised: a person saved it in the meantime.

    Raises UnusableKB when files cannot be written (what was begun is put back), when another process is writing, or
    for a path that leads out of the KB. Killed half-way, the next ``writing`` finishes it.
    """
    with writing(kb_path, action, tell):
        before = {path: read(kb_path, path) for path in changes}
        found = {path: before[path] if path in before else read(kb_path, path) for path in seen or {}}
        stale = [path for path, digest in (seen or {}).items() if digest_of(found[path]) != digest]
        if stale:
            raise ChangedMeanwhile(stale)
        after = {path: data for path, data in changes.items() if data != before[path]}
        if not after:
            return None
        entry = _begin(kb_path, action, note, undoes, before, after)
        try:
            files.swap(kb_path, before, after)
        except BaseException as error:
            left = _put_back(kb_path, before, after)
            if isinstance(entry, Entry) and not left:
                journal_file.discard(entry)
            if isinstance(error, OSError):
                outcome = "nothing was changed" if not left else f"half done: {', '.join(left)}"
                name = os.fsdecode(error.filename) if error.filename else kb_path
                raise UnusableKB(f"{name}: cannot be written ({error.strerror}); {outcome}") from error
            raise
        if isinstance(entry, str):
            if tell:
                tell(f"undo cannot take this {action} back: its journal cannot be written ({entry})")
            return None
        journal_file.finish(entry)
        return entry.id


def entries(kb_path: str) -> list[Entry]:
    """What was done to a KB, oldest first, as far back as the journal goes. Needs no lock."""
    folder = _folder(kb_path)
    return journal_file.read_all(folder) if folder else []


def read(kb_path: str, path: str) -> bytes | None:
    """The bytes of a file of a KB; None: there is none. Raises UnusableKB: unreadable, or outside the KB."""
    whole = files.inside(kb_path, path)
    try:
        return files.content(whole)
    except OSError as error:
        raise UnusableKB(f"{whole}: cannot be read ({error.strerror})") from error


def digest_of(data: bytes | None) -> str | None:
    """What ``seen`` knows a file by."""
    return None if data is None else files.sha256(data)


def _folder(kb_path: str) -> str | None:
    state = locate.state_folder()
    return os.path.join(state, "journal", files.key_of(kb_path)) if state else None


def _begin(
    kb_path: str,
    action: str,
    note: str,
    undoes: int | None,
    before: Mapping[str, bytes | None],
    after: Mapping[str, bytes | None],
) -> Entry | str:
    """The entry, written; or why there is none."""
    folder = _folder(kb_path)
    if not folder:
        return "there is no home folder"
    at = f"{surroundings.today()} {datetime.datetime.now():%H:%M:%S}"
    head = {"action": action, "note": note, "at": at, "by": surroundings.user(), "undoes": undoes}
    try:
        return journal_file.begin(folder, {**head, "place": _place(kb_path)}, before, after)
    except OSError as error:
        return f"{folder}: {error.strerror}"


def _place(kb_path: str) -> str:
    """What tells this KB from another one made later at the same path."""
    try:
        made = os.stat(os.path.join(kb_path, locate.MARK)).st_mtime_ns
        return f"{os.stat(kb_path).st_ino} {made}"
    except OSError:
        return ""


def _put_back(kb_path: str, before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> list[str]:
    """Gives the files that already changed their old bytes; returns those that could not be put back.

    New files go first: on a full disk they make the room that the others need.
    """
    left = []
    for path in sorted(after, key=lambda path: before[path] is not None):
        try:
            if before[path] != after[path] == read(kb_path, path):
                files.swap(kb_path, after, {path: before[path]})
        except (OSError, UnusableKB, ChangedMeanwhile):
            left.append(path)
    return left


def _mend(kb_path: str, tell: Tell | None) -> None:
    """Finishes the commits that were cut short: what was decided is done, and what a person did since stays."""
    folder = _folder(kb_path)
    for path in journal_file.put_aside(folder) if folder else []:
        if tell:
            tell(f"something was cut short and cannot be finished, for its journal is damaged ({path}): "
                 "see with 'coachkb check' whether all is there")  # fmt: skip
    for entry in journal_file.unfinished(folder) if folder else []:
        files.sweep(kb_path, [change.path for change in entry.files])
        same = entry.place == _place(kb_path)
        now: dict[str, bytes | None] = {}
        todo: dict[str, bytes | None] = {}
        left = []
        for change in entry.files:
            now[change.path] = read(kb_path, change.path)
            digest = digest_of(now[change.path])
            if digest == change.after:
                continue
            try:
                if not same or digest != change.before:
                    raise OSError
                todo[change.path] = entry.bytes_of(change.path, "after")
            except OSError:
                left.append(change.path)
        try:
            files.swap(kb_path, now, todo)
        except OSError as error:
            raise UnusableKB(
                f"{kb_path}: the {entry.action} of {entry.at} was cut short and cannot be finished ({error.strerror})"
            ) from error
        journal_file.finish(entry)
        if tell:
            tell(_mended(entry, len(todo), left))


def _mended(entry: Entry, finished: int, left: list[str]) -> str:
    line = f"the {entry.action} of {entry.at} was cut short"
    if finished or not left:
        line += f"; it is finished now ({finished} of {len(entry.files)} files were still to write)"
    if left:
        line += f"; left as they are, for they changed since: {', '.join(left[:5])}{', …' if len(left) > 5 else ''}"
    return line
