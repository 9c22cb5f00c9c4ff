"""What is wrong with a text that is not YAML, in words for people who never heard of scalars, and the line to look at.

A parser notices a fault where it can make no sense of what comes next, mostly below what a person has to mend. Both of
PyYAML's parsers are asked for little more than that place, for they differ in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts lines by
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_INDENT = re.compile(r"[ \t]*")
#: A line of a field or a passage: indentation and dashes, its name, what stands behind.
_FIELD = re.compile(r"[ -]*(?P<name>[\w-]+):(?P<value>(?: .*)?)\Z")
_ITEM = re.compile(r" *- +(?P<value>.*)\Z")
_GLUED = re.compile(r"[ -]*[a-z_]+:[^\s:/]")
#: What text cannot begin with outside quotes.
_INDICATORS = "@`%&*!|>?-[]{},#"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a parser gave up: line (from 0) and column; ``began``: where what it was reading began."""

    lines: Sequence[str]
    line: int
    column: int
    began: tuple[int, int] | None
    context: str
    problem: str

    def row(self, line: int | None = None) -> str:
        """A line's text, that of the fault unless told otherwise."""
        n = self.line if line is None else line
        return self.lines[n] if 0 <= n < len(self.lines) else ""


#: The line to look at (from 0) and what is wrong there.
_Told = tuple[int, str]


def explained(text: str, error: yaml.YAMLError, loader: Any) -> tuple[int | None, str]:
    """The line (from 1) that a person must look at, and what is wrong there and what to do."""
    odd = _NOT_TEXT.search(text)
    if isinstance(error, yaml.reader.ReaderError) and odd:
        before = len(_LINE_BREAK.findall(text, 0, odd.start()))
        return before + 1, f"holds a character that is no text (U+{ord(odd[0]):04X}): take it out"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be parsed")
    if mark is None:
        return None, problem
    began = getattr(error, "context_mark", None)
    place = _Place(
        _LINE_BREAK.split(text),
        mark.line,
        mark.column,
        (began.line, began.column) if began else None,
        str(getattr(error, "context", None) or ""),
        problem,
    )
    told = next((found for rule in _RULES if (found := rule(place))), None) or _bracket(place, text, loader)
    line, what = told or _long_quotation(place, text, loader) or _value(place) or _shape(place) or (place.line, problem)
    return line + 1, what


def _unclosed(at: _Place) -> _Told | None:
    if at.began and "quoted scalar" in at.context and ("end of stream" in at.problem or "document" in at.problem):
        return at.began[0], "a quotation mark opens a text here that nothing closes"
    return None


def _bracket(at: _Place, text: str, loader: Any) -> _Told | None:
    """A bracket that nothing closes."""
    if "flow" not in at.context:
        return None
    opened: list[Any] = []
    try:
        for token in yaml.scan(text, Loader=loader):
            if (token.start_mark.line, token.start_mark.column) >= (at.line, at.column):
                break
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                opened.append(token.start_mark)
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken) and opened:
                opened.pop()
    except yaml.YAMLError:
        pass
    if not opened:
        return None
    line, column = opened[-1].line, opened[-1].column
    bracket = at.row(line)[column : column + 1]
    return line, f"{bracket} opens here, and nothing closes it: close it, or put the text in quotes"


def _tab(at: _Place) -> _Told | None:
    first = at.began[0] if at.began and "plain" in at.context else at.line
    for n in range(first, at.line + 1):
        if "\t" in _INDENT.match(at.row(n))[0]:  # type: ignore[index]
            return n, "is indented with a tab: use blanks"
    return (at.line, "holds a tab where a blank should be") if at.row()[at.column : at.column + 1] == "\t" else None


def _escape(at: _Place) -> _Told | None:
    if "escape" not in at.problem:
        return None
    return at.line, r"holds a \ within double quotes: write \\ for it, or use single quotes"


def _second(at: _Place) -> _Told | None:
    if "another document" not in at.problem and not at.row().startswith(("---", "...", "%")):
        return None
    return at.line, f"{at.row().strip()[:20]} begins another document: one file holds one"


def _no_colon(at: _Place) -> _Told | None:
    if not at.began or "simple key" not in at.context:
        return None
    row = at.row(at.began[0])
    if _GLUED.match(row):
        return at.began[0], "lacks a blank behind its colon"
    return at.began[0], "is no field (name: value): if it goes on with the text above, indent it like that"


def _value(at: _Place) -> _Told | None:
    """What is wrong with the text behind a field's name, or a dash."""
    row = at.row()
    found = _FIELD.match(row) or _ITEM.match(row)
    if found and found.re is _ITEM and (inner := _FIELD.match(found["value"])):
        row, found = found["value"], inner
    value = found["value"].strip() if found else ""
    if not value:
        return None
    if value[0] in "\"'" and len(value) > 1 and value[0] in value[1:]:
        return at.line, f"goes on behind a closing {value[0]}: put the text below, indented, behind '{_name(found)}|-'"
    if value[0] in "|>":
        return at.line, f"text begins on the line below {value[0]}; if {value[0]} is part of it, put it in quotes"
    if value[0] in _INDICATORS:
        return at.line, f"a text that begins with {value[0]} needs quotes"
    if re.search(r":(?: |\Z)", value):
        return at.line, "has a colon in its text: put the text in quotes"
    return None


def _name(found: re.Match[str] | None) -> str:
    return f"{found['name']}: " if found and "name" in found.re.groupindex else "- "


def _shape(at: _Place) -> _Told | None:
    """A line that does not stand where its neighbours do."""
    if "mapping values" in at.problem:
        return at.line, "is indented further than the field above it: put it under that"
    if at.context.startswith("while parsing a block"):
        if at.row().lstrip().startswith("- ") and "mapping" in at.context:
            return at.line, "begins with a dash where a field (name: value) should stand"
        return at.line, "does not stand under what it belongs to: check how far it is indented"
    return None


def _long_quotation(at: _Place, text: str, loader: Any) -> _Told | None:
    """A quotation mark that was forgotten, so that a text ended only at the next one, lines below."""
    try:
        for token in yaml.scan(text, Loader=loader):
            if getattr(token, "style", None) in ("'", '"') and token.start_mark.line < token.end_mark.line >= at.line:
                return token.start_mark.line, (
                    f"a quotation mark opens a text here that ends only in line {token.end_mark.line + 1}: close it"
                )
            if token.start_mark.line > at.line:
                return None
    except yaml.YAMLError:
        pass
    return None


_RULES: tuple[Callable[[_Place], _Told | None], ...] = (_unclosed, _tab, _escape, _second, _no_colon)
