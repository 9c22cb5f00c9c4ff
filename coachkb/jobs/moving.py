"""Passages of a lesson put into another part, as a person who reviews it says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from math import inf

from coachkb.errors import UsageError
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import ROLES


def numbered(lesson: Lesson) -> list[tuple[str, int]]:
    """The passages as they stand in the article, those with no place there last: the part of each, and where it is in
    that part, from 0."""
    places = [(role, n) for role in ROLES for n in range(len(lesson.part(role)))]
    return sorted(places, key=lambda place: _start(lesson.part(place[0])[place[1]]))


def move(told: str, lesson: Lesson) -> tuple[tuple[int, ...], str]:
    """What a person types, such as ``2, 5 script``: numbers of passages, from 1 in the order of ``numbered``, and the
    part that they belong to (its first letter will do). Raises UsageError for anything else."""
    *numbers, part = told.replace(",", " ").split() or [""]
    role = next((role for role in ROLES if part.lower() in (role, role[0])), None)
    if role is None:
        raise UsageError(f"{part!r} is no part: one of {', '.join(ROLES)}, or its first letter")
    places = numbered(lesson)
    for number in numbers:
        if not (number.isdecimal() and 1 <= int(number) <= len(places)):
            raise UsageError(f"{number!r} is no passage's number: 1 to {len(places)}")
    if not numbers:
        raise UsageError(f"which belong to {role}? Their numbers come first, such as: 1 {role}")
    elsewhere = tuple(n for n in dict.fromkeys(map(int, numbers)) if places[n - 1][0] != role)
    if not elsewhere:
        raise UsageError(f"{', '.join(numbers)}: in {role} already")
    return elsewhere, role


def moved(lesson: Lesson, numbers: Collection[int], part: str) -> Lesson:
    """The lesson with these passages in ``part``, each where the article has it among those that are there."""
    chosen = [place for n, place in enumerate(numbered(lesson), 1) if n in numbers and place[0] != part]
    parts = {role: [p for n, p in enumerate(lesson.part(role)) if (role, n) not in chosen] for role in ROLES}
    there = parts[part]
    for role, n in chosen:
        passage = lesson.part(role)[n]
        at = next((i for i, other in enumerate(there) if _start(other) > _start(passage)), len(there))
        there.insert(at, passage)
    return replace(lesson, **{role: tuple(passages) for role, passages in parts.items()})  # type: ignore[arg-type]


def _start(passage: Passage) -> float:
    return inf if passage.start is None else passage.start
