"""Checks across lessons: ids that are double or look alike, groups of translations that do not hold together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from coachkb.jobs.checks.base import Check, Checked, Finding, LessonOnFile
from coachkb.model.lesson import Lesson
from coachkb.store.folder import place

#: Letters and digits that are hard to tell apart; the pairs are looked at after the single ones.
_ALIKE = str.maketrans({"0": "o", "1": "l"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("-", ""))


def _double(kb: Checked) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for item, lesson in kb.lessons(dropped=True):
        if item.file == place(lesson):
            first.setdefault(lesson.id, item.file)
    for item, lesson in kb.lessons(dropped=True):
        served = first.setdefault(lesson.id, item.file)
        if served != item.file:
            message = f"id {lesson.id!r} is that of {served} too, and only that one is served: give this one another"
            yield Finding("duplicate-ids", item.file, item.line("id"), message, "id", lesson.id)


def looks(id_: str) -> str:
    """What an id looks like at a glance: two ids of the same looks are easily taken for one another."""
    looks = id_.translate(_ALIKE)
    for pair, like in _PAIRS:
        looks = looks.replace(pair, like)
    return looks


def _alike(kb: Checked) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for item, lesson in kb.lessons(dropped=True):
        before = first.setdefault(looks(lesson.id), lesson.id)
        if before != lesson.id:
            message = f"id {lesson.id!r} looks like {before!r}: people will take one for the other"
            yield Finding("similar-ids", item.file, item.line("id"), message, "id", lesson.id)


def _groups(kb: Checked) -> Iterator[Finding]:
    members: dict[str, list[tuple[LessonOnFile | None, Lesson]]] = defaultdict(list)
    grouped = [(own, lesson) for own, lesson in kb.lessons(dropped=True) if lesson.group]
    starters = [(None, lesson) for lesson in kb.starter if lesson.group] if grouped else []
    for own_or_none, lesson in [*starters, *grouped]:
        members[lesson.group or ""].append((own_or_none, lesson))
    broken = {item.told("group") for item in kb.files if item.lesson is None}
    unread = any(item.tree is None for item in kb.files)  # any group may have another in there
    for group, found in members.items():
        first_in: dict[str, str] = {}
        for n, (item, lesson) in enumerate(found):
            twin = first_in.setdefault(lesson.language, lesson.id)
            if item is None:
                continue
            if len(found) == 1 and group not in broken and not unread:
                message = f"group {group!r} has no other lesson: take the group out, or give it to the translation too"
            elif twin != lesson.id:
                message = f"group {group!r} has two lessons in {lesson.language}, this one and {twin}: at most one fits"
            elif n and not any(_share(lesson, other) for _, other in found if other is not lesson):
                others = " or ".join(other.id for _, other in found if other is not lesson)
                message = f"group {group!r}: shares no situation with {others}: are they translations?"
            else:
                continue
            yield Finding("groups", item.file, item.line("group"), message, "group", lesson.id)


def _share(a: Lesson, b: Lesson) -> bool:
    return not a.situations or not b.situations or bool(set(a.situations) & set(b.situations))


CHECKS = (
    Check(
        "duplicate-ids",
        "no two lessons have the same id",
        "An id is one lesson. Of two files with the same id only one is served: the one that is called by its id, else "
        "the first, by path.",
        _double,
    ),
    Check(
        "similar-ids",
        "no two ids look alike",
        "Ids that differ only in a hyphen, in 0 and o, 1 and l, rn and m or vv and w are easily taken for one another "
        "in commands and links.",
        _alike,
    ),
    Check(
        "groups",
        "translations of one another hold together",
        "Lessons of one group are translations of one another: at least two, at most one a language, about the same "
        "situations. A look-up shows one of them, in the reader's language, and names the others.",
        _groups,
    ),
)
