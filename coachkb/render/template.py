"""One-line templates for lists: ``--template '{id}\\t{title}'``."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from coachkb.errors import UsageError
from coachkb.model.hit import Hit
from coachkb.model.situation import narrowest
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from coachkb.search.query import Index

#: What a template of lessons may name, and what it stands for.
LESSON_FIELDS = {
    "id": "the lesson's id",
    "title": "its title",
    "language": "its language's code",
    "situation": "the name of its first situation, or of the narrower one behind that, in its language",
    "situations": "ids of its situations, best first",
    "status": "draft or approved",
    "author": "who wrote the article",
    "date": "the article's date",
    "source": "the article",
    "group": "what its translations share",
    "own": "own, or starter",
    "score": "how well it answers, 0 to 1 (lookup)",
    "sure": "sure, or guess (lookup)",
    "problem": "what is going on: its key passages",
    "diagnosis": "why: its key passages",
    "tactic": "what to do: its key passages",
    "script": "the words to say",
}
#: What a template of situations may name.
SITUATION_FIELDS = {
    "id": "the situation's id",
    "name": "its name",
    "lessons": "how many lessons it has",
    "languages": "how many in each language: en 2, nl 1",
}
#: Fills a template with a value for each field.
Template = Callable[[Mapping[str, str]], str]
_ESCAPES = {"t": "\t", "n": "\n", "0": "\0", "\\": "\\"}


def help_of(fields: Mapping[str, str]) -> str:
    """The help of ``--template`` for these fields."""
    return "A line for each, such as '{id}\\t{title}'. Fields: " + ", ".join(fields) + "."


def template(text: str, fields: Mapping[str, str]) -> Template:
    """What fills a template with values. ``{{`` and ``}}`` are braces; ``\\t``, ``\\n``, ``\\0`` and ``\\\\`` as in C.

    The filled line ends with a line end, unless the template ends with ``\\0``. Raises UsageError for an unknown field.
    """
    pieces: list[tuple[str, str | None]] = []
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        raise UsageError(f"--template: {error}: write {{{{ and }}}} for braces of your own") from error
    for literal, name, spec, conversion in parsed:
        if name is not None and (name not in fields or spec or conversion):
            shown = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            raise UsageError(f"--template: unknown field {{{shown}}}: one of {', '.join(fields)}")
        pieces.append((_unescaped(literal), name))

    def filled(values: Mapping[str, str]) -> str:
        line = "".join(literal + (safe(values[name]) if name else "") for literal, name in pieces)
        return line if line.endswith("\0") else f"{line}\n"

    return filled


def _unescaped(text: str) -> str:
    out, escaped = [], False
    for char in text:
        if escaped:
            out.append(_ESCAPES.get(char, f"\\{char}"))
        elif char != "\\":
            out.append(char)
        escaped = char == "\\" and not escaped
    return "".join(out) + ("\\" if escaped else "")


def lesson_lines(index: Index, hits: Sequence[Hit], template: Template, *, answers: bool) -> str:
    """Lessons by a template. ``answers``: whether they answer a look-up, so that they have a score."""
    names, broader = {code: index.situation_names(code) for code in {hit.language for hit in hits}}, index.broader()
    return "".join(template(_lesson_values(hit, names[hit.language], broader, answers)) for hit in hits)


def _lesson_values(hit: Hit, names: Mapping[str, str], broader: Mapping[str, str], answers: bool) -> dict[str, str]:
    """The values of ``LESSON_FIELDS``; unknown is empty. ``names``: situations by id, in the lesson's language."""
    from coachkb.render.view import chosen

    first = narrowest(hit.situations, broader)
    return {
        "id": hit.id,
        "title": hit.title,
        "language": hit.language,
        "situation": names.get(first, first),
        "situations": " ".join(hit.situations),
        "status": str(hit.review["status"]),
        "author": hit.author or "",
        "date": hit.date or "",
        "source": str(hit.source["origin"] or hit.source["path"] or ""),
        "group": hit.group or "",
        "own": "own" if hit.own else "starter",
        "score": f"{hit.score:.2f}" if answers else "",
        "sure": ("sure" if hit.sure else "guess") if answers else "",
        **{role: " ".join(text for text, *_ in chosen(hit, role, full=role == "script")) for role in ROLES},
    }


def situation_values(id_: str, name: str, lessons: Mapping[str, int]) -> dict[str, str]:
    """The values of ``SITUATION_FIELDS``. ``lessons``: how many there are, by language."""
    held = ", ".join(f"{code} {n}" for code, n in sorted(lessons.items()))
    return {"id": id_, "name": name, "lessons": str(sum(lessons.values())), "languages": held}
