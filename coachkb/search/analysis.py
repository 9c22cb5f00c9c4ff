"""Text to what is searched for: tokens and character n-grams. No language is known here and nothing is imported.

Accents: a label is indexed as it is written and with its accents off, a query is taken as typed. So plain ``for dyrt``
finds ``för dyrt``, while ``råd`` does not find ``rad``.
"""

from __future__ import annotations

#: Raised when what is indexed, or how, changes; an index of another version is made anew.
INDEX_VERSION = "4"
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


def normal(text: str) -> str:
    """Lower case, one kind of apostrophe and none within words, composed letters."""
    text = text.lower().replace("’", "'").replace("‘", "'").replace("`", "'").replace("´", "'")
    if any("\u0300" <= char <= "\u036f" for char in text):
        for pair, letter in _COMPOSED.items():
            text = text.replace(pair, letter)
    return text


def tokens(text: str) -> list[str]:
    """The words of a text: runs of letters and digits; an apostrophe within a word is left out (``what's``: whats)."""
    out: list[str] = []
    word = ""
    previous = ""
    for char in normal(text[: MAX_QUERY * 50]):
        if char.isalnum():
            word += char
        elif char == "'" and previous.isalpha():
            pass
        elif word:
            out.append(word)
            word = ""
        previous = char
    if word:
        out.append(word)
    return out


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
