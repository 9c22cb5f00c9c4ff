"""Keeps a knowledge base's index as fresh as its lesson files. The one place where store and search meet."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from typing import TYPE_CHECKING

from coachkb import locate
from coachkb.data.load import profiles, vocabulary
from coachkb.errors import UnreadableFile
from coachkb.search.analysis import INDEX_VERSION
from coachkb.search.index import LessonFile, build_over, refresh
from coachkb.search.query import Index
from coachkb.store.folder import OnFile, lesson_files, read_lesson_file

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase


def open_index(kb: KnowledgeBase, rebuild: bool = False) -> tuple[Index, list[UnreadableFile]]:
    """The KB's index, fresh, and the lesson files that are not in it because they are broken."""
    if kb.path is None:
        return Index(locate.STARTER_INDEX), []
    path = locate.index_path(kb.path, kb.located.named)
    for attempt in (path, None):
        try:
            target = attempt or _temporary()
            index = _fresh(kb, target, rebuild)
            return index, _problems(index)
        except (OSError, sqlite3.Error):
            if attempt is None:
                raise
            rebuild = True
    raise AssertionError("unreachable")


def _temporary() -> str:
    folder = tempfile.mkdtemp(prefix="coachkb-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return os.path.join(folder, "index.sqlite")


def _fresh(kb: KnowledgeBase, path: str, rebuild: bool) -> Index:
    assert kb.path is not None
    on_disk = locate.scan(kb.path)
    stamp = _stamp(kb)
    if not rebuild and os.path.exists(path):
        with contextlib.suppress(sqlite3.Error):
            index = Index(path)
            if index.meta("version") == INDEX_VERSION and index.meta("stamp") == stamp:
                known = index.files()
                if known == on_disk:
                    return index
                index.close()
                changed = [file for file, state in on_disk.items() if known.get(file) != state]
                gone = [file for file in known if file not in on_disk]
                if len(changed) + len(gone) <= 200 + len(on_disk) // 4:
                    items = [read_lesson_file(kb.path, file, *on_disk[file]) for file in sorted(changed)]
                    if not _needs_all(path, items, gone):
                        refresh(path, _good(items), gone, _bad(items), profiles())
                        return Index(path)
            else:
                index.close()
    items = list(lesson_files(kb.path))
    added = kb.vocabulary() if kb.vocabulary() != vocabulary() else None
    if added is not None and kb.notify:
        kb.notify("learning the situations of your own; this takes some seconds, once")
    build_over(
        locate.STARTER_INDEX,
        path,
        _good(items),
        _bad(items),
        added,
        profiles(),
        keep=kb.with_starter,
        stamp=stamp,
    )
    _shadow(path)
    return Index(path)


def _stamp(kb: KnowledgeBase) -> str:
    """The KB's stamp; with a mark when its situations.yaml has a fault, so that the quick door leaves it to be told."""
    assert kb.path is not None
    stamp = locate.stamp(kb.path)
    if os.path.exists(os.path.join(kb.path, locate.SITUATIONS)):
        before = len(kb.problems)
        kb.vocabulary()
        if len(kb.problems) > before or any(locate.SITUATIONS in problem.path for problem in kb.problems):
            stamp += "; with a fault"
    return stamp


def _shadow(path: str) -> None:
    """Takes the starter's lessons out of an index whose ids the KB has too: an id is one lesson, the KB's."""
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as db:
        hidden = db.execute(
            "SELECT n FROM lesson WHERE own = 0 AND id IN (SELECT id FROM lesson WHERE own = 1)"
        ).fetchall()
        for table, key in (("lesson", "n"), ("tagged", "lesson"), ("text", "rowid")):
            db.executemany(f"DELETE FROM {table} WHERE {key} = ?", hidden)
        db.commit()


def _needs_all(path: str, items: Iterable[OnFile], gone: list[str]) -> bool:
    """Whether everything is to be read anew: an id would stand in two files (the same file always wins), or a lesson
    changes that is the starter's too (which stands again when the KB's is gone)."""
    with contextlib.closing(Index(path)) as index:
        own = dict(index.db.execute("SELECT id, file FROM lesson WHERE own = 1").fetchall())
        if gone and index.db.execute("SELECT 1 FROM broken LIMIT 1").fetchone():
            return True
    if any(item.lesson and own.get(item.lesson.id, item.file) != item.file for item in items):
        return True
    with contextlib.closing(Index(locate.STARTER_INDEX)) as index:
        starter = {id_ for (id_,) in index.db.execute("SELECT id FROM lesson")}
    touched = {*gone, *(item.file for item in items)}
    ids = {id_ for id_, file in own.items() if file in touched} | {item.lesson.id for item in items if item.lesson}
    return not starter.isdisjoint(ids)


def _good(items: Iterable[OnFile]) -> list[LessonFile]:
    return [LessonFile(item.lesson, item.file, item.mtime, item.size) for item in items if item.lesson]


def _bad(items: Iterable[OnFile]) -> list[tuple[str, int, int, str]]:
    return [(item.file, item.mtime, item.size, str(item.error)) for item in items if item.error]


def _problems(index: Index) -> list[UnreadableFile]:
    found = []
    for file, reason in index.db.execute("SELECT file, reason FROM broken ORDER BY file"):
        head, _, rest = str(reason).partition(": ")
        found.append(UnreadableFile(head or file, rest))
    return found
