"""Stored articles: one file a source, named after it, told apart by where each came from."""

from __future__ import annotations

import contextlib
import functools
import os
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from coachkb.errors import UnreadableFile
from coachkb.model.lesson import Lesson
from coachkb.store.files import leads_out, plain_file, safe_stem, sha256

FOLDER = "articles"
_MOST = 20_000_000  # bytes; ingest takes none that is larger


@dataclass(frozen=True, slots=True)
class Known:
    """An article that lessons on file come from. ``shas``: of the versions its lessons were made from."""

    path: str
    origin: str | None
    shas: frozenset[str]


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article as it lies there: its text, or why there is none."""

    text: str | None
    sha256: str | None
    reason: str | None


def stored(root: str, path: str) -> Article:
    """The article at a path below a KB. What leads out of the KB is not read: a lesson file could name any file."""
    whole = os.path.join(root, path)
    try:
        if leads_out(root, whole):
            return Article(None, None, "leads out of the knowledge base")
        if not os.path.lexists(whole):
            return Article(None, None, "is not there")
        data = plain_file(whole, _MOST)
        return Article(data.decode("utf-8"), sha256(data), None)
    except UnicodeDecodeError as error:
        return Article(None, sha256(data), f"is not UTF-8 (byte {error.start})")
    except UnreadableFile as error:
        return Article(None, None, error.reason)
    except (OSError, ValueError) as error:
        return Article(None, None, f"cannot be read ({getattr(error, 'strerror', None) or error})")


def known_articles(lessons: Iterable[Lesson]) -> dict[str, Known]:
    """The articles that lessons name, by their path in the KB."""
    found: dict[str, Known] = {}
    for lesson in lessons:
        source = lesson.source
        if source.path:
            before = found.get(source.path)
            shas = (before.shas if before else frozenset()) | ({source.sha256} if source.sha256 else set())
            found[source.path] = Known(
                source.path, (before.origin if before else None) or source.origin, frozenset(shas)
            )
    return found


def origin_of(given: str, kb: str) -> str:
    """How a source is remembered: as it was given, never absolute; POSIX slashes.

    An absolute path becomes relative to the current folder when it lies below, else to the knowledge base; what lies
    in the knowledge base is named from there, wherever the command is run.
    """
    real, root = os.path.realpath(given), os.path.realpath(kb)
    if real.startswith(os.path.join(root, "")):
        given = os.path.relpath(real, root)
    elif os.path.isabs(given):
        cwd = os.getcwd()
        try:
            below = os.path.commonpath([cwd, given]) == cwd
            given = os.path.relpath(given, cwd if below else root)
        except ValueError:  # another drive
            given = os.path.basename(given)
    given = os.path.normpath(given).replace(os.sep, "/")
    return given.encode("utf-8", "replace").decode("utf-8")  # a file's name need not be UTF-8, a lesson file is


def origin_known(given: str, kb: str, origins: Container[str | None]) -> str:
    """As ``origin_of``; but where one of the known ``origins`` names the same file, that one stays: what is
    ``inbox/a.txt`` from one folder is ``../inbox/a.txt`` from another. An origin does not say from where it was given:
    the current folder and the knowledge base are tried, and the folders above them.
    """
    origin = origin_of(given, kb)
    real, root, cwd = os.path.realpath(given), os.path.realpath(kb), os.path.realpath(os.curdir)
    if origin in origins or real.startswith(os.path.join(root, "")):
        return origin
    for place in dict.fromkeys([os.path.normpath(os.path.join(cwd, given)), real]):
        for base in dict.fromkeys([*_upwards(cwd), *_upwards(root)]):
            with contextlib.suppress(ValueError):  # another drive
                told = os.path.relpath(place, base).replace(os.sep, "/")
                if told in origins:
                    return told
    return origin


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those above it."""
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        yield (folder := above)


def place_for(origin: str, name: str, suffix: str, data: bytes, kb: str, known: Mapping[str, Known]) -> str:
    """The path below the KB that an article is stored under.

    The same origin keeps its place; another origin with the same stem gets ``-2`` (and so on), unless it is the same
    bytes already there.
    """
    for path, article in known.items():
        if article.origin == origin:
            return os.path.splitext(path)[0] + suffix
    stem = safe_stem(os.path.splitext(name)[0])
    taken = {_folded_stem(path): path for path in known}
    try:
        present = os.listdir(os.path.join(kb, FOLDER))
    except OSError:
        present = []
    for entry in present:
        if f"{FOLDER}/{entry}" == origin:  # a page in the KB's own folder: its text may lie beside it
            continue
        taken.setdefault(_folded_stem(f"{FOLDER}/{entry}"), f"{FOLDER}/{entry}")
    number = 1
    while True:
        candidate = stem if number == 1 else f"{stem}-{number}"
        holder = taken.get(_folded(f"{FOLDER}/{candidate}"))
        if holder is None:
            return f"{FOLDER}/{candidate}{suffix}"
        if _same(kb, holder, data):
            return holder
        number += 1


def is_there(kb: str, path: str) -> bool:
    """Whether an article of a KB, named by its path in it, is on disk."""
    return os.path.isfile(os.path.join(kb, path))


@functools.lru_cache(maxsize=100_000)
def _folded_stem(path: str) -> str:
    """A path without its suffix, folded; remembered, for each new article is held against all the others."""
    return _folded(os.path.splitext(path)[0])


def _folded(path: str) -> str:
    """What two paths share that are one file somewhere: case counts for nothing on some systems, nor how é is coded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _same(kb: str, path: str, data: bytes) -> bool:
    try:
        with open(os.path.join(kb, path), "rb") as file:
            return sha256(file.read()) == sha256(data)
    except OSError:
        return False
