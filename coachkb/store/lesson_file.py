"""One lesson, one YAML file: reading with the file, line and field of every fault; writing in the fixed key order."""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import yaml

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
#: The fields the machine writes and a person may correct; ``extraction.wrote`` remembers the machine's version.
MACHINE_FIELDS = ("title", "date", "author", "situations", "group", *ROLES)

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_INTEGER = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts lines by


# ---------------------------------------------------------------------------------------------------- reading


def parse_lesson(text: str, path: str, loader: Any = None) -> Lesson:
    """The lesson in a file's text. ``path`` is for messages.

    Raises UnreadableFile with the line and field of the first fault. Missing parts are empty; of the rest only format,
    id, title, language and situations are required. Unknown keys are left alone.
    """
    tree = load_tree(text, path, loader)
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


def _passages(passages: tuple[Passage, ...]) -> str:
    if not passages:
        return " []"
    rows = []
    for passage in passages:
        row = f"\n  - text: {block(passage.text, '      ')}"
        if passage.start is not None:
            row += f"\n    start: {passage.start}\n    end: {passage.end}"
        if passage.key:
            row += "\n    key: true"
        rows.append(row)
    return "".join(rows)


def _mapping(items: Mapping[str, object], indent: str = "  ") -> str:
    if not items:
        return " {}"
    out = ""
    for key, value in items.items():
        if isinstance(value, Mapping):
            out += f"\n{indent}{scalar(key)}:{_mapping(value, indent + '  ')}"
        elif isinstance(value, list | tuple):
            out += f"\n{indent}{scalar(key)}: [{', '.join(listed(item) for item in value)}]"
        else:
            out += f"\n{indent}{scalar(key)}: {scalar(value)}"
    return out


def field_text(lesson: Lesson, key: str) -> str:
    """One top-level field as it is written, key and line end included."""
    source, review = lesson.source, lesson.review
    bodies: dict[str, Callable[[], str]] = {
        "format": lambda: f" {LESSON_FORMAT}",
        "situations": lambda: (
            "".join(f"\n  - {scalar(item)}" for item in lesson.situations) if lesson.situations else " []"
        ),
        "source": lambda: _mapping(
            {
                "path": source.path,
                "origin": source.origin,
                "sha256": source.sha256,
                "start": source.start,
                "end": source.end,
            }
        ),
        "review": lambda: _mapping({"status": review.status, "by": review.by, "on": review.on, "until": review.until}),
        "notes": lambda: f" {block(lesson.notes, '  ') if lesson.notes else 'null'}",
        "extraction": lambda: _mapping(lesson.extraction),
    }
    if key in ROLES:
        return f"{key}:{_passages(lesson.part(key))}\n"
    body = bodies.get(key, lambda: f" {scalar(getattr(lesson, key))}")()
    return f"{key}:{body}\n"


def render_lesson(lesson: Lesson) -> str:
    """A lesson as its file's text, in the fixed key order."""
    return "".join(field_text(lesson, key) for key in KEYS)


def update_text(old_text: str, path: str, new: Lesson) -> str:
    """The file's text with only the fields that changed written anew; comments, order and quoting of the rest stay.

    A file whose fields do not stand on lines of their own (``{format: 1, id: ...}``) is written whole.
    """
    fields: dict[str, Tree] = load_tree(old_text, path).value
    old = parse_lesson(old_text, path)
    lines = _lines(old_text)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    starts = sorted(item.line - 1 for item in fields.values())
    edits: list[tuple[int, int, str]] = []
    appended = ""
    for key in KEYS[1:]:
        if getattr(old, key) == getattr(new, key):
            continue
        text = field_text(new, key).replace("\n", end)
        if key not in fields:
            appended += text
            continue
        first = fields[key].line - 1
        last = next((start for start in starts if start > first), len(lines))
        while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
            last -= 1  # blank lines and comments before the next key are the next key's
        edits.append((first, last, text))
    for first, last, text in sorted(edits, reverse=True):
        lines[first:last] = [text]
    result = "".join(lines)
    if appended:
        result = result.rstrip() + end + appended
    return result if _says(result, path, new) else _rewritten(fields, new)


def _lines(text: str) -> list[str]:
    """The lines of a text as YAML counts them, each with its end."""
    ends = [found.end() for found in _LINE_BREAK.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b]


def _says(text: str, path: str, lesson: Lesson) -> bool:
    try:
        return parse_lesson(text, path) == parse_lesson(render_lesson(lesson), path)
    except UnreadableFile:
        return False


def _rewritten(fields: Mapping[str, Tree], new: Lesson) -> str:
    """The lesson as a file of its own, with the keys that a person added."""
    unknown = {key: _plain(item) for key, item in fields.items() if key not in KEYS}
    more = yaml.safe_dump(unknown, allow_unicode=True, sort_keys=False) if unknown else ""
    return render_lesson(new) + more


# ------------------------------------------------------------------------------------- telling machine from person


def fingerprint(lesson: Lesson, field: str) -> str:
    """A short digest of one field's value, to tell later whether a person changed it."""
    value = getattr(lesson, field)
    if field in ROLES:
        value = [(p.text, p.start, p.end, p.key) for p in value]
    return hashlib.sha256(repr(value).encode("utf-8")).hexdigest()[:12]


def signed(lesson: Lesson, **extra: object) -> Lesson:
    """The lesson with ``extraction.wrote`` set to what the machine now writes in each of its fields."""
    wrote = {field: fingerprint(lesson, field) for field in MACHINE_FIELDS}
    return replace(lesson, extraction={**extra, "wrote": wrote})


def edited_fields(lesson: Lesson) -> list[str]:
    """The machine's fields that a person has changed since (all of them in a file written by hand)."""
    wrote = lesson.extraction.get("wrote")
    if not isinstance(wrote, Mapping):
        return list(MACHINE_FIELDS)
    return [field for field in MACHINE_FIELDS if wrote.get(field) != fingerprint(lesson, field)]


def merged(old: Lesson, new: Lesson) -> Lesson:
    """``new`` from the machine laid over ``old`` on file: edited fields, id, review and notes stay a person's.

    An approval was given to what stood there: where the words of a part change, the lesson is a draft again.
    """
    kept = {field: getattr(old, field) for field in edited_fields(old)}
    wrote = dict(new.extraction.get("wrote") or {})  # type: ignore[call-overload]
    old_wrote = old.extraction.get("wrote")
    for field in kept:  # an edited field stays told apart from the machine's, whatever the machine writes now
        wrote[field] = old_wrote.get(field, "") if isinstance(old_wrote, Mapping) else ""
    result = replace(new, id=old.id, language=old.language, review=old.review, notes=old.notes, **kept)
    if old.review.status == "approved" and _words(result) != _words(old):
        result = replace(result, review=replace(old.review, status="draft"))
    return replace(result, extraction={**new.extraction, "wrote": wrote})


def _words(lesson: Lesson) -> list[list[str]]:
    return [[passage.text for passage in lesson.part(role)] for role in ROLES]
