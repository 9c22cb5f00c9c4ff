"""A lesson as rows of the index: what it shows, its words as stems, and the posting lists it stands in."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from coachkb.data.load import compounds
from coachkb.data.stems import stem
from coachkb.model.hit import COLUMNS, Hit, pack
from coachkb.model.lesson import Lesson
from coachkb.model.profile import LanguageProfile
from coachkb.model.terms import ROLES, UNSURE
from coachkb.search.analysis import MAX_QUERY, fold, words
from coachkb.search.postings import entries

_LESSON = f"""INSERT OR REPLACE INTO lesson (n, title_stems, {", ".join(COLUMNS)})
  VALUES ({", ".join("?" * (len(COLUMNS) + 2))})"""
_TEXT = f"INSERT INTO text (rowid, title, {', '.join(ROLES)}) VALUES (?, ?, ?, ?, ?, ?)"
_NO_TEXT = f"INSERT INTO text (text, rowid, title, {', '.join(ROLES)}) VALUES ('delete', ?, ?, ?, ?, ?, ?)"
_SHORTEST_PART = 4  # letters of a compound's part
_LONGEST = MAX_QUERY * 50  # characters of a passage that are searched for; more is a dump


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson with where it was read from: ``file`` relative to the KB, its time in ns and size in bytes."""

    lesson: Lesson
    file: str
    mtime: int
    size: int


class Stems(dict[str, str]):
    """Words of one language to their stems, a compound's followed by those of its parts; fills as it is asked.

    ``new``: the words that the index had not met, each with its stem and its parts.
    """

    def __init__(self, db: sqlite3.Connection, code: str, algorithm: str) -> None:
        super().__init__()
        self._db, self._code, self._algorithm = db, code, algorithm
        self._parts: Parts | None = None
        self.new: list[tuple[str, str, str]] = []

    def __missing__(self, word: str) -> str:
        # Stemming a word in pure Python takes thirty times as long as looking it up.
        sql = "SELECT stem, parts FROM word WHERE form = ? AND language = ? AND itself"
        row = self._db.execute(sql, (word, self._code)).fetchone()
        if row is None:
            self._parts = self._parts or Parts(self._db, self._code, self._algorithm)
            whole = stem(word, self._algorithm)
            row = whole, self._parts.of(word, whole)
            self.new.append((word, *row))
        self[word] = " ".join(filter(None, row))
        return self[word]

    def meet(self, met: Iterable[str]) -> None:
        """Looks many words up at once."""
        some = sorted({*met} - self.keys())
        for i in range(0, len(some), 900):
            marks = ", ".join("?" * len(some[i : i + 900]))
            sql = (
                f"SELECT form, trim(stem || ' ' || parts) FROM word WHERE language = ? AND itself AND form IN ({marks})"
            )
            self.update(self._db.execute(sql, (self._code, *some[i : i + 900])).fetchall())


class Parts:
    """The compounds of a language, told by the field's own vocabulary: those of the glossary and, of two words, any
    other that is made of parts of these."""

    def __init__(self, db: sqlite3.Connection, code: str, algorithm: str) -> None:
        self._known, self._algorithm = compounds().get(code, {}), algorithm
        row = db.execute("SELECT value FROM meta WHERE key = ?", (f"links {code}",)).fetchone()
        self._links = ("", *(row[0].split() if row else ()))
        self._lead = {part for parts in self._known.values() for part in parts[:-1] if len(part) >= _SHORTEST_PART}
        self._last = {part for parts in self._known.values() for part in parts[-1:]}

    def of(self, word: str, whole: str) -> str:
        """The stems of a compound's parts, a space between; nothing when it is none. ``whole``: the stem of it all."""
        if whole in self._known:
            return " ".join(self._known[whole])
        for end in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            if word[:end] in self._lead:
                for link in self._links:
                    last = word[end + len(link) :]
                    if word.startswith(link, end) and len(last) >= _SHORTEST_PART:
                        stemmed = stem(last, self._algorithm)
                        if stemmed in self._last:
                            return f"{word[:end]} {stemmed}"
        return ""


class Languages:
    """The stems of each language, as lessons need them; ``db``: the index that they go to."""

    def __init__(self, db: sqlite3.Connection, profiles: Mapping[str, LanguageProfile]) -> None:
        self._db, self._profiles = db, profiles
        self._stems: dict[str, Stems] = {}

    def of(self, code: str) -> Stems:
        """The stems of a language; of one that has no profile by the first profile's algorithm."""
        if code not in self._stems:
            profile = self._profiles.get(code) or next(iter(self._profiles.values()))
            self._stems[code] = Stems(self._db, code, profile.stemmer)
        return self._stems[code]

    def list_of(self, code: str) -> str:
        """The language under which posting lists have a lesson: none where there is no profile."""
        return code if code in self._profiles else ""

    def remember(self) -> None:
        """Writes the new words, so that a look-up needs no stemmer; plain forms point to accented stems, too."""
        for code, stems in self._stems.items():
            rows = [
                (form, code, whole, form == word, parts)
                for word, whole, parts in stems.new
                for form in {word, fold(word)}
            ]
            self._db.executemany(
                "INSERT INTO word VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (form, language, stem) DO UPDATE SET itself = itself OR excluded.itself",
                sorted(rows),
            )
            stems.new.clear()


@dataclass(frozen=True, slots=True)
class Searched:
    """What a lesson is found by: per column its stems, a space between, and its posting lists (key, language, rank,
    tie)."""

    texts: tuple[str, ...]
    postings: list[tuple[str, str, int, int]]

    @property
    def stems(self) -> set[str]:
        """Every stem of the lesson, once."""
        return set(" ".join(self.texts).split())


