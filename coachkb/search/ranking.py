"""What counts how much in a look-up: the numbers of ``data/ranking.yaml``, as the index keeps them. Imports nothing."""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection
    from typing import Any

_NUMBERS = ("situation", "title", "other_language", "wordless", "nothing", "elsewhere", "strange", "unsure", "second")
_FIELDS = ("title", "problem", "diagnosis", "tactic", "script")
_PLACES = 3
_FIRST = len(_NUMBERS)


class Ranking:
    """The numbers by their names in ``data/ranking.yaml``, which says what each of them is."""

    __slots__ = (*_NUMBERS, "fields", "place")
    situation: float
    title: float
    other_language: float
    wordless: float
    nothing: float
    elsewhere: float
    strange: float
    unsure: float
    second: float

    def __init__(self, values: list[float]) -> None:
        for name, value in zip(_NUMBERS, values):  # noqa: B905 - what follows has no name of its own
            setattr(self, name, value)
        self.place = tuple(values[_FIRST : _FIRST + _PLACES])
        self.fields = tuple(values[_FIRST + _PLACES :])


def ranking_line(raw: Mapping[str, Any]) -> str:
    """``data/ranking.yaml`` as one line of the index's meta table."""
    values = [raw[name] for name in _NUMBERS] + raw["place"][:_PLACES] + [raw["fields"][name] for name in _FIELDS]
    return " ".join(str(float(value)) for value in values)


def read_ranking(db: Connection) -> Ranking:
    """What an index was built with."""
    (line,) = db.execute("SELECT value FROM meta WHERE key = 'ranking'").fetchone()
    return Ranking(list(map(float, line.split())))
