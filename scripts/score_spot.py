#!/usr/bin/env python3
"""How well the moments of calls are spotted: precision, recall and F1, by language and by situation.

    score_spot.py [FOLDER] [--only apart|rest|all] [--json] [--verbose]

FOLDER holds transcripts and gold.tsv: file, apart, language, turn, speaker, situation (ids that are right, the best
first, parted by |) and the words. A moment that is told is right when gold has one of its situation, not yet taken, at
most three turns away: people differ in which of a few turns the moment is. Gold of another id counts as missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import pathlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coachkb.ingest.text import words
from coachkb.ingest.transcripts import read_call
from coachkb.kb import KnowledgeBase
from coachkb.locate import STARTER
from coachkb.model.call import Moment, Turn

ROOT = pathlib.Path(__file__).resolve().parent.parent
NEAR = 3  # turns


@dataclass(frozen=True, slots=True)
class Gold:
    """A row of the table: the words in which a situation arises, and the ids that are right for it, the best first.

    No situations: the row of a call in which nothing is to be spotted.
    """

    file: str
    apart: bool
    turn: int | None
    situations: tuple[str, ...]
    words: str


def read_gold(path: pathlib.Path) -> list[Gold]:
    """The rows of gold.tsv."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Gold(
            row["file"],
            row["apart"] != "-",
            int(row["turn"]) if row["turn"].isdigit() else None,
            tuple(id_ for id_ in row["situation"].split("|") if id_ != "-"),
            row["words"],
        )
        for row in rows
    ]


def turn_of(gold: Gold, turns: Sequence[Turn]) -> int:
    """The number of the turn that holds most of the gold words; of equals the nearest to the number in the table.

    Not that number itself: where a turn begins and ends is the reader's view of the file.
    """
    wanted = set(words(gold.words))
    shared = [len(wanted & set(words(turn.text))) for turn in turns]
    return max(range(len(turns)), key=lambda n: (shared[n], -abs(n + 1 - (gold.turn or 0))))


def matched(gold: Sequence[tuple[int, Gold]], found: Sequence[Moment]) -> tuple[list[bool], list[bool]]:
    """Which of the gold moments were found, and which of the found ones are right."""
    hit = [False] * len(gold)
    right = []
    for moment in found:
        near = [
            (abs(turn - moment.turn), n)
            for n, (turn, row) in enumerate(gold)
            if not hit[n] and moment.situation in row.situations and abs(turn - moment.turn) <= NEAR
        ]
        if near:
            hit[min(near)[1]] = True
        right.append(bool(near))
    return hit, right


def measures(counts: Counter[str]) -> dict[str, float]:
    """Precision, recall and F1 of counts of gold, told and right."""
    precision = counts["right"] / counts["told"] if counts["told"] else 0.0
    recall = counts["right"] / counts["gold"] if counts["gold"] else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    numbers = {key: float(counts[key]) for key in ("calls", "gold", "told", "right")}
    return {**numbers, "precision": precision, "recall": recall, "f1": f1}


def scored(folder: pathlib.Path, only: str, verbose: bool) -> dict[str, dict[str, float]]:
    """The table: all calls, then by language, then by situation."""
    rows = [row for row in read_gold(folder / "gold.tsv") if only == "all" or row.apart == (only == "apart")]
    counts: dict[str, Counter[str]] = {"all": Counter()}
    by_situation: dict[str, Counter[str]] = {}
    with KnowledgeBase.open(STARTER) as kb:
        for name in dict.fromkeys(row.file for row in rows):
            data = (folder / name).read_bytes()
            turns = read_call(data, name)
            spotted = kb.spot(data, name)
            gold = [(turn_of(r, turns), r) for r in rows if r.file == name and r.situations]
            hit, right = matched(gold, spotted.moments)
            for key in ("all", spotted.language or "none"):
                counts.setdefault(key, Counter()).update(calls=1, gold=len(hit), told=len(right), right=sum(right))
            for _, row in gold:
                by_situation.setdefault(row.situations[0], Counter())["gold"] += 1
            for moment, ok in zip(spotted.moments, right, strict=True):
                by_situation.setdefault(moment.situation, Counter()).update(told=1, right=int(ok))
            if verbose:
                print(f"{name} {dict(spotted.speakers)}")
                for moment, ok in zip(spotted.moments, right, strict=True):
                    mark = "right" if ok else "WRONG"
                    print(f"  {mark} {moment.line} {moment.situation} {moment.confidence:.2f} {moment.quote}")
                for (turn, row), ok in zip(gold, hit, strict=True):
                    if not ok:
                        print(f"  missed {turns[turn].line} {', '.join(row.situations)}: {row.words}")
    return {
        **{key: measures(value) for key, value in counts.items()},
        **{key: measures(by_situation[key]) for key in sorted(by_situation)},
    }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=ROOT / "tests" / "calls")
    parser.add_argument("--only", choices=("apart", "rest", "all"), default="all")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="show each moment, right or wrong, and those missed")
    args = parser.parse_args()
    table = scored(args.folder, args.only, args.verbose)
    if args.json:
        print(json.dumps(table, indent=1))
        return 0
    print(f"{'':24}{'calls':>6}{'gold':>6}{'told':>6}{'right':>6}{'P':>8}{'R':>8}{'F1':>8}")
    for name, row in table.items():
        calls = f"{row['calls']:6.0f}" if row["calls"] else " " * 6
        counts = "".join(f"{row[key]:6.0f}" for key in ("gold", "told", "right"))
        print(f"{name:24}{calls}{counts}{row['precision']:8.3f}{row['recall']:8.3f}{row['f1']:8.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
