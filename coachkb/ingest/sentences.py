"""Blocks to sentences, by rule and by the language profile's abbreviations and verbs of saying.

A sentence ends at . ! ? … or a smiley, with its closing quotes, when white space follows and what comes next can begin
one. Abbreviations, initials, ordinals and decimals do not end it, nor does a stop in brackets that stand within it; a
lower-case word after the mark does not begin one, unless it is a brand, an address or the letter of a list item.
"""

from __future__ import annotations

import functools
import re

from coachkb.ingest.text import norm, plain
from coachkb.model.document import Block, Document, Sentence
from coachkb.model.profile import LanguageProfile

#: Faces, hands and feasts, which close a sentence; arrows, pointing hands and ticks open one and are left out.
_EMOJI = "[☹☺❤\U0001f389-\U0001f38a\U0001f44a-\U0001f44f\U0001f493-\U0001f49f\U0001f4aa\U0001f525\U0001f5a4"
_EMOJI += "\U0001f600-\U0001f64f\U0001f680\U0001f90c-\U0001f92f\U0001f970-\U0001f97a][\ufe0f\U0001f3fb-\U0001f3ff]?"
_FACE = rf"(?:[ ]?{_EMOJI}|[ ](?:[:;=]['’]?[-o^]?[)(DPp/|\\*]{{1,9}}|<3)){{1,30}}"
_WORD = r"(?:[^\s\"“”„«»’']|['’](?=\w)){1,40}"
_QUOTED = rf"[\"“”„«»‘’'](?=[\w‘’'])(?:(?:{_WORD}\s+){{4}}{_WORD}|[^\"“”„«»’]{{25}})"  # before any mark that closes
#: Marks that may end a sentence, or a colon: "Say this:" is not what is to be said. It begins with a set of characters
#: for speed, and always takes a whole run of marks.
_STOP = (
    rf"[.!?…:](?:(?<=:)(?P<lead>)(?=\s*{_QUOTED})|(?<!:)[.!?…]*+(?:"
    rf"(?P<close>[\"'”’“»«)\]*_]*)(?:{_FACE}(?=\s)|(?=\s))"
    r"|[\"”’»)\]]*(?=[A-ZÀ-Þ“\"‘][a-zà-þ]+ )"  # the space was forgotten
    r"|(?P<within>)))"
)
_END = re.compile(_STOP)
_END_OR_FACE = re.compile(rf"(?<=\S){_FACE}(?=\s)|{_STOP}")
_ANY_FACE = re.compile(rf"{_EMOJI}|[:;=<]['’]?[-o^]?[)(DPp/|\\*3]")
_OPENER = "\"'“”„‘’«»([*_¿¡—–-"
_LONGEST = 40  # characters that are looked back for the word before a stop
_LONGEST_LIST = 20  # items; a larger number alone is an answer
_BRACKETS = 300  # characters; a bracket that closes later was never meant to
_BULLET = re.compile(r"[-*+•·▪◦‣✓✔➤→]\s+")
_NUMBER = re.compile(r"(?:[-*+•]\s+)?\d{1,3}[.)]\s+")  # in Markdown it is mark-up, like a bullet
#: What may begin a sentence in lower case: 's Avonds, iPhone, eBay, shop.example, a) and b.
_SMALL = re.compile(
    r"[\"“”„«‘']?(?:['’‘`][a-z]{1,2}\s+[A-ZÀ-Þ]|[a-z]{1,2}[A-Z]\w+|\(?[a-h][.)]\s"
    r"|(?P<site>[a-z][\w-]+\.[a-z]{2,4})(?=[\s,:;]))"
)
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")  # d.v.s. , e.g. and their like
_PREFIXED = re.compile(r"\w+\s+[A-ZÀ-Þ]")  # De Boer, Van Dam


def sentences_of(document: Document, blocks: list[Block], profile: LanguageProfile) -> list[Sentence]:
    """The sentences of the blocks that are no noise, in order, with offsets in the document's text."""
    markdown = document.suffix == ".md"
    found: list[Sentence] = []
    for number, block in enumerate(blocks):
        if block.kind == "noise":
            continue
        first = block.start
        if block.kind == "item":
            mark = (markdown and _NUMBER.match(document.text, first)) or _BULLET.match(document.text, first, block.end)
            first = mark.end() if mark else first
        for start, end in spans(document.text, first, block.end, profile):
            text = plain(document.text[start:end], markdown)
            if text:
                found.append(Sentence(text, start, end, number, block.kind))
    return found


