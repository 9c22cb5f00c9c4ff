"""The lessons of an index narrowed by what somebody types, keystroke by keystroke, also in the middle of a word.

First come the lessons that are called so: every word typed is in the title, the author, the name of a situation in
whatever language, or the language's name; or a phrase of a situation's begins as what was typed. Then those that a
look-up would find, by what the words mean; then those whose text has all the words.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from coachkb.model.listed import Listed, Narrowed
from coachkb.model.situation import narrowest
from coachkb.search.analysis import fold, words

if TYPE_CHECKING:
    from coachkb.search.query import Index

_READ = 200  # characters of what is typed
_WHOLE_WORD = 3  # letters; fewer count at the beginning of words only, for they are in the middle of nearly all
_MEANT = 10  # lessons found by meaning
_ENOUGH = 60  # lessons that are called so: nobody goes through more to those that are not
_TELLING = 6  # situations; letters that begin phrases of more of them tell nothing
_REMEMBERED = 500  # words typed, with the lessons that have them
_IN_TEXT = 50  # lessons found by their text
_ALIKE = 20  # words that begin as the typed one


class Narrowing:
    """``reader``: the language whose lessons come first; ``only`` and ``situation`` leave others out."""

    def __init__(self, index: Index, reader: str | None, only: str | None, situation: str | None) -> None:
        self._index, self._reader, self._only, self._situation = index, reader, only, situation
        for pragma in ("cache_size = -65536", "mmap_size = 268435456"):  # it is read again and again
            index.db.execute(f"PRAGMA {pragma}")
        rows = index.db.execute(
            "SELECT n, id, title, language, situations, author, own, review_status FROM lesson "
            "WHERE review_status != 'dropped'"
        ).fetchall()
        order = {id_: n for n, id_ in index.db.execute("SELECT n, id FROM situation")}
        broader = index.broader()
        kept = [row for row in rows if (not only or row[3] == only) and (not situation or situation in row[4].split())]
        first = {row[0]: narrowest(row[4].split(), broader) for row in kept}
        kept.sort(
            key=lambda row: (
                row[3] != reader,
                row[3],
                order.get(first[row[0]], len(order)),
                not row[6],
                row[2].lower(),
                row[1],
            )
        )
        self.all = [Listed(row[1], row[2], row[3], first[row[0]], bool(row[6]), row[7]) for row in kept]
        self._place = {row[0]: i for i, row in enumerate(kept)}
        self._by_id = {row[1]: i for i, row in enumerate(kept)}
        self._tagged: tuple[dict[str, list[int]], dict[str, list[int]]] = {}, {}  # at first place, and after it
        for i, row in enumerate(kept):
            for id_ in row[4].split():
                self._tagged[id_ != first[row[0]]].setdefault(id_, []).append(i)
        self._known: dict[str, list[int]] = {}
        self._titles = [_searched(row[2]) for row in kept]
        names, self._labels = self._names(), self._phrases()
        languages = dict(index.db.execute("SELECT language, text FROM ui WHERE key = 'name'").fetchall())
        self._called = [
            f"{title}{_searched(row[5] or '')}{row[1].replace('-', ' ')} {row[3]} "
            f"{_searched(languages.get(row[3], ''))}{''.join([names.get(id_, '') for id_ in row[4].split()])}"
            for row, title in zip(kept, self._titles, strict=True)
        ]

    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for id_, name in self._index.db.execute("SELECT situation, name FROM situation_name"):
            found[id_] = found.get(id_, " ") + _searched(name).lstrip()
        return found

    def _phrases(self) -> dict[str, str]:
        """The labels of each situation, each on a line of its own, as they are searched."""
        found: dict[str, list[str]] = {}
        rows = self._index.db.execute("SELECT s.id, l.text FROM label l JOIN situation s ON s.n = l.situation")
        for id_, text in rows:
            found.setdefault(id_, [""]).append(text)
        return {id_: "\n".join(texts) for id_, texts in found.items()}

    def find(self, typed: str) -> Narrowed:
        """The lessons that go with what was typed, the best first; all of them when nothing was."""
        asked = words(typed[:_READ])
        if not asked:
            return Narrowed(self.all, len(self.all))
        found = self._called_so(asked)
        tagged = self._of_phrase(" ".join(asked))
        language, others = self._reader, []
        if max(map(len, asked)) >= _WHOLE_WORD:
            if len(found) + sum(map(len, tagged)) < _ENOUGH:
                meant, guessed = self._meant(typed)
                others = [*meant, *self._in_text(asked)]
            else:
                guessed = None if self._reader else self._index.understand(typed)[1]
            language = language or guessed
        titles = self._titles
        begun = [f" {word}" for word in asked]
        named: dict[int, None] = {}
        for some in ([i for i in found if all(word in titles[i] for word in begun)], *tagged, found):
            named.update(dict.fromkeys(self._first(some, language)))
        places = [*named, *(i for i in dict.fromkeys(others) if i not in named)]
        lessons = self.all
        return Narrowed([lessons[i] for i in places], len(named))

    def _called_so(self, asked: list[str]) -> list[int]:
        """The lessons that have all the words in what they are called, in their order."""
        lists = [self._with(word if len(word) >= _WHOLE_WORD else f" {word}") for word in asked]
        found = min(lists, key=len)
        for word, places in zip(asked, lists, strict=True):
            if places is not found:
                wanted = word if len(word) >= _WHOLE_WORD else f" {word}"
                found = [i for i in found if wanted in self._called[i]]
        return found

    def _with(self, word: str) -> list[int]:
        """The lessons that are called something with these letters; those with one less are known from the last key."""
        known = self._known.get(word)
        if known is None:
            before = self._known.get(word[:-1])
            called = self._called
            known = [i for i in (range(len(called)) if before is None else before) if word in called[i]]
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[word] = known
        return known

    def _of_phrase(self, phrase: str) -> list[list[int]]:
        """The lessons that have a situation with a label that begins so: at first place, then at those after it."""
        begun = f"\n{phrase}"
        meant = [id_ for id_, text in self._labels.items() if begun in text] if len(phrase) >= _WHOLE_WORD else []
        if len(meant) > _TELLING:
            return []
        return [sorted(i for id_ in meant for i in self._tagged[n].get(id_, ())) for n in (0, 1)] if meant else []

    def _first(self, places: list[int], language: str | None) -> list[int]:
        """Those in a language before the others; the reader's are first already."""
        if language is None or language == self._reader:
            return places
        lessons = self.all
        mine = [i for i in places if lessons[i].language == language]
        return [*mine, *(i for i in places if lessons[i].language != language)]

    def _meant(self, typed: str) -> tuple[list[int], str | None]:
        """The lessons that a look-up finds and is sure of, and the language that it takes the words for."""
        hits, _, language = self._index.search(
            typed[:_READ], limit=_MEANT, reader=self._reader, only=self._only, situation=self._situation
        )
        return [self._by_id[hit.id] for hit in hits if hit.sure and hit.id in self._by_id], language

    def _in_text(self, asked: list[str]) -> list[int]:
        """The lessons whose text has all the words of three letters or more, or words that begin so."""
        needed = []
        for word in asked:
            if len(word) < _WHOLE_WORD:
                continue
            rows = self._index.db.execute(
                "SELECT DISTINCT stem FROM word WHERE form >= ? AND form < ? LIMIT ?",
                (word, word + "\U0010ffff", _ALIKE),
            ).fetchall()
            if not rows:
                return []
            stems = " OR ".join([f'"{stem}"' for (stem,) in rows])
            needed.append(f"({stems})")
        try:
            found = self._index.db.execute(
                "SELECT rowid FROM text WHERE text MATCH ? LIMIT ?", (" AND ".join(needed), _IN_TEXT)
            ).fetchall()
        except sqlite3.OperationalError:
            return []
        return sorted(self._place[n] for (n,) in found if n in self._place)


def _searched(text: str) -> str:
    """A text as it is searched: its words between blanks, and again without accents where they have any."""
    plain = " ".join(words(text))
    folded = fold(plain)
    return f" {plain} " if folded == plain else f" {plain} {folded} "
