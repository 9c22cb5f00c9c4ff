"""A knowledge base's own ``situations.yaml``: labels added to situations, and situations that narrow others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from coachkb.errors import UnreadableFile, UnusableEntry
from coachkb.model.situation import Labels, Situation
from coachkb.store.files import plain_file, slug
from coachkb.store.lesson_faults import unknown_of
from coachkb.store.strict_yaml import Tree, load_tree

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_NO_WORD = slug("")
_MOST = 1_000_000  # bytes; the built-in vocabulary has 40,000


def with_additions(base: Mapping[str, Situation], path: str) -> tuple[dict[str, Situation], list[UnreadableFile]]:
    """The vocabulary with the file at ``path`` laid over it, and what is left out of that, with what is wrong and
    where: the whole file when it is none, else each entry that cannot be used.

    An entry of a known id adds labels; a new id is a new situation, narrower than its ``broader``.
    """
    merged = dict(base)
    faults: list[UnreadableFile] = []
    try:
        entries = _entries(read_tree(path), path)
    except UnreadableFile as error:
        return merged, [error]
    for id_, tree in entries.items():
        try:
            merged[id_] = _addition(id_, tree, base, path)
        except UnreadableFile as error:
            faults.append(UnusableEntry(path, f"{error.reason}; left out until that is mended", error.line))
    return merged, faults


def unknown_keys(path: str) -> Iterator[tuple[str, int, str | None]]:
    """Keys of the file that are never read, as ``lesson_faults.unknown_of`` gives them. Raises UnreadableFile."""
    for id_, tree in _entries(read_tree(path), path).items():
        yield from unknown_of(tree, f"{id_}.", ("broader", "labels", "family"))
        labels = tree.value.get("labels") if isinstance(tree.value, dict) else None
        for code, item in labels.value.items() if labels and isinstance(labels.value, dict) else ():
            yield from unknown_of(item, f"{id_}.labels.{code}.", ("name", "also", "said"))


def languages(path: str) -> Iterator[tuple[str, str, int]]:
    """The languages that situations have labels in: the situation's id, the code, its line. Raises UnreadableFile."""
    for id_, tree in _entries(read_tree(path), path).items():
        labels = tree.value.get("labels") if isinstance(tree.value, dict) else None
        for code, item in labels.value.items() if labels and isinstance(labels.value, dict) else ():
            yield id_, code, item.line


def read_tree(path: str) -> Tree | None:
    """The file's tree; None when there is nothing in it but comments. Raises UnreadableFile."""
    try:
        text = text_of(path)
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read ({error.strerror or type(error).__name__})") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, f"is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return None
    return load_tree(text, path)


def text_of(path: str) -> str:
    """The file's text. Raises UnreadableFile, OSError or UnicodeDecodeError."""
    return plain_file(path, _MOST).decode("utf-8-sig")


def _entries(tree: Tree | None, path: str) -> dict[str, Tree]:
    return _mapping(tree, path, "the file", "situation ids") if tree else {}


def _addition(id_: str, tree: Tree, base: Mapping[str, Situation], path: str) -> Situation:
    if not _ID.match(id_):
        near = slug(id_)
        such_as = "" if near == _NO_WORD else f", such as {near!r}"
        what = f"{id_!r} should be an id: words of the letters a to z and digits, joined by hyphens{such_as}"
        raise UnreadableFile(path, what, tree.line)
    return _situation(id_, tree, base, path)


def _situation(id_: str, tree: Tree, base: Mapping[str, Situation], path: str) -> Situation:
    entry = _mapping(tree, path, id_, "broader and labels")
    old = base.get(id_)
    broader = _text(entry["broader"], path, f"{id_}: broader") if "broader" in entry else None
    if broader is not None and broader not in base:
        raise UnreadableFile(path, f"{id_}: broader {broader!r} is no situation", entry["broader"].line)
    labels = dict(old.labels) if old else {}
    if "labels" in entry:
        for code, item in _mapping(entry["labels"], path, f"{id_}: labels", "languages").items():
            if not _LANGUAGE.match(code):
                raise UnreadableFile(path, f"{id_}: {code!r} should be a language code such as en", item.line)
            labels[code] = _labels(item, labels.get(code), path, f"{id_}: labels in {code}")
    if not labels:
        raise UnreadableFile(path, f"{id_}: has no labels (labels: {{en: {{name: …}}}})", tree.line)
    family = _text(entry["family"], path, f"{id_}: family") if "family" in entry else None
    if old:
        return Situation(id_, old.family, labels, old.broader)
    return Situation(id_, base[broader].family if broader else family or "own", labels, broader)


def _labels(tree: Tree, before: Labels | None, path: str, what: str) -> Labels:
    entry = _mapping(tree, path, what, "name, also and said")
    name = _text(entry["name"], path, f"{what}: name") if "name" in entry else None
    if not name and not before:
        raise UnreadableFile(path, f"{what} need a name", tree.line)
    also, said = (_texts(entry[key], path, f"{what}: {key}") if key in entry else () for key in ("also", "said"))
    if before is None:
        return Labels(name or "", also, said)
    return Labels(name or before.name, before.also + also, before.said + said)


def _mapping(tree: Tree, path: str, what: str, of: str) -> dict[str, Tree]:
    if not isinstance(tree.value, dict):
        raise UnreadableFile(path, f"{what} should be a mapping of {of}", tree.line)
    found: dict[str, Tree] = tree.value
    return found


def _text(tree: Tree, path: str, what: str) -> str | None:
    if tree.value is not None and not isinstance(tree.value, str):
        raise UnreadableFile(path, f"{what} should be text", tree.line)
    found: str | None = tree.value
    return found


def _texts(tree: Tree, path: str, what: str) -> tuple[str, ...]:
    items = tree.value if tree.value is not None else []
    if not isinstance(items, list):
        raise UnreadableFile(path, f"{what} should be a list", tree.line)
    return tuple(text for item in items if (text := _text(item, path, what)))
