"""What the machine wrote in a lesson file, remembered in few bytes under ``extraction.wrote``, to tell edits by.

A plain field is remembered by a fingerprint of its value; a ``!`` before it says that a person owns the field. A part
is remembered passage by passage, each as ``<digest of the words>@<start>-<end>`` and flags: see ``Trace``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import ROLES

FIELDS = ("title", "date", "author", "situations", "group")
#: What the machine writes and a person may correct.
MACHINE_FIELDS = (*FIELDS, *ROLES)

_TRACE = re.compile(r"([0-9a-f]{10})(?:@([0-9]{1,9})-([0-9]{1,9}))?(\+?)(?:!([0-9a-f]{10}))?(\*?)(x?)(-?)\Z")
_OWNED = "!"


@dataclass(frozen=True, slots=True)
class Trace:
    """A passage as the machine wrote it: its words' digest, where they stand, whether it is a key passage (``+``).

    ``words``: digest of what a person made of it, who owns it even should the machine come to write the same (``!``).
    ``mark``: a person owns its key mark (``*``). ``out``: a person does not want it here (``x``). ``gone``: the machine
    writes it no more; it is remembered for what a person did to it (``-``).
    """

    digest: str
    start: int | None = None
    end: int | None = None
    key: bool = False
    words: str | None = None
    mark: bool = False
    out: bool = False
    gone: bool = False

    @property
    def place(self) -> tuple[int | None, int | None]:
        """Start and end, in code points of the stored article."""
        return self.start, self.end

    @property
    def waits(self) -> bool:
        """Whether it is only remembered so that, should the machine write it again, it has no key mark."""
        return self.gone and self.mark and not (self.key or self.words or self.out)

    def __str__(self) -> str:
        """As it stands in a lesson file."""
        place = "" if self.start is None else f"@{self.start}-{self.end}"
        flags = ((self.key, "+"), (self.words, f"!{self.words}"), (self.mark, "*"), (self.out, "x"), (self.gone, "-"))
        return self.digest + place + "".join(flag for told, flag in flags if told)


def digest(text: str) -> str:
    """What a trace knows words by: 40 bits of their SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:10]


def trace(passage: Passage) -> Trace:
    """A passage as a trace of the machine's."""
    return Trace(digest(passage.text), passage.start, passage.end, passage.key)


def fingerprint(lesson: Lesson, field: str) -> str:
    """A short digest of one field's value."""
    value = getattr(lesson, field)
    if field in ROLES:
        value = [(p.text, p.start, p.end, p.key) for p in value]
    return fingerprint_of(value)


def fingerprint_of(value: object) -> str:
    """The fingerprint of a field with this value."""
    return hashlib.sha256(repr(value).encode("utf-8")).hexdigest()[:12]


def signed(lesson: Lesson, **extra: object) -> Lesson:
    """The lesson with ``extraction.wrote`` set to what the machine now writes in each of its fields."""
    wrote: dict[str, object] = {field: fingerprint(lesson, field) for field in FIELDS}
    wrote |= {role: [str(trace(passage)) for passage in lesson.part(role)] for role in ROLES}
    return replace(lesson, extraction={**extra, "wrote": wrote})


def wrote_of(lesson: Lesson) -> Mapping[str, object]:
    """``extraction.wrote``; nothing where it is missing or was meddled with."""
    wrote = lesson.extraction.get("wrote")
    return wrote if isinstance(wrote, Mapping) else {}


def mark_of(lesson: Lesson, field: str) -> tuple[str | None, bool]:
    """What is remembered of a plain field: the fingerprint (None: nothing), and whether a person owns it already."""
    told = wrote_of(lesson).get(field)
    if not isinstance(told, str) or not told:
        return None, True
    return told.removeprefix(_OWNED), told.startswith(_OWNED)


def owned(print_: str) -> str:
    """A fingerprint with the mark that a person owns the field."""
    return f"{_OWNED}{print_}"


def traces_of(lesson: Lesson, role: str) -> list[Trace] | None:
    """What the machine wrote in a part; None where that is not known: a file by hand, or one that was meddled with.

    Files of the first version remember a part by one fingerprint: it tells whether the part was touched.
    """
    told = wrote_of(lesson).get(role)
    if isinstance(told, str):
        return [trace(p) for p in lesson.part(role)] if told == fingerprint(lesson, role) else None
    if not isinstance(told, Sequence):
        return None
    found = []
    for item in told:
        match = _TRACE.match(item) if isinstance(item, str) else None
        if match is None:
            return None
        name, start, end, key, words, *flags = match.groups()
        place = (int(start), int(end)) if start is not None else (None, None)
        mark, out, gone = map(bool, flags)
        found.append(Trace(name, place[0], place[1], bool(key), words, mark, out, gone))
    return found


def edited_fields(lesson: Lesson) -> list[str]:
    """The machine's fields that a person has changed since (all of them in a file written by hand)."""
    return [field for field in MACHINE_FIELDS if _edited(lesson, field)]


def _edited(lesson: Lesson, field: str) -> bool:
    if field in ROLES:
        return traces_of(lesson, field) != [trace(passage) for passage in lesson.part(field)]
    print_, is_owned = mark_of(lesson, field)
    return is_owned or print_ != fingerprint(lesson, field)
