"""A lesson and what it is made of, as it lies in a lesson file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coachkb.model.terms import ROLES


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article. ``start``/``end`` count code points of the stored article, end exclusive.

    A passage that a person wrote has neither. ``key``: it belongs in a summary.
    """

    text: str
    start: int | None = None
    end: int | None = None
    key: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a lesson comes from: ``path`` in the knowledge base, ``origin`` as it was given at ingest."""

    path: str | None = None
    origin: str | None = None
    sha256: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What people said of a lesson. Dates are ``YYYY-MM-DD``."""

    status: str = "draft"
    by: str | None = None
    on: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Lesson:
    """What one post teaches. ``extraction`` holds what the machine needs to know its own writing again."""

    id: str
    title: str
    language: str
    situations: tuple[str, ...] = ()
    date: str | None = None
    author: str | None = None
    group: str | None = None
    source: Source = field(default_factory=Source)
    problem: tuple[Passage, ...] = ()
    diagnosis: tuple[Passage, ...] = ()
    tactic: tuple[Passage, ...] = ()
    script: tuple[Passage, ...] = ()
    review: Review = field(default_factory=Review)
    notes: str | None = None
    extraction: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        parts = ", ".join(f"{role} {len(getattr(self, role))}" for role in ROLES)
        return f"<Lesson {self.id} ({self.language}, {self.review.status}): {self.title!r}; {parts}>"

    def part(self, role: str) -> tuple[Passage, ...]:
        """The passages of one part; ``role`` is one of ``ROLES``."""
        if role not in ROLES:
            raise KeyError(role)
        passages: tuple[Passage, ...] = getattr(self, role)
        return passages

    @property
    def served(self) -> bool:
        """Dropped lessons stay on file but are never served, exported or counted."""
        return self.review.status != "dropped"

    @property
    def says_something(self) -> bool:
        """Whether it has a passage; one without is begun and not finished: it answers nothing yet."""
        return any(self.part(role) for role in ROLES)

    @property
    def sureness(self) -> float | None:
        """How sure the machine is of the parts, 0 to 1; None of a lesson that it did not write."""
        told = self.extraction.get("sureness")
        try:
            value = float(told) if isinstance(told, str | int | float) else None
        except ValueError:
            return None
        return value if value is not None and 0 <= value <= 1 else None
