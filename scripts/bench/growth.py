#!/usr/bin/env python3
"""How a cold look-up grows with the knowledge base.

    growth.py [--sizes 10,100,...] [--queries N] [--runs N] [--files] [--instructions N] [--exact N] [--json]

Makes knowledge bases of so many synthetic lessons (see synthetic.py) in a temporary folder and asks each the same
queries, varied ones in three languages, and ones of only very common words, by `coachkb lookup --format plain` in a
process of its own. The sizes take turns query by query, so that a drifting machine drifts for all. CPU time is user +
sys of the finished process, the least of its runs. The ratio is the median, over the queries, of a query's time against
its own in the smallest knowledge base. The index is built from lessons in memory; with --files their files are written,
too, and the look-up does what it does for freshness with that many; without, the folder is empty and told to be as
indexed.

--instructions N: counts, by callgrind, instructions of the first N queries in the smallest and the largest.
--exact N: how much of the best possible score the five hits of the first N queries have, in the largest: against a
search that ranks every lesson that shares a word or a situation with the query.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from cold_lookup import compiled, cpu_seconds, instructions
from synthetic import Lessons, common_queries, queries

from coachkb import locate
from coachkb.data.load import profiles
from coachkb.model.hit import Hit
from coachkb.search import postings
from coachkb.search.index import build_over
from coachkb.search.query import Index
from coachkb.search.rows import LessonFile
from coachkb.store.folder import create
from coachkb.store.lesson_file import render_lesson

SIZES = "10,100,1000,10000,100000"


def make(folder: pathlib.Path, size: int, files: bool) -> str:
    """A knowledge base of so many lessons in ``folder``, its index where a look-up will find it. Returns its path."""
    kb = folder / f"kb{size}"
    create(str(kb))
    states: dict[str, tuple[int, int]] = {}
    if files:
        for code in profiles():
            (kb / "lessons" / code).mkdir()
        for lesson in Lessons().make(size):
            (kb / "lessons" / lesson.language / f"{lesson.id}.yaml").write_text(render_lesson(lesson), encoding="utf-8")
        time.sleep(0.1)  # times that are too young are not trusted
        states = locate.scan(str(kb))
    build_over(
        locate.STARTER_INDEX,
        index_of(kb),
        items(size, states),
        [],
        None,
        profiles(),
        keep=False,
        stamp=locate.stamp(str(kb)),
        seen=[(path, found.time, *found.packed()) for path, found in locate.survey(str(kb)).items()],
    )
    return str(kb)


def index_of(kb: pathlib.Path) -> str:
    """Where a look-up in this knowledge base looks for its index."""
    path = locate.index_path(str(kb), True)
    assert path is not None
    return path


def items(size: int, states: dict[str, tuple[int, int]]) -> Iterator[LessonFile]:
    """The lessons with the states of their files; without files, with none."""
    for lesson in Lessons().make(size):
        file = f"lessons/{lesson.language}/{lesson.id}.yaml"
        yield LessonFile(lesson, file, *states.get(file, (0, 0)))


def without_files(index: str) -> None:
    """Takes the files out of an index, so that an empty folder is what it was made from."""
    import sqlite3

    with sqlite3.connect(index) as db:
        db.execute("DELETE FROM file")


def common_words(index: str) -> list[tuple[str, int]]:
    """Words that are no function words, with the number of lessons that have them: the 400 most common stems'."""
    opened = Index(index)
    stop = {
        word for (text,) in opened.db.execute("SELECT text FROM ui WHERE key = 'stopwords'") for word in text.split()
    }
    rows = opened.db.execute(
        "SELECT form, s.lessons FROM word JOIN (SELECT stem, lessons FROM stem ORDER BY lessons DESC LIMIT 400) s "
        "ON word.stem = s.stem WHERE itself"
    ).fetchall()
    opened.close()
    return [(form, lessons) for form, lessons in rows if form not in stop]


def timed(kbs: dict[int, str], asked: list[str], runs: int) -> dict[int, list[float]]:
    """Per size the CPU seconds of each query, the least of its runs."""
    least: dict[int, list[float]] = {size: [] for size in kbs}
    for query in asked:
        found: dict[int, list[float]] = {size: [] for size in kbs}
        for _ in range(runs):
            for size, kb in kbs.items():
                found[size].append(cpu_seconds(arguments(kb, query), dict(os.environ), (0, 1)))
        for size, seconds in found.items():
            least[size].append(min(seconds))
    return least


