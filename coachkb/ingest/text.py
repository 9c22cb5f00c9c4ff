"""Small tools on text that several steps of ingest share: lines with offsets, folding, phrase matching."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

_Found = TypeVar("_Found")

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_APOSTROPHES = "’‘ʼ`´"
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,500}\)|\[([^\]\n]{1,300})\]\[[^\]\n]{0,100}\]")
_AUTOLINK = re.compile(r"<(https?://[^>\s]{1,500}|[^>\s@]{1,100}@[^>\s]{1,100})>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>|<!--.{0,2000}?-->", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w\\])(\*{1,3}|_{1,3})(?=\S)|(?<=[^\s\\])(\*{1,3}|_{1,3})(?!\w)")
_STRONG_INSIDE = re.compile(r"\*\*|~~|`+")
_PICTURE = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]"
_PICTURES = re.compile(rf"^{_PICTURE}+\s*|\s*{_PICTURE}+$")
_LINE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|(?:[-*+•:]|\d{1,3}[.)])[ \t]+)?", re.MULTILINE)
_NOTE = re.compile(r"\[\^[^\]\s]{1,60}\]:?")  # of a footnote: where it belongs, and where it stands
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}\n]{1,100}\}[ \t]*$")  # of a heading: "{#its-anchor}"
_QUOTE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_LINE = 400  # characters; what is longer is no line
_PARAGRAPH = 2000  # characters
_KEPT = 256  # lines or sentences, as an article has: what later ones push out must be at hand still, or it costs time
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def fold(text: str) -> str:
    """White space (any kind, line ends included) folded to single spaces, ends stripped."""
    return " ".join(text.split())


def plain(text: str, markdown: bool) -> str:
    """A slice as a passage's text: white space folded and, in Markdown, the mark-up removed."""
    if markdown:
        text = _LINE_MARK.sub("", text, count=1)
        text = _QUOTE_MARK.sub("", text)
        text = _ATTRIBUTES.sub("", _NOTE.sub("", _IMAGE.sub("", text)))
        text = _LINK.sub(lambda m: m.group(1) or m.group(2), text)
        text = _AUTOLINK.sub(r"\1", text)
        text = _TAG.sub("", text)
        text = _EMPHASIS.sub("", _STRONG_INSIDE.sub("", text))
        text = _ESCAPE.sub(r"\1", text)
    return fold(text)


def undecorated(title: str) -> str:
    """A title without the pictures before and after it."""
    return _PICTURES.sub("", title) or title


def norm(text: str) -> str:
    """Lower case with one kind of apostrophe: the form that phrase lists are written in."""
    text = text.lower()
    for other in "`" if text.isascii() else _APOSTROPHES:
        text = text.replace(other, "'")
    return text


def words(text: str) -> list[str]:
    """The lower-cased words of a text."""
    return list(_words_again(text) if len(text) <= _PARAGRAPH else _words_once(text))


def _words_once(text: str) -> tuple[str, ...]:
    return tuple(itertools.chain.from_iterable(map(_WORDS_OF.__getitem__, text.split())))


_words_again = functools.lru_cache(maxsize=_KEPT)(_words_once)  # every step that judges lines asks for their words


class _WordsOf(dict[str, tuple[str, ...]]):
    """The words in what stands between two spaces, remembered: most of it was met before ("the", "said,")."""

    _MOST, _LONGEST = 50_000, 40  # entries; characters of one

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(WORD.findall(norm(piece)))
        if len(piece) <= self._LONGEST:
            if len(self) >= self._MOST:
                self.clear()
            self[piece] = found
        return found


_WORDS_OF = _WordsOf()


def remembered(judge: Callable[[str], _Found]) -> Callable[[str], _Found]:
    """The same function with its last answers kept: each step of ingest judges the same lines again.

    Those on longer texts are not kept, and ``judge`` must depend on nothing but its text.
    """
    kept = functools.lru_cache(maxsize=_KEPT)(judge)

    @functools.wraps(judge)
    def ask(text: str) -> _Found:
        return kept(text) if len(text) <= _LINE else judge(text)

    return ask


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, its white space stripped; ``start``/``end`` are those of the stripped words."""

    text: str
    start: int
    end: int

    @property
    def blank(self) -> bool:
        """Whether nothing is on it."""
        return self.start == self.end


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of ``text[start:end]``, blank ones included, with their offsets in ``text``."""
    found: list[Line] = []
    at = start
    for raw in text[start:end].split("\n"):
        stripped = raw.strip()
        begin = at + (raw.find(stripped) if stripped else 0)
        found.append(Line(stripped, begin, begin + len(stripped)))
        at += len(raw) + 1
    return found


