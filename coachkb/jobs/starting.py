"""Lesson files that no article gives: one begun by hand, and a starter's lesson taken over into one's own KB."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from coachkb import locate
from coachkb.errors import NotFound, UnusableKB, UsageError, no_kb_to_write_to
from coachkb.jobs.editing import Editable, editable, in_starter, write
from coachkb.jobs.reviewing import tagged
from coachkb.jobs.suggesting import did_you_mean
from coachkb.model.lesson import Lesson
from coachkb.model.terms import MAX_SITUATIONS
from coachkb.store.articles import place_for
from coachkb.store.files import slug
from coachkb.store.folder import lesson_files
from coachkb.store.lesson_file import parse_lesson
from coachkb.store.rewrite import update_text
from coachkb.store.yaml_text import scalar

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase

_PARTS = {
    "problem": ("What goes wrong, or what the buyer says.", "They say we are too dear."),
    "diagnosis": ("Why it happens: the cause, the hidden motive.", "They compare us with something else."),
    "tactic": ("What to do, or to stop doing.", "Ask what they compare it with."),
    "script": ("Words to say, ask or write, as they stand.", '"Compared with what, may I ask?"'),
}


def new(kb: KnowledgeBase, title: str, language: str, situations: Sequence[str]) -> Editable:
    """See ``KnowledgeBase.new``."""
    title = " ".join(title.split())
    if not title or not title.isprintable():
        raise UsageError("the title should be a line of text")
    kb._check_filters(language, None)
    tags = tagged(", ".join(situations), kb.vocabulary())
    if kb.path is None:
        raise no_kb_to_write_to()
    id_ = _free_id(kb, slug(title), language)
    file = f"lessons/{language}/{id_}.yaml"
    text = _begun(id_, title, language, tags)
    write(kb, Editable(id_, file, text, None, parse_lesson(text, file)), text)
    return editable(kb, id_)


def _free_id(kb: KnowledgeBase, base: str, language: str) -> str:
    """An id that no lesson has, own or the starter's, and no file is named after."""
    taken = {*locate.named(locate.STARTER)}
    for item in lesson_files(kb.path or ""):
        taken |= {PurePosixPath(item.file).stem, item.lesson.id if item.lesson else ""}
    candidates = (base, f"{base}-{language}", *(f"{base}-{n}" for n in range(2, 10_000)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _begun(id_: str, title: str, language: str, situations: Sequence[str]) -> str:
    """A valid lesson file with nothing in it yet but hints."""
    tags = "".join(f"\n  - {scalar(situation)}" for situation in situations) or " []"
    text = (
        "# A lesson of your own. Lines that begin with # are hints: delete them as you like.\n"
        f"format: 1\nid: {scalar(id_)}\ntitle: {scalar(title)}\nlanguage: {language}\nauthor: null\n"
        f"# Up to {MAX_SITUATIONS}, best first; 'coachkb situations' lists them. Like this:\n"
        f"# situations:\n#   - too-expensive\nsituations:{tags}\n"
    )
    for role, (what, such_as) in _PARTS.items():
        text += f"\n# {what} A passage each, like this:\n#   - text: |-\n#       {such_as}\n"
        text += f"#     key: true  # it belongs in the summary\n{role}:\n"
    return text + "\nreview:\n  status: draft\nnotes: null\n"


def copy_of_starters(kb: KnowledgeBase, id_: str) -> Editable:
    """A starter's lesson as a file of the KB that is yet to be written, with its article.

    Raises NotFound when the starter has no such lesson, UnusableKB when there is no KB.
    """
    item = in_starter(id_)
    if item is None or item.lesson is None:
        raise NotFound(f"the built-in starter has no lesson {id_!r}{did_you_mean(id_, locate.named(locate.STARTER))}")
    id_ = item.lesson.id
    if kb.path is None:
        raise UnusableKB(
            "there is no knowledge base to copy it to: open one by its path, and with create=True to make it",
            f"there is no knowledge base to copy it to: coachkb init my-kb, then: coachkb edit --kb my-kb --copy {id_}",
        )
    lesson, text, along = _with_article(kb.path, item.lesson, item.text)
    return Editable(id_, item.file, text, None, lesson, along)


def _with_article(kb_path: str, lesson: Lesson, text: str) -> tuple[Lesson, str, dict[str, bytes]]:
    """The lesson, its file's text and its article, which gets another name where there is one of that name."""
    path = lesson.source.path
    try:
        with open(os.path.join(locate.STARTER, path or ""), "rb") as file:
            data = file.read()
    except OSError:
        return lesson, text, {}
    stem, suffix = os.path.splitext(os.path.basename(path or ""))
    place = place_for("", stem + suffix, suffix, data, kb_path, {})
    if place != path:
        lesson = replace(lesson, source=replace(lesson.source, path=place))
        text = update_text(text, path or "", lesson)
    return lesson, text, {place: data}
