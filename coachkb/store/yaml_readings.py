"""Values that other YAML parsers read as something else than we do: ``no`` as false, ``12:30`` as 750, ``on`` as true.

Our reader takes text for text. Others go by YAML 1.1 (PyYAML's ordinary loader, Ruby, many editors) or by the core
schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema); what either types otherwise should stand in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from coachkb.store.yaml_text import scalar

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX = "tag:yaml.org,2002:"
_IN_WORDS = {
    "bool": "a yes or no",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
    "null": "nothing",
    "merge": "a merge of keys",
    "value": "a default value",
    "tab": "a fault, for its tab,",
}
_CORE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("null", re.compile(r"(?:null|Null|NULL|~|)\Z")),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")),
    ("int", re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")),
    (
        "float",
        re.compile(r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"),
    ),
)  # fmt: skip
_LINE_BREAKS_OF_OLD = re.compile("[\x85\u2028\u2029]")  # line breaks in YAML 1.1, ordinary characters in 1.2


@dataclass(frozen=True, slots=True)
class Reading:
    """A plain value (or key) that another parser takes for ``taken_for``; ``start``/``end`` count code points of the
    file. ``start`` is None where quotes would not help."""

    field: str
    value: str
    line: int
    taken_for: str
    start: int | None
    end: int | None


def other_readings(
    text: str, ints: Iterable[str], bools: Iterable[str], free: Iterable[str], unknown: Iterable[str] = ()
) -> list[Reading]:
    """What other parsers read differently in a file that our reader can read.

    Fields are named as in ``source.start`` and ``problem.text``. Those in ``ints`` and ``bools`` are meant to be what
    every parser takes them for; what lies below one of ``free`` may be anything, and what is ``unknown`` is left alone.
    """
    node = yaml.compose(text, Loader=_Loader)
    meant = {**dict.fromkeys(ints, "int"), **dict.fromkeys(bools, "bool")}
    passed = _Passed(frozenset(free), frozenset(unknown))
    found = list(_below(node, "", meant, passed)) if node is not None else []
    for match in _LINE_BREAKS_OF_OLD.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        shown = f"U+{ord(match.group()):04X}"
        found.append(Reading("", shown, line, "a line break or not, by its age", None, None))
    return found


class _Passed(NamedTuple):
    """Fields that are passed over: below their keys, or with them."""

    free: frozenset[str]
    unknown: frozenset[str]


def _below(node: Any, field: str, meant: dict[str, str], passed: _Passed) -> Iterator[Reading]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = f"{field}.{key.value}" if field else key.value
            if name in passed.unknown:
                continue
            yield from _scalar(key, name, None)
            if name not in passed.free:
                yield from _below(value, name, meant, passed)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _below(item, field, meant, passed)
    else:
        yield from _scalar(node, field, meant.get(field))


def _scalar(node: Any, field: str, meant: str | None) -> Iterator[Reading]:
    if node.style or not isinstance(node, yaml.ScalarNode):
        return
    kinds = {_tag(node.value), _core(node.value)} - {"str", meant}
    if "null" in kinds and node.value.lower() in ("", "~", "null"):  # nothing, for us as for all
        return
    if "\t" in node.value:  # PyYAML's own two parsers disagree on that
        kinds.add("tab")
    if kinds:
        kind = sorted(kinds)[0]
        yield Reading(
            field, node.value, node.start_mark.line + 1, _IN_WORDS[kind], node.start_mark.index, node.end_mark.index
        )


_RESOLVER: Any = yaml.resolver.Resolver()


def _tag(value: str) -> str:
    """What YAML 1.1 takes a plain scalar for: as PyYAML has it, and ``y`` and ``n``, which others take so."""
    if value in ("y", "Y", "n", "N"):
        return "bool"
    tag = _RESOLVER.resolve(yaml.ScalarNode, value, (True, False))
    return str(tag).removeprefix(_PREFIX)


def _core(value: str) -> str:
    """What the core schema of YAML 1.2 takes a plain scalar for."""
    return next((kind for kind, pattern in _CORE if pattern.match(value)), "str")


def quoted(text: str, readings: Iterable[Reading]) -> str:
    """The text with those values in double quotes; all else stays as it was."""
    for reading in sorted(readings, key=lambda reading: -(reading.start or 0)):
        if reading.start is not None and text[reading.start : reading.end] == reading.value:
            text = text[: reading.start] + _in_quotes(reading.value) + text[reading.end :]
    return text


def _in_quotes(value: str) -> str:
    made = scalar(value)
    return made if made.startswith('"') else f'"{made}"'
