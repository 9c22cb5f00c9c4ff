#!/usr/bin/env python3
"""Fits the weights by which a call is judged, and writes them into coachkb/data/spotting.yaml.

    fit_spotting.py [--check]

A logistic model of the evidence that coachkb/spotting/moments.py gathers, over the calls of tests/calls that are not
kept apart, and over single remarks. --check writes nothing: it judges each text by weights that were fitted without it,
and shows how far the confidence can be believed.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import math
import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from score_spot import NEAR, read_gold, turn_of

from coachkb.data.load import DATA, profile, profiles, signs, telling_words
from coachkb.ingest.language import detect
from coachkb.ingest.transcripts import read_call
from coachkb.jobs.spotting import judge
from coachkb.kb import KnowledgeBase
from coachkb.locate import STARTER
from coachkb.model.call import SELLER
from coachkb.spotting.moments import Place, Understand, confidence, evidence, place
from coachkb.spotting.sides import sides
from coachkb.spotting.signs import Signs, signs_of

ROOT = pathlib.Path(__file__).resolve().parent.parent
JUDGED = pathlib.Path(DATA) / "spotting.yaml"
L2 = 1.0  # keeps weights of rare evidence small
ROUNDS = 12
FOLDS = 8
#: What a remark counts, where a turn of a call is 1: one that came with the signs says little of how good these are.
OWN, OTHERS = 0.3, 2.0
SIGNS = frozenset(["sign", "signs", "other_sign", "idle"])  # evidence that a language has by its signs
SAID = ("objection", "colloquial")  # kinds of query that buyers say


@dataclass(frozen=True, slots=True)
class Row:
    """Evidence for a situation in a turn, whether it holds, and the call it is of."""

    values: Mapping[str, float]
    holds: bool
    call: str
    weight: float = 1.0


def rows_of_remarks(understand: Understand, read: Callable[[str], Signs]) -> list[Row]:
    """The table of single sentences, and what buyers say in the queries that the search is tuned on, each as a whole
    turn that answers the seller: the plain, short remarks that calls hold few of."""
    said = []
    with (ROOT / "tests" / "spotting" / "sentences.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            said.append((row["lang"], row["sentence"], [row["situation"]], OWN))
    with (ROOT / "tests" / "queries" / "dev.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] in SAID and row["apart"] == "-":
                said.append((row["lang"], row["query"], row["situations"].split(","), OTHERS))
    return [
        Row(values, id_ in right, f"remark {n}", weight)
        for n, (code, text, right, weight) in enumerate(said)
        for _, known in evidence(text, Place(answers=True), understand, read(code), judge().ignored)
        for id_, values in known.items()
    ]


def rows_of_calls(understand: Understand, read: Callable[[str], Signs]) -> list[Row]:
    """The calls that are not kept apart: of each turn, the plainest sentence of every situation that it may mean."""
    folder = ROOT / "tests" / "calls"
    gold = [row for row in read_gold(folder / "gold.tsv") if not row.apart]
    found = []
    for name in dict.fromkeys(row.file for row in gold):
        turns = read_call((folder / name).read_bytes(), name)
        code = detect(" ".join(turn.text for turn in turns))[0] or "en"
        who = sides(turns, profile(code), profiles().values(), telling_words(code))
        wanted: dict[int, set[str]] = {}
        for row in gold:
            if row.file == name and row.situations:
                wanted.setdefault(turn_of(row, turns), set()).update(row.situations)
        for n, turn in enumerate(turns):
            if who.get(turn.speaker or "") == SELLER:
                continue
            near = set().union(*(wanted.get(n + i, set()) for i in range(-NEAR, NEAR + 1)))
            best: dict[str, tuple[float, Mapping[str, float]]] = {}
            for _, known in evidence(turn.text, place(turns, who, n), understand, read(code), judge().ignored):
                for id_, values in known.items():
                    plain = values["likely"] + values["sign"]
                    if id_ not in best or plain > best[id_][0]:
                        best[id_] = plain, values
            # Near a moment the same situation is neither right nor wrong: it is the same moment.
            here = wanted.get(n, set())
            found += [Row(values, i in here, name) for i, (_, values) in best.items() if i in here or i not in near]
    return found


def fitted(rows: Sequence[Row]) -> dict[str, float]:
    """The weights of a logistic model with an L2 penalty, by Newton's method (iteratively reweighted least squares)."""
    names = ["base", *sorted({name for row in rows for name in row.values} - {"base"})]
    number = {name: i for i, name in enumerate(names)}
    known = [([(number[key], v) for key, v in row.values.items() if v], float(row.holds), row.weight) for row in rows]
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [0.0, *(L2 * weight for weight in weights[1:])]
        bend = [[L2 * (i == j) + 1e-6 for j in range(len(names))] for i in range(len(names))]
        for values, target, weight in known:
            total = sum(weights[i] * value for i, value in values)
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            spread = weight * chance * (1 - chance)
            for i, value in values:
                slope[i] += weight * (chance - target) * value
                row = bend[i]
                for j, other in values:
                    row[j] += spread * value * other
        weights = [weight - step for weight, step in zip(weights, solved(bend, slope), strict=True)]
    return {name: round(weight, 2) for name, weight in zip(names, weights, strict=True)}


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of linear equations with a positive definite matrix, by Gaussian elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i, pivot in enumerate(rows):
        for other in rows[i + 1 :]:
            share = other[i] / pivot[i]
            other[i:] = [value - share * above for value, above in zip(other[i:], pivot[i:], strict=True)]
    found = [0.0] * len(rows)
    for i in reversed(range(len(rows))):
        rest = sum(rows[i][j] * found[j] for j in range(i + 1, len(rows)))
        found[i] = (rows[i][-1] - rest) / rows[i][i]
    return found


def checked(rows: Sequence[Row]) -> None:
    """Prints how the confidence agrees with what holds, by weights fitted without the call at hand."""
    bins: dict[int, list[bool]] = {}
    calls = list(dict.fromkeys(row.call for row in rows))
    for fold in range(FOLDS):
        left_out = set(calls[fold::FOLDS])
        weights = fitted([row for row in rows if row.call not in left_out])
        for row in rows:
            if row.call in left_out:
                bins.setdefault(min(9, int(10 * confidence(row.values, weights))), []).append(row.holds)
    for n, held in sorted(bins.items()):
        print(f"{n / 10:.1f}-{(n + 1) / 10:.1f}: {len(held):5} {sum(held) / len(held):.2f}")


def without_signs(row: Row) -> Row:
    """A row as it would be in a language whose signs nobody has written yet."""
    return dataclasses.replace(row, values={name: value for name, value in row.values.items() if name not in SIGNS})


def written(key: str, weights: Mapping[str, float]) -> str:
    """The weights as they stand in the file, which is otherwise written by hand."""
    return f"{key}:\n" + "".join(f"  {name}: {weight}\n" for name, weight in weights.items())


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="show how far the confidence can be believed")
    args = parser.parse_args()
    read = {code: signs_of(known, signs(code)) for code, known in profiles().items()}
    with KnowledgeBase.open(STARTER) as kb:
        index = kb.index()

        def understand(text: str) -> Sequence[tuple[str, float]]:
            return index.understand(text)[0]

        rows = rows_of_remarks(understand, read.__getitem__) + rows_of_calls(understand, read.__getitem__)
    if args.check:
        checked(rows)
        return 0
    before, _, _ = JUDGED.read_text(encoding="utf-8").partition("weights:\n")
    both = written("weights", fitted(rows)) + written("without_signs", fitted([*map(without_signs, rows)]))
    JUDGED.write_text(before + both, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
