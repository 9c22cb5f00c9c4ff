"""Lessons as JSON: every key present, unknown is null, dates YYYY-MM-DD."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from coachkb.model.lesson import Lesson
from coachkb.model.terms import ROLES


def lesson_data(lesson: Lesson) -> dict[str, Any]:
    """One lesson, whole, as plain data."""
    source, review = lesson.source, lesson.review
    return {
        "id": lesson.id,
        "title": lesson.title,
        "language": lesson.language,
        "date": lesson.date,
        "author": lesson.author,
        "situations": list(lesson.situations),
        "group": lesson.group,
        "source": {
            "path": source.path,
            "origin": source.origin,
            "sha256": source.sha256,
            "start": source.start,
            "end": source.end,
        },
        **{
            role: [{"text": p.text, "start": p.start, "end": p.end, "key": p.key} for p in lesson.part(role)]
            for role in ROLES
        },
        "review": {"status": review.status, "by": review.by, "on": review.on, "until": review.until},
        "notes": lesson.notes,
    }


def to_json(data: Any) -> str:
    """Data as JSON text, readable, not escaped to ASCII, with a line end."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def lessons_json(lessons: Iterable[Lesson]) -> str:
    """A list of lessons with all their passages."""
    return to_json([lesson_data(lesson) for lesson in lessons])
