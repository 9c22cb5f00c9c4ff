#!/usr/bin/env python3
"""Builds the starter knowledge base that ships in the package, coachkb/data/starter, from articles/.

    build_starter.py            write it
    build_starter.py --check    exit 1 when what lies there is not what would be built

Everything is made from nothing by coachkb's own ingest. Then what the annotators of tests/gold said of title, date,
author, situations, parts and translations is laid over it as a person's corrections: they read each article sentence by
sentence, and so the lesson is approved. Pages that teach nothing are left out, rough machine translations, and scripts
that stand in tables: they are there to learn from, but no rep should read one aloud.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile
from dataclasses import replace
from typing import Any

from coachkb import locate
from coachkb.data.load import profiles, vocabulary
from coachkb.ingest.text import plain
from coachkb.kb import KnowledgeBase
from coachkb.model.lesson import Lesson, Passage, Review
from coachkb.model.terms import MAX_SITUATIONS, ROLES
from coachkb.search.index import build
from coachkb.search.rows import LessonFile
from coachkb.store.files import atomic_write, slug
from coachkb.store.folder import OnFile, lesson_files
from coachkb.store.rewrite import update_text

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "coachkb" / "data" / "starter"
GOLD = ROOT / "tests" / "gold"
REVIEW = Review("approved", "coachkb", "2026-11-30")  # the day the last of the articles was annotated


def _tell(done: int, total: int, _: str) -> None:
    """Says on stderr how far it is."""
    if done % 50 == 0 or done == total:
        print(f"{done} of {total} articles", file=sys.stderr, flush=True)


def build_at(target: pathlib.Path, tell: bool = False) -> list[str]:
    """Builds the starter in ``target`` and returns what went wrong. An index there lends its learned weights.

    ``tell``: whether it says on stderr how far it is.
    """
    os.environ["COACHKB_TODAY"] = "2026-01-01"  # dates are checked against it: the same build on any day
    for name in ("articles", "lessons"):
        shutil.rmtree(target / name, ignore_errors=True)
    index = target / "index.sqlite"
    if not index.exists():  # ingest lays a KB's index over the starter's, which is not there yet
        build(str(index), [], vocabulary(), profiles(), own=False)
    locate.STARTER_INDEX = str(index)
    rough = {row["file"] for row in sources() if row["shape"] in ("mt", "nothing") or _tabled(row["file"])}
    here = os.getcwd()
    os.chdir(ROOT)
    try:
        kb = KnowledgeBase.open(target, create=True)
        results = kb.ingest(
            [f"articles/{name}" for name in sorted(os.listdir("articles")) if name not in rough],
            progress=_tell if tell else None,
        )
    finally:
        os.chdir(here)
    if tell:
        print("laying the annotators' corrections over them", file=sys.stderr, flush=True)
    correct(target)
    if tell:
        print("building the index", file=sys.stderr, flush=True)
    items = list(lesson_files(str(target)))
    lessons = [LessonFile(item.lesson, item.file, 0, 0) for item in items if item.lesson]
    build(str(index), lessons, vocabulary(), profiles(), own=False)
    failed = [f"{r.origin}: {r.reason}" for r in results if r.status == "failed"]
    return failed + [str(item.error) for item in items if item.error]


def sources() -> list[dict[str, str]]:
    """The table of all articles."""
    with (GOLD / "sources.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def correct(target: pathlib.Path) -> None:
    """Lays the annotators' titles, situations, parts, groups and so on over the lessons, as a person would."""
    group_of = {pathlib.PurePath(row["file"]).stem: row["group"] for row in sources()}
    items = [item for item in lesson_files(str(target)) if item.lesson]
    first_of: dict[str, str] = {}
    corrected: list[tuple[OnFile, Lesson]] = []
    taken = {item.lesson.id for item in items if item.lesson}
    for item in items:
        lesson = item.lesson
        assert lesson is not None
        stem = pathlib.PurePath(lesson.source.path or "").stem
        said = _annotated(stem, lesson)
        if said:
            title = said["title"] or lesson.title
            id_ = slug(title)
            if id_ == lesson.id or id_ in taken:
                id_ = lesson.id
            taken.add(id_)
            lesson = replace(
                lesson,
                id=id_,
                title=title,
                date=said["date"],
                author=said["author"],
                situations=tuple(said["tags"][:MAX_SITUATIONS]),
                review=REVIEW,
                **_parts(target, lesson, said["passages"]),
            )
        group = group_of.get(stem, "-")
        lesson = replace(lesson, group=None if group == "-" else first_of.setdefault(group, lesson.id))
        corrected.append((item, lesson))
    for item, lesson in corrected:
        path = target / "lessons" / lesson.language / f"{lesson.id}.yaml"
        (target / item.file).unlink()
        atomic_write(str(path), update_text(item.text, item.file, lesson).encode("utf-8"))


