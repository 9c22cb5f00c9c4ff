#!/usr/bin/env python3
"""Builds the starter knowledge base that ships in the package, coachkb/data/starter, from articles/.

    build_starter.py            write it
    build_starter.py --check    exit 1 when what lies there is not what would be built

Everything is made by coachkb's own ingest; lessons already there keep what people edited.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile

from coachkb import locate
from coachkb.data.load import profiles, vocabulary
from coachkb.kb import KnowledgeBase
from coachkb.search.index import LessonFile, build
from coachkb.store.folder import lesson_files

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "coachkb" / "data" / "starter"


def build_at(target: pathlib.Path, articles: pathlib.Path) -> list[str]:
    """Builds the starter in ``target`` and returns what went wrong."""
    os.environ["COACHKB_TODAY"] = "2026-01-01"  # dates are checked against it: the same build on any day
    index = target / "index.sqlite"
    if not index.exists():  # ingest lays a KB's index over the starter's, which is not there yet
        build(str(index), [], vocabulary(), profiles(), own=False)
    locate.STARTER_INDEX = str(index)
    here = os.getcwd()
    os.chdir(articles.parent)
    try:
        kb = KnowledgeBase.open(target, create=True)
        results = kb.ingest([articles.name])
    finally:
        os.chdir(here)
    items = list(lesson_files(str(target)))
    lessons = [LessonFile(item.lesson, item.file, 0, 0) for item in items if item.lesson]
    build(str(index), lessons, vocabulary(), profiles(), own=False)
    failed = [f"{r.origin}: {r.reason}" for r in results if r.status == "failed"]
    return failed + [str(item.error) for item in items if item.error]


def dump(index: pathlib.Path) -> list[str]:
    """An index's contents, for comparing: SQLite's files differ from version to version, what is in them does not."""
    tables = "ui situation situation_name label feature word lesson tagged text"
    with contextlib.closing(sqlite3.connect(index)) as db:
        return [f"{table}{row!r}" for table in tables.split() for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


def differences(a: pathlib.Path, b: pathlib.Path) -> list[str]:
    """The files of two starters that differ, and "index.sqlite" when the contents of the index do."""
    names = {
        str(p.relative_to(root)) for root in (a, b) for p in root.rglob("*") if p.is_file() and p.name != "index.sqlite"
    }
    found = [n for n in sorted(names) if not ((a / n).is_file() and (b / n).is_file() and (a / n).read_bytes() == (b / n).read_bytes())]
    if dump(a / "index.sqlite") != dump(b / "index.sqlite"):
        found.append("index.sqlite")
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--anew", action="store_true", help="from nothing: drops what people edited")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        os.environ["XDG_STATE_HOME"] = cache
        if args.check:
            copy = pathlib.Path(cache) / "starter"
            shutil.copytree(TARGET, copy)
            problems = build_at(copy, ROOT / "articles")
            problems += [f"{name}: not up to date" for name in differences(TARGET, copy)]
        else:
            if args.anew and TARGET.exists():
                shutil.rmtree(TARGET)
            TARGET.mkdir(parents=True, exist_ok=True)
            problems = build_at(TARGET, ROOT / "articles")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
