"""Translations of one article, found without any translation: by the shape of the text and what no translator changes.

A translation keeps its paragraphs in order and about in proportion (Gale and Church 1993 align sentences by length
alone), and keeps names and numbers. Two posts pair when both say so; one alone never suffices.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coachkb.model.document import Block

_NUMBER = re.compile(r"\d\d*(?:[.,:]\d+)*")
#: Not at the beginning of a line or a sentence. What looks back stands behind the letter: a letter is quick to find.
_NAME = re.compile(r"[A-ZÀ-Þ](?<![.!?…:\"“”„‘’»«(\[—–-] .)(?<!^.)(?<=\b.)\w{2,}", re.MULTILINE)
_ITEM = re.compile(r"^[\s>#*_(|-]*\d{1,3}(?:\.\d{1,3})*[.):]?\s", re.MULTILINE)  # any list counts from 1
_LETTERS = re.compile(r"[^\W_]+")  # and digits
_MAX_BLOCKS = 60
_MAX_MARKS = 60
#: The variance of a paragraph's length in translation, per letter of length (Gale and Church give 6.8 for sentences).
_VARIANCE = 6.8
PAIR_SCORE = 0.54
_SAME_SITUATION = 0.04  # a shared situation lowers the bar by as much


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a post survives translation: its blocks' lengths in letters, and its names and numbers."""

    lengths: tuple[int, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesson as seen when pairing."""

    id: str
    language: str
    situations: tuple[str, ...]
    shape: Shape
    group: str | None = None


def shape_of(text: str, blocks: list[Block]) -> Shape:
    """The shape of a post's blocks that are no noise."""
    kept = [text[b.start : b.end] for b in blocks if b.kind not in ("noise", "title")]
    lengths = [len("".join(_LETTERS.findall(piece))) for piece in kept]
    marks: dict[str, int] = {}
    for piece in kept:
        for found in _NUMBER.findall(_ITEM.sub("", piece)):
            mark = re.sub(r"\D", "", found).lstrip("0")
            if len(mark) >= 2:
                marks[mark] = marks.get(mark, 0) + 1
        for found in _NAME.findall(piece):
            mark = _plain(found)
            marks[mark] = marks.get(mark, 0) + 1
    most = sorted(marks, key=lambda mark: (-marks[mark], mark))[:_MAX_MARKS]
    return Shape(tuple(length for length in lengths if length)[:_MAX_BLOCKS], tuple(sorted(most)))


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(ch for ch in folded if not unicodedata.combining(ch))
    return bare[:-1] if len(bare) > 4 and bare.endswith("s") else bare  # genitives: Brinkmans, Brinkman's


def likeness(a: Shape, b: Shape) -> float:
    """How likely two posts in different languages are translations of one another, 0 to 1."""
    if not a.lengths or not b.lengths:
        return 0.0
    total_a, total_b = sum(a.lengths), sum(b.lengths)
    if not 0.6 < total_a / total_b < 1.65 or max(total_a, total_b) < 150:
        return 0.0
    shared = set(a.marks) & set(b.marks)
    fewer = min(len(a.marks), len(b.marks))
    marks = len(shared) / fewer if fewer else 0.0
    if len(shared) < 3:
        marks *= len(shared) / 3
    if math.sqrt(marks) < PAIR_SCORE - _SAME_SITUATION:  # form cannot make up for it: spare the alignment
        return 0.0
    # Form counts more: two articles on one study name the same researchers and years.
    return math.sqrt(marks) * _alignment(a.lengths, b.lengths)


def _alignment(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """1 for paragraphs that match one to one in proportion, towards 0 the more must be merged, dropped or stretched.

    Dynamic programming over the steps 1-1, 1-2, 2-1, 1-0 and 0-1 with Gale and Church's length cost.
    """
    ratio = sum(b) / sum(a)
    n, m = len(a), len(b)
    until_a, until_b = [0, *itertools.accumulate(a)], [0, *itertools.accumulate(b)]  # letters before each paragraph
    infinite = float("inf")
    best = [[infinite] * (m + 1) for _ in range(n + 1)]
    best[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            here = best[i][j]
            if here == infinite:
                continue
            for di, dj, step in ((1, 1, 0.0), (1, 2, 1.2), (2, 1, 1.2), (1, 0, 2.2), (0, 1, 2.2)):
                if i + di <= n and j + dj <= m:
                    x, y = (until_a[i + di] - until_a[i]) * ratio, until_b[j + dj] - until_b[j]
                    cost = here + step + (_stretch(x, y) if di and dj else 0.4 + max(x, y) / 300)
                    best[i + di][j + dj] = min(best[i + di][j + dj], cost)
    return math.exp(-best[n][m] / (0.5 * (n + m)) / 0.9)


def _stretch(x: float, y: float) -> float:
    mean = (x + y) / 2
    delta = abs(y - x) / math.sqrt(mean * _VARIANCE + 1)
    return min(3.0, 0.25 * delta)


def pair(new: Iterable[Candidate], known: Iterable[Candidate]) -> dict[str, str]:
    """Groups for lessons: id to group, for the new ones that have a translation and the known ones they pair with.

    One to one in each pair of languages, the likeliest first; a group never holds two lessons of one language.
    """
    fresh = list(new)
    everyone = {c.id: c for c in [*known, *fresh]}
    new_ids = {c.id for c in fresh}
    found: list[tuple[float, str, str]] = []
    marked: dict[str, list[Candidate]] = {}  # without a mark in common, no two are translations of one another
    for c in everyone.values():
        for mark in c.shape.marks:
            marked.setdefault(mark, []).append(c)
    for c in fresh:
        for other in {other.id: other for mark in c.shape.marks for other in marked[mark]}.values():
            if other.language == c.language or (other.id in new_ids and other.id <= c.id):
                continue
            score = likeness(c.shape, other.shape)
            if score >= PAIR_SCORE - (_SAME_SITUATION if set(c.situations) & set(other.situations) else 0.0):
                found.append((score, min(c.id, other.id), max(c.id, other.id)))
    group_of = {c.id: c.group for c in everyone.values() if c.group}
    members: dict[str, dict[str, str]] = {}
    for id_, group in group_of.items():
        members.setdefault(group, {})[everyone[id_].language] = id_
    changed: dict[str, str] = {}
    for _, a, b in sorted(found, key=lambda item: (-item[0], item[1], item[2])):
        ga, gb = group_of.get(a), group_of.get(b)
        if ga and gb:
            continue
        old = a if a not in new_ids else b if b not in new_ids else a
        group = ga or gb or old
        held = members.setdefault(group, {})
        for id_ in (a, b):
            language = everyone[id_].language
            if group_of.get(id_) is None and held.get(language, id_) == id_:
                held[language] = id_
                group_of[id_] = changed[id_] = group
        if len(held) < 2:
            for id_ in (a, b):
                if changed.get(id_) == group:
                    del changed[id_], group_of[id_]
    return changed


def shape_to_data(shape: Shape) -> Mapping[str, object]:
    """A shape as it lies in a lesson file, under ``extraction``."""
    return {"lengths": list(shape.lengths), "marks": list(shape.marks)}


def shape_from_data(data: object) -> Shape:
    """The shape in a lesson file; an empty one where it is missing or was meddled with."""
    if not isinstance(data, Mapping):
        return Shape((), ())
    try:
        lengths = tuple(int(str(item)) for item in data.get("lengths") or ())
        return Shape(lengths, tuple(str(item) for item in data.get("marks") or ()))
    except (TypeError, ValueError):
        return Shape((), ())
