"""What a person changed of the machine's writing, and what the machine would write where they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from coachkb import locate
from coachkb.errors import UnreadableFile
from coachkb.ingest.text import plain
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import ROLES
from coachkb.store.folder import lesson_files
from coachkb.store.proposals import proposals, settled
from coachkb.store.wrote import FIELDS, Trace, digest, edited_fields, fingerprint, fingerprint_of, mark_of, traces_of

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field: the machine's value and the file's (parts: tuples of passages). ``known``: whether all of the
    machine's is known; where its words are not, they are left out."""

    field: str
    machine: Any
    yours: Any
    known: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a lesson and the machine differ. ``conflict``: the machine's is newer than the edit, and waits to be
    settled; else it is what the machine had written and a person changed."""

    id: str
    file: str
    conflict: bool
    fields: tuple[FieldDifference, ...]


def difference(kb: KnowledgeBase, id_: str) -> Difference:
    """See ``KnowledgeBase.diff``."""
    lesson = kb.lesson(id_)
    own = (x.file for x in (lesson_files(kb.path) if kb.path else ()) if x.lesson and x.lesson.id == lesson.id)
    file = next(own, None) or locate.named(locate.STARTER)[lesson.id]
    conflict = _conflict(lesson, file)
    if conflict:
        return conflict
    if "wrote" not in lesson.extraction:
        return Difference(lesson.id, file, False, ())
    text = kb.article_text(lesson)
    edited = edited_fields(lesson)
    again = _extracted_again(kb, lesson) if text is not None and set(edited) & set(FIELDS) else None
    return Difference(lesson.id, file, False, tuple(_fields(lesson, edited, text, again)))


def conflicts(kb: KnowledgeBase) -> list[Difference]:
    """See ``KnowledgeBase.conflicts``."""
    found = []
    for item in lesson_files(kb.path) if kb.path else ():
        if item.error:
            kb._note(item.error)
        conflict = _conflict(item.lesson, item.file) if item.lesson and item.lesson.served else None
        found += [conflict] if conflict else []
    return found


def _conflict(lesson: Lesson, file: str) -> Difference | None:
    open_ = proposals(lesson)
    if not open_:
        return None
    machines = settled(lesson, "machine", open_)
    fields = tuple(FieldDifference(x, getattr(machines, x), getattr(lesson, x), True) for x in open_)
    return Difference(lesson.id, file, True, fields)


def _fields(lesson: Lesson, edited: Sequence[str], text: str | None, again: Lesson | None) -> list[FieldDifference]:
    found = []
    for name in edited:
        yours = getattr(lesson, name)
        if name in ROLES:
            traces = traces_of(lesson, name)
            was = [_passage(t, lesson, text) for t in traces or () if not t.gone]
            machine: Any = tuple(p for p in was if p is not None)
            known = traces is not None and len(machine) == len(was)
        else:
            print_ = mark_of(lesson, name)[0]
            known = again is not None and fingerprint(again, name) == print_
            machine = getattr(again, name) if known else None
            if not known and print_ == fingerprint_of(None if name != "situations" else ()):
                known = True  # the machine had found nothing
        if not known or machine != yours:
            found.append(FieldDifference(name, machine, yours, known))
    return found


def _passage(told: Trace, lesson: Lesson, text: str | None) -> Passage | None:
    """A passage that the machine wrote: from the file, else from its place in the article; None: not known."""
    for role in ROLES:
        for p in lesson.part(role):
            if digest(p.text) == told.digest:
                return Passage(p.text, told.start, told.end, told.key)
    if text is None or told.start is None or told.end is None:
        return None
    markdown = PurePosixPath(lesson.source.path or "").suffix == ".md"
    words = plain(text[told.start : told.end], markdown)
    return Passage(words, told.start, told.end, told.key) if digest(words) == told.digest else None


def _extracted_again(kb: KnowledgeBase, lesson: Lesson) -> Lesson | None:
    """What the machine makes of the stored article where the lesson was; None when it makes nothing there."""
    from coachkb.ingest.extract import extract
    from coachkb.ingest.read import read_document
    from coachkb.jobs.extracting import taggers_of

    text, path = kb.article_text(lesson), lesson.source.path or ""
    try:
        document = read_document((text or "").encode("utf-8"), path)
    except UnreadableFile:
        return None
    vocabulary: Mapping[str, Any] = kb.vocabulary()
    for post in extract(document, taggers_of(vocabulary)):
        if (post.post.start, post.post.end) == (lesson.source.start, lesson.source.end):
            tags = tuple(tag.situation for tag in post.tags)
            return Lesson(lesson.id, post.title, post.language, tags, post.date, post.author)
    return None
