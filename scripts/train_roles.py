#!/usr/bin/env python3
"""Trains the role weights, coachkb/data/roles.json, from annotated articles; or measures them across sources.

    train_roles.py GOLD_FOLDER [--articles FOLDER] [-o FILE]    train on all and write the weights that ship
    train_roles.py GOLD_FOLDER --rest -o FILE                   train on what is not kept apart
    train_roles.py GOLD_FOLDER --cross 5                        cross-validate on what is not kept apart, write nothing

A conditional random field by stochastic gradient ascent on the log-likelihood with an L2 penalty, in plain Python. Same
input, same bytes: articles are shuffled by a seeded generator, sums run in a fixed order, weights are rounded.
GOLD_FOLDER/sources.tsv, where there is one, says which articles are kept apart and which are of one group: translations
are one source, never shared between folds. Whatever is measured on articles kept apart is measured with weights that
were trained on the rest (score.py does so).
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import pathlib
import random
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

from arguments import ARTICLES, folder, gold_folder

from coachkb.data.load import DATA
from coachkb.ingest.cues import is_lexical
from coachkb.ingest.extract import prepare
from coachkb.ingest.posts import split_posts
from coachkb.ingest.read import read_document
from coachkb.ingest.roles import STEPS, Weights, choose, key_marks, kinds_of_steps, marginals, scores
from coachkb.model.document import Document
from coachkb.model.terms import LABELS, ROLES

EPOCHS = 30
RATE = 0.02
PENALTY = 0.1  # L2: by how much, times rate, weights shrink in an epoch for each ten posts
RARE = 4  # times that for a word or a concept: there are many, and each is met in few articles
AVERAGED = 0.5  # of the epochs, the last: their weights are averaged, which smooths what the last posts seen did
MIN_COUNT = 4  # a cue seen in fewer sentences is left out
#: Found by cross-validation: the scarcest part is most often missed, and what is of no part should not get into one.
FAVOUR = {"problem": 1.3, "story": 1.15, "none": 1.15}
KEY_EPOCHS = 8
KEY_RATE = 0.05
KEY_PENALTY = 0.01


Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A post: the cues, gold label, letters, words and gold key mark of each sentence, and the post's language."""

    cues: list[list[str]]
    wanted: list[int]
    letters: list[int]
    words: list[int]
    keys: list[bool]
    language: str


def gold_labels(gold: dict[str, Any], n: int) -> tuple[list[str], list[bool]]:
    """The gold role of every character of a text of length ``n``, and whether it is of a key passage."""
    roles, keys = ["none"] * n, [False] * n
    for lesson in gold["lessons"]:
        for q in lesson["passages"]:
            length = q["end"] - q["start"]
            roles[q["start"] : q["end"]] = [q["role"]] * length
            keys[q["start"] : q["end"]] = [bool(q.get("key"))] * length
    return roles, keys


def examples(document: Document, gold: dict[str, Any]) -> list[Example]:
    """What a document's posts look like to the model, with the gold label of each sentence."""
    chars, key_chars = gold_labels(gold, len(document.text))
    found: list[Example] = []
    for post in split_posts(document):
        ready = prepare(document, post)
        if isinstance(ready, str) or not ready.sentences:
            continue
        sentences = ready.sentences
        wanted, letters, keys = [], [], []
        for s in sentences:
            inside = [i for i in range(s.start, s.end) if document.text[i].isalnum()]
            most = Counter(chars[i] for i in inside).most_common(1)
            wanted.append(LABELS.index(most[0][0]) if most else LABELS.index("none"))
            letters.append(len(inside))
            keys.append(2 * sum(key_chars[i] for i in inside) > len(inside))
        sizes = [len(s.text.split()) for s in sentences]
        found.append(Example(ready.cues, wanted, letters, sizes, keys, ready.language))
    return found


def train(data: list[Example], seed: int = 0) -> Weights:
    """Weights fitted to the examples."""
    k = len(LABELS)
    counts = Counter(cue for x in data for row in x.cues for cue in row)
    vectors: dict[str, list[float]] = {cue: [0.0] * k for cue, n in sorted(counts.items()) if n >= MIN_COUNT}
    steps = [[[0.0] * k for _ in range(k)] for _ in STEPS]
    order = list(range(len(data)))
    generator = random.Random(seed)
    sums: dict[str, list[float]] = {cue: [0.0] * k for cue in vectors}
    step_sums = [[[0.0] * k for _ in range(k)] for _ in STEPS]
    averaged = 0
    for epoch in range(EPOCHS):
        generator.shuffle(order)
        rate = RATE / (1 + epoch * 0.25)
        for index in order:
            _climb(data[index], vectors, steps, rate)
        loss = rate * PENALTY * len(data) / 10
        for cue, vector in vectors.items():
            shrink = 1 - loss * RARE if is_lexical(cue) else 1 - loss
            vector[:] = [value * shrink for value in vector]
        if epoch >= EPOCHS * (1 - AVERAGED):
            averaged += 1
            for cue, vector in vectors.items():
                sums[cue] = [a + b for a, b in zip(sums[cue], vector, strict=True)]
            for sums_of, now in zip(step_sums, steps, strict=True):
                sums_of[:] = [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(sums_of, now, strict=True)]
    return Weights(
        {cue: tuple(value / averaged for value in row) for cue, row in sums.items()},
        [[[value / averaged for value in row] for row in matrix] for matrix in step_sums],
        train_keys(data),
        tuple(FAVOUR.get(label, 1.0) for label in LABELS),
    )


