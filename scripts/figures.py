#!/usr/bin/env python3
"""Runs the measurements and writes docs/figures.md: each table with the command that prints it, and the date.

    figures.py [--only WORDS] [--date YYYY-MM-DD]

``--only``: measures the tables whose titles hold these words, and leaves the others as they stand, with their dates.
"""

from __future__ import annotations

import argparse
import datetime
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "figures.md"

TABLES = (
    (
        "Understanding articles: the third that is kept apart",
        "No weights were trained on these articles, and nothing tuned, but for titles, dates and authors on some of "
        "those with voices en1 to sv2, en4, nl4, sv4, en7, nl7, sv7; for the articles of letters on four of them, for "
        "three of the dates; guards of authors by counts over all of them, and the bar of groups on all pairs. `apart` "
        "in tests/gold/sources.tsv names them; it is the table of all articles, with voice, shape, language and group.",
        ["score.py", "--only", "apart"],
    ),
    (
        "Understanding articles: the rest",
        "The role weights that ship were trained on these, so this is what is remembered, not what is understood.",
        ["score.py", "--only", "rest"],
    ),
    (
        "Roles across sources",
        "Cross-validated on the rest; translations are one source. The simple bar (thirds of a text as problem, "
        "diagnosis and tactic, quotes as script) reaches 0.43 on texts of this kind.",
        ["train_roles.py", "tests/gold", "--cross", "3"],
    ),
    (
        "Situations across sources",
        "Each source without its own counts; as annotated, and as ingest finds the parts.",
        ["train_situations.py", "tests/gold", "--cross"],
    ),
    ("Agreement of two hands", "Twelve articles annotated twice, independently.", ["agreement.py"]),
    (
        "Sentences",
        "Forty hard paragraphs a language (tests/sentences); the rules were tuned on every other one.",
        ["score_sentences.py"],
    ),
    (
        "Finding: fresh queries",
        "The half kept apart of queries by another hand, written after the search was tuned, without sight of labels "
        "and articles.",
        ["score_queries.py", "tests/queries/fresh.tsv", "--only", "apart"],
    ),
    (
        "Finding: the queries kept apart",
        "Queries by another hand than the labels', with right situations on the lessons.",
        ["score_queries.py", "--only", "apart"],
    ),
    (
        "Finding: wild queries",
        "The half kept apart of the widest set: objections, stories of reps, slang, mails, in three languages, written "
        "without sight of the vocabulary, which was then extended without sight of them.",
        ["score_queries.py", "tests/queries/wild.tsv", "--only", "apart"],
    ),
    (
        "Finding: more queries kept apart",
        "Written by a hand that then extended the vocabulary, so they say less than the "
        "others; half of them have no answer.",
        ["score_queries.py", "tests/queries/more.tsv", "--only", "apart"],
    ),
    (
        "Finding: late queries",
        "By three hands that saw only the list of situations, a third of them e-mails and long notes; asked when all "
        "else was as it is. Nothing was tuned on them but the place of a second meaning (ADR 17).",
        ["score_queries.py", "tests/queries/late.tsv", "--only", "all"],
    ),
    (
        "Finding: lessons by their own titles",
        "Each lesson of the starter asked for by its title, and by the first half of it (ADR 16).",
        ["score_queries.py", "--titles"],
    ),
    (
        "Finding: the queries tuned on",
        "The vocabulary was extended in sight of these: what is remembered, not what is understood.",
        ["score_queries.py", *(f"tests/queries/{name}.tsv" for name in ("dev", "fresh", "more")), "--only", "rest"],
    ),
    (
        "Finding: with and without each component",
        "All queries kept apart. What is worth nothing here may be worth something in a knowledge base whose lessons "
        "share situations (words, fields) or have readers (their language).",
        ["ablation.py", "--only", "apart"],
    ),
    (
        "Finding: the ranking's numbers, cross-validated",
        "On the queries tuned on; see ADR 15 for why the numbers of 'nothing fits' are not the best ones.",
        ["tune_ranking.py"],
    ),
    (
        "Spotting moments in calls",
        "The 143 calls that are kept apart, by other hands than the rules' and the calls that were fitted on. The "
        "target, precision 0.8 at recall 0.6, is missed.",
        ["score_spot.py", "--only", "apart"],
    ),
    ("Speed of the picker", "A key of `coachkb browse`; the target is 30 ms.", ["bench/picker.py"]),
    ("Speed of completion", "The target is 100 ms.", ["bench/completion.py"]),
    (
        "Speed of a cold look-up",
        "Targets: the plain one at most 2.5 times bare Python, the card at most 1.25 times the libraries of the last "
        "line; instructions do not vary with what else the machine does.",
        ["bench/cold_lookup.py"],
    ),
    (
        "Growth of a look-up",
        "Targets: at most 1.6 times in the median of varied queries, 2.5 of very common words.",
        ["bench/growth.py", "--sizes", "10,1000,100000", "--queries", "200"],
    ),
    (
        "Speed of indexing",
        "Targets: 2,000 lessons a second where Python starts in 10 ms; a refresh at most 1.5 times a plain scan.",
        ["bench/index_build.py"],
    ),
    (
        "Against what one would pick instead",
        "On the starter and the dev queries that were tuned on. ripgrep and Recoll from the system's packages, the "
        "others from PyPI.",
        ["bench/peers.py", "--install"],
    ),
    ("Speed of ingest", "Against langdetect alone, with what each step costs.", ["bench/ingest.py"]),
    (
        "Trust",
        "Whatever tries to lose what people wrote, or to abuse the readers: trials and losses, "
        "then what each script says. A kill shows what a dying process leaves, not what a power cut does.",
        ["trust/all.py", "--details"],
    ),
)


def sections() -> dict[str, str]:
    """The tables as they stand in the file, by title."""
    if not FILE.exists():
        return {}
    parts = re.split(r"^## (.+)\n", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (text.strip() for text in parts[1::2]), strict=True))


def measured(title: str, note: str, command: list[str], date: str) -> str:
    """One table, made now. Raises SystemExit when its command fails."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{title}: {command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    lead = f"{note}\n\n" if note else ""
    return f"{lead}{date}: `python scripts/{' '.join(command)}`\n\n```text\n{done.stdout.strip()}\n```"


def coverage(date: str) -> str:
    """What the starter covers."""
    done = subprocess.run(
        [sys.executable, "-m", "coachkb", "coverage", "--format", "markdown"],
        capture_output=True,
        text=True,
        check=True,
    )
    return f"{date}: `coachkb coverage --format markdown`\n\n{done.stdout.strip()}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    parser.add_argument("--only", default="", help="words of the titles to measure")
    args = parser.parse_args()
    found = sections()
    for title, note, command in TABLES:
        if args.only.lower() in title.lower():
            found[title] = measured(title, note, command, args.date)
            _write(found)
    if args.only.lower() in _COVERS.lower():
        found[_COVERS] = coverage(args.date)
    _write(found)
    return 0


_COVERS = "What the starter covers"


def _write(found: dict[str, str]) -> None:
    titles = [title for title, _, _ in TABLES] + [_COVERS]
    rows = [
        f"## {title}\n\n{found[title]}\n" for title in [*titles, *sorted(set(found) - set(titles))] if title in found
    ]
    head = "# Figures\n\nMade by `python scripts/figures.py`; each table has its day and its command.\n"
    FILE.write_text("\n".join([head, *rows]), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
