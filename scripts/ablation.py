#!/usr/bin/env python3
"""What each component of a look-up is worth: every figure of score_queries.py, with all of them and without each.

    ablation.py [QUERIES.tsv ...] [--only apart|rest|all] [--quick] [--details]

The queries are those of all tables in tests/queries, without others. A component is switched off where it works; those
marked * are part of what the index learns, so it is built anew without them, which takes a minute each; --quick leaves
these out. "refused" is the share of queries with an answer that are told there is none, "none" that of those that have
none. --details prints the whole table of each. S@1, S@3, sit@1, sit@3 and the grades: see score_queries.py.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from score_queries import FIGURES, ROOT, Query, chosen, gold_index, judged, print_table, table

from coachkb.data.load import ranking
from coachkb.search import index, learned, likely, meaning, postings, query, spelling
from coachkb.search.analysis import KINDS
from coachkb.search.ranking import Ranking, ranking_line

#: What is patched: a module, a name in it, and what stands there instead.
Patch = tuple[Any, str, Any]
#: Sets of queries that the second table has a column for.
SETS = ("en", "nl", "sv", "objection", "rep", "keyword", "tag", "typo", "colloquial", "punctuation", "email")


@dataclass(frozen=True)
class Component:
    """What is left out. ``learned``: the index has to learn without it."""

    name: str
    patches: list[Patch] = field(default_factory=list)
    learned: bool = False


def weighed(**values: Any) -> Patch:
    """Other numbers than those of ``data/ranking.yaml``."""
    changed = Ranking(list(map(float, ranking_line({**ranking(), **values}).split())))
    return query, "read_ranking", lambda _: changed


def kinds(n: int) -> list[Patch]:
    """Phrases known without one kind of features."""
    left = tuple(0.0 if i == n else weight for i, weight in enumerate(KINDS))
    return [(likely, "KINDS", left), (meaning, "KINDS", left)]


_whole_stems = postings._stems
COMPONENTS = (
    Component("everything"),
    Component("mending unknown words", [(spelling, "mended", lambda *_: {})]),
    Component("parts of compounds", [(postings, "_stems", lambda db, words, **_: _whole_stems(db, words))]),
    Component("lessons by their titles", [weighed(title=0.0)]),
    Component("words in a row", [(query, "verbatim", lambda *_: set())]),
    Component("cutting e-mails", [(likely, "written", lambda text: text)]),
    Component("sentence by sentence", [(likely, "WHOLE", 10**9)]),
    Component("whole labels", [(likely, "_named", lambda *_: [])]),
    Component("the lessons' words", [weighed(situation=1.0)]),
    Component("situations", [weighed(situation=0.0)]),
    Component("places of situations", [weighed(place=[1.0, 1.0, 1.0])]),
    Component("weights of fields", [weighed(fields=dict.fromkeys(ranking()["fields"], 1.0))]),
    Component("the reader's language", [weighed(other_language=1.0)]),
    Component("words to say", [weighed(wordless=1.0)]),
    Component("a second meaning", [weighed(second=2.0)]),
    Component("'nothing fits'", [weighed(nothing=0.0, elsewhere=1e9)]),
    Component("unknown words' doubt", [weighed(strange=0.0)]),
    Component("letters *", kinds(0), True),
    Component("stems *", kinds(1), True),
    Component("pairs of stems *", kinds(2), True),
    Component("accents off *", [(meaning, "fold", lambda word: word)], True),
    Component("what is not selling *", [(learned, "elsewhere", dict), (index, "elsewhere", dict)], True),
)


@contextlib.contextmanager
def without(component: Component) -> Iterator[None]:
    """The search with a component switched off."""
    with contextlib.ExitStack() as stack:
        for place, name, instead in component.patches:
            stack.enter_context(mock.patch.object(place, name, instead))
        yield


def figures(component: Component, path: str, queries: list[Query]) -> dict[str, dict[str, float]]:
    """The table without a component; ``path``: an index with everything."""
    with without(component):
        if component.learned:
            path += ".other"
            with mock.patch.object(learned, "_known", return_value={}):
                gold_index(path, ROOT / "coachkb" / "data" / "starter", ROOT / "tests" / "gold")
        opened = query.Index(path)
        lessons = opened.all()
        found = table([(asked, judged(opened, lessons, asked)) for asked in queries])
        opened.close()
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = sorted((ROOT / "tests" / "queries").glob("*.tsv"))
    parser.add_argument("queries", nargs="*", type=pathlib.Path, default=tables)
    parser.add_argument("--only", choices=("apart", "rest", "all"), default="apart")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--details", action="store_true")
    args = parser.parse_args()
    queries = chosen(args.queries, args.only)
    components = [component for component in COMPONENTS if not (args.quick and component.learned)]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "index.sqlite")
        gold_index(path, ROOT / "coachkb" / "data" / "starter", ROOT / "tests" / "gold")
        for component in components:
            found[component.name] = figures(component, path, queries)
            if args.details:
                print(component.name if component is COMPONENTS[0] else f"without {component.name}")
                print_table(found[component.name])
    width = max(map(len, found)) + 2
    print(f"{'without':{width}}" + "".join(f"{title:>9}" for title, _ in FIGURES) + f"{'none':>9}")
    for name, sets in found.items():
        cells = [sets["all"].get(key) for _, key in FIGURES] + [sets["none"].get("refused")]
        print(f"{name:{width}}" + "".join(f"{value:9.3f}" if value is not None else f"{'':9}" for value in cells))
    shown = [name for name in SETS if name in found[COMPONENTS[0].name]]
    print(f"\n{'nDCG@10':{width}}" + "".join(f"{name[:8]:>9}" for name in shown))
    for name, sets in found.items():
        print(f"{name:{width}}" + "".join(f"{sets[column]['ndcg']:9.3f}" for column in shown))
    return 0


if __name__ == "__main__":
    sys.exit(main())
