#!/usr/bin/env python3
"""How far two annotators agree: macro F1 on letters (as score_lessons.py counts) and Cohen's kappa, by file and all.

    agreement.py [FIRST] [SECOND] [--articles FOLDER] [--json]

FIRST (tests/gold) and SECOND (tests/gold/second) are folders of gold files; those that both have are compared. Letters
and digits of the stored article are what is counted. Kappa is given twice: over letters, and over the stretches of text
that either hand labelled as one, white space apart (the sentences), each counted once by its own label under each hand.
Roles are the six of roles.md; what no passage covers is "none".
"""

from __future__ import annotations

import argparse
import itertools
import json
import pathlib
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from coachkb.ingest.read import read_document
from coachkb.model.terms import ROLES

HERE = pathlib.Path(__file__).resolve().parent
Pair = tuple[str, str]


def labels(gold: dict[str, Any], length: int) -> list[str]:
    """The role of every character of a text of ``length`` characters."""
    found = ["none"] * length
    for passage in passages(gold):
        start, end = passage["start"], passage["end"]
        found[start:end] = [passage["role"]] * (end - start)
    return found


def passages(gold: dict[str, Any]) -> list[dict[str, Any]]:
    """All passages of a gold file, in the order of the text."""
    return sorted((p for lesson in gold["lessons"] for p in lesson["passages"]), key=lambda p: (p["start"], p["end"]))


def stretches(text: str, hands: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """The sentences that either hand labelled, as start and end; where the two cut differently, the smaller pieces."""
    cuts = sorted({p[edge] for gold in hands for p in passages(gold) for edge in ("start", "end")})
    covered = [any(row) for row in zip(*([x != "none" for x in labels(g, len(text))] for g in hands), strict=True)]
    pieces = itertools.pairwise(cuts)
    return [(a, b) for a, b in pieces if covered[a] and any(char.isalnum() for char in text[a:b])]


def kappa(pairs: Iterable[Pair]) -> float | None:
    """Cohen's kappa; None where there is nothing to compare, 1 where both hands use one label only, and the same."""
    counts = Counter(pairs)
    total = sum(counts.values())
    if not total:
        return None
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (a, b), n in counts.items():
        first[a] += n
        second[b] += n
    agreed = sum(n for (a, b), n in counts.items() if a == b) / total
    chance = sum(first[label] * second[label] for label in first) / total**2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def macro_f1(pairs: Iterable[Pair]) -> float | None:
    """The mean F1 of the four roles, of those that either hand used; None when neither used any."""
    counts = Counter(pairs)
    scores = []
    for role in ROLES:
        right = counts[role, role]
        wrong = sum(n for (a, b), n in counts.items() if (a == role) != (b == role))
        if right or wrong:
            scores.append(2 * right / (2 * right + wrong))
    return sum(scores) / len(scores) if scores else None


def compare(text: str, one: dict[str, Any], two: dict[str, Any]) -> tuple[list[Pair], list[Pair]]:
    """Both hands' labels of every letter, and of every sentence that either of them labelled."""
    a, b = labels(one, len(text)), labels(two, len(text))
    letters = [(x, y) for char, x, y in zip(text, a, b, strict=True) if char.isalnum()]
    sentences = [(a[start], b[start]) for start, _ in stretches(text, (one, two))]
    return letters, sentences


def article_text(folder: pathlib.Path, source: str) -> str:
    """The stored text of a gold file's source. Raises FileNotFoundError when no article has its stem."""
    stem = pathlib.PurePath(source).stem
    for path in sorted(folder.iterdir()):
        if path.stem == stem:
            return read_document(path.read_bytes(), str(path)).text
    raise FileNotFoundError(f"{folder} has no article for {source}")


def figures(letters: list[Pair], sentences: list[Pair]) -> dict[str, float | int | None]:
    """What is reported of a file or of all."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 3)

    return {
        "macro_f1": rounded(macro_f1(letters)),
        "kappa_letters": rounded(kappa(letters)),
        "kappa_sentences": rounded(kappa(sentences)),
        "agreed": rounded(sum(a == b for a, b in sentences) / len(sentences)) if sentences else None,
        "sentences": len(sentences),
    }


def main() -> int:
    """The command line. Exits with 2 when no file is in both folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", nargs="?", type=pathlib.Path, default=HERE.parent / "tests" / "gold")
    parser.add_argument("second", nargs="?", type=pathlib.Path, default=HERE.parent / "tests" / "gold" / "second")
    parser.add_argument("--articles", type=pathlib.Path, default=HERE.parent / "articles")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    names = sorted({p.name for p in args.first.glob("*.gold.json")} & {p.name for p in args.second.glob("*.gold.json")})
    if not names:
        print(f"no file is in both {args.first} and {args.second}", file=sys.stderr)
        return 2
    out: dict[str, dict[str, float | int | None]] = {}
    all_letters: list[Pair] = []
    all_sentences: list[Pair] = []
    for name in names:
        one, two = (json.loads((folder / name).read_text(encoding="utf-8")) for folder in (args.first, args.second))
        letters, sentences = compare(article_text(args.articles, one["source"]), one, two)
        out[name.removesuffix(".gold.json")] = figures(letters, sentences)
        all_letters += letters
        all_sentences += sentences
    out["all"] = figures(all_letters, all_sentences)
    if args.json:
        print(json.dumps(out, indent=1))
        return 0
    print(*("file", *out["all"]), sep="\t")
    for name, row in out.items():
        print(name, *("-" if value is None else value for value in row.values()), sep="\t")
    mixed = Counter(tuple(sorted(pair)) for pair in all_sentences if pair[0] != pair[1])
    print("differ most on: " + ", ".join(f"{a}/{b} {n}" for (a, b), n in mixed.most_common(5)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
