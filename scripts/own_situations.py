#!/usr/bin/env python3
"""How well situations of one's own are learned beside the built-in ones.

    own_situations.py        (some five minutes)

Five situations are taken out of the vocabulary and the rest is learned. Then they come back as a team would write them
in situations.yaml: a name and five English phrases, drawn from their labels by a fixed seed. Printed: how often their
other English labels (at most 80 each) lead to them, and how often queries of tests/queries on other situations still
lead to theirs, before and after. "First" and "third": among the one or three likeliest situations.
"""

from __future__ import annotations

import argparse
import csv
import pathlib
import random
import sys
import tempfile
from dataclasses import replace

from coachkb.data.load import profiles, vocabulary
from coachkb.model.situation import Labels, Situation
from coachkb.search.index import build, build_over
from coachkb.search.query import Index

QUERIES = pathlib.Path(__file__).resolve().parent.parent / "tests" / "queries"
OWN = ("time-management", "wrong-contact", "referrals", "practice", "gone-silent")
PHRASES = 5
LETTERS = 60  # of a phrase, at most
ASKED = 80

Question = tuple[str, set[str]]


def taught(situation: Situation, draw: random.Random) -> tuple[Situation, list[Question]]:
    """A situation with a name and few phrases, and its other phrases as questions."""
    labels = situation.labels["en"]
    said = list(labels.said)
    draw.shuffle(said)
    kept = [phrase for phrase in said if len(phrase) <= LETTERS][:PHRASES]
    small = replace(situation, labels={"en": Labels(labels.name, (), tuple(kept))})
    return small, [(phrase, {situation.id}) for phrase in said if phrase not in kept][:ASKED]


def others() -> list[Question]:
    """The queries of tests/queries that are on none of the situations taken out."""
    found = []
    for path in sorted(QUERIES.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["query"], set(row["situations"].split(","))) for row in csv.DictReader(file, delimiter="\t")]
        found += [(query, right) for query, right in rows if right <= set(vocabulary()) - set(OWN)]
    return found


def row(name: str, index: Index, asked: list[Question]) -> str:
    """One line of the table."""
    tops = [([id_ for id_, _ in index.understand(query)[0][:3]], right) for query, right in asked]
    first = sum(bool(set(top[:1]) & right) for top, right in tops) / len(asked)
    third = sum(bool(set(top) & right) for top, right in tops) / len(asked)
    taken = sum(bool(set(top[:1]) & set(OWN)) and not set(OWN) & right for top, right in tops)
    return f"{name:<34}{len(asked):>6}{first:>8.3f}{third:>8.3f}{taken:>6}"


def main() -> int:
    """Learns, asks and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    known = vocabulary()
    rest = {id_: situation for id_, situation in known.items() if id_ not in OWN}
    draw = random.Random(1)
    own = [taught(known[id_], draw) for id_ in OWN]
    asked, elsewhere = [question for _, questions in own for question in questions], others()
    with tempfile.TemporaryDirectory() as folder:
        base, enlarged = f"{folder}/base.sqlite", f"{folder}/enlarged.sqlite"
        print("learning the rest ...", file=sys.stderr, flush=True)
        build(base, [], rest, profiles(), own=False)
        more = {**rest, **{situation.id: situation for situation, _ in own}}
        build_over(base, enlarged, [], [], more, profiles(), keep=True, stamp="")
        before, after = Index(base), Index(enlarged)
        print(f"{'':<34}{'n':>6}{'first':>8}{'third':>8}{'taken':>6}")
        print(row("other queries, before", before, elsewhere))
        print(row("other queries, after", after, elsewhere))
        print(row("labels of one's own, not taught", after, asked))
        before.close()
        after.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
