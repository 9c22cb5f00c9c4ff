"""A role for each sentence: a linear-chain model over language-neutral cues.

P(roles | cues) is proportional to exp(sum of the weights of each sentence's cues for its role, and of each step from
one role to the next, within a paragraph or to a new one): a conditional random field (Lafferty, McCallum and Pereira
2001). The weights are a readable file, ``coachkb/data/roles.json``, made by scripts/train_roles.py.
"""

from __future__ import annotations

import functools
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from coachkb.data.load import DATA
from coachkb.ingest.cues import ABOUT, WORD
from coachkb.model.document import Labelled, Sentence
from coachkb.model.terms import LABELS, ROLES

KEYS_PER_PART = 3
#: The kinds of steps: on within a paragraph, and to the next one, where roles change more often.
STEPS = ("within", "across")
_OPENS = frozenset(["block:opens", "block:alone"])
_SHOWN_CUES = 4


Steps = Sequence[Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Weights:
    """``cues``: per cue one weight a label, in the order of LABELS; ``steps[kind][i][j]``: from label i to label j, by
    the number of the kind in STEPS.

    ``keys``: what each mark of a passage says for its being a key one. ``favour``: what a label's chance is taken times
    when one is chosen; a scarce part that is missed costs more than one too many.
    """

    cues: dict[str, tuple[float, ...]]
    steps: Steps
    keys: dict[str, float]
    favour: tuple[float, ...] = (1.0,) * len(LABELS)

    @functools.cached_property
    def key_cues(self) -> dict[str, tuple[dict[str, float], dict[str, float]]]:
        """Per role, what cues say for a passage's being a key one: alone, and with the role (see ``key_marks``)."""
        parted = [(*mark.partition("&"), value) for mark, value in self.keys.items() if _is_key_cue(mark)]
        alone = {head + mark + cue: value for head, mark, cue, value in parted if head not in ROLES}
        return {role: (alone, {cue: value for head, _, cue, value in parted if head == role}) for role in ROLES}


@functools.cache
def weights() -> Weights:
    """The weights that ship with coachkb."""
    return read_weights(os.path.join(DATA, "roles.json"))


def read_weights(path: str) -> Weights:
    """The weights of a file that scripts/train_roles.py wrote."""
    with open(path, encoding="utf-8") as file:
        raw = json.load(file)
    order = [raw["labels"].index(label) for label in LABELS]
    return Weights(
        cues={cue: tuple(row[i] for i in order) for cue, row in raw["cues"].items()},
        steps=tuple(tuple(tuple(raw["steps"][kind][i][j] for j in order) for i in order) for kind in STEPS),
        keys=raw["keys"],
        favour=tuple(raw["favour"].get(label, 1.0) for label in LABELS),
    )


def scores(cues: Sequence[str], model: Weights) -> list[float]:
    """The sum of a sentence's weights for each label."""
    rows = [row for row in map(model.cues.get, cues) if row]
    return list(map(sum, zip(*rows, strict=True))) or [0.0] * len(LABELS)


def kinds_of_steps(cues: Sequence[Sequence[str]]) -> list[int]:
    """By which kind of step each sentence is reached: its number in STEPS."""
    return [0 if _OPENS.isdisjoint(row) else 1 for row in cues]


def marginals(rows: list[list[float]], kinds: Sequence[int], steps: Steps) -> list[list[float]]:
    """P(label of each sentence | all cues), by forward-backward in scaled space. Shapes: n x labels in and out.

    ``kinds``: of the step to each sentence; the first one's is not looked at.
    """
    n, k = len(rows), len(LABELS)
    if not n:
        return []
    exp_steps = [[[math.exp(value) for value in row] for row in matrix] for matrix in steps]
    columns = [list(zip(*matrix, strict=True)) for matrix in exp_steps]
    exps = []
    for row in rows:
        top = max(row)
        exps.append([math.exp(value - top) for value in row])
    forward: list[list[float]] = []
    for i, exp_row in enumerate(exps):
        if i == 0:
            now = list(exp_row)
        else:
            prev = forward[-1]
            now = [
                value * sum(map(mul, prev, column)) for value, column in zip(exp_row, columns[kinds[i]], strict=True)
            ]
        scale = sum(now)
        forward.append([value / scale for value in now])
    backward = [[1.0] * k for _ in range(n)]
    for i in range(n - 2, -1, -1):
        ahead_of = list(map(mul, exps[i + 1], backward[i + 1]))
        now = [sum(map(mul, row, ahead_of)) for row in exp_steps[kinds[i + 1]]]
        scale = sum(now)
        backward[i] = [value / scale for value in now]
    out = []
    for ahead, behind in zip(forward, backward, strict=True):
        both = list(map(mul, ahead, behind))
        total = sum(both)
        out.append([value / total for value in both])
    return out


def choose(chances: Sequence[float], model: Weights) -> int:
    """The number of the label to give a sentence with these chances."""
    worth = list(map(mul, chances, model.favour))
    return worth.index(max(worth))


def label(sentences: list[Sentence], cues: list[list[str]], model: Weights | None = None) -> list[Labelled]:
    """Each sentence with its likeliest role, how likely that and every other is, and whether it is a key passage."""
    model = model or weights()
    rows = [scores(row, model) for row in cues]
    chances = marginals(rows, kinds_of_steps(cues), model.steps)
    chosen = [choose(row, model) for row in chances]
    keys = _keys(sentences, cues, chosen, model)
    return [
        Labelled(sentence, LABELS[k], round(row[k], 3), i in keys, tuple(row), shown)
        for i, (sentence, k, row, shown) in enumerate(zip(sentences, chosen, chances, cues, strict=True))
    ]


def instead(labelled: Labelled) -> tuple[str, float]:
    """The likeliest role but the one that a sentence was given, and its chance."""
    chance, label_ = max((chance, -k) for k, chance in enumerate(labelled.chances) if LABELS[k] != labelled.role)
    return LABELS[-label_], round(chance, 3)


def speaking(labelled: Labelled, model: Weights | None = None) -> tuple[str, ...]:
    """The cues of a sentence that spoke for its role, by saying more for it than for the labels on average: up to
    four, the one that said most first."""
    rows, k = (model or weights()).cues, LABELS.index(labelled.role)
    lifts = [(sum(row) / len(row) - row[k], cue) for cue in labelled.cues if (row := rows.get(cue)) is not None]
    return tuple(cue for lift, cue in sorted(lifts)[:_SHOWN_CUES] if lift < 0)


def key_marks(role: str, cues: Sequence[str], rank: int, total: int, words: int) -> list[str]:
    """The marks by which a key passage is told: its cues, alone and with its role, its rank in its part, its length."""
    own = [cue for cue in cues if _is_key_cue(cue)]
    return own + [f"{role}&{cue}" for cue in own if cue[0] not in "<>"] + _size_marks(role, rank, total, words)


def _is_key_cue(cue: str) -> bool:
    return not cue.startswith(("place:", "section", WORD, ABOUT))


def _size_marks(role: str, rank: int, total: int, words: int) -> list[str]:
    size = min(8, words // 5)
    marks = [f"{role}&rank:{min(4, 5 * rank // total)}", f"words:{size}", f"{role}&words:{size}"]
    if rank == 0:
        marks.append(f"{role}&rank:first")
    if rank == total - 1:
        marks.append(f"{role}&rank:last")
    return marks


def _keys(sentences: list[Sentence], cues: list[list[str]], chosen: list[int], model: Weights) -> set[int]:
    """The one to three passages of each part that a coach would most likely keep."""
    keys: set[int] = set()
    for role in ROLES:
        k = LABELS.index(role)
        mine = [i for i, c in enumerate(chosen) if c == k]
        most = 1 if len(mine) < 3 else 2 if len(mine) < 6 else KEYS_PER_PART
        alone, own = model.key_cues[role]
        worth: dict[int, float] = {}
        for rank, i in enumerate(mine):  # the weights of ``key_marks``, without the making of the marks
            marks = _size_marks(role, rank, len(mine), len(sentences[i].text.split()))
            told = [*map(alone.get, cues[i]), *map(own.get, cues[i]), *map(model.keys.get, marks)]
            worth[i] = sum(filter(None, told))
        keys.update(sorted(mine, key=lambda i: (-worth[i], i))[:most])
    return keys
