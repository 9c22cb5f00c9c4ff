"""Checks of lesson files as files: readable, merged, valid, read alike by every parser, in their place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

from coachkb.data.load import language_codes
from coachkb.ingest.read import merge_mark
from coachkb.jobs.checks.base import Check, Checked, Finding, LessonOnFile
from coachkb.model.terms import ROLES
from coachkb.store.folder import place
from coachkb.store.lesson_faults import faults, unknown_keys
from coachkb.store.strict_yaml import is_conflict_mark
from coachkb.store.yaml_readings import Reading, other_readings, quoted

_INTS = ("format", "source.start", "source.end", *(f"{role}.{key}" for role in ROLES for key in ("start", "end")))
_BOOLS = tuple(f"{role}.key" for role in ROLES)


def conflict_lines(text: str) -> list[int]:
    """The lines of a text that git left in it where a merge did not settle; none when no conflict begins in it."""
    marks = [(n, line) for n, line in enumerate(text.split("\n"), 1) if is_conflict_mark(line)]
    return [n for n, _ in marks] if any(line[:7] in ("<<<<<<<", ">>>>>>>") for _, line in marks) else []


def _merge(kb: Checked) -> Iterator[Finding]:
    for item in kb.files:
        lines = conflict_lines(item.text)
        if lines:
            places = f"lines {', '.join(map(str, lines))}" if len(lines) > 1 else f"line {lines[0]}"
            message = f"has git merge conflict marks ({places}): keep one side or both, and take the marks out"
            yield Finding("merge", item.file, lines[0], message)
    for path in kb.present:
        if line := merge_mark(kb.article(path).text or ""):
            message = "has git merge conflict marks from here on: settle the merge, then ingest it"
            yield Finding("merge", path, line, message, article=path)


def _schema(kb: Checked) -> Iterator[Finding]:
    for item in kb.files:
        if conflict_lines(item.text):
            continue
        found = faults(item.tree, item.file) if item.tree is not None else [item.error] if item.error else []
        for error in found:
            field = error.reason.split(":")[0].split(" ")[0] if item.tree is not None else None
            yield Finding("schema", item.file, error.line or 1, error.reason, field=field)
        if item.lesson is not None and item.lesson.language not in language_codes():
            message = f"language {item.lesson.language!r} is none that coachkb knows: {', '.join(language_codes())}"
            yield Finding("schema", item.file, item.line("language"), message, "language", item.lesson.id)


def _keys(kb: Checked) -> Iterator[Finding]:
    for item in kb.files:
        if item.tree is not None:
            for field, line, near in unknown_keys(item.tree):
                hint = f"did you mean {near!r}?" if near else "text of your own goes into notes"
                message = f"{field} is no key that coachkb knows: {hint}"
                id_ = item.lesson.id if item.lesson else None
                fixable = _slip(item, field, near)
                yield Finding("unknown-keys", item.file, line, message, field, id_, None, fixable)


def _slip(item: LessonOnFile, field: str, near: str | None) -> bool:
    """Whether a key is sure to be a misspelt one: it stands at the top of the lesson, which lacks what it is like."""
    keys = item.tree.value if item.tree and item.lesson else {}
    return field in keys and near is not None and near not in keys


def _rename(_: Checked, item: LessonOnFile) -> LessonOnFile:
    """The misspelt keys spelt as they should be, where the lesson can still be read then."""
    for field, _line, near in list(unknown_keys(item.tree)) if item.tree else ():
        if near and _slip(item, field, near):
            key = re.compile(rf"^(['\"]?){re.escape(field)}\1(?=\s*:)", re.MULTILINE)
            mended = item.with_text(key.sub(near, item.text, count=1))
            item = mended if mended.lesson else item
    return item


def _readings(item: LessonOnFile) -> list[Reading]:
    """What of the file others read differently; below a key that nobody knows, a person says what is meant."""
    if item.tree is None:
        return []
    unknown = [field for field, _, _ in unknown_keys(item.tree)]
    return other_readings(item.text, _INTS, _BOOLS, ("extraction",), unknown)


def _other_parsers(kb: Checked) -> Iterator[Finding]:
    for item in kb.files:
        for reading in _readings(item):
            id_ = item.lesson.id if item.lesson else None
            what = f"{reading.value!r} is {reading.taken_for} to other YAML parsers"
            fixable = reading.start is not None
            message = f"{what}: {'put it in quotes' if fixable else 'write it as an escape in quotes'}"
            yield Finding("other-parsers", item.file, reading.line, message, reading.field or None, id_, None, fixable)


def _quote(_: Checked, item: LessonOnFile) -> LessonOnFile:
    return item.with_text(quoted(item.text, _readings(item)))


def _place(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons(dropped=True):
        right = place(lesson)
        if item.file == right or lesson.language not in language_codes():
            continue
        there = next((other for other in kb.files if other.file.casefold() == right.casefold()), None)
        if there and there.lesson and there.lesson.id == lesson.id:
            continue  # a copy, and told as such
        folder, name = os.path.split(item.file)
        wrong = "id" if name != f"{lesson.id}.yaml" else "language" if folder != f"lessons/{lesson.language}" else ""
        message = f"should lie at {right}, by its {wrong}" + (": move what lies there first" if there else "")
        yield Finding("place", item.file, item.line(wrong), message, wrong, lesson.id, fixable=kb.is_free(item, right))


def _move(kb: Checked, item: LessonOnFile) -> LessonOnFile:
    assert item.lesson is not None
    right = place(item.lesson)
    return replace(item, file=right) if kb.is_free(item, right) else item


CHECKS = (
    Check(
        "merge",
        "no git merge conflict is left in a lesson or an article",
        "git writes <<<<<<<, ======= and >>>>>>> into a file that two people changed in the same place. Such a lesson "
        "is not served, such an article not ingested: its lessons stay as they were. Keep one side or both, take the "
        "marks out, and 'git add' the file. Marks that an article quotes between lines of ``` are none.",
        _merge,
    ),
    Check(
        "schema",
        "every field is what the lesson format says",
        "Files that cannot be read, that are not valid YAML, or that have fields with a fault: each is told with its "
        "line. Such a lesson is not served until it is mended; the others are.",
        _schema,
    ),
    Check(
        "unknown-keys",
        "no key that coachkb does not know",
        "A key that coachkb does not know is kept but never read: mostly it is a slip of the pen, such as 'untill'. "
        "The nearest known key is named, and --fix writes it where it is the lesson's own and lacking. Text of your "
        "own goes into notes, or into a comment.",
        _keys,
        _rename,
    ),
    Check(
        "other-parsers",
        "every YAML parser reads the file alike",
        "coachkb takes text for text. Other parsers take an unquoted no or on for a yes-or-no, 12:30 for 750, 1.10 for "
        "1.1 and 2026-01-15 for a date (YAML 1.1, as PyYAML reads it, or the core schema of YAML 1.2). --fix puts them "
        "in quotes.",
        _other_parsers,
        _quote,
    ),
    Check(
        "place",
        "a lesson lies at lessons/<language>/<id>.yaml",
        "A lesson is served wherever it lies below lessons/, but people and scripts look for it under its language and "
        "id. --fix moves the file, unless another one lies there.",
        _place,
        _move,
    ),
)
