#!/usr/bin/env python3
"""How fast an index is built and refreshed, on one core.

    index_build.py [--lessons 10000] [--runs N]

Building: lessons a second, from lessons in memory, and from their files (reading YAML is most of that). The starter's
words and what was learned of its labels are there, as they are for every knowledge base. Refreshing: one lesson file of
so many is edited in place and the index brought up to date (everything is looked at, as by `coachkb index` or `check`);
against a plain scan of the folders (os.scandir and stat of all) in the same process. CPU time, user + sys; medians of
the runs; the two of a run follow each other.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

from growth import index_of
from synthetic import Lessons

from coachkb import locate
from coachkb.data.load import profiles
from coachkb.kb import KnowledgeBase
from coachkb.model.lesson import Lesson
from coachkb.search.index import build_over
from coachkb.search.rows import LessonFile
from coachkb.store.folder import create, lesson_files
from coachkb.store.lesson_file import render_lesson


def plain_scan(kb: str) -> int:
    """What any program that looks at each lesson file has to do. Returns how many there are."""
    found = 0
    for language in os.scandir(os.path.join(kb, "lessons")):
        for entry in os.scandir(language):
            found += entry.stat().st_size > 0
    return found


def build_seconds(lessons: list[Lesson], path: str) -> float:
    """CPU seconds of building an index of lessons in memory."""
    started = time.process_time()
    items = (LessonFile(lesson, f"lessons/{lesson.language}/{lesson.id}.yaml", 1, 1) for lesson in lessons)
    build_over(locate.STARTER_INDEX, path, items, [], None, profiles(), keep=False, stamp="")
    return time.process_time() - started


def read_seconds(kb: str) -> float:
    """CPU seconds of reading every lesson file."""
    started = time.process_time()
    for item in lesson_files(kb):
        assert item.lesson is not None
    return time.process_time() - started


def refresh_seconds(kb: str, lesson: Lesson, run: int) -> tuple[float, float]:
    """CPU seconds of a refresh after one edit, and of a plain scan."""
    path = pathlib.Path(kb, "lessons", lesson.language, f"{lesson.id}.yaml")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"# edit {run}\n")
    time.sleep(0.1)
    with KnowledgeBase.open(kb) as opened:
        started = time.process_time()
        opened.index()
        refreshed = time.process_time() - started
    started = time.process_time()
    plain_scan(kb)
    return refreshed, time.process_time() - started


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lessons", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    profiles()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XDG_CACHE_HOME=folder, HOME=folder)
        kb = pathlib.Path(folder, "kb")
        create(str(kb))
        lessons = list(Lessons().make(args.lessons))
        for code in profiles():
            (kb / "lessons" / code).mkdir()
        for lesson in lessons:
            (kb / "lessons" / lesson.language / f"{lesson.id}.yaml").write_text(render_lesson(lesson), encoding="utf-8")
        built = statistics.median(
            build_seconds(lessons, os.path.join(folder, "built.sqlite")) for _ in range(args.runs)
        )
        read = statistics.median(read_seconds(str(kb)) for _ in range(max(1, args.runs // 3)))
        with KnowledgeBase.open(kb) as opened:
            opened.index()
        pairs = [refresh_seconds(str(kb), lessons[run * 7], run) for run in range(args.runs + 1)][1:]
        size = os.path.getsize(index_of(kb))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{args.lessons} lessons, index of {size / args.lessons / 1000:.1f} KB a lesson")
    print(f"built from lessons in memory: {args.lessons / built:.0f} a second")
    print(f"read from files:              {args.lessons / read:.0f} a second")
    print(f"built from files:             {args.lessons / (read + built):.0f} a second")
    refreshed, scanned = (statistics.median(values) * 1000 for values in zip(*pairs, strict=True))
    print(f"refresh after one edit {refreshed:.1f} ms, plain scan {scanned:.1f} ms, ratio {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
