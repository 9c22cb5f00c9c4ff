"""A document to its posts: an archive page is cut where title and date lines come in pairs."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from coachkb.ingest.authors import box_author, is_aside, owner, signature, tail_box
from coachkb.ingest.dates import (
    ANY_ORDER,
    DateLine,
    byline,
    date_line,
    date_note,
    date_order,
    is_dated_row,
    is_person,
    is_somebody,
)
from coachkb.ingest.language import probable
from coachkb.ingest.letters import MIN_WORDS, UNDERLINE, articles
from coachkb.ingest.noise import is_forum, is_furniture, noise_kinds
from coachkb.ingest.read import front_matter
from coachkb.ingest.text import Line, fold, lines_of, plain, undecorated, words
from coachkb.ingest.titles import find_title, title_like
from coachkb.model.document import Document, Post

_HEADING = re.compile(r"^#{1,6}\s+")
_STROKE = re.compile(r"/\d")
_NUMBERED = re.compile(r"^(?:#+ )?([^\W\d_]+)(?::| no\.?)? ?#?\d+(?:\s?(?:/|of|av|van)\s?\d+)?:?$", re.IGNORECASE)
_CONTRIBUTION = re.compile(r"\[?#(\d{1,4})\b")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DAY = re.compile(r"\b\d{1,2}\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT = 30  # characters of a line that is only a day and a month
_ABOVE, _FEW = 8, 12  # lines above an archive's first post, and words that each has at most


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a post begins: the lines of its title and date in the list of the page's non-blank lines."""

    title: int
    first: int
    last: int
    date: DateLine


def split_posts(document: Document) -> list[Post]:
    """The posts of a document, in its order; one that is no archive is a single post.

    A post's own headings never cut it, nor do the dated comments below it.
    """
    body = front_matter(document.text)[1] if document.suffix == ".md" else 0
    ruled = [line for line in lines_of(document.text, body) if not line.blank]
    lines = [line for line in ruled if not UNDERLINE.match(line.text)]
    order = _date_order(document, body)
    heads = _archive_heads(document.text, lines, order)
    if len(heads) >= 2:
        return _archive(document, lines, heads)
    single = _single(document, lines, body, order)
    return articles(document.text, ruled, lines, single, document.suffix == ".md") or [single]


def _date_order(document: Document, body: int) -> str | None:
    """How the page means 3/4/2010; none is needed where no digit stands after a stroke."""
    if not _STROKE.search(document.text) and "/" not in (document.date or ""):
        return None
    profile = probable(document.text[body:])
    return date_order(document.text, profile.date_order if profile else None)


def _archive(document: Document, lines: list[Line], heads: list[_Head]) -> list[Post]:
    starts = [lines[head.first].start for head in heads] + [len(document.text)]
    bodies = [[line for line in lines if start <= line.start < end] for start, end in itertools.pairwise(starts)]
    authors = [
        head.date.author or _byline_near(lines, head) or _byline_below(body)
        for head, body in zip(heads, bodies, strict=True)
    ]
    if not any(authors):  # one person's page says his name once
        named = (byline(line.text, only_first=True) for line in lines[: heads[0].first])
        above = next(filter(None, named), None)
        authors = [document.author or above or owner(lines) or tail_box(lines) or signature(lines)] * len(heads)
    posts = []
    for i, head in enumerate(heads):
        title = lines[head.title]
        posts.append(
            Post(
                start=starts[i],
                end=starts[i + 1],
                title=undecorated(plain(title.text, markdown=document.suffix == ".md")),
                title_start=title.start,
                title_end=title.end,
                date=head.date.date,
                author=authors[i],
            )
        )
    return posts


def _byline_near(lines: list[Line], head: _Head) -> str | None:
    for line in lines[head.first : head.last + 2]:
        name = byline(line.text) if line is not lines[head.title] else None
        if name:
            return name
    return None


def _byline_below(body: list[Line]) -> str | None:
    """The author named on the line that counts a post's comments, right below it."""
    return next((name for line in body[-2:] if (name := byline(line.text, only_first=True))), None)


