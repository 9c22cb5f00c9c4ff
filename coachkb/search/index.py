"""Builds and refreshes the index: one SQLite file, disposable, made from lessons and the vocabulary.

It holds the lessons (what a card shows), their words for full-text search (stems, in FTS5), the vocabulary's labels as
character n-grams, and the few words of the interface, so that a look-up opens this file and nothing else.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import sqlite3
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coachkb.data.stems import stem
from coachkb.model.hit import COLUMNS, pack
from coachkb.model.lesson import Lesson
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.model.terms import ROLES
from coachkb.search.analysis import INDEX_VERSION, fold, grams, tokens

#: How much a label counts by its kind: what it is called says more than one of the things people say.
LABEL_WEIGHT = {"name": 1.0, "also": 1.0, "said": 1.0}

_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE ui (language TEXT, key TEXT, text TEXT, PRIMARY KEY (language, key)) WITHOUT ROWID;
CREATE TABLE situation (n INTEGER PRIMARY KEY, id TEXT UNIQUE, family TEXT, broader TEXT);
CREATE TABLE situation_name (situation TEXT, language TEXT, name TEXT, PRIMARY KEY (situation, language)) WITHOUT ROWID;
CREATE TABLE label (n INTEGER PRIMARY KEY, situation INTEGER, language TEXT, norm REAL, text TEXT);
CREATE TABLE gram (gram TEXT PRIMARY KEY, idf REAL, labels BLOB) WITHOUT ROWID;
CREATE TABLE word (form TEXT PRIMARY KEY, stems TEXT) WITHOUT ROWID;
CREATE TABLE lesson (n INTEGER PRIMARY KEY, {", ".join(f"{c} TEXT" if c not in ("own", "start", "stop") else f"{c} INTEGER" for c in COLUMNS)},
  file TEXT, mtime INTEGER, size INTEGER);
CREATE INDEX lesson_id ON lesson (id);
CREATE INDEX lesson_grp ON lesson (grp);
CREATE TABLE tagged (situation TEXT, place INTEGER, lesson INTEGER, PRIMARY KEY (situation, place, lesson)) WITHOUT ROWID;
CREATE TABLE broken (file TEXT PRIMARY KEY, mtime INTEGER, size INTEGER, reason TEXT) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (title, {", ".join(ROLES)}, tokenize = "unicode61 remove_diacritics 0");
"""


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson with where it was read from: ``file`` relative to the KB, its time in ns and size in bytes."""

    lesson: Lesson
    file: str
    mtime: int
    size: int


def snowball_version() -> str:
    """The version of the stemmer, kept in the index: stems of another one do not match (it is pinned for that)."""
    from importlib.metadata import version

    return version("snowballstemmer")


@contextlib.contextmanager
def _written(path: str) -> Any:
    """A database that appears whole or not at all under ``path``."""
    temporary = f"{path}.{os.getpid()}.tmp"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def build(
    path: str,
    lessons: Iterable[LessonFile],
    vocabulary: Mapping[str, Situation],
    profiles: Mapping[str, LanguageProfile],
    own: bool,
    stamp: str = "",
) -> None:
    """Writes an index from nothing. ``own``: the lessons are the KB's, not the starter's."""
    with _written(path) as temporary:
        with contextlib.closing(sqlite3.connect(temporary)) as db:
            db.execute("PRAGMA page_size = 4096")
            db.executescript(_SCHEMA)
            _write_vocabulary(db, vocabulary, profiles)
            _insert(db, lessons, profiles, own)
            _finish(db, stamp)


def build_over(
    base: str,
    path: str,
    lessons: Iterable[LessonFile],
    broken: Iterable[tuple[str, int, int, str]],
    vocabulary: Mapping[str, Situation] | None,
    profiles: Mapping[str, LanguageProfile],
    keep: bool,
    stamp: str,
) -> None:
    """Writes a KB's index over a copy of the starter's ``base``.

    ``keep``: whether the starter's lessons stay; ``vocabulary``: given when it differs from the base's.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with _written(path) as temporary:
        shutil.copyfile(base, temporary)
        os.chmod(temporary, 0o600)
        with contextlib.closing(sqlite3.connect(temporary)) as db:
            if not keep:
                for table in ("lesson", "tagged", "text"):
                    db.execute(f"DELETE FROM {table}")
            if vocabulary is not None:
                for table in ("situation", "situation_name", "label", "gram", "ui"):
                    db.execute(f"DELETE FROM {table}")
                _write_vocabulary(db, vocabulary, profiles)
            _insert(db, lessons, profiles, True)
            db.executemany("INSERT OR REPLACE INTO broken VALUES (?, ?, ?, ?)", broken)
            _finish(db, stamp)


def refresh(
    path: str,
    changed: Iterable[LessonFile],
    gone: Iterable[str],
    broken: Iterable[tuple[str, int, int, str]],
    profiles: Mapping[str, LanguageProfile],
) -> None:
    """Brings an index up to date: ``changed`` files are read again, ``gone`` ones (by file) leave it. One transaction."""
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as db:
        changed = list(changed)
        broken = list(broken)
        for file in [*(item.file for item in changed), *gone, *(row[0] for row in broken)]:
            for (n,) in db.execute("SELECT n FROM lesson WHERE file = ? AND own = 1", (file,)).fetchall():
                db.execute("DELETE FROM lesson WHERE n = ?", (n,))
                db.execute("DELETE FROM tagged WHERE lesson = ?", (n,))
                db.execute("DELETE FROM text WHERE rowid = ?", (n,))
            db.execute("DELETE FROM broken WHERE file = ?", (file,))
        _insert(db, changed, profiles, True)
        db.executemany("INSERT OR REPLACE INTO broken VALUES (?, ?, ?, ?)", broken)
        db.commit()


