"""Whose words a script's are: what a rep says, and what stands between that (the buyer's turns, narration, asides).

It is told by the form alone: names that open turns, quotation marks, brackets. What cannot be told so is taken for
words to say. On the look-up path of the card: nothing heavier than re.
"""

from __future__ import annotations

import itertools  # built in
import re

from coachkb.model.quotation import MARKS, scan

#: A turn's name: a word or two before a colon at the beginning of a passage, and what follows it.
_TURN = re.compile(r"(?:[-–—]\s*)?([^\W\d_][^\W\d_.'’ -]*(?: [^\W\d_]+)?):\s")
#: An aside in brackets: it opens after a sentence or a quotation.
_BRACKETS = re.compile(r"(?:^|(?<=[.!?…:\"“”’»)\]] ))(?:\([^()]{2,600}\)|\[[^\[\]]{2,600}\])")
_SPEECH = 3  # words in quotation marks; fewer, without the end of a sentence, are a word that is spoken of
_MOSTLY = 0.3  # of a text that must stand in quotation marks, for the rest of it to be narration
Spans = list[tuple[int, int]]


def between(stretches: list[list[str]], buyers: set[str], sellers: set[str]) -> list[list[Spans]]:
    """Of each passage of a script, in stretches that are spoken in one go, where what is not the rep's to say stands.

    ``buyers``, ``sellers``: what a turn's name calls each side, in lower case.
    """
    return [_of_stretch(stretch, _sides(stretch, buyers, sellers)) for stretch in stretches]


def quoted(stretches: list[list[str]]) -> list[list[bool]]:
    """Of each passage of a script, in stretches, whether it is part of what somebody says between quotation marks."""
    found = []
    for stretch in stretches:
        text, start, row = " ".join(stretch), 0, []
        spans = [(a, b) for a, b in _quotations(text) if len(text[a:b].split()) >= _SPEECH]
        for passage in stretch:
            row.append(any(a < start + len(passage) and b > start for a, b in spans))
            start += len(passage) + 1
        found.append(row)
    return found


def _sides(texts: list[str], buyers: set[str], sellers: set[str]) -> dict[str, bool]:
    """The names of turns, with whether they are the rep's; none where that cannot be told.

    Where the rep is named, every other name that a dialogue has is the buyer's.
    """
    names = [turn[1].lower() for text in texts if (turn := _TURN.match(text))]
    mine = {name for name in names if name in sellers}
    theirs = {name for name in names if name in buyers}
    if mine:
        theirs = {*names} - mine
    return {**dict.fromkeys(theirs, False), **dict.fromkeys(mine, True)}


def _of_stretch(stretch: list[str], sides: dict[str, bool]) -> list[Spans]:
    text = " ".join(stretch)
    found: Spans = []
    starts = [0]
    for passage in stretch:
        starts.append(starts[-1] + len(passage) + 1)
    turns = [(start, turn) for start, passage in zip(starts, stretch, strict=False) if (turn := _TURN.match(passage))]
    turns = [(start, turn) for start, turn in turns if turn[1].lower() in sides]
    ends = [*(start for start, _ in turns[1:]), len(text)]
    for (start, turn), end in zip(turns, ends, strict=False):
        found.append((start, start + turn.end() if sides[turn[1].lower()] else end))
    found += [match.span() for match in _BRACKETS.finditer(text) if any(char.isalpha() for char in match[0])]
    if not turns:
        found += _narration(text)
    whole = _joined(found)
    return [
        [(max(a, start) - start, min(b, end - 1) - start) for a, b in whole if max(a, start) < min(b, end - 1)]
        for start, end in itertools.pairwise(starts)
    ]


def _narration(text: str) -> Spans:
    """What stands around the quotations of a text, where it is mostly these."""
    quoted = _quotations(text)
    speech = [
        end - start
        for start, end in quoted
        if len(text[start:end].split()) >= _SPEECH or text[start:end].rstrip('"”’»“')[-1:] in ".?!…,"
    ]
    if sum(speech) < _MOSTLY * len(text):
        return []
    edges = [0, *(place for span in _spoken(text, quoted) for place in span), len(text)]
    around = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in around if any(char.isalpha() for char in text[start:end])]


def _spoken(text: str, quoted: Spans) -> Spans:
    """Quotations without those that are but spoken of: beside sentences, those that begin and end as none does."""
    whole = [text[start:end].rstrip(MARKS)[-1:] in ".?!…,:" for start, end in quoted]
    part = [not told and text[start + 1 : start + 2].islower() for (start, _), told in zip(quoted, whole, strict=True)]
    return [span for span, some in zip(quoted, part, strict=True) if not some] if any(whole) else quoted


def _quotations(text: str) -> Spans:
    """Where quotations stand, with their marks; one that is cut off goes from the beginning, or to the end."""
    found = scan(text)
    before = [(0, found.first)] if found.first else []
    return [*before, *found.pairs, *([(found.at, len(text))] if found.open else [])]


def _joined(spans: Spans) -> Spans:
    """Spans in order, those that overlap as one."""
    found: Spans = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
