"""Builds and refreshes the index: one SQLite file, disposable, made from lessons and the vocabulary.

It holds the lessons (what a card shows), their words for full-text search (stems, in FTS5), posting lists of situations
and title words, what was learned from the vocabulary's labels, and the few words of the interface, so that a look-up
opens this file and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from coachkb.data.load import compound_links, elsewhere, ranking
from coachkb.model.hit import COLUMNS
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.model.terms import ROLES
from coachkb.search.analysis import INDEX_VERSION, fold, tokens
from coachkb.search.learned import write_learned
from coachkb.search.ranking import ranking_line
from coachkb.search.rows import Languages, LessonFile, insert, remove, replace

__all__ = ["LessonFile", "build", "build_over", "refresh", "snowball_version"]

_NUMBERS = ("own", "start", "stop", "unsure")
_BATCH = 2000  # lessons written at once
#: Of lesson folders their path, time, names of files, and these files' times and sizes (as ``locate.Folder`` packs).
Seen = Iterable[tuple[str, int, bytes, bytes]]
_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE ui (language TEXT, key TEXT, text TEXT, PRIMARY KEY (language, key)) WITHOUT ROWID;
CREATE TABLE situation (n INTEGER PRIMARY KEY, id TEXT UNIQUE, family TEXT, broader TEXT);
CREATE TABLE situation_name (situation TEXT, language TEXT, name TEXT, PRIMARY KEY (situation, language)) WITHOUT ROWID;
CREATE TABLE label (text TEXT, situation INTEGER, language TEXT, PRIMARY KEY (text, situation, language)) WITHOUT ROWID;
CREATE TABLE feature (key TEXT PRIMARY KEY, idf INTEGER, weights BLOB) WITHOUT ROWID;
CREATE TABLE word (form TEXT, language TEXT, stem TEXT, itself INTEGER, parts TEXT,
  PRIMARY KEY (form, language, stem)) WITHOUT ROWID;
CREATE TABLE spoken (form TEXT, language TEXT, labels INTEGER, PRIMARY KEY (form, language)) WITHOUT ROWID;
CREATE TABLE stem (stem TEXT PRIMARY KEY, lessons INTEGER) WITHOUT ROWID;
CREATE TABLE lesson (n INTEGER PRIMARY KEY, title_stems TEXT,
  {", ".join(f"{c} {'INTEGER' if c in _NUMBERS else 'TEXT'}" for c in COLUMNS)});
CREATE INDEX lesson_id ON lesson (id);
CREATE INDEX lesson_grp ON lesson (grp);
CREATE TABLE posting (key TEXT, language TEXT, rank INTEGER, tie INTEGER, lesson INTEGER,
  PRIMARY KEY (key, language, rank, tie, lesson)) WITHOUT ROWID;
CREATE TABLE file (file TEXT PRIMARY KEY, mtime INTEGER, size INTEGER, lesson INTEGER) WITHOUT ROWID;
CREATE INDEX file_lesson ON file (lesson);
CREATE TABLE folder (path TEXT PRIMARY KEY, mtime INTEGER, names BLOB, numbers BLOB);
CREATE TABLE broken (file TEXT PRIMARY KEY, mtime INTEGER, size INTEGER, reason TEXT) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (title, {", ".join(ROLES)}, content = '', tokenize = "ascii");
CREATE VIRTUAL TABLE text_stem USING fts5vocab (text, row);
"""


def snowball_version() -> str:
    """The version of the stemmer, kept in the index: stems of another one do not match (it is pinned for that)."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("snowballstemmer")
    except PackageNotFoundError:  # copied in without its metadata, as some packagers do
        return "unknown"


@contextlib.contextmanager
def _written(path: str, base: str | None = None) -> Iterator[sqlite3.Connection]:
    """A new database, or a copy of ``base``, that appears whole or not at all under ``path``."""
    temporary = f"{path}.{os.getpid()}.tmp"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    try:
        if base is not None:
            shutil.copyfile(base, temporary)
            os.chmod(temporary, 0o600)
        with contextlib.closing(sqlite3.connect(temporary)) as db:
            # Nobody reads it before it is whole, and what a power cut leaves of it is never renamed.
            for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "cache_size = -100000"):
                db.execute(f"PRAGMA {pragma}")
            yield db
            db.commit()
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
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
    with _written(path) as db:
        db.executescript(_SCHEMA)
        languages = Languages(db, profiles)
        _write_vocabulary(db, vocabulary, profiles, languages, path, enlarge=False)
        _insert(db, lessons, languages, own)
        _finish(db, stamp)
        db.execute("INSERT INTO text(text) VALUES ('optimize')")
        db.commit()
        db.execute("VACUUM")


def build_over(
    base: str,
    path: str,
    lessons: Iterable[LessonFile],
    broken: Iterable[tuple[str, int, int, str]],
    vocabulary: Mapping[str, Situation] | None,
    profiles: Mapping[str, LanguageProfile],
    keep: bool,
    stamp: str,
    seen: Seen = (),
    before: str = "",
) -> None:
    """Writes a KB's index over a copy of the starter's ``base``; ``before``: the KB's last index, if there is one.

    ``keep``: whether the starter's lessons stay; ``vocabulary``: given when it differs from the base's; ``broken``: the
    files that cannot be used (file, time, size, reason); ``seen``: the lesson folders as they were found. Of a lesson
    that the starter has too, by its id, the KB's is kept.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with _written(path, base) as db:
        languages = Languages(db, profiles)
        if not keep:
            for table in ("lesson", "posting", "stem"):
                db.execute(f"DELETE FROM {table}")
            db.execute("INSERT INTO text(text) VALUES ('delete-all')")
        if vocabulary is not None:
            for table in ("situation", "situation_name", "label", "spoken", "ui"):
                db.execute(f"DELETE FROM {table}")
            _write_vocabulary(db, vocabulary, profiles, languages, base, enlarge=True, before=before)
        _insert(db, lessons, languages, True)
        hidden = "SELECT n FROM lesson WHERE own = 0 AND id IN (SELECT id FROM lesson WHERE own = 1)"
        for (n,) in db.execute(hidden).fetchall():
            remove(db, n, languages)
        db.executemany("INSERT OR REPLACE INTO broken VALUES (?, ?, ?, ?)", broken)
        _remember_folders(db, seen)
        _finish(db, stamp)


