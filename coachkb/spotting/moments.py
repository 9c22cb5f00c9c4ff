"""The moments of a call: sentences of the buyer that mean a situation, with the chance that they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from coachkb.model.call import SELLER, UNKNOWN, Moment, Turn
from coachkb.spotting.signs import MANNERS, Signs

#: The situations that a sentence may mean, likeliest first, with likelihoods that sum to at most 1.
Understand = Callable[[str], Sequence[tuple[str, float]]]
_SENTENCE = re.compile(r"[^.!?…;]+[.!?…;]*")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40  # words of a sentence that are read at once
_WORTH = 0.04  # likelihood under which a situation without a sign is not considered
_FLOOR = 0.01  # of a likelihood, so that its logarithm is one


@dataclass(frozen=True, slots=True)
class Judge:
    """How sure is sure enough. ``weights``: of each piece of evidence, fitted; ``threshold``: the least confidence.

    ``unknown``: added to it for words of somebody whose side is not known; ``window``: turns in which the same
    situation is one moment; ``ignored``: situations that nobody brings up in a call.
    """

    weights: Mapping[str, float]
    threshold: float
    unknown: float
    window: int
    ignored: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A situation in a sentence, with the evidence for it and the confidence that follows."""

    situation: str
    confidence: float
    quote: str


def sentences(text: str) -> Iterator[str]:
    """The sentences of a turn; one without an end is cut, so that none takes long."""
    for piece in _SENTENCE.findall(text):
        words = piece.split()
        for i in range(0, len(words), _LONGEST):
            yield " ".join(words[i : i + _LONGEST])


def evidence(
    sentence: str, understand: Understand, signs: Signs, ignored: frozenset[str]
) -> dict[str, dict[str, float]]:
    """What speaks for each situation that a sentence may mean: the values that ``Judge.weights`` weigh."""
    words = [word.lower() for word in _WORD.findall(sentence.replace("'", "").replace("’", ""))]
    if len(words) < 2:
        return {}
    likely = dict(understand(sentence))
    found = signs.found(words)
    nothing = max(0.0, 1.0 - sum(likely.values()))
    out: dict[str, dict[str, float]] = {}
    for situation in [id_ for id_, value in likely.items() if value >= _WORTH or id_ in found]:
        if situation in ignored:
            continue
        value = likely[situation]
        rival = max((other for id_, other in likely.items() if id_ != situation), default=0.0)
        out[situation] = {
            "base": 1.0,
            "likelihood": log(value + _FLOOR),
            "likely": value,
            "rival": log(rival + _FLOOR),
            "nothing": log(nothing + _FLOOR),
            "sign": float(situation in found),
            "signs": float(found.get(situation, 0) > 1),
            "other_sign": float(any(id_ != situation and id_[0] != "-" for id_ in found)),
            **{name[1:]: float(name in found) for name in MANNERS},
            "question": float(sentence.rstrip().endswith("?")),
            "short": float(len(words) < 4),
        }
    return out


def confidence(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The chance, 0 to 1, that the evidence holds (a logistic model)."""
    total = sum(weights.get(name, 0.0) * value for name, value in values.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def in_turn(text: str, understand: Understand, signs: Signs, judge: Judge) -> dict[str, Found]:
    """The situations of a turn, each with its surest sentence; a sentence means one."""
    best: dict[str, Found] = {}
    for sentence in sentences(text):
        known = evidence(sentence, understand, signs, judge.ignored)
        ranked = sorted(((confidence(values, judge.weights), id_) for id_, values in known.items()), reverse=True)
        for sure, situation in ranked[:1]:
            if situation not in best or sure > best[situation].confidence:
                best[situation] = Found(situation, sure, sentence)
    return best


def moments(
    turns: Sequence[Turn], sides: Mapping[str, str], understand: Understand, signs: Signs, judge: Judge
) -> list[Moment]:
    """The moments of a call, in order; what the seller says is never one."""
    found: list[Moment] = []
    last: dict[str, int] = {}  # situation to the turn in which it was last heard
    for n, turn in enumerate(turns):
        side = sides.get(turn.speaker or "", UNKNOWN)
        if side == SELLER:
            continue
        least = judge.threshold + (judge.unknown if side == UNKNOWN else 0.0)
        here = [item for item in in_turn(turn.text, understand, signs, judge).values() if item.confidence >= least]
        for item in sorted(here, key=lambda item: -item.confidence):
            again = item.situation in last and n - last[item.situation] <= judge.window
            last[item.situation] = n
            if not again:
                answer = _answer(turns, sides, n)
                place = (n, turn.speaker, side, turn.time, turn.line)
                found.append(Moment(*place, item.situation, item.confidence, item.quote, answer))
    return found


def _answer(turns: Sequence[Turn], sides: Mapping[str, str], n: int) -> str | None:
    """What is said to a turn: the turns of the other side up to the next of this one."""
    side = sides.get(turns[n].speaker or "", UNKNOWN)
    said: list[str] = []
    for turn in (turns[i] for i in range(n + 1, len(turns))):
        if sides.get(turn.speaker or "", UNKNOWN) == side and (said or side != UNKNOWN):
            break
        said.append(turn.text)
        if side == UNKNOWN:
            break
    return " ".join(said) or None
