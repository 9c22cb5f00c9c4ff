"""What people type to the lessons that answer it. On the look-up path: sqlite3 and nothing else is imported.

A query is words, never syntax; none raises. First it is understood (which situations do its words mean, by what was
learned of the vocabulary's labels), then situations and the lessons' own words are joined into one score.
"""

from __future__ import annotations

import sqlite3

from coachkb.model.hit import COLUMNS, Hit
from coachkb.search.analysis import MAX_QUERY, fold, grams, stem_features, tokens
from coachkb.search.likely import WHOLE, joined, language_odds, likelihoods, pieces

#: How much a situation's likelihood and the text's likeness count in a hit's score (they sum to 1).
SITUATION_WEIGHT = 0.94
TEXT_WEIGHT = 0.06
#: What being the second or third situation of a lesson is worth, against being its first.
PLACE_WEIGHT = (1.0, 0.65, 0.55)
#: Column weights of BM25: title, problem, diagnosis, tactic, script.
FIELD_WEIGHTS = (3.0, 2.0, 1.0, 1.0, 1.5)
#: No situation as likely as this: a query means nothing that we know.
NOTHING = 0.095
#: Nor does one that is so much likelier not to be about selling than to mean its best situation.
ELSEWHERE = 1.0
#: What a lesson in another language than the reader's counts, against one of his own that answers as well.
OTHER_LANGUAGE = 0.9
#: A hit under this share of the best one's score is not worth naming.
WORTH_NAMING = 0.05
#: A language is named when it is so much likelier than the next (natural logarithm).
SURE_LANGUAGE = 1.0
_POOL = 40  # lessons looked at for each situation, and by their words
#: How it ranks, score, group, language and number of a lesson that may answer.
_Ranked = tuple[tuple[object, ...], float, str, str, int]
_VARIABLES = 900  # older SQLite takes no more in a statement


