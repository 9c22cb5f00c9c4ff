#!/usr/bin/env python3
"""Kills coachkb (SIGKILL) at random moments while it writes, and looks at what is left.

    kill.py [--trials 500] [--seed 1] [--only ingest,undo,...]

Half the moments are of time, drawn over the whole run; half are calls that write, drawn from all that the run makes.
After each kill: every lesson and article is, byte for byte, the one before or the one of an undisturbed run; no word of
a person's is gone; a look-up answers. Then the next writer comes, and the knowledge base must be wholly the one before
or wholly the one after, with an index that agrees and no temporary file. At last the command is run again, where that
is what a user would do, and must end where an undisturbed run ends.

A kill shows what a dying process leaves. It does not show what a power cut leaves; for that files are flushed to disk
before they get their names, which no test here can see.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

from world import World, table, verdict

from coachkb.cli.app import COMMANDS
from coachkb.store import journal


@dataclass(frozen=True)
class Job:
    """A command to kill. ``before`` makes the world it starts from; ``again``: run once more, it ends as planned."""

    name: str
    arguments: tuple[str, ...]
    before: Callable[[World], None]
    again: bool = True
    typed: str = ""  # what a person's editor adds; once it was saved there, it must not be gone


def _articles_change(world: World) -> None:
    for path in sorted(world.given.iterdir())[:2]:
        path.write_text(path.read_text(encoding="utf-8") + "\nAsk first. Then be quiet and listen.\n", encoding="utf-8")
    world.give(3, skip=4)


def _ingested(world: World) -> None:
    _articles_change(world)
    world.run("ingest", "--kb", str(world.kb), str(world.given))


def _lessons_touched(world: World) -> None:
    for path in sorted((world.kb / "lessons").rglob("*.yaml"))[::2]:
        with open(path, "a", encoding="utf-8") as file:
            file.write("# touched\n")


def jobs(world: World) -> list[Job]:
    """What is killed; commands that this coachkb does not have are left out."""
    kb = ("--kb", str(world.kb))
    lesson = sorted((world.kb / "lessons").rglob("*.yaml"))[0].stem
    found = [
        Job("ingest", ("ingest", *kb, str(world.given)), _articles_change),
        Job("undo", ("undo", *kb), _ingested, again=False),
        Job("refresh", ("lookup", *kb, "--format", "plain", "too expensive"), _lessons_touched),
        Job("index", ("index", *kb), _lessons_touched),
        Job("review", ("review", *kb, "--batch", "accept", "--all"), lambda _: None),
        Job("edit", ("edit", *kb, lesson), lambda _: None, again=False, typed="typed in the editor"),
    ]
    return [job for job in found if job.arguments[0] in COMMANDS]


def main() -> int:
    """Runs the trials and prints the table; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        world = World(folder)
        world.give(4)
        code, said = world.run("ingest", "--kb", str(world.kb), str(world.given))
        assert code == 0, said
        world.warm()
        words = world.people_work()
        world.run("lookup", "--kb", str(world.kb), "too expensive")
        world.save("base")
        chosen = [job for job in jobs(world) if not told.only or job.name in told.only.split(",")]
        rows = []
        for number, job in enumerate(chosen):
            trials = told.trials * (number + 1) // len(chosen) - told.trials * number // len(chosen)
            rows.append(_trials(world, job, words, trials, random.Random(f"{told.seed} {job.name}")))
    rows.append({"command": "all", **{key: sum(int(str(row[key])) for row in rows) for key in list(rows[0])[1:]}})
    print(table(rows), end="")
    lost = sum(int(str(rows[-1][key])) for key in ("torn", "lost", "unread", "unmended"))
    print(verdict(told.trials, lost))
    return 1 if lost else 0


def _trials(world: World, job: Job, words: list[str], trials: int, dice: random.Random) -> dict[str, object]:
    if job.typed:
        world.editor(job.typed)
    world.restore("base")
    job.before(world)
    world.save(job.name)
    old = world.files()
    calls, _ = world.calls(*job.arguments)
    new = world.files()
    assert not world.gone([*words, job.typed]), "an undisturbed run loses a person's words"
    world.restore(job.name)
    began = time.perf_counter()
    world.run(*job.arguments)
    seconds = time.perf_counter() - began
    names = ("trials", "killed", "half-way", "old", "new", "torn", "lost", "unread", "unmended")
    count = dict.fromkeys(names, 0)
    for trial in range(trials):
        world.restore(job.name)
        if trial % 2:
            code, _ = world.run(*job.arguments, call=dice.randint(1, calls))
        else:
            code, _ = world.run(*job.arguments, kill=_killer(dice.uniform(0, seconds)))
        count["trials"] += 1
        count["killed"] += code == -signal.SIGKILL
        for fault in _faults(world, job, words, old, new, count):
            print(f"{job.name}, trial {trial}: {fault}", file=sys.stderr)
    return {"command": job.name, **count}


def _killer(seconds: float) -> Callable[[int], None]:
    def kill(child: int) -> None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)

    return kill


def _faults(
    world: World, job: Job, words: list[str], old: dict[str, bytes], new: dict[str, bytes], count: dict[str, int]
) -> list[str]:
    """Looks at what a kill left, mends it, and looks again. Counts, and tells what is wrong."""
    faults = []
    if (world.root / "tmp" / "typed").exists():
        words = [*words, job.typed]
    now = world.files()
    torn = [path for path, data in now.items() if data not in (old.get(path), new.get(path))]
    torn += [path for path in old if path in new and path not in now] + world.broken()
    lost = world.gone(words)
    code, said = world.run("lookup", "--kb", str(world.kb), "too expensive")
    unread = [] if code in (0, 1) and "Traceback" not in said else [said]
    with journal.writing(str(world.kb), "look"):  # the next writer, whoever it is
        pass
    mended = world.files()
    count["half-way"] += now not in (old, new)
    count["old"] += mended == old
    count["new"] += mended == new and old != new
    unmended = [] if mended in (old, new) else ["neither as before nor as after"]
    unmended += world.leftovers() + world.gone(words)
    code, said = world.run("lookup", "--kb", str(world.kb), "too expensive")
    unmended += world.index_faults() if code in (0, 1) else [said]
    if job.again:
        code, said = world.run(*job.arguments)
        unmended += [] if world.files() == new and code in (0, 1) else [f"run again, it ends elsewhere: {code}, {said}"]
    for name, found in (("torn", torn), ("lost", lost), ("unread", unread), ("unmended", unmended)):
        count[name] += bool(found)
        faults += [f"{name}: {thing}" for thing in found]
    return faults


if __name__ == "__main__":
    raise SystemExit(main())
