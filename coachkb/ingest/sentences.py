"""Blocks to sentences, by rule and by the language profile's abbreviations and quotation habits.

A sentence ends at . ! ? or … with its closing quotes, when white space follows and what comes next can begin one.
Abbreviations, initials, ordinals and decimals do not end it; a lower-case word after the mark does not begin one.
"""

from __future__ import annotations

import re

from coachkb.ingest.text import norm, plain
from coachkb.model.document import Block, Document, Sentence
from coachkb.model.profile import LanguageProfile

_STOP = re.compile(r"(?:[.!?…]|\.\.\.)+[\"'”’“»«)\]*_]*(?=\s)|[.!?…]+[\"”’»)\]]*(?=[A-ZÀ-Þ“\"‘][a-zà-þ]+ )")
_OPENER = "\"'“”„‘’«»([*_¿¡—–-"
_LAST_WORD = re.compile(r"(\S+)$")
_BEFORE_QUOTE = re.compile(r":(?=\s+[\"“”„»«‘'](?=\w)[^\"“”„»’\n]{25})")
_NEAR = 100  # characters on either side of a mark that tell whether it ends a sentence; a block may be of any length
_BULLET = re.compile(r"[-*+•·▪◦‣✓✔➤→]\s+")


def sentences_of(document: Document, blocks: list[Block], profile: LanguageProfile) -> list[Sentence]:
    """The sentences of the blocks that are no noise, in order, with offsets in the document's text."""
    markdown = document.suffix == ".md"
    found: list[Sentence] = []
    for number, block in enumerate(blocks):
        if block.kind == "noise":
            continue
        bullet = _BULLET.match(document.text, block.start, block.end) if block.kind == "item" else None
        first = bullet.end() if bullet else block.start
        for start, end in spans(document.text, first, block.end, profile):
            text = plain(document.text[start:end], markdown)
            if text:
                found.append(Sentence(text, start, end, number, block.kind))
    return found


def spans(text: str, start: int, end: int, profile: LanguageProfile) -> list[tuple[int, int]]:
    """Start and end of each sentence of ``text[start:end]``; what lies between them is white space."""
    cuts: list[int] = []
    piece = text[start:end]
    for stop in _STOP.finditer(piece):
        if _ends(piece, stop, profile):
            cuts.append(stop.end())
    cuts += [colon.end() for colon in _BEFORE_QUOTE.finditer(piece)]  # "Say this:" is not what is to be said
    cuts.sort()
    out: list[tuple[int, int]] = []
    at = 0
    for cut in [*cuts, len(piece)]:
        raw = piece[at:cut]
        lead = len(raw) - len(raw.lstrip())
        body = raw.strip()
        if body:
            out.append((start + at + lead, start + at + lead + len(body)))
        at = cut
    return out


def _ends(piece: str, stop: re.Match[str], profile: LanguageProfile) -> bool:
    mark = stop.group()
    rest = piece[stop.end() : stop.end() + _NEAR].lstrip()
    if not rest:
        return False
    first = rest.lstrip(_OPENER)[:1]
    last = _LAST_WORD.search(piece[max(0, stop.start() - _NEAR) : stop.start()])
    word = norm(last.group(1)).lstrip(_OPENER) if last else ""
    if not last and stop.start() < 4:
        return False
    if "!" in mark or "?" in mark:
        return not first.islower() or rest[0] in '"“”„«—–('
    if mark.startswith(("…", "...")):
        return first.isupper() or first.isdigit()
    if first.islower():
        return False
    closed = len(mark) > 1 and not mark.startswith("..")
    if closed:
        return True
    if word.isdigit() and len(word) <= 2 and stop.start() <= 3:
        return False  # the number of a list item
    if word in profile.abbreviations or f"{word}." in profile.abbreviations:
        return word in profile.abbreviations_final and first.isupper() and not first.isdigit()
    if len(word) == 1 and word.isalpha() and last and last.group(1)[-1].isupper():
        return False  # an initial
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):  # d.v.s. , e.g. and their like
        return word in profile.abbreviations_final and first.isupper()
    return True