def _tabled(name: str) -> bool:
    """Whether an article's words to say stand in a table, whose cells and rules would be read aloud with them."""
    path = ROOT / "articles" / name
    if path.suffix != ".md":
        return False
    text = path.read_text(encoding="utf-8")
    lessons = json.loads((GOLD / f"{path.stem}.gold.json").read_text(encoding="utf-8"))["lessons"]
    said = [p for lesson in lessons for p in lesson["passages"] if p["role"] == "script"]
    return any("|" in text[p["start"] : p["end"]] for p in said)


def _parts(target: pathlib.Path, lesson: Lesson, passages: list[dict[str, Any]]) -> dict[str, Any]:
    """The four parts as the annotators marked them in the stored article."""
    path = target / (lesson.source.path or "")
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    found: dict[str, list[Passage]] = {role: [] for role in ROLES}
    for p in passages:
        words = plain(text[p["start"] : p["end"]], markdown=path.suffix == ".md")
        if p["role"] in found and words:
            found[p["role"]].append(Passage(words, p["start"], p["end"], bool(p.get("key"))))
    return {role: tuple(mine) for role, mine in found.items()}


def _annotated(stem: str, lesson: Lesson) -> dict[str, Any] | None:
    """What the annotators said of the post that a lesson came from: the one it shares most of the text with."""
    path = GOLD / f"{stem}.gold.json"
    if not path.exists():
        return None
    best, most = None, 0
    for said in json.loads(path.read_text(encoding="utf-8"))["lessons"]:
        starts = [
            (max(p["start"], lesson.source.start or 0), min(p["end"], lesson.source.end or 0)) for p in said["passages"]
        ]
        shared = sum(max(0, end - start) for start, end in starts)
        if shared > most:
            best, most = said, shared
    return best


def dump(index: pathlib.Path) -> list[str]:
    """An index's contents, for comparing: SQLite's files differ from version to version, what is in them does not."""
    tables = "ui situation situation_name label feature word stem lesson posting text_stem"
    with contextlib.closing(sqlite3.connect(index)) as db:
        return [
            f"{table}{row!r}" for table in tables.split() for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]


def differences(a: pathlib.Path, b: pathlib.Path) -> list[str]:
    """The files of two starters that differ, and "index.sqlite" when the contents of the index do."""
    names = {
        str(p.relative_to(root)) for root in (a, b) for p in root.rglob("*") if p.is_file() and p.name != "index.sqlite"
    }
    found = [
        n
        for n in sorted(names)
        if not ((a / n).is_file() and (b / n).is_file() and (a / n).read_bytes() == (b / n).read_bytes())
    ]
    if dump(a / "index.sqlite") != dump(b / "index.sqlite"):
        found.append("index.sqlite")
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        os.environ["XDG_STATE_HOME"] = cache
        if args.check:
            copy = pathlib.Path(cache) / "starter"
            shutil.copytree(TARGET, copy)
            problems = build_at(copy)
            problems += [f"{name}: not up to date" for name in differences(TARGET, copy)]
        else:
            TARGET.mkdir(parents=True, exist_ok=True)
            problems = build_at(TARGET, tell=True)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
