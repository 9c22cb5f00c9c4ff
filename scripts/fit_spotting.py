#!/usr/bin/env python3
"""Fits the weights by which a call is judged, and prints them for coachkb/data/spotting.yaml.

    fit_spotting.py [--check]

A logistic model of the evidence that coachkb/spotting/moments.py gathers, over the sentences of
tests/spotting/sentences.tsv, what buyers say in tests/queries/dev.tsv, and the calls of tests/calls, those kept apart
left out of both. --check judges each text by weights that were fitted without it.
"""

from __future__ import annotations

import argparse
import csv
import math
import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from coachkb.data.load import profile, profiles, signs, telling_words
from coachkb.ingest.language import detect
from coachkb.ingest.transcripts import read_call
from coachkb.jobs.spotting import judge
from coachkb.kb import KnowledgeBase
from coachkb.locate import STARTER
from coachkb.model.call import SELLER
from coachkb.spotting.moments import Understand, confidence, evidence, sentences
from coachkb.spotting.sides import sides
from coachkb.spotting.signs import Signs, signs_of

ROOT = pathlib.Path(__file__).resolve().parent.parent
L2 = 1.0  # keeps weights of rare evidence small
ROUNDS = 12
#: What a row counts: of the sentences that came with the signs, of the few lines of buyers by another hand, and of the
#: calls, which are what is judged: a written sentence has neither their small talk nor their half sentences.
OWN, OTHERS, CALLS = 0.3, 3.0, 5.0
SAID = ("objection", "colloquial")  # kinds of query that buyers say


@dataclass(frozen=True, slots=True)
class Row:
    """Evidence for a situation in a sentence, whether it holds, and the text it is of (a call, or a table).

    ``weight``: how much it counts: sentences by the hand that wrote the signs say little of how good these are.
    """

    values: Mapping[str, float]
    holds: bool
    text: str
    weight: float = 1.0


def rows_of_sentences(understand: Understand, read: Callable[[str], Signs]) -> list[Row]:
    """The table of single sentences, and what buyers say in the queries that the search is tuned on."""
    found = []
    with (ROOT / "tests" / "spotting" / "sentences.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            known = evidence(row["sentence"], understand, read(row["lang"]), judge().ignored)
            found += [Row(values, id_ == row["situation"], "sentences", OWN) for id_, values in known.items()]
    with (ROOT / "tests" / "queries" / "dev.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] in SAID and row["apart"] == "-":
                right = row["situations"].split(",")
                known = evidence(row["query"], understand, read(row["lang"]), judge().ignored)
                found += [Row(values, id_ in right, f"query {row['id']}", OTHERS) for id_, values in known.items()]
    return found


def rows_of_calls(understand: Understand, read: Callable[[str], Signs]) -> list[Row]:
    """The calls that are not kept apart: in a turn of gold, the sentence that means it most holds."""
    from score_spot import read_gold, turn_of

    folder = ROOT / "tests" / "calls"
    if not (folder / "gold.tsv").exists():
        return []
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
            near = set().union(*(wanted.get(n + i, set()) for i in (-2, -1, 0, 1, 2)))
            best: dict[str, tuple[float, Mapping[str, float]]] = {}
            for sentence in sentences(turn.text):
                for id_, values in evidence(sentence, understand, read(code), judge().ignored).items():
                    sure = confidence(values, judge().weights)
                    if id_ not in best or sure > best[id_][0]:
                        best[id_] = sure, values
            # Near a moment the same situation is neither right nor wrong: it is the same moment.
            here = wanted.get(n, set())
            judged = [(values, i in here) for i, (_, values) in best.items() if i in here or i not in near]
            found += [Row(values, right, name, CALLS) for values, right in judged]
    return found


def fitted(rows: Sequence[Row]) -> dict[str, float]:
    """The weights of a logistic model with an L2 penalty, by Newton's method (iteratively reweighted least squares)."""
    names = list(rows[0].values)
    known = [([row.values[name] for name in names], float(row.holds), row.weight) for row in rows]
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [0.0, *(L2 * weight for weight in weights[1:])]
        bend = [[L2 * (i == j) + 1e-6 for j in range(len(names))] for i in range(len(names))]
        for values, target, weight in known:
            total = sum(one * value for one, value in zip(weights, values, strict=True))
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            spread = weight * chance * (1 - chance)
            for i, value in enumerate(values):
                if value:
                    slope[i] += weight * (chance - target) * value
                    bend[i] = [one + spread * value * other for one, other in zip(bend[i], values, strict=True)]
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
    for text in dict.fromkeys(row.text for row in rows):
        weights = fitted([row for row in rows if row.text != text])
        for row in rows:
            if row.text == text:
                bins.setdefault(min(9, int(10 * confidence(row.values, weights))), []).append(row.holds)
    for n, held in sorted(bins.items()):
        print(f"{n / 10:.1f}-{(n + 1) / 10:.1f}: {len(held):5} {sum(held) / len(held):.2f}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="show how far the confidence can be believed")
    args = parser.parse_args()
    read = {code: signs_of(known, signs(code)) for code, known in profiles().items()}
    with KnowledgeBase.open(STARTER) as kb:
        index = kb.index()
        rows = rows_of_sentences(lambda text: index.understand(text)[0], read.__getitem__)
        rows += rows_of_calls(lambda text: index.understand(text)[0], read.__getitem__)
    if args.check:
        checked(rows)
        return 0
    print("weights: {" + ", ".join(f"{name}: {weight}" for name, weight in fitted(rows).items()) + "}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
