"""Words of a query that the index does not know, and only these: what was meant by them.

A word may be misspelt, run together (``thinkitover``) or a compound that nobody wrote before. It is mended by words of
the vocabulary alone, for there are only so many of these however many lessons there are. It imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from sqlite3 import Connection

#: By the letters of a word, how far off the one that was meant may be; of short words too many are near. A letter that
#: is missing, too much or swapped with its neighbour counts 2, another letter 3.
_FAR = ((4, 2), (6, 3), (8, 5))
_SHORTEST = _FAR[0][0]
_LONGEST = 40  # letters of a word that is looked at; its parts must fit in one statement of older SQLite
_SURE = 3  # a word so near was meant; a farther one, when what was typed is no compound
_SHORTEST_SPLIT = 6
_MOST_PARTS = 4
_PHRASE = 3  # a word of a phrase may be so far off when all others are a label's; and so many letters it has at least
_COMMON = 8  # labels that a word of two or three letters must be in, to be taken for a part
_Found = list[tuple[str, str, int]]


def mended(db: Connection, words: set[str], languages: list[str]) -> dict[str, list[str]]:
    """The words that stand for each unknown word; it is left out when there are none.

    ``languages``: the likeliest first; among words as near, one of these comes first.
    """
    found: dict[str, list[str]] = {}
    for word in sorted(words)[:_LONGEST]:
        if _SHORTEST <= len(word) <= _LONGEST and word.isalpha():
            off, near = _nearest(db, word, languages)
            parts = [] if near and off <= _SURE else _split(db, word, languages)
            if parts or near:
                found[word] = parts or [near]
    return found


def by_phrase(db: Connection, phrase: list[str], strange: str, languages: list[str]) -> dict[str, list[str]]:
    """The word that stands for a phrase's only unknown word, by a label that has the others in their places.

    Of short words too many are near to mend them alone (``te dur``); here the words around it say which was meant.
    """
    if len(phrase) < 2 or len(strange) < _PHRASE or phrase.count(strange) != 1:
        return {}
    head, _, tail = f" {' '.join(phrase)} ".partition(f" {strange} ")
    head, tail = f"{head} ".lstrip(), f" {tail}".rstrip()
    begin = head or strange[0]
    best: tuple[int, int, str] = (_PHRASE + 1, 0, "")
    for text, language in db.execute(
        "SELECT text, language FROM label WHERE text >= ? AND text < ?", (begin, begin + "\U0010ffff")
    ):
        word = text[len(head) : len(text) - len(tail)]
        if text.endswith(tail) and word and " " not in word:
            best = min(best, (distance(strange, word, _PHRASE), _place(languages, language), word))
    return {strange: [best[2]]} if best[0] <= _PHRASE else {}


def _nearest(db: Connection, word: str, languages: list[str]) -> tuple[int, str]:
    """How far off the nearest word of the vocabulary is, of several the commonest, and that word; none: an empty one.

    Its first letter is right, or changed places with the second.
    """
    most = max(far for letters, far in _FAR if len(word) >= letters)
    rows: _Found = []
    for head in (word[0], word[1] + word[0]):
        rows += db.execute(
            "SELECT form, language, labels FROM spoken WHERE form >= ? AND form < ? AND length(form) BETWEEN ? AND ?",
            (head, head + "\U0010ffff", max(_SHORTEST - 1, len(word) - most // 2), len(word) + most // 2),
        ).fetchall()
    letters = set(word)
    best: tuple[int, int, int, str] = (most + 1, 0, 0, "")
    for form, language, labels in rows:
        if len(letters.symmetric_difference(form)) <= most:  # most words are far off, and this is quick
            off = distance(word, form, most)
            if off <= most:
                best = min(best, (off, _place(languages, language), -labels, form))
    return best[0], best[3]


def distance(a: str, b: str, most: int) -> int:
    """How far two words are apart (``_FAR`` says what counts how much); more than ``most`` is not counted out."""
    if 2 * abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(0, 2 * len(b) + 1, 2))
    for i, letter in enumerate(a, 1):
        before, last, row = row, before, [2 * i]
        for j, other in enumerate(b, 1):
            value = min(before[j] + 2, row[j - 1] + 2, before[j - 1] + 3 * (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                value = min(value, last[j - 2] + 2)
            row.append(value)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]


def _split(db: Connection, word: str, languages: list[str]) -> list[str]:
    """The fewest words of one language that a run-together word or a compound is made of; none when it is not.

    Words of two letters stand between others only: too many words begin or end like them.
    """
    if len(word) < _SHORTEST_SPLIT:
        return []
    some = sorted({word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1)})
    by_language: dict[str, set[str]] = {}
    marks = ", ".join("?" * len(some))
    for form, language, labels in db.execute(f"SELECT * FROM spoken WHERE form IN ({marks})", some):
        if len(form) > 3 or labels >= _COMMON:
            by_language.setdefault(language, set()).add(form)
    links = dict(db.execute("SELECT key, value FROM meta WHERE key LIKE 'links %'").fetchall())
    found = []
    for language, forms in by_language.items():
        parts = fewest(word, forms, links.get(f"links {language}", "").split())
        if 1 < len(parts) <= _MOST_PARTS and len(parts[0]) > 2 and len(parts[-1]) > 2 and max(map(len, parts)) > 3:
            found.append((len(parts), _place(languages, language), language, parts))
    return min(found)[3] if found else []


def fewest(word: str, forms: set[str], links: list[str]) -> list[str]:
    """The fewest of these forms that make up a word, with or without linking letters between them; none: it cannot."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for start in range(len(word)):
        before = best[start]
        if before is None:
            continue
        for link in ("", *links) if before else ("",):
            first = start + len(link)
            if not word.startswith(link, start):
                continue
            for end in range(first + 2, len(word) + 1):
                known = best[end]
                if word[first:end] in forms and (known is None or len(known) > len(before) + 1):
                    best[end] = [*before, word[first:end]]
    return best[-1] or []


def _place(languages: list[str], language: str) -> int:
    return languages.index(language) if language in languages else len(languages)