class Learned(dict[str, _Found]):
    """What is known of each word: found out when it is first asked for, and remembered."""

    _MOST = 100_000  # words

    def __init__(self, find_out: Callable[[str], _Found]) -> None:
        super().__init__()
        self._find_out = find_out

    def __missing__(self, word: str) -> _Found:
        found = self._find_out(word)
        if len(self) < self._MOST:
            self[word] = found
        return found


class Phrases:
    """A set of phrases to find at whole words. A trailing ``*`` makes the last word a prefix."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._exact: dict[str, list[tuple[str, ...]]] = {}
        self._prefix: dict[str, list[tuple[str, ...]]] = {}
        self._prefix_heads: set[str] = set()
        for phrase in phrases:
            open_end = phrase.rstrip().endswith("*")
            parts = tuple(words(phrase.rstrip().rstrip("*")))
            if not parts:
                continue
            if open_end and len(parts) == 1:
                self._prefix_heads.add(parts[0])
            else:
                (self._prefix if open_end else self._exact).setdefault(parts[0], []).append(parts)
        self._head_lengths = sorted({len(head) for head in self._prefix_heads})
        self._begins = Learned(self._may_begin)

    def at(self, tokens: list[str], i: int) -> int:
        """How many words of ``tokens`` the longest phrase starting at ``i`` takes; 0 when none does."""
        token = tokens[i]
        if not self._begins[token]:
            return 0
        best = 0
        for parts in self._exact.get(token, ()):
            if len(parts) > best and tuple(tokens[i : i + len(parts)]) == parts:
                best = len(parts)
        for parts in self._prefix.get(token, ()):
            n = len(parts)
            if n <= best or len(tokens) - i < n or tuple(tokens[i : i + n - 1]) != parts[:-1]:
                continue
            if tokens[i + n - 1].startswith(parts[-1]):
                best = n
        return best or int(self._has_prefix(token))

    def _may_begin(self, token: str) -> bool:
        """Whether any phrase begins with a word."""
        return token in self._exact or token in self._prefix or self._has_prefix(token)

    def _has_prefix(self, token: str) -> bool:
        return any(token[:length] in self._prefix_heads for length in self._head_lengths)

    def count(self, tokens: list[str]) -> int:
        """How many phrases occur, not overlapping."""
        found = end = 0
        for i in [i for i, begins in enumerate(map(self._begins.__getitem__, tokens)) if begins]:
            n = self.at(tokens, i) if i >= end else 0
            if n:
                found, end = found + 1, i + n
        return found

    def starts(self, tokens: list[str]) -> bool:
        """Whether a phrase opens the text."""
        return bool(tokens) and bool(self.at(tokens, 0))


class Lexicon:
    """Named lists of phrases, found in one pass over a text. The lists are written as those of ``Phrases``."""

    def __init__(
        self, lists: Mapping[str, Iterable[str]], not_after: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        """``not_after``: by name, the words right after which a phrase of it does not count."""
        self._not_after = not_after or {}
        self._heads: dict[str, dict[str, _Continued]] = {}  # by first word and name
        self._prefixes: dict[str, list[str]] = {}  # one-word phrases with an open end: the names they stand for
        for name, phrases in lists.items():
            for phrase in phrases:
                open_end = phrase.rstrip().endswith("*")
                parts = tuple(words(phrase.rstrip().rstrip("*")))
                if open_end and len(parts) == 1:
                    self._prefixes.setdefault(parts[0], []).append(name)
                elif parts:
                    self._heads.setdefault(parts[0], {}).setdefault(name, _Continued()).add(parts[1:], open_end)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._place = {name: n for n, name in enumerate(lists)}
        self._rows = Learned(self._row)

    def count(self, tokens: list[str]) -> tuple[dict[str, int], set[str]]:
        """How many phrases of each name occur, those of one name not overlapping; and the names that open the text."""
        found: dict[str, int] = {}
        free: dict[str, int] = {}  # where the last phrase of a name ends
        opening: set[str] = set()
        not_after = self._not_after
        rows = [(i, row) for i, row in enumerate(map(self._rows.__getitem__, tokens)) if row is not None]
        for i, row in rows:
            longer = row.longer_with(tokens[i + 1]) if i + 1 < len(tokens) else None
            for name in row.alone if longer is None else longer:
                if free.get(name, 0) > i or (name in not_after and i and tokens[i - 1] in not_after[name]):
                    continue
                n = 1 if longer is None else row.continued[name].length(tokens, i)
                if n:
                    found[name] = found.get(name, 0) + 1
                    free[name] = i + n
                    if i == 0:
                        opening.add(name)
        return found, opening

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Names in the order in which their lists were given."""
        return sorted(names, key=self._place.__getitem__)

    def _row(self, token: str) -> _Row | None:
        """How phrases that a word may begin go on; None: it begins none."""
        by_name = dict(self._heads.get(token, {}))
        for length in self._lengths:
            for name in self._prefixes.get(token[:length], ()) if len(token) >= length else ():
                by_name[name] = by_name.get(name, _Continued()).ended()
        return _Row(by_name) if by_name else None