def _archive_heads(text: str, lines: list[Line], order: str | None) -> list[_Head]:
    dated = [(i, found) for i, line in enumerate(lines) if (found := date_line(line.text, order))]
    year = _year_of(lines) if len(dated) < 2 else None
    if year:  # "Archive 2013", and below each title "19 November"
        short = [(i, line.text) for i, line in enumerate(lines) if len(line.text) <= _SHORT and _DAY.search(line.text)]
        dated = [(i, found) for i, line in short if (found := date_line(f"{line.rstrip('.:')} {year}", order))]
    if len(dated) < 2 or is_thread([line.text for line in lines]):
        return []
    above = [head for i, found in dated if (head := _head_above(text, lines, i, found))]
    below = [head for i, found in dated if (head := _head_below(text, lines, i, found))]
    best: list[_Head] = []
    for heads in (above, below):
        shapes = Counter(head.date.shape for head in heads)
        if not shapes:
            continue
        # Comments are dated too, but otherwise: with a time, or a name. The first head's shape is the posts'.
        shape = heads[0].date.shape if shapes[heads[0].date.shape] > 1 else shapes.most_common(1)[0][0]
        chosen = _of_a_level(lines, [head for head in heads if head.date.shape == shape])
        chosen = _with_bodies(text, lines, chosen)
        if len(chosen) > len(best):
            best = chosen
    titles = [fold(lines[head.title].text).lower() for head in best]
    numbers = [int(number.group(1)) for title in titles if (number := _CONTRIBUTION.match(title))]
    if numbers[:1] == [1] and len(numbers) == len(titles) and numbers == sorted(numbers):
        return []  # of a thread: "#1 somebody"
    if len(set(titles)) < len(titles) or (best and _has_own_title(lines, best)):
        return []
    return best


def _year_of(lines: list[Line]) -> str | None:
    """The year that a line above an archive's first post gives for all of them: "All posts 2011", "April 2010"."""
    for line in lines[:_ABOVE]:
        if len(words(line.text)) > _FEW:
            return None
        years = set(_YEAR.findall(line.text))
        if len(years) == 1 and any(ch.isalpha() for ch in line.text) and not date_line(line.text, ANY_ORDER):
            (year,) = years
            return str(year)
    return None


def _of_a_level(lines: list[Line], heads: list[_Head]) -> list[_Head]:
    """In Markdown, the heads whose titles are headings of the first one's level."""
    marks = [_HEADING.match(lines[head.title].text) for head in heads]
    if not heads or not marks[0]:
        return heads
    return [head for head, mark in zip(heads, marks, strict=True) if mark and mark.group() == marks[0].group()]


def _has_own_title(lines: list[Line], heads: list[_Head]) -> bool:
    """Whether what stands above the first head is a post of its own, whose dated headings the heads are."""
    before = sum(len(words(line.text)) for line in lines[: heads[0].first] if len(words(line.text)) >= 15)
    dated = any(date_line(line.text, ANY_ORDER) for line in lines[: min(6, heads[0].first)])
    return before >= 60 or (before >= 20 and dated)


def _gap_before(text: str, lines: list[Line], i: int) -> bool:
    return i == 0 or text.count("\n", lines[i - 1].end, lines[i].start) > 1 or bool(_HEADING.match(lines[i].text))


def _head_above(text: str, lines: list[Line], i: int, date: DateLine) -> _Head | None:
    """A title on one of the three lines before the date (a byline and a share line may stand between)."""
    for j in range(i - 1, max(i - 4, -1), -1):
        line = lines[j].text
        if byline(line) or (is_furniture(line) and "end" not in noise_kinds(line)):
            continue
        if is_person(line) and j and title_like(lines[j - 1].text) and not _gap_before(text, lines, j):
            continue
        if (
            title_like(line)
            and not date_line(line, ANY_ORDER)
            and not is_furniture(line)
            and not is_forum(line)
            and _gap_before(text, lines, j)
        ):
            return _Head(j, j, i, date)
        break
    return None


