"""One lesson, one YAML file: reading with the file, line and field of every fault; writing in the fixed key order."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coachkb.errors import UnreadableFile
from coachkb.model.lesson import Lesson, Passage, Review, Source
from coachkb.model.terms import LESSON_FORMAT, MAX_SITUATIONS, ROLES, STATUSES
from coachkb.store.strict_yaml import Tree, load_tree
from coachkb.store.yaml_text import block, listed, scalar

KEYS = (
    "format",
    "id",
    "title",
    "language",
    "date",
    "author",
    "situations",
    "group",
    "source",
    *ROLES,
    "review",
    "notes",
    "extraction",
)
SOURCE_KEYS = ("path", "origin", "sha256", "start", "end")
REVIEW_KEYS = ("status", "by", "on", "until")
PASSAGE_KEYS = ("text", "start", "end", "key")

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_INTEGER = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")


# ---------------------------------------------------------------------------------------------------- reading


def parse_lesson(text: str, path: str, loader: Any = None) -> Lesson:
    """The lesson in a file's text. ``path`` is for messages.

    Raises UnreadableFile with the line and field of the first fault. Missing parts are empty; of the rest only format,
    id, title, language and situations are required. Unknown keys are left alone.
    """
    return lesson_of(load_tree(text, path, loader), path)


def lesson_of(tree: Tree, path: str) -> Lesson:
    """The lesson that a file's tree holds. Raises UnreadableFile as ``parse_lesson`` does."""
    if not isinstance(tree.value, dict):
        raise UnreadableFile(path, "should be a mapping (format, id, title, ...)", tree.line)
    fields: dict[str, Tree] = tree.value
    read = _Reader(path, fields)
    number = read.integer("format", required=True)
    if number is not None and number > LESSON_FORMAT:
        raise UnreadableFile(path, f"is of format {number}, made by a newer coachkb: update coachkb to read it", 1)
    if number != LESSON_FORMAT:
        raise read.fault("format", f"should be {LESSON_FORMAT}")
    id_ = read.text("id", required=True, pattern=_ID, form="lower-case words joined by hyphens")
    title = read.text("title", required=True)
    language = read.text("language", required=True, pattern=_LANGUAGE, form="a language code such as en")
    situations = read.words("situations", required=True)
    if len(situations) > MAX_SITUATIONS:
        raise read.fault("situations", f"are {len(situations)}, at most {MAX_SITUATIONS} fit")
    for situation in situations:
        if not _ID.match(situation):
            raise read.fault("situations", f"has {situation[:40]!r}, should be ids such as too-expensive")
    return Lesson(
        id=id_ or "",
        title=title or "",
        language=language or "",
        situations=situations,
        date=read.text("date", pattern=_DATE, form="YYYY-MM-DD"),
        author=read.text("author"),
        group=read.text("group"),
        source=read.source(),
        problem=read.passages("problem"),
        diagnosis=read.passages("diagnosis"),
        tactic=read.passages("tactic"),
        script=read.passages("script"),
        review=read.review(),
        notes=read.text("notes"),
        extraction=_plain(fields["extraction"]) if isinstance(_value(fields, "extraction"), dict) else {},
    )


def as_read(lesson: Lesson) -> Lesson:
    """A lesson as the reading of its file gives it: what lies under ``extraction`` is text there."""
    return replace(
        lesson,
        date=lesson.date or None,
        author=lesson.author or None,
        group=lesson.group or None,
        notes=lesson.notes or None,
        extraction=_as_text(lesson.extraction),
    )


def _as_text(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(item) for item in value]
    return scalar(value) if isinstance(value, bool | int | float) else value


def _value(fields: Mapping[str, Tree], key: str) -> Any:
    return fields[key].value if key in fields else None


def _plain(tree: Tree) -> Any:
    if isinstance(tree.value, dict):
        return {key: _plain(item) for key, item in tree.value.items()}
    if isinstance(tree.value, list):
        return [_plain(item) for item in tree.value]
    return tree.value


