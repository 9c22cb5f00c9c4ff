"""Which lesson on file a post of an article gave before: by its passages, its title, its place in the article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coachkb.ingest.extract import Extracted
from coachkb.model.lesson import Lesson
from coachkb.model.terms import ROLES
from coachkb.store.files import slug
from coachkb.store.wrote import digest, fingerprint_of, mark_of, traces_of

#: Of a post's passages, so many must be a lesson's for the two to be the same; with the same title, so many.
_SHARED, _SHARED_OF_TITLE = 0.5, 0.3
_FEWEST = 3  # passages; fewer shared ones are chance, or an author's catchword


def same_posts(posts: Sequence[Extracted], lessons: Sequence[Lesson]) -> dict[int, Lesson]:
    """The lessons of an article's earlier version, by the number of the post that gives each now; the likest first."""
    scored = [
        (score, n, lesson)
        for n, post in enumerate(posts)
        for lesson in lessons
        if (score := _score(post, lesson)) is not None
    ]
    found: dict[int, Lesson] = {}
    taken: set[str] = set()
    for _, n, lesson in sorted(scored, key=lambda row: (-row[0], row[1], row[2].id)):
        if n not in found and lesson.id not in taken:
            found[n] = lesson
            taken.add(lesson.id)
    return found


def resembling(post: Extracted, lessons: Iterable[Lesson]) -> Lesson | None:
    """The lesson, of whatever article, that says what the post says; None when none does."""
    for lesson in lessons:
        if lesson.language == post.language:
            shared, of_all = _shared(post, lesson)
            if shared >= _FEWEST and of_all >= (_SHARED_OF_TITLE if _same_title(post, lesson) else _SHARED):
                return lesson
    return None


def _score(post: Extracted, lesson: Lesson) -> float | None:
    """How sure it is that a lesson was a post's of the same article; None: it was not."""
    if lesson.language != post.language:
        return None
    start, end = lesson.source.start or 0, lesson.source.end or 0
    overlap = min(end, post.post.end) - max(start, post.post.start)
    same_place = overlap > 0.5 * min(end - start, post.post.end - post.post.start) > 0
    shared, of_all = _shared(post, lesson)
    title = _same_title(post, lesson)
    if not (title or same_place or (shared >= _FEWEST and of_all >= _SHARED)):
        return None
    return 2 * of_all + title + 0.5 * same_place


def _same_title(post: Extracted, lesson: Lesson) -> bool:
    """Whether a post has the title that the machine or a person gave the lesson."""
    return slug(lesson.title) == slug(post.title) or mark_of(lesson, "title")[0] == fingerprint_of(post.title)


def _shared(post: Extracted, lesson: Lesson) -> tuple[int, float]:
    """How many of a post's passages the machine wrote in the lesson, or a person has in it; and their share of all."""
    known = {digest(p.text) for role in ROLES for p in lesson.part(role)}
    known |= {t.digest for role in ROLES for t in traces_of(lesson, role) or ()}
    now = {digest(p.text) for passages in post.parts.values() for p in passages}
    shared = len(now & known)
    return shared, shared / len(now) if now else 0.0
