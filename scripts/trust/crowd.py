#!/usr/bin/env python3
"""Eight processes at once on one knowledge base: they ingest, edit, save by hand and look up, in random order.

    crowd.py [--processes 8] [--rounds 25] [--seed 1]

Every look-up must answer. No edit that was told to be saved, and nothing that was saved by hand, may be gone at the
end. Whoever cannot write must say so in one line. At the end every lesson is whole and the index agrees.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections import Counter

from world import World, table, verdict

from coachkb.cli.app import COMMANDS
from coachkb.errors import ChangedMeanwhile, UnusableKB
from coachkb.store import journal

_SAYINGS = ("too expensive", "te duur", "för dyrt", "send me information", "nobody decides here")


class Worker:
    """One process: what it did, what was refused, and the words that must be found at the end."""

    def __init__(self, world: World, number: int, dice: random.Random) -> None:
        self.world, self.number, self.dice = world, number, dice
        self.count: Counter[str] = Counter()
        self.words: list[str] = []
        self.faults: list[str] = []
        lessons = sorted((world.kb / "lessons").rglob("*.yaml"))
        self.shared, self.by_hand = lessons[::2], lessons[1::2]

    def work(self, rounds: int) -> None:
        """Does things in random order; writes what came of them to a file."""
        kinds = [self.ingest, self.save, self.save_by_hand, self.look_up]
        kinds += [self.edit] if "edit" in COMMANDS else []
        for turn in range(rounds):
            self.dice.choice(kinds)(turn)
        told = {"count": self.count, "words": self.words, "faults": self.faults}
        (self.world.root / f"worker-{self.number}.json").write_text(json.dumps(told), encoding="utf-8")

    def _after(self, kind: str, code: int, said: str) -> bool:
        """Counts what came of a command; True when it did what it was asked."""
        refused = any(words in said for words in ("another coachkb", "meanwhile", "while you edited it"))
        self.count[f"{kind}: {'done' if code == 0 else 'refused' if refused else 'failed'}"] += 1
        if "Traceback" in said or "bug" in said or (code and not refused):
            self.faults.append(f"{kind}: {code}, {said}")
        return code == 0

    def ingest(self, turn: int) -> None:
        """Changes an article, most likely one that others have changed too, and ingests it."""
        path = self.dice.choice(sorted(self.world.given.iterdir()))
        mine = self.world.root / f"in-{self.number}"
        mine.mkdir(exist_ok=True)
        text = f"{path.read_text(encoding='utf-8')}\nAsk him {self.number} times {turn}, and then be quiet.\n"
        (mine / path.name).write_text(text, encoding="utf-8")
        os.chdir(mine)  # so that the origin is the same whoever ingests
        self._after("ingest", *self.world.run("ingest", "--kb", str(self.world.kb), path.name))

    def edit(self, turn: int) -> None:
        """coachkb edit, with an editor that adds a line."""
        word = f"edit {self.number} {turn}."
        self.world.editor(word)
        lesson = self.dice.choice(self.shared).stem
        if self._after("edit", *self.world.run("edit", "--kb", str(self.world.kb), lesson)):
            self.words.append(word)

    def save(self, turn: int) -> None:
        """A program with the Python API: reads, changes, and commits what it read has become."""
        path = self.dice.choice(self.shared)
        name, word = str(path.relative_to(self.world.kb)), f"save {self.number} {turn}."
        data = journal.read(str(self.world.kb), name)
        assert data is not None
        try:
            changes: dict[str, bytes | None] = {name: data + f"# {word}\n".encode()}
            seen = {name: journal.digest_of(data)}
            journal.commit(str(self.world.kb), "edit", changes, seen=seen)
            self.count["save: done"] += 1
            self.words.append(word)
        except (ChangedMeanwhile, UnusableKB):
            self.count["save: refused"] += 1

    def save_by_hand(self, turn: int) -> None:
        """A person's editor, which knows nothing of locks; each lesson is one person's, as people's editors need it."""
        mine = self.by_hand[self.number % len(self.by_hand)]
        word = f"hand {self.number} {turn}."
        temporary = mine.with_name(f".{mine.name}.{self.number}")
        temporary.write_bytes(mine.read_bytes() + f"# {word}\n".encode())
        temporary.replace(mine)
        self.count["by hand: done"] += 1
        self.words.append(word)

    def look_up(self, _: int) -> None:
        """As a rep does, in whatever state the others have it."""
        words = self.dice.choice(_SAYINGS)
        code, said = self.world.run("lookup", "--kb", str(self.world.kb), "--format", "plain", words)
        self._after("look up", 0 if code == 1 else code, said)


def main() -> int:
    """Lets them loose, and looks what is left; 1 when anything is gone or broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        world = World(folder)
        world.give(2 * told.processes)
        os.chdir(world.given)
        names = [path.name for path in sorted(world.given.iterdir())]
        code, said = world.run("ingest", "--kb", str(world.kb), *names)
        assert code == 0, said
        world.warm()
        words = world.people_work()
        children = []
        for number in range(told.processes):
            child = os.fork()
            if child == 0:
                try:
                    Worker(world, number, random.Random(f"{told.seed} {number}")).work(told.rounds)
                finally:
                    os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
        return _looked_at(world, words, told.processes)


def _looked_at(world: World, words: list[str], processes: int) -> int:
    count: Counter[str] = Counter()
    faults = []
    for number in range(processes):
        told = json.loads((world.root / f"worker-{number}.json").read_text(encoding="utf-8"))
        count.update(told["count"])
        words += told["words"]
        faults += told["faults"]
    lost = world.gone(words)
    with journal.writing(str(world.kb), "look"):
        pass
    world.run("lookup", "--kb", str(world.kb), "too expensive")
    broken = world.broken() + world.leftovers() + world.index_faults()
    for thing in [*faults, *lost, *broken]:
        print(thing, file=sys.stderr)
    rows = []
    for kind in sorted({key.partition(":")[0] for key in count}):
        rows.append({"what": kind, **{how: count[f"{kind}: {how}"] for how in ("done", "refused", "failed")}})
    print(table(rows), end="")
    print(f"words of people: {len(words)}, lost: {len(lost)}; broken at the end: {len(broken)}; faults: {len(faults)}")
    wrong = len(lost) + len(broken) + len(faults)
    print(verdict(sum(count.values()), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
