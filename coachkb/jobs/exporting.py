"""Lessons out of a knowledge base: one text, or a folder of pages, in which people may keep files of their own."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.errors import UnusableKB, UsageError
from coachkb.model.lesson import Lesson
from coachkb.store.files import atomic_write, content, sha256

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase

#: What coachkb wrote into a folder, so that it takes only that away again: lines as ``sha256sum`` has them.
MANIFEST = ".coachkb-export"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f]+)\Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lessons go out: of a language and a situation (None: any), ``approved`` ones alone, and the ``starter``'s
    where it lies under the knowledge base."""

    language: str | None = None
    situation: str | None = None
    approved: bool = False
    starter: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lessons that go out, how many of them are the starter's, and how many drafts."""

    lessons: tuple[Lesson, ...]
    starters: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Pages:
    """The paths that were written, and those that were taken away because their lesson is gone; ``kept``: such ones
    that somebody has changed since they were written."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def choose(kb: KnowledgeBase, wanted: Wanted) -> Chosen:
    """The lessons that are wanted, by language and id. Raises UsageError for an unknown language or situation."""
    found = [
        (lesson, own)
        for lesson, own in kb._with_owner(wanted.language, wanted.situation, starter=wanted.starter)
        if lesson.served and lesson.says_something and (lesson.review.status == "approved" or not wanted.approved)
    ]
    drafts = sum(lesson.review.status == "draft" for lesson, _ in found)
    return Chosen(tuple(lesson for lesson, _ in found), sum(not own for _, own in found), drafts)


def text_of(kb: KnowledgeBase, lessons: Iterable[Lesson], format: str, full: bool) -> str:
    """Lessons as one text. Raises UsageError for an unknown format."""
    if format == "json":
        from coachkb.export.json import lessons_json

        return lessons_json(lessons)
    if format != "markdown":
        raise UsageError(f"unknown export format {format!r}: markdown or json")
    from coachkb.export.markdown import playbook

    return playbook(lessons, kb.vocabulary(), full=full)


def write_pages(kb: KnowledgeBase, target: str, lessons: Iterable[Lesson], full: bool) -> Pages:
    """Pages of the lessons below a folder, and those of lessons that are gone taken away.

    Raises UnusableKB when a page cannot be written, or a file of its name is there that coachkb did not write.
    """
    from coachkb.export.markdown import pages

    new = {name: text.encode("utf-8") for name, text in pages(lessons, kb.vocabulary(), full=full).items()}
    try:
        before = _manifest(target)
        for name, data in new.items():
            there = content(os.path.join(target, name))
            if there is not None and _digest(there) not in (_digest(data), before.get(name)):
                changed = "was changed since coachkb wrote it" if name in before else "was not written by coachkb"
                raise UnusableKB(
                    f"{os.path.join(target, name)}: {changed}, and stays: move it away, or export to another folder"
                )
        now = {name: _digest(data) for name, data in new.items()}
        _note(target, {**before, **now})  # first: whatever is cut short, what stands there is known for ours
        for name, data in new.items():
            atomic_write(os.path.join(target, name), data)
        gone = {name: digest for name, digest in before.items() if name not in new}
        removed, kept = _take_away(target, gone)
        _note(target, {**now, **{name: gone[name] for name in kept}})
    except OSError as error:
        raise UnusableKB(f"{error.filename or target}: cannot be written ({error.strerror})") from error

    def paths(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(os.path.join(target, name) for name in names)

    return Pages(paths(new), paths(removed), paths(kept))


def _take_away(target: str, gone: dict[str, str]) -> tuple[list[str], list[str]]:
    """Removes those of the files that are as coachkb wrote them: which were, and which stay."""
    removed: list[str] = []
    kept: list[str] = []
    for name, digest in gone.items():
        path = os.path.join(target, name)
        there = content(path)
        if there is None:
            continue
        if _digest(there) != digest:
            kept.append(name)
            continue
        os.unlink(path)
        removed.append(name)
        if "/" in name:
            with contextlib.suppress(OSError):  # there are others in it
                os.rmdir(os.path.dirname(path))
    return removed, kept


def _digest(data: bytes) -> str:
    return sha256(data.replace(b"\r\n", b"\n"))  # git may have turned the line ends


def _manifest(target: str) -> dict[str, str]:
    """The files that coachkb wrote below a folder, with their digests."""
    text = (content(os.path.join(target, MANIFEST)) or b"").decode("utf-8", "replace")
    found = (_LINE.match(line) for line in text.splitlines())
    return {match[2]: match[1] for match in found if match and ".." not in match[2] and not os.path.isabs(match[2])}


def _note(target: str, written: dict[str, str]) -> None:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(written.items()))
    atomic_write(os.path.join(target, MANIFEST), lines.encode("utf-8"))
