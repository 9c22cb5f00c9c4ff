"""Which words of a lesson a query matched, for marking them. On the look-up path of the card: sqlite3 at most."""

from __future__ import annotations

from coachkb.search.analysis import MAX_QUERY, fold, tokens

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachkb.search.query import Index

_AT_ONCE = 500  # SQLite takes so many values in one statement, whatever it was built with


def matching(index: Index, query: str, language: str, words: Iterable[str]) -> frozenset[str]:
    """Those of a lesson's ``words`` (lower case) that share a stem with a word of the query, save stop words.

    ``language``: the lesson's. A word typed without its accents matches the accented one, as in the search.
    """
    row = index.db.execute("SELECT text FROM ui WHERE language = ? AND key = 'stopwords'", (language,)).fetchone()
    stopwords = set(row[0].replace("'", "").split()) if row else set()  # as words are read, what's is whats
    asked = {word for word in tokens(query[:MAX_QUERY]) if word not in stopwords}
    if not asked:
        return frozenset()
    wanted = {stem for stems in _stems(index, language, asked).values() for stem in stems}
    there = {word for word in words if word not in stopwords}
    stems = _stems(index, language, there, written=True)
    return frozenset(
        word for word in there if word in asked or fold(word) in asked or not wanted.isdisjoint(stems.get(word, ()))
    )


def _stems(index: Index, language: str, words: set[str], written: bool = False) -> dict[str, set[str]]:
    """The stems of words; ``written``: as lessons have them, where a word without accents is no accented one."""
    found: dict[str, set[str]] = {}
    listed = sorted(words)
    for first in range(0, len(listed), _AT_ONCE):
        some = listed[first : first + _AT_ONCE]
        rows = index.db.execute(
            f"SELECT form, stem FROM word WHERE language = ? AND form IN ({', '.join('?' * len(some))})"
            f"{' AND itself' if written else ''}",
            (language, *some),
        )
        for form, stem in rows:
            found.setdefault(form, set()).add(stem)
    return found
