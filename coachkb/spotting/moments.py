"""The moments of a call: sentences of the buyer that mean a situation, with the chance that they do.

That chance follows from the sentence and from what it stands in: its turn as a whole, whether it answers the seller."""

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
_ALSO = 0.2  # likelihood from which another sentence of the turn says the same
_SAID = 12  # words of a turn; more say no more
_EARLY = 0.15  # of a call: who and why, and the brush-offs


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
class Place:
    """Where in a call a turn stands. ``answers``: the seller spoke before it; ``asked``: what was said ended with a
    question; ``early``: the call has just begun."""

    answers: bool = False
    asked: bool = False
    early: bool = False


ALONE = Place()  # words that are no call's


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
    text: str, place: Place, understand: Understand, signs: Signs, ignored: frozenset[str]
) -> list[tuple[str, dict[str, dict[str, float]]]]:
    """The sentences of a turn, each with what speaks for the situations that it may mean: the values that
    ``Judge.weights`` weigh."""
    parts = [(part, _words(part)) for part in sentences(text)]
    likely = [dict(understand(part)) if len(words) > 1 else {} for part, words in parts]
    whole = likely[0] if len(parts) == 1 else dict(understand(text))
    said = log(1 + min(_SAID, len(text.split())))
    turn = {
        "said": said,
        "answers": float(place.answers),
        "asked": float(place.asked),
        "early": float(place.early),
    }
    out = []
    for n, (part, words) in enumerate(parts):
        values = _of_sentence(part, words, likely[n], signs, ignored)
        for situation, own in values.items():
            also = sum(other.get(situation, 0.0) > _ALSO for i, other in enumerate(likely) if i != n)
            own |= turn | {
                "whole": log(whole.get(situation, 0.0) + _FLOOR),
                "whole_rival": log(_rival(whole, situation) + _FLOOR),
                "also": log(1 + also),
                "plain": own["likely"] * (log(1 + _SAID) - said),
                f"of-{situation}": 1.0,
            }
        out.append((part, values))
    return out


def _of_sentence(
    sentence: str, words: Sequence[str], likely: Mapping[str, float], signs: Signs, ignored: frozenset[str]
) -> dict[str, dict[str, float]]:
    """What a sentence by itself says for each situation that it may mean. ``words``: as ``_words`` gives them."""
    found = signs.found(words) if likely else {}
    nothing = max(0.0, 1.0 - sum(likely.values()))
    out: dict[str, dict[str, float]] = {}
    for situation, value in likely.items():
        if situation in ignored or (value < _WORTH and situation not in found):
            continue
        out[situation] = {
            "base": 1.0,
            "likelihood": log(value + _FLOOR),
            "likely": value,
            "rival": log(_rival(likely, situation) + _FLOOR),
            "nothing": log(nothing + _FLOOR),
            "sign": float(situation in found),
            "signs": float(found.get(situation, 0) > 1),
            "other_sign": float(any(id_ != situation and id_[0] != "-" for id_ in found)),
            **{name[1:]: float(name in found) for name in MANNERS},
            "question": float(sentence.rstrip().endswith("?")),
            "short": float(len(words) < 4),
        }
    return out


def _words(sentence: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(sentence.replace("'", "").replace("’", ""))]


def _rival(likely: Mapping[str, float], situation: str) -> float:
    return max((value for id_, value in likely.items() if id_ != situation), default=0.0)


def confidence(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The chance, 0 to 1, that the evidence holds (a logistic model)."""
    total = sum(weights.get(name, 0.0) * value for name, value in values.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def in_turn(text: str, understand: Understand, signs: Signs, judge: Judge, place: Place = ALONE) -> dict[str, Found]:
    """The situations of a turn, each with its surest sentence; a sentence means one."""
    best: dict[str, Found] = {}
    for sentence, known in evidence(text, place, understand, signs, judge.ignored):
        ranked = sorted(((confidence(values, judge.weights), id_) for id_, values in known.items()), reverse=True)
        for sure, situation in ranked[:1]:
            if situation not in best or sure > best[situation].confidence:
                best[situation] = Found(situation, sure, sentence)
    return best


def place(turns: Sequence[Turn], sides: Mapping[str, str], n: int) -> Place:
    """Where turn ``n`` stands in its call."""
    before = turns[n - 1] if n else None
    return Place(
        answers=before is not None and sides.get(before.speaker or "") == SELLER,
        asked=before is not None and before.text.rstrip().endswith("?"),
        early=n < _EARLY * len(turns),
    )


def heard(
    turns: Sequence[Turn], sides: Mapping[str, str], understand: Understand, signs: Signs, judge: Judge
) -> list[dict[str, Found]]:
    """What each turn of a call may mean, however unsure; what the seller says means nothing."""
    return [
        {}
        if sides.get(turn.speaker or "") == SELLER
        else in_turn(turn.text, understand, signs, judge, place(turns, sides, n))
        for n, turn in enumerate(turns)
    ]


def moments(
    turns: Sequence[Turn], sides: Mapping[str, str], meant: Sequence[Mapping[str, Found]], judge: Judge
) -> list[Moment]:
    """The moments of a call, in order, that are sure enough. ``meant``: as ``heard`` gives it."""
    found: list[Moment] = []
    last: dict[str, int] = {}  # situation to the turn in which it was last heard
    for n, (turn, items) in enumerate(zip(turns, meant, strict=True)):
        side = sides.get(turn.speaker or "", UNKNOWN)
        least = judge.threshold + (judge.unknown if side == UNKNOWN else 0.0)
        here = [item for item in items.values() if item.confidence >= least]
        for item in sorted(here, key=lambda item: -item.confidence):
            again = item.situation in last and n - last[item.situation] <= judge.window
            last[item.situation] = n
            if not again:
                answer = _answer(turns, sides, n)
                where = (n, turn.speaker, side, turn.time, turn.line)
                found.append(Moment(*where, item.situation, item.confidence, item.quote, answer))
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
