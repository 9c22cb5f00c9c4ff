"""A knowledge base as a folder: its settings, its lesson files, its stored articles."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachkb.errors import UnreadableFile, UnusableKB
from coachkb.locate import MARK, UNSEEN, is_kb, scan
from coachkb.model.lesson import Lesson
from coachkb.store.files import atomic_write, leads_out, plain_file, sha256

if TYPE_CHECKING:
    from coachkb.store.strict_yaml import Tree

KB_FORMAT = 1
REVIEW_MONTHS = 12
_MOST_MONTHS = 120
_MAX_BYTES = 2_000_000  # a lesson is some kilobytes; reading a dump that landed here would stall every command
_MAX_SETTINGS = 100_000
_EMPTY = "is empty: bring it back (git checkout, coachkb undo), or delete it and ingest its article again"
_SETTINGS = """\
# A coachkb knowledge base: articles/ holds what was read, lessons/ what it teaches. Both are yours to edit.
format: 1
# Set to false to leave out the built-in starter lessons.
starter: true
# For how many months an approval holds; then 'coachkb check --stale' names the lesson.
review_months: 12
"""
_ATTRIBUTES = """\
# Offsets in lessons count characters of the articles: no line ending may change.
articles/** -text
lessons/** -text
*.yaml -text
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a coachkb.yaml says."""

    starter: bool = True
    format: int = KB_FORMAT
    review_months: int = REVIEW_MONTHS  # how long an approval holds when nothing else is said
    misses: bool = True  # whether queries that nothing answers are kept, on the machine of who asks
    faults: tuple[UnreadableFile, ...] = ()  # settings that hold their default, for their value is none


#: The keys that a coachkb.yaml may have.
SETTINGS_KEYS = ("format", "starter", "review_months", "misses")


def create(path: str) -> None:
    """Makes a folder a knowledge base. Raises UnusableKB when it cannot be written."""
    try:
        for name in ("articles", "lessons"):
            os.makedirs(os.path.join(path, name), exist_ok=True)
        attributes = os.path.join(path, ".gitattributes")
        if not os.path.exists(attributes):
            atomic_write(attributes, _ATTRIBUTES.encode("utf-8"))
        if not is_kb(path):  # last: it makes the folder a knowledge base
            atomic_write(os.path.join(path, MARK), _SETTINGS.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnusableKB(f"{path}: cannot be made a knowledge base ({reason})") from error


def settings(path: str) -> Settings:
    """The settings of a KB. Raises UnusableKB with the line when coachkb.yaml cannot be understood.

    One setting with a value that is none has its default and is among the ``faults``: reading goes on, and
    ``check_writable`` stops.

    Of a newer format, what is not understood is passed over: its lessons can be read, but see ``check_writable``.
    """
    name = os.path.join(path, MARK)
    try:
        text = plain_file(name, _MAX_SETTINGS).decode("utf-8-sig")
    except UnreadableFile as error:
        raise UnusableKB(str(error)) from error
    except FileNotFoundError as error:
        raise UnusableKB(
            f"{path}: is no knowledge base (it has no {MARK}): make one with 'coachkb init {path}'"
        ) from error
    except NotADirectoryError as error:
        raise UnusableKB(f"{path}: is a file, not a knowledge base's folder") from error
    except OSError as error:
        raise UnusableKB(f"{name}: cannot be read ({error.strerror or type(error).__name__})") from error
    except UnicodeDecodeError as error:
        raise UnusableKB(f"{name}: is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return Settings()
    from coachkb.store.strict_yaml import load_tree  # where used: a look-up in the starter reads no YAML

    try:
        return _settings(load_tree(text, name), name)
    except UnreadableFile as error:  # the cause has the line, for 'coachkb check'
        raise UnusableKB(str(error)) from error


def settings_if_any(path: str) -> Settings:
    """The settings of a KB; those of an empty coachkb.yaml when there is a fault in it. Raises UnusableKB: no KB."""
    try:
        return settings(path)
    except UnusableKB:
        if not is_kb(path):
            raise
        return Settings()


def _settings(tree: Tree, name: str) -> Settings:
    if tree.value is None:
        return Settings()
    if not isinstance(tree.value, dict):
        raise UnreadableFile(name, "should be a mapping (starter: true)", tree.line)
    fields: dict[str, Tree] = tree.value

    def told(key: str, otherwise: str) -> str:
        return str(fields[key].value).lower() if key in fields else otherwise

    number = told("format", "1")
    if not number.isdecimal():
        raise UnreadableFile(name, "format should be a whole number", fields["format"].line)
    faults: list[UnreadableFile] = []

    def fault(key: str, reason: str) -> None:
        if int(number) <= KB_FORMAT:  # of a newer format, what is not understood is passed over
            faults.append(UnreadableFile(name, f"{key} {reason}", fields[key].line))

    for key, until in (("starter", "it counts as true"), ("misses", "no query is kept")):
        if told(key, "true") not in ("true", "false"):
            fault(key, f"should be true or false; until it is mended, {until}")
    months = told("review_months", str(REVIEW_MONTHS))
    if not (months.isdecimal() and 1 <= int(months) <= _MOST_MONTHS):
        months = str(REVIEW_MONTHS)
        fault("review_months", f"should be a whole number of months, 1 to {_MOST_MONTHS}; until it is mended, {months}")
    starter, misses = told("starter", "true") != "false", told("misses", "true") == "true"
    return Settings(starter, int(number), int(months), misses, tuple(faults))


def check_writable(path: str) -> None:
    """Raises UnusableKB for a KB that a newer coachkb made, or with a setting that is none: reading it loses nothing,
    writing might."""
    found = settings(path)
    if found.faults:
        raise UnusableKB(f"{found.faults[0]}, and nothing is written")
    made_by = found.format
    if made_by > KB_FORMAT:
        raise UnusableKB(
            f"{os.path.join(path, MARK)}: is of format {made_by}, made by a newer coachkb: this one looks lessons up "
            "but writes nothing here: update coachkb to write"
        )


@dataclass(frozen=True, slots=True)
class OnFile:
    """A lesson file as read: ``lesson`` or, when it cannot be used, ``error``."""

    file: str
    mtime: int
    size: int
    text: str
    lesson: Lesson | None
    error: UnreadableFile | None
    digest: str | None = None  # the SHA-256 of its bytes; None when they could not be read


#: What this process has just written, by the digest of the file's bytes; each is taken out when it is read.
_just_written: dict[str, Lesson] = {}


def just_wrote(lessons: Mapping[str, Lesson]) -> None:
    """Spares the parsing of lesson files that were just written: whoever reads one with these very bytes next gets the
    lesson (as ``lesson_file.as_read`` has it) from here. ``lessons``: by the digest of their files' bytes."""
    _just_written.clear()
    _just_written.update(lessons)


def read_lesson_file(kb: str, file: str, mtime: int, size: int) -> OnFile:
    """One lesson file of a KB; ``file`` is its path below the KB."""
    from coachkb.store.lesson_file import parse_lesson

    text = ""
    digest = None
    try:
        if size > _MAX_BYTES:
            raise UnreadableFile(file, f"is {size / 1e6:.1f} MB: that is no lesson")
        whole = os.path.join(kb, file)
        if os.path.islink(whole) and leads_out(kb, whole):
            raise UnreadableFile(file, "is a link that leads out of the knowledge base: put a copy in its place")
        if os.path.islink(whole) and os.path.isdir(whole):
            raise UnreadableFile(file, "is a link to a folder, which coachkb does not follow: put the files there")
        if (mtime, size) != UNSEEN and not os.path.isfile(whole):
            # reading a pipe would wait for ever
            raise UnreadableFile(file, "is a folder" if os.path.isdir(whole) else "is no file")
        with open(whole, "rb") as handle:
            data = handle.read()
        digest = sha256(data)
        text = data.decode("utf-8-sig")
        if not text.strip():
            raise UnreadableFile(file, _EMPTY)
        lesson = _just_written.pop(digest, None) or parse_lesson(text, file)
        return OnFile(file, mtime, size, text, lesson, None, digest)
    except UnreadableFile as error:
        return OnFile(file, mtime, size, text, None, error, digest)
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 (byte {error.start}): save it as UTF-8"
        return OnFile(file, mtime, size, "", None, UnreadableFile(file, reason))
    except OSError as error:
        reason = f"cannot be read ({error.strerror or type(error).__name__})"
        return OnFile(file, mtime, size, "", None, UnreadableFile(file, reason))


def place(lesson: Lesson) -> str:
    """Where a lesson's file lies below its KB."""
    return f"lessons/{lesson.language}/{lesson.id}.yaml"


def lesson_files(kb: str) -> Iterator[OnFile]:
    """Every lesson file of a KB in the order of their paths; a broken one never hides the others.

    Of several with one id the one in its place is the lesson, and else the first: a copy never stands for its original.
    """
    seen: dict[str, str] = {}
    states = scan(kb)
    for file, (mtime, size) in sorted(states.items()):
        item = read_lesson_file(kb, file, mtime, size)
        if item.lesson is not None:
            first = seen.setdefault(item.lesson.id, file)
            right = place(item.lesson)
            if first == file != right and right in states:
                there = read_lesson_file(kb, right, *states[right]).lesson
                if there is not None and place(there) == right:
                    first = seen[item.lesson.id] = right
            if first != file:
                error = UnreadableFile(file, f"has the id {item.lesson.id!r} that {first} has too: give it another")
                item = replace(item, lesson=None, error=error)
        yield item
