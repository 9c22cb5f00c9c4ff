"""Which situations a post is about: its title and parts weighed against the vocabulary's labels.

Two measures are joined. A label *occurs* when a sentence holds (nearly) all of its content words; and each situation has
a *bag* of its labels' words, compared with the post's by cosine. Words weigh by how few situations use them (idf).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coachkb.data.stems import stem
from coachkb.ingest.text import words
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.model.terms import MAX_SITUATIONS

#: What a sentence counts by where it stands.
FIELD_WEIGHT = {"title": 4.0, "problem": 1.6, "diagnosis": 1.0, "tactic": 1.0, "script": 1.2, "story": 0.5, "none": 0.3}
_OCCURS = 0.8  # share of a label's weight that a sentence must hold
_BAG = 3.0  # what the bags' cosine counts against the labels that occur
_SECOND = 0.55  # share of the best score that a second and third situation need


@dataclass(frozen=True, slots=True)
class Tag:
    """A situation of a post, its score (not bounded), and the labels that spoke for it."""

    situation: str
    score: float
    labels: tuple[str, ...]


class Tagger:
    """The vocabulary in one language, ready to compare posts with."""

    def __init__(self, vocabulary: Mapping[str, Situation], profile: LanguageProfile) -> None:
        self._profile = profile
        self._broader = {s.id: s.broader for s in vocabulary.values()}
        labels: list[tuple[str, str, frozenset[str]]] = []
        used_in: dict[str, set[str]] = {}
        for situation in vocabulary.values():
            own = situation.labels.get(profile.code)
            if own is None:
                continue
            for text in dict.fromkeys((own.name, *own.also, *own.said)):
                stems = frozenset(self.stems(text))
                if stems:
                    labels.append((situation.id, text, stems))
                    for item in stems:
                        used_in.setdefault(item, set()).add(situation.id)
        total = len(vocabulary) or 1
        self._idf = {item: math.log(1 + total / len(ids)) for item, ids in used_in.items()}
        self._labels = [(id_, text, stems, sum(self._idf[s] for s in stems)) for id_, text, stems in labels]
        self._by_stem: dict[str, list[int]] = {}
        for n, (_, _, stems, _) in enumerate(self._labels):
            for item in stems:
                self._by_stem.setdefault(item, []).append(n)
        bags: dict[str, Counter[str]] = {}
        for id_, _, stems, _ in self._labels:
            bags.setdefault(id_, Counter()).update(stems)
        self._bags: dict[str, dict[str, float]] = {}
        for id_, bag in bags.items():
            vector = {item: math.log(1 + n) * self._idf[item] ** 2 for item, n in bag.items()}
            norm = math.sqrt(sum(v * v for v in vector.values()))
            self._bags[id_] = {item: v / norm for item, v in vector.items()}

    def stems(self, text: str) -> list[str]:
        """The stems of a text's content words."""
        stop = self._profile.stopwords
        return [stem(word, self._profile.stemmer) for word in words(text) if word not in stop]

    def tag(self, sentences: Iterable[tuple[str, str]]) -> list[Tag]:
        """One to three situations, best first, of (field, sentence) pairs; a narrower one follows its broader."""
        ranked = self.rank(sentences)
        if not ranked:
            return []
        best = ranked[0].score
        chosen = [tag for tag in ranked[:MAX_SITUATIONS] if tag.score >= _SECOND * best]
        ordered: list[Tag] = []
        for tag in chosen:
            broader = self._broader.get(tag.situation)
            if broader and all(t.situation != broader for t in ordered):
                found = next((t for t in ranked if t.situation == broader), None)
                ordered.append(found or Tag(broader, tag.score, ()))
            if all(t.situation != tag.situation for t in ordered):
                ordered.append(tag)
        return ordered[:MAX_SITUATIONS]

    def rank(self, sentences: Iterable[tuple[str, str]]) -> list[Tag]:
        """All situations that anything speaks for, best first."""
        occurs: dict[str, dict[str, float]] = {}
        bag: dict[str, float] = {}
        total_words = 0
        for field, text in sentences:
            weight = FIELD_WEIGHT.get(field, 1.0)
            stems = self.stems(text)
            total_words += len(stems)
            here = set(stems)
            for item in stems:
                if item in self._idf:
                    bag[item] = bag.get(item, 0.0) + weight
            overlap: dict[int, float] = {}
            for item in here:
                for n in self._by_stem.get(item, ()):
                    overlap[n] = overlap.get(n, 0.0) + self._idf[item]
            for n, got in overlap.items():
                id_, label, _, full = self._labels[n]
                share = got / full
                if share >= _OCCURS and got >= 1.5:
                    value = weight * share * min(full, 9.0) / 9.0
                    mine = occurs.setdefault(id_, {})
                    mine[label] = max(mine.get(label, 0.0), value)
        vector = {item: math.log(1 + n) * self._idf[item] for item, n in bag.items()}
        norm = math.sqrt(sum(v * v for v in vector.values())) or 1.0
        scale = math.sqrt(1 + total_words / 40)
        tags = []
        for id_, weights in self._bags.items():
            cosine = sum(v * weights[item] for item, v in vector.items() if item in weights) / norm
            spoken = occurs.get(id_, {})
            score = _BAG * cosine + sum(sorted(spoken.values(), reverse=True)[:6]) / scale
            if score > 0:
                named = sorted(spoken, key=lambda label: (-spoken[label], label))[:3]
                tags.append(Tag(id_, score, tuple(named)))
        tags.sort(key=lambda tag: (-tag.score, tag.situation))
        return tags


def taggers(vocabulary: Mapping[str, Situation], profiles: Mapping[str, LanguageProfile]) -> dict[str, Tagger]:
    """A tagger for each language."""
    return {code: Tagger(vocabulary, profile) for code, profile in profiles.items()}
