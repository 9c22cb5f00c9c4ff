"""What the machine would write now where a person's edit stands: kept under ``extraction.proposed`` until settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe
from coachkb.store.align import mine_to_base
from coachkb.store.wrote import FIELDS, Trace, digest, fingerprint, trace, traces_of, wrote_of

#: The fields that can be open. Situations are a guess, which a changed sentence may turn: what a person set holds.
PROPOSED = tuple(field for field in FIELDS if field != "situations")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One passage that the machine would write (``passage``), or one that it no longer writes: its ``digest`` only."""

    digest: str
    passage: Passage | None = None

    def data(self) -> dict[str, object]:
        """As it stands in a lesson file."""
        if self.passage is None:
            return {"gone": self.digest}
        p = self.passage
        return {"text": p.text, "start": p.start, "end": p.end, "key": p.key}


def proposals(lesson: Lesson) -> dict[str, Any]:
    """What is open: field to the machine's value, part to a list of ``Proposal``.

    What was meddled with, or has become what stands in the file, is not open.
    """
    told = lesson.extraction.get("proposed")
    found: dict[str, Any] = {}
    if not isinstance(told, Mapping):
        return found
    for field in PROPOSED:
        if field in told and told[field] != getattr(lesson, field) and _fits(field, told[field]):
            found[field] = told[field]
    for role in ROLES:
        items = told.get(role)
        if isinstance(items, Sequence) and not isinstance(items, str):
            traces = traces_of(lesson, role) or []
            open_ = still_open(filter(None, map(_read, items)), traces, lesson.part(role))
            if open_:
                found[role] = open_
    return found


def value_text(value: Any) -> list[str]:
    """What is proposed for a field, as lines for people."""
    if isinstance(value, list):
        gone = "(one that stands here is no longer in the article)"
        return [_line(item.passage.text) if item.passage else gone for item in value]
    return [_line(value or "(nothing)")]


def _line(text: str) -> str:
    return safe(" ".join(text.split()))


def _fits(field: str, value: object) -> bool:
    return isinstance(value, str) or (value is None and field != "title")


def _read(item: object) -> Proposal | None:
    if not isinstance(item, Mapping):
        return None
    if isinstance(item.get("gone"), str):
        return Proposal(item["gone"])
    text = item.get("text")
    if not isinstance(text, str) or not text:
        return None
    start, end = (str(item.get(key)) for key in ("start", "end"))
    place = (int(start), int(end)) if start.isdecimal() and end.isdecimal() else (None, None)
    return Proposal(digest(text), Passage(text, place[0], place[1], str(item.get("key")).lower() == "true"))


def still_open(items: Iterable[Proposal], traces: Sequence[Trace], passages: Sequence[Passage]) -> list[Proposal]:
    """The proposals that still mean something, each once: the machine stands by them, and the file says otherwise."""
    here = {digest(p.text) for p in passages}
    writes = {t.digest for t in traces if not t.gone}
    gone = {traces[j].digest for j in mine_to_base(passages, traces).values() if traces[j].gone}
    by_digest = {}
    for item in items:
        if item.digest in gone if item.passage is None else item.digest in writes - here:
            by_digest[item.digest] = item
    return list(by_digest.values())


def with_proposals(lesson: Lesson, open_: Mapping[str, Any]) -> Lesson:
    """The lesson with these as ``extraction.proposed``; without it when there are none."""
    extraction = {key: value for key, value in lesson.extraction.items() if key != "proposed"}
    if open_:
        extraction["proposed"] = {
            key: [item.data() for item in value] if key in ROLES else value for key, value in open_.items()
        }
    return replace(lesson, extraction=extraction)


def settled(lesson: Lesson, take: str, fields: Iterable[str]) -> Lesson:
    """The lesson with the open proposals of these fields settled: ``take`` the ``machine``'s or ``mine``."""
    open_ = proposals(lesson)
    for field in fields:
        value = open_.pop(field, None)
        if take == "machine":
            lesson = _taken(lesson, field, value) if field in FIELDS else _taken_part(lesson, field, value or [])
    return with_proposals(lesson, open_)


def _taken(lesson: Lesson, field: str, value: Any) -> Lesson:
    lesson = replace(lesson, **{field: value})
    return _wrote(lesson, field, fingerprint(lesson, field))


def _taken_part(lesson: Lesson, role: str, items: Iterable[Proposal]) -> Lesson:
    """Puts the machine's passages where they belong: over the person's of the same one, else after their neighbour."""
    passages, traces = list(lesson.part(role)), traces_of(lesson, role) or []
    for item in items:
        at = next((j for j, t in enumerate(traces) if t.digest == item.digest), None)
        if at is None:
            continue
        of_base = {j: i for i, j in mine_to_base(passages, traces).items()}
        if item.passage is None:
            if at in of_base:
                del passages[of_base[at]]
            del traces[at]
            continue
        if at in of_base:
            passages[of_base[at]] = item.passage
        else:
            before = [of_base[j] for j in range(at) if j in of_base]
            passages.insert(before[-1] + 1 if before else 0, item.passage)
        traces[at] = trace(item.passage)
    lesson = replace(lesson, **{role: tuple(passages)})  # type: ignore[arg-type]
    return _wrote(lesson, role, [str(t) for t in traces])


def _wrote(lesson: Lesson, field: str, told: object) -> Lesson:
    return replace(lesson, extraction={**lesson.extraction, "wrote": {**wrote_of(lesson), field: told}})
