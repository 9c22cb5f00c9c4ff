"""Which situations a post is about: its words and concepts weighed against the vocabulary's labels.

A situation's labels are a sample of how people speak of it: a term's *share* of them says how well it fits. A term of
the post speaks for each situation by that share, and the more, the fewer articles on selling have the term at all.
Words are compared within the post's language, concepts (of the field glossary) with the labels of every language.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from coachkb.data.load import profiles, vocabulary
from coachkb.ingest.field_terms import FieldData, FieldTerms, Glossary, LabelShares, Met, Terms, field_data, field_terms
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Labels, Situation
from coachkb.model.terms import MAX_SITUATIONS, ROLES

#: What a sentence counts by where it stands.
FIELD_WEIGHT = {"title": 6.0, "problem": 1.5, "diagnosis": 1.0, "tactic": 1.0, "script": 1.0, "story": 0.5, "none": 0.3}
_OPENING = 3  # sentences, the title among them, that count _OPENING_MORE more
_OPENING_MORE = 1.0
_NAME, _ALSO, _SAID = 3.0, 2.0, 1.0  # what a label counts
_MOST = 120  # labels of a kind; more told no more, and every start of ingest reads them
_UNSEEN = 5.0  # labels that every situation is taken to have besides: few labels prove little
_WORD_FLOOR, _CONCEPT_FLOOR = 0.01, 0.02  # the share below which a term hardly speaks for a situation
_DIGITS = 4  # decimals of a share
_SMOOTH = 2.0  # articles added to what was counted
_CONTENT, _CONCEPTS = attrgetter("content"), attrgetter("concepts")  # the terms of a text, by kind
_LONG, _ENDING = 6, 3  # letters of a word that may have an ending left, and of that ending
_SECOND = 0.4  # share of the best score that a second and third situation need


@dataclass(frozen=True, slots=True)
class Tag:
    """A situation of a post; how much more speaks for it than for the average one (not bounded); labels that occur, for
    who asked for them."""

    situation: str
    score: float
    labels: tuple[str, ...] = ()


class _Evidence:
    """What each term says for each situation."""

    def __init__(self, shares: Mapping[str, Mapping[str, float]], floor: float, met: Met, situations: int) -> None:
        """``shares``: of each situation, the share of its labels that hold a term."""
        self._ids = list(shares)
        rows: dict[str, list[tuple[int, float]]] = {}
        for n, own in enumerate(shares.values()):
            for term, share in own.items():
                rows.setdefault(term, []).append((n, math.log(1 + share / floor)))
        self._rows = {term: (self._weight(term, met, situations / len(row)), row) for term, row in rows.items()}

    @staticmethod
    def _weight(term: str, met: Met, rarity: float) -> float:
        """How telling a term is; without counts of articles (a new language) the labels must say."""
        if not met.articles:
            return math.log(1 + rarity)
        return math.log((met.articles + _SMOOTH) / (met.terms.get(term, 1) + _SMOOTH))

    def scores(self, bag: Mapping[str, float]) -> dict[str, float]:
        """What a text's terms, with how much each counts, say for each situation; nothing when it has none of them."""
        total = [0.0] * len(self._ids)
        square = 0.0
        for term, count in bag.items():
            known = self._rows.get(term)
            if known is not None:
                weight = known[0] * math.log1p(count)
                square += weight * weight
                for n, value in known[1]:
                    total[n] += weight * value
        if not square:
            return {}
        length = math.sqrt(square)
        return {id_: total[n] / length for n, id_ in enumerate(self._ids)}


