"""How likely words mean each situation, from what was learned of them. On the look-up path: no import but math."""

from __future__ import annotations

from math import exp, log, sqrt

from coachkb.search.analysis import KINDS, LANGUAGE_SCALE, WEIGHT_SCALE, tokens

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = 16  # words; a longer query is read sentence by sentence
_PIECE = 30  # words of a sentence without an end
_MAX_PIECES = 30
_DOUBT = 0.02  # no sentence alone rules a situation out
_SENTENCE_ENDS = ".!?;:\n…"


def pieces(query: str) -> list[list[str]]:
    """The words of a short query whole; of a longer one by sentence, for one of them may carry its meaning."""
    whole = tokens(query)
    if len(whole) <= WHOLE:
        return [whole] if whole else []
    for end in _SENTENCE_ENDS:
        query = query.replace(end, "\x00")
    found = []
    for sentence in query.split("\x00"):
        words = tokens(sentence)
        found += [words[i : i + _PIECE] for i in range(0, len(words), _PIECE)]
    return found[:_MAX_PIECES]


def language_odds(learned: dict[str, tuple[int, memoryview]], start: int, n: int) -> list[float]:
    """How likely each language is: the sum of what the features say, in natural logarithms."""
    columns = [numbers[start : start + n] for _, numbers in learned.values()]
    return [sum(column) / LANGUAGE_SCALE for column in zip(*columns, strict=True)] if columns else [0.0] * n


def likelihoods(
    kinds: list[list[str]], learned: dict[str, tuple[int, memoryview]], unknown: float, classes: int
) -> list[float]:
    """How likely a phrase belongs to each class; they sum to 1. A feature that was never seen makes it less sure."""
    scores = [0.0] * classes
    total = sqrt(sum(weight * weight for weight, kind in zip(KINDS, kinds, strict=True) if kind)) or 1.0
    for weight, kind in zip(KINDS, kinds, strict=True):
        rows, length = [], 0.0
        for feature in kind:
            known = learned.get(feature)
            if known:
                rows.append(known[1])
                length += known[0] * known[0]
            else:
                length += unknown * unknown
        if rows:  # idf is kept in hundredths
            share = weight / total / (sqrt(length) / 100) / WEIGHT_SCALE
            scores = [score + share * added for score, added in zip(scores, map(sum, zip(*rows)))]  # noqa: B905
    return _shares(scores)


def joined(pieces: list[list[list[str]]], likelihoods: Callable[[list[list[str]]], list[float]]) -> list[float]:
    """The likelihoods of a text from those of its sentences and of the whole: half from each.

    Sentences that are not about selling (a greeting, the weather) are left out, unless there are no others. They are
    taken together by their logarithms, for each adds to what is known; divided by the root of their number, for
    sentences of one text say much the same.
    """
    if len(pieces) == 1:
        return likelihoods(pieces[0])
    known = [(piece, found) for piece in pieces if (found := likelihoods(piece))[-1] < max(found[:-1])]
    known = known or [(piece, likelihoods(piece)) for piece in pieces]
    root = sqrt(len(known))
    columns = zip(*(found for _, found in known), strict=True)
    joined = _shares([sum(log(value + _DOUBT) for value in column) / root for column in columns])
    whole = [sorted({feature for piece, _ in known for feature in piece[kind]}) for kind in range(len(KINDS))]
    return [(a + b) / 2 for a, b in zip(joined, likelihoods(whole), strict=True)]


def _shares(scores: list[float]) -> list[float]:
    """Scores in natural logarithms as shares of 1."""
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]
