"""The command line of scripts that make a file from the code: writes it, or tells with ``--check`` that it is stale."""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Callable

import coachkb


def main(doc: str | None, path: pathlib.Path, name: str, says: str, make: Callable[[], str]) -> int:
    """Writes what ``make`` gives to ``path``; with ``--check`` nothing is written, and 1 returned when it differs.

    ``doc``: the script's docstring; ``name``: the file, in messages; ``says``: what it is made from, with a verb.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help=f"write nothing; exit 1 when {name} is stale")
    told = parser.parse_args()
    now = make()
    if not told.check:
        used, root = pathlib.Path(coachkb.__file__).resolve(), pathlib.Path(__file__).resolve().parent.parent
        if root not in used.parents:
            print(f"{name} is made from {used.parent}, not from this checkout: pip install -e .", file=sys.stderr)
        path.write_text(now, encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == now:
        return 0
    print(f"{name} is not what {says}: python scripts/{pathlib.Path(sys.argv[0]).name}", file=sys.stderr)
    return 1
