"""Why a lesson came out as it did: the machine reads its article again, and says what it went by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachkb.data.load import cue_meanings
from coachkb.ingest.cues import ABOUT, WORD
from coachkb.ingest.extract import Extracted, extract
from coachkb.ingest.read import read_document
from coachkb.ingest.roles import instead, speaking
from coachkb.ingest.situations import Tag
from coachkb.jobs.extracting import taggers_of
from coachkb.model.document import Labelled
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import ROLES
from coachkb.store.files import sha256

if TYPE_CHECKING:
    from coachkb.readable import ReadableKB


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a passage has its part. ``sureness``, ``instead`` (another role, its chance) and ``cues`` are the machine's.

    ``by``: "machine"; "person", who wrote or moved it (``machine`` then says which role the machine would give it, or
    None when the words are in no article); "unknown", when the article is not what it was.
    """

    part: str
    passage: Passage
    by: str
    sureness: float | None = None
    instead: tuple[str, float] | None = None
    cues: tuple[str, ...] = ()
    machine: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A lesson's passages with their reasons; its situations as the machine found them now, best first.

    ``trouble``: why there is nothing to go by (no article, or another version of it), else None.
    """

    lesson: Lesson
    sureness: float | None
    tags: tuple[Tag, ...]
    reasons: tuple[Reason, ...]
    trouble: str | None = None


def explain(kb: ReadableKB, id_: str) -> Explanation:
    """See ``KnowledgeBase.explain``."""
    lesson = kb.lesson(id_)
    post, trouble = _read_again(kb, lesson)
    known = {(x.sentence.start, x.sentence.end): x for x in post.labelled} if post else {}
    reasons = tuple(
        _reason(role, passage, known.get((passage.start or 0, passage.end or 0)), trouble)
        for role in ROLES
        for passage in lesson.part(role)
    )
    return Explanation(lesson, post.sureness if post else None, post.tags if post else (), reasons, trouble)


def _read_again(kb: ReadableKB, lesson: Lesson) -> tuple[Extracted | None, str | None]:
    """The post that a lesson came from, as the machine reads it now, or why it cannot."""
    path = lesson.source.path
    text = kb.article_text(lesson)
    if path is None:
        return None, "has no article: a person wrote it"
    if text is None:
        return None, f"came from {path}, which is not there any more"
    data = text.encode("utf-8")
    if lesson.source.sha256 not in (None, sha256(data)):
        return None, f"came from another version of {path}: ingest it again"
    by_language = taggers_of(kb.vocabulary())
    posts = extract(read_document(data, path), by_language)
    same = [post for post in posts if post.language == lesson.language]
    start = lesson.source.start or 0
    post = min(same, key=lambda post: abs(post.post.start - start), default=None)
    if post is not None:
        texts = (post.post.title or "", *(x.sentence.text for x in post.labelled))
        post = replace(post, tags=tuple(by_language[post.language].with_labels(post.tags, texts)))
    return post, None


def _reason(part: str, passage: Passage, read: Labelled | None, trouble: str | None) -> Reason:
    if passage.start is None:
        return Reason(part, passage, "person")
    if trouble:
        return Reason(part, passage, "unknown")
    if read is None:
        return Reason(part, passage, "person")
    if read.role != part:
        return Reason(part, passage, "person", read.sureness, None, speaking(read), read.role)
    return Reason(part, passage, "machine", read.sureness, instead(read), speaking(read), part)


#: What stands before a cue's name, in words.
_WHERE = {"<": "the sentence before: ", ">": "the sentence after: ", "early&": "near the beginning: "}


def in_words(cue: str) -> str:
    """What a cue says, in English: "asks a question", "the sentence before: asks a question"."""
    for mark, words in _WHERE.items():
        if cue.startswith(mark):
            return words + in_words(cue[len(mark) :])
    if cue.startswith(WORD):
        return f'has "{cue.rpartition(":")[2]}"'
    if cue.startswith(ABOUT):
        return "is about " + cue.removeprefix(ABOUT).replace("-", " ")
    return cue_meanings().get(cue, cue)
