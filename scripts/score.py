#!/usr/bin/env python3
"""How well today's ingest understands the articles of a gold folder: one command, every figure.

    score.py [GOLD_FOLDER] [--articles FOLDER] [--only apart|rest|all] [--weights FILE] [--verbose] [--json]

Ingests the articles that the gold files name into a fresh knowledge base, exports it, and hands both to
score_lessons.py. ``--only`` takes the kept-apart articles of GOLD_FOLDER/sources.tsv, or the rest. The weights that
ship have learned from all articles: those kept apart are read with weights trained on the rest, which ``--weights``
names or which are trained first (some minutes).

Below that table: how many pairs of translations (``group`` in sources.tsv) ingest grouped, and how many other pairs;
how alike the roles of grouped lessons are, passage by passage (Ratcliff and Obershelp's ratio, which needs no gold);
and how well sentences are found, as score_sentences.py has it. --json prints the table alone.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import difflib
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import score_sentences
from arguments import ARTICLES, GOLD, folder, gold_folder

from coachkb.errors import UnreadableFile
from coachkb.ingest import roles
from coachkb.ingest.read import read_document
from coachkb.kb import KnowledgeBase
from coachkb.model.terms import ROLES

HERE = pathlib.Path(__file__).resolve().parent


def sources(gold: pathlib.Path) -> dict[str, dict[str, str]]:
    """The rows of a gold folder's sources.tsv by the articles' stems; none without that table."""
    if not (gold / "sources.tsv").exists():
        return {}
    with (gold / "sources.tsv").open(encoding="utf-8", newline="") as file:
        return {pathlib.PurePath(row["file"]).stem: row for row in csv.DictReader(file, delimiter="\t")}


def chosen(gold: pathlib.Path, only: str) -> list[pathlib.Path]:
    """The gold files to score."""
    files, rows = sorted(gold.glob("*.gold.json")), sources(gold)
    if only == "all" or not rows:
        return files
    apart = {stem for stem, row in rows.items() if row["apart"] != "-"}
    return [path for path in files if (path.name.removesuffix(".gold.json") in apart) == (only == "apart")]


def grouped(lessons: Sequence[Mapping[str, Any]], groups: Mapping[str, str]) -> str:
    """The pairs of articles that ingest took for translations. ``groups``: by article's stem, the group it is of."""
    gold = set(_pairs({stem: [group] for stem, group in groups.items()}))
    of: dict[str, list[str]] = {}
    for lesson in lessons:
        if lesson["group"]:
            of.setdefault(pathlib.PurePath(lesson["source"]["path"]).stem, []).append(lesson["group"])
    found = set(_pairs(of))
    alike = [
        difflib.SequenceMatcher(None, _roles(a), _roles(b), autojunk=False).ratio()
        for a, b in itertools.combinations(lessons, 2)
        if a["group"] and a["group"] == b["group"]
    ]
    told = f"; their roles alike {statistics.mean(alike):.3f}" if alike else ""
    return f"groups: {len(found & gold)} of {len(gold)} pairs of translations found, {len(found - gold)} false{told}"


def _pairs(groups: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """The pairs of articles that have a group in common."""
    for a, b in itertools.combinations(sorted(groups), 2):
        if not set(groups[a]).isdisjoint(groups[b]):
            yield a, b


def _roles(lesson: Mapping[str, Any]) -> list[str]:
    """The roles of a lesson's passages, in the order of the article."""
    told = [(passage["start"], role) for role in ROLES for passage in lesson[role] if passage["start"] is not None]
    return [role for _, role in sorted(told)]


def split() -> str:
    """How well sentences of the hard set are found, in each language."""
    told = []
    for path in sorted(score_sentences.FOLDER.glob("*.txt")):
        boundaries, whole = score_sentences.score(score_sentences.paragraphs(path), path.stem)
        told.append(f"{path.stem} {whole.f1:.3f} (boundaries {boundaries.f1:.3f})")
    return f"sentences, F1 on the hard set: {', '.join(told)}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=gold_folder, default=GOLD)
    parser.add_argument("--articles", type=folder, default=ARTICLES)
    parser.add_argument("--only", choices=("apart", "rest", "all"), default="all")
    parser.add_argument("--weights", type=pathlib.Path, help="a file that train_roles.py --rest wrote")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    files = chosen(args.gold, args.only)
    stems = {path.name.removesuffix(".gold.json") for path in files}
    articles = [path for path in sorted(args.articles.iterdir()) if path.stem in stems]
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = os.environ["XDG_STATE_HOME"] = scratch
        weights = args.weights
        if weights is None and args.only == "apart":
            weights = pathlib.Path(scratch, "roles.json")
            train = [sys.executable, str(HERE / "train_roles.py"), str(args.gold), "--articles", str(args.articles)]
            subprocess.run([*train, "--rest", "-o", str(weights)], check=True, stdout=subprocess.DEVNULL)
        if weights is not None:
            model = roles.read_weights(str(weights))
            roles.weights = lambda: model  # type: ignore[assignment]
        kb = KnowledgeBase.open(os.path.join(scratch, "kb"), create=True)
        kb.ingest(articles)
        lessons = pathlib.Path(scratch, "lessons.json")
        lessons.write_text(kb.export("json"), encoding="utf-8")
        texts = pathlib.Path(scratch, "sources")
        texts.mkdir()
        for path in articles:  # also those that teach nothing, which no knowledge base stores
            with contextlib.suppress(UnreadableFile):
                document = read_document(path.read_bytes(), str(path))
                (texts / (path.stem + document.suffix)).write_text(document.text, encoding="utf-8", newline="")
        for path in files:
            name = json.loads(path.read_text(encoding="utf-8"))["source"]
            if not (texts / name).exists():
                print(f"{path}: there is no article for it in {args.articles}", file=sys.stderr)
                return 2
        command = [
            sys.executable,
            str(HERE / "score_lessons.py"),
            str(lessons),
            *map(str, files),
            "--sources",
            str(texts),
        ]
        command += ["--verbose"] * args.verbose + ["--json"] * args.json
        code = subprocess.run(command, check=False).returncode
        if not args.json:
            rows = sources(args.gold)
            groups = {stem: rows[stem]["group"] for stem in stems & rows.keys() if rows[stem]["group"] != "-"}
            print(grouped(json.loads(lessons.read_text(encoding="utf-8")), groups))
            print(split())
        return code


if __name__ == "__main__":
    raise SystemExit(main())
