"""Text to what is searched for: tokens and character n-grams. No language is known here and nothing is imported.

Accents: a label is indexed as it is written and with its accents off, a query is taken as typed. So plain ``for dyrt``
finds ``för dyrt``, while ``råd`` does not find ``rad``.
"""

from __future__ import annotations

#: Raised when what is indexed, or how, changes; an index of another version is made anew.
INDEX_VERSION = "11"
GRAM_SIZES = (3, 4, 5)
MAX_QUERY = 2000  # characters of a query that are read; more is a document, not a question

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("àáâãäåāă", "a"),
        **dict.fromkeys("èéêëēėę", "e"),
        **dict.fromkeys("ìíîïī", "i"),
        **dict.fromkeys("òóôõöøō", "o"),
        **dict.fromkeys("ùúûüū", "u"),
        **dict.fromkeys("ýÿ", "y"),
        "ç": "c",
        "ñ": "n",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
    }
)
#: Letters with a combining mark (as some keyboards and file systems send them) to the one-character form.
_COMPOSED = {
    "a\u0308": "ä",
    "a\u030a": "å",
    "o\u0308": "ö",
    "e\u0301": "é",
    "e\u0300": "è",
    "e\u0308": "ë",
    "i\u0308": "ï",
    "u\u0308": "ü",
    "a\u0301": "á",
    "a\u0300": "à",
    "o\u0301": "ó",
}


def _latin_1(code: int) -> int:
    char = "'" if chr(code) in "`´" else chr(code).lower()
    return ord(char) if char.isalnum() or char == "'" else 0x20


#: The same as ``normal`` and what follows it, for texts in Latin-1: a table of bytes is ten times as quick.
_LATIN_1 = bytes(map(_latin_1, range(256)))
#: What such texts have besides, between words.
_BETWEEN = "“”„–—…•€"


def normal(text: str) -> str:
    """Lower case, one kind of apostrophe and none within words, composed letters."""
    text = text.lower().replace("’", "'").replace("‘", "'").replace("`", "'").replace("´", "'")
    for pair, letter in _COMPOSED.items():
        if pair[1] in text:
            text = text.replace(pair, letter)
    return text


def words(text: str) -> list[str]:
    """The words of a text: runs of letters and digits; an apostrophe within a word is left out (``what's``: whats)."""
    for char in _BETWEEN:
        text = text.replace(char, " ")
    text = text.replace("’", "'").replace("‘", "'")
    try:
        text = text.encode("latin-1").translate(_LATIN_1).decode("latin-1")
    except UnicodeEncodeError:
        text = "".join([char if char.isalnum() or char == "'" else " " for char in normal(text)])
    if "'" in text:
        first, *others = text.split("'")
        joined = [first]
        for other in others:
            joined += ("" if first[-1:].isalpha() else " ", other)
            first = other
        text = "".join(joined)
    return text.split()


def tokens(text: str) -> list[str]:
    """The words of a text, of one that is no text but a dump only the beginning's."""
    return words(text[: MAX_QUERY * 50])


def fold(word: str) -> str:
    """The word with its accents off."""
    return word.translate(_FOLDED)


def grams(words: list[str]) -> set[str]:
    """The character n-grams of a phrase, word ends marked by a space; they bridge typos, inflection and compounds."""
    text = f" {' '.join(words)} "
    found: set[str] = set()
    for size in GRAM_SIZES:
        for i in range(len(text) - size + 1):
            gram = text[i : i + size]
            if " " not in gram[1:-1]:
                found.add(gram)
    return found


#: What each kind of feature counts in a phrase: character n-grams, stems, pairs of neighbouring stems.
KINDS = (1.0, 0.7, 0.7)

#: Learned numbers lie in the index as whole numbers of one byte: times this, cut off at 127.
WEIGHT_SCALE = 5.0
LANGUAGE_SCALE = 30.0


def features(words: list[str], stems: list[str]) -> list[list[str]]:
    """What a phrase is known by, kind by kind, without doubles: n-grams, stems (``=stem``) and pairs (``a+b``)."""
    return [sorted(grams(words)), *stem_features(stems)]


def stem_features(stems: list[str]) -> list[list[str]]:
    """The second and third kind of ``features``; the ends of a phrase count as stems in a pair."""
    pairs = zip(["", *stems], [*stems, ""], strict=True)
    return [sorted({f"={stem}" for stem in stems}), sorted({f"{left}+{right}" for left, right in pairs})]
