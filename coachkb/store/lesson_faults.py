"""All that is wrong in one lesson file, where reading it stops at the first: for ``coachkb check``."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from coachkb.errors import UnreadableFile
from coachkb.model.terms import LESSON_FORMAT, ROLES
from coachkb.store.lesson_file import KEYS, PASSAGE_KEYS, REVIEW_KEYS, SOURCE_KEYS, lesson_of
from coachkb.store.strict_yaml import Tree

#: What stands in for a required field with a fault, so that the others can be read.
_STAND_INS: Mapping[str, Any] = {"format": str(LESSON_FORMAT), "id": "x", "title": "x", "language": "en"}
_MOST = 50  # faults told of one file; a file with more is no lesson file


def faults(tree: Tree, path: str) -> list[UnreadableFile]:
    """Every field of a lesson file that cannot be read, in the order of their lines; ``path`` is for messages."""
    found: list[UnreadableFile] = []
    while len(found) < _MOST:
        try:
            lesson_of(tree, path)
        except UnreadableFile as error:
            found.append(error)
            mended = _without(tree, error)
            if mended is None:
                break
            tree = mended
            continue
        break
    return sorted(found, key=lambda error: error.line or 0)


def _without(tree: Tree, error: UnreadableFile) -> Tree | None:
    """The tree with the place of a fault taken out or replaced by something valid; None when that is all of it."""
    if not isinstance(tree.value, dict):
        return None
    named = error.reason.split(":")[0].split(" ")[0]
    key = named.split(".")[0]
    if key not in KEYS:
        return None
    fields = dict(tree.value)
    if key in _STAND_INS or key == "situations":
        stand_in: Any = _STAND_INS.get(key, [])
        fields[key] = Tree(stand_in, error.line or tree.line, error.line or tree.line)
    elif key in ROLES and isinstance(fields[key].value, list):
        items = fields[key].value
        bad = max((i for i, item in enumerate(items) if item.line <= (error.line or 0)), default=0)
        fields[key] = replace(fields[key], value=[item for i, item in enumerate(items) if i != bad])
    elif "." in named and isinstance(fields[key].value, dict):
        below = {name: item for name, item in fields[key].value.items() if f"{key}.{name}" != named}
        fields[key] = replace(fields[key], value=below)
    else:
        del fields[key]
    return replace(tree, value=fields)


def unknown_keys(tree: Tree) -> Iterator[tuple[str, int, str | None]]:
    """Keys that no lesson file has: their place (``review.untill``), their line, the nearest known key."""
    if not isinstance(tree.value, dict):
        return
    yield from unknown_of(tree, "", KEYS)
    for key, known in (("source", SOURCE_KEYS), ("review", REVIEW_KEYS)):
        if key in tree.value:
            yield from unknown_of(tree.value[key], f"{key}.", known)
    for role in ROLES:
        if role in tree.value and isinstance(tree.value[role].value, list):
            for item in tree.value[role].value:
                yield from unknown_of(item, f"{role}.", PASSAGE_KEYS)


def unknown_of(tree: Tree, prefix: str, known: Iterable[str]) -> Iterator[tuple[str, int, str | None]]:
    """The keys of one mapping that are not among the known ones, as ``unknown_keys`` gives them."""
    if isinstance(tree.value, dict):
        for key, item in tree.value.items():
            if key not in known:
                near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
                yield f"{prefix}{key}", item.line, near[0] if near else None
