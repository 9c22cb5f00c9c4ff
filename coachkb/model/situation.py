"""The controlled vocabulary that lessons are tagged with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Labels:
    """A situation in one language (SKOS: prefLabel, altLabel, hiddenLabel)."""

    name: str
    also: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """``family`` groups situations for browsing; ``broader`` is the id of the situation this one narrows."""

    id: str
    family: str
    labels: Mapping[str, Labels] = field(default_factory=dict)
    broader: str | None = None

    def name(self, language: str) -> str:
        """Its name in a language, else in English, else its id."""
        found = self.labels.get(language) or self.labels.get("en")
        return found.name if found else self.id


def narrowest(situations: Sequence[str], broader: Mapping[str, str | None]) -> str:
    """What a lesson is on first of all: its first situation, or the narrower one that follows that; "" without any.

    ``broader``: of situations the one that each narrows, if it does.
    """
    first, second = (*situations, "", "")[:2]
    return second if first and broader.get(second) == first else first
