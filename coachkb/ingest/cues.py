"""What a sentence shows, in cue names that mean the same in every language, and the words and concepts it is made of.

The words behind a cue come from the language profile; structure (quotes, turns, headings, position) needs no words; a
concept of the field glossary is the same in each language. So a new language needs no new weights: it only lacks what
its single words would add.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from coachkb.ingest.blocks import SPEAKER
from coachkb.ingest.field_terms import FieldTerms, field_terms
from coachkb.ingest.text import Lexicon, LinePhrases, fold, words
from coachkb.model.document import Block, Sentence
from coachkb.model.profile import LanguageProfile

WORD, ABOUT = "word:", "about:"
_OPENING = (
    "imperative",
    "stop",
    "why",
    "when",
    "should",
    "step",
    "contrast",
    "cause",
    "you",
    "i",
    "they",
    "example",
    "time",
)
_MANY = frozenset(["you", "i", "they", "past", "imperative", "trouble", "mind"])
_PLACEHOLDER = re.compile(r"\[[^\]\n]{1,40}\]|\{[^}\n]{1,40}\}|<[^>\n]{1,40}>|\bXX+\b|_{3,}|\.{5,}")
_SPEAKER = re.compile(r"^(?:\*\*)?[A-ZÀ-Þ][\w.'’-]*(?: [\w.'’-]+){0,3}(?:\*\*)?\s?:\s*\S")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.):]|[#№]\s?\d{1,2}|[^\W\d_]{3,12} \d{1,2}\s?[.:–—-])\s*\S")
#: Money in words, and the ISO 4217 codes of where our languages are spoken, and of whom they trade with next door.
_MONEY_WORDS = ("kr", "euro", "EUR", "SEK", "NOK", "DKK", "CHF", "USD", "GBP", "CAD", "AUD", "NZD", "ZAR", "INR",
                "SGD", "HKD", "SRD")  # fmt: skip
_MONEY = re.compile(rf"[€$£]|\b(?:{'|'.join(_MONEY_WORDS)})\b|\d\s?%")
#: What one of the above, costly to look for, cannot be without.
_PLACEHOLDER_HAS = ("[", "{", "<", "XX", "___", ".....")
_MONEY_HAS = ("€", "$", "£", "%", *_MONEY_WORDS)
_LAST = {"?": "asks", "!": "exclaims", ":": "colon", "…": "trails"}
_FIELD = re.compile(r"^[\s>*_\d.)•·–-]{0,8}([^\W\d_][^:\n]{0,30}?)(?:\*\*|__)? ?:")
_DIGIT = re.compile(r"\d")
_SHORT_TURN = 250  # characters; people who are interviewed speak longer
_MAX_QUOTE = 4000


@functools.cache
def _lexicon(
    cues: tuple[tuple[str, tuple[str, ...]], ...], not_after: tuple[tuple[str, frozenset[str]], ...]
) -> Lexicon:
    return Lexicon(dict(cues), dict(not_after))


@functools.cache
def _section_lines(sections: tuple[tuple[str, tuple[str, ...]], ...]) -> LinePhrases:
    return LinePhrases(dict(sections))


def quoted_spans(text: str, start: int, end: int, profile: LanguageProfile) -> list[tuple[int, int]]:
    """The quoted stretches of ``text[start:end]`` as offsets, by the language's quotation habits.

    A mark opens after white space or a bracket and closes after a word; one never closed runs to the end of the block,
    except an apostrophe-like one, which is then no quotation mark.
    """
    pairs, opens = _quotation_marks(profile.quotes)
    found: list[tuple[int, int]] = []
    at = start
    while mark := opens.search(text, at, end):
        i, char = mark.start(), mark.group()
        at = i + 1
        if (i == start or text[i - 1].isspace() or text[i - 1] in "([—–-/:*_") and i + 1 < end:
            if not text[i + 1].isspace():
                close = _closing(text, i, end, char, *pairs[char])
                if close is not None:
                    found.append((i, close + 1))
                    at = close + 1
                elif char not in "'‘’‚":
                    found.append((i, end))
                    break
    return found


@functools.cache
def _quotation_marks(
    quotes: tuple[tuple[str, str], ...],
) -> tuple[dict[str, tuple[set[str], re.Pattern[str]]], re.Pattern[str]]:
    """By opening mark, those that close it and a pattern of both; and a pattern of all opening marks."""
    closers: dict[str, set[str]] = {}
    for opening, closing in quotes:
        closers.setdefault(opening, set()).add(closing)
    pairs = {opening: (own, _any_of({opening, *own})) for opening, own in closers.items()}
    return pairs, _any_of(closers)


def _any_of(marks: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(mark) for mark in sorted(marks) if len(mark) == 1))


def _closing(text: str, opened: int, end: int, opener: str, closers: set[str], either: re.Pattern[str]) -> int | None:
    """Where the quotation opened at ``opened`` closes; one of the same kind within it closes first."""
    nested = 0
    for mark in either.finditer(text, opened + 1, min(end, opened + _MAX_QUOTE)):
        j, char = mark.start(), mark.group()
        if char == opener and opener not in closers and text[j - 1].isspace():
            nested += 1
        elif char in closers and not text[j - 1].isspace():
            after = text[j + 1 : j + 2]
            if after and after.isalnum():
                continue
            if nested == 0:
                return j
            nested -= 1
    return None


def section_of(heading: str, profile: LanguageProfile) -> str:
    """Which part a heading announces: a role, ``none``, or ``topic`` when it names something else."""
    names = _section_lines(tuple(profile.sections.items())).names(fold(heading).lstrip("#0123456789.) "))
    return next((role for role in profile.sections if role in names), "topic")


def field_of(block: str, profile: LanguageProfile) -> str | None:
    """The part that a line's field is of ("He means: …"), or None."""
    label = _FIELD.match(block)
    return _field_names(tuple(profile.fields.items())).get(tuple(words(label.group(1)))) if label else None


