"""Files: whole or not at all, and names that are safe on every system."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from coachkb.errors import ChangedMeanwhile, UnreadableFile, UnusableKB
from coachkb.model.visible import safe

_DEVICES = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{i}" for port in ("com", "lpt") for i in "0123456789¹²³"),
    ]
)  # names that Windows will not have as files, whatever their suffix
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_LETTERS = str.maketrans(
    dict[str, str | int | None]({"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "đ": "d", "ł": "l"})
)  # letters that do not come apart into a plain one and a mark
_SLUG_LENGTH = 60
_PREFIX, _SUFFIX = ".coachkb-", ".tmp"
#: Seconds to wait for another writer before giving up: a save takes milliseconds, an ingest may take minutes.
WAIT = 5.0
_held: set[tuple[int, str]] = set()  # threads and the knowledge bases they have locked
_STEM_BYTES = 120  # file systems take 255; a number and a suffix are still to come


def atomic_write(path: str, data: bytes) -> None:
    """Writes a file so that it is whole, old or new, whenever the process dies: temporary file, fsync, rename."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    temporary = _staged(path, data)
    try:
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)


def swap(root: str, before: Mapping[str, bytes | None], changes: Mapping[str, bytes | None]) -> None:
    """Writes and removes files below a folder; each is whole, old or new, whenever the process dies.

    All new bytes are on disk before the first file changes, so that a full disk is met before anything was done.
    ``changes``: path below ``root``, with ``/``, to the bytes; None removes it, and its folder when that was its last
    (a folder directly below ``root`` stays). ``before``: what stands there now; each file is looked at once more just
    before it changes, for people save files without asking us. Raises OSError, and ChangedMeanwhile for such a file;
    those before it have changed then.
    """
    staged: dict[str, str] = {}
    try:
        for name, data in changes.items():
            path = inside(root, name)
            if data is not None:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                staged[path] = _staged(path, data)
        for name, data in changes.items():
            path = os.path.join(root, name)
            if content(path) != before[name]:
                raise ChangedMeanwhile([name])
            if data is not None:
                os.replace(staged[path], path)
                del staged[path]
            elif before[name] is not None:
                os.unlink(path)
    except BaseException:
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise
    for folder in sorted({os.path.dirname(name) for name in changes}):
        _sync_folder(os.path.join(root, folder))
        if "/" in folder:
            with contextlib.suppress(OSError):  # there are others in it
                os.rmdir(os.path.join(root, folder))


def content(path: str) -> bytes | None:
    """A file's bytes; None when there is no such file. Raises OSError."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def plain_file(path: str, most: int) -> bytes:
    """A file's bytes, when it is one of at most ``most`` bytes: reading a pipe would wait for ever, a dump stall us.

    Raises UnreadableFile when it is none, OSError when it cannot be read.
    """
    info = os.stat(path)
    if not stat.S_ISREG(info.st_mode):
        raise UnreadableFile(path, "is a folder" if stat.S_ISDIR(info.st_mode) else "is no file")
    if info.st_size > most:
        raise UnreadableFile(path, f"is {info.st_size / 1e6:.1f} MB, where {most / 1e6:g} MB are more than enough")
    with open(path, "rb") as file:
        return file.read(most)


def leads_out(root: str, path: str) -> bool:
    """Whether a path leads out of a folder: by ``..``, or by a link in it."""
    return not os.path.realpath(path).startswith(os.path.join(os.path.realpath(root), ""))


def inside(root: str, name: str) -> str:
    """The path of a file below a folder. Raises UnusableKB when it would lie outside, by ``..`` or by a link."""
    path = os.path.join(root, name)
    home, folder = os.path.realpath(root), os.path.realpath(os.path.dirname(path))
    if os.path.isabs(name) or os.path.commonpath([home, folder]) != home:
        raise UnusableKB(f"{path}: lies outside the knowledge base: coachkb does not write there")
    return path


def sweep(root: str, names: Iterable[str]) -> None:
    """Removes the temporary files that a killed writer left beside these files. Only for who holds the lock."""
    for folder in {os.path.dirname(name) for name in names}:
        with contextlib.suppress(OSError):
            for name in os.listdir(os.path.join(root, folder)):
                if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                    os.unlink(os.path.join(root, folder, name))


def _staged(path: str, data: bytes) -> str:
    """A temporary file beside a path, on disk, with the mode that the file has or shall have."""
    old = os.stat(path) if os.path.exists(path) else None
    # A rename would go through; but who protected the file meant it.
    if old and not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=os.path.dirname(path))
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, old.st_mode & 0o777 if old else 0o666 & ~_umask())
        if old and os.name == "posix" and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
            with contextlib.suppress(OSError):
                os.chown(temporary, old.st_uid, old.st_gid)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            error.filename = path  # whoever reads the message knows the file, not our temporary one
        raise
    return temporary


def _sync_folder(folder: str) -> None:
    with contextlib.suppress(OSError):  # some file systems cannot sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sha256(data: bytes) -> str:
    """The hex digest that lesson files name an article's bytes by."""
    return hashlib.sha256(data).hexdigest()


