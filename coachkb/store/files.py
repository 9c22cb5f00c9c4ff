"""Files: whole or not at all, and names that are safe on every system."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator

from coachkb.errors import UnusableKB

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
_STEM_BYTES = 120  # file systems take 255; a number and a suffix are still to come


def atomic_write(path: str, data: bytes) -> None:
    """Writes a file so that it is whole, old or new, whenever the process dies: temporary file, fsync, rename."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".coachkb-", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666 & ~_umask()
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
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
    text = title.translate(_LETTERS)
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


@contextlib.contextmanager
def locked(folder: str, kb_path: str) -> Iterator[None]:
    """One writer per knowledge base. The lock lies in the state folder, for nothing machine-local lies in a KB.

    Raises UnusableKB when another coachkb is writing to the same knowledge base.
    """
    try:
        import fcntl
    except ImportError:  # Windows: os.replace alone still keeps every file whole
        yield
        return
    try:
        os.makedirs(folder, exist_ok=True)
        name = hashlib.sha256(os.path.realpath(kb_path).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        file = open(os.path.join(folder, f"{name}.lock"), "a", encoding="utf-8")  # noqa: SIM115
    except OSError:  # no home folder to lock in: go on, every file is still written whole
        yield
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UnusableKB(
                f"{kb_path}: another coachkb is writing to this knowledge base: try again when it is done"
            ) from error
        yield