class Index:
    """An open index. ``path`` is an index file made by ``coachkb.search.index``; it is opened read-only."""

    def __init__(self, path: str) -> None:
        self.path = path
        quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self.db = sqlite3.connect(f"file:{quoted}?mode=ro&immutable=0", uri=True, timeout=5)

    def close(self) -> None:
        """Closes the file."""
        self.db.close()

    def meta(self, key: str) -> str | None:
        """A value of the index's meta table."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def files(self) -> dict[str, tuple[int, int]]:
        """The lesson files that a KB's index was made from, broken ones too, with the times and sizes they had."""
        rows = self.db.execute(
            "SELECT file, mtime, size FROM lesson WHERE own = 1 UNION ALL SELECT file, mtime, size FROM broken"
        )
        return {file: (mtime, size) for file, mtime, size in rows}

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

    # ------------------------------------------------------------------------------------ understanding the query

    def understand(self, query: str) -> tuple[list[tuple[str, float]], str | None]:
        """The situations a query may mean, best first with a likelihood of 0 to 1, and its likely language."""
        likely, language, _ = self._meaning(query)
        return likely, language

    def _meaning(self, query: str) -> tuple[list[tuple[str, float]], str | None, float]:
        """As ``understand``, and how likely the query has nothing to do with selling."""
        sentences = pieces(query[:MAX_QUERY])
        if not sentences:
            return [], None, 0.0
        ids = [id_ for (id_,) in self.db.execute("SELECT id FROM situation ORDER BY n")]
        codes = (self.meta("languages") or "").split()
        unknown = float(self.meta("unknown") or 0) or 100.0
        letters = [sorted(grams(piece)) for piece in sentences]
        learned = self._learned({gram for piece in letters for gram in piece})
        odds = language_odds(learned, len(ids) + 1, len(codes))
        order = sorted(range(len(codes)), key=lambda n: (-odds[n], codes[n]))
        stems = self._word_stems({word for piece in sentences for word in piece}, codes[order[0]] if order else "")
        kinds = [
            [known_by, *stem_features([stems.get(word, word) for word in piece])]
            for piece, known_by in zip(sentences, letters, strict=True)
        ]
        learned.update(self._learned({feature for piece in kinds for kind in piece[1:] for feature in kind}))
        odds = language_odds(learned, len(ids) + 1, len(codes))
        order = sorted(range(len(codes)), key=lambda n: (-odds[n], codes[n]))
        language = codes[order[0]] if order else None
        if len(order) > 1 and odds[order[0]] - odds[order[1]] < SURE_LANGUAGE:
            language = None
        total = joined(kinds, lambda piece: likelihoods(piece, learned, unknown, len(ids) + 1))
        for n in self._named(sentences):
            total = [0.1 * value for value in total]
            total[n] += 0.9
        ranked = sorted(zip(ids, total, strict=False), key=lambda item: (-item[1], item[0]))
        return ranked, language, total[-1]

    def _learned(self, keys: set[str]) -> dict[str, tuple[int, memoryview]]:
        """Of each feature that was learned its idf and its numbers: one a situation, "elsewhere", one a language."""
        wanted = sorted(keys)
        found = {}
        for i in range(0, len(wanted), _VARIABLES):
            some = wanted[i : i + _VARIABLES]
            marks = ", ".join("?" * len(some))
            rows = self.db.execute(f"SELECT key, idf, weights FROM feature WHERE key IN ({marks})", some)
            for key, idf, blob in rows:
                found[key] = (idf, memoryview(blob).cast("b"))
        return found

    def _word_stems(self, words: set[str], language: str) -> dict[str, str]:
        """The stem of each word that the index knows, in the given language where it occurs there."""
        found: dict[str, str] = {}
        wanted = sorted(words)[:_VARIABLES]
        marks = ", ".join("?" * len(wanted))
        rows = self.db.execute(
            f"SELECT form, language, stem FROM word WHERE form IN ({marks}) ORDER BY form, language, stem", wanted
        )
        settled: set[str] = set()
        for form, code, stem in rows:
            if form not in found or (code == language and form not in settled):
                found[form] = stem
            if code == language:
                settled.add(form)
        return found

    def _named(self, pieces: list[list[str]]) -> list[int]:
        """The situation that has the whole query for a label, when there is just one."""
        if len(pieces) != 1:
            return []
        rows = self.db.execute("SELECT DISTINCT situation FROM label WHERE text = ?", (" ".join(pieces[0]),)).fetchall()
        return [rows[0][0]] if len(rows) == 1 else []

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
        meant, language, elsewhere = self._meaning(query)
        reader = reader or language
        best = meant[0][1] if meant else 0.0
        # A longer text is likely to touch on several things: it need not mean one of them as surely.
        least = NOTHING if len(tokens(query[:MAX_QUERY])) <= WHOLE else NOTHING / 2
        if best < least or elsewhere > ELSEWHERE * best:
            text, likely = self._by_title(query), {}
        else:
            text, likely = self._by_words(query), dict(meant)
        pool: set[int] = set(text)
        for id_, _ in meant[:6] if likely else ():
            rows = self.db.execute(
                "SELECT lesson FROM tagged WHERE situation = ? ORDER BY place, lesson LIMIT ?", (id_, _POOL)
            )
            pool.update(n for (n,) in rows)
        found: list[_Ranked] = []
        for n, id2, code, tags, group, own, status in self.db.execute(
            "SELECT n, id, language, situations, grp, own, review_status FROM lesson "
            f"WHERE n IN ({', '.join(map(str, sorted(pool)))})"
        ):
            situations = tags.split()
            if (only and code != only) or (situation and situation not in situations):
                continue
            near = sum(likely.get(s, 0.0) * PLACE_WEIGHT[min(i, 2)] for i, s in enumerate(situations))
            score = min(1.0, SITUATION_WEIGHT * near + TEXT_WEIGHT * text.get(n, 0.0)) if likely else text[n]
            # Among equals the reader's language, approved, own, then the id: never the order of files.
            told = score if code == reader else OTHER_LANGUAGE * score
            rank = (-round(told, 2), code != reader, status != "approved", not own, -score, id2)
            found.append((rank, score, group or f"\x00{id2}", code, n))
        found.sort()
        top = max((score for _, score, *_ in found), default=0.0)
        if likely and top < least:  # its situation is understood, and there is no lesson on it
            return [], meant[:5], language
        worth = [item for item in found if item[1] >= WORTH_NAMING * top]
        chosen = worth if all_languages else _one_per_group(worth, reader)
        chosen = chosen[: max(0, limit)]
        if reader and not (all_languages or only):
            chosen = [self._in_language(item, reader, situation) for item in chosen]
        hits = self._load([item[-1] for item in chosen])
        for hit, item in zip(hits, chosen, strict=True):
            hit.score = item[1]
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
                return (*item[:3], reader, n)
        return item

    def _by_words(self, query: str) -> dict[int, float]:
        """Lessons that share words with the query, by BM25 over stems, scaled to 0..1."""
        stems = [stem for some in self._stems(tokens(query[:MAX_QUERY])[:40]) for stem in some]
        if not stems:
            return {}
        match = " OR ".join(f'"{stem}"' for stem in dict.fromkeys(stems))
        # Half of the score is reached at 4 per word: a word found in one lesson of twenty, in a weighty field.
        scale = 4.0 * len(stems) ** 0.5
        return {n: score / (score + scale) for n, score in self._matching(match) if score > 0}

    def _by_title(self, query: str) -> dict[int, float]:
        """Lessons whose title holds every word of the query that is no function word, each with half a score.

        For those who look a lesson up by its name: "Maureen" means no situation.
        """
        groups = self._stems(tokens(query[:MAX_QUERY])[:40])
        if not groups or not all(groups):
            return {}
        match = " AND ".join(f"({' OR '.join(f'title:{chr(34)}{stem}{chr(34)}' for stem in some)})" for some in groups)
        return {n: 0.5 for n, _ in self._matching(match)}

    def _matching(self, match: str) -> list[tuple[int, float]]:
        weights = ", ".join(str(weight) for weight in FIELD_WEIGHTS)
        try:
            rows: list[tuple[int, float]] = self.db.execute(
                f"SELECT rowid, -bm25(text, {weights}) FROM text WHERE text MATCH ? ORDER BY 2 DESC, 1 LIMIT ?",
                (match, _POOL),
            ).fetchall()
        except sqlite3.OperationalError:
            return []
        return rows

    def _stems(self, words: list[str]) -> list[list[str]]:
        """The stems of each word that is no function word; one never seen has that of a word that begins alike."""
        stop: set[str] = set()
        for (text,) in self.db.execute("SELECT text FROM ui WHERE key = 'stopwords'"):
            stop.update(text.split())
        found = []
        for word in words:
            if word in stop:
                continue
            rows = self.db.execute("SELECT DISTINCT stem FROM word WHERE form = ? ORDER BY stem", (word,)).fetchall()
            if not rows and len(word) >= 5:
                head = fold(word)[: max(4, len(word) - 2)]
                rows = self.db.execute(
                    "SELECT stem FROM word WHERE form >= ? AND form < ? ORDER BY length(form), form, stem LIMIT 1",
                    (head, head + "\U0010ffff"),
                ).fetchall()
            found.append([stem for (stem,) in rows])
        return found

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
