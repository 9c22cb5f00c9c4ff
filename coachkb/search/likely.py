"""How likely words mean each situation, by what the index learned of them. On the look-up path: no import but math."""

from __future__ import annotations

from math import exp, log, sqrt

from coachkb.search.analysis import KINDS, LANGUAGE_SCALE, MAX_QUERY, WEIGHT_SCALE, grams, stem_features, tokens

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

WHOLE = 16  # words; a longer query is read sentence by sentence
_PIECE = 30  # words of a sentence without an end
_MAX_PIECES = 30
_DOUBT = 0.02  # no sentence alone rules a situation out
_SENTENCE_ENDS = ".!?;:\n…"
#: A language is named when it is so much likelier than the next (natural logarithm).
SURE_LANGUAGE = 1.0
_VARIABLES = 900  # older SQLite takes no more in a statement


def pieces(query: str) -> list[list[str]]:
    """The words of a short query whole; of a longer one by sentence, for one of them may carry its meaning."""
    whole = tokens(query)
    if len(whole) <= WHOLE:
        return [whole] if whole else []
    for end in _SENTENCE_ENDS:
        query = query.replace(end, "\x00")
    found = []
    for sentence in query.split("\x00"):
        words = tokens(sentence)
        found += [words[i : i + _PIECE] for i in range(0, len(words), _PIECE)]
    return found[:_MAX_PIECES]


def language_odds(learned: dict[str, tuple[int, memoryview]], start: int, n: int) -> list[float]:
    """How likely each language is: the sum of what the features say, in natural logarithms."""
    columns = [numbers[start : start + n] for _, numbers in learned.values()]
    return [sum(column) / LANGUAGE_SCALE for column in zip(*columns, strict=True)] if columns else [0.0] * n


def likelihoods(
    kinds: list[list[str]], learned: dict[str, tuple[int, memoryview]], unknown: float, classes: int
) -> list[float]:
    """How likely a phrase belongs to each class; they sum to 1. A feature that was never seen makes it less sure."""
    scores = [0.0] * classes
    total = sqrt(sum(weight * weight for weight, kind in zip(KINDS, kinds, strict=True) if kind)) or 1.0
    for weight, kind in zip(KINDS, kinds, strict=True):
        rows, length = [], 0.0
        for feature in kind:
            known = learned.get(feature)
            if known:
                rows.append(known[1])
                length += known[0] * known[0]
            else:
                length += unknown * unknown
        if rows:  # idf is kept in hundredths
            share = weight / total / (sqrt(length) / 100) / WEIGHT_SCALE
            scores = [score + share * added for score, added in zip(scores, map(sum, zip(*rows)))]  # noqa: B905
    return _shares(scores)


def joined(pieces: list[list[list[str]]], likelihoods: Callable[[list[list[str]]], list[float]]) -> list[float]:
    """The likelihoods of a text from those of its sentences and of the whole: half from each.

    Sentences that are not about selling (a greeting, the weather) are left out, unless there are no others. They are
    taken together by their logarithms, for each adds to what is known; divided by the root of their number, for
    sentences of one text say much the same.
    """
    if len(pieces) == 1:
        return likelihoods(pieces[0])
    known = [(piece, found) for piece in pieces if (found := likelihoods(piece))[-1] < max(found[:-1])]
    known = known or [(piece, likelihoods(piece)) for piece in pieces]
    root = sqrt(len(known))
    columns = zip(*(found for _, found in known), strict=True)
    joined = _shares([sum(log(value + _DOUBT) for value in column) / root for column in columns])
    whole = [sorted({feature for piece, _ in known for feature in piece[kind]}) for kind in range(len(KINDS))]
    return [(a + b) / 2 for a, b in zip(joined, likelihoods(whole), strict=True)]


def _shares(scores: list[float]) -> list[float]:
    """Scores in natural logarithms as shares of 1."""
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def meta(db: Connection, key: str) -> str | None:
    """A value of the index's meta table."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def languages(db: Connection) -> list[str]:
    """The codes of the languages that the index learned, in their order."""
    return (meta(db, "languages") or "").split()


def meaning(db: Connection, query: str) -> tuple[list[tuple[str, float]], str | None, float]:
    """The situations a query may mean, best first with a likelihood of 0 to 1; its language, when that is sure; and how
    likely it has nothing to do with selling."""
    sentences = pieces(query[:MAX_QUERY])
    if not sentences:
        return [], None, 0.0
    ids = [id_ for (id_,) in db.execute("SELECT id FROM situation ORDER BY n")]
    codes = languages(db)
    unknown = float(meta(db, "unknown") or 0) or 100.0
    letters = [sorted(grams(piece)) for piece in sentences]
    learned = _learned(db, {gram for piece in letters for gram in piece})
    odds = language_odds(learned, len(ids) + 1, len(codes))
    order = sorted(range(len(codes)), key=lambda n: (-odds[n], codes[n]))
    stems = _word_stems(db, {word for piece in sentences for word in piece}, codes[order[0]] if order else "")
    kinds = [
        [known_by, *stem_features([stems.get(word, word) for word in piece])]
        for piece, known_by in zip(sentences, letters, strict=True)
    ]
    learned.update(_learned(db, {feature for piece in kinds for kind in piece[1:] for feature in kind}))
    odds = language_odds(learned, len(ids) + 1, len(codes))
    order = sorted(range(len(codes)), key=lambda n: (-odds[n], codes[n]))
    language = codes[order[0]] if order else None
    if len(order) > 1 and odds[order[0]] - odds[order[1]] < SURE_LANGUAGE:
        language = None
    total = joined(kinds, lambda piece: likelihoods(piece, learned, unknown, len(ids) + 1))
    for n in _named(db, sentences):
        total = [0.1 * value for value in total]
        total[n] += 0.9
    ranked = sorted(zip(ids, total, strict=False), key=lambda item: (-item[1], item[0]))
    return ranked, language, total[-1]


def _learned(db: Connection, keys: set[str]) -> dict[str, tuple[int, memoryview]]:
    """Of each feature that was learned its idf and its numbers: one a situation, "elsewhere", one a language."""
    wanted = sorted(keys)
    found = {}
    for i in range(0, len(wanted), _VARIABLES):
        some = wanted[i : i + _VARIABLES]
        marks = ", ".join("?" * len(some))
        rows = db.execute(f"SELECT key, idf, weights FROM feature WHERE key IN ({marks})", some)
        for key, idf, blob in rows:
            found[key] = (idf, memoryview(blob).cast("b"))
    return found


def _word_stems(db: Connection, words: set[str], language: str) -> dict[str, str]:
    """The stem of each word that the index knows, in the given language where it occurs there."""
    found: dict[str, str] = {}
    wanted = sorted(words)[:_VARIABLES]
    marks = ", ".join("?" * len(wanted))
    rows = db.execute(
        f"SELECT form, language, stem FROM word WHERE form IN ({marks}) ORDER BY form, language, stem", wanted
    )
    settled: set[str] = set()
    for form, code, stem in rows:
        if form not in found or (code == language and form not in settled):
            found[form] = stem
        if code == language:
            settled.add(form)
    return found


def _named(db: Connection, pieces: list[list[str]]) -> list[int]:
    """The situation that has the whole query for a label, when there is just one."""
    if len(pieces) != 1:
        return []
    rows = db.execute("SELECT DISTINCT situation FROM label WHERE text = ?", (" ".join(pieces[0]),)).fetchall()
    return [rows[0][0]] if len(rows) == 1 else []
