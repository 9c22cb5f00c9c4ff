"""What was meant by an id: of a lesson, in whatever case; and of one that there is not, of a lesson or situation."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from coachkb.model.situation import Situation
from coachkb.search.analysis import fold, words
from coachkb.search.likely import knows_any

if TYPE_CHECKING:
    from coachkb.search.query import Index

_ALIKE = 0.8  # an id so like another (0 to 1) was mistyped
_SOMEWHAT = 0.7
_MOST = 3
_MEANT = 0.3  # how likely words must mean a situation
_TELLING = 4  # letters; shorter words are in too many ids


def same_id(id_: str, ids: Collection[str]) -> str:
    """The one of ``ids`` that was meant: itself, else the only one that differs in case alone; else ``id_`` as it is,
    which then is none of them. Every command that takes a lesson's id asks here."""
    if id_ in ids:
        return id_
    alike = [known for known in ids if known.casefold() == id_.casefold()]
    return alike[0] if len(alike) == 1 else id_


def mistyped(id_: str, ids: Collection[str], alike: float = _ALIKE) -> list[str]:
    """The ids that one was mistyped for: ``alike``, from 0 to 1, or more, in whatever case."""
    folded = {known.casefold(): known for known in ids}
    return [folded[key] for key in difflib.get_close_matches(id_.casefold(), folded, n=_MOST, cutoff=alike)]


def near_lessons(id_: str, ids: Collection[str]) -> list[str]:
    """The ids that one was mistyped for; else the few that share most words, more than half of its; else those that
    are somewhat like it, as short ones are with one letter wrong."""
    asked = {word for word in id_.casefold().split("-") if len(word) >= _TELLING}
    shared = [(len(asked.intersection(other.split("-"))), other) for other in ids]
    most = max((n for n, _ in shared), default=0)
    best = sorted(other for n, other in shared if n == most and 2 * n > len(asked))
    few = best if len(best) <= _MOST else []  # of many none is nearer than the others
    return mistyped(id_, ids) or few or mistyped(id_, ids, _SOMEWHAT)


def did_you_mean(id_: str, ids: Collection[str]) -> str:
    """The end of an error that tells of an id which no lesson has: the nearest ids, else where to find them."""
    near = near_lessons(id_, ids)
    return f"; did you mean {', '.join(near)}?" if near else ": 'coachkb browse' lists them"


def called(told: str, vocabulary: Mapping[str, Situation]) -> list[str]:
    """The ids of the situations that have this id, or are called so in whatever language."""
    wanted = _plain(told)
    return [
        id_
        for id_, situation in vocabulary.items()
        if wanted
        and wanted in map(_plain, (id_, *(text for one in situation.labels.values() for text in (one.name, *one.also))))
    ]


def near_situations(told: str, vocabulary: Mapping[str, Situation]) -> list[str]:
    """The ids of the situations that are called so in whatever language, or that a buyer says so; else those whose id
    or name is like it."""
    wanted = _plain(told)
    if not wanted:
        return []
    said = []
    names: dict[str, str] = {}
    for id_, situation in vocabulary.items():
        for text in (id_, *(text for one in situation.labels.values() for text in (one.name, *one.also))):
            names.setdefault(_plain(text), id_)
        if any(wanted == _plain(text) for one in situation.labels.values() for text in one.said):
            said.append(id_)
    alike = [names[name] for name in difflib.get_close_matches(wanted, names, n=_MOST, cutoff=_ALIKE)]
    part = [id_ for id_ in vocabulary if f" {wanted} " in f" {_plain(id_)} "]
    found = called(told, vocabulary) or said or [*alike, *part]
    return list(itertools.islice(dict.fromkeys(found), _MOST))


def _plain(text: str) -> str:
    return fold(" ".join(words(text.replace("-", " "))))


def meant(told: str, index: Index) -> list[str]:
    """The id of the situation that words most likely mean, when the index knows any of them."""
    known = index.understand(told)[0][:1] if knows_any(index.db, told) else []
    return [id_ for id_, likely in known if likely >= _MEANT]