class Tagger:
    """The vocabulary in one language, ready to compare posts with."""

    def __init__(
        self,
        situations: Mapping[str, Situation],
        profile: LanguageProfile,
        data: FieldData | None = None,
        concepts: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        """``data``: counts and glossary other than those that ship; ``concepts``: ``concept_shares`` made already."""
        if data is None:
            data, self._terms = field_data(), field_terms(profile.code)
        else:
            self._terms = FieldTerms(profile, data.glossary.get(profile.code, Glossary()))
        self._glossed = profile.code in data.glossary
        self._broader = {s.id: s.broader for s in situations.values()}
        self._own = {s.id: s.labels[profile.code] for s in situations.values() if profile.code in s.labels}
        self._added = [id_ for id_ in self._own if id_ not in vocabulary()]
        self._labels: dict[str, list[tuple[str, set[str]]]] = {}  # of the situations that were asked for
        known = data.shares.get(profile.code, LabelShares()).words
        shares = _of_labels(situations, profile.code, known, self._terms, _CONTENT)
        if concepts is None:
            concepts = concept_shares(situations, {**profiles(), profile.code: profile}, data)
        total = len(situations)
        self._words = _Evidence(shares, _WORD_FLOOR, data.words.get(profile.code, Met()), total)
        self._concepts = _Evidence(concepts, _CONCEPT_FLOOR, data.concepts, total)

    def tag(self, sentences: Iterable[tuple[str, str]]) -> list[Tag]:
        """One to three situations, best first, of (field, sentence) pairs; a narrower one follows its broader.

        A field is a role or "title"; the pairs are in the order of the post, its title first. Nothing in the text that
        any situation knows: no tags.
        """
        read = [(field, self._terms.read(text)) for field, text in sentences]
        ranked = self._rank(read)
        if not ranked:
            return []
        best = ranked[0].score
        chosen = [tag for tag in ranked[:MAX_SITUATIONS] if tag.score >= _SECOND * best]
        chosen = self._with_own(chosen, read, _SECOND * best)
        ordered: list[Tag] = []
        for tag in chosen:
            broader = self._broader.get(tag.situation)
            if broader and all(t.situation != broader for t in ordered):
                found = next((t for t in ranked if t.situation == broader), None)
                ordered.append(found or Tag(broader, tag.score))
            if all(t.situation != tag.situation for t in ordered):
                ordered.append(tag)
        return ordered[:MAX_SITUATIONS]

    def _with_own(self, chosen: list[Tag], read: list[tuple[str, Terms]], least: float) -> list[Tag]:
        """With the situations of one's own that the text names: few labels never add up to what hundreds do.

        One that the title names comes first, another one second.
        """
        titles = [set(text.content) for field, text in read if field == "title"]
        told = [set(text.content) for field, text in read if field in ROLES]
        for id_ in self._added:
            in_title = self._names(id_, titles)
            if in_title or self._names(id_, told):
                own = next((tag for tag in chosen if tag.situation == id_), Tag(id_, least))
                at = chosen.index(own) if own in chosen else len(chosen)
                chosen = [tag for tag in chosen if tag is not own]
                chosen.insert(min(at, 0 if in_title else 1), own)
        return chosen

    def named(self, texts: Iterable[str]) -> list[str]:
        """The situations of one's own that texts, a title or passages, name: a lesson of them is tagged with these, as
        far as there is room."""
        read = [set(self._terms.read(text).content) for text in texts] if self._added else []
        return [id_ for id_ in self._added if self._names(id_, read)]

    def _names(self, situation: str, sentences: Iterable[set[str]]) -> bool:
        labels = self._labels_of(situation, 1)
        return any(all(map(_held_by(sentence), terms)) for sentence in sentences for _, terms in labels)

    def selling(self, texts: Iterable[str]) -> float:
        """The share of the texts' content words that the field glossary knows: how much they speak of selling.

        1 in a language that the glossary has no words of: nothing is held against its texts then.
        """
        if not self._glossed:
            return 1.0
        read = [self._terms.read(text) for text in texts]
        size = sum(text.size for text in read)
        return sum(text.of_field for text in read) / size if size else 0.0

    def rank(self, sentences: Iterable[tuple[str, str]]) -> list[Tag]:
        """All situations that more speaks for than for the average one, best first, without the labels that occur."""
        return self._rank((field, self._terms.read(text)) for field, text in sentences)

    def _rank(self, read: Iterable[tuple[str, Terms]]) -> list[Tag]:
        words: dict[str, float] = {}
        concepts: dict[str, float] = {}
        for n, (field, text) in enumerate(read):
            weight = FIELD_WEIGHT.get(field, 1.0) + (_OPENING_MORE if n < _OPENING else 0.0)
            for term in text.content:
                words[term] = words.get(term, 0.0) + weight
            for concept in text.concepts:
                concepts[concept] = concepts.get(concept, 0.0) + weight
        total: defaultdict[str, float] = defaultdict(float)
        for evidence, bag in ((self._words, words), (self._concepts, concepts)):
            for id_, value in evidence.scores(bag).items():
                total[id_] += value
        mean = sum(total.values()) / len(total) if total else 0.0
        tags = [Tag(id_, round(value - mean, 6)) for id_, value in total.items() if value - mean > 0]
        return sorted(tags, key=lambda tag: (-tag.score, tag.situation))

    def with_labels(self, tags: Iterable[Tag], texts: Iterable[str]) -> list[Tag]:
        """The tags with up to three labels each that one of the texts holds all the content words of, longest first.

        For who wants to know why: to read the labels costs far more than to tag a post.
        """
        sentences = [set(self._terms.read(text).content) for text in texts]
        everything = set().union(*sentences)
        named = []
        for tag in tags:
            candidates = [x for x in self._labels_of(tag.situation) if x[1] <= everything]
            held = sorted((-len(terms), text) for text, terms in candidates if any(map(terms.issubset, sentences)))
            named.append(Tag(tag.situation, tag.score, tuple(text for _, text in held[:3])))
        return named

    def _labels_of(self, situation: str, least: int = 2) -> list[tuple[str, set[str]]]:
        """A situation's labels of so many content words or more, with these."""
        found = self._labels.get(situation)
        if found is None:
            own = self._own.get(situation)
            read = [(text, set(self._terms.read(text).content)) for text, _ in _weighed(own)] if own else []
            found = self._labels[situation] = [(text, terms) for text, terms in read if terms]
        return [(text, terms) for text, terms in found if len(terms) >= least]


def _held_by(sentence: set[str]) -> Callable[[str], bool]:
    """Whether a sentence holds a term, or one with an ending that the stemmer leaves ("klimatavtrycket")."""

    def held(term: str) -> bool:
        most = len(term) + _ENDING if len(term) >= _LONG else 0
        return term in sentence or any(word.startswith(term) and len(word) <= most for word in sentence)

    return held


def concept_shares(
    situations: Mapping[str, Situation], languages: Mapping[str, LanguageProfile], data: FieldData
) -> dict[str, Mapping[str, float]]:
    """Of each situation, the share of its labels that name a concept: the mean over the languages it has labels in."""
    sums: dict[str, defaultdict[str, float]] = {id_: defaultdict(float) for id_ in situations}
    counted: Counter[str] = Counter()
    for code, profile in languages.items():
        if code in data.glossary:
            known = data.shares.get(code, LabelShares()).concepts
            # Shared with the taggers, where it is the same: words are stemmed once.
            terms = field_terms(code) if data is field_data() else FieldTerms(profile, data.glossary[code])
            for id_, shares in _of_labels(situations, code, known, terms, _CONCEPTS).items():
                counted[id_] += 1
                for concept, share in shares.items():
                    sums[id_][concept] += share
    return {id_: {concept: share / counted[id_] for concept, share in own.items()} for id_, own in sums.items()}


def label_shares(profile: LanguageProfile, glossary: Glossary) -> LabelShares:
    """What the labels of the built-in situations hold, in one language: made once, to be kept as data."""
    terms = FieldTerms(profile, glossary)
    return LabelShares(
        _of_labels(vocabulary(), profile.code, {}, terms, _CONTENT),
        _of_labels(vocabulary(), profile.code, {}, terms, _CONCEPTS),
    )


def _of_labels(
    situations: Mapping[str, Situation],
    code: str,
    known: Mapping[str, Mapping[str, float]],
    terms: FieldTerms,
    part: Callable[[Terms], Iterable[str]],
) -> dict[str, Mapping[str, float]]:
    """Of each situation, the share of its labels in a language that hold each term, of the kind that ``part`` gives.

    ``known``: of the built-in situations; those whose labels nobody changed are taken from there.
    """
    found: dict[str, Mapping[str, float]] = {}
    for situation in situations.values():
        own = situation.labels.get(code)
        if own is not None:
            kept = known.get(situation.id) if vocabulary().get(situation.id) == situation else None
            found[situation.id] = (
                _shares((w, set(part(terms.read(text)))) for text, w in _weighed(own)) if kept is None else kept
            )
    return found


def _weighed(labels: Labels) -> list[tuple[str, float]]:
    """Labels with what each counts; one that stands twice counts by its better place."""
    groups = (((labels.name,), _NAME), (labels.also[:_MOST], _ALSO), (labels.said[:_MOST], _SAID))
    found: dict[str, float] = {}
    for texts, weight in groups:
        for text in texts:
            found.setdefault(text, weight)
    return list(found.items())


def _shares(labels: Iterable[tuple[float, set[str]]]) -> dict[str, float]:
    """The share of the labels, by weight, that hold each term."""
    held: defaultdict[str, float] = defaultdict(float)
    total = _UNSEEN
    for weight, terms in labels:
        if terms:
            total += weight
            for term in terms:
                held[term] += weight
    return {term: round(weight / total, _DIGITS) for term, weight in sorted(held.items())}


def taggers(situations: Mapping[str, Situation], profiles: Mapping[str, LanguageProfile]) -> dict[str, Tagger]:
    """A tagger for each language."""
    concepts = concept_shares(situations, profiles, field_data())
    return {code: Tagger(situations, profile, concepts=concepts) for code, profile in profiles.items()}
