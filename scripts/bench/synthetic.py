"""Lessons and queries in any number, for measuring: the starter's own passages, recombined and with other words.

A lesson takes language and situations from a lesson of the starter, its passages from lessons of that language, most of
them of the same first situation. In each passage some of the longer words are replaced: by other words of the language,
common ones more often (Zipf), or by a made-up name or compound, so that the number of distinct words grows with the
number of lessons, as it does in texts that people write. One in three has translations, one in four is approved.
"""

from __future__ import annotations

import pathlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from coachkb import locate
from coachkb.data.load import profiles, vocabulary
from coachkb.model.hit import Hit
from coachkb.model.lesson import Lesson, Passage, Review, Source
from coachkb.model.terms import ROLES
from coachkb.search.query import Index
from coachkb.store.files import slug

QUERIES = pathlib.Path(__file__).resolve().parents[2] / "tests" / "queries" / "dev.tsv"
_WORD = re.compile(r"[^\W\d_]{5,}")
_REPLACED = 0.12  # of the longer words
_INVENTED = 0.06  # of those


class Lessons:
    """Makes lessons; the same number of them is the same every time."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        index = Index(locate.STARTER_INDEX)
        self._starter = index.all()
        index.close()
        self._words: dict[str, tuple[list[str], list[int]]] = {}
        self._near: dict[tuple[str, str], list[Hit]] = defaultdict(list)
        self._of: dict[str, list[Hit]] = defaultdict(list)
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for lesson in self._starter:
            self._of[lesson.language].append(lesson)
            if lesson.situations:
                self._near[lesson.language, lesson.situations[0]].append(lesson)
            for role in ROLES:
                for text, *_ in lesson.parts[role]:
                    counts[lesson.language].update(word.lower() for word in _WORD.findall(text))
        for code, count in counts.items():
            words = sorted(count)
            self._words[code] = words, list(accumulate(count[word] for word in words))

    def make(self, number: int) -> Iterator[Lesson]:
        """``number`` lessons."""
        pick = self._random
        group: str | None = None
        for n in range(number):
            like = pick.choice(self._starter)
            near = self._near.get((like.language, (*like.situations, "")[0])) or [like]
            others = self._of[like.language]
            parts = {
                role: tuple(
                    Passage(self._varied(text, like.language), key=key)
                    for giver in (pick.choice(near if pick.random() < 0.7 else others),)
                    for text, _, _, key in giver.parts[role]
                )
                for role in ROLES
            }
            title = self._varied(pick.choice(near).title, like.language)
            id_ = f"{slug(title)[:60]}-{n}"
            if n % 9 in (0, 1, 2):  # three in nine are a group of translations
                group = id_ if n % 9 == 0 else group
            status = "approved" if pick.random() < 0.25 else "draft"
            yield Lesson(
                id=id_,
                title=title,
                language=like.language,
                situations=like.situations,
                group=group if n % 9 in (0, 1, 2) else None,
                source=Source(f"articles/{id_}.txt", f"{id_}.txt", "0" * 64, 0, 5000),
                review=Review(status),
                **parts,  # type: ignore[arg-type]
            )

    def _varied(self, text: str, code: str) -> str:
        words, weights = self._words[code]

        def other(match: re.Match[str]) -> str:
            if self._random.random() >= _REPLACED:
                return match.group()
            chosen = self._random.choices(words, cum_weights=weights, k=2)
            return chosen[0] + chosen[1] if self._random.random() < _INVENTED else chosen[0]

        return _WORD.sub(other, text)


def queries(number: int, seed: int = 2) -> list[str]:
    """Varied queries in three languages: what buyers say, keywords, typos, names, several sentences in one."""
    pick = random.Random(seed)
    said = [
        (text, code)
        for situation in vocabulary().values()
        for code, labels in situation.labels.items()
        for text in (labels.name, *labels.also, *labels.said)
    ]
    phrases = [pick.choice([text for text, of in said if of == code]) for _ in range(number) for code in profiles()]
    lines = QUERIES.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t")[3] for line in lines if not line.endswith("\tapart")]
    titles = [lesson.title for lesson in Lessons(seed).make(60)]
    found = []
    for n in range(number):
        kind = n % 10
        text = phrases[n]
        if kind < 3:
            text = pick.choice(rows)
        elif kind == 3:
            text = titles[n % len(titles)]
        elif kind == 4:
            text = _typo(text, pick)
        elif kind == 5:
            text = f"{text}. {phrases[n + number]}. {phrases[n + 2 * number]}"
        found.append(text)
    return found


def _typo(text: str, pick: random.Random) -> str:
    place = pick.randrange(1, max(2, len(text) - 1))
    return text[:place] + text[place + 1 :]


def common_queries(count: Sequence[tuple[str, int]], number: int = 30, seed: int = 3) -> list[str]:
    """Queries of one to three of the most common words; ``count``: words with the number of lessons that have them."""
    pick = random.Random(seed)
    words = [word for word, _ in sorted(count, key=lambda item: (-item[1], item[0]))[:60]]
    return [" ".join(pick.sample(words, 1 + n % 3)) for n in range(number)]
