"""A document to its posts: an archive page is cut where title and date lines come in pairs."""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass

from coachkb.data.load import profiles
from coachkb.ingest.dates import DateLine, byline, date_line
from coachkb.ingest.read import front_matter
from coachkb.ingest.text import Line, LinePhrases, fold, lines_of, plain, words
from coachkb.model.document import Document, Post

_MIN_POST_WORDS = 30  # a post with less is a teaser; it stays with what stands before it
_MAX_TITLE = 140
_HEADING = re.compile(r"^#{1,6}\s+")
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,})$")


@functools.cache
def noise_phrases(kind: str) -> LinePhrases:
    """The web-noise phrases of one kind (``end``, ``line``, ``archive``, ...), of all languages together:
    a page's furniture is often in another language than its text."""
    return LinePhrases(phrase for p in profiles().values() for phrase in p.noise.get(kind, ()))


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a post begins: the lines of its title and date in the list of the page's non-blank lines."""

    title: int
    first: int
    last: int
    date: DateLine


def title_like(text: str) -> bool:
    """Whether a line could be a title: short, words in it, not ending like a sentence within a paragraph."""
    bare = _HEADING.sub("", text).strip("*_ ")
    if not bare or len(bare) > _MAX_TITLE or not any(ch.isalpha() for ch in bare):
        return False
    if len(words(bare)) > 18 or bare.startswith(("- ", "– ", "— ", "• ", "|")):
        return False
    core = bare.rstrip("\"'”’»)")
    if core.endswith("...") or core.endswith("…"):
        return True
    return not core.endswith((".", ",", ";", ":")) or (core.endswith(".") and len(words(bare)) <= 4)


def is_furniture(text: str) -> bool:
    """Whether a line is a page's furniture: menus, share lines, archive headings, the head of a comment form."""
    bare = _HEADING.sub("", text)
    if any(noise_phrases(kind).match(bare) for kind in ("line", "archive", "end")):
        return True
    return bool(re.search(r"\S\s*(?:[|»›>·]|::)\s*\S.*(?:[|»›>·]|::)\s*\S", text)) and not text.endswith((".", "!", "?"))


def split_posts(document: Document) -> list[Post]:
    """The posts of a document, in its order; one that is no archive is a single post.

    A post's own headings never cut it, nor do the dated comments below it.
    """
    body = front_matter(document.text)[1] if document.suffix == ".md" else 0
    lines = [line for line in lines_of(document.text, body) if not line.blank and not _UNDERLINE.match(line.text)]
    heads = _archive_heads(document.text, lines)
    if len(heads) >= 2:
        starts = [lines[head.first].start for head in heads] + [len(document.text)]
        posts = []
        for i, head in enumerate(heads):
            title = lines[head.title]
            author = head.date.author or _byline_near(lines, head.last)
            posts.append(
                Post(
                    start=starts[i],
                    end=starts[i + 1],
                    title=_title_text(title, document),
                    title_start=title.start,
                    title_end=title.end,
                    date=head.date.date,
                    author=author,
                )
            )
        return posts
    return [_single(document, lines, body)]


def _title_text(line: Line, document: Document) -> str:
    return plain(line.text, markdown=document.suffix == ".md")


def _byline_near(lines: list[Line], at: int) -> str | None:
    for line in lines[at : at + 2]:
        name = byline(line.text)
        if name:
            return name
    return None


def _words_between(text: str, start: int, end: int) -> int:
    return len(words(text[start:end]))


def _archive_heads(text: str, lines: list[Line]) -> list[_Head]:
    dated = [(i, found) for i, line in enumerate(lines) if (found := date_line(line.text))]
    if len(dated) < 2:
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
        chosen = _with_bodies(text, lines, [head for head in heads if head.date.shape == shape])
        if len(chosen) > len(best):
            best = chosen
    titles = [fold(lines[head.title].text).lower() for head in best]
    if len(set(titles)) < len(titles) or _is_thread(lines):
        return []
    return best


def _gap_before(text: str, lines: list[Line], i: int) -> bool:
    return i == 0 or text.count("\n", lines[i - 1].end, lines[i].start) > 1 or bool(_HEADING.match(lines[i].text))


