"""What people type to the lessons that answer it. On the look-up path: sqlite3 and nothing else is imported.

A query is words, never syntax; none raises. First it is understood (which situations do its words mean, by the
vocabulary's labels in every language), then situations and the lessons' own words are joined into one score.
"""

from __future__ import annotations

import sqlite3
from math import log, sqrt

from coachkb.model.hit import COLUMNS, Hit
from coachkb.search.analysis import MAX_QUERY, fold, grams, tokens

#: How much a situation's likeness and the text's likeness count in a hit's score (they sum to 1).
SITUATION_WEIGHT = 0.75
TEXT_WEIGHT = 0.25
#: What being the second or third situation of a lesson is worth, against being its first.
PLACE_WEIGHT = (1.0, 0.8, 0.65)
#: Column weights of BM25: title, problem, diagnosis, tactic, script.
FIELD_WEIGHTS = (3.0, 2.0, 1.0, 1.0, 1.5)
#: Under this a query means no situation that we know, and the best hit is a guess.
NOTHING = 0.36
#: A hit under this share of the best one's score is not worth naming.
WORTH_NAMING = 0.45
_PIECE_WORDS = 14  # a pasted e-mail is read in pieces of about a sentence
_MAX_PIECES = 24
_POOL = 40  # lessons looked at for each situation, and by their words


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
        names.update(self.db.execute("SELECT situation, name FROM situation_name WHERE language = ?", (language,)).fetchall())
        return names

    # ------------------------------------------------------------------------------------ understanding the query

    def understand(self, query: str) -> tuple[list[tuple[str, float]], str | None]:
        """The situations a query may mean, best first with a likeness of 0 to 1, and its likely language."""
        best: dict[int, float] = {}
        languages: dict[str, float] = {}
        for piece in _pieces(tokens(query[:MAX_QUERY])):
            for situation, (likeness, language) in self._alike(piece).items():
                if likeness > best.get(situation, 0.0):
                    best[situation] = likeness
                languages[language] = languages.get(language, 0.0) + likeness**4
        ids = dict(self.db.execute("SELECT n, id FROM situation").fetchall())
        ranked = sorted(((ids[n], value) for n, value in best.items()), key=lambda item: (-item[1], item[0]))
        guess = max(sorted(languages), key=lambda code: languages[code]) if languages else None
        return ranked, self._language(query) or guess

    def _alike(self, words: list[str]) -> dict[int, tuple[float, str]]:
        """Per situation the likeness of its nearest labels to a few words, and those labels' language.

        Likeness is the cosine of idf-weighted character n-grams (Salton's vector model), joined with the share of the
        query's n-grams that the label holds, so that one word of a long label counts too.
        """
        wanted = grams(words)
        if not wanted:
            return {}
        rows = self.db.execute(
            f"SELECT gram, idf, labels FROM gram WHERE gram IN ({', '.join('?' * len(wanted))})", sorted(wanted)
        ).fetchall()
        total = self.db.execute("SELECT count(*) FROM label").fetchone()[0] or 1
        unknown = log(1 + total)
        known = sum(idf * idf for _, idf, _ in rows)
        norm = known + (len(wanted) - len(rows)) * unknown * unknown * 0.5
        overlap: dict[int, float] = {}
        get = overlap.get
        for _, idf, blob in rows:
            weight = idf * idf
            for label in memoryview(blob).cast("H"):
                overlap[label] = get(label, 0.0) + weight
        nearest = sorted(overlap, key=lambda label: (-overlap[label], label))[:300]
        details = {
            n: (situation, language, length)
            for n, situation, language, length in self.db.execute(
                f"SELECT n, situation, language, norm FROM label WHERE n IN ({', '.join(map(str, nearest))})"
            )
        }
        scored: dict[int, list[tuple[float, str]]] = {}
        root = sqrt(norm)
        for label in nearest:
            situation, language, length = details[label]
            shared = min(overlap[label], length * root)
            likeness = 0.6 * shared / (length * root) + 0.4 * min(1.0, shared / norm)
            scored.setdefault(situation, []).append((likeness, language))
        out: dict[int, tuple[float, str]] = {}
        for situation, likes in scored.items():
            likes.sort(key=lambda item: (-item[0], item[1]))
            support = sum(value for value, _ in likes[1:4]) / 3 if len(likes) > 1 else 0.0
            out[situation] = (min(1.0, 0.85 * likes[0][0] + 0.15 * support), likes[0][1])
        return out

    def _language(self, query: str) -> str | None:
        """The language whose function words a query of some length holds most of."""
        words = tokens(query[:MAX_QUERY])
        best, most = None, 0.0
        for code, text in self.db.execute("SELECT language, text FROM ui WHERE key = 'stopwords' ORDER BY language"):
            stop = set(text.split())
            n = sum(1.0 for word in words if word in stop)
            if n > most:
                best, most = code, n
            elif n == most:
                best = None
        return best if most >= 2 else None

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
        meant, language = self.understand(query)
        reader = reader or language
        text = self._by_words(query)
        pool: dict[int, float] = {}
        likeness = dict(meant)
        for id_, value in meant[:6]:
            for (n,) in self.db.execute(
                "SELECT lesson FROM tagged WHERE situation = ? ORDER BY place, lesson LIMIT ?", (id_, _POOL)
            ):
                pool[n] = max(pool.get(n, 0.0), value)
        numbers = sorted({*pool, *text})
        hits = []
        for n, hit in self._load(numbers):
            if (only and hit.language != only) or (situation and situation not in hit.situations):
                continue
            near = max(
                (likeness.get(s, 0.0) * PLACE_WEIGHT[min(i, 2)] for i, s in enumerate(hit.situations)), default=0.0
            )
            hit.score = min(1.0, SITUATION_WEIGHT * near + TEXT_WEIGHT * text.get(n, 0.0))
            hits.append(hit)
        hits.sort(key=_rank(reader))
        best = hits[0].score if hits else 0.0
        sure = max([best / (SITUATION_WEIGHT + 0.5 * TEXT_WEIGHT), meant[0][1] if meant else 0.0])
        if not hits or sure < NOTHING:
            return [], meant[:5], language
        hits = [hit for hit in hits if hit.score >= WORTH_NAMING * best]
        shown = hits if all_languages else _one_per_group(hits, reader)
        shown = shown[: max(0, limit)]
        self._name_translations(shown)
        return shown, meant[:5], language

    def _by_words(self, query: str) -> dict[int, float]:
        """Lessons that share words with the query, by BM25 over stems, scaled to 0..1."""
        stems = self._stems(tokens(query[:MAX_QUERY])[:40])
        if not stems:
            return {}
        match = " OR ".join(f'"{stem}"' for stem in stems)
        weights = ", ".join(str(weight) for weight in FIELD_WEIGHTS)
        try:
            rows = self.db.execute(
                f"SELECT rowid, -bm25(text, {weights}) FROM text WHERE text MATCH ? ORDER BY 2 DESC, 1 LIMIT ?",
                (match, _POOL),
            ).fetchall()
        except sqlite3.OperationalError:
            return {}
        # Half of the score is reached at 4 per word: a word found in one lesson of twenty, in a weighty field.
        scale = 4.0 * len(stems) ** 0.5
        return {n: score / (score + scale) for n, score in rows if score > 0}

    def _stems(self, words: list[str]) -> list[str]:
        """The stems of the query's words, function words left out; a word never seen gives those that begin alike."""
        stop: set[str] = set()
        for (text,) in self.db.execute("SELECT text FROM ui WHERE key = 'stopwords'"):
            stop.update(text.split())
        found: dict[str, None] = {}
        for word in words:
            if word in stop:
                continue
            row = self.db.execute("SELECT stems FROM word WHERE form = ?", (word,)).fetchone()
            if row is None and len(word) >= 5:
                head = fold(word)[: max(4, len(word) - 2)]
                row = self.db.execute(
                    "SELECT stems FROM word WHERE form >= ? AND form < ? ORDER BY length(form), form LIMIT 1",
                    (head, head + "\U0010ffff"),
                ).fetchone()
            if row:
                found.update(dict.fromkeys(row[0].split()))
        return list(found)

    def _load(self, numbers: list[int]) -> list[tuple[int, Hit]]:
        columns = ", ".join(COLUMNS)
        rows = self.db.execute(
            f"SELECT n, {columns} FROM lesson WHERE n IN ({', '.join(map(str, numbers))}) ORDER BY n"
        ).fetchall()
        return [(row[0], Hit(row[1:])) for row in rows]

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
        hits = [hit for _, hit in self._load([n for (n,) in rows[:1]])]
        self._name_translations(hits)
        return hits[0] if hits else None

    def all(self, only: str | None = None, situation: str | None = None) -> list[Hit]:
        """Every lesson that is served, own ones first, by language, first situation and title."""
        numbers = [n for (n,) in self.db.execute("SELECT n FROM lesson WHERE review_status != 'dropped'")]
        hits = [hit for _, hit in self._load(numbers)]
        if only:
            hits = [hit for hit in hits if hit.language == only]
        if situation:
            hits = [hit for hit in hits if situation in hit.situations]
        hits.sort(key=lambda hit: (hit.language, hit.situations[:1], not hit.own, hit.title.lower(), hit.id))
        self._name_translations(hits)
        return hits


