"""Posting lists: of a situation, a pair of them or a word of a title, the lessons that have it, the best ones first.

A look-up reads the beginning of a few of them, however many lessons there are; full-text search ranks only as many as
its rare words occur in. That keeps it from growing with the knowledge base. On the look-up path: no import but sqlite3
and math.
"""

from __future__ import annotations

from math import log

from coachkb.search.analysis import fold
from coachkb.search.engine import sqlite3
from coachkb.search.likely import languages

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from sqlite3 import Connection

#: So many lessons are read of a posting list in each language, and twice as many found by rare words are looked at;
#: ``--limit`` raises it.
LIST = 24
#: So many lessons may hold the words that full-text search ranks. Words beyond, the most common ones, count in titles.
RARE = 2500
#: What a hit of one word in a title of usual length adds by BM25 (k1 1.2, weight 3), in units of the word's idf.
_IN_TITLE = 3.0 * 2.2 / (3.0 + 1.2)
#: A situation so much less likely than the best is passed over when there are lessons on that: those on it alone would
#: not be named (0.02 is less than WORTH_NAMING times the least of PLACE_WEIGHT).
_NEGLIGIBLE = 0.02
#: Of how many situations the lists of pairs are read.
_PAIRED = 3
#: So much idf tells a title apart half surely: a word that one lesson of 400 has.
_TELLING = 6.0
_QUOTED = 0.7  # how surely words name a lesson that has them in a row
_ALIKE = 500  # words that begin alike, of which the shortest is taken
_VARIABLES = 900  # older SQLite takes no more in a statement
_PHRASE = 3  # words; fewer in a row stand in many texts
_MOST_WORDS = 40  # of a query, that are looked for in texts

#: A lesson's title may be long; more words than this are not looked up by.
_TITLE_WORDS = 40
#: By the places of two situations in a lesson, how good that is.
_PAIRS = {(0, 1): 0, (0, 2): 1, (1, 2): 2}


def one(situation: str) -> str:
    """The key of the lessons with a situation."""
    return f"s {situation}"


def two(first: str, second: str) -> str:
    """The key of the lessons with two situations, the first before the second."""
    return f"s {first} {second}"


def titled(stem: str) -> str:
    """The key of the lessons with a word in their title."""
    return f"t {stem}"


def entries(
    situations: tuple[str, ...], title_stems: list[str], approved: bool, own: bool, says: bool
) -> list[tuple[str, int]]:
    """The lists that a lesson stands in, and its rank in each: by place, then approved, own, with words to say."""
    worth = 4 * (not approved) + 2 * (not own) + (not says)
    found: dict[str, int] = {}
    for place, situation in enumerate(situations):
        found.setdefault(one(situation), 8 * min(place, 2) + worth)
        for later in range(place + 1, min(3, len(situations))):
            rank = 8 * _PAIRS[place, later] + worth
            found.setdefault(two(situation, situations[later]), rank)
    for stem in title_stems[:_TITLE_WORDS]:
        found.setdefault(titled(stem), worth)
    return list(found.items())


class Text:
    """How well lessons go with a query's words. ``rare``: lessons by BM25 over its rare words; ``common``: what each of
    its common ones adds in a title; ``words``: the stems of each word, function words too, with its idf; ``verbatim``:
    the few lessons in which it stands word for word; ``typed``: all stems of its words."""

    __slots__ = ("common", "rare", "scale", "typed", "verbatim", "words")

    def __init__(self) -> None:
        self.verbatim: set[int] = set()
        self.rare: dict[int, float] = {}
        self.common: dict[str, float] = {}
        self.words: list[tuple[set[str], float]] = []
        self.typed: set[str] = set()
        self.scale = 1.0

    def of(self, n: int, title: str) -> tuple[float, float]:
        """For the lesson of a number with these stems in its title: how well it goes with the words, and how surely
        they name it, each from 0 to 1.

        To be named the title must hold nearly all that is typed, and words that few lessons have, or be it: "price"
        names none of the many lessons on price, "price of silence" that one, "price" the one that is called so.
        """
        score = self.rare.get(n, 0.0)
        named = _QUOTED if n in self.verbatim else 0.0
        stems = title.split()
        if not self.typed.isdisjoint(stems):  # as hardly any title has it
            there = set(stems)
            if self.common:
                score += sum([self.common.get(stem, 0.0) for stem in there])
            held = sum([idf for some, idf in self.words if not some.isdisjoint(there)])
            share = held / sum([idf for _, idf in self.words])
            named = max(named, share * share * (1.0 if there <= self.typed else held / (held + _TELLING)))
        return score / (score + self.scale), named