def slug(title: str) -> str:
    """A lesson id from a title: lower-case ASCII words joined by hyphens, at most 60 characters, never empty."""
    text = safe(title).translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"['`’]", "", text)
    words = re.findall(r"[a-z0-9]+", text)
    while len(words) > 1 and len("-".join(words)) > _SLUG_LENGTH:
        words.pop()
    made = "-".join(words)[:_SLUG_LENGTH] or "lesson"
    return f"{made}-lesson" if made in _DEVICES else made


def safe_stem(name: str) -> str:
    """A source's file name without suffix, made safe where it must be, otherwise as it was."""
    stem = name.encode("utf-8", "replace").decode("utf-8")  # a file's name need not be UTF-8
    stem = _UNSAFE.sub("-", stem).strip(" .-")
    stem = re.sub(r"-{2,}", "-", stem) if stem != name else stem
    stem = stem.encode("utf-8")[:_STEM_BYTES].decode("utf-8", "ignore").rstrip(" .-")
    if not stem or stem.split(".")[0].strip().lower() in _DEVICES:
        stem = f"article-{stem}" if stem else "article"
    return stem


def key_of(kb_path: str) -> str:
    """What a knowledge base's lock and journal are called in the state folder: a digest of its real path."""
    return sha256(os.path.realpath(kb_path).encode("utf-8", "surrogateescape"))[:16]


@contextlib.contextmanager
def locked(state: str | None, kb_path: str, action: str = "write") -> Iterator[bool]:
    """One writer per knowledge base: its folder is locked, which needs no file in it and holds across users.

    Gives True to the one who takes it, False inside a thread that has it already. Who holds it is noted in the state
    folder, for the message. A system that cannot lock goes without: every file is still written whole.

    Raises UnusableKB when another process is still writing after ``WAIT`` seconds.
    """
    mine = (threading.get_ident(), os.path.realpath(kb_path))
    if mine in _held:
        yield False
        return
    note = os.path.join(state, f"{key_of(kb_path)}.lock") if state else None
    descriptor = _lock(kb_path, note)
    _held.add(mine)
    try:
        if note:
            with contextlib.suppress(OSError):
                os.makedirs(os.path.dirname(note), exist_ok=True)
                with open(note, "w", encoding="utf-8") as file:
                    file.write(f"{os.getpid()} {action}")
        yield True
    finally:
        _held.discard(mine)
        if note:
            with contextlib.suppress(OSError):
                os.unlink(note)
        if descriptor is not None:
            os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Takes the lock of an open file until it is closed; False when another process has it.

    True as well where there are no locks: Windows, some network file systems.
    """
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return True
    return True


def _lock(kb_path: str, note: str | None) -> int | None:
    try:
        descriptor = os.open(kb_path, os.O_RDONLY)
    except OSError:  # Windows opens no folders; or it is yet to be made, or may not be read
        return None
    until = time.monotonic() + WAIT
    while not try_lock(descriptor):
        if time.monotonic() >= until:
            os.close(descriptor)
            raise UnusableKB(
                f"{kb_path}: another coachkb{_holder(note)} is writing to this knowledge base: "
                "try again when it is done"
            )
        time.sleep(0.05)
    return descriptor


def _holder(note: str | None) -> str:
    """Who has the lock, as far as is known: " (ingest, process 123)"."""
    try:
        with open(note or "", encoding="utf-8") as file:
            number, _, action = file.read(200).partition(" ")
        os.kill(int(number), 0)
    except (OSError, ValueError):
        return ""
    return f" ({action}, process {int(number)})"
