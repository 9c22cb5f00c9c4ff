"""Practice as a person sees it: a line of the buyer, the lesson's words, and how it goes. Rows as in ``reviewing``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from coachkb.jobs.practising import Turn
from coachkb.jobs.progress import Progress, Standing
from coachkb.model.numbers import some
from coachkb.model.visible import safe
from coachkb.render import view
from coachkb.render.reviewing import Row


def question(turn: Turn, names: Mapping[str, str], ui: Mapping[str, str]) -> Iterator[Row]:
    """What is shown before the person answers. ``names``: situations, and ``ui``: phrases, in their language."""
    hit = turn.hit
    facts = [
        ui["label.turn_of"].format(n=turn.number, total=turn.total),
        safe(names.get(turn.situation, turn.situation)),
        hit.language,
    ]
    if turn.again:
        facts.append(ui["label.once_more"])
    elif turn.card is None:
        facts.append(ui["label.unseen"])
    yield "quiet", "", " · ".join(facts)
    yield "", "", ui["label.buyer_says"] if turn.line.quoted else ui["label.comes_up"]
    yield "words", "  ", safe(turn.line.text)
    yield "", "", ""
    yield "quiet", "", ui["label.how_to_answer"]


def whose(turn: Turn, ui: Mapping[str, str]) -> Iterator[Row]:
    """Below the lesson's words to say: its title, and that there is more. ``ui``: phrases in the person's language."""
    _, more = view.shown(turn.hit, "script", full=False)
    yield "quiet", "", safe(turn.hit.title)
    yield "quiet", "", ui["label.more_passages"].format(n=more) if more else ui["label.whole_lesson"]


def command_for_all(turn: Turn) -> str:
    """The command that shows what was left out; in one piece, to be copied."""
    _, more = view.shown(turn.hit, "script", full=False)
    return f"coachkb {'say' if more else 'show'} {safe(turn.hit.id)}"


def key_line(keys: Mapping[str, str], ui: Mapping[str, str]) -> str:
    """The keys (letter to what it is: a grade, skip or quit) with what each does in the person's language."""
    named = {key: ui.get(f"label.grade_{name}") or ui[f"label.key_{name}"] for key, name in keys.items()}
    return "  ".join(f"[{key}]{word[1:] if word.startswith(key) else f' {word}'}" for key, word in named.items())


def session_line(counts: Mapping[str, int], left: int, ui: Mapping[str, str]) -> str:
    """How a session went, in the person's language."""
    named = [f"{n} {ui.get(f'label.grade_{name}') or ui['label.skipped']}" for name, n in counts.items()]
    graded = ", ".join(named) or ui["label.nothing_graded"]
    return f"{graded}; {ui['label.left'].format(n=left)}." if left else f"{graded}."


def back_on(grade: str, day: datetime.date, today: datetime.date, ui: Mapping[str, str]) -> str:
    """When a graded lesson comes back, in words."""
    days = (day - today).days
    if grade == "again":
        return ui["label.back_again"]
    if days > 1:
        return ui["label.back_on"].format(n=days, day=day)
    return ui["label.back_tomorrow"] if days == 1 else ui["label.back_today"]


def summary(told: Progress) -> str:
    """Progress in one sentence."""
    due = f"{len(told.due)} due today" if told.due else "Nothing due today"
    coming = f", the next on {told.next_due}" if told.next_due else ""
    return f"{due}{coming}; {told.practised} of {some(told.lessons, 'lesson')} practised."


def standing_row(standing: Standing, names: Mapping[str, str]) -> tuple[str, str, str, str, str, str]:
    """A situation that was practised: its name, weak or not, due, practised of lessons, sure, recall."""
    return (
        safe(names.get(standing.id, standing.id)),
        "weak" if standing.weak else "",
        str(standing.due),
        f"{standing.practised}/{standing.lessons}",
        _percent(standing.sure),
        _percent(standing.recall),
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def progress_data(told: Progress) -> dict[str, object]:
    """Progress as JSON: every key present."""
    return {
        "today": told.today.isoformat(),
        "lessons": told.lessons,
        "practised": told.practised,
        "next_due": told.next_due.isoformat() if told.next_due else None,
        "due": [
            {
                "id": item.hit.id,
                "title": item.hit.title,
                "language": item.hit.language,
                "situations": list(item.hit.situations),
                "due": item.due.isoformat(),
            }
            for item in told.due
        ],
        "situations": [
            {
                "id": standing.id,
                "lessons": standing.lessons,
                "practised": standing.practised,
                "due": standing.due,
                "sure": None if standing.sure is None else round(standing.sure, 3),
                "recall": None if standing.recall is None else round(standing.recall, 3),
                "weak": standing.weak,
            }
            for standing in told.situations
        ],
    }
