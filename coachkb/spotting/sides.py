"""Who buys and who sells: told by the labels of the speakers, else by how each of them talks.

How one talks is told by phrases of either side, by questions, and by single words that sellers say more or less often:
a few turns hold hardly a phrase, but always words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import log

from coachkb.model.call import BUYER, SELLER, UNKNOWN, Turn
from coachkb.model.profile import LanguageProfile

#: Turns of each speaker that are read for it: a seller shows himself early.
_READ = 60
#: So many more hits of one side than of the other, in a hundred words, tell it.
_TELLING = 0.4
#: What a question counts, and a word for each unit of its weight, where a phrase is 1.
_QUESTION, _BY_WORD = 0.3, 0.1
#: What the logarithm of a speaker's share of turns counts, of the most that anyone has, where three or more speak.
_BY_TURNS = 1.5
#: A second one sells who talks like a seller this much, and nearly as much as the first: most who come close buy.
_SECOND, _NEARLY = 1.5, 0.9
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def words(text: str) -> list[str]:
    """The words of a text in lower case, with one kind of apostrophe."""
    return _WORD.findall(text.lower().replace("’", "'"))


def sides(
    turns: Sequence[Turn], profile: LanguageProfile, others: Iterable[LanguageProfile], weights: Mapping[str, float]
) -> dict[str, str]:
    """Each named speaker to BUYER, SELLER or UNKNOWN. ``profile``: of the call's language; labels may be in others'.

    ``weights``: single words to how much more often (above 0) or less often sellers say them than buyers.
    """
    speakers = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))
    labels = [profile, *others]
    told = {speaker: _by_label(speaker, labels) for speaker in speakers}
    open_ = [speaker for speaker in speakers if told[speaker] == UNKNOWN]
    if open_ and SELLER in told.values():
        told.update(dict.fromkeys(open_, BUYER))  # also beside a receptionist, who is told by her label
    elif open_ and BUYER in told.values():
        told.update(_split(open_, _leaning(turns, open_, profile, weights), SELLER))
    elif open_:
        told.update(_split(open_, _leaning(turns, open_, profile, weights), None))
    return told


def _by_label(speaker: str, profiles: Iterable[LanguageProfile]) -> str:
    text = f" {' '.join(words(speaker))} "
    for profile in profiles:
        # "Sales rep" before "rep": and a title such as "purchasing manager" is the buyer's before anything else
        for side in (BUYER, SELLER):
            if any(f" {label} " in text for label in profile.talk[side]):
                return side
    return UNKNOWN


def _leaning(
    turns: Sequence[Turn], speakers: Sequence[str], profile: LanguageProfile, weights: Mapping[str, float]
) -> dict[str, float]:
    """How much each speaker talks like a seller (above 0) or like a buyer (below), in hits a hundred words."""
    pitch, need = _any_of(profile.talk["pitch"]), _any_of(profile.talk["need"])
    hits: dict[str, float] = dict.fromkeys(speakers, 0.0)
    length: dict[str, int] = dict.fromkeys(speakers, 0)
    read: dict[str, int] = dict.fromkeys(speakers, 0)
    for turn in turns:
        if turn.speaker not in hits or read[turn.speaker] >= _READ:
            continue
        text = turn.text[:2000].lower().replace("’", "'")
        read[turn.speaker] += 1
        length[turn.speaker] += len(text.split())
        hits[turn.speaker] += len(pitch.findall(text)) - len(need.findall(text)) + _QUESTION * text.count("?")
        hits[turn.speaker] += _BY_WORD * sum(weights.get(word, 0.0) for word in words(text))
    talk = {speaker: 100 * hits[speaker] / (length[speaker] + 30) for speaker in speakers}
    if len(speakers) > 2:  # several who buy share their turns; who sells has a turn to each of theirs
        most = max(read.values())
        return {speaker: value + _BY_TURNS * log(read[speaker] / most) for speaker, value in talk.items()}
    return talk


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases, key=len, reverse=True)))})\b")


def _split(speakers: Sequence[str], leaning: Mapping[str, float], only: str | None) -> dict[str, str]:
    """Sides by leaning: the one who talks most like a seller sells; the others buy, unless they talk like him.

    ``only``: the side that is still without anybody; then the one who leans to it most is it.
    """
    ranked = sorted(speakers, key=lambda speaker: -leaning[speaker])  # of equals the first to speak
    first = ranked[0]
    if only == SELLER:
        return {speaker: SELLER if speaker == first else BUYER for speaker in speakers}
    if len(speakers) == 1:
        value = leaning[first]
        return {first: SELLER if value > _TELLING else BUYER if value < -_TELLING else UNKNOWN}
    if leaning[first] - leaning[ranked[-1]] < _TELLING:
        return dict.fromkeys(speakers, UNKNOWN)
    return {
        speaker: SELLER
        if speaker == first or (len(speakers) > 2 and leaning[speaker] > max(_SECOND, _NEARLY * leaning[first]))
        else BUYER
        for speaker in speakers
    }