class _Reader:
    """Takes typed fields out of a tree, with a fault that names the field and the line."""

    def __init__(self, path: str, fields: Mapping[str, Tree], prefix: str = "") -> None:
        self.path, self.fields, self.prefix = path, fields, prefix

    def fault(self, key: str, reason: str) -> UnreadableFile:
        line = self.fields[key].line if key in self.fields else None
        return UnreadableFile(self.path, f"{self.prefix}{key} {reason}", line)

    def text(
        self, key: str, required: bool = False, pattern: re.Pattern[str] | None = None, form: str = ""
    ) -> str | None:
        value = _value(self.fields, key)
        if value is None or (value == "" and not required):
            if required:
                raise self.fault(key, "is missing")
            return None
        if not isinstance(value, str):
            raise self.fault(key, "should be text")
        if required and not value.strip():
            raise self.fault(key, "is empty")
        if pattern and not pattern.match(value):
            raise self.fault(key, f"is {value[:40]!r}, should be {form}")
        if pattern is _DATE and int(value[8:]) > monthrange(int(value[:4]) or 4, int(value[5:7]))[1]:
            raise self.fault(key, f"is {value!r}, a day that month does not have")
        return value

    def integer(self, key: str, required: bool = False) -> int | None:
        value = self.text(key, required, _INTEGER, "a whole number")
        return int(value) if value is not None else None

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        value = _value(self.fields, key)
        if value is None:
            if required:
                raise self.fault(key, "is missing")
            return ()
        if not isinstance(value, list) or not all(isinstance(item.value, str) for item in value):
            raise self.fault(key, "should be a list of ids")
        return tuple(item.value for item in value)

    def _below(self, key: str) -> _Reader:
        value = _value(self.fields, key)
        if value is not None and not isinstance(value, dict):
            raise self.fault(key, "should be a mapping")
        return _Reader(self.path, value or {}, f"{self.prefix}{key}.")

    def source(self) -> Source:
        below = self._below("source")
        path = below.text("path")
        if path is not None and (path.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", path) or ":" in path[:3]):
            raise below.fault("path", "leads out of the knowledge base")
        if path is not None and _CONTROL.search(path):
            raise below.fault("path", "holds characters that no file's name has here")
        return Source(path, below.text("origin"), below.text("sha256"), below.integer("start"), below.integer("end"))

    def review(self) -> Review:
        below = self._below("review")
        status = below.text("status") or "draft"
        if status not in STATUSES:
            raise below.fault("status", f"is {status[:40]!r}, should be one of {', '.join(STATUSES)}")
        on = below.text("on", pattern=_DATE, form="YYYY-MM-DD")
        return Review(status, below.text("by"), on, below.text("until", pattern=_DATE, form="YYYY-MM-DD"))

    def passages(self, key: str) -> tuple[Passage, ...]:
        value = _value(self.fields, key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.fault(key, "should be a list of passages")
        found = []
        for item in value:
            if isinstance(item.value, str):  # what a person types: a bare line
                found.append(Passage(item.value))
                continue
            if not isinstance(item.value, dict):
                raise UnreadableFile(self.path, f"{key} should be a list of passages (text: …)", item.line)
            below = _Reader(self.path, item.value, f"{self.prefix}{key}.")
            text = below.text("text")
            if text is None:
                raise UnreadableFile(self.path, f"{key}: a passage has no text", item.line)
            start, end = below.integer("start"), below.integer("end")
            if (start is None) != (end is None) or (start is not None and end is not None and start >= end):
                raise UnreadableFile(self.path, f"{key}: start and end of a passage do not fit together", item.line)
            told = below.text("key") or "false"
            if told.lower() not in ("true", "false"):
                raise below.fault("key", "should be true or false")
            found.append(Passage(text, start, end, told.lower() == "true"))
        return tuple(found)


# ---------------------------------------------------------------------------------------------------- writing


def passage_text(passage: Passage, indent: str = "  ") -> str:
    """One passage of a part as it is written, its dash at ``indent``, line end included."""
    text = f"{indent}- text: {block(passage.text, f'{indent}    ')}\n"
    if passage.start is not None:
        text += f"{indent}  start: {passage.start}\n{indent}  end: {passage.end}\n"
    return text + (f"{indent}  key: true\n" if passage.key else "")


def mapping_text(items: Mapping[str, object], indent: str = "  ") -> str:
    """A mapping as it is written below its key: from the key's line on, without the last line's end."""
    return "".join(f"\n{indent}{scalar(key)}:{_value_text(value, indent)}" for key, value in items.items()) or " {}"


def _value_text(value: object, indent: str) -> str:
    if isinstance(value, Mapping):
        return mapping_text(value, f"{indent}  ")
    if isinstance(value, list | tuple):
        if not value or not all(isinstance(item, Mapping) for item in value):
            return f" {_flow(value)}"
        rows = (mapping_text(item, f"{indent}    ").lstrip() for item in value)
        return "".join(f"\n{indent}  - {row}" for row in rows)
    return f" {scalar(value)}"


def _flow(value: object) -> str:
    """A value within brackets, such as a person may have put under ``extraction``."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{listed(key)}: {_flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return listed(value)


def source_data(source: Source) -> dict[str, object]:
    """A source as its lesson file has it."""
    return {key: getattr(source, key) for key in SOURCE_KEYS}


def review_data(review: Review) -> dict[str, object]:
    """A review as its lesson file has it."""
    return {key: getattr(review, key) for key in REVIEW_KEYS}


#: What stands behind the keys whose values are more than a word.
_BODIES: Mapping[str, Callable[[Lesson], str]] = {
    "format": lambda _: f" {LESSON_FORMAT}",
    "situations": lambda lesson: "".join(f"\n  - {scalar(item)}" for item in lesson.situations) or " []",
    "source": lambda lesson: mapping_text(source_data(lesson.source)),
    "review": lambda lesson: mapping_text(review_data(lesson.review)),
    "notes": lambda lesson: f" {block(lesson.notes, '  ') if lesson.notes else 'null'}",
    "extraction": lambda lesson: mapping_text(lesson.extraction),
}


def field_text(lesson: Lesson, key: str) -> str:
    """One top-level field as it is written, key and line end included."""
    if key in ROLES:
        return f"{key}:\n{''.join(map(passage_text, lesson.part(key)))}" if lesson.part(key) else f"{key}: []\n"
    body = _BODIES[key](lesson) if key in _BODIES else f" {scalar(getattr(lesson, key))}"
    return f"{key}:{body}\n"


def render_lesson(lesson: Lesson) -> str:
    """A lesson as its file's text, in the fixed key order."""
    return "".join(field_text(lesson, key) for key in KEYS)
