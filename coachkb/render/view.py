"""What every rendering of a lesson shows, decided once: which passages, which facts, in which words."""

from __future__ import annotations

from coachkb.model.hit import Hit
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe

#: As many passages of a script are shown at once; a longer one shows the stretch with its first key passage.
_SCRIPT_SHOWN = 8
_GAP = 4  # characters between passages that are spoken in one go


def shown(hit: Hit, role: str, full: bool) -> tuple[list[str], int]:
    """The passages of a part to show, and how many more there are: the key ones, or all with ``full``.

    Of a script a stretch is shown, for words to say are read aloud, and key sentences out of it would not be.
    """
    passages = hit.parts[role]
    if full or len(passages) <= (_SCRIPT_SHOWN if role == "script" else 1):
        chosen = passages
    elif role == "script":
        chosen = _stretch(passages)
    else:
        chosen = [passage for passage in passages if passage[3]] or passages[:3]
    return [safe(text) for text, *_ in chosen], len(passages) - len(chosen)


def _stretch(
    passages: list[tuple[str, int | None, int | None, bool]],
) -> list[tuple[str, int | None, int | None, bool]]:
    """The passages around the first key one that follow one another in the article, up to as many as are shown."""
    key = next((i for i, passage in enumerate(passages) if passage[3]), 0)
    first = key
    while first and key - first < _SCRIPT_SHOWN // 2 and _follows(passages[first - 1], passages[first]):
        first -= 1
    last = key
    while (
        last + 1 < len(passages) and last - first + 1 < _SCRIPT_SHOWN and _follows(passages[last], passages[last + 1])
    ):
        last += 1
    return passages[first : last + 1]


def _follows(a: tuple[str, int | None, int | None, bool], b: tuple[str, int | None, int | None, bool]) -> bool:
    return a[2] is not None and b[1] is not None and 0 <= b[1] - a[2] <= _GAP


def parts(hit: Hit, ui: dict[str, str], full: bool) -> list[tuple[str, str, list[str], str]]:
    """Role, heading, passages and a line that more follows (or nothing), for the parts that a lesson has."""
    out = []
    for role in ROLES:
        texts, more = shown(hit, role, full)
        if texts:
            out.append((role, ui[role], texts, ui["label.more"].format(n=more) if more else ""))
    return out


def review_line(hit: Hit, ui: dict[str, str]) -> str:
    """Whether a person has approved the lesson, in its language."""
    review = hit.review
    if review["status"] != "approved":
        return ui["label.draft"]
    if review["by"] and review["on"]:
        return ui["label.approved"].replace("{by}", safe(review["by"])).replace("{on}", safe(review["on"]))
    return ui["label.approved_short"]


def source_line(hit: Hit, ui: dict[str, str]) -> str:
    """Where a lesson comes from: author, date, article."""
    facts = []
    if hit.author:
        facts.append(f"{ui['label.by']} {safe(hit.author)}")
    if hit.date:
        facts.append(safe(hit.date))
    article = hit.source["origin"] or hit.source["path"]
    if article:
        facts.append(safe(article))
    return f"{ui['label.source']}: {', '.join(facts)}" if facts else ""


def translations_line(hit: Hit, ui: dict[str, str], language_names: dict[str, str]) -> str:
    """The other languages of the lesson's group, with the ids to show them by."""
    if not hit.translations:
        return ""
    named = ", ".join(f"{language_names.get(code, code)} ({safe(id_)})" for id_, code in hit.translations)
    return f"{ui['label.translations']}: {named}"


def article_of(hit: Hit) -> str:
    """The article a lesson comes from, in a word; its id when it has none."""
    return safe(hit.source["origin"] or hit.source["path"] or hit.id)