def refresh(
    path: str,
    changed: Iterable[LessonFile],
    gone: Iterable[str],
    broken: Iterable[tuple[str, int, int, str]],
    profiles: Mapping[str, LanguageProfile],
    seen: Seen,
) -> None:
    """Brings an index up to date in one transaction: ``changed`` files are read again, ``gone`` ones leave it.

    ``seen``: the lesson folders as they were found.
    """
    with contextlib.closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as db:
        languages = Languages(db, profiles)
        # The file can be made anew at any time; waiting for the disk would cost more than the rest.
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN IMMEDIATE")
        broken = list(broken)
        for file in (*gone, *(file for file, *_ in broken)):
            for (n,) in db.execute("SELECT lesson FROM file WHERE file = ?", (file,)).fetchall():
                remove(db, n, languages)
            db.execute("DELETE FROM broken WHERE file = ?", (file,))
        for item in changed:
            replace(db, item, languages)
            db.execute("DELETE FROM broken WHERE file = ?", (item.file,))
        languages.remember()
        db.executemany("INSERT OR REPLACE INTO broken VALUES (?, ?, ?, ?)", broken)
        _remember_folders(db, seen)
        db.execute("COMMIT")


def _remember_folders(db: sqlite3.Connection, seen: Seen) -> None:
    now = {row[0]: row for row in seen}
    before = {row[0]: row for row in db.execute("SELECT path, mtime, names, numbers FROM folder")}
    gone = [(path,) for path, row in before.items() if now.get(path) != row]
    db.executemany("DELETE FROM folder WHERE path = ?", gone)
    rows = [row for path, row in sorted(now.items()) if before.get(path) != row]
    db.executemany("INSERT INTO folder VALUES (?, ?, ?, ?)", rows)


def _finish(db: sqlite3.Connection, stamp: str) -> None:
    db.execute("DELETE FROM stem")
    db.execute("INSERT INTO stem SELECT term, doc FROM text_stem")
    rows = (("version", INDEX_VERSION), ("snowball", snowball_version()), ("stamp", stamp))
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)


def _write_vocabulary(
    db: sqlite3.Connection,
    vocabulary: Mapping[str, Situation],
    profiles: Mapping[str, LanguageProfile],
    languages: Languages,
    base: str,
    enlarge: bool,
    before: str = "",
) -> None:
    meta = [(f"links {code}", " ".join(found)) for code, found in compound_links().items()]
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", [*meta, ("ranking", ranking_line(ranking()))])
    said = [(code, tokens(text)) for code, phrases in elsewhere().items() for text in phrases]
    for n, situation in enumerate(vocabulary.values()):
        row = (n, situation.id, situation.family, situation.broader)
        db.execute("INSERT INTO situation VALUES (?, ?, ?, ?)", row)
        for code, own in situation.labels.items():
            db.execute("INSERT INTO situation_name VALUES (?, ?, ?)", (situation.id, code, own.name))
            for text in (own.name, *own.also, *own.said):
                words_ = tokens(text)
                for label in {" ".join(words_), fold(" ".join(words_))} - {""}:
                    db.execute("INSERT OR IGNORE INTO label VALUES (?, ?, ?)", (label, n, code))
                said.append((code, words_))
    spoken: Counter[tuple[str, str]] = Counter()
    for code, words_ in said:
        if code in profiles:
            for word in words_:
                languages.of(code)[word]
            spoken.update((form, code) for word in set(words_) for form in {word, fold(word)})
    db.executemany("INSERT INTO spoken VALUES (?, ?, ?)", [(*key, labels) for key, labels in sorted(spoken.items())])
    for code, profile in profiles.items():
        rows = [(code, key, text) for key, text in profile.headings.items()]
        rows += [(code, f"label.{key}", text) for key, text in profile.labels.items()]
        rows += [
            (code, "name", profile.name),
            (code, "english", profile.english),
            (code, "stopwords", " ".join(sorted(profile.stopwords))),
        ]
        rows += [(code, "buyer", "\n".join(profile.talk["buyer"]))]
        rows += [(code, "seller", "\n".join((*profile.talk["seller"], *profile.own_turns)))]
        db.executemany("INSERT INTO ui VALUES (?, ?, ?)", rows)
    write_learned(db, vocabulary, profiles, base, enlarge, before)


def _insert(db: sqlite3.Connection, lessons: Iterable[LessonFile], languages: Languages, own: bool) -> None:
    """Adds lessons in batches; in each the posting lists are sorted, so that they are written in one go."""
    n = db.execute("SELECT coalesce(max(n), 0) FROM lesson").fetchone()[0]
    batch: list[tuple[int, LessonFile]] = []
    for item in lessons:
        n += 1
        batch.append((n, item))
        if len(batch) == _BATCH:
            insert(db, batch, languages, own)
            batch.clear()
    insert(db, batch, languages, own)
    languages.remember()