def candidates(
    db: Connection, meant: list[tuple[str, float]], text: Text, most: int, only: str | None, situation: str | None
) -> set[int]:
    """The lessons that may answer: the best of each situation, of pairs of them, and by the query's words.

    ``meant``: situations with their likelihoods, best first.
    """
    pool = set(text.rare)
    first = situation or meant[0][0]
    of_first = _list(db, one(first), most, only)
    pool.update(of_first)
    least = _NEGLIGIBLE * meant[0][1] if of_first else 0.0
    others = [id_ for id_, likely in meant if id_ != first and likely >= least]
    keys = [] if situation else [one(id_) for id_ in others]
    some = [first, *others][:_PAIRED]
    keys += [two(a, b) for a in some for b in some if a != b and situation in (None, a, b)]
    keys += [titled(stem) for stem in text.common]
    for key in keys:
        pool.update(_list(db, key, most, only))
    return pool


def _list(db: Connection, key: str, most: int, only: str | None) -> list[int]:
    """The beginning of a posting list in each language; ``only`` in one."""
    codes = [only] if only else ["", *languages(db)]
    one_language = (
        "SELECT * FROM (SELECT lesson FROM posting WHERE key = ? AND language = ? ORDER BY rank, tie LIMIT ?)"
    )
    values = [value for code in codes for value in (key, code, most)]
    return [n for (n,) in db.execute(" UNION ALL ".join([one_language] * len(codes)), values)]


def by_words(db: Connection, words: list[str], most: int, fields: tuple[float, ...]) -> Text:
    """How well lessons go with the query's words: by BM25 over stems as far as these are rare, by title beyond.

    A compound is looked for whole and by its parts. ``fields``: what a word counts in title, problem, diagnosis, tactic
    and script.
    """
    every = _stems(db, words[:_MOST_WORDS], parts=True)
    groups = [stems for stems, tells in every if tells]
    stems = list(dict.fromkeys(stem for some in groups for stem in some))
    text = Text()
    if not stems:
        return text
    # Half of the score is reached at 4 per word: a word found in one lesson of twenty, in a weighty field.
    text.scale = 4.0 * sum(map(len, groups)) ** 0.5
    lessons = _lessons_with(db, list(dict.fromkeys(stem for some, _ in every for stem in some)))
    of = db.execute("SELECT coalesce(max(n), 0) FROM lesson").fetchone()[0]
    text.words = [({*some}, _idf(max([lessons[stem] for stem in some], default=0), of)) for some, _ in every]
    text.typed.update(stem for some, _ in every for stem in some)
    rare, touched = [], 0
    for stem in sorted(stems, key=lambda stem: (lessons[stem], stem)):
        touched += lessons[stem]
        if touched <= RARE:
            rare.append(stem)
        else:
            text.common[stem] = _IN_TITLE * _idf(lessons[stem], of)
    if rare:
        text.rare = _matching(db, " OR ".join(f'"{stem}"' for stem in rare), 2 * most, fields)
    return text


def _lessons_with(db: Connection, stems: list[str]) -> dict[str, int]:
    """In how many lessons each stem is."""
    found = dict.fromkeys(stems, 0)
    for i in range(0, len(stems), _VARIABLES):
        some = stems[i : i + _VARIABLES]
        marks = ", ".join("?" * len(some))
        found.update(db.execute(f"SELECT stem, lessons FROM stem WHERE stem IN ({marks})", some).fetchall())
    return found


def _idf(lessons: int, of: int) -> float:
    """The inverse document frequency of a word that so many lessons have, as FTS5 takes it (Robertson/Spärck Jones)."""
    return max(1e-6, log((of - lessons + 0.5) / (lessons + 0.5))) if lessons < of else 1e-6


