"""Web noise out: menus, share lines, comment forms, lists of links, author boxes, strays of a broken translation.

By line and block, from the language profiles' phrases and from repetition within the page. Advice that merely
sounds like noise stays: phrases match whole short lines, and what follows a "comments" heading is only dropped when
the better part of the post stands before it.
"""

from __future__ import annotations

import re
from collections import Counter

from coachkb.ingest.authors import PROSE, box_author, is_aside, is_signoff
from coachkb.ingest.blocks import TURN
from coachkb.ingest.dates import ANY_ORDER, byline, date_line
from coachkb.ingest.noise import (
    SENTENCE_END,
    bare,
    has_comment_count,
    is_form,
    is_forum,
    is_noise_line,
    is_notice,
    noise_kinds,
    noise_words,
)
from coachkb.ingest.posts import is_thread
from coachkb.ingest.text import fold, words
from coachkb.model.document import Block, Post
from coachkb.model.profile import LanguageProfile

_RULE_BETWEEN = re.compile(r"^[ \t]*(?:-{2,}|_{3,}|={3,}|[─—–]{2,})[ \t]*$", re.MULTILINE)
_ARROW = re.compile(r"^\s*[>→»›▸▶]\s*\S")
_SIGN = re.compile(r"^(?://?|~|[-–—]{1,2})\s?")
_NUMBERED = re.compile(r"^[#\s*]*\d{1,2}[.):]")
_SHORT = 6  # words of a line below a signature
_LONG_LIST = 8  # links; a shorter list below a heading may be a check list
_ENOUGH = 150  # words after which a comment form ends the post, however long the comments are


def _is_noise(piece: str, kind: str, thread: bool) -> bool:
    """Whether a block is the page's: each of its lines is, or it has a notice in it."""
    text = fold(piece)
    if kind == "turn" and text[:1] != "-" and TURN.match(text):
        return False  # somebody says it
    lines = [line for line in piece.split("\n") if line.strip(" \t>")]
    if len(lines) > 1:
        return is_notice(text) or all(_is_noise(line, kind, thread) for line in lines)
    quoted = kind == "item" or text.startswith(">")
    if quoted and not is_form(text):
        return is_notice(text) or (not text.startswith(">") and _is_share(text)) or not any(c.isalpha() for c in text)
    line = bare(text)
    dated = len(line) <= 140 and date_line(line, ANY_ORDER) is not None  # before numbers: "12. marts 2019"
    if not dated and _NUMBERED.match(text):
        return is_notice(text) or is_form(text)  # a heading or an item of the article's own
    if dated or is_noise_line(text):
        return True
    if len(line) <= 140 and byline(line) and len(words(line)) <= 14:
        return True
    return "meta" in noise_kinds(line) or (thread and is_forum(line))


def _is_share(text: str) -> bool:
    return len(words(text)) <= 3 and "line" in noise_kinds(bare(text))


def _is_end(text: str) -> bool:
    counted = text[:1].isdigit() and "counted" in noise_kinds(text)
    if not counted and "end" not in noise_kinds(bare(text)):
        return False
    if _NUMBERED.match(text) or len(words(text)) > 14:
        return False
    return len(words(text.partition(":")[2])) < 3  # "Read also: a title" stands amid a text


def _ends(text: str, sizes: list[int], i: int) -> bool:
    """Whether the post ends at line ``i``: there the comments begin, or what the page adds (the lesser part)."""
    if not _is_end(text):
        return False
    if noise_words("replies").count(words(text)) or "counted" in noise_kinds(text):
        return True
    return sum(size for size in sizes[i + 1 :] if size >= 40) <= 0.4 * sum(sizes)


def clean(text: str, post: Post, blocks: list[Block], profile: LanguageProfile) -> tuple[list[Block], str | None]:
    """The post's blocks with ``kind`` "noise" where nothing of the article is said, and the author box's author."""
    pieces = [text[b.start : b.end] for b in blocks]
    sizes = [len(words(piece)) for piece in pieces]
    noise = _judged(blocks, pieces, sizes)
    _end_at(noise, _comments_from(pieces, sizes, noise))
    _end_at(noise, _colophon_from(text, blocks, noise, sizes))
    live = [i for i in range(len(blocks)) if not noise[i] and blocks[i].kind != "title"]
    for i in _link_list(blocks, pieces, live):
        noise[i] = True
    author = _box(blocks, pieces, noise, post, profile.code)
    _ends_off(blocks, pieces, noise, post.author or author)
    marked = [Block(b.start, b.end, "noise", b.level) if noise[i] else b for i, b in enumerate(blocks)]
    return marked, author


def _judged(blocks: list[Block], pieces: list[str], sizes: list[int]) -> list[bool]:
    """Each block by itself; all before the title, and all from the line on that ends the post."""
    total = sum(sizes) or 1
    noise = [False] * len(blocks)
    folded = [fold(piece) for piece in pieces]
    repeated = _repeated_lines(blocks, pieces, folded)
    thread = is_thread(folded)
    first = next((i for i, b in enumerate(blocks) if b.kind == "title"), -1)
    before = 0
    ended = False
    for i, block in enumerate(blocks):
        late = before >= 0.35 * total or before >= _ENOUGH
        if block.kind == "title":
            pass
        elif i < first or ended:
            noise[i] = True
        elif (late and _ends(folded[i], sizes, i)) or (
            late and not thread and before >= 0.5 * total and has_comment_count(folded[i])
        ):
            noise[i] = ended = True
        elif (repeated and folded[i].lower() in repeated) or _is_noise(pieces[i], block.kind, thread):
            noise[i] = True
        before += sizes[i]
    if thread:
        _drop_nicks(blocks, pieces, noise)
    return noise