def _pieces(words: list[str]) -> list[list[str]]:
    """A short query whole; a long one in overlapping pieces, for one sentence of an e-mail carries its meaning."""
    if len(words) <= _PIECE_WORDS:
        return [words] if words else []
    half = _PIECE_WORDS // 2
    return [words[i : i + _PIECE_WORDS] for i in range(0, len(words) - half, half)][:_MAX_PIECES]


def _rank(reader: str | None):  # type: ignore[no-untyped-def]
    """The order of hits: score; among equals the reader's language, approved, own, then the id: never file order."""

    def key(hit: Hit) -> tuple[object, ...]:
        return (
            -round(hit.score, 2),
            hit.language != reader,
            hit.review["status"] != "approved",
            not hit.own,
            -hit.score,
            hit.id,
        )

    return key


def _one_per_group(hits: list[Hit], reader: str | None) -> list[Hit]:
    """One hit a group, in the reader's language where the group has it, at the place of the group's best."""
    chosen: dict[str, Hit] = {}
    order: list[str] = []
    for hit in hits:
        key = hit.group or f"\x00{hit.id}"
        if key not in chosen:
            chosen[key] = hit
            order.append(key)
        elif chosen[key].language != reader and hit.language == reader:
            hit.score = max(hit.score, chosen[key].score)
            chosen[key] = hit
    return [chosen[key] for key in order]
