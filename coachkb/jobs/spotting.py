"""A call to its moments: who buys, what comes up, how it was answered, and which lesson fits."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from coachkb.data.load import profile, profiles, signs, spotting, telling_words
from coachkb.errors import UnreadableFile, UsageError
from coachkb.ingest.language import detect, probable
from coachkb.ingest.text import words
from coachkb.ingest.transcripts import read_call
from coachkb.model.call import Moment, Spotted
from coachkb.model.situation import narrowest
from coachkb.spotting.moments import Judge, Understand, heard, moments
from coachkb.spotting.sides import sides
from coachkb.spotting.signs import signs_of

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase
    from coachkb.model.hit import Hit

_SUFFIXES = (".vtt", ".srt", ".txt")
_SAMPLE = 200  # turns that the language is told by
_FEW_WORDS = 60  # of a call; of more, the detector is sure
_REMEMBERED = 50_000  # sentences: what is said again is not read again


def spot(kb: KnowledgeBase, data: bytes, name: str, reader: str | None, sure: float | None) -> Spotted:
    """The moments of the call in ``data``; ``name`` is what errors call it. Raises UnreadableFile when it is no text.

    ``reader``: the language of the lessons, else the call's. ``sure``: the least confidence, 0 to 1, else ours.
    """
    turns = read_call(data, name)
    language = _language(" ".join(turn.text[:500] for turn in turns[:_SAMPLE]))
    code = language or "en"
    others = [other for key, other in profiles().items() if key != code]
    speakers = sides(turns, profile(code), others, telling_words(code))
    known = signs(code)
    its_judge = judge(sure, bool(known))
    meant = heard(turns, speakers, _understand(kb), signs_of(profile(code), known), its_judge)
    found = moments(turns, speakers, meant, its_judge)
    more = len(moments(turns, speakers, meant, judge(faint(), bool(known)))) - len(found) if sure is None else 0
    taught = tuple(_with_lesson(kb, moment, reader or language) for moment in found)
    return Spotted(language, len(turns), tuple(speakers.items()), taught, max(0, more))


def _language(talk: str) -> str | None:
    """The language of what is said; of a few turns, that of most of their small words: they seem to be of any."""
    language, _ = detect(talk)
    few = probable(talk) if language is None and len(words(talk)) <= _FEW_WORDS else None
    return few.code if few else language


def transcript(call: str | bytes | os.PathLike[str], name: str) -> tuple[bytes, str]:
    """A call as bytes, and what errors call it. See ``KnowledgeBase.spot``."""
    if isinstance(call, bytes):
        return call, name
    if isinstance(call, str):
        if "\n" not in call and (os.path.isfile(call) or _like_a_path(call)):
            raise UsageError(f"{call}: a string is the transcript itself; for a file give pathlib.Path({call!r})")
        return call.encode("utf-8", "replace"), name
    try:
        with open(call, "rb") as file:
            return file.read(), os.fspath(call)
    except OSError as error:
        raise UnreadableFile(os.fspath(call), f"cannot be read ({error.strerror or error})") from error


def _like_a_path(line: str) -> bool:
    """Whether a line names a transcript's file, which need not be there: somebody who speaks is followed by a colon."""
    return line.lower().endswith(_SUFFIXES) and ": " not in line


def judge(sure: float | None = None, signs_known: bool = True) -> Judge:
    """How sure is sure enough, as the data says; ``sure`` replaces its threshold. ``signs_known``: whether there are
    signs in the language: without them the rest of the evidence says more."""
    told = spotting()
    weights = told["weights" if signs_known else "without_signs"]
    return Judge(
        weights={str(key): float(value) for key, value in weights.items()},
        threshold=float(told["threshold"]) if sure is None else sure,
        unknown=float(told["unknown"]) if sure is None else 0.0,
        window=int(told["window"]),
        ignored=frozenset(told["ignored"]),
    )


def faint() -> float:
    """The confidence, 0 to 1, from which a moment counts as less sure."""
    return float(spotting()["faint"])


def _understand(kb: KnowledgeBase) -> Understand:
    """The index's understanding of a sentence, remembered."""
    index = kb.index()
    known: dict[str, Sequence[tuple[str, float]]] = {}

    def understand(sentence: str) -> Sequence[tuple[str, float]]:
        if sentence not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[sentence] = index.understand(sentence)[0]
        return known[sentence]

    return understand


def _with_lesson(kb: KnowledgeBase, moment: Moment, reader: str | None) -> Moment:
    hit = _lesson(kb, moment, reader)
    if hit is None:
        return moment
    return dataclasses.replace(moment, lesson=hit)


def _lesson(kb: KnowledgeBase, moment: Moment, reader: str | None) -> Hit | None:
    """The lesson on the moment's situation that answers its words best; else one that is about it first of all."""
    hits = kb.lookup(moment.quote, limit=1, language=reader, situation=moment.situation).hits
    if hits:
        return hits[0]
    rest, broader = kb.browse(situation=moment.situation), kb.index().broader()
    return min(
        rest,
        key=lambda hit: (
            hit.language != reader,
            narrowest(hit.situations, broader) != moment.situation,
            not hit.own,
            hit.id,
        ),
        default=None,
    )
