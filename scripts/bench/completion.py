#!/usr/bin/env python3
"""What completing a word costs the shell, against bare Python and against importing click, which it does without.

    completion.py [--runs N] [--lessons N]

Whole processes of the running interpreter, in turn, so that a drifting machine drifts for all. CPU time is user + sys
of the finished process, wall time what a person waits; the median of the runs. The target is under 100 ms on a machine
where a bare Python takes 20.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cold_lookup import cpu_seconds

LINES = {
    "an id": "coachkb show te",
    "a situation": "coachkb browse --situation t",
    "a language": "coachkb lookup --lang ",
    "a command": "coachkb ",
}
LESSON = "format: 1\nid: {id}\ntitle: Lesson {n}\nlanguage: en\nsituations: [too-expensive]\n"


def measured(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """CPU and wall seconds of one process."""
    begun = time.perf_counter()
    cpu = cpu_seconds(arguments, environment)
    return cpu, time.perf_counter() - begun


def many(folder: str, lessons: int, environment: dict[str, str]) -> str:
    """A KB of so many small lessons, indexed."""
    kb = os.path.join(folder, "many")
    lessons_folder = pathlib.Path(kb, "lessons", "en")
    lessons_folder.mkdir(parents=True)
    pathlib.Path(kb, "coachkb.yaml").touch()
    for n in range(lessons):
        id_ = f"test-{n}"
        (lessons_folder / f"{id_}.yaml").write_text(LESSON.format(id=id_, n=n), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "coachkb", "index", "--kb", kb], env=environment, check=True)
    return kb


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--lessons", type=int, default=10_000, help="of the large knowledge base")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("COACHKB_", "XDG_"))}
        environment = {**kept, "HOME": home, "LC_ALL": "C.UTF-8"}
        os.chdir(home)
        cases: dict[str, tuple[list[str], dict[str, str]]] = {
            "python -c pass": (["-c", "pass"], environment),
            "python -c 'import click'": (["-c", "import click"], environment),
        }
        large = f"coachkb show --kb {many(home, args.lessons, environment)} te"
        for name, line in {**LINES, f"an id, {args.lessons} lessons": large}.items():
            told = {"_COACHKB_COMPLETE": "zsh_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
            cases[name] = (["-m", "coachkb"], {**environment, **told})
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
        for _ in range(args.runs + 1):
            for name, case in cases.items():
                times[name].append(measured(*case))
    medians = {
        name: [statistics.median(column) for column in zip(*runs[1:], strict=True)] for name, runs in times.items()
    }
    floor, _ = medians["python -c pass"]
    print(f"{'':28} {'cpu ms':>7} {'wall ms':>8} {'x bare':>8}")
    for name, (cpu, wall) in medians.items():
        print(f"{name:28} {cpu * 1000:7.1f} {wall * 1000:8.1f} {cpu / floor:8.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
