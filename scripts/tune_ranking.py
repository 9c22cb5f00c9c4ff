#!/usr/bin/env python3
"""Tunes the numbers of coachkb/data/ranking.yaml on the dev queries that are not kept apart, cross-validated.

    tune_ranking.py [QUERIES.tsv ...] [--folds N] [--write]

Ranking: one number after the other is set to the value of its row below that ranks best (mean of nDCG@10 over all
lessons and over one hit a group in the reader's language), round after round until nothing gets better. "Nothing fits":
the numbers stay as they are while they refuse at most one in forty of the queries with an answer and three in four of
the others (the vocabulary was written in sight of some of these queries, so the least that does is the safest); else
that combination is taken which refuses most of these while it keeps to that.
Each fold is tuned without its queries and then asked them: what is printed for it says what to expect of
queries that nobody has seen. Of what is as good within a thousandth the number that stands in the file is kept.

--write puts the numbers tuned on all of them into the file; the index takes them over when it is built anew.
"""

from __future__ import annotations

import argparse
import itertools
import os
import pathlib
import re
import statistics
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from score_queries import ROOT, Query, chosen, gold_index, grade, ndcg

from coachkb.data.load import DATA, ranking
from coachkb.search import query
from coachkb.search.likely import meaning
from coachkb.search.ranking import Ranking, ranking_line

FILE = pathlib.Path(DATA, "ranking.yaml")
RANKS: dict[str, tuple[Any, ...]] = {
    "situation": (0.7, 0.8, 0.88, 0.94, 0.97, 1.0),
    "place": tuple([1.0, second, third] for second, third in ((0.5, 0.4), (0.65, 0.55), (0.75, 0.6), (0.9, 0.8))),
    "fields": (
        {"title": 1.0, "problem": 1.0, "diagnosis": 1.0, "tactic": 1.0, "script": 1.0},
        {"title": 3.0, "problem": 2.0, "diagnosis": 1.0, "tactic": 1.0, "script": 1.5},
        {"title": 6.0, "problem": 3.0, "diagnosis": 1.0, "tactic": 1.0, "script": 2.0},
    ),
    "other_language": (0.8, 0.9, 0.95, 1.0),
}
REFUSES: dict[str, tuple[float, ...]] = {
    "nothing": (0.04, 0.06, 0.08, 0.095, 0.11),
    "elsewhere": (0.5, 0.6, 0.8, 1.0, 1.3),
    "strange": (0.0, 1.0, 2.0, 3.0),
}
WRONGLY = 1 / 40  # of the queries with an answer may be refused: half of what is promised
RIGHTLY = 3 / 4  # of the queries without an answer are refused at least: more than the two in three that are promised
ENOUGH = 0.001

Numbers = Mapping[str, Any]


class Bench:
    """What each query reaches with some numbers; remembered, for folds ask for the same again and again."""

    def __init__(self, path: str, queries: Sequence[Query]) -> None:
        self._index = query.Index(path)
        self._lessons = self._index.all()
        self.queries = queries
        self._meanings = {asked.text: meaning(self._index.db, asked.text) for asked in queries}
        self._known: dict[str, list[float]] = {}

    def ranked(self, numbers: Numbers) -> list[float]:
        """Of each query that has an answer how well its lessons are ranked, were it never refused; 0 of others."""
        line = ranking_line({**numbers, "nothing": 0.0, "elsewhere": 1e9})
        if line not in self._known:
            asked = Ranking(list(map(float, line.split())))
            with (
                mock.patch.object(query, "read_ranking", lambda _: asked),
                mock.patch.object(query, "meaning", lambda _, text: self._meanings[text]),
            ):
                self._known[line] = [self._one(one) if one.situations else 0.0 for one in self.queries]
        return self._known[line]

    def _one(self, asked: Query) -> float:
        marks = [grade(asked.situations, hit.situations) for hit in self._lessons]
        groups: dict[str, int] = {}
        for hit, mark in zip(self._lessons, marks, strict=True):
            groups[hit.group or hit.id] = max(mark, groups.get(hit.group or hit.id, 0))
        values = []
        for every, possible in ((True, marks), (False, list(groups.values()))):
            hits = self._index.search(asked.text, limit=10, reader=asked.language, all_languages=every)[0]
            values.append(ndcg([grade(asked.situations, hit.situations) for hit in hits], possible) or 0.0)
        return statistics.mean(values)

    def refused(self, numbers: Numbers, some: Sequence[int]) -> tuple[float, float]:
        """The share of some queries that is told there is nothing: of those with an answer, and of the others."""
        asked = Ranking(list(map(float, ranking_line(numbers).split())))
        shares: dict[bool, list[bool]] = {True: [], False: []}
        for n in some:
            one = self.queries[n]
            shares[bool(one.situations)].append(self._meanings[one.text].fits_nothing(asked))
        return statistics.mean(shares[True] or [0]), statistics.mean(shares[False] or [0])

    def mean(self, numbers: Numbers, some: Sequence[int]) -> float:
        """The mean over those of some queries that have an answer."""
        values = self.ranked(numbers)
        return statistics.mean(values[n] for n in some if self.queries[n].situations)