def arguments(kb: str, query: str) -> list[str]:
    """The command line of a look-up."""
    return ["-m", "coachkb", "lookup", "--kb", kb, "--format", "plain", "--", query]


def touched(kb: str, asked: list[str]) -> dict[str, float]:
    """What look-ups read in an index: medians and most of the steps of SQLite's machine (in thousands)."""
    steps = []
    for query in asked:
        index = Index(index_of(pathlib.Path(kb)))
        count = 0

        def tick() -> None:
            nonlocal count
            count += 1

        index.db.set_progress_handler(tick, 100)
        index.search(query)
        index.close()
        steps.append(count / 10)
    return {"median": statistics.median(steps), "most": max(steps)}


def share_of_best(kb: str, asked: list[str]) -> float:
    """The mean share that the scores of the first five hits have of those of an unbounded search."""
    index = Index(index_of(pathlib.Path(kb)))
    shares = []
    for query in asked:
        some = index.search(query, all_languages=True)[0]
        kept = postings.LIST, postings.RARE
        postings.RARE = 10**9
        best = index.search(query, limit=10**6, all_languages=True)[0][:5]
        postings.LIST, postings.RARE = kept
        if best:
            shares.append(total(some) / total(best))
    index.close()
    return statistics.mean(shares)


def total(hits: list[Hit]) -> float:
    """The sum of scores."""
    return sum(hit.score for hit in hits)


def measure(args: argparse.Namespace, folder: pathlib.Path) -> dict[str, Any]:
    """Everything that is printed."""
    sizes = [int(size) for size in args.sizes.split(",")]
    kbs = {}
    for size in sizes:
        kbs[size] = make(folder, size, args.files)
        if not args.files:
            without_files(index_of(pathlib.Path(kbs[size])))
    largest = kbs[sizes[-1]]
    sets = {
        "varied": queries(args.queries),
        "common words": common_queries(common_words(index_of(pathlib.Path(largest)))),
    }
    out: dict[str, Any] = {"sets": {}}
    for name, asked in sets.items():
        least = timed(kbs, asked, args.runs)
        first = least[sizes[0]]
        out["sets"][name] = {
            str(size): {
                "ms": statistics.median(seconds) * 1000,
                "ratio": statistics.median(b / a for a, b in zip(first, seconds, strict=True)),
                "p90": sorted(b / a for a, b in zip(first, seconds, strict=True))[int(len(first) * 0.9)],
                "steps": touched(kbs[size], asked),
            }
            for size, seconds in least.items()
        }
        if args.instructions:
            counts = [
                [instructions(arguments(kb, query), dict(os.environ), (0, 1)) or 0 for kb in (kbs[sizes[0]], largest)]
                for query in asked[: args.instructions]
            ]
            out["sets"][name]["instructions"] = statistics.median(b / a for a, b in counts if a)
    if args.exact:
        out["exact"] = share_of_best(largest, sets["varied"][: args.exact])
    return out


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--instructions", type=int, default=0, metavar="N")
    parser.add_argument("--exact", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    compiled()
    with tempfile.TemporaryDirectory() as name:
        for variable in [v for v in os.environ if v.startswith(("COACHKB_", "XDG_"))]:
            del os.environ[variable]
        os.environ.update(XDG_CACHE_HOME=name, HOME=name, LC_ALL="C.UTF-8")
        os.makedirs(os.path.join(name, "coachkb"))
        os.chdir(name)
        found = measure(args, pathlib.Path(name))
    if args.json:
        print(json.dumps(found, indent=1))
        return 0
    print(f"{'queries':14}{'lessons':>9}{'cpu ms':>9}{'ratio':>7}{'p90':>7}{'ksteps':>8}{'most':>7}")
    for title, rows in found["sets"].items():
        for size, row in rows.items():
            if size != "instructions":
                steps = row["steps"]
                print(
                    f"{title:14}{size:>9}{row['ms']:9.1f}{row['ratio']:7.2f}{row['p90']:7.2f}"
                    f"{steps['median']:8.1f}{steps['most']:7.1f}"
                )
        if "instructions" in rows:
            print(f"{title:14} instructions, largest against smallest: {rows['instructions']:.2f}")
    if "exact" in found:
        print(f"score of the first five, share of an unbounded search's: {found['exact']:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
