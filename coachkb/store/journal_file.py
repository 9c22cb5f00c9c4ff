"""The journal's entries as files of the state folder: what a commit found, what it writes, which are kept.

An entry is one file: a line of JSON, the bytes that stood there before, and, until the commit is done, the bytes that
shall stand there. It is ``<id>.begun`` while the commit runs; then its last bytes are cut off and it is ``<id>.done``.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coachkb.store.files import atomic_write, sha256, sweep

#: How much is kept; the oldest entries go first, and the newest stays whatever its size.
MAX_ENTRIES = 200
MAX_BYTES = 64_000_000
_BEGUN, _DONE, _DAMAGED = ".begun", ".done", ".damaged"
_TEXTS = ("action", "note", "at", "by", "undoes", "place")


@dataclass(frozen=True, slots=True)
class Change:
    """One file of a commit: its path below the KB, and the SHA-256 of its bytes before and after (None: no file)."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit. ``at`` is local time, ``YYYY-MM-DD HH:MM:SS``; ``undoes``: the entry that it takes back."""

    id: int
    action: str
    note: str
    at: str
    by: str | None
    undoes: int | None
    files: tuple[Change, ...]
    done: bool
    place: str  # what the KB was recognised by
    where: str  # the entry's file
    spans: Mapping[tuple[str, str], tuple[int, int]]  # (path, "before" or "after"): offset and length in the file

    def bytes_of(self, path: str, when: str) -> bytes | None:
        """The bytes of a file ``before`` or ``after`` the commit (None: there was no file).

        Raises OSError when the entry no longer holds them: those of after are dropped when the commit is done.
        """
        change = next(change for change in self.files if change.path == path)
        digest = change.before if when == "before" else change.after
        if digest is None:
            return None
        offset, length = self.spans[path, when]
        with open(self.where, "rb") as file:
            file.seek(offset)
            data = file.read(length)
        if sha256(data) != digest:
            raise OSError(5, "the journal no longer holds its bytes", path)
        return data


def begin(
    folder: str,
    head: Mapping[str, Any],
    before: Mapping[str, bytes | None],
    after: Mapping[str, bytes | None],
) -> Entry:
    """Writes an entry to disk, flushed, before the first file of the KB is touched. Raises OSError."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    number = max(_numbers(folder).values(), default=0) + 1
    files = [
        {
            "path": path,
            "before": None if before[path] is None else sha256(before[path] or b""),
            "after": None if new is None else sha256(new),
            "bytes": [len(before[path] or b""), len(new or b"")],
        }
        for path, new in after.items()
    ]
    line = json.dumps({"id": number, **head, "files": files}).encode("ascii") + b"\n"
    blobs = [*(before[path] or b"" for path in after), *(new or b"" for new in after.values())]
    where = os.path.join(folder, f"{number:08d}{_BEGUN}")
    atomic_write(where, line + b"".join(blobs))
    entry = _read(where)
    assert entry is not None
    return entry


def finish(entry: Entry) -> None:
    """Marks a commit as done; what stands in the KB now is not kept twice. A failure costs nothing: it is mended."""
    end = max((sum(span) for (_, when), span in entry.spans.items() if when == "before"), default=None)
    with contextlib.suppress(OSError):
        if end is not None:
            os.truncate(entry.where, end)
        os.replace(entry.where, entry.where.removesuffix(_BEGUN) + _DONE)
        _prune(os.path.dirname(entry.where))


def discard(entry: Entry) -> None:
    """Takes an entry away whose commit was put back."""
    with contextlib.suppress(OSError):
        os.unlink(entry.where)


def read_all(folder: str) -> list[Entry]:
    """The entries, oldest first; what cannot be read as one is passed over."""
    found = [_read(os.path.join(folder, name)) for name in _numbers(folder)]
    return sorted((entry for entry in found if entry), key=lambda entry: entry.id)


def unfinished(folder: str) -> list[Entry]:
    """The entries of commits that were cut short, oldest first. Only for who holds the lock: it also sweeps."""
    sweep(folder, [""])
    found = [_read(os.path.join(folder, name)) for name in _numbers(folder) if name.endswith(_BEGUN)]
    return sorted((entry for entry in found if entry), key=lambda entry: entry.id)


def put_aside(folder: str) -> list[str]:
    """Entries of commits that were cut short and that nobody can finish, for they are damaged: their new paths."""
    found = []
    for name in _numbers(folder):
        path = os.path.join(folder, name)
        if name.endswith(_BEGUN) and _read(path) is None:
            with contextlib.suppress(OSError):
                os.replace(path, path.removesuffix(_BEGUN) + _DAMAGED)
                found.append(path.removesuffix(_BEGUN) + _DAMAGED)
    return found


def _numbers(folder: str) -> dict[str, int]:
    """The entries' file names to their ids."""
    try:
        names = os.listdir(folder)
    except OSError:
        return {}
    stems = {name: name.partition(".") for name in names if name.endswith((_BEGUN, _DONE))}
    return {name: int(stem) for name, (stem, _, _) in stems.items() if stem.isdecimal()}


def _read(where: str) -> Entry | None:
    try:
        with open(where, "rb") as file:
            line = file.readline()
        head = json.loads(line)
        if not _is_whole(head):
            return None
        changes = tuple(Change(item["path"], item["before"], item["after"]) for item in head["files"])
        spans: dict[tuple[str, str], tuple[int, int]] = {}
        offset = len(line)
        for i, when in enumerate(("before", "after")):
            for item in head["files"]:
                spans[item["path"], when] = (offset, item["bytes"][i])
                offset += item["bytes"][i]
        texts = {key: head[key] for key in _TEXTS}
        return Entry(head["id"], files=changes, done=where.endswith(_DONE), where=where, spans=spans, **texts)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_whole(head: Any) -> bool:
    """Whether an entry's head is one that ``begin`` wrote, as far as its types tell: a disk may have damaged it."""
    kinds = {"id": int, "by": str | None, "undoes": int | None, "files": list}
    return all(isinstance(head[key], kinds.get(key, str)) for key in ("id", *_TEXTS, "files")) and all(
        isinstance(item["path"], str)
        and "\0" not in item["path"]
        and not os.path.isabs(item["path"])
        and ".." not in item["path"].split("/")
        and all(isinstance(item[when], str | None) for when in ("before", "after"))
        and len(item["bytes"]) == 2
        and all(type(length) is int and length >= 0 for length in item["bytes"])
        for item in head["files"]
    )


def _prune(folder: str) -> None:
    names = sorted((number, name) for name, number in _numbers(folder).items() if name.endswith(_DONE))
    kept = 0
    for rank, (_, name) in enumerate(reversed(names)):
        path = os.path.join(folder, name)
        kept += os.path.getsize(path)
        if rank and (rank >= MAX_ENTRIES or kept > MAX_BYTES):
            os.unlink(path)
