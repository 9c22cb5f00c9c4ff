"""A text as terms to compare by: the stems of its content words, and the concepts of the field glossary that it names.

Concepts are the same in every language, so what one language's labels say of a situation counts in the others too.
``coachkb/data/field_terms.json``, made by scripts/train_situations.py, holds the glossary's phrases as stems, and in
how many articles each term was met: what stands in every article on selling tells situations least apart.
``label_terms.json``, made by the same script, holds which terms the vocabulary's labels are made of.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from coachkb.data.load import DATA, profile
from coachkb.data.stems import stem
from coachkb.ingest.text import Learned, remembered, words
from coachkb.model.profile import LanguageProfile

_PART = "|"  # between the parts of a compound in the glossary
_MIN_PART = 3  # letters; shorter parts are linking letters

#: The stems of a phrase after the first, and its concepts.
Phrase = tuple[list[str], tuple[str, ...]]
#: A word's stem; its terms (none of a stop word); its concepts; the longer phrases that begin with it, by second stem.
Known = tuple[str, tuple[str, ...], tuple[str, ...], dict[str, list[Phrase]] | None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text is made of, each once, in its order: the stems of all its words; those of its content words (no stop
    words), with the parts of known compounds; the concepts that it names.

    ``size``: how many content words it has; ``of_field``: how many of these name a concept by themselves.
    """

    stems: tuple[str, ...]
    content: tuple[str, ...]
    concepts: tuple[str, ...]
    size: int
    of_field: int


@dataclass(frozen=True, slots=True)
class Glossary:
    """The field glossary in one language, as stems: the concepts of a phrase, and the parts of compounds."""

    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Met:
    """In how many of ``articles`` articles each term was met; a term that is not named was met in one at most."""

    articles: int = 0
    terms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelShares:
    """Of each built-in situation, the share of its labels in one language that hold a content word, or a concept."""

    words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    concepts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldData:
    """What the two files hold. All but ``concepts``, which are common to all languages, are by language."""

    words: Mapping[str, Met]
    concepts: Met
    glossary: Mapping[str, Glossary]
    shares: Mapping[str, LabelShares] = field(default_factory=dict)


class FieldTerms:
    """One language's words and its side of the glossary."""

    def __init__(self, language: LanguageProfile, glossary: Glossary) -> None:
        self._stop = language.stopwords
        self._algorithm = language.stemmer
        self._parts = glossary.parts
        self._single: dict[str, tuple[str, ...]] = {}
        self._longer: dict[str, dict[str, list[Phrase]]] = {}  # by the first stem and the second
        for phrase, concepts in glossary.phrases.items():
            first, *rest = phrase.split()
            if rest:
                self._longer.setdefault(first, {}).setdefault(rest[0], []).append((rest, concepts))
            else:
                self._single[first] = concepts
        for by_second in self._longer.values():
            for phrases in by_second.values():
                phrases.sort(key=lambda entry: -len(entry[0]))
        self._known = Learned(self._learn)
        self._remembered = remembered(self._read)  # one step of ingest after another reads the same sentences

    def read(self, text: str) -> Terms:
        """What a text is made of."""
        return self._remembered(text)

    def _read(self, text: str) -> Terms:
        found = list(map(self._known.__getitem__, words(text)))
        content = [item for item in found if item[1]]
        return Terms(
            tuple(dict.fromkeys([item[0] for item in found])),
            tuple(dict.fromkeys([term for item in content for term in item[1]])),
            tuple(_concepts_of(found)),
            len(content),
            len([item for item in content if item[2]]),
        )

    def _learn(self, word: str) -> Known:
        item = stem(word, self._algorithm)
        stems = () if word in self._stop else tuple(dict.fromkeys((item, *self._parts.get(item, ()))))
        return item, stems, self._single.get(item, ()), self._longer.get(item)


def _concepts_of(text: list[Known]) -> list[str]:
    """The concepts that a text names, each once, in the order of their first words."""
    concepts: dict[str, None] = {}
    for i, (_, _, single, longer) in enumerate(text):
        if longer is not None:
            concepts.update(dict.fromkeys(_longest(longer, text, i) or single))
        elif single:
            concepts.update(dict.fromkeys(single))
    return list(concepts)


@functools.cache
def field_terms(code: str) -> FieldTerms:
    """The reader of a language's words and concepts, of the data that ships with coachkb."""
    return FieldTerms(profile(code), field_data().glossary.get(code, Glossary()))


def _longest(longer: dict[str, list[Phrase]], text: list[Known], i: int) -> tuple[str, ...]:
    """The concepts of the longest of the phrases that a word begins; none goes on as the text does: nothing."""
    if i + 1 < len(text):
        for rest, concepts in longer.get(text[i + 1][0], ()):
            if [known[0] for known in text[i + 1 : i + 1 + len(rest)]] == rest:
                return concepts
    return ()


def stemmed(entries: Mapping[str, Mapping[str, list[str]]], language: LanguageProfile) -> Glossary:
    """One language of the glossary (concept, language, phrases; ``|`` between the parts of a compound) as stems."""
    phrases: dict[str, tuple[str, ...]] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for concept, by_language in entries.items():
        for phrase in by_language.get(language.code, ()):
            for compound in phrase.lower().split():
                if _PART in compound:
                    own = [stem(part, language.stemmer) for part in compound.split(_PART) if len(part) >= _MIN_PART]
                    parts[stem(compound.replace(_PART, ""), language.stemmer)] = tuple(dict.fromkeys(own))
            key = " ".join(stem(word, language.stemmer) for word in words(phrase.replace(_PART, "")))
            if key and concept not in phrases.get(key, ()):
                phrases[key] = (*phrases.get(key, ()), concept)
    return Glossary(phrases, parts)


@functools.cache
def field_data() -> FieldData:
    """The data that ships with coachkb."""
    with open(os.path.join(DATA, "field_terms.json"), encoding="utf-8") as file:
        raw = json.load(file)
    with open(os.path.join(DATA, "label_terms.json"), encoding="utf-8") as file:
        shares = json.load(file)
    return FieldData(
        words={code: Met(met["articles"], met["terms"]) for code, met in raw["words"].items()},
        concepts=Met(raw["concepts"]["articles"], raw["concepts"]["terms"]),
        glossary={
            code: Glossary(_tuples(own["phrases"]), _tuples(own["parts"])) for code, own in raw["glossary"].items()
        },
        shares={code: LabelShares(own["words"], own["concepts"]) for code, own in shares.items()},
    )


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(value) for key, value in lists.items()}
