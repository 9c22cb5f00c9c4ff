"""What flows through ingest before there is a lesson. All offsets count code points of ``Document.text``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader made of a file: the text as it will be stored, and what the file says of itself."""

    text: str
    suffix: str  # ".txt" or ".md": what the stored article will be
    title: str | None = None
    date: str | None = None
    author: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a document: ``start``/``end`` of all of it; the body lies within."""

    start: int
    end: int
    title: str | None = None
    title_start: int | None = None
    title_end: int | None = None
    date: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a post, of a ``kind``: title, heading, text, item, turn, header, cell or noise.

    ``level``: of a heading in Markdown, from 1; of a table's header or cell, the number of its column, from 0.
    """

    start: int
    end: int
    kind: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: ``text`` is the slice ``start:end`` with white space folded and mark-up removed."""

    text: str
    start: int
    end: int
    block: int  # number of its block within the post
    kind: str  # the block's kind


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with its role, how sure the machine is of it (0 to 1), and whether it is a key passage.

    ``chances``: of each role, in the order of LABELS. ``cues``: all that it shows.
    """

    sentence: Sentence
    role: str
    sureness: float
    key: bool = False
    chances: tuple[float, ...] = ()
    cues: Sequence[str] = ()
