#!/usr/bin/env python3
"""Runs the measurements and writes docs/figures.md: each table with the command that prints it, and the date.

figures.py [--date YYYY-MM-DD]
"""

from __future__ import annotations

import argparse
import datetime
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

TABLES = (
    (
        "Understanding articles: the third that is kept apart",
        "Nothing was trained or tuned on these articles (`apart` in tests/gold/sources.tsv, which is also the table of "
        "all articles with voice, shape, language and group).",
        ["score.py", "--only", "apart"],
    ),
    (
        "Understanding articles: the rest",
        "The role weights were trained on these, so this is what is remembered, not what is understood.",
        ["score.py", "--only", "rest"],
    ),
    (
        "Roles across sources",
        "Cross-validated on the rest; translations are one source. The simple bar (thirds of a text as problem, "
        "diagnosis and tactic, quotes as script) reaches 0.43 on texts of this kind.",
        ["train_roles.py", "tests/gold", "--cross", "5"],
    ),
    ("Agreement of two hands", "Twelve articles annotated twice, independently.", ["agreement.py"]),
    (
        "Finding: the queries kept apart",
        "Queries by another hand than the labels', with right situations on the lessons.",
        ["score_queries.py", "--only", "apart"],
    ),
    ("Finding: the queries tuned on", "", ["score_queries.py", "--only", "rest"]),
    ("Speed of a cold look-up", "", ["bench/cold_lookup.py"]),
)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    args = parser.parse_args()
    out = [f"# Figures\n\nMeasured on {args.date} by `python scripts/figures.py`; each table has its command.\n"]
    for title, note, command in TABLES:
        done = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / command[0]), *command[1:]],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(f"{command}: {done.stderr}", file=sys.stderr)
            return 1
        out.append(f"## {title}\n\n{note + chr(10) * 2 if note else ''}`python scripts/{' '.join(command)}`\n")
        out.append(f"```text\n{done.stdout.strip()}\n```\n")
    coverage = subprocess.run(
        [sys.executable, "-m", "coachkb", "coverage", "--format", "markdown"],
        capture_output=True,
        text=True,
        check=True,
    )
    out.append(f"## What the starter covers\n\n`coachkb coverage --format markdown`\n\n{coverage.stdout}")
    (ROOT / "docs" / "figures.md").write_text("\n".join(out), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
