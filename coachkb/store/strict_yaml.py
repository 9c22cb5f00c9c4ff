"""YAML read strictly: text is text.

Only a plain ``null``, ``~`` or nothing is null; every other scalar is the string that stands there, so that ``no``,
``12:30`` and ``1.10`` stay what their author typed. Tags, aliases, double keys and deep nesting are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from coachkb.errors import UnreadableFile

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONFLICT = frozenset(["<<<<<<<", "|||||||", "=======", ">>>>>>>"])
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_PREFIX = "tag:yaml.org,2002:"
#: What a parser takes untagged values for. Only these pass: ``!!python/name`` has the prefix, too.
_UNTAGGED = frozenset(
    f"{_PREFIX}{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
)
_MAX_DEPTH = 8
_SURROGATE = re.compile("[\ud800-\udfff]")
_BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class Tree:
    """A value with the line it stands on (from 1): a string, None, a list of trees or a mapping of trees."""

    value: Any
    line: int
    end_line: int


def is_conflict_mark(line: str) -> bool:
    """Whether a line is one that git writes into a file where a merge did not settle."""
    return line[:7] in _CONFLICT and line[7:8].strip() == ""


def load_tree(text: str, path: str, loader: Any = None) -> Tree:
    """The tree of a YAML text. Raises UnreadableFile with the line and what is wrong."""
    if "\x00" in text:
        raise UnreadableFile(path, "holds NUL characters: it is damaged", text[: text.index("\x00")].count("\n") + 1)
    for number, line in enumerate(text.split("\n"), 1):
        if is_conflict_mark(line):
            raise UnreadableFile(path, "has unresolved git merge conflict marks: settle the merge first", number)
    if _nests_deeply(text):
        raise UnreadableFile(path, "nests too deeply")
    try:
        node = yaml.compose(text, Loader=loader or _Loader)
    except yaml.YAMLError as error:
        from coachkb.store.yaml_faults import explained  # where used: nearly every file is whole

        where, what = explained(text, error, loader or _Loader)
        raise UnreadableFile(path, f"is not valid YAML: {what}", where) from error
    except (RecursionError, ValueError) as error:
        raise UnreadableFile(path, "is not valid YAML") from error
    if node is None:
        raise UnreadableFile(path, "is empty")
    return _tree(node, path, 0, set())


def _nests_deeply(text: str) -> bool:
    """Flow brackets piled up past any use (a parser recurses for each)."""
    depth = 0
    for bracket in _BRACKET.findall(text):
        if bracket in "[{":
            depth += 1
            if depth > 200:
                return True
        else:
            depth = max(0, depth - 1)
    return any(line.count("- ") > 100 and not line.replace("- ", "").strip() for line in text.split("\n"))


def _tree(node: Any, path: str, depth: int, seen: set[int]) -> Tree:
    line = node.start_mark.line + 1
    end_line = node.end_mark.line + 1
    if id(node) in seen:
        raise UnreadableFile(path, "uses a YAML alias (*name): write the text out", line)
    seen.add(id(node))
    if depth > _MAX_DEPTH:
        raise UnreadableFile(path, "nests too deeply", line)
    if node.tag not in _UNTAGGED:
        tag = str(node.tag).replace(_PREFIX, "!!")
        raise UnreadableFile(path, f"has a YAML tag ({tag}): this file is plain text", line)
    if isinstance(node, yaml.ScalarNode):
        null = not node.style and node.value in _NULLS  # the C loader says "" where the other says None
        if _SURROGATE.search(node.value):  # the pure loader lets "\ud800" through
            raise UnreadableFile(path, "holds characters that are no text (lone surrogates)", line)
        return Tree(None if null else node.value, line, end_line)
    if isinstance(node, yaml.SequenceNode):
        return Tree([_tree(item, path, depth + 1, seen) for item in node.value], line, end_line)
    found: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise UnreadableFile(path, "has a key that is no plain word", key.start_mark.line + 1)
        if key.value in found:
            raise UnreadableFile(path, f"has the key {key.value!r} twice", key.start_mark.line + 1)
        tree = _tree(value, path, depth + 1, seen)
        found[key.value] = Tree(tree.value, key.start_mark.line + 1, tree.end_line)
    return Tree(found, line, end_line)
