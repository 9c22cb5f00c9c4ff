"""Web noise out: menus, share lines, comment forms, lists of links, author boxes, strays of a broken translation.

By line and block, from the language profiles' phrases and from repetition within the page. Advice that merely
sounds like noise stays: phrases match whole short lines, and what follows a "comments" heading is only dropped when
the better part of the post stands before it.
"""

from __future__ import annotations

import functools
import re
from collections import Counter

from coachkb.data.load import profiles
from coachkb.ingest.dates import byline, date_line
from coachkb.ingest.posts import is_furniture, noise_phrases
from coachkb.ingest.text import Phrases, fold, words
from coachkb.model.document import Block, Post
from coachkb.model.profile import LanguageProfile

_BUTTON = re.compile(r"\[[^\]\n]{1,30}\]\s*\[|\[(?:[_\s]{3,})\]|_{6,}")
_CAPTION = re.compile(r"^[\[(].{0,160}[\])]$")
_HANDLE = re.compile(r"https?://|www\.|@\w|\S@\S")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")


@functools.cache
def _inside() -> Phrases:
    return Phrases(phrase for p in profiles().values() for phrase in p.noise.get("inside", ()))


@functools.cache
def _menu_words() -> frozenset[str]:
    return frozenset(
        phrase for p in profiles().values() for phrase in p.noise["line"] if "*" not in phrase and " " not in phrase
    )


@functools.cache
def _comment_heads() -> Phrases:
    return Phrases(phrase for p in profiles().values() for phrase in p.noise["comment"])


def is_menu(text: str) -> bool:
    """A line of menu entries: several short words in a row, most of them such as menus have, no sentence."""
    tokens = words(text)
    if not 2 <= len(tokens) <= 40 or _SENTENCE_END.search(text):
        return False
    menu = sum(token in _menu_words() for token in tokens)
    gaps = len(re.findall(r"\S {2,}\S|\t", text))
    return (menu >= 2 and menu >= 0.3 * len(tokens)) or (gaps >= 2 and gaps >= 0.25 * len(tokens))


def _is_noise_line(text: str) -> bool:
    bare = fold(text).lstrip("#>*- ").strip()
    if not any(ch.isalpha() for ch in bare):
        return True
    if is_furniture(bare) or is_menu(text) or _BUTTON.search(bare):
        return True
    tokens = words(bare)
    if len(tokens) <= 60 and _inside().count(tokens):
        return True
    if len(bare) <= 120 and (date_line(bare) or (byline(bare) and len(tokens) <= 8 and not bare.endswith((".", "?", "!")))):
        return True
    if len(tokens) <= 8 and _HANDLE.search(bare) and not _SENTENCE_END.search(bare):
        return True
    if _CAPTION.match(bare) and noise_phrases("line").match(bare.strip("[]() ")):
        return True
    forum = len(tokens) <= 12 and noise_phrases("forum").match(bare)
    return bool(forum)


def _is_end(text: str) -> bool:
    bare = fold(text).lstrip("#>*- ").strip()
    return len(words(bare)) <= 14 and noise_phrases("end").match(bare)


def biography_author(text: str, profile: LanguageProfile) -> str | None:
    """The name that an author box opens with, or None when the text is no author box.

    An author box speaks of a person in the third person, and names two marks of a biography.
    """
    tokens = words(text)
    if not 8 <= len(tokens) <= 150:
        return None
    marks = Phrases(profile.biography).count(tokens)
    you = sum(token in _second_person(profile) for token in tokens)
    if marks < 1 or you > len(tokens) // 25:
        return None
    if marks == 1 and len(tokens) > 45:
        return None
    found = re.match(
        r"((?:(?:[A-ZÀ-Þ][\w'’.-]*|ten|van|von|de|den|der|af|la|le|di|du)\s+){1,5}?)"
        r"(?=[a-zà-þ(]|,)|((?:[A-ZÀ-Þ][\w'’.-]*\s+){0,4}[A-ZÀ-Þ][\w'’-]*),",
        fold(text) + " ",
    )
    if not found:
        return None
    name = (found.group(1) or found.group(2)).strip(" ,.")
    return name if 2 <= len(name.split()) <= 5 or marks >= 2 else None


