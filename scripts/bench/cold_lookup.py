#!/usr/bin/env python3
"""What a cold look-up costs, against the bare cost of Python and of what it imports.

    cold_lookup.py [--runs N]

Whole processes of the running interpreter, one after another in turn, so that a drifting machine drifts for all. CPU
time is user + sys of the finished process, the median of the runs; instructions are counted by valgrind's callgrind
where it is installed, and do not vary.
"""

from __future__ import annotations

import argparse
import compileall
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

import coachkb

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import sqlite3'": ["-c", "import sqlite3"],
    "python -c 'import click'": ["-c", "import click"],
    "coachkb lookup, plain": ["-m", "coachkb", "lookup", "send me information", "--format", "plain"],
    "coachkb lookup, card": ["-m", "coachkb", "--color", "always", "lookup", "send me information"],
    "python -c 'import click, sqlite3, rich.console'": ["-c", "import click, sqlite3, rich.console"],
}


def compiled() -> None:
    """Compiles coachkb, as installing it does: else, where Python may not write, each process would do it again."""
    compileall.compile_dir(os.path.dirname(coachkb.__file__), quiet=2)


def cpu_seconds(arguments: list[str], environment: dict[str, str], codes: tuple[int, ...] = (0,)) -> float:
    """User and system seconds of one finished process, which must exit with one of ``codes``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in codes:
        raise SystemExit(f"{arguments}: exit code {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def instructions(arguments: list[str], environment: dict[str, str], codes: tuple[int, ...] = (0,)) -> int | None:
    """Instructions that callgrind counts, or None without valgrind."""
    if not shutil.which("valgrind"):
        return None
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in codes:
        raise SystemExit(f"{arguments}: exit code {done.returncode}")
    found = re.search(r"Collected : (\d+)", done.stderr)
    return int(found.group(1)) if found else None


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    args = parser.parse_args()
    compiled()
    with tempfile.TemporaryDirectory() as home:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("COACHKB_", "XDG_"))}
        environment = {**kept, "HOME": home, "LC_ALL": "C.UTF-8"}
        os.chdir(home)
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for _ in range(args.runs + 1):
            for name, arguments in COMMANDS.items():
                times[name].append(cpu_seconds(arguments, environment))
        counts = {name: instructions(arguments, environment) for name, arguments in COMMANDS.items()}
    floor = statistics.median(times["python -c pass"][1:])
    floor_count = counts["python -c pass"]
    print(f"{'':48} {'cpu ms':>7} {'x bare':>7} {'Minstr':>7} {'x bare':>7}")
    for name, measured in times.items():
        median = statistics.median(measured[1:])
        count = counts[name]
        told = f"{count / 1e6:7.0f} {count / floor_count:7.2f}" if count and floor_count else ""
        print(f"{name:48} {median * 1000:7.1f} {median / floor:7.2f} {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
