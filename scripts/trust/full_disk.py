#!/usr/bin/env python3
"""Fills a small file system while coachkb ingests into it, with room for so many bytes more in each trial.

    full_disk.py [--trials 60] [--seed 1]

The knowledge base, its index, its journal and the temporary folder lie on a file system of their own (tmpfs, which
needs the right to mount; without it, no file may grow beyond a size, by RLIMIT_FSIZE, which meets fewer of the places
where a disk can be full). After each trial every lesson and article is as before, or all are as after an undisturbed
run; what people wrote is there; whoever failed said so in one line and was no bug; and once there is room, the same
ingest goes through and the index agrees.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

from world import World, table, verdict

_DISK = 240_000_000  # bytes: the index is there some five times, as it was and as it is being written
_ROOM = (300_000, 26_000_000)  # what lessons and journal take, and what the index takes; each is met by half the trials


def main() -> int:
    """Runs the trials and prints the table; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        mounted = _mount(folder)
        try:
            return _trials(World(folder), told.trials, random.Random(told.seed), mounted)
        finally:
            os.chdir("/")
            if mounted:
                subprocess.run(["umount", "-l", folder], check=True)


def _mount(folder: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", folder]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _trials(world: World, trials: int, dice: random.Random, mounted: bool) -> int:
    world.give(4)
    ingest = ("ingest", "--kb", str(world.kb), str(world.given))
    code, said = world.run(*ingest)
    assert code == 0, said
    world.warm()
    words = world.people_work()
    world.run("lookup", "--kb", str(world.kb), "too expensive")
    for path in sorted(world.given.iterdir())[:2]:
        path.write_text(path.read_text(encoding="utf-8") + "\nAsk first. Then be quiet and listen.\n", encoding="utf-8")
    world.give(4, skip=4)
    world.save("base")
    old = world.files()
    world.run(*ingest)
    new = world.files()
    names = ("trials", "went through", "refused", "torn", "lost", "unclear", "unmended")
    count = dict.fromkeys(names, 0)
    for trial in range(trials):
        world.restore("base")
        room = dice.randint(0, _ROOM[trial % 2])
        code, said = _with_room(world, room, mounted, ingest)
        count["trials"] += 1
        count["refused" if code else "went through"] += 1
        torn = world.broken() + ([] if world.files() in (old, new) else ["neither as before nor as after"])
        clear = code == 0 or (code == 3 and "bug" not in said and "Traceback" not in said)
        lost = world.gone(words)
        again, more = world.run(*ingest)
        world.run("lookup", "--kb", str(world.kb), "too expensive")
        unmended = [] if again == 0 and world.files() == new else [f"with room again: {again}, {more}"]
        unmended += world.leftovers() + world.index_faults()
        found = {"torn": torn, "lost": lost, "unclear": [] if clear else [said], "unmended": unmended}
        for name, things in found.items():
            count[name] += bool(things)
            for thing in things:
                print(f"room for {room} bytes: {name}: {thing}", file=sys.stderr)
    print("a file system of its own (tmpfs)" if mounted else "no right to mount: files held to a size (RLIMIT_FSIZE)")
    print(table([{"command": "ingest", **count}]), end="")
    wrong = sum(count[name] for name in ("torn", "lost", "unclear", "unmended"))
    print(verdict(trials, wrong))
    return 1 if wrong else 0


def _with_room(world: World, room: int, mounted: bool, command: tuple[str, ...]) -> tuple[int, str]:
    """Runs a command with so many bytes free (or with no file larger than that)."""
    if not mounted:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(room, 4096), before[1]))  # what it says needs some
        try:
            return world.run(*command)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    filler = pathlib.Path(world.root) / "filler"
    disk = os.statvfs(world.root)
    with open(filler, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, disk.f_bavail * disk.f_frsize - room))
    try:
        return world.run(*command)
    finally:
        filler.unlink()


if __name__ == "__main__":
    raise SystemExit(main())
