"""What a web page's furniture looks like, line by line: menus, trails, share lines, notices, forum badges."""

from __future__ import annotations

import functools
import re

from coachkb.data.load import profiles
from coachkb.ingest.text import LinePhrases, Phrases, fold, remembered, words

_MARKS = re.compile(r"^(?:#{1,6}\s+|[>|*~→★☆✓•-]+\s*)+")
_BUTTONS = re.compile(r"\[[^\]\n]{1,30}\]\s*\[|\[[^\]\n]{2,30}\]$|_{6,}|\[(?:[_\s]{3,})\]")
_FIELD = re.compile(r"_{6,}|\[[_\s]{3,}\]|\*(?:\s|$)")
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s*(?:\d{4}|[A-Z]))")
_CAPTION = re.compile(r"^[\[(].{0,160}[\])]$")
_HANDLE = re.compile(r"https?://|www\.|\S@\S")
_TRAIL = re.compile(r"\s+(?:[/>»›→]|::)\s+")
_CELLS = re.compile(r"\s*[|·•»›]\s*|\s{2,}|\s+[/>–—-]\s+")
_SEPARATOR = re.compile(r"[|»›>·:]")
_SEPARATED = re.compile(r"\S\s*(?:[|>·]|::|\s[»›]\s)\s*\S.*(?:[|>·]|::|\s[»›]\s)\s*\S")  # »these« are quotes
_DIGIT = re.compile(r"\d")
_GAP = re.compile(r"\S {2,}\S|\t")
_CHECK_BOX = re.compile(r"(?:[-*+]\s+)?\[[ xX]\]\s")
_ASKED_FOR = re.compile(r"[^\W\d_][\w -]{1,24}\s?\*$")  # "Name *"
_LONGEST = 400  # characters; a longer line is no furniture
SENTENCE_END = re.compile(r"[.!?…:][\"'”’»«)\]]*$")


@functools.cache
def _line_phrases() -> LinePhrases:
    """All web-noise phrases by kind, of all languages together: furniture is often in another one than its page."""
    kinds: dict[str, list[str]] = {}
    for p in profiles().values():
        for kind, phrases in p.noise.items():
            kinds.setdefault(kind, []).extend(phrases)
    return LinePhrases(kinds)


@remembered
def noise_kinds(line: str) -> frozenset[str]:
    """The kinds of web noise that a line is a phrase of (``end``, ``line``, ``archive``, ...)."""
    return _line_phrases().names(line)


@functools.cache
def noise_words(kind: str) -> Phrases:
    """The web-noise phrases of one kind, to find within a line."""
    return Phrases(phrase for p in profiles().values() for phrase in p.noise.get(kind, ()))


@functools.cache
def _menu_words() -> frozenset[str]:
    return frozenset(
        phrase for p in profiles().values() for phrase in p.noise["line"] if "*" not in phrase and " " not in phrase
    )


@functools.cache
def _section_names() -> LinePhrases:
    return LinePhrases({"any": [name for p in profiles().values() for names in p.sections.values() for name in names]})


def is_section_name(text: str) -> bool:
    """Whether a line is a heading that any text might have ("The problem", "Answer"), hence no title."""
    return bool(_section_names().names(text))


@remembered
def bare(text: str) -> str:
    """A line without the marks before it: heading and quotation signs, bullets, arrows, stars."""
    text = fold(text)
    marks = _MARKS.match(text)
    return text[marks.end() if marks else 0 :].strip("*_| ")


@remembered
def trail(text: str) -> tuple[str, ...]:
    """The elements of a breadcrumb line ("Home > Blog > A title"), or none when the line is no trail."""
    if len(text) > 250:
        return ()
    parts = tuple(part.strip() for part in _TRAIL.split(fold(text)) if part.strip())
    if len(parts) < 2 or any(len(part) > 120 for part in parts):
        return ()
    first = re.split(r":\s+", parts[0])[-1]
    home = "home" in noise_kinds(first) or "home" in noise_kinds(parts[0])
    return parts if home or len(parts) >= 3 else ()


@remembered
def is_menu(text: str) -> bool:
    """A line of menu entries: several short words in a row, most of them such as menus have, no sentence."""
    if len(text) > _LONGEST:
        return False
    tokens = words(text)
    if not 2 <= len(tokens) <= 40 or (SENTENCE_END.search(text) and not text.endswith(("...", "…"))):
        return False
    menu = sum(token in _menu_words() for token in tokens)
    gaps = len(_GAP.findall(text)) if "  " in text or "\t" in text else 0
    return (menu >= 2 and menu >= 0.3 * len(tokens)) or (gaps >= 2 and gaps >= 0.25 * len(tokens))


@remembered
def is_furniture(text: str) -> bool:
    """Whether a line is a page's furniture: menus, share lines, archive headings, the head of a comment form."""
    if len(text) > _LONGEST:
        return False
    line = bare(text)
    if not noise_kinds(line).isdisjoint(("line", "archive", "end")):
        return True
    if text.startswith("|") or (SENTENCE_END.search(line) and not line.endswith((":", "…"))):
        return False
    return bool(_SEPARATOR.search(line) and _SEPARATED.search(line)) or len(trail(line)) >= 3


@remembered
def is_notice(text: str) -> bool:
    """Whether a line of up to 60 words holds a phrase that only a page's own notices hold (cookies, copyright)."""
    tokens = words(text) if len(text) <= 2 * _LONGEST else []
    return len(tokens) <= 60 and bool(noise_words("inside").count(tokens))


def is_form(text: str) -> bool:
    """Whether a line is part of a form: buttons in brackets, or lines to write on."""
    if _CHECK_BOX.match(text):
        return "end" in noise_kinds(text.partition("]")[2])  # a check list is none, but "[ ] Save my name" is
    if "*" in text and _ASKED_FOR.match(text):
        return True
    return (
        ("[" in text or "______" in text)
        and bool(_BUTTONS.search(text))
        and ((len(words(text)) <= 30 and not _CAPTION.match(text)) or bool(_FIELD.search(text)))
    )


@remembered
def is_forum(text: str) -> bool:
    """Whether a line is a forum's badge: when somebody joined, how many posts he wrote, his rank."""
    if len(text) > 160 or len(words(text)) > 12:
        return False
    cell = next((cell for cell in _CELLS.split(text) if cell), text)
    return "forum" in noise_kinds(cell)


def has_comment_count(text: str) -> bool:
    """Whether a line counts comments, as the last line of a post does ("Filed under X | 2 comments")."""
    if len(text) > 160 or not _DIGIT.search(text):
        return False
    cells = _CELLS.split(text)
    return any(_DIGIT.search(cell) and "end" in noise_kinds(cell) and len(words(cell)) <= 4 for cell in cells)


@remembered
def is_noise_line(text: str) -> bool:
    """Whether a line, judged by itself, belongs to the page and not to the article."""
    if len(text) > 2 * _LONGEST:
        return False
    line = bare(text)
    if not any(ch.isalpha() for ch in line):
        return True
    if is_furniture(text) or is_menu(text) or is_form(fold(text)) or is_notice(line):
        return True
    if _COPYRIGHT.match(line) and len(words(line)) <= 40:
        return True
    if len(words(line)) <= 8 and _HANDLE.search(line) and not SENTENCE_END.search(line):
        return True
    if "#" in line and words(line) and all(part.startswith("#") for part in line.split()):
        return True
    return bool(_CAPTION.match(line)) and "line" in noise_kinds(line.strip("[]() "))
