#!/usr/bin/env python3
"""Tries to lose an edit the way people would: lesson files edited as text, articles changed, and ingested again.

    edits.py [--trials 200] [--seed 1]

One trial is an article of the checkout in a new knowledge base: its lesson files get random edits by line (words of
a passage, a passage taken out, put in or moved to another part, title, notes, comments, the order of the keys), the
article gets random ones by sentence, and it is ingested again, several times. Lost: a word or comment of a person's
that is gone, a passage that a person took out and that is back, a moved one that is in its old part, a file that cannot
be read. ``try_edits.py`` does the same on lessons alone, with far more trials and harder versions.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import random
import re
import sys
import tempfile

from world import ROOT, table, verdict

from coachkb.kb import KnowledgeBase
from coachkb.model.terms import ROLES
from coachkb.store.folder import lesson_files

_SENTENCE = re.compile(r"(?<=[.!?]) +")


class File:
    """A lesson file in a person's hands, and what must never be undone in it."""

    def __init__(self, path: pathlib.Path, dice: random.Random) -> None:
        self.path, self.dice = path, dice
        self.words: dict[str, str] = {}  # a person's words, by the field that they replace or the place they have
        self.away: set[str] = set()  # passages that shall not come back
        self.moved: dict[str, str] = {}  # passages to the part that they shall be in
        self.edits = 0

    def edit(self) -> None:
        """Some edits, each of the file's text."""
        for _ in range(self.dice.randint(1, 4)):
            lines = self.path.read_text(encoding="utf-8").splitlines()
            kinds = [self.field, self.reword, self.take_out, self.add, self.move, self.remark, self.order]
            if self.dice.choice(kinds)(lines):
                self.edits += 1
                self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _own(self, place: str = "") -> str:
        word = f"own{self.edits}x{self.dice.randrange(10**9)}"
        self.words[place or word] = word
        return word

    def field(self, lines: list[str]) -> bool:
        """Title, author or notes in other words; what a person wrote there before goes."""
        name = self.dice.choice(["title", "author", "notes"])
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{name}:"))
        end = _end(lines, at)
        lines[at:end] = [f"{name}: {self._own(name)}", *(line for line in lines[at:end] if line.lstrip()[:1] == "#")]
        return True

    def _passage(self, lines: list[str]) -> tuple[int, int, str, str] | None:
        """One of the passages: first line, end, its words, its part."""
        found = []
        for role in ROLES:
            begin = next(i for i, line in enumerate(lines) if line.startswith(f"{role}:"))
            starts = [i for i in range(begin, _end(lines, begin)) if lines[i].startswith("  - ")]
            for start, end in zip(starts, [*starts[1:], _end(lines, begin)], strict=False):
                block = [line for line in lines[start:end] if line.lstrip()[:1] != "#"]
                if block[0] == "  - text: |-" and len(block) > 1 and block[1].startswith("      "):
                    found.append((start, end, block[1].strip(), role))
        return self.dice.choice(found) if found else None

    def _cut(self, lines: list[str], start: int, end: int) -> list[str]:
        """Takes a passage out; the comments in it stay where they are."""
        block = lines[start:end]
        lines[start:end] = [line for line in block if line.lstrip()[:1] == "#"]
        return [line for line in block if line.lstrip()[:1] != "#"]

    def reword(self, lines: list[str]) -> bool:
        """Other words in a passage; its place stays, as people leave it."""
        if not (found := self._passage(lines)):
            return False
        start, end, text, _ = found
        self._forget(text)
        at = next(i for i in range(start, end) if lines[i].strip() == text)
        lines[at] = f"      {self._own()}"
        return True

    def take_out(self, lines: list[str]) -> bool:
        """A passage goes."""
        if not (found := self._passage(lines)):
            return False
        start, end, text, role = found
        self._forget(text)
        self._cut(lines, start, end)
        _mind_empty(lines, role)
        return True

    def _forget(self, text: str) -> None:
        self.words = {place: word for place, word in self.words.items() if word != text}
        self.moved.pop(text, None)
        self.away.add(text)

    def add(self, lines: list[str]) -> bool:
        """A passage of a person's own, as a bare line."""
        self._put(lines, self.dice.choice(ROLES), [f"  - {self._own()}"])
        return True

    def move(self, lines: list[str]) -> bool:
        """A passage goes to another part."""
        if not (found := self._passage(lines)):
            return False
        start, end, text, role = found
        block = self._cut(lines, start, end)
        _mind_empty(lines, role)
        self.moved[text] = self.dice.choice([name for name in ROLES if name != role])
        self._put(lines, self.moved[text], block)
        return True

    def _put(self, lines: list[str], role: str, block: list[str]) -> None:
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{role}:"))
        lines[at] = f"{role}:"
        lines[at + 1 : at + 1] = block

    def remark(self, lines: list[str]) -> bool:
        """A comment on a line of its own."""
        starts = [i for i, line in enumerate(lines) if line[:1].isalpha() or line.startswith("  - text:")]
        at = self.dice.choice(starts)
        lines.insert(at, f"{' ' * (len(lines[at]) - len(lines[at].lstrip()))}# {self._own()}")
        return True

    def order(self, lines: list[str]) -> bool:
        """A field goes elsewhere in the file."""
        starts = [i for i, line in enumerate(lines) if line[:1].isalpha()]
        at = self.dice.choice(starts)
        block = lines[at : _end(lines, at)]
        del lines[at : _end(lines, at)]
        starts = [i for i, line in enumerate(lines) if line[:1].isalpha()]
        to = self.dice.choice(starts)
        lines[to:to] = block
        return True

    def lost(self, article: str) -> list[str]:
        """What of the edits is gone."""
        text = self.path.read_text(encoding="utf-8")
        told = [f"{place}: {word} is gone" for place, word in self.words.items() if word not in text]
        kb = self.path.parents[2]
        item = next(x for x in lesson_files(str(kb)) if kb / x.file == self.path)
        if item.lesson is None:
            return [*told, str(item.error)]
        for role in ROLES:
            for passage in item.lesson.part(role):
                twice = article.count(passage.text) > 1
                if passage.text in self.away and not twice and passage.text not in self.moved:
                    told.append(f"{role}: {passage.text!r} is back")
                if self.moved.get(passage.text, role) != role and not twice:
                    told.append(f"{role}: {passage.text!r} was moved to {self.moved[passage.text]}")
        return told