def train_keys(data: list[Example]) -> dict[str, float]:
    """What each mark of a passage says for its being a key one: logistic regression, by the same kind of steps."""
    rows: list[tuple[list[str], bool]] = []
    for x in data:
        for k, role in enumerate(LABELS):
            mine = [i for i, label in enumerate(x.wanted) if label == k] if role in ROLES else []
            rows += [
                (key_marks(role, x.cues[i], rank, len(mine), x.words[i]), x.keys[i]) for rank, i in enumerate(mine)
            ]
    found: dict[str, float] = {}
    generator = random.Random(0)
    for epoch in range(KEY_EPOCHS):
        generator.shuffle(rows)
        rate = KEY_RATE / (1 + epoch)
        for marks, key in rows:
            total = sum(found.get(mark, 0.0) for mark in marks) - 1.0
            slope = key - 1 / (1 + math.exp(-total))
            for mark in marks:
                value = found.get(mark, 0.0)
                found[mark] = value + rate * (slope - KEY_PENALTY * value)
    return found


def _climb(example: Example, vectors: dict[str, list[float]], steps: list[Matrix], rate: float) -> None:
    """One step up the log-likelihood of one post."""
    k = len(LABELS)
    cues, wanted = example.cues, example.wanted
    rows = [scores(row, Weights(vectors, (), {})) for row in cues]  # type: ignore[arg-type]
    kinds = kinds_of_steps(cues)
    chances = marginals(rows, kinds, steps)
    pairs = _pair_marginals(rows, kinds, steps)
    for i, row in enumerate(cues):
        slope = [-p for p in chances[i]]
        slope[wanted[i]] += 1.0
        for cue in row:
            vector = vectors.get(cue)
            if vector is not None:
                for j in range(k):
                    vector[j] += rate * slope[j]
    seen = Counter(zip(kinds[1:], wanted, wanted[1:], strict=False))
    for kind in range(len(STEPS)):
        for a in range(k):
            for b in range(k):
                steps[kind][a][b] += rate * 0.5 * (seen[kind, a, b] - pairs[kind][a][b])


def _pair_marginals(rows: Matrix, kinds: list[int], steps: list[Matrix]) -> list[Matrix]:
    """Expected number of steps of each kind from each label to each, summed over the sequence."""
    k = len(LABELS)
    totals = [[[0.0] * k for _ in range(k)] for _ in STEPS]
    n = len(rows)
    by_kind = [[[math.exp(v) for v in row] for row in matrix] for matrix in steps]
    exp_steps = [by_kind[kind] for kind in kinds]  # to each sentence
    exps = [[math.exp(v - max(row)) for v in row] for row in rows]
    forward: list[list[float]] = []
    now = exps[0]
    for i in range(n):
        if i:
            now = [exps[i][b] * sum(forward[-1][a] * exp_steps[i][a][b] for a in range(k)) for b in range(k)]
        s = sum(now)
        forward.append([v / s for v in now])
    backward = [[1.0] * k for _ in range(n)]
    for i in range(n - 2, -1, -1):
        step = exp_steps[i + 1]
        now = [sum(step[a][b] * exps[i + 1][b] * backward[i + 1][b] for b in range(k)) for a in range(k)]
        s = sum(now)
        backward[i] = [v / s for v in now]
    for i in range(n - 1):
        step = exp_steps[i + 1]
        cell = [[forward[i][a] * step[a][b] * exps[i + 1][b] * backward[i + 1][b] for b in range(k)] for a in range(k)]
        s = sum(map(sum, cell))
        total = totals[kinds[i + 1]]
        for a in range(k):
            for b in range(k):
                total[a][b] += cell[a][b] / s
    return totals


def measure(data: list[Example], model: Weights) -> tuple[dict[str, list[int]], list[int]]:
    """Per role true and false positives and misses in letters, and the letters predicted and leaked."""
    table = {role: [0, 0, 0] for role in ROLES}
    leak = [0, 0]
    for x in data:
        chances = marginals([scores(row, model) for row in x.cues], kinds_of_steps(x.cues), model.steps)
        for row, want, n in zip(chances, x.wanted, x.letters, strict=True):
            got, gold = LABELS[choose(row, model)], LABELS[want]
            if got in ROLES:
                leak[0] += n
                leak[1] += n * (gold not in ROLES)
                table[got][0 if got == gold else 1] += n
            if gold in ROLES and got != gold:
                table[gold][2] += n
    return table, leak


