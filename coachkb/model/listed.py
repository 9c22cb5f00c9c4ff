"""Lessons as a list shows them while it is narrowed: light, for there may be many."""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """One lesson of a list. ``situation``: what it is on first of all, an id or nothing; ``own``: not the starter's."""

    id: str
    title: str
    language: str
    situation: str
    own: bool
    status: str


class Narrowed(NamedTuple):
    """What is left of a list: first the ``named`` lessons that hold the words typed, then others by what they mean."""

    rows: list[Listed]
    named: int