def _drop_nicks(blocks: list[Block], pieces: list[str], noise: list[bool]) -> None:
    """In a forum thread, the one or two words before a badge or a date: who wrote the post below."""
    for i in range(len(blocks) - 1):
        if noise[i + 1] and not noise[i] and blocks[i].kind != "title" and len(pieces[i].split()) <= 2:
            noise[i] = not SENTENCE_END.search(pieces[i])


def _end_at(noise: list[bool], at: int) -> None:
    noise[at:] = [True] * len(noise[at:])


def _repeated_lines(blocks: list[Block], pieces: list[str], folded: list[str]) -> set[str]:
    """Short lines that stand three times or more on the page and end like no sentence."""
    counts = Counter(
        text.lower()
        for b, piece, text in zip(blocks, pieces, folded, strict=True)
        if len(piece) <= 60 and not SENTENCE_END.search(piece) and b.kind != "turn" and not b.level
    )
    return {line for line, n in counts.items() if n >= 3}


def _comments_from(pieces: list[str], sizes: list[int], noise: list[bool]) -> int:
    """Where comments begin without a heading: from a dated "Name says:" in the second half of the post."""
    for i in range(len(pieces) // 2, len(pieces)):
        if noise[i] or not 2 <= sizes[i] <= 12:
            continue
        piece = fold(pieces[i])
        if not piece[:1].isupper():
            continue
        says = noise_words("comment").count(words(piece)[1:])
        dated = date_line(piece, ANY_ORDER)
        if (says and piece.endswith(":") and any(ch.isdigit() for ch in piece)) or (dated and "+time" in dated.shape):
            return i
    return len(pieces)


def _colophon_from(text: str, blocks: list[Block], noise: list[bool], sizes: list[int]) -> int:
    """Where the page's own words begin below the last rule: little text, part of it noise or a box already."""
    total = sum(sizes) or 1
    after = 0
    for i in range(len(blocks) - 1, 0, -1):
        after += 0 if noise[i] else sizes[i]
        if after > min(120, 0.2 * total):
            break
        if _RULE_BETWEEN.search(text[blocks[i - 1].end : blocks[i].start]):
            rest = range(i, len(blocks))
            if any(noise[j] or box_author(text[blocks[j].start : blocks[j].end]) for j in rest):
                return i
    return len(blocks)


def _link_list(blocks: list[Block], pieces: list[str], live: list[int]) -> list[int]:
    """A run of five or more short lines at the very end that are no sentences: links to other posts."""
    run: list[int] = []
    for i in reversed(live):
        piece = fold(pieces[i])
        if len(piece) > 110 or (SENTENCE_END.search(piece) and not piece.endswith("?")) or "[" in piece:
            break
        if (blocks[i].kind == "turn" and piece[:1] != "-") or blocks[i].kind == "heading":
            break
        run.append(i)
    lead = run[-1] - 1 if run else -1
    if lead >= 0 and (pieces[lead].rstrip().endswith(":") or blocks[lead].level):
        return []  # a list of the article's own
    if len(run) >= 2 and all(_ARROW.match(pieces[i]) for i in run):
        return [*run, lead] if lead > 0 and len(words(pieces[lead])) <= 8 and blocks[lead].kind != "title" else run
    introduced = lead >= 0 and blocks[lead].kind == "heading"
    return run if len(run) >= (_LONG_LIST if introduced else 5) else []


def _box(blocks: list[Block], pieces: list[str], noise: list[bool], post: Post, language: str) -> str | None:
    """Marks the author's box as noise, at the post's end or below its title; returns its name."""
    author = None
    live = [i for i in range(len(blocks)) if not noise[i] and blocks[i].kind not in ("title", "turn")]
    for i in live[-2:] if len(live) > 2 else []:
        known = post.author or ""
        own = bool(known) and known not in pieces[i] and pieces[i].startswith(f"{known.split()[0]} ")
        name = box_author(pieces[i], told=own, language=language)
        if name and not _spoken_of(pieces, name, i):
            noise[i], author = True, author or name
    for i in live[:1]:
        name = box_author(pieces[i], language=language) if is_aside(pieces[i]) else None
        if name:
            noise[i], author = True, author or name
    if author is None and post.author is None:  # below an "about the author" heading, dropped with it
        for i in range(1, len(blocks)):
            if noise[i] and "about" in noise_kinds(bare(pieces[i - 1])):
                author = author or box_author(pieces[i], told=True, language=language)
    return author


def _spoken_of(pieces: list[str], name: str, but: int) -> bool:
    return any(name in piece and len(words(piece)) >= PROSE for i, piece in enumerate(pieces) if i != but)


def _ends_off(blocks: list[Block], pieces: list[str], noise: list[bool], author: str | None) -> None:
    """Marks greeting, author's name and sign-off at the post's edges; those amid the post may be a model's."""
    live = [i for i in range(len(blocks)) if not noise[i] and blocks[i].kind not in ("title", "turn", "item")]
    for i in live[:2]:
        text = fold(pieces[i]).strip("*_ ")
        if i == live[0] and "greeting" in noise_kinds(text) and len(words(text)) <= 4:
            noise[i] = True
        elif author and text.startswith(author) and text[-1] not in ".?!:":
            noise[i] = len(words(text)) <= len(words(author)) + 4
    for i in live[len(live) // 2 :]:
        name = _SIGN.sub("", fold(pieces[i])).strip("*_ ")
        if not author or name != author:
            continue
        noise[i] = True
        if i and is_signoff(fold(pieces[i - 1])):
            noise[i - 1] = True
            for j in range(i + 1, len(blocks)):  # his firm, his telephone number
                noise[j] = noise[j] or (len(words(pieces[j])) <= _SHORT and not SENTENCE_END.search(pieces[j]))
