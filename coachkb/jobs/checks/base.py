"""What checks share: what they find, what they look at, and what a check is."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachkb import locate
from coachkb.errors import UnreadableFile
from coachkb.ingest.read import SUFFIXES
from coachkb.model.lesson import Lesson
from coachkb.model.situation import Situation
from coachkb.model.terms import LESSON_FORMAT
from coachkb.store.articles import FOLDER, Article, stored
from coachkb.store.folder import lesson_files, read_lesson_file
from coachkb.store.lesson_file import parse_lesson
from coachkb.store.strict_yaml import Tree, load_tree

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: ``file`` is its path below the KB, ``line`` counts from 1, ``field`` is such as
    ``review.until``. ``fixable``: ``--fix`` mends it. ``article``: the stored article it is about."""

    check: str
    file: str
    line: int
    message: str
    field: str | None = None
    lesson: str | None = None
    article: str | None = None
    fixable: bool = False


@dataclass(frozen=True, slots=True)
class LessonOnFile:
    """A lesson file under check. ``tree`` and ``lesson`` are None where it cannot be read so far; ``error`` says why.
    A newer coachkb's has no tree here either: nobody else can judge it, let alone mend it.

    ``digest`` is of its bytes as they were read; None when they could not be.
    """

    file: str
    text: str
    digest: str | None
    tree: Tree | None
    lesson: Lesson | None
    error: UnreadableFile | None

    def line(self, *path: str | int) -> int:
        """The line of a field, such as ``line("review", "until")`` or ``line("script", 2)``; of the nearest above it
        where it is not there."""
        tree, found = self.tree, 1
        for step in path:
            value = tree.value if tree else None
            if isinstance(value, dict):
                tree = value.get(step)
            else:
                tree = value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
            if tree is None:
                break
            found = tree.line
        return found

    def told(self, *path: str) -> str | None:
        """The text that stands in a field, such as ``told("source", "path")``, even where other fields have faults."""
        tree = self.tree
        for step in path:
            tree = tree.value.get(step) if tree and isinstance(tree.value, dict) else None
        return tree.value if tree and isinstance(tree.value, str) else None

    def with_text(self, text: str) -> LessonOnFile:
        """The same file when it says something else; its ``digest`` stays that of the bytes on disk."""
        try:
            tree = load_tree(text, self.file)
            return replace(self, text=text, tree=tree, lesson=parse_lesson(text, self.file), error=None)
        except UnreadableFile as error:
            return replace(self, text=text, tree=None, lesson=None, error=error)


class Checked:
    """A knowledge base under check: all files read once, none hiding another."""

    def __init__(self, kb: KnowledgeBase) -> None:
        assert kb.path is not None
        self.kb, self.root = kb, kb.path
        self.files = [_read(self.root, file, *state) for file, state in sorted(locate.scan(self.root).items())]

    @property
    def vocabulary(self) -> Mapping[str, Situation]:
        """The situations, the KB's own among them."""
        return self.kb.vocabulary()

    def lessons(self, dropped: bool = False) -> Iterator[tuple[LessonOnFile, Lesson]]:
        """The files that hold a lesson, with it; dropped ones only when asked for."""
        for file in self.files:
            if file.lesson is not None and (dropped or file.lesson.served):
                yield file, file.lesson

    def is_free(self, item: LessonOnFile, place: str) -> bool:
        """Whether a lesson file can move to a place: nothing lies there, on any file system, and none else wants it."""
        taken = any(other.file.casefold() == place.casefold() for other in self.files)
        id_ = item.lesson.id if item.lesson else None
        twin = any(other.lesson and other.lesson.id == id_ and other.file != item.file for other in self.files)
        return not taken and not twin and not os.path.lexists(os.path.join(self.root, place))

    @functools.cached_property
    def starter(self) -> list[Lesson]:
        """The starter's lessons that lie under the KB, save those that it has its own of."""
        if not self.kb.with_starter:
            return []
        own = {lesson.id for _, lesson in self.lessons(dropped=True)}
        return [x.lesson for x in lesson_files(locate.STARTER) if x.lesson and x.lesson.id not in own]

    @functools.cached_property
    def present(self) -> list[str]:
        """The articles in the knowledge base's folder: their paths below it."""
        found = []
        for root, folders, names in os.walk(os.path.join(self.root, FOLDER)):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:
                    found.append(os.path.relpath(os.path.join(root, name), self.root).replace(os.sep, "/"))
        return found

    @functools.cached_property
    def _articles(self) -> dict[str, Article]:
        return {}

    def article(self, path: str) -> Article:
        """The stored article at a path below the KB; the starter's where the KB has none."""
        if path not in self._articles:
            self._articles[path] = article_at(self.kb, path)
        return self._articles[path]


def _read(root: str, file: str, mtime: int, size: int) -> LessonOnFile:
    item = read_lesson_file(root, file, mtime, size)
    tree = None
    with contextlib.suppress(UnreadableFile):
        tree = load_tree(item.text, file) if item.text else None
    if tree is not None and _is_newer(tree):
        tree = None
    return LessonOnFile(file, item.text, item.digest, tree, item.lesson, item.error)


def _is_newer(tree: Tree) -> bool:
    number = tree.value["format"].value if isinstance(tree.value, dict) and "format" in tree.value else None
    return isinstance(number, str) and number.isdecimal() and int(number) > LESSON_FORMAT


def article_at(kb: KnowledgeBase, path: str | None) -> Article:
    """The stored article at a path below the KB; the starter's where the KB has none."""
    if not path:
        return Article(None, None, "is not named")
    assert kb.path is not None
    roots = [kb.path, locate.STARTER] if kb.with_starter else [kb.path]
    root = next((root for root in roots if os.path.lexists(os.path.join(root, path))), kb.path)
    return stored(root, path)


#: Looks at a knowledge base and says what is wrong.
Find = Callable[[Checked], Iterator[Finding]]
#: A lesson file with all mended that a check can mend in it: other text, or another place.
Mend = Callable[[Checked, LessonOnFile], LessonOnFile]


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the registry. ``about`` is a line, ``explanation`` what it looks for, why, and what to do.

    ``stale``: it runs under ``--stale``; ``always``: it runs without.
    """

    id: str
    about: str
    explanation: str
    find: Find
    mend: Mend | None = None
    stale: bool = False
    always: bool = True