def _finish(db: sqlite3.Connection, stamp: str) -> None:
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", (("version", INDEX_VERSION), ("snowball", snowball_version()), ("stamp", stamp)))
    db.commit()
    db.execute("INSERT INTO text(text) VALUES ('optimize')")
    db.commit()
    db.execute("VACUUM")


def _write_vocabulary(
    db: sqlite3.Connection, vocabulary: Mapping[str, Situation], profiles: Mapping[str, LanguageProfile]
) -> None:
    postings: dict[str, array[int]] = {}
    labels: list[tuple[int, int, str, str, set[str]]] = []
    for n, situation in enumerate(vocabulary.values()):
        db.execute(
            "INSERT INTO situation VALUES (?, ?, ?, ?)", (n, situation.id, situation.family, situation.broader)
        )
        for code, own in situation.labels.items():
            db.execute("INSERT INTO situation_name VALUES (?, ?, ?)", (situation.id, code, own.name))
            for text in dict.fromkeys((own.name, *own.also, *own.said)):
                words = tokens(text)
                if words:
                    labels.append((len(labels), n, code, text, grams(words)))
                    folded = [fold(word) for word in words]
                    both = labels[-1][4] | (grams(folded) if folded != words else set())
                    for gram in both:
                        postings.setdefault(gram, array("H")).append(labels[-1][0])
    total = max(1, len(labels))
    idf = {gram: math.log(1 + total / len(found)) for gram, found in postings.items()}
    db.executemany(
        "INSERT INTO label VALUES (?, ?, ?, ?, ?)",
        ((i, n, code, math.sqrt(sum(idf[g] ** 2 for g in own)), text) for i, n, code, text, own in labels),
    )
    db.executemany(
        "INSERT INTO gram VALUES (?, ?, ?)",
        ((gram, idf[gram], found.tobytes()) for gram, found in sorted(postings.items())),
    )
    for code, profile in profiles.items():
        rows = [(code, key, text) for key, text in profile.headings.items()]
        rows += [(code, f"label.{key}", text) for key, text in profile.labels.items()]
        rows += [(code, "name", profile.name), (code, "stopwords", " ".join(sorted(profile.stopwords)))]
        db.executemany("INSERT INTO ui VALUES (?, ?, ?)", rows)
        words_ = {word for i, n, c, text, own in labels if c == code for word in tokens(text)}
        _learn(db, words_, profile.stemmer)


def _learn(db: sqlite3.Connection, words_: Iterable[str], algorithm: str) -> None:
    """Remembers the stem of each word form, so that a look-up needs no stemmer; plain forms point to accented stems."""
    known: dict[str, set[str]] = {}
    for word in sorted(set(words_)):
        stemmed = stem(word, algorithm)
        known.setdefault(word, set()).add(stemmed)
        known.setdefault(fold(word), set()).add(stemmed)
    for form, stems in sorted(known.items()):
        row = db.execute("SELECT stems FROM word WHERE form = ?", (form,)).fetchone()
        both = sorted(stems | set(row[0].split() if row else ()))
        if not row or row[0].split() != both:
            db.execute("INSERT OR REPLACE INTO word VALUES (?, ?)", (form, " ".join(both)))


def _insert(
    db: sqlite3.Connection, lessons: Iterable[LessonFile], profiles: Mapping[str, LanguageProfile], own: bool
) -> None:
    learned: dict[str, set[str]] = {}
    n = db.execute("SELECT coalesce(max(n), 0) FROM lesson").fetchone()[0]
    marks = ", ".join("?" * (len(COLUMNS) + 4))
    columns = ", ".join(("n", *COLUMNS, "file", "mtime", "size"))
    for item in sorted(lessons, key=lambda item: item.file):
        lesson = item.lesson
        n += 1
        source, review = lesson.source, lesson.review
        parts = {role: pack([(p.text, p.start, p.end, p.key) for p in lesson.part(role)]) for role in ROLES}
        values = (
            *(n, lesson.id, lesson.title, lesson.language, lesson.date, lesson.author, " ".join(lesson.situations)),
            *(lesson.group, int(own), source.path, source.origin, source.sha256, source.start, source.end),
            *(review.status, review.by, review.on, review.until),
            *(parts[role] for role in ROLES),
            *(item.file, item.mtime, item.size),
        )
        db.execute(f"INSERT INTO lesson ({columns}) VALUES ({marks})", values)
        if not lesson.served:
            continue
        db.executemany(
            "INSERT OR IGNORE INTO tagged VALUES (?, ?, ?)", ((s, i, n) for i, s in enumerate(lesson.situations))
        )
        profile = profiles.get(lesson.language) or next(iter(profiles.values()))
        columns_ = [tokens(lesson.title)]
        columns_ += [[word for p in lesson.part(role) for word in tokens(p.text)] for role in ROLES]
        for words_ in columns_:
            learned.setdefault(profile.stemmer, set()).update(words_)
        stems = [" ".join(stem(word, profile.stemmer) for word in words_) for words_ in columns_]
        db.execute("INSERT INTO text (rowid, title, problem, diagnosis, tactic, script) VALUES (?, ?, ?, ?, ?, ?)", (n, *stems))
    for algorithm, words_ in learned.items():
        _learn(db, words_, algorithm)
