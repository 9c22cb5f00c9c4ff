"""Learns, when an index is built, what words and letters say of a situation; a look-up only adds these numbers up.

A linear classifier (multinomial logistic regression, trained by stochastic gradient descent) over three kinds of
features: character n-grams, stems and pairs of neighbouring stems. It learns from the vocabulary's labels, which are
what buyers say and reps type, and from everyday phrases that have nothing to do with selling: the class "elsewhere".
Pure Python and one fixed order, so that the same labels give the same model.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from coachkb.search.analysis import KINDS, features, fold, tokens

#: Rounds over all examples, and the step of the first and the last. Small steps and few rounds keep it from learning
#: single labels by heart: bigger ones found the right situation of a query less often, not more.
EPOCHS = 4
STEPS = (3.0, 0.7)
#: A class whose probability is off by less than this is left alone: it saves most of the work.
CLOSE = 0.02

_Sums = list[tuple[float, list[list[float]]]]
_Pulls = list[tuple[list[float], float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase, the number of the class it belongs to, its language, and how often a round goes over it."""

    text: str
    target: int
    language: str
    times: int = 1


@dataclass(slots=True)
class Model:
    """``weights``: per feature a number for each class, its idf multiplied in; ``idf``: of each feature.

    ``languages``: per feature and language how often it occurs there.
    """

    classes: int
    unknown: float = 1.0
    idf: dict[str, float] = field(default_factory=dict)
    weights: dict[str, list[float]] = field(default_factory=dict)
    languages: dict[str, Counter[str]] = field(default_factory=dict)


#: By words and class: the language of an example, its features kind by kind, and how often a round goes over it.
Rows = dict[tuple[str, int], tuple[str, list[list[str]], int]]


def rows_of(examples: Iterable[Example], stem: Callable[[str, str], str]) -> Rows:
    """What is learned of examples, as they are written and without accents; ``stem`` takes a word and a language."""
    rows: Rows = {}
    for example in examples:
        words = tokens(example.text)
        plain = [fold(word) for word in words]
        for version in (words, plain) if plain != words else (words,):
            if version:
                known_by = features(version, [stem(word, example.language) for word in version])
                rows[" ".join(version), example.target] = example.language, known_by, example.times
    return rows


def train(rows: Rows, classes: int, start: Model | None = None, counted: Rows | None = None) -> Model:
    """A model of the examples; the classes are numbered from 0.

    ``start``: a model to learn on from, which is changed; ``counted``: those of the examples that it has not counted by
    language yet (all, when it is None).
    """
    ordered = sorted(rows.items(), key=lambda item: (zlib.crc32(item[0][0].encode()), item[0]))
    model = start or Model(classes, unknown=math.log(1 + len(ordered)))
    count = Counter(feature for _, (_, kinds, _) in ordered for kind in kinds for feature in kind)
    for feature, n in count.items():
        if feature not in model.weights:
            model.idf[feature] = model.unknown if start else math.log(1 + len(ordered) / n)
            model.weights[feature] = [0.0] * classes
            model.languages[feature] = Counter()
    for language, kinds, _ in (rows if counted is None else counted).values():
        for kind in kinds:
            for feature in kind:
                model.languages[feature][language] += 1
    prepared = [(target, *_prepared(model, kinds)) for (_, target), (_, kinds, times) in ordered for _ in range(times)]
    for epoch in range(EPOCHS):
        step = STEPS[0] * (STEPS[1] / STEPS[0]) ** (epoch / (EPOCHS - 1))
        for target, sums, pulls in prepared:
            _learn(sums, pulls, target, step)
    return model


def _prepared(model: Model, kinds: Sequence[Sequence[str]]) -> tuple[_Sums, _Pulls]:
    """An example as rows of weights with the share of each kind, and how far a step moves each row."""
    total = math.sqrt(sum(weight * weight for weight, kind in zip(KINDS, kinds, strict=True) if kind))
    sums, pulls = [], []
    for weight, kind in zip(KINDS, kinds, strict=True):
        if kind:
            share = weight / total / math.sqrt(sum(model.idf[f] ** 2 for f in kind))
            sums.append((share, [model.weights[f] for f in kind]))
            pulls += [(model.weights[f], share * model.idf[f] ** 2) for f in kind]
    return sums, pulls


def _learn(sums: _Sums, pulls: _Pulls, target: int, step: float) -> None:
    scores = [0.0] * len(pulls[0][0])
    for share, rows in sums:
        scores = [score + share * added for score, added in zip(scores, map(sum, zip(*rows, strict=True)), strict=True)]
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    for n, value in enumerate(raised):
        off = value / total - (n == target)
        if off > CLOSE or off < -CLOSE:
            move = step * off
            for row, pull in pulls:
                row[n] -= move * pull


def language_numbers(model: Model, languages: Sequence[str]) -> dict[str, list[float]]:
    """Per feature the log-odds of each language, for telling a query's language."""
    totals = {code: 1 + sum(count[code] for count in model.languages.values()) for code in languages}
    mean = sum(totals.values()) / len(totals)
    found = {}
    for feature, count in model.languages.items():
        rates = [(count[code] * mean / totals[code]) + 0.5 for code in languages]
        whole = sum(rates)
        found[feature] = [math.log(rate / whole * len(rates)) for rate in rates]
    return found
