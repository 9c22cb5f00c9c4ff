"""Signs of a situation in the words of a sentence: short patterns, which are data (``coachkb/data/spotting``).

A pattern is words in a row: ``a|b`` is either word, ``word*`` any ending, ``~`` up to four words of any kind, ``a_b``
two words that stand together among others: ``later|next_year``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from coachkb.model.profile import LanguageProfile

#: Signs of how a sentence is said, beside those of situations: idle talk, and of whom and when it tells.
MANNERS = ("-idle", "-we", "-you", "-they", "-past")
_GAP = "(?: [^ ]+){0,4}?"


def signs_of(profile: LanguageProfile, patterns: Mapping[str, Iterable[str]]) -> Signs:
    """The signs of a language: those of its situations and idle talk, and its words for persons and for the past."""
    cues = profile.cues
    manners = {"-we": (*cues["i"], *cues["we"]), "-you": cues["you"], "-they": cues["they"]}
    return Signs({**patterns, **manners, "-past": (*cues["past"], *cues["time"])})


class Signs:
    """Patterns, ready to be looked for. ``patterns``: a situation, or one of MANNERS, to its patterns."""

    def __init__(self, patterns: Mapping[str, Iterable[str]]) -> None:
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        self._by_word: dict[str, list[int]] = {}  # the first word of a pattern to where it stands
        self._by_start: dict[int, dict[str, list[int]]] = {}  # the same for ``word*``, by length
        for situation, some in patterns.items():
            for pattern in some:
                self._add(situation, pattern.lower().replace("'", "").split())

    def _add(self, situation: str, parts: Sequence[str]) -> None:
        n = len(self._patterns)
        self._patterns.append((situation, re.compile("".join(map(_piece, parts)))))
        for word in parts[0].split("|"):
            if "_" in word:
                self._by_word.setdefault(word.partition("_")[0], []).append(n)
            elif word.endswith("*"):
                self._by_start.setdefault(len(word) - 1, {}).setdefault(word[:-1], []).append(n)
            else:
                self._by_word.setdefault(word, []).append(n)

    def found(self, words: Sequence[str]) -> dict[str, int]:
        """Situations to how many of their patterns the words of a sentence hold."""
        tried: set[int] = set()
        for word in words:
            tried.update(self._by_word.get(word, ()))
            for length, starts in self._by_start.items():
                tried.update(starts.get(word[:length], ()))
        text = f" {' '.join(words)} "
        out: dict[str, int] = {}
        for n in sorted(tried):
            situation, pattern = self._patterns[n]
            if pattern.search(text):
                out[situation] = out.get(situation, 0) + 1
        return out


def _piece(part: str) -> str:
    if part == "~":
        return _GAP
    words = [
        re.escape(word[:-1]) + "[^ ]*" if word.endswith("*") else re.escape(word)
        for word in part.replace("_", " ").split("|")
    ]
    return f" (?:{'|'.join(words)})(?= )"
