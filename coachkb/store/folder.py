"""A knowledge base as a folder: its settings, its lesson files, its stored articles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coachkb.errors import UnreadableFile, UnusableKB
from coachkb.locate import MARK, UNSEEN, is_kb, scan
from coachkb.model.lesson import Lesson
from coachkb.store.files import atomic_write

KB_FORMAT = 1
_MAX_BYTES = 2_000_000  # a lesson is some kilobytes; reading a dump that landed here would stall every command
_SETTINGS = """\
# A coachkb knowledge base: articles/ holds what was read, lessons/ what it teaches. Both are yours to edit.
format: 1
# Set to false to leave out the built-in starter lessons.
starter: true
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


def create(path: str) -> None:
    """Makes a folder a knowledge base. Raises UnusableKB when it cannot be written."""
    try:
        for name in ("articles", "lessons"):
            os.makedirs(os.path.join(path, name), exist_ok=True)
        if not is_kb(path):
            atomic_write(os.path.join(path, MARK), _SETTINGS.encode("utf-8"))
        attributes = os.path.join(path, ".gitattributes")
        if not os.path.exists(attributes):
            atomic_write(attributes, _ATTRIBUTES.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnusableKB(f"{path}: cannot be made a knowledge base ({reason})") from error


def settings(path: str) -> Settings:
    """The settings of a KB. Raises UnusableKB with the line when coachkb.yaml cannot be understood."""
    name = os.path.join(path, MARK)
    try:
        with open(name, encoding="utf-8-sig") as file:
            text = file.read()
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
        tree = load_tree(text, name)
    except UnreadableFile as error:
        raise UnusableKB(str(error)) from error
    if tree.value is None:
        return Settings()
    if not isinstance(tree.value, dict):
        raise UnusableKB(f"{name}, line {tree.line}: should be a mapping (starter: true)")
    number: Any = tree.value["format"].value if "format" in tree.value else "1"
    if not (isinstance(number, str) and number.isdecimal()):
        raise UnusableKB(f"{name}, line {tree.value['format'].line}: format should be a whole number")
    if int(number) > KB_FORMAT:
        raise UnusableKB(f"{name}: is of format {number}, made by a newer coachkb: update coachkb to use it")
    starter = tree.value["starter"].value if "starter" in tree.value else "true"
    starter = str(starter).lower()
    if starter not in ("true", "false"):
        raise UnusableKB(f"{name}, line {tree.value['starter'].line}: starter should be true or false")
    return Settings(starter=starter == "true")


@dataclass(frozen=True, slots=True)
class OnFile:
    """A lesson file as read: ``lesson`` or, when it cannot be used, ``error``."""

    file: str
    mtime: int
    size: int
    text: str
    lesson: Lesson | None
    error: UnreadableFile | None


def read_lesson_file(kb: str, file: str, mtime: int, size: int) -> OnFile:
    """One lesson file of a KB; ``file`` is its path below the KB."""
    from coachkb.store.lesson_file import parse_lesson

    text = ""
    try:
        if size > _MAX_BYTES:
            raise UnreadableFile(file, f"is {size / 1e6:.1f} MB: that is no lesson")
        if (mtime, size) != UNSEEN and not os.path.isfile(os.path.join(kb, file)):
            raise UnreadableFile(file, "is no file")  # reading a pipe would wait for ever
        with open(os.path.join(kb, file), "rb") as handle:
            data = handle.read()
        text = data.decode("utf-8-sig")
        lesson = parse_lesson(text, file)
        return OnFile(file, mtime, size, text, lesson, None)
    except UnreadableFile as error:
        return OnFile(file, mtime, size, text, None, error)
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 (byte {error.start}): save it as UTF-8"
        return OnFile(file, mtime, size, "", None, UnreadableFile(file, reason))
    except OSError as error:
        reason = f"cannot be read ({error.strerror or type(error).__name__})"
        return OnFile(file, mtime, size, "", None, UnreadableFile(file, reason))


def lesson_files(kb: str) -> Iterator[OnFile]:
    """Every lesson file of a KB in the order of their paths; a broken one never hides the others."""
    seen: dict[str, str] = {}
    for file, (mtime, size) in sorted(scan(kb).items()):
        item = read_lesson_file(kb, file, mtime, size)
        if item.lesson is not None:
            first = seen.setdefault(item.lesson.id, file)
            if first != file:
                error = UnreadableFile(file, f"has the id {item.lesson.id!r} that {first} has too: give it another")
                item = OnFile(file, mtime, size, item.text, None, error)
        yield item
