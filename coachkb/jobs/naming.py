"""Names to complete what is being typed: ids of lessons and situations, languages. Quick: it opens the index, no YAML.

What it cannot find out it leaves out: a shell that waits for names must not be told of errors.
"""

from __future__ import annotations

import os
import sqlite3

from coachkb import locate
from coachkb.jobs.freshness import as_on_disk
from coachkb.jobs.reader import reader_language
from coachkb.model.visible import safe
from coachkb.search.analysis import INDEX_VERSION
from coachkb.search.query import Index

#: More names than these are no help.
MOST = 500


def lesson_ids(named: str | None, begin: str) -> list[tuple[str, str]]:
    """Ids of lessons that begin so, with their titles, in order. ``named``: the KB that the user named, if any.

    Lessons that came after the index was made are named by their files, which have the id for a name.
    """
    located = locate.locate(named)
    found: dict[str, str] = {}
    index = _index(located)
    if index is not None:
        # The next string that does not begin so comes after every character, so the index of ids is used.
        rows = index.db.execute(
            "SELECT id, title FROM lesson WHERE id >= ? AND id < ? AND review_status != 'dropped' ORDER BY id LIMIT ?",
            (begin, begin + "\U0010ffff", MOST),
        )
        found.update(rows.fetchall())
    if located.path is not None:
        if index is None or not as_on_disk(index, located.path, everything=False):
            names = {os.path.splitext(file)[0].rpartition("/")[2] for file in locate.scan(located.path)}
            found.update({name: "" for name in names if name.startswith(begin) and name not in found})
    return sorted(found.items())[:MOST]


def situation_ids(named: str | None, begin: str) -> list[tuple[str, str]]:
    """Ids of situations that begin so, with their names in the user's language, in the order of the vocabulary."""
    index = _index(locate.locate(named)) or Index(locate.STARTER_INDEX)
    names = index.situation_names(reader_language(index, os.environ, None) or "en")
    rows = index.db.execute("SELECT id FROM situation ORDER BY n").fetchall()
    return [(id_, names.get(id_, "")) for (id_,) in rows if id_.startswith(begin)]


def languages(begin: str) -> list[tuple[str, str]]:
    """Codes of languages that begin so, with their own names."""
    rows = Index(locate.STARTER_INDEX).db.execute("SELECT language, text FROM ui WHERE key = 'name' ORDER BY language")
    return [(code, name) for code, name in rows if code.startswith(begin)]


def shown(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names with what they are as a terminal may show them; a name that it may not is left out."""
    return [(name, safe(told)) for name, told in names if safe(name) == name]


def _index(located: locate.Located) -> Index | None:
    """The index as it lies there, fresh or not; None when there is none of this version."""
    path = locate.STARTER_INDEX if located.path is None else locate.index_path(located.path, located.named)
    if path is None or not os.path.exists(path):
        return None
    try:
        index = Index(path)
        return index if index.meta("version") == INDEX_VERSION else None
    except sqlite3.Error:
        return None
