#!/usr/bin/env python3
"""How well sentences are found: precision, recall and F1 on the hard set, by language and half.

    score_sentences.py [FOLDER] [--misses all|tuned|apart]

FOLDER (tests/sentences) holds a file a language; its README.md says how they are written and judged. Each paragraph
goes through blocks and sentences as an article of its own. A boundary is the end of a sentence, that of the paragraph
left out, for it cannot be missed; a whole sentence is right when both its ends are. The half kept apart is every second
paragraph, which the splitter is never tuned on. ``--misses`` prints what was cut wrong in a half, a ``|`` at each end:
``-`` as it should be, ``+`` as it was found.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coachkb.data.load import profile
from coachkb.ingest.blocks import blocks_of
from coachkb.ingest.sentences import sentences_of
from coachkb.model.document import Document, Post

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE.parent / "tests" / "sentences"
LINE_BREAK, NO_SPACE = "⏎", "⁀"
HALVES = {"all": slice(None), "tuned": slice(0, None, 2), "apart": slice(1, None, 2)}
Spans = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the hard set: its text, and the start and end of each of its sentences."""

    text: str
    gold: Spans


@dataclass(frozen=True)
class Score:
    """Counts of what was found, what is there, and what is both."""

    found: int
    there: int
    both: int

    @property
    def precision(self) -> float:
        """The part of what was found that is right; 1 when nothing was found."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The part of what is there that was found; 1 when nothing is there."""
        return self.both / self.there if self.there else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall (Van Rijsbergen 1979)."""
        return 2 * self.both / (self.found + self.there) if self.found + self.there else 1.0


def paragraph_of(lines: Iterable[str]) -> Paragraph:
    """One paragraph of the hard set, from its lines as README.md there says they are written."""
    text, gold = "", set()
    for line in lines:
        sentence = line.rstrip(LINE_BREAK + NO_SPACE)
        gap = {LINE_BREAK: "\n", NO_SPACE: ""}.get(line[len(sentence) :], " ")
        start = len(text)
        text += sentence.replace(LINE_BREAK, "\n")
        gold.add((start, len(text)))
        text += gap
    return Paragraph(text.rstrip(), frozenset(gold))


def paragraphs(path: pathlib.Path) -> list[Paragraph]:
    """The paragraphs of one file of the hard set, in order. Raises OSError when there is none."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    return [paragraph_of(block.splitlines()) for block in blocks]


def found_in(text: str, language: str) -> Spans:
    """The sentences that ingest finds in a text, as start and end."""
    document = Document(text, ".txt")
    sentences = sentences_of(document, blocks_of(document, Post(0, len(text))), profile(language))
    return frozenset((sentence.start, sentence.end) for sentence in sentences)


def ends(spans: Spans) -> frozenset[int]:
    """Where sentences end, the last left out."""
    return frozenset(sorted(end for _, end in spans)[:-1])


def score(chosen: Sequence[Paragraph], language: str) -> tuple[Score, Score]:
    """Boundaries and whole sentences of some paragraphs."""
    boundaries, whole = [0, 0, 0], [0, 0, 0]
    for paragraph in chosen:
        found = found_in(paragraph.text, language)
        _count(boundaries, ends(found), ends(paragraph.gold))
        _count(whole, found, paragraph.gold)
    return Score(*boundaries), Score(*whole)


def _count(sums: list[int], found: frozenset[object], gold: frozenset[object]) -> None:
    sums[0] += len(found)
    sums[1] += len(gold)
    sums[2] += len(found & gold)


def marked(text: str, at: Iterable[int]) -> str:
    """A text on one line, with a bar at each of some places."""
    bars = sorted(at)
    pieces = [text[a:b] for a, b in zip([0, *bars], [*bars, len(text)], strict=True)]
    return "|".join(pieces).replace("\n", LINE_BREAK)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=FOLDER)
    parser.add_argument("--misses", choices=HALVES)
    args = parser.parse_args()
    print("language\thalf\tboundary_precision\tboundary_recall\tboundary_f1\tprecision\trecall\tf1\tsentences")
    for path in sorted(args.folder.glob("*.txt")):
        rows = paragraphs(path)
        for half, part in HALVES.items():
            boundaries, whole = score(rows[part], path.stem)
            cells = [x for s in (boundaries, whole) for x in (s.precision, s.recall, s.f1)]
            print(path.stem, half, *(f"{x:.3f}" for x in cells), whole.there, sep="\t")
        for paragraph in rows[HALVES[args.misses]] if args.misses else ():
            found = found_in(paragraph.text, path.stem)
            if found != paragraph.gold:
                print(f"- {marked(paragraph.text, ends(paragraph.gold))}")
                print(f"+ {marked(paragraph.text, ends(found))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