def tuned(bench: Bench, some: Sequence[int]) -> dict[str, Any]:
    """The best numbers for some queries."""
    numbers = dict(ranking())
    best = bench.mean(numbers, some)
    better = True
    while better:
        better = False
        for name, values in RANKS.items():
            for value in values:
                mean = bench.mean({**numbers, name: value}, some)
                if mean > best + ENOUGH:
                    numbers[name], best, better = value, mean, True
    kept = bench.refused(numbers, some)
    if kept[0] <= WRONGLY and kept[1] >= RIGHTLY:
        return numbers
    most = -1.0
    for values in itertools.product(*REFUSES.values()):
        other = {**numbers, **dict(zip(REFUSES, values, strict=True))}
        wrongly, rightly = bench.refused(other, some)
        if wrongly <= WRONGLY and rightly > most + ENOUGH:
            numbers, most = other, rightly
    return numbers


def told(name: str, numbers: Numbers, bench: Bench, some: Sequence[int]) -> str:
    """A line of the table: what the numbers reach on some queries, and what they are."""
    wrongly, rightly = bench.refused(numbers, some)
    values = " ".join(f"{key}={_short(value)}" for key, value in numbers.items())
    return f"{name:10}{bench.mean(numbers, some):9.3f}{wrongly:9.3f}{rightly:9.3f}  {values}"


def _short(value: Any) -> str:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return "/".join(f"{part:g}" for part in parts)


def write(numbers: Numbers) -> None:
    """Puts numbers into the file; what is said beside them stays."""
    text = FILE.read_text(encoding="utf-8")
    for name, value in numbers.items():
        if isinstance(value, dict):
            value = "{" + ", ".join(f"{key}: {part}" for key, part in value.items()) + "}"
        text = re.sub(rf"^{name}: [^#\n]*?(?=  #|$)", f"{name}: {value}", text, flags=re.MULTILINE)
    FILE.write_text(text, encoding="utf-8")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = sorted((ROOT / "tests" / "queries").glob("*.tsv"))
    parser.add_argument("queries", nargs="*", type=pathlib.Path, default=tables)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "index.sqlite")
        gold_index(path, ROOT / "coachkb" / "data" / "starter", ROOT / "tests" / "gold")
        bench = Bench(path, chosen(args.queries, "rest"))
        every = range(len(bench.queries))
        fold_of = [zlib.crc32(asked.id.encode()) % args.folds for asked in bench.queries]
        print(f"{len(every)} queries\n{'':10}{'nDCG@10':>9}{'wrongly':>9}{'rightly':>9}")
        means, refused = [], []
        for fold in range(args.folds):
            numbers = tuned(bench, [n for n in every if fold_of[n] != fold])
            held = [n for n in every if fold_of[n] == fold]
            print(told(f"fold {fold + 1}", numbers, bench, held), flush=True)
            means += [bench.ranked(numbers)[n] for n in held if bench.queries[n].situations]
            refused += [(bench.refused(numbers, [n])[bool(not bench.queries[n].situations)], n) for n in held]
        rates = [[share for share, n in refused if bool(bench.queries[n].situations) is has] for has in (True, False)]
        print(f"{'all folds':10}{statistics.mean(means):9.3f}" + "".join(f"{statistics.mean(r):9.3f}" for r in rates))
        numbers = tuned(bench, every)
        print(told("as it is", ranking(), bench, every))
        print(told("tuned", numbers, bench, every))
    if args.write:
        write(numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
