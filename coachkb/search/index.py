"""Builds and refreshes the index: one SQLite file, disposable, made from lessons and the vocabulary.

It holds the lessons (what a card shows), their words for full-text search (stems, in FTS5), what was learned from the
vocabulary's labels, and the few words of the interface, so that a look-up opens this file and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coachkb.data.stems import stem
from coachkb.model.hit import COLUMNS, pack
from coachkb.model.lesson import Lesson
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.model.terms import ROLES
from coachkb.search.analysis import INDEX_VERSION, fold, tokens
from coachkb.search.learned import write_learned

_NUMBERS = ("own", "start", "stop")
_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE ui (language TEXT, key TEXT, text TEXT, PRIMARY KEY (language, key)) WITHOUT ROWID;
CREATE TABLE situation (n INTEGER PRIMARY KEY, id TEXT UNIQUE, family TEXT, broader TEXT);
CREATE TABLE situation_name (situation TEXT, language TEXT, name TEXT, PRIMARY KEY (situation, language)) WITHOUT ROWID;
CREATE TABLE label (text TEXT, situation INTEGER, language TEXT, PRIMARY KEY (text, situation, language)) WITHOUT ROWID;
CREATE TABLE feature (key TEXT PRIMARY KEY, idf INTEGER, weights BLOB) WITHOUT ROWID;
CREATE TABLE word (form TEXT, language TEXT, stem TEXT, PRIMARY KEY (form, language, stem)) WITHOUT ROWID;
CREATE TABLE lesson (n INTEGER PRIMARY KEY,
  {", ".join(f"{c} {'INTEGER' if c in _NUMBERS else 'TEXT'}" for c in COLUMNS)},
  file TEXT, mtime INTEGER, size INTEGER);
CREATE INDEX lesson_id ON lesson (id);
CREATE INDEX lesson_grp ON lesson (grp);
CREATE TABLE tagged (situation TEXT, place INTEGER, lesson INTEGER,
  PRIMARY KEY (situation, place, lesson)) WITHOUT ROWID;
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
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("snowballstemmer")
    except PackageNotFoundError:  # copied in without its metadata, as some packagers do
        return "unknown"


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
    """Writes an index from nothing. ``own``: the lessons are the KB's, not the starter's.

    Learning from the labels takes many seconds; an index that lies at ``path`` already and learned from the same ones
    saves it.
    """
    with _written(path) as temporary, contextlib.closing(sqlite3.connect(temporary)) as db:
        db.execute("PRAGMA page_size = 4096")
        db.executescript(_SCHEMA)
        _write_vocabulary(db, vocabulary, profiles, path, enlarge=False)
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
                for table in ("situation", "situation_name", "label", "feature", "ui"):
                    db.execute(f"DELETE FROM {table}")
                _write_vocabulary(db, vocabulary, profiles, base, enlarge=True)
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
    """Brings an index up to date in one transaction: ``changed`` files are read again, ``gone`` ones leave it."""
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
    rows = (("version", INDEX_VERSION), ("snowball", snowball_version()), ("stamp", stamp))
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)
    db.commit()
    db.execute("INSERT INTO text(text) VALUES ('optimize')")
    db.commit()
    db.execute("VACUUM")


def _write_vocabulary(
    db: sqlite3.Connection,
    vocabulary: Mapping[str, Situation],
    profiles: Mapping[str, LanguageProfile],
    base: str,
    enlarge: bool,
) -> None:
    for n, situation in enumerate(vocabulary.values()):
        row = (n, situation.id, situation.family, situation.broader)
        db.execute("INSERT INTO situation VALUES (?, ?, ?, ?)", row)
        for code, own in situation.labels.items():
            db.execute("INSERT INTO situation_name VALUES (?, ?, ?)", (situation.id, code, own.name))
            for text in (own.name, *own.also, *own.said):
                words_ = tokens(text)
                for label in {" ".join(words_), fold(" ".join(words_))} - {""}:
                    db.execute("INSERT OR IGNORE INTO label VALUES (?, ?, ?)", (label, n, code))
                if code in profiles:
                    _learn(db, words_, code, profiles[code].stemmer)
    for code, profile in profiles.items():
        rows = [(code, key, text) for key, text in profile.headings.items()]
        rows += [(code, f"label.{key}", text) for key, text in profile.labels.items()]
        rows += [(code, "name", profile.name), (code, "stopwords", " ".join(sorted(profile.stopwords)))]
        db.executemany("INSERT INTO ui VALUES (?, ?, ?)", rows)
    write_learned(db, vocabulary, profiles, base, enlarge)


def _learn(db: sqlite3.Connection, words_: Iterable[str], language: str, algorithm: str) -> None:
    """Remembers the stem of each word form, so that a look-up needs no stemmer; plain forms point to accented stems."""
    rows = {(form, language, stem(word, algorithm)) for word in set(words_) for form in (word, fold(word))}
    db.executemany("INSERT OR IGNORE INTO word VALUES (?, ?, ?)", sorted(rows))


def _insert(
    db: sqlite3.Connection, lessons: Iterable[LessonFile], profiles: Mapping[str, LanguageProfile], own: bool
) -> None:
    learned: dict[tuple[str, str], set[str]] = {}
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
            learned.setdefault((lesson.language, profile.stemmer), set()).update(words_)
        stems = [" ".join(stem(word, profile.stemmer) for word in words_) for words_ in columns_]
        columns_of_text = "rowid, title, problem, diagnosis, tactic, script"
        db.execute(f"INSERT INTO text ({columns_of_text}) VALUES (?, ?, ?, ?, ?, ?)", (n, *stems))
    for (language, algorithm), forms in learned.items():
        _learn(db, forms, language, algorithm)