def spans(text: str, start: int, end: int, profile: LanguageProfile) -> list[tuple[int, int]]:
    """Start and end of each sentence of ``text[start:end]``; what lies between them is white space."""
    piece = text[start:end]
    out: list[tuple[int, int]] = []
    at = 0
    for stop in (_END_OR_FACE if _ANY_FACE.search(piece) else _END).finditer(piece):
        if stop["within"] is not None:
            continue
        if stop["lead"] is not None or _ends(piece, at, stop, profile):
            _add(out, piece, at, stop.end(), start)
            at = stop.end()
    _add(out, piece, at, len(piece), start)
    return out


def _add(out: list[tuple[int, int]], piece: str, at: int, cut: int, start: int) -> None:
    raw = piece[at:cut]
    body = raw.strip()
    if body:
        begin = start + at + len(raw) - len(raw.lstrip())
        out.append((begin, begin + len(body)))


def _ends(piece: str, at: int, stop: re.Match[str], profile: LanguageProfile) -> bool:
    """Whether the sentence that began at ``at`` ends with a stop."""
    rest = piece[stop.end() : stop.end() + 80].lstrip()
    if not rest or _in_brackets(piece, at, stop.start()):
        return False
    before = piece[max(at, stop.start() - _LONGEST) : stop.start()].split()
    if not before and stop.start() < 4:
        return False
    first = rest.lstrip(_OPENER)[:1]
    mark = stop.group()
    if "!" in mark or "?" in mark:
        if stop["close"] and _said(profile.said_after).match(rest):
            return False
        return not first.islower() or rest[0] in '"“”„«' or _begins_small(rest, profile)
    if mark[0] != "." or mark.startswith("..."):
        return first.isupper() or first.isdigit() or _begins_small(rest, profile)
    word = norm(before[-1]).lstrip(_OPENER) if before else ""
    if rest[0] == ".":  # . . .
        return False
    if word.isdecimal() and len(word) <= 2 and int(word) <= _LONGEST_LIST and _is_number_of(before):
        return False
    if stop["close"]:
        return not first.islower()
    return _ends_after(word, before, rest, profile)


def _ends_after(word: str, before: list[str], rest: str, profile: LanguageProfile) -> bool:
    """Whether a bare full stop after a word ends the sentence, before ``rest``."""
    first = rest.lstrip(_OPENER)[:1]
    if len(word) == 1 and word.isalpha() and before[-1][-1].isupper():  # an initial, or plan B
        return len(before) > 1 and before[-2][0].islower() and _opens_with_stopword(rest, profile)
    final = word in profile.abbreviations_final
    if not final and word not in profile.abbreviations and not ("." in word and _DOTTED.fullmatch(word)):
        return not first.islower() or _begins_small(rest, profile)
    if not final or not first.isupper():
        return False
    # "our rep. Ann came", but "Rep. Ann Lee came"; "in the U.S. They", but "the U.S. Army"
    titled = word in profile.abbreviations and before[-1].lstrip(_OPENER)[:1].isupper()
    return not titled or _opens_with_stopword(rest, profile)


def _opens_with_stopword(rest: str, profile: LanguageProfile) -> bool:
    """Whether the next word is one that names do not begin with: They, Then; but not De Boer."""
    rest = rest.lstrip(_OPENER)
    word = norm(rest.split(maxsplit=1)[0]).strip(".,;:!?") if rest.strip() else ""
    return word in profile.stopwords and not _PREFIXED.match(rest)


def _begins_small(rest: str, profile: LanguageProfile) -> bool:
    found = _SMALL.match(rest)
    return found is not None and found["site"] not in profile.abbreviations


def _is_number_of(words: list[str]) -> bool:
    """Whether a number is all there is, or all but one word: "2." of a list, "Step 2."."""
    return len(words) == 1 or (len(words) == 2 and words[0].lstrip(_OPENER)[:1].isupper())


def _in_brackets(piece: str, at: int, place: int) -> bool:
    """Whether a place is in brackets that opened within the sentence that began at ``at``."""
    opened = piece.rfind("(", max(at, place - _BRACKETS), place)
    if (
        opened < 0
        or not piece[max(at, opened - _LONGEST) : opened].strip(" \n" + _OPENER)
        or piece.find(")", opened, place) >= 0
    ):
        return False
    closed = piece.find(")", place, opened + _BRACKETS)
    return closed >= 0 and piece[place:closed].strip(".!?…") != ""


@functools.lru_cache(maxsize=8)
def _said(verbs: tuple[str, ...]) -> re.Pattern[str]:
    """A speaker and a verb of saying, as they follow a quotation: "Ruth said"; nothing where there are no verbs."""
    if not verbs:
        return re.compile(r"(?!)")
    name = r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?"
    return re.compile(rf"(?:I|We|(?:The|My|Our|His|Her) \w+|{name}) (?:{'|'.join(verbs)})\b")