def _end(lines: list[str], at: int) -> int:
    """Where a top-level field that begins at a line ends: blanks and comments before the next one are that one's."""
    end = next((i for i in range(at + 1, len(lines)) if lines[i][:1] not in (" ", "#", "")), len(lines))
    while end > at + 1 and lines[end - 1][:1] in ("#", ""):
        end -= 1
    return end


def _mind_empty(lines: list[str], role: str) -> None:
    at = next(i for i, line in enumerate(lines) if line.startswith(f"{role}:"))
    if not any(line.startswith("  - ") for line in lines[at : _end(lines, at)]):
        lines[at] = f"{role}: []"


def changed(text: str, dice: random.Random) -> str:
    """An article with some sentences gone, new, twice, or in other words."""
    rows = text.split("\n")
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(rows))
        sentences = _SENTENCE.split(rows[at])
        n = dice.randrange(len(sentences))
        kind = dice.randrange(4)
        if kind == 0:
            del sentences[n]
        elif kind == 1:
            sentences.insert(n, f"Ask him first what number {dice.randrange(10**6)} means to him.")
        elif kind == 2:
            sentences[n] = f"{sentences[n].rstrip('.!?')}, and then wait."
        else:
            other = dice.randrange(len(rows))
            rows[at], rows[other] = rows[other], rows[at]
            continue
        rows[at] = " ".join(sentences)
    return "\n".join(rows)


def live(dice: random.Random, article: pathlib.Path, folder: pathlib.Path) -> tuple[list[str], int, int]:
    """One trial: what was lost, how many edits there were, and how many times the article was ingested again."""
    kb, given = folder / "kb", folder / article.name
    given.write_bytes(article.read_bytes())
    lost: list[str] = []
    files: dict[pathlib.Path, File] = {}
    again = 0
    with KnowledgeBase.open(kb, create=True) as opened:
        opened.ingest([str(given)])
        for _ in range(dice.randint(1, 4)):
            for path in sorted((kb / "lessons").rglob("*.yaml")):
                file = files.setdefault(path, File(path, dice))
                if dice.random() < 0.7:
                    file.edit()
            given.write_text(changed(given.read_text(encoding="utf-8"), dice), encoding="utf-8")
            opened.ingest([str(given)])
            again += 1
            text = given.read_text(encoding="utf-8")
            lost += [f"{path.stem}: {what}" for path, file in files.items() for what in file.lost(text)]
            if lost:
                break
    return lost, sum(file.edits for file in files.values()), again


def main() -> int:
    """The command line; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    articles = sorted((ROOT / "articles").glob("*.txt"), key=lambda path: (path.stat().st_size, path.name))[:150]
    edits = ingests = losses = 0
    with tempfile.TemporaryDirectory(prefix="trust-") as home:
        os.environ.update(HOME=home, XDG_CACHE_HOME=f"{home}/c", XDG_STATE_HOME=f"{home}/s")
        for trial in range(args.trials):
            dice = random.Random(f"{args.seed} {trial}")
            with tempfile.TemporaryDirectory(dir=home) as folder:
                lost, made, again = live(dice, dice.choice(articles), pathlib.Path(folder))
            edits, ingests, losses = edits + made, ingests + again, losses + bool(lost)
            for what in lost:
                print(f"trial {trial}: {what}", file=sys.stderr)
    print(table([{"trials": args.trials, "edits": edits, "re-ingests": ingests, "lost": losses}]), end="")
    print(verdict(edits, losses))
    return 1 if losses else 0


if __name__ == "__main__":
    raise SystemExit(main())