def by_title(db: Connection, words: list[str], most: int, only: str | None) -> set[int]:
    """Lessons whose title holds every word of the query that is no function word.

    For those who look a lesson up by its name: "Maureen" means no situation. The lists of its rarest word are read.
    """
    groups = [stems for stems, tells in _stems(db, words[:_MOST_WORDS]) if tells]
    if not groups or not all(groups):
        return set()
    lessons = _lessons_with(db, [stem for some in groups for stem in some])
    rarest = min(groups, key=lambda some: sum(lessons[stem] for stem in some))
    deep = most if len(groups) == 1 else 10 * most
    found = {n for stem in rarest for n in _list(db, titled(stem), deep, only)}
    numbers = ", ".join(map(str, sorted(found)))
    rows = db.execute(f"SELECT n, title_stems FROM lesson WHERE n IN ({numbers})")
    return {n for n, title in rows if all(not set(some).isdisjoint(title.split()) for some in groups)}


def verbatim(db: Connection, words: list[str], most: int) -> set[int]:
    """Lessons with all the words in a row, in their title, the problem or the script, any inflection taken for any.

    None when the words are fewer than three, all common, or when so many lessons have them that they tell nothing.
    """
    if not _PHRASE <= len(words) <= _MOST_WORDS:
        return set()
    marks = ", ".join("?" * len(words))
    stems: dict[str, dict[str, str]] = {}
    for form, code, stem, parts in db.execute(
        f"SELECT form, language, stem, parts FROM word WHERE form IN ({marks}) "
        "ORDER BY itself, form, language, stem DESC",  # of a form with several stems its own comes last, and counts
        words,
    ):
        stems.setdefault(code, {})[form] = f"{stem} {parts}".strip()
    phrases = {" ".join([known[word] for word in words]) for known in stems.values() if known.keys() >= {*words}}
    lessons = _lessons_with(db, sorted({stem for phrase in phrases for stem in phrase.split()}))
    # FTS5 goes through the lessons of a phrase's rarest word.
    phrases = {phrase for phrase in phrases if min(lessons[stem] for stem in phrase.split()) <= RARE}
    if not phrases:
        return set()
    match = " OR ".join(f'"{phrase}"' for phrase in sorted(phrases))
    try:
        rows = db.execute(
            "SELECT rowid FROM text WHERE text MATCH ? LIMIT ?", (f"{{title problem script}} : ({match})", most + 1)
        ).fetchall()
    except sqlite3.OperationalError:
        return set()
    return {n for (n,) in rows} if len(rows) <= most else set()


def _matching(db: Connection, match: str, most: int, fields: tuple[float, ...]) -> dict[int, float]:
    weights = ", ".join(map(str, fields))
    try:
        rows = db.execute(
            f"SELECT rowid, -bm25(text, {weights}) FROM text WHERE text MATCH ? ORDER BY 2 DESC, 1 LIMIT ?",
            (match, most),
        ).fetchall()
    except sqlite3.OperationalError:
        return {}
    return {n: score for n, score in rows if score > 0}


def _stems(db: Connection, words: list[str], parts: bool = False) -> list[tuple[list[str], bool]]:
    """The stems of each word, and whether it tells anything (no function word); with ``parts`` those of a compound's
    parts, too. A word never seen has the stem of one that begins alike."""
    stop: set[str] = set()
    for (text,) in db.execute("SELECT text FROM ui WHERE key = 'stopwords'"):
        stop.update(text.split())
    found = []
    for word in words:
        rows = db.execute("SELECT DISTINCT stem, parts FROM word WHERE form = ? ORDER BY stem", (word,)).fetchall()
        if not rows and len(word) >= 5:
            head = fold(word)[: max(4, len(word) - 2)]
            rows = db.execute(
                "SELECT stem, parts FROM (SELECT form, stem, parts FROM word WHERE form >= ? AND form < ? "
                "ORDER BY form, stem LIMIT ?) ORDER BY length(form), form, stem LIMIT 1",
                (head, head + "\U0010ffff", _ALIKE),
            ).fetchall()
        stems = [stem for stem, _ in rows]
        if parts:
            stems += [part for _, some in rows for part in some.split() if part not in stems]
        found.append((stems, word not in stop))
    return found