def _head_above(text: str, lines: list[Line], i: int, date: DateLine) -> _Head | None:
    """A title on one of the two lines before the date (a byline may stand between)."""
    for j in range(i - 1, max(i - 3, -1), -1):
        line = lines[j].text
        if byline(line) or (is_furniture(line) and not noise_phrases("end").match(line)):
            continue
        if title_like(line) and not date_line(line) and not is_furniture(line) and _gap_before(text, lines, j):
            return _Head(j, j, i, date)
        break
    return None


def _head_below(text: str, lines: list[Line], i: int, date: DateLine) -> _Head | None:
    """A title on the line after the date."""
    if i + 1 < len(lines) and _gap_before(text, lines, i):
        line = lines[i + 1].text
        if title_like(line) and not date_line(line) and not byline(line) and not is_furniture(line):
            return _Head(i + 1, i, i + 1, date)
    return None


def _with_bodies(text: str, lines: list[Line], heads: list[_Head]) -> list[_Head]:
    kept = []
    for k, head in enumerate(heads):
        end = lines[heads[k + 1].first].start if k + 1 < len(heads) else len(text)
        if _words_between(text, lines[head.last].end, end) >= _MIN_POST_WORDS:
            kept.append(head)
    return kept


def _is_thread(lines: list[Line]) -> bool:
    """A forum thread is one post: people quote and answer one another in it."""
    furniture = sum(noise_phrases("forum").match(line.text) for line in lines)
    return furniture >= 4 and furniture > len(lines) // 12


def _single(document: Document, lines: list[Line], body: int) -> Post:
    """The one post of a page, with the title, date and author that its first lines give."""
    title_line, title = _find_title(document, lines)
    date, author = document.date, document.author
    if date and len(date) != 10:
        found = date_line(date)
        date = found.date if found else None
    ends = next((i for i, line in enumerate(lines) if i > 2 and noise_phrases("end").match(line.text)), len(lines))
    near = lines[: min(12, ends)]
    for line in near:
        dated = date_line(line.text)
        if dated:
            date = date or dated.date
            author = author or dated.author
        author = author or byline(line.text)
    for line in lines[len(near) : ends][-6:]:  # some pages date and sign a post below it
        dated = date_line(line.text)
        if dated and "+time" not in dated.shape:
            date = date or dated.date
            author = author or dated.author
        author = author or byline(line.text)
    return Post(
        start=body,
        end=len(document.text),
        title=title,
        title_start=title_line.start if title_line else None,
        title_end=title_line.end if title_line else None,
        date=date,
        author=author,
    )


def _find_title(document: Document, lines: list[Line]) -> tuple[Line | None, str | None]:
    if document.title:
        wanted = words(document.title)
        for line in lines[:15]:
            if words(_HEADING.sub("", line.text)) == wanted:
                return line, _title_text(line, document)
        return None, document.title
    candidates: list[int] = []
    for i, line in enumerate(lines[:15]):
        if is_furniture(line.text) or date_line(line.text) or byline(line.text):
            continue
        if document.suffix == ".md" and re.match(r"^# ", line.text):
            candidates = [i]
            break
        following = document.text[line.end : lines[i + 1].start].count("\n") if i + 1 < len(lines) else 0
        if title_like(line.text) and (following > 1 or _next_is_head(lines, i)):
            candidates.append(i)
            continue
        if len(words(line.text)) >= 8 or not title_like(line.text):
            break  # the body begins
    if not candidates:
        return None, None
    chosen = candidates[0]
    for i in candidates:
        if _next_is_head(lines, i):
            chosen = i
            break
    else:
        longer = [i for i in candidates if len(words(lines[i].text)) >= 3]
        chosen = longer[0] if longer else candidates[-1]
    return lines[chosen], _title_text(lines[chosen], document)


def _next_is_head(lines: list[Line], i: int) -> bool:
    """Whether the line after ``i`` is a date line or a byline, as it is below a title."""
    if i + 1 >= len(lines):
        return False
    return bool(date_line(lines[i + 1].text) or byline(lines[i + 1].text))
