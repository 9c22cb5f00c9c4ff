#!/usr/bin/env python3
"""How well look-ups find the right lesson: one command, every figure.

    score_queries.py [QUERIES.tsv ...] [--lessons FOLDER] [--gold FOLDER] [--only apart|rest|all] [--json] [--verbose]

Indexes the lessons of a knowledge base with the situations that people gave them (the gold tags) instead of the
machine's, so that the search is judged and not the tagging, and asks every query of the table.

Relevance of a lesson to a query: 3 when the lesson's first situation is the query's first one, 2 when it is among its
others, 1 when only another of the query's situations is among them, else 0. Success: a lesson of grade 2 or 3 (the best
grade there is, where none has that) among the first. "same" and "cross" ask for lessons in the query's own language and
in each of the others; "says@1" is the share of first lessons that hold words to say. The rows: all, then by the
query's language, then by kind of query.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import math
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence

from coachkb.data.load import profiles, vocabulary
from coachkb.model.hit import Hit
from coachkb.model.lesson import Lesson
from coachkb.search.index import build
from coachkb.search.query import Index
from coachkb.search.rows import LessonFile
from coachkb.store.folder import lesson_files

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIGURES = (
    ("nDCG@10", "ndcg"),
    ("reader's", "reader"),
    ("same", "same"),
    ("cross", "cross"),
    ("S@1", "s1"),
    ("S@3", "s3"),
    ("sit@1", "sit1"),
    ("sit@3", "sit3"),
    ("says@1", "says1"),
    ("refused", "refused"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """A row of the table. ``situations``: best first; none for a query that no lesson answers."""

    id: str
    language: str
    kind: str
    text: str
    situations: tuple[str, ...]
    apart: bool


def read_queries(path: pathlib.Path) -> list[Query]:
    """The queries of a table with the columns id, lang, kind, query, situations and apart."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Query(
            row["id"],
            row["lang"],
            row["kind"],
            row["query"],
            tuple(filter(None, (row["situations"] or "").split(","))),
            (row.get("apart") or "-") != "-",
        )
        for row in rows
    ]


def chosen(paths: Iterable[pathlib.Path], only: str) -> list[Query]:
    """The queries of several tables: ``apart`` those that nothing is tuned on, ``rest`` the others, ``all``."""
    every = [query for path in paths for query in read_queries(path)]
    return [query for query in every if only == "all" or query.apart == (only == "apart")]


def gold_tags(folder: pathlib.Path) -> dict[str, list[tuple[int, int, tuple[str, ...]]]]:
    """Per source stem its gold lessons: where their passages start and end, and their tags."""
    found: dict[str, list[tuple[int, int, tuple[str, ...]]]] = {}
    for path in sorted(folder.glob("*.gold.json")):
        for lesson in json.loads(path.read_text(encoding="utf-8"))["lessons"]:
            places = [(p["start"], p["end"]) for p in lesson["passages"]] or [(0, sys.maxsize)]
            span = (min(start for start, _ in places), max(end for _, end in places), tuple(lesson["tags"]))
            found.setdefault(path.name.removesuffix(".gold.json"), []).append(span)
    return found


def retagged(lesson: Lesson, gold: Mapping[str, list[tuple[int, int, tuple[str, ...]]]]) -> Lesson:
    """The lesson with the tags of the gold lesson that it overlaps most; without any where there is none."""
    best: tuple[str, ...] = ()
    most = 0
    start, end = lesson.source.start or 0, lesson.source.end or 0
    for low, high, tags in gold.get(pathlib.PurePath(lesson.source.path or "").stem, ()):
        shared = min(end, high) - max(start, low)
        if shared > most:
            best, most = tags, shared
    return dataclasses.replace(lesson, situations=best)


def gold_index(path: str, lessons: pathlib.Path, gold: pathlib.Path) -> None:
    """Writes an index of a knowledge base's lessons with the situations that people gave them."""
    tags = gold_tags(gold)
    shutil.copyfile(lessons / "index.sqlite", path)  # what it learned from the same labels is taken over
    items = [
        LessonFile(retagged(item.lesson, tags), item.file, 0, 0) for item in lesson_files(str(lessons)) if item.lesson
    ]
    build(path, items, vocabulary(), profiles(), own=True)


def grade(wanted: Sequence[str], situations: Sequence[str]) -> int:
    """How well a lesson with these situations answers a query with those: 0 to 3."""
    if situations and situations[0] == wanted[0]:
        return 3
    if wanted[0] in situations:
        return 2
    return int(any(id_ in situations for id_ in wanted[1:]))


def ndcg(grades: Sequence[int], possible: Iterable[int], depth: int = 10) -> float | None:
    """Normalised discounted cumulative gain (2^grade - 1, log2); None where nothing could be found."""

    def gain(values: Iterable[int]) -> float:
        return math.fsum((2.0**value - 1) / math.log2(i + 2) for i, value in enumerate(list(values)[:depth]))

    ideal = gain(sorted(possible, reverse=True))
    return gain(grades) / ideal if ideal else None