def _head_below(text: str, lines: list[Line], i: int, date: DateLine) -> _Head | None:
    """A title on the line after the date."""
    if i + 1 < len(lines) and _gap_before(text, lines, i):
        line = lines[i + 1].text
        if title_like(line) and not date_line(line, ANY_ORDER) and not byline(line) and not is_furniture(line):
            return _Head(i + 1, i, i + 1, date)
    return None


def _with_bodies(text: str, lines: list[Line], heads: list[_Head]) -> list[_Head]:
    kept = []
    for k, head in enumerate(heads):
        end = lines[heads[k + 1].first].start if k + 1 < len(heads) else len(text)
        if len(words(text[lines[head.last].end : end])) >= MIN_WORDS:
            kept.append(head)
    return kept


def is_thread(lines: list[str]) -> bool:
    """Whether lines are those of a forum thread, which is one post: people quote and answer one another in it."""
    furniture = sum(is_forum(line) for line in lines)
    return (furniture >= 4 and furniture > len(lines) // 12) or sum(map(_is_numbered, lines)) >= 2


def _is_numbered(line: str) -> bool:
    """Whether a line numbers a contribution to a thread: "Answer 12"."""
    found = _NUMBERED.match(line) if len(line) <= 40 else None
    return found is not None and "numbered" in noise_kinds(found.group(1))


def _single(document: Document, lines: list[Line], body: int, order: str | None) -> Post:
    """The one post of a page, with the title, date and author that its lines give."""
    title_line, title = find_title(document, lines)
    date = document.date
    if date and not _ISO.fullmatch(date):
        found = date_line(date, order)
        date = found.date if found else None
    thread = is_thread([line.text for line in lines])
    ends = next((i for i, line in enumerate(lines) if i > 4 and "end" in noise_kinds(line.text)), len(lines))
    head = [line for line in lines[: min(12, ends)] if not line.text.startswith("|") or is_dated_row(line.text)]
    # Some pages date and sign a post below it, or on the line that counts its comments.
    near = head if thread else [*head, *(line for line in lines[12 : ends + 1][-6:] if not line.text.startswith("|"))]
    author = document.author
    last = lines[-1] if lines and not any(date_line(line.text, order) for line in lines[len(head) : -1]) else None
    for line in near:
        if line is title_line:
            continue
        dated = date_line(line.text, order)
        if dated and thread and "+words" in dated.shape and is_forum(line.text):
            continue  # "Member since: 12 Jan 2006"
        if dated and (line in head or line is last or "+time" not in dated.shape):
            date = date or dated.date
            author = author or dated.author
        author = author or byline(line.text, only_first=line not in head)
    if date is None and not thread:
        note = next((note for line in near if (note := date_note(line.text, order))), None)
        date = note.date if note else None
        author = author or (note.author if note else None)
    if not thread:
        if author is None and len(lines) > 1 and lines[0] is not title_line and is_somebody(lines[0].text):
            author = lines[0].text.strip("*_# ") if date_line(lines[1].text, ANY_ORDER) else None
        author = author or _below_title(lines, title_line) or signature(lines[:ends]) or tail_box(lines)
        author = author or owner(lines)
    return Post(
        start=body,
        end=len(document.text),
        title=undecorated(title) if title else None,
        title_start=title_line.start if title_line else None,
        title_end=title_line.end if title_line else None,
        date=date,
        author=author,
    )


def _below_title(lines: list[Line], title: Line | None) -> str | None:
    """The author's mere name between title and date, or a note on the author in italics below the title."""
    if title is None:
        return None
    at = lines.index(title)
    after = lines[at + 1 : at + 3]
    if not after:
        return None
    name = after[0].text.split(",")[0].strip("*_ ")
    if is_person(name) and len(after[0].text) <= 60 and (len(after) < 2 or date_line(after[1].text, ANY_ORDER)):
        return name
    return box_author(after[0].text) if is_aside(after[0].text) else None
