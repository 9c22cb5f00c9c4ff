"""A draft against its article: the article's words in their order, each passage with the letter of its part before it.

A row is a style, a gutter of three characters and a text; the gutter says all that colour says.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from coachkb.jobs.moving import numbered
from coachkb.jobs.reviewing import Draft
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.situation import Situation
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe
from coachkb.store.proposals import proposals, value_text

if TYPE_CHECKING:
    from rich.console import Console

Row = tuple[str, str, str]
_CONTEXT = 160  # characters of the article shown before and after passages; the rest is folded away
_NONE = "   "
LEGEND = ", ".join(f"{role[0].upper()} {role}" for role in ROLES) + "; * key passage"
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")


def rows(draft: Draft, vocabulary: Mapping[str, Situation], whole: bool) -> Iterator[Row]:
    """A draft as rows. ``whole``: the article is shown whole, not only around the passages."""
    lesson = draft.lesson
    yield from _head(draft, vocabulary)
    yield "", "", ""
    fault = _fault(draft)
    if fault or draft.article.text is None:
        if fault:
            yield "status.changed", "", fault
        yield from _by_part(lesson, every=True)
    else:
        yield from _in_article(lesson, draft.article.text, whole)
        if any(passage.start is None for role in ROLES for passage in lesson.part(role)):
            yield "", "", ""
            yield "quiet", "", "Not the article's words:"
            yield from _by_part(lesson, every=False)
    yield from _conflict(lesson)
    missing = [role for role in ROLES if not lesson.part(role)]
    if missing or lesson.notes:
        yield "", "", ""
    if missing:
        yield "status.changed", "", f"Nothing for: {', '.join(missing)}"
    if lesson.notes:
        yield "quiet", "", f"Notes: {safe(lesson.notes)}"


def _head(draft: Draft, vocabulary: Mapping[str, Situation]) -> Iterator[Row]:
    lesson = draft.lesson
    yield "title", "", safe(lesson.title)
    for id_ in lesson.situations:
        name = vocabulary[id_].name("en") if id_ in vocabulary else "unknown situation"
        yield "tag", "", f"{safe(name)} [{safe(id_)}]"
    if not lesson.situations:
        yield "status.changed", "", "No situation: nobody will find it"
    yield "quiet", "", _facts(draft)
    yield "quiet", "", f"id: {safe(lesson.id)}"
    if lesson.source.path:
        yield "quiet", "", safe(lesson.source.origin or lesson.source.path)


def _facts(draft: Draft) -> str:
    lesson, sure = draft.lesson, draft.lesson.sureness
    facts = [f"{draft.number} of {draft.total}", safe(lesson.language), lesson.review.status]
    return " · ".join(facts if sure is None else [*facts, f"sureness {sure:.2f}"])


def reminder(draft: Draft, vocabulary: Mapping[str, Situation]) -> Iterator[Row]:
    """What a draft is, in few lines, for below a long one: it is decided on there."""
    lesson = draft.lesson
    names = [safe(vocabulary[id_].name("en") if id_ in vocabulary else id_) for id_ in lesson.situations]
    yield "title", "", safe(lesson.title)
    yield "tag", "", ", ".join(names) or "No situation: nobody will find it"
    yield "quiet", "", _facts(draft)


def _fault(draft: Draft) -> str:
    """Why the lesson cannot be shown in its article; nothing when it can, or has none."""
    source = draft.lesson.source
    if not source.path:
        return ""
    if draft.article.text is None:
        return f"Its article {safe(source.path)} {draft.article.reason}. Part by part:"
    if source.sha256 and source.sha256 != draft.article.sha256:
        return f"Its article {safe(source.path)} has changed since: ingest it again. Part by part:"
    return ""


def _conflict(lesson: Lesson) -> Iterator[Row]:
    """What the machine would write now where a person had edited, until that is settled."""
    open_ = proposals(lesson)
    if open_:
        yield "", "", ""
        yield "status.changed", "", "The article changed what was edited here; yours stands, the machine now says:"
    for name, value in open_.items():
        yield from (("", _NONE, f"{name}: {line}") for line in value_text(value))


def _gutter(role: str, passage: Passage) -> str:
    return f"{role[0].upper()}{'*' if passage.key else ' '} "


def _by_part(lesson: Lesson, every: bool) -> Iterator[Row]:
    """The passages part by part: all, or those without a place in the article."""
    for role in ROLES:
        for passage in lesson.part(role):
            if every or passage.start is None:
                yield f"part.{role}", _gutter(role, passage), safe(passage.text)


def numbered_rows(lesson: Lesson) -> Iterator[Row]:
    """The passages with the numbers that they are moved by."""
    for n, (role, at) in enumerate(numbered(lesson), 1):
        passage = lesson.part(role)[at]
        yield f"part.{role}", f"{n:>3} {_gutter(role, passage)}", safe(passage.text)


def _in_article(lesson: Lesson, article: str, whole: bool) -> Iterator[Row]:
    """The lesson's stretch of the article, its passages marked where they stand."""
    placed = sorted(
        (passage.start, passage.end, role, n)
        for role in ROLES
        for n, passage in enumerate(lesson.part(role))
        if passage.start is not None and passage.end is not None
    )
    first = min([lesson.source.start or 0, *(start for start, *_ in placed)])
    last = max([lesson.source.end or len(article), *(end for _, end, *_ in placed)])
    at = first
    for start, end, role, n in placed:
        yield from _between(article[at:start], whole, begins=at == first, ends=False)
        passage = lesson.part(role)[n]
        yield f"part.{role}", _gutter(role, passage), safe(passage.text)
        at = max(at, end)
    yield from _between(article[at:last], whole, begins=at == first, ends=True)


def _between(text: str, whole: bool, begins: bool, ends: bool) -> Iterator[Row]:
    """Words of the article that are in no passage; a long stretch is folded to what lies next to passages."""
    before, after = (0 if begins else _CONTEXT), (0 if ends else _CONTEXT)
    folded = len(text) - before - after
    if whole or folded <= _CONTEXT:
        yield from _paragraphs(text)
        return
    head = text[:before].rpartition(" ")[0]
    tail = text[len(text) - after :].partition(" ")[2] if after else ""
    yield from _paragraphs(head)
    yield "quiet", _NONE, f"[… {len(text) - len(head) - len(tail)} characters: w shows them]"
    yield from _paragraphs(tail)


def _paragraphs(text: str) -> Iterator[Row]:
    for paragraph in _PARAGRAPH.split(text):
        if paragraph.strip():
            yield "quiet", _NONE, safe(" ".join(paragraph.split()))


def laid_out(found: Iterable[Row], width: int) -> Iterator[tuple[str, str]]:
    """Rows as lines of at most ``width`` columns, each with its style; what goes on stands under its text."""
    for style, gutter, text in found:
        lines = textwrap.wrap(text, max(10, width - len(gutter)), break_on_hyphens=False) or [""]
        for n, line in enumerate(lines):
            yield style, f"{gutter if not n else ' ' * len(gutter)}{line}".rstrip()


def as_text(found: Iterable[Row]) -> str:
    """Rows as plain lines, none of them wrapped."""
    return "".join(f"{gutter}{text}\n" for _, gutter, text in found)


def show_rows(out: Console, found: Iterable[Row]) -> None:
    """Prints rows on a terminal, as ``laid_out``."""
    from rich.text import Text

    for style, line in laid_out(found, out.width):
        out.print(Text(line, style), soft_wrap=True)