def judged(index: Index, lessons: Sequence[Hit], query: Query) -> dict[str, float | None]:
    """Every figure of one query."""
    started = time.perf_counter()
    hits, _, _ = index.search(query.text, limit=10, all_languages=True)
    figures: dict[str, float | None] = {"ms": (time.perf_counter() - started) * 1000}
    figures["refused"] = float(not hits)
    figures["guess"] = float(not hits[0].sure) if hits else None
    if not query.situations:
        return figures

    def grades(found: Iterable[Hit]) -> list[int]:
        return [grade(query.situations, hit.situations) for hit in found]

    figures["ndcg"] = ndcg(grades(hits), grades(lessons))
    enough = min(2, max(grades(lessons)))
    figures["s1"] = float(any(value >= enough for value in grades(hits[:1]))) if enough else None
    figures["s3"] = float(any(value >= enough for value in grades(hits[:3]))) if enough else None
    own, _, _ = index.search(query.text, limit=10, reader=query.language)
    figures["says1"] = float(bool(own[0].parts["script"])) if own else None
    groups: dict[str, int] = {}
    for hit, mark in zip(lessons, grades(lessons), strict=True):
        groups[hit.group or hit.id] = max(mark, groups.get(hit.group or hit.id, 0))
    figures["reader"] = ndcg(grades(own), groups.values())
    apart: dict[bool, list[float]] = {True: [], False: []}
    for language in sorted({hit.language for hit in lessons}):
        part, _, _ = index.search(query.text, limit=10, only=language, all_languages=True)
        value = ndcg(grades(part), grades(hit for hit in lessons if hit.language == language))
        if value is not None:
            apart[language == query.language].append(value)
    for name, values in (("same", apart[True]), ("cross", apart[False])):
        figures[name] = statistics.mean(values) if values else None
    meant = [id_ for id_, _ in index.understand(query.text)[0]]
    figures["sit1"] = float(meant[:1] == [query.situations[0]])
    figures["sit3"] = float(query.situations[0] in meant[:3])
    return figures


def table(rows: Sequence[tuple[Query, dict[str, float | None]]]) -> dict[str, dict[str, float]]:
    """The means: over all queries that have an answer, by language, by kind; and for those that have none."""
    out: dict[str, dict[str, float]] = {}
    answered = [(query, figures) for query, figures in rows if query.situations]
    sets = {"all": answered}
    for query, figures in answered:
        sets.setdefault(query.language, []).append((query, figures))
    for query, figures in answered:
        sets.setdefault(query.kind, []).append((query, figures))
    sets["none"] = [(query, figures) for query, figures in rows if not query.situations]
    for name, members in sets.items():
        out[name] = {"n": len(members)}
        for _, key in FIGURES:
            values = [value for _, figures in members if (value := figures.get(key)) is not None]
            if values:
                out[name][key] = statistics.mean(values)
    return out


def print_table(result: dict[str, dict[str, float]]) -> None:
    """Prints what ``table`` made, a line a set."""
    print(f"{'':12}{'n':>5}" + "".join(f"{title:>10}" for title, _ in FIGURES))
    for name, means in result.items():
        cells = "".join(f"{means[key]:10.3f}" if key in means else f"{'':10}" for _, key in FIGURES)
        print(f"{name:12}{means['n']:5.0f}{cells}")


def guesses(rows: Sequence[tuple[Query, dict[str, float | None]]]) -> str:
    """How many first hits are told as a guess and how many are not, by whether they are right."""
    told = []
    for value, name in ((1.0, "as a guess"), (0.0, "as sure")):
        some = [figures.get("s1") for _, figures in rows if figures["guess"] == value]
        told.append(f"{name} {some.count(1.0)} right, {some.count(0.0)} wrong, {some.count(None)} that have no answer")
    return f"told {'; '.join(told)}"


def by_name(index: Index, lessons: Sequence[Hit]) -> str:
    """How many lessons are found by their own title, and by the first half of its words, three at least."""
    told = []
    for name, share in (("own title", 1.0), ("half of it", 0.5)):
        first = three = 0
        for lesson in lessons:
            words = lesson.title.split()
            query = " ".join(words[: max(3, math.ceil(len(words) * share))])
            hits, _, _ = index.search(query, limit=3, reader=lesson.language)
            first += [hit.id for hit in hits[:1]] == [lesson.id]
            three += lesson.id in [hit.id for hit in hits]
        told.append(f"by {name} {first / len(lessons):.3f} first, {three / len(lessons):.3f} among three")
    return f"of {len(lessons)} lessons found {'; '.join(told)}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries", nargs="*", type=pathlib.Path, default=[ROOT / "tests" / "queries" / "dev.tsv"])
    parser.add_argument("--lessons", type=pathlib.Path, default=ROOT / "coachkb" / "data" / "starter")
    parser.add_argument("--gold", type=pathlib.Path, default=ROOT / "tests" / "gold")
    parser.add_argument("--only", choices=("apart", "rest", "all"), default="all")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--titles", action="store_true", help="ask for every lesson by its title instead")
    parser.add_argument("--verbose", action="store_true", help="name the queries whose first hit is not the right one")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "index.sqlite")
        gold_index(path, args.lessons, args.gold)
        index = Index(path)
        lessons = index.all()
        if args.titles:
            print(by_name(index, lessons))
            index.close()
            return 0
        queries = chosen(args.queries, args.only)
        rows = [(query, judged(index, lessons, query)) for query in queries]
        if args.verbose:
            for query, figures in rows:
                refused = figures["refused"] == 1.0
                if (refused or figures["s1"] == 0.0) if query.situations else not refused:
                    meant = " ".join(f"{id_} {value:.2f}" for id_, value in index.understand(query.text)[0][:3])
                    said = "refused" if refused else "answered"
                    print(f"{query.id} {said} {query.text[:70]!r} {query.situations} <> {meant}")
        index.close()
    result = table(rows)
    if args.json:
        print(json.dumps(result, indent=1))
        return 0
    print_table(result)
    print(guesses(rows))
    times = sorted(figures["ms"] or 0.0 for _, figures in rows)
    print(f"a look-up: median {statistics.median(times):.2f} ms, the slowest {times[-1]:.2f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
