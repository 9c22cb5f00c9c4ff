#!/usr/bin/env python3
"""Tries to lose an edit: random people edit a lesson file between random new versions of its article.

    try_edits.py [--trials 2000] [--seed 1]

Prints how many trials, edits, comments and re-ingests there were and how many of the edits and comments were lost;
exit 1 when any was. One trial is ``live`` in tests/store/test_merge.py, which runs some of them in every test run.
"""

from __future__ import annotations

import argparse
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "store"))


def main() -> int:
    """The command line."""
    from test_merge import live, version  # type: ignore[import-not-found]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    edits = comments = ingests = losses = 0
    for trial in range(args.trials):
        chance = random.Random(f"{args.seed} {trial}")
        later = [version(chance) for _ in range(chance.randint(1, 6))]
        lost, made, remarked = live(chance, version(chance), later)
        edits, comments, ingests, losses = edits + made, comments + remarked, ingests + len(later), losses + len(lost)
        for what in lost:
            print(f"trial {trial}: {what}", file=sys.stderr)
    print(f"{args.trials} lives: {edits} edits, {comments} comments, {ingests} re-ingests")
    print(f"in all: {edits + comments} trials, {losses} lost")
    return 1 if losses else 0


if __name__ == "__main__":
    raise SystemExit(main())
