#!/usr/bin/env python3
"""The role table of today's ingest on a gold folder: one command, every figure.

    score.py [GOLD_FOLDER] [--articles FOLDER] [--only apart|rest|all] [--weights FILE] [--verbose] [--json]

Ingests the articles that the gold files name into a fresh knowledge base, exports it, and hands both to
score_lessons.py. ``--only`` takes the kept-apart articles of GOLD_FOLDER/sources.tsv, or the rest. The weights that
ship have learned from all articles: those kept apart are read with weights trained on the rest, which ``--weights``
names or which are trained first (some minutes).
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from arguments import ARTICLES, GOLD, folder, gold_folder

from coachkb.errors import UnreadableFile
from coachkb.ingest import roles
from coachkb.ingest.read import read_document
from coachkb.kb import KnowledgeBase

HERE = pathlib.Path(__file__).resolve().parent


def chosen(gold: pathlib.Path, only: str) -> list[pathlib.Path]:
    """The gold files to score."""
    files = sorted(gold.glob("*.gold.json"))
    table = gold / "sources.tsv"
    if only == "all" or not table.exists():
        return files
    with table.open(encoding="utf-8", newline="") as file:
        apart = {
            pathlib.PurePath(row["file"]).stem for row in csv.DictReader(file, delimiter="\t") if row["apart"] != "-"
        }
    return [path for path in files if (path.name.removesuffix(".gold.json") in apart) == (only == "apart")]


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
        sources = pathlib.Path(scratch, "sources")
        sources.mkdir()
        for path in articles:  # also those that teach nothing, which no knowledge base stores
            with contextlib.suppress(UnreadableFile):
                document = read_document(path.read_bytes(), str(path))
                (sources / (path.stem + document.suffix)).write_text(document.text, encoding="utf-8", newline="")
        for path in files:
            name = json.loads(path.read_text(encoding="utf-8"))["source"]
            if not (sources / name).exists():
                print(f"{path}: there is no article for it in {args.articles}", file=sys.stderr)
                return 2
        command = [
            sys.executable,
            str(HERE / "score_lessons.py"),
            str(lessons),
            *map(str, files),
            "--sources",
            str(sources),
        ]
        command += ["--verbose"] * args.verbose + ["--json"] * args.json
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
