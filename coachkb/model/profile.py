"""A language as data: everything coachkb knows of one language. Files: ``coachkb/data/languages``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageProfile:
    """One language. Phrase lists are lower case; a trailing ``*`` makes the last word a prefix."""

    code: str
    name: str
    english: str
    stemmer: str
    langdetect: str
    rivals: tuple[str, ...]
    headings: Mapping[str, str]
    labels: Mapping[str, str]
    months: Mapping[str, int]
    weekdays: tuple[str, ...]
    date_order: str | None
    date_lead: tuple[str, ...]
    byline: tuple[str, ...]
    biography: tuple[str, ...]
    abbreviations: frozenset[str]
    abbreviations_final: frozenset[str]
    said_after: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...]
    stopwords: frozenset[str]
    noise: Mapping[str, tuple[str, ...]]
    sections: Mapping[str, tuple[str, ...]]
    front_matter: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, tuple[str, ...]]
    not_after: Mapping[str, frozenset[str]]
    cues: Mapping[str, tuple[str, ...]]
    own_turns: tuple[str, ...]
    talk: Mapping[str, tuple[str, ...]]
    spot: Mapping[str, str]
