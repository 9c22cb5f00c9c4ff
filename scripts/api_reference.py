#!/usr/bin/env python3
"""Makes docs/python.md, the reference of the Python API, from the code: signatures and docstrings.

    api_reference.py            write it
    api_reference.py --check    exit 1 when it is not what the code says

It follows what the methods of ``KnowledgeBase`` give back: each class of coachkb that a signature or a field names is
told of below, once.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pathlib
import re
import sys
from collections.abc import Callable, Iterator

import generated

from coachkb import errors
from coachkb.kb import KnowledgeBase

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "python.md"
_HEAD = """\
# The Python API

Made by `scripts/api_reference.py` from the code's own words; what is changed here by hand is lost.
[Python and JSON](guides/python-and-json.md) shows how it is used. What a signature writes after a `*` is given by name.
Dates are text, `YYYY-MM-DD`; `start` and `end` count the characters of the stored article from 0, `end` exclusive.

`from coachkb import KnowledgeBase`; what its methods give back says below where it is imported from. The names of the
four parts, in their order, are `coachkb.model.terms.ROLES`.

"""


def _names(module: object) -> dict[str, str]:
    """The classes of a module and what it takes from coachkb, for types alone, too, with where they come from."""
    assert inspect.ismodule(module)
    tree = ast.parse(inspect.getsource(module))
    found = {node.name: module.__name__ for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("coachkb."):
            found.update({alias.name: str(node.module) for alias in node.names})
    return found


def _named(annotation: object, within: type) -> Iterator[type]:
    """The classes of coachkb that an annotation names."""
    places = _names(sys.modules[within.__module__])
    for name in re.findall(r"\w+", str(annotation)):
        if name in places:
            found = getattr(importlib.import_module(places[name]), name, None)
            if inspect.isclass(found) and not issubclass(found, Exception):
                yield found


def _paragraphs(text: str | None) -> Iterator[str]:
    """A docstring as Markdown: code in single backquotes, the rest as it is."""
    for paragraph in inspect.cleandoc(text or "").split("\n\n"):
        words = " ".join(paragraph.split()).replace("``", "`")
        yield "".join(
            part if n % 2 else re.sub(r"([|<>*_\[\]])", r"\\\1", part)
            for n, part in enumerate(re.split("(`[^`]*`)", words))
        )
        yield ""


def _owner(cls: type, name: str) -> type:
    return next(base for base in cls.__mro__ if name in vars(base))


def _members(cls: type) -> list[str]:
    """The public methods and properties, in the order of the code."""
    bases = [base for base in reversed(cls.__mro__) if base.__module__.startswith("coachkb.")]
    names = dict.fromkeys(name for base in bases for name in vars(base))
    return [
        name
        for name in names
        if name[0] != "_" and (callable(getattr(cls, name)) or isinstance(inspect.getattr_static(cls, name), property))
    ]


def _function(cls: type, name: str) -> Callable[..., object]:
    """A method as it was written, or a property's."""
    member = inspect.getattr_static(cls, name)
    function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    assert callable(function)
    return function


def _method(cls: type, name: str, level: str) -> Iterator[str]:
    """A method's heading, signature and words."""
    function = _function(cls, name)
    yield f"{level} {name}"
    yield ""
    signature = inspect.signature(function)
    shown = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
    told = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(signature.replace(parameters=shown)))
    called = name + (told.removeprefix("()") if isinstance(inspect.getattr_static(cls, name), property) else told)
    yield "```text"
    yield called
    yield "```"
    yield ""
    yield from _paragraphs(function.__doc__)


def _fields(cls: type) -> Iterator[str]:
    """The fields of a record."""
    known = [(field.name, field.type) for field in dataclasses.fields(cls)] if dataclasses.is_dataclass(cls) else []
    rows = [(name, str(kind).replace("|", "\\|")) for name, kind in known or inspect.get_annotations(cls).items()]
    if rows:
        yield "| field | type |"
        yield "| --- | --- |"
        yield from (f"| `{name}` | `{kind}` |" for name, kind in rows if name[0] != "_")
        yield ""


def _types(cls: type) -> Iterator[type]:
    """The classes that a class's fields and methods name."""
    if dataclasses.is_dataclass(cls):
        for field in dataclasses.fields(cls):
            if field.name[0] != "_":
                yield from _named(field.type, cls)
    for name in _members(cls):
        for annotation in getattr(_function(cls, name), "__annotations__", {}).values():
            yield from _named(annotation, _owner(cls, name))


def _results() -> list[type]:
    """All that the methods give back, and what that holds."""
    found: dict[type, None] = {}
    waiting = list(_types(KnowledgeBase))
    while waiting:
        cls = waiting.pop(0)
        if cls not in found and cls is not KnowledgeBase and cls.__module__ != "coachkb.search.query":
            found[cls] = None
            waiting += _types(cls)
    return sorted(found, key=lambda cls: cls.__name__)


def _class(cls: type) -> Iterator[str]:
    yield f"### {cls.__name__}"
    yield ""
    yield f"`from {cls.__module__} import {cls.__name__}`"
    yield ""
    yield from _paragraphs(cls.__doc__)
    yield from _fields(cls)
    for name in _members(cls):
        if inspect.isfunction(inspect.getattr_static(cls, name)) or isinstance(
            inspect.getattr_static(cls, name), property
        ):
            yield from _method(cls, name, "####")


def page() -> str:
    """The whole page."""
    lines = [_HEAD, "## KnowledgeBase", "", *_paragraphs(KnowledgeBase.__doc__)]
    members = _members(KnowledgeBase)
    lines += ["| method | |", "| --- | --- |"]
    for name in members:
        first = re.split(r"(?<=[.:]) |(?<=[.:])$", next(_paragraphs(getattr(KnowledgeBase, name).__doc__)))[0]
        lines.append(f"| [`{name}`](#{name}) | {first.rstrip(':')} |")
    lines.append("")
    for name in members:
        lines += _method(KnowledgeBase, name, "###")
    lines += ["## What they give back", ""]
    for cls in _results():
        lines += _class(cls)
    lines += ["## What they raise", "", "All are in `coachkb.errors`; the code is that of the command line.", ""]
    lines += ["| error | code | |", "| --- | --- | --- |"]
    for error in vars(errors).values():
        if inspect.isclass(error) and issubclass(error, errors.CoachkbError):
            about = " ".join(line for line in _paragraphs(error.__doc__) if line)
            lines.append(f"| `{error.__name__}` | {error.exit_code} | {about} |")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    raise SystemExit(generated.main(__doc__, PAGE, "docs/python.md", "the code says", page))
