"""How likely words mean each situation, by what the index learned of them. On the look-up path: no import but math."""

from __future__ import annotations

from math import exp, log, sqrt

from coachkb.search.analysis import KINDS, LANGUAGE_SCALE, MAX_QUERY, WEIGHT_SCALE, grams, stem_features, tokens

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

    from coachkb.search.ranking import Ranking

WHOLE = 16  # words; a longer query is read sentence by sentence
_HEADER = 12  # letters of the name of an e-mail's header
_PIECE = 30  # words of a sentence without an end
_MAX_PIECES = 30
_DOUBT = 0.02  # no sentence alone rules a situation out
_NOTHING_SAID = 2.0  # times likelier not to be about selling than the best situation: the sentence is left out
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


def written(query: str) -> str:
    """What the writer of a pasted e-mail says: without its headers, what it answers to and a signature after ``--``."""
    if "\n" not in query:
        return query
    lines = [line.strip() for line in query.split("\n")]
    kept: list[str] = []
    for i, line in enumerate(lines):
        # A lone "Total: 12" is no header; two below one another are, or are as good as.
        header = _is_header(line) and any(_is_header(other) for other in (*lines[i + 1 : i + 2], *lines[:i][-1:]))
        if line == "--" or ((header or line.startswith("-----")) and any(map(str.isalpha, "".join(kept)))):
            break
        quoted = line.startswith(">") or (line.endswith(":") and any(x.startswith(">") for x in lines[i + 1 : i + 3]))
        if not (header or quoted):
            kept.append(line)
    return "\n".join(kept) if any(map(str.isalpha, "".join(kept))) else query


def _is_header(line: str) -> bool:
    name, colon, rest = line.partition(": ")
    return bool(colon) and rest != "" and len(name) <= _HEADER and name.isalpha() and name[0].isupper()


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
    """The likelihoods of a text: of its sentences and, squared, of the whole, taken together by their logarithms.

    Sentences that are not about selling (a greeting, the weather) are left out, unless there are no others. What the
    sentences say is divided by the root of their number, for those of one text say much the same. The whole is told
    less surely than a phrase is, as more of its words say nothing: hence the square.
    """
    if len(pieces) == 1:
        return likelihoods(pieces[0])
    known = [(piece, found) for piece in pieces if (found := likelihoods(piece))[-1] < _NOTHING_SAID * max(found[:-1])]
    known = known or [(piece, likelihoods(piece)) for piece in pieces]
    root = sqrt(len(known))
    columns = zip(*(found for _, found in known), strict=True)
    said = [sum(log(value + _DOUBT) for value in column) / root for column in columns]
    whole = [sorted({feature for piece, _ in known for feature in piece[kind]}) for kind in range(len(KINDS))]
    return _shares([a + 2 * log(b + 1e-9) for a, b in zip(said, likelihoods(whole), strict=True)])


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


class Meaning:
    """What a query means. ``situations``: best first, with a likelihood of 0 to 1; ``language``: its own, when that is
    sure; ``elsewhere``: how likely it has nothing to do with selling; ``pieces``: its words by sentence, mended;
    ``strange``: the share of its words that the index does not know even so; ``broader``: of the situations that narrow
    another one, which."""

    __slots__ = ("broader", "elsewhere", "language", "pieces", "situations", "strange")

    def __init__(self, pieces: list[list[str]]) -> None:
        self.situations: list[tuple[str, float]] = []
        self.broader: dict[str, str] = {}
        self.language: str | None = None
        self.elsewhere = 0.0
        self.pieces = pieces
        self.strange = 0.0

    def fits_nothing(self, ranking: Ranking) -> bool:
        """Whether it means nothing that we know."""
        best = self.situations[0][1] if self.situations else 0.0
        doubt = 1.0 + ranking.strange * self.strange
        return best < doubt * self.least(ranking) or doubt * self.elsewhere > ranking.elsewhere * self._ease() * best

    def least(self, ranking: Ranking) -> float:
        """How likely the best situation must be."""
        return ranking.nothing / self._ease()

    def sure(self, score: float, ranking: Ranking) -> bool:
        """Whether a hit with this score is more than a guess."""
        return score >= ranking.unsure / self._ease()

    def _ease(self) -> float:
        # A longer text is likely to touch on several things: it need not mean one of them as surely.
        return 2.0 if len(self.pieces) > 1 else 1.0


