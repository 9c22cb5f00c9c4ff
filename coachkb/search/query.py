"""What people type to the lessons that answer it. On the look-up path: sqlite3 and nothing else is imported.

A query is words, never syntax; none raises. First it is understood (which situations do its words mean, by what was
learned of the vocabulary's labels), then situations and the lessons' own words are joined into one score.
"""

from __future__ import annotations

from coachkb.model.hit import COLUMNS, Hit
from coachkb.search.engine import sqlite3
from coachkb.search.likely import meaning, meta
from coachkb.search.postings import LIST, Text, by_title, by_words, candidates, verbatim
from coachkb.search.ranking import read_ranking

#: A hit under this share of the best one's score is not worth naming.
WORTH_NAMING = 0.05
#: Situations whose lists of lessons are read.
_MEANT = 6
#: The place, from 0, that a second meaning gets: people look at three.
_THIRD = 2
#: How it ranks, score, group, language, situations and number of a lesson that may answer.
_Ranked = tuple[tuple[object, ...], float, str, str, list[str], int]

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Iterable


class Index:
    """An open index. ``path`` is an index file made by ``coachkb.search.index``; it is opened read-only."""

    def __init__(self, path: str) -> None:
        self.path = path
        quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        # Whoever holds an index may hand it to another thread, one at a time: nothing is written through it.
        self.db = sqlite3.connect(f"file:{quoted}?mode=ro&immutable=0", uri=True, timeout=5, check_same_thread=False)

    def close(self) -> None:
        """Closes the file."""
        self.db.close()

    def meta(self, key: str) -> str | None:
        """A value of the index's meta table."""
        return meta(self.db, key)

    def has_more_files_than(self, number: int) -> bool:
        """Whether the KB's index was made from more lesson files than that."""
        return self.db.execute("SELECT 1 FROM file LIMIT 1 OFFSET ?", (number,)).fetchone() is not None

    def folder_times(self) -> dict[str, int]:
        """The folders of the lesson files with the times they had when all were looked through."""
        return dict(self.db.execute("SELECT path, mtime FROM folder").fetchall())

    def folders(self) -> dict[str, tuple[int, bytes, bytes]]:
        """The folders with their times and files, broken ones too, as ``locate.Folder`` packs them."""
        rows = self.db.execute("SELECT path, mtime, names, numbers FROM folder")
        return {path: (time, names, numbers) for path, time, names, numbers in rows}

    def files_of(self, hits: Iterable[Hit]) -> dict[str, tuple[int, int]]:
        """The files of these lessons with times in ns and sizes; those of the starter have none."""
        found = {}
        for hit in hits:
            rows = self.db.execute(
                "SELECT file, mtime, size FROM lesson JOIN file ON file.lesson = n WHERE id = ? AND own = 1", (hit.id,)
            )
            found.update({file: (mtime, size) for file, mtime, size in rows})
        return found

    def ids_in(self, file: str) -> list[str]:
        """The id of the lesson in a file of the KB, when it was indexed."""
        rows = self.db.execute("SELECT id FROM file JOIN lesson ON n = file.lesson WHERE file = ?", (file,))
        return [id_ for (id_,) in rows]

    def file_of(self, id_: str) -> str | None:
        """The file that the KB's lesson of an id was read from."""
        row = self.db.execute(
            "SELECT file FROM lesson JOIN file ON file.lesson = n WHERE id = ? AND own = 1", (id_,)
        ).fetchone()
        return row[0] if row else None

    def ui(self, language: str) -> dict[str, str]:
        """The card's headings and phrases in a language; English where there is no such language."""
        rows = self.db.execute("SELECT key, text FROM ui WHERE language = ?", (language,)).fetchall()
        return dict(rows or self.db.execute("SELECT key, text FROM ui WHERE language = 'en'").fetchall())

    def situation_names(self, language: str) -> dict[str, str]:
        """Situation ids to their names in a language (English where it has none)."""
        names = dict(self.db.execute("SELECT situation, name FROM situation_name WHERE language = 'en'").fetchall())
        rows = self.db.execute("SELECT situation, name FROM situation_name WHERE language = ?", (language,))
        names.update(rows.fetchall())
        return names

    def broader(self) -> dict[str, str]:
        """Of the situations that narrow another, by id, that other, in the vocabulary's order."""
        rows = self.db.execute("SELECT id, broader FROM situation WHERE broader IS NOT NULL ORDER BY n")
        return dict(rows.fetchall())

    # ------------------------------------------------------------------------------------ understanding the query

    def understand(self, query: str) -> tuple[list[tuple[str, float]], str | None]:
        """The situations a query may mean, best first with a likelihood of 0 to 1, and its likely language."""
        found = meaning(self.db, query)
        return found.situations, found.language

    # ------------------------------------------------------------------------------------------------- the search

    def search(
        self,
        query: str,
        *,
        limit: int = 5,
        reader: str | None = None,
        only: str | None = None,
        situation: str | None = None,
        all_languages: bool = False,
    ) -> tuple[list[Hit], list[tuple[str, float]], str | None]:
        """Hits best first, the situations the query may mean, and the language taken for the reader's.

        One hit a group, in the reader's language (``reader``, else the query's); ``all_languages`` lists each
        translation. ``only`` and ``situation`` filter. No hits: nothing fits.
        """
        meaning_, ranking = meaning(self.db, query), read_ranking(self.db)
        meant, language = meaning_.situations, meaning_.language
        reader = reader or language
        words = [word for piece in meaning_.pieces for word in piece]
        most = max(LIST, limit)
        if meaning_.fits_nothing(ranking):
            text, pool, likely = Text(), by_title(self.db, words, most, only) | verbatim(self.db, words, most), {}
        else:
            text, likely = by_words(self.db, words, most, ranking.fields), dict(meant)
            text.verbatim = verbatim(self.db, words, most)
            pool = candidates(self.db, meant[:_MEANT], text, most, only, situation) | text.verbatim
        broader = meaning_.broader
        found: list[_Ranked] = []
        for n, id2, code, tags, group, own, status, title, wordless in self.db.execute(
            "SELECT n, id, language, situations, grp, own, review_status, title_stems, script IS NULL FROM lesson "
            f"WHERE n IN ({', '.join(map(str, sorted(pool)))})"
        ):
            situations = tags.split()
            for i in range(1, len(situations) if broader else 0):
                if broader.get(situations[i]) == situations[i - 1]:  # what it is on is the narrower
                    situations[i - 1 : i + 1] = situations[i], situations[i - 1]
            if (only and code != only) or (situation and situation not in situations):
                continue
            if likely:
                near = 0.0
                for id_, weight in zip(situations, ranking.place):  # noqa: B905 - no lesson has more
                    near += likely.get(id_, 0.0) * weight
                goes, named = text.of(n, title)
                answers = min(1.0, ranking.situation * near + (1.0 - ranking.situation) * goes)
                unnamed = 1.0 - ranking.title * named
                score = told = 1.0 - (1.0 - answers) * unnamed
                if wordless:  # who asks has a buyer on the line; but a lesson asked for by its name comes first
                    told = 1.0 - (1.0 - ranking.wordless * answers) * unnamed
            else:
                score = told = 0.5
            # Among equals the reader's language, approved, own, then the id: never the order of files.
            if code != reader:
                told *= ranking.other_language
            rank = (-round(told, 2), code != reader, status != "approved", not own, -score, id2)
            found.append((rank, score, group or f"\x00{id2}", code, situations, n))
        found.sort()
        top = max((score for _, score, *_ in found), default=0.0)
        if likely and top < meaning_.least(ranking):  # its situation is understood, and there is no lesson on it
            return [], meant[:5], language
        worth = [item for item in found if item[1] >= WORTH_NAMING * top]
        chosen = worth if all_languages else _one_per_group(worth, reader)
        second = _second_meaning(chosen, meant, ranking.second) if likely and not situation else None
        if second:
            chosen = [*chosen[:_THIRD], chosen[second], *chosen[_THIRD:second], *chosen[second + 1 :]]
        chosen = chosen[: max(0, limit)]
        if reader and not (all_languages or only):
            chosen = [self._in_language(item, reader, situation) for item in chosen]
        hits = self._load([item[-1] for item in chosen])
        for hit, item in zip(hits, chosen, strict=True):
            hit.score, hit.sure = item[1], meaning_.sure(item[1], ranking)
        for hit in hits[_THIRD : _THIRD + 1]:
            hit.second = second is not None
        self._name_translations(hits)
        return hits, meant[:5], language

    def _in_language(self, item: _Ranked, reader: str, situation: str | None) -> _Ranked:
        """The lesson's translation in the reader's language, found itself or not: its tags may differ."""
        if item[3] == reader:
            return item
        for n, tags in self.db.execute(
            "SELECT n, situations FROM lesson WHERE grp = ? AND language = ? AND review_status != 'dropped' "
            "ORDER BY own DESC, id",
            (item[2], reader),
        ):
            if not situation or situation in tags.split():
                return (*item[:3], reader, tags.split(), n)
        return item

    def _load(self, numbers: list[int]) -> list[Hit]:
        """The lessons of these numbers, in their order."""
        columns = ", ".join(COLUMNS)
        rows = self.db.execute(
            f"SELECT n, {columns} FROM lesson WHERE n IN ({', '.join(map(str, numbers))})"
        ).fetchall()
        found = {row[0]: Hit(row[1:]) for row in rows}
        return [found[n] for n in numbers]

    def _name_translations(self, hits: list[Hit]) -> None:
        for hit in hits:
            if hit.group:
                hit.translations = [
                    (id_, language)
                    for id_, language in self.db.execute(
                        "SELECT id, language FROM lesson WHERE grp = ? AND id != ? AND review_status != 'dropped' "
                        "ORDER BY language, id",
                        (hit.group, hit.id),
                    )
                ]

    # --------------------------------------------------------------------------------------------------- browsing

    def one(self, id_: str) -> Hit | None:
        """The lesson of an id, an own one before the starter's."""
        rows = self.db.execute("SELECT n FROM lesson WHERE id = ? ORDER BY own DESC", (id_,)).fetchall()
        hits = self._load([n for (n,) in rows[:1]])
        self._name_translations(hits)
        return hits[0] if hits else None

    def all(self, only: str | None = None, situation: str | None = None) -> list[Hit]:
        """Every lesson that is served, own ones first, by language, first situation and title."""
        numbers = [n for (n,) in self.db.execute("SELECT n FROM lesson WHERE review_status != 'dropped'")]
        hits = self._load(numbers)
        if only:
            hits = [hit for hit in hits if hit.language == only]
        if situation:
            hits = [hit for hit in hits if situation in hit.situations]
        hits.sort(key=lambda hit: (hit.language, hit.situations[:1], not hit.own, hit.title.lower(), hit.id))
        self._name_translations(hits)
        return hits


def _second_meaning(found: list[_Ranked], meant: list[tuple[str, float]], share: float) -> int | None:
    """The number of the best lesson on the second likeliest situation, which comes third; None to leave all in place.

    It comes third when that situation is at least ``share`` times as likely as the first, so that either may be meant,
    and none of the first three lessons is on it.
    """
    (_, likeliest), (second, likely), *_ = [*meant, ("", 0.0), ("", 0.0)]
    if likely < share * likeliest or any(second in item[4] for item in found[: _THIRD + 1]):
        return None
    return next((n for n, item in enumerate(found) if item[4][:1] == [second]), None)


def _one_per_group(found: list[_Ranked], reader: str | None) -> list[_Ranked]:
    """One lesson a group, in the reader's language where there is one, at the place and score of the group's best."""
    chosen: dict[str, _Ranked] = {}
    for item in found:
        first = chosen.get(item[2])
        if first is None:
            chosen[item[2]] = item
        elif first[3] != reader and item[3] == reader:
            chosen[item[2]] = (first[0], first[1], *item[2:])
    return list(chosen.values())