def searched(lesson: Lesson | Hit, own: bool, languages: Languages) -> Searched:
    """What a lesson is found by, the same whether it comes from its file or from the index."""
    if isinstance(lesson, Hit):
        parts = [[text for text, *_ in lesson.parts[role]] for role in ROLES]
        status = lesson.review["status"]
    else:
        parts = [[passage.text for passage in lesson.part(role)] for role in ROLES]
        status = lesson.review.status
    stem_of = languages.of(lesson.language).__getitem__
    texts = tuple(" ".join(map(stem_of, some)) for some in _words(lesson.title, parts))
    # Among equals the order of files must not matter: their ids' checksums decide, which lie small in the index.
    tie, language = zlib.crc32(lesson.id.encode("utf-8", "surrogatepass")), languages.list_of(lesson.language)
    found = entries(lesson.situations, texts[0].split(), status == "approved", own, bool(parts[-1]))
    return Searched(texts, [(key, language, rank, tie) for key, rank in found])


def _unsure(lesson: Lesson) -> bool:
    return lesson.review.status == "draft" and lesson.sureness is not None and lesson.sureness < UNSURE


def _words(title: str, parts: Iterable[Iterable[str]]) -> Iterator[list[str]]:
    """The words of a lesson's title and of each of its parts."""
    for texts in ([title], *parts):
        yield words("\n".join([text[:_LONGEST] for text in texts]))


def shown(lesson: Lesson, own: bool) -> tuple[object, ...]:
    """What the index keeps to show a lesson, in the order of ``COLUMNS``."""
    source, review = lesson.source, lesson.review
    values = (
        *(lesson.id, lesson.title, lesson.language, lesson.date, lesson.author, " ".join(lesson.situations)),
        *(lesson.group, int(own), source.path, source.origin, source.sha256, source.start, source.end),
        *(review.status, review.by, review.on, review.until, int(_unsure(lesson))),
        *(pack([(p.text, p.start, p.end, p.key) for p in lesson.part(role)]) or None for role in ROLES),
    )
    assert len(values) == len(COLUMNS)
    return values


def insert(db: sqlite3.Connection, batch: Iterable[tuple[int, LessonFile]], languages: Languages, own: bool) -> None:
    """Adds lessons under their numbers. In how many lessons each stem is then, is left to the caller."""
    lessons, texts, postings, files = [], [], [], []
    for n, item in batch:
        found = searched(item.lesson, own, languages)
        lessons.append((n, found.texts[0], *shown(item.lesson, own)))
        if own:
            files.append((item.file, item.mtime, item.size, n))
        if item.lesson.served and item.lesson.says_something:
            texts.append((n, *found.texts))
            postings += [(*posting, n) for posting in found.postings]
    postings.sort()
    db.executemany(_LESSON, lessons)
    db.executemany(_TEXT, texts)
    db.executemany("INSERT INTO posting VALUES (?, ?, ?, ?, ?)", postings)
    db.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", files)


def replace(db: sqlite3.Connection, item: LessonFile, languages: Languages) -> None:
    """Puts what a file of the KB says now in the place of what it said before, if anything."""
    row = db.execute("SELECT lesson FROM file WHERE file = ?", (item.file,)).fetchone()
    n = row[0] if row else db.execute("SELECT coalesce(max(n), 0) + 1 FROM lesson").fetchone()[0]
    parts = [[passage.text for passage in item.lesson.part(role)] for role in ROLES]
    for some in _words(item.lesson.title, parts):
        languages.of(item.lesson.language).meet(some)
    before, now = _known(db, n, languages), searched(item.lesson, True, languages)
    db.execute(_LESSON, (n, now.texts[0], *shown(item.lesson, True)))
    db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", (item.file, item.mtime, item.size, n))
    _change(db, n, before, now if item.lesson.served and item.lesson.says_something else None)


def remove(db: sqlite3.Connection, n: int, languages: Languages) -> None:
    """Takes a lesson out of every table."""
    before = _known(db, n, languages)
    db.execute("DELETE FROM lesson WHERE n = ?", (n,))
    db.execute("DELETE FROM file WHERE lesson = ?", (n,))
    _change(db, n, before, None)


def _known(db: sqlite3.Connection, n: int, languages: Languages) -> Searched | None:
    """What a lesson is found by, from what is kept to show it; None when it is not found at all."""
    row = db.execute(f"SELECT {', '.join(COLUMNS)} FROM lesson WHERE n = ?", (n,)).fetchone()
    hit = Hit(row) if row else None
    found = hit and hit.review["status"] != "dropped" and any(hit.parts.values())
    return searched(hit, hit.own, languages) if hit and found else None


def _change(db: sqlite3.Connection, n: int, before: Searched | None, now: Searched | None) -> None:
    """Brings full text, posting lists and the numbers of stems from what a lesson was found by to what it is now."""
    texts = before.texts if before else None, now.texts if now else None
    if texts[0] != texts[1]:
        if texts[0]:
            db.execute(_NO_TEXT, (n, *texts[0]))
        if texts[1]:
            db.execute(_TEXT, (n, *texts[1]))
    old, new = set(before.postings if before else ()), set(now.postings if now else ())
    db.executemany(
        "DELETE FROM posting WHERE key = ? AND language = ? AND rank = ? AND tie = ? AND lesson = ?",
        sorted((*posting, n) for posting in old - new),
    )
    db.executemany("INSERT INTO posting VALUES (?, ?, ?, ?, ?)", sorted((*posting, n) for posting in new - old))
    had, has = before.stems if before else set(), now.stems if now else set()
    counts = [(stem, 1) for stem in sorted(has - had)] + [(stem, -1) for stem in sorted(had - has)]
    db.executemany(
        "INSERT INTO stem VALUES (?, ?) ON CONFLICT (stem) DO UPDATE SET lessons = lessons + excluded.lessons", counts
    )
