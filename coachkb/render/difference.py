"""A lesson's differences as unified diff, and as JSON."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from coachkb.jobs.differing import Difference
from coachkb.model.lesson import Passage
from coachkb.model.visible import safe


def rows(told: Difference) -> Iterator[tuple[str, str]]:
    """Style and text, line by line: from the machine's to yours."""
    yield "heading", "--- the machine's"
    yield "heading", f"+++ yours, {safe(told.file)}"
    for field in told.fields:
        yield "tag", f"@@ {field.field} @@"
        was, now = _lines(field.machine), _lines(field.yours)
        if not field.known:
            yield "quiet", "  (some of what the machine wrote here is not known any more)"
        for line in list(difflib.unified_diff(was, now, lineterm="", n=2))[2:]:
            if line.startswith("@@"):
                continue
            style = {"-": "diff.gone", "+": "diff.come"}.get(line[0], "")
            yield style, line


def _lines(value: Any) -> list[str]:
    """A field's value, a passage or word on each line; a key passage has a star."""
    if value is None:
        return []
    if isinstance(value, str):
        return [safe(value)]
    return [f"{'*' if x.key else ' '} {safe(x.text)}" if isinstance(x, Passage) else safe(x) for x in value]


def difference_data(told: Difference) -> dict[str, Any]:
    """The same for programs."""
    return {
        "id": told.id,
        "file": told.file,
        "conflict": told.conflict,
        "fields": [
            {"field": x.field, "machine": _data(x.machine), "yours": _data(x.yours), "known": x.known}
            for x in told.fields
        ],
    }


def _data(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_data(item) for item in value]
    if isinstance(value, Passage):
        return {"text": value.text, "start": value.start, "end": value.end, "key": value.key}
    return value
