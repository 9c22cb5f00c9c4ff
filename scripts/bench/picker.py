#!/usr/bin/env python3
"""What a keystroke in the picker of `coachkb browse` costs: narrowing the list, and drawing the screen anew.

    picker.py [--lessons N] [--size COLUMNSxLINES]

Makes a knowledge base of so many synthetic lessons (see synthetic.py), types what people look for letter by letter, in
three languages, with typos, takes some of it back, and goes down the list; each key is timed from the press to the
last byte that the terminal gets. In ms, in one process: its CPU time, and what the clock says, which on a busy machine
is more. The target is under 30 ms at 10,000 lessons.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

from cold_lookup import cpu_seconds
from growth import make

from coachkb.cli.picker import Book
from coachkb.jobs.picking import Picker
from coachkb.kb import KnowledgeBase
from coachkb.render.card import console
from coachkb.render.picking import Drawing

TYPED = (
    "send me information",
    "te duur",
    "de vill tänka på saken",
    "it's too expnsive for us",
    "reference",
    "wij hebben al een leverancier",
    "nej",
    "a",
    "korting nl",
    "the customer went silent after my proposal",
)
_DOWN = 8


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lessons", type=int, default=10_000)
    parser.add_argument("--size", default="120x40")
    args = parser.parse_args()
    width, height = map(int, args.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        for variable in [v for v in os.environ if v.startswith(("COACHKB_", "XDG_"))]:
            del os.environ[variable]
        os.environ.update(XDG_CACHE_HOME=name, HOME=name, LC_ALL="C.UTF-8", TERM="xterm-256color")
        os.makedirs(os.path.join(name, "coachkb"))
        os.chdir(name)
        kb = KnowledgeBase.open(make(pathlib.Path(name), args.lessons, files=True))
        begun = time.perf_counter()
        kb.index()
        opened = time.perf_counter()
        narrowing = kb.narrowing()
        ready = time.perf_counter()
        times = typed(
            Picker(narrowing.find, kb.index().ui("en")), Drawing(console(True), Book(kb), "en"), width, height
        )
        kb.close()
    bare = statistics.median(cpu_seconds(["-c", "pass"], dict(os.environ)) for _ in range(9))
    print(f"{args.lessons} lessons, {width} x {height}; a bare Python takes {1000 * bare:.1f} ms of CPU here")
    print(f"opening the index {1000 * (opened - begun):.0f} ms, the list {1000 * (ready - opened):.0f} ms")
    print(f"{'':12}{'keys':>6}{'cpu median':>12}{'p95':>7}{'most':>7}{'clock median':>14}{'p95':>7}{'most':>7}")
    for kind, some in times.items():
        told = f"{kind:12}{len(some):>6}"
        for column, width in zip(zip(*some, strict=True), (12, 14), strict=True):
            in_ms = sorted(1000 * seconds for seconds in column)
            p95 = in_ms[int(len(in_ms) * 0.95)]
            told += f"{statistics.median(in_ms):{width}.1f}{p95:7.1f}{in_ms[-1]:7.1f}"
        print(told)
    return 0


def typed(picker: Picker, drawing: Drawing, width: int, height: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds of each key, by its kind: of CPU and of the clock."""
    times: dict[str, list[tuple[float, float]]] = {"a letter": [], "taken back": [], "a row down": []}

    def press(key: str, kind: str) -> None:
        cpu, begun = time.process_time(), time.perf_counter()
        picker.press(key)
        "".join(drawing.frame(picker, width, height)[0]).encode()
        times[kind].append((time.process_time() - cpu, time.perf_counter() - begun))

    drawing.frame(picker, width, height)
    for text in TYPED:
        for letter in text:
            press(letter, "a letter")
        for _ in range(_DOWN):
            press("down", "a row down")
        for _ in range(3):
            press("backspace", "taken back")
        picker.press("ctrl-u")
    return times


if __name__ == "__main__":
    sys.exit(main())