def announced(header: str, profile: LanguageProfile) -> str | None:
    """The part that a column of a table is of, by its header, or None."""
    section = section_of(header, profile)
    found = _field_names(tuple(profile.fields.items())).get(tuple(words(header)))
    return found or (section if section != "topic" else None)


@functools.cache
def _field_names(fields: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[tuple[str, ...], str]:
    return {tuple(words(name)): role for role, names in fields for name in names}


def observe(text: str, sentences: list[Sentence], blocks: list[Block], profile: LanguageProfile) -> list[list[str]]:
    """The cues of each sentence of one post, in order."""
    quotes = {number: quoted_spans(text, b.start, b.end, profile) for number, b in enumerate(blocks)}
    lexicon = _lexicon(tuple(profile.cues.items()), tuple(profile.not_after.items()))
    alone: list[list[str]] = []
    section = "lead"
    since_heading = 0
    field: str | None = None
    named = False
    columns: dict[int, str | None] = {}
    for i, sentence in enumerate(sentences):
        if sentence.kind == "heading":
            section = section_of(sentence.text, profile)
            since_heading = 0
        else:
            since_heading += 1
        before = sentences[i - 1] if i else None
        after = sentences[i + 1] if i + 1 < len(sentences) else None
        block = blocks[sentence.block]
        if before is None or before.block != sentence.block:
            last = field if before is not None and before.text.rstrip("*_ ").endswith(":") else None
            field = field_of(text[block.start : block.end], profile) or last
            if block.kind == "header":
                columns[block.level] = announced(sentence.text, profile)
            elif block.kind == "cell":
                field = columns.get(block.level)
            named = block.kind == "turn" and bool(SPEAKER.match(text[block.start : block.end]))
        cues = _words_of(sentence, lexicon)
        if field:
            cues.append(f"field:{field}")
        if named:
            cues.append("named-turn:" + ("short" if len(text[block.start : block.end]) <= _SHORT_TURN else "long"))
        cues += _shape_of(sentence, before, quotes[sentence.block], text)
        cues.append(f"section:{section}")
        if since_heading == 1 and section != "lead":
            cues.append("after-heading")
        cues += _place_of(i, len(sentences), before, after, sentence)
        cues += _opening(i, sentence.block - sentences[0].block, cues)
        alone.append(cues)
    terms = field_terms(profile.code)
    echoes = [[], *([cue for cue in cues if cue in _ECHO] for cues in alone), []]
    return [
        [*own, *("<" + cue for cue in before), *(">" + cue for cue in after), *_lexical(s.text, terms, profile.code)]
        for own, before, after, s in zip(alone, echoes, echoes[2:], sentences, strict=False)
    ]


def _lexical(text: str, terms: FieldTerms, code: str) -> list[str]:
    """The stems of a sentence's words, marked with their language, and the concepts that it names."""
    read = terms.read(text)
    return [f"{WORD}{code}:{stem}" for stem in read.stems] + [ABOUT + concept for concept in read.concepts]


def is_lexical(cue: str) -> bool:
    """Whether a cue is a word or a concept, of which there are many and each is rare."""
    return cue.startswith((WORD, ABOUT))


def _words_of(sentence: Sentence, lexicon: Lexicon) -> list[str]:
    tokens = words(sentence.text)
    cues: list[str] = []
    found, opening = lexicon.count(tokens)
    for name in lexicon.in_order(found):
        cues.append(name)
        if found[name] > 1 and name in _MANY:
            cues.append(f"{name}:many")
        if name in opening and name in _OPENING:
            cues.append(f"opens:{name}")
    have = set(cues)
    if "past" in have and "you" not in have:
        cues.append("narrated" + ("+i" if have & {"i", "we"} else "+they" if "they" in have else ""))
    if "opens:imperative" in have and "past" not in have:
        cues.append("orders")
    if "buyer" in have and not have & {"you", "i", "we", "past"}:
        cues.append("buyer-now")
    if "you" in have and "should" in have:
        cues.append("you+should")
    if "you" in have and "trouble" in have:
        cues.append("you+trouble")
    if not have & {"you", "i", "we", "they", "buyer"}:
        cues.append("nobody")
    n = len(tokens)
    cues.append(
        "length:" + ("1-3" if n <= 3 else "4-8" if n <= 8 else "9-16" if n <= 16 else "17-28" if n <= 28 else "29+")
    )
    return cues


def _shape_of(sentence: Sentence, before: Sentence | None, quotes: list[tuple[int, int]], text: str) -> list[str]:
    words_ = sentence.text
    cues = [f"kind:{sentence.kind}"]
    end = words_.rstrip("\"'”’»«)]*_")
    if end[-1:] in _LAST:
        cues.append(_LAST[end[-1]])
    if before is not None and before.text.rstrip("*_").endswith(":"):
        cues.append("after-colon")
    inside = [
        (max(a, sentence.start), min(b, sentence.end), a, b)
        for a, b in quotes
        if a < sentence.end and b > sentence.start
    ]
    covered = sum(b - a for a, b, _, _ in inside)
    length = max(1, sentence.end - sentence.start)
    if inside:
        longest = max(len(words(text[a:b])) for a, b, _, _ in inside)
        if covered >= 0.85 * length:
            cues.append("quoted")
            cues.append("quoted:" + ("short" if longest <= 6 else "long"))
            if any(b - a > length + 20 for _, _, a, b in inside):
                cues.append("quoted:part")
        elif longest <= 3:
            cues.append("scare-quote")
        else:
            cues.append("quotes:" + ("most" if covered >= 0.5 * length else "some"))
    if any(mark in words_ for mark in _PLACEHOLDER_HAS) and _PLACEHOLDER.search(words_):
        cues.append("placeholder")
    if ":" in words_ and len(words_) < 400 and _SPEAKER.match(words_):
        cues.append("speaker")
    digits = bool(_DIGIT.search(words_))
    if digits and _NUMBERED.match(words_):
        cues.append("numbered")
    if words_[:1] in "([":
        cues.append("bracketed")
    if digits:
        cues.append("digits")
    if any(mark in words_ for mark in _MONEY_HAS) and _MONEY.search(words_):
        cues.append("money")
    if not words_[1:].islower():
        names = sum(word[1:2].islower() for word in words_.split()[1:] if word[0].isupper())
        if names:
            cues.append("names" if names < 3 else "names:many")
    if not end.endswith((".", "!", "?", "…", ":")):
        cues.append("no-stop")
    return cues


def _place_of(i: int, n: int, before: Sentence | None, after: Sentence | None, sentence: Sentence) -> list[str]:
    cues = [f"place:{min(5, 6 * i // n)}"]
    if i == 0:
        cues.append("first")
    if i == n - 1:
        cues.append("last")
    opens = before is None or before.block != sentence.block
    closes = after is None or after.block != sentence.block
    cues.append(
        "block:alone" if opens and closes else "block:opens" if opens else "block:closes" if closes else "block:inside"
    )
    return cues


def _opening(i: int, block: int, cues: list[str]) -> list[str]:
    """How near the beginning a sentence and its block stand: articles open with the problem, or with a story.

    Some cues say something else there than further down; they are given once more, as ``early&…``.
    """
    near = [
        f"at:{name}" for name, last in (("1", 0), ("2", 1), ("3", 2), ("4-5", 4), ("6-8", 7), ("9-12", 11)) if i <= last
    ]
    found = near[:1] + ([f"paragraph:{block + 1}"] if block < 4 else [])
    return found + [f"early&{cue}" for cue in cues if cue in _EARLY] if i < _EARLY_SENTENCES else found


_EARLY_SENTENCES = 8
_EARLY = frozenset(
    [
        "asks",
        "quoted",
        "quoted:short",
        "narrated",
        "narrated+i",
        "narrated+they",
        "you",
        "i",
        "they",
        "buyer",
        "buyer-now",
        "trouble",
        "general",
        "habit",
        "when",
        "cause",
        "hear",
        "past",
    ]
)
_ECHO = frozenset(
    [
        "quoted",
        "speaker",
        "kind:turn",
        "kind:heading",
        "kind:item",
        "hear",
        "say",
        "template",
        "polite",
        "narrated",
        "narrated+i",
        "narrated+they",
        "asks",
        "colon",
        "orders",
        "cause",
        "meaning",
        "trouble",
        "opens:why",
        "quotes:most",
        "quotes:some",
        "example",
        "anecdote",
        "you",
        "i",
        "promo",
    ]
)
