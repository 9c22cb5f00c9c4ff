"""The house: who may import whom, how long a file and a function may be, and what a command may load."""

from __future__ import annotations

import ast
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "coachkb"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: What each room may import of the package besides itself: DESIGN.md, "The house". A name stands for all below it.
BELOW = {
    "model": (),
    "errors": (),
    "locate": (),
    "surroundings": (),
    "data": ("model", "errors"),
    "ingest": ("model", "data", "errors", "surroundings"),
    "store": ("model", "data", "errors", "locate", "surroundings"),
    "search": ("model", "data", "errors"),
    "export": ("model", "data", "errors"),
    "spotting": ("model",),
}
ROOMS = ("ingest", "store", "search", "export")
#: The API: one object, and the larger jobs that it hands out.
API = ("kb", "readable", "jobs")
#: Faces of the API; nothing below them may know of them.
FACES = ("cli", "render", "door", "answering", "__main__")


def room(module: str) -> str:
    """coachkb.store.files: store; coachkb.kb: kb."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def name_of(path: pathlib.Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: pathlib.Path, typing_only: bool = False) -> Iterator[str]:
    """The modules that a file imports, at any depth; those under ``if TYPE_CHECKING`` only when asked for."""
    yield from _imports(ast.parse(path.read_text(encoding="utf-8")), typing_only)


def _imports(node: ast.AST, typing_only: bool) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "relative import: name the module"
            for alias in child.names:
                yield f"{child.module}.{alias.name}" if child.module == "coachkb" else str(child.module)
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING" and not typing_only:
            continue
        else:
            yield from _imports(child, typing_only)


def own(path: pathlib.Path, typing_only: bool = False) -> set[str]:
    """The rooms of the package that a file imports, its own left out."""
    rooms = {room(name) for name in imports(path, typing_only) if name == "coachkb" or name.startswith("coachkb.")}
    return rooms - {room(name_of(path)), "", "__version__"}


def test_there_is_a_place_for_every_module() -> None:
    known = {*BELOW, *API, *FACES, ""}
    assert {room(name_of(path)) for path in MODULES} <= known


@pytest.mark.parametrize("floor", BELOW)
def test_a_floor_knows_nothing_of_those_above_or_beside_it(floor: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(others)
        for path in MODULES
        if room(name_of(path)) == floor and (others := own(path, typing_only=True) - set(BELOW[floor]))
    }
    assert wrong == {}


def test_the_api_knows_nothing_of_its_faces() -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(others)
        for path in MODULES
        if room(name_of(path)) in API and (others := own(path, typing_only=True) & set(FACES))
    }
    assert wrong == {}


def test_the_command_line_reads_and_writes_through_the_api() -> None:
    """Commands and renderers do not reach past KnowledgeBase into ingest, and only for helpers into the store."""
    wrong = {
        str(path.relative_to(ROOT)): sorted(others)
        for path in MODULES
        if room(name_of(path)) in ("cli", "render") and (others := own(path) & {"ingest", "search"})
    }
    assert wrong == {}


def test_the_model_reads_nothing_and_draws_nothing() -> None:
    allowed = {"__future__", "collections", "dataclasses", "re", "typing", "coachkb"}
    wrong = {
        path.name: sorted(found)
        for path in (PACKAGE / "model").glob("*.py")
        if (found := {name.split(".")[0] for name in imports(path, typing_only=True)} - allowed)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("click", {"cli"}),
        ("rich", {"cli", "render"}),
        ("yaml", {"data", "store", "ingest"}),
        ("langdetect", {"ingest"}),
        ("snowballstemmer", {"data", "search"}),
        ("fsrs", {"jobs"}),
        ("sqlite3", {"search", "door", "jobs"}),
    ],
)
def test_each_library_has_its_room(library: str, rooms: set[str]) -> None:
    users = {room(name_of(path)) for path in MODULES if library in {name.split(".")[0] for name in imports(path, True)}}
    assert users <= rooms


def test_no_file_and_no_function_is_long() -> None:
    long = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        long += [f"{path.name}: {lines} lines"] if lines > 400 else []
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                long += [f"{path.name}: {node.name} has {lines} lines"] if lines > 80 else []
    assert long == []


# ------------------------------------------------------------------------------------------------- import budget


def loaded(*arguments: str) -> set[str]:
    """The modules that a command loads beyond those of a bare Python."""
    return _traced("-m", "coachkb", *arguments) - _traced("-c", "import runpy, pkgutil")


def _traced(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert rows
    return {row.rsplit("|", 1)[1].strip() for row in rows}


def heavy(modules: set[str], *names: str) -> set[str]:
    return {module for module in modules if any(module == name or module.startswith(f"{name}.") for name in names)}


def test_a_plain_look_up_loads_next_to_nothing() -> None:
    modules = loaded("lookup", "--format", "plain", "send me information")
    assert "coachkb.search.query" in modules
    dear = ("click", "rich", "yaml", "langdetect", "snowballstemmer", "json", "re", "dataclasses", "typing")
    assert heavy(modules, *dear, "importlib.metadata", "pathlib", "hashlib") == set()


def test_help_loads_no_command_and_no_library_but_click() -> None:
    modules = loaded("--help")
    assert "click" in modules
    assert heavy(modules, "rich", "yaml", "langdetect", "snowballstemmer", "sqlite3") == set()


def test_a_card_in_colour_loads_no_yaml_and_no_language_detection() -> None:
    modules = loaded("--color", "always", "lookup", "--format", "card", "send me information")
    assert "rich.console" in modules
    assert heavy(modules, "yaml", "langdetect", "snowballstemmer") == set()