@functools.cache
def _second_person_of(cues: tuple[str, ...]) -> frozenset[str]:
    return frozenset(cues)


def _second_person(profile: LanguageProfile) -> frozenset[str]:
    return _second_person_of(profile.cues["you"])


def clean(text: str, post: Post, blocks: list[Block], profile: LanguageProfile) -> tuple[list[Block], str | None]:
    """The post's blocks with ``kind`` "noise" where nothing of the article is said, and the author box's author."""
    total = sum(len(words(text[b.start : b.end])) for b in blocks) or 1
    noise = [False] * len(blocks)
    author = None
    repeated = _repeated_lines(text, blocks)
    first = next((i for i, b in enumerate(blocks) if b.kind == "title"), None)
    before = 0
    ended = False
    for i, block in enumerate(blocks):
        piece = text[block.start : block.end]
        size = len(words(piece))
        if block.kind == "title":
            before += size
            continue
        if (first is not None and i < first) or ended:
            noise[i] = True
        elif _is_end(piece) and before >= 0.35 * total:
            noise[i] = ended = True
        elif _is_noise_line(piece) or fold(piece).lower() in repeated:
            noise[i] = True
        before += size
    comment_from = _comments_from(text, blocks, noise)
    for i in range(comment_from, len(blocks)):
        noise[i] = True
    live = [i for i, flag in enumerate(noise) if not flag and blocks[i].kind != "title"]
    for i in _link_list(text, blocks, live):
        noise[i] = True
    live = [i for i in live if not noise[i]]
    for i in live[-2:]:
        if len(live) > 2 and blocks[i].kind in ("text", "heading"):
            name = biography_author(text[blocks[i].start : blocks[i].end], profile)
            if name:
                noise[i] = True
                author = author or name
    if author is None:  # the box may stand below an "about the author" heading, dropped with it
        for i, flag in enumerate(noise):
            if flag and blocks[i].kind == "text" and i > len(blocks) // 2:
                author = biography_author(text[blocks[i].start : blocks[i].end], profile)
                if author:
                    break
    marked = [Block(b.start, b.end, "noise", b.level) if noise[i] else b for i, b in enumerate(blocks)]
    return marked, author


def _repeated_lines(text: str, blocks: list[Block]) -> set[str]:
    """Short lines that stand three times or more on the page and end like no sentence."""
    counts = Counter(
        fold(text[b.start : b.end]).lower()
        for b in blocks
        if b.end - b.start <= 60 and not _SENTENCE_END.search(text[b.start : b.end]) and b.kind != "turn"
    )
    return {line for line, n in counts.items() if n >= 3}


def _comments_from(text: str, blocks: list[Block], noise: list[bool]) -> int:
    """Where comments begin without a heading: from a dated "Name says:" in the second half of the post."""
    half = len(blocks) // 2
    for i in range(half, len(blocks)):
        piece = fold(text[blocks[i].start : blocks[i].end])
        tokens = words(piece)
        if noise[i] or len(tokens) > 12:
            continue
        says = _comment_heads().count(tokens[1:])
        if says and piece.endswith(":") and piece[:1].isupper() and any(ch.isdigit() for ch in piece):
            return i
    return len(blocks)


def _link_list(text: str, blocks: list[Block], live: list[int]) -> list[int]:
    """A run of five or more short lines at the very end that are no sentences: links to other posts."""
    run: list[int] = []
    for i in reversed(live):
        piece = fold(text[blocks[i].start : blocks[i].end])
        if len(piece) > 110 or (_SENTENCE_END.search(piece) and not piece.endswith("?")) or blocks[i].kind == "turn":
            break
        run.append(i)
    if len(run) < 5 or not live:
        return []
    lead = run[-1] - 1
    if lead >= 0 and text[blocks[lead].start : blocks[lead].end].rstrip().endswith(":"):
        return []
    return run