def meaning(db: Connection, query: str) -> Meaning:
    """What a query means, by what the index learned."""
    found = Meaning(pieces(written(query[:MAX_QUERY])))
    if not found.pieces:
        return found
    known = db.execute("SELECT id, broader FROM situation ORDER BY n").fetchall()
    ids = [id_ for id_, _ in known]
    found.broader = {id_: broader for id_, broader in known if broader}
    codes = languages(db)
    unknown = float(meta(db, "unknown") or 0) or 100.0
    letters = [sorted(grams(piece)) for piece in found.pieces]
    learned = _learned(db, {gram for piece in letters for gram in piece})
    likeliest = _by_odds(learned, len(ids) + 1, codes)
    words = {word for piece in found.pieces for word in piece}
    rows = _known(db, words)
    if len(rows) < len(words):
        from coachkb.search.spelling import by_phrase, mended

        strange, likely_codes = words - rows.keys(), [code for _, code in likeliest]
        better = mended(db, strange, likely_codes)
        left = strange - better.keys()
        if len(left) == 1 and len(found.pieces) == 1:
            better.update(by_phrase(db, found.pieces[0], left.pop(), likely_codes))
        if better:
            found.pieces = [[w for word in piece for w in better.get(word, (word,))] for piece in found.pieces]
            rows.update(_known(db, {word for some in better.values() for word in some}))
            letters = [sorted(grams(piece)) for piece in found.pieces]
            learned = _learned(db, {gram for piece in letters for gram in piece})
            likeliest = _by_odds(learned, len(ids) + 1, codes)
        found.strange = len(strange - better.keys()) / len(words)
    stems = _stems(rows, likeliest[0][1] if likeliest else "")
    kinds = [
        [known_by, *stem_features([stems.get(word, word) for word in piece])]
        for piece, known_by in zip(found.pieces, letters, strict=True)
    ]
    learned.update(_learned(db, {feature for piece in kinds for kind in piece[1:] for feature in kind}))
    likeliest = _by_odds(learned, len(ids) + 1, codes)
    if likeliest and (len(likeliest) < 2 or likeliest[0][0] - likeliest[1][0] >= SURE_LANGUAGE):
        found.language = likeliest[0][1]
    total = joined(kinds, lambda piece: likelihoods(piece, learned, unknown, len(ids) + 1))
    for n in _named(db, found.pieces):
        total = [0.1 * value for value in total]
        total[n] += 0.9
    found.situations = sorted(zip(ids, total, strict=False), key=lambda item: (-item[1], item[0]))
    found.elsewhere = total[-1]
    return found


def knows_any(db: Connection, query: str) -> bool:
    """Whether the index knows any word of a query as it was typed, with nothing mended."""
    return bool(_known(db, {word for piece in pieces(query[:MAX_QUERY]) for word in piece}))


def _by_odds(learned: dict[str, tuple[int, memoryview]], start: int, codes: list[str]) -> list[tuple[float, str]]:
    """The languages with what speaks for each, likeliest first."""
    odds = language_odds(learned, start, len(codes))
    return sorted(zip(odds, codes, strict=True), key=lambda item: (-item[0], item[1]))


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


def _known(db: Connection, words: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Of each word that the index knows the languages that have it, with its stem."""
    wanted = sorted(words)[:_VARIABLES]
    marks = ", ".join("?" * len(wanted))
    found: dict[str, list[tuple[str, str]]] = {}
    for form, code, stem in db.execute(
        f"SELECT form, language, stem FROM word WHERE form IN ({marks}) ORDER BY form, language, stem", wanted
    ):
        found.setdefault(form, []).append((code, stem))
    return found


def _stems(rows: dict[str, list[tuple[str, str]]], language: str) -> dict[str, str]:
    """The stem of each word, in the given language where it occurs there."""
    return {form: next((stem for code, stem in some if code == language), some[0][1]) for form, some in rows.items()}


def _named(db: Connection, pieces: list[list[str]]) -> list[int]:
    """The situation that has the whole query for a label, when there is just one."""
    if len(pieces) != 1:
        return []
    rows = db.execute("SELECT DISTINCT situation FROM label WHERE text = ?", (" ".join(pieces[0]),)).fetchall()
    return [rows[0][0]] if len(rows) == 1 else []
