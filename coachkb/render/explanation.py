"""Why a lesson came out as it did, in words: ``coachkb show ID --explain``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coachkb.jobs.explaining import Explanation, Reason, in_words
from coachkb.model.terms import ROLES, UNSURE
from coachkb.model.visible import safe
from coachkb.render.reviewing import Row


def explanation_rows(told: Explanation, names: Mapping[str, str]) -> Iterator[Row]:
    """The explanation as rows. ``names``: of situations, by their ids."""
    lesson = told.lesson
    yield "title", "", f"{safe(lesson.title)}  ({safe(lesson.id)})"
    if told.trouble:
        yield "status.changed", "", f"Not to be explained: it {safe(told.trouble)}."
    if told.sureness is not None:
        yield "", "", f"How sure the machine is of the parts: {told.sureness:.2f}{_to_review(told.sureness)}"
    found = {tag.situation: tag for tag in told.tags}
    if lesson.situations or told.tags:
        yield from (("", "", ""), ("heading", "", "SITUATIONS"))
    for id_ in lesson.situations:
        tag = found.pop(id_, None)
        why = _tag(tag.score, tag.labels) if tag else "given by a person" if told.tags else "not to be explained"
        yield "", "  ", f"{safe(names.get(id_, id_))}: {why}"
    for tag in found.values():
        yield (
            "",
            "  ",
            f"(the machine would say {safe(names.get(tag.situation, tag.situation))}: {_tag(tag.score, tag.labels)})",
        )
    for role in ROLES:
        mine = [reason for reason in told.reasons if reason.part == role]
        if mine:
            yield from (("", "", ""), (f"part.{role}", "", role.upper()))
        for reason in mine:
            yield "", f"  {'*' if reason.passage.key else '-'} ", safe(reason.passage.text)
            yield "quiet", "      ", _why(reason)
    if any(reason.passage.key for reason in told.reasons):
        yield from (("", "", ""), ("quiet", "", "* a key passage: it stands in summaries"))


def _to_review(sureness: float) -> str:
    return f" (under {UNSURE:.2f}: to be reviewed first)" if sureness < UNSURE else ""


def _tag(score: float, labels: tuple[str, ...]) -> str:
    named = f"; it says {', '.join(repr(safe(label)) for label in labels)}" if labels else ""
    return f"stands out by {score:.1f}{named}"


def _why(reason: Reason) -> str:
    if reason.by == "unknown":
        return "not to be explained"
    cues = "; ".join(in_words(cue) for cue in reason.cues)
    if reason.by == "person":
        if reason.machine is None:
            return "by a person"
        return f"put here by a person; the machine says {reason.machine} ({reason.sureness:.2f}): {cues}"
    other = f", else {reason.instead[0]} {reason.instead[1]:.2f}" if reason.instead else ""
    return f"{reason.sureness:.2f}{other}: {cues or 'what stands around it'}"


def explanation_data(told: Explanation) -> dict[str, Any]:
    """The explanation as plain data: every key present, unknown is null."""
    return {
        "id": told.lesson.id,
        "sureness": told.sureness,
        "unsure": told.sureness < UNSURE if told.sureness is not None else None,
        "trouble": told.trouble,
        "situations": [
            {"id": tag.situation, "score": round(tag.score, 3), "labels": list(tag.labels)} for tag in told.tags
        ],
        "passages": [
            {
                "part": reason.part,
                "text": reason.passage.text,
                "by": reason.by,
                "sureness": reason.sureness,
                "instead": {"part": reason.instead[0], "sureness": reason.instead[1]} if reason.instead else None,
                "machine": reason.machine,
                "cues": [{"name": cue, "meaning": in_words(cue)} for cue in reason.cues],
            }
            for reason in told.reasons
        ],
    }
