"""Which situations have lessons in which language, and what is missing most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.data.load import language_codes
from coachkb.model.hit import Hit
from coachkb.surroundings import today

if TYPE_CHECKING:
    from coachkb.readable import ReadableKB


@dataclass(frozen=True, slots=True)
class Cell:
    """A situation in a language: lessons, those of them approved, and those approved until a day now past."""

    lessons: int = 0
    approved: int = 0
    past: int = 0


Coverage = Mapping[str, Mapping[str, Cell]]


def coverage(kb: ReadableKB, hits: Iterable[Hit]) -> Coverage:
    """A cell of these lessons for every situation and language, in the order of the vocabulary."""
    day = today().isoformat()
    table: dict[str, dict[str, Cell]] = {id_: {code: Cell() for code in language_codes()} for id_ in kb.vocabulary()}
    for hit in hits:
        if not any(hit.parts.values()):
            continue  # begun, and it says nothing yet
        approved = hit.review["status"] == "approved"
        until = hit.review["until"]
        past = approved and until is not None and str(until) < day
        for id_ in hit.situations:
            row = table.setdefault(id_, {code: Cell() for code in language_codes()})
            cell = row.get(hit.language, Cell())
            row[hit.language] = Cell(cell.lessons + 1, cell.approved + approved, cell.past + past)
    return table


def next_to_write(table: Coverage) -> list[tuple[str, str]]:
    """The empty cells, those of situations that have lessons in the most other languages first."""
    empty = [
        (-sum(cell.lessons > 0 for cell in row.values()), n, id_, code)
        for n, (id_, row) in enumerate(table.items())
        for code, cell in row.items()
        if not cell.lessons
    ]
    return [(id_, code) for _, _, id_, code in sorted(empty)]
