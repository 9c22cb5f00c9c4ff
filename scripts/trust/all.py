#!/usr/bin/env python3
"""Runs everything that tries to lose people's work or to abuse the readers, and prints one table: trials and losses.

    all.py [--short] [--details]

``--short`` takes a minute or two; without it, half an hour. ``--details``: what each script printed, below the table.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import subprocess
import sys

from world import ROOT, table

#: What is tried, the script with its long arguments, and its short ones.
RUNS: tuple[tuple[str, str, str], ...] = (
    ("edits, lessons alone", "try_edits.py --trials 500", "--trials 50"),
    ("edits, by real ingests", "trust/edits.py --trials 100", "--trials 10"),
    ("killed while it writes", "trust/kill.py --trials 510", "--trials 12"),
    ("eight processes at once", "trust/crowd.py", "--processes 4 --rounds 3"),
    ("a disk that fills", "trust/full_disk.py --trials 60", "--trials 8"),
    ("hostile inputs", "trust/hostile.py --size 200000", "--size 20000"),
    ("fuzzing", "trust/fuzz.py --seconds 60", "--seconds 5"),
)
_VERDICT = re.compile(r"^in all: (\d+) trials, (\d+) lost$", re.MULTILINE)


def main() -> int:
    """The command line; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--details", action="store_true")
    args = parser.parse_args()
    rows, details = [], []
    for what, long, short in RUNS:
        command = f"{long.split()[0]} {short}" if args.short else long
        script, *rest = command.split()
        path = pathlib.Path(ROOT, "scripts", script)
        done = subprocess.run([sys.executable, path, *rest], capture_output=True, text=True, check=False)
        found = _VERDICT.search(done.stdout)
        trials, lost = found.groups() if found else ("0", "ended early")
        rows.append({"what": what, "trials": trials, "lost": lost, "command": command})
        details.append(f"\n{command}\n{done.stdout[: found.start() if found else None].rstrip()}\n")
        sys.stderr.write(done.stderr)
        print(f"{what}: {trials} trials, {lost} lost", file=sys.stderr, flush=True)
    print(table(rows), end="")
    if args.details:
        print("".join(details), end="")
    return 1 if any(row["lost"] != "0" for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