def f1(cell: list[int]) -> float:
    """F1 of true positives, false positives and misses."""
    return 2 * cell[0] / (2 * cell[0] + cell[1] + cell[2]) if cell[0] else 0.0


def write(model: Weights, path: pathlib.Path) -> None:
    """The weights as a readable file: a cue a line, one column a label."""
    rows = {cue: [round(v, 3) for v in row] for cue, row in sorted(model.cues.items())}
    lines = [f"  {json.dumps(cue, ensure_ascii=False)}: {json.dumps(row)}" for cue, row in rows.items() if any(row)]
    keys = {mark: round(v, 3) for mark, v in sorted(model.keys.items()) if round(v, 3)}
    key_lines = ",\n".join(f"  {json.dumps(mark, ensure_ascii=False)}: {value}" for mark, value in keys.items())
    steps = ",\n".join(
        f'  "{kind}": [\n' + ",\n".join("   " + json.dumps([round(v, 3) for v in row]) for row in matrix) + "\n  ]"
        for kind, matrix in zip(STEPS, model.steps, strict=True)
    )
    path.write_text(
        f'{{\n "labels": {json.dumps(LABELS)},\n "favour": {json.dumps(FAVOUR)},\n'
        f' "steps": {{\n{steps}\n }},\n "cues": {{\n'
        + ",\n".join(lines)
        + f'\n }},\n "keys": {{\n{key_lines}\n }}\n}}\n',
        encoding="utf-8",
    )


def load(folder: pathlib.Path, articles: pathlib.Path) -> dict[str, list[Example]]:
    """Examples of every gold file, by stem."""
    found: dict[str, list[Example]] = {}
    by_stem = {path.stem: path for path in sorted(articles.iterdir())}
    for path in sorted(folder.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        stem = path.name.removesuffix(".gold.json")
        if stem not in by_stem:
            print(f"{path}: no article {stem}", file=sys.stderr)
            continue
        found[stem] = examples(read_document(by_stem[stem].read_bytes(), str(by_stem[stem])), gold)
    return found


def split(folder: pathlib.Path, stems: list[str]) -> tuple[dict[str, str], set[str]]:
    """Which source each article is of, and the stems that are kept apart, by ``sources.tsv``."""
    rows = table(folder)
    groups = {stem: rows[stem]["group"] for stem in stems if stem in rows and rows[stem]["group"] != "-"}
    return {stem: groups.get(stem, stem) for stem in stems}, {stem for stem in rows if rows[stem]["apart"] != "-"}


def table(folder: pathlib.Path) -> dict[str, dict[str, str]]:
    """The rows of ``sources.tsv`` by the articles' stems; none where there is no such file."""
    path = folder / "sources.tsv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {pathlib.PurePath(row["file"]).stem: row for row in csv.DictReader(file, delimiter="\t")}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=gold_folder)
    parser.add_argument("--articles", type=folder, default=ARTICLES)
    parser.add_argument("--cross", type=int, default=0, help="number of folds")
    parser.add_argument("--rest", action="store_true", help="leave out what is kept apart")
    parser.add_argument("-o", "--output", type=pathlib.Path, default=pathlib.Path(DATA) / "roles.json")
    args = parser.parse_args()
    data = load(args.gold, args.articles)
    source_of, apart = split(args.gold, list(data))
    if not args.cross and not args.rest:
        apart = set()
    used = [stem for stem in sorted(data) if stem not in apart]
    if not args.cross:
        model = train([x for stem in used for x in data[stem]])
        write(model, args.output)
        print(f"{len(used)} articles, {len(model.cues)} cues -> {args.output}")
        return 0
    sources = sorted({source_of[stem] for stem in used})
    random.Random(1).shuffle(sources)
    totals: dict[str, dict[str, list[int]]] = {}
    leaks = [0, 0]
    for fold in range(args.cross):
        held = set(sources[fold :: args.cross])
        model = train([x for stem in used if source_of[stem] not in held for x in data[stem]])
        for x in [x for stem in used if source_of[stem] in held for x in data[stem]]:
            table, leak = measure([x], model)
            for key in ("all", x.language):
                for role in ROLES:
                    cell = totals.setdefault(key, {r: [0, 0, 0] for r in ROLES})[role]
                    for i in range(3):
                        cell[i] += table[role][i]
            leaks = [leaks[0] + leak[0], leaks[1] + leak[1]]
    for key, table in sorted(totals.items()):
        by_role = "  ".join(f"{role} {f1(cell):.3f}" for role, cell in table.items())
        print(f"{key}: macro F1 {sum(map(f1, table.values())) / 4:.3f}  {by_role}")
    print(f"leak {leaks[1] / max(1, leaks[0]):.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
