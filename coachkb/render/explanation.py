"""Why a lesson came out as it did, in words: ``coachkb show ID --explain``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coachkb.jobs.explaining import Explanation, Reason, in_words
from coachkb.model.terms import ROLES, UNSURE
from coachkb.model.visible import safe


def explanation_text(told: Explanation, name_of: Callable[[str], str]) -> str:
    """The explanation as plain lines. ``name_of``: a situation's name by its id."""
    lesson = told.lesson
    out = [f"{safe(lesson.title)}  ({safe(lesson.id)})"]
    if told.trouble:
        out.append(f"Not to be explained: it {safe(told.trouble)}.")
    if told.sureness is not None:
        out.append(f"How sure the machine is of the parts: {told.sureness:.2f}{_to_review(told.sureness)}")
    found = {tag.situation: tag for tag in told.tags}
    out += ["", "SITUATIONS"] if lesson.situations or told.tags else []
    for id_ in lesson.situations:
        tag = found.pop(id_, None)
        why = _tag(tag.score, tag.labels) if tag else "given by a person" if told.tags else "not to be explained"
        out.append(f"  {safe(name_of(id_))}: {why}")
    for tag in found.values():
        out.append(f"  (the machine would say {safe(name_of(tag.situation))}: {_tag(tag.score, tag.labels)})")
    for role in ROLES:
        mine = [reason for reason in told.reasons if reason.part == role]
        if mine:
            out += ["", role.upper()]
        for reason in mine:
            out += [f"  {'*' if reason.passage.key else '-'} {safe(reason.passage.text)}", f"      {_why(reason)}"]
    out += ["", "* a key passage: it stands in summaries"] if any(r.passage.key for r in told.reasons) else []
    return "\n".join(out) + "\n"


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