class _Row:
    """The phrases that a word may begin. Those of several words are only looked for when the next word fits one."""

    __slots__ = ("_by_second", "_openings", "alone", "continued")

    def __init__(self, continued: Mapping[str, _Continued]) -> None:
        """``continued``: how the phrases of each name go on."""
        self.continued = continued
        self.alone = tuple(name for name, own in continued.items() if own.alone)  # the word by itself is a phrase
        self._by_second = {
            second: tuple(name for name, own in continued.items() if own.alone or second in own.seconds())
            for second in {second for own in continued.values() for second in own.seconds()}
        }
        self._openings = tuple({opening for own in continued.values() for opening in own.openings()})

    def longer_with(self, after: str) -> Iterable[str] | None:
        """The names to look at when the word ``after`` follows; None when no longer phrase can begin so."""
        if self._openings and after.startswith(self._openings):
            return self.continued
        return self._by_second.get(after)


class _Continued:
    """How the phrases of one name that begin with the same word go on."""

    __slots__ = ("_exact", "_open", "alone")

    def __init__(self) -> None:
        self.alone = 0  # 1: the word is a phrase by itself
        self._exact: dict[str, list[tuple[str, ...]]] = {}  # by the second word: the words after the first
        self._open: list[tuple[str, ...]] = []  # whose last word is only the beginning of one

    def add(self, rest: tuple[str, ...], open_end: bool) -> None:
        if not rest:
            self.alone = 1
        elif open_end:
            self._open.append(rest)
        else:
            self._exact.setdefault(rest[0], []).append(rest)

    def ended(self) -> _Continued:
        """The same, with the word a phrase by itself."""
        copy = _Continued()
        copy.alone, copy._exact, copy._open = 1, self._exact, self._open
        return copy

    def seconds(self) -> list[str]:
        """The whole words that the phrases go on with."""
        return [*self._exact, *(rest[0] for rest in self._open if len(rest) > 1)]

    def openings(self) -> list[str]:
        """The beginnings of words that the phrases go on, and end, with."""
        return [rest[0] for rest in self._open if len(rest) == 1]

    def length(self, tokens: list[str], i: int) -> int:
        """How many words the longest phrase that begins at ``i`` takes; 0 when there is none."""
        best, at = self.alone, i + 1
        if at < len(tokens):
            for rest in self._exact.get(tokens[at], ()):
                if len(rest) >= best and tuple(tokens[at : at + len(rest)]) == rest:
                    best = len(rest) + 1
            for rest in self._open:
                last = i + len(rest)
                if len(rest) >= best and last < len(tokens) and tokens[last].startswith(rest[-1]):
                    if tuple(tokens[at:last]) == rest[:-1]:
                        best = len(rest) + 1
        return best


class LinePhrases:
    """Named lists of phrases that are matched against a whole line, all in one go.

    With a trailing ``*`` the line may go on for a few words. One written with a colon (``source:*``) wants it in the
    line too: a label, and no word that opens a heading.
    """

    MAX_MORE = 10  # words that may follow an open phrase; longer lines are sentences
    _LONGEST = 200  # characters

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._whole: dict[tuple[str, ...], set[str]] = {}
        self._open: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                parts = tuple(_no_digits(words(phrase.rstrip("* "))))
                if not parts:
                    continue
                if phrase.rstrip().endswith("*"):
                    label = phrase.rstrip("* ").endswith(":")
                    self._open.setdefault(parts[0], []).append((parts, label, name))
                else:
                    self._whole.setdefault(parts, set()).add(name)
        self._heads = {*self._open, *(parts[0] for parts in self._whole)}

    def names(self, line: str) -> frozenset[str]:
        """The names of the lists that the line is a phrase of. Digits and punctuation do not count."""
        told = words(line) if len(line) <= self._LONGEST else []
        if next((token for token in told if not token[0].isdigit()), None) not in self._heads:
            return frozenset()
        tokens = tuple(_no_digits(told))
        found = set(self._whole.get(tokens, ()))
        for parts, label, name in self._open.get(tokens[0], ()):
            more = len(tokens) - len(parts)
            if name in found or more > self.MAX_MORE or tokens[: len(parts)] != parts or _is_sentence(line, more):
                continue
            if not label or len(words(line.partition(":")[0])) == len(parts):
                found.add(name)
        return frozenset(found)


def _no_digits(tokens: Iterable[str]) -> list[str]:
    return [token for token in tokens if not token[0].isdigit()]


def _is_sentence(line: str, more: int) -> bool:
    """A line that goes on and ends like a sentence is advice that merely begins like web noise."""
    return more > 3 and line.rstrip("\"'”’»)").endswith((".", "!", "?"))
