"""Four times the input takes about four times as long: hostile articles and lesson files, at growing sizes."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.data.load import vocabulary
from coachkb.errors import UnreadableFile
from coachkb.ingest.extract import extract
from coachkb.ingest.read import read_document
from coachkb.jobs.extracting import taggers_of
from coachkb.store.lesson_faults import faults, unknown_keys
from coachkb.store.strict_yaml import load_tree
from coachkb.store.yaml_readings import other_readings

_SIZE = 30_000  # bytes; whatever goes with the square shows at four times that
_MOST = 8.0  # times as long; linear is 4, the square 16
_AT_ONCE = 0.2  # CPU seconds below which a ratio says nothing
_SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "trust" / "hostile.py"


def _inputs() -> list[Any]:
    spec = importlib.util.spec_from_file_location("hostile", _SCRIPT)
    assert spec and spec.loader
    hostile = importlib.util.module_from_spec(spec)
    sys.modules["hostile"] = hostile  # a dataclass looks its module up
    spec.loader.exec_module(hostile)
    return [item for item in hostile.INPUTS if item.kind != "query"]


def _read(kind: str, data: bytes, file: str) -> None:
    try:
        if kind == "article":
            extract(read_document(data, file), taggers_of(vocabulary()))
            return
        text = data.decode("utf-8")
        tree = load_tree(text, file)
        faults(tree, file)
        list(unknown_keys(tree))
        other_readings(text, (), (), ())
    except UnreadableFile:
        pass


def _seconds(read: Callable[[], None]) -> float:
    began = time.process_time()
    read()
    return time.process_time() - began


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    _read("article", b"When the buyer says it is too dear, ask him what he compares it with. " * 20, "page.txt")


@pytest.mark.parametrize("item", _inputs(), ids=lambda item: item.name)
def test_time_grows_as_the_input_does(item: Any) -> None:
    small, large = item.make(_SIZE), item.make(4 * _SIZE)
    for _ in range(3):  # another process may have had the machine's cache
        less, more = (_seconds(lambda data=data: _read(item.kind, data, item.file)) for data in (small, large))
        if more < _AT_ONCE or more < _MOST * less:
            return
    raise AssertionError(f"{less:.2f} s for {len(small)} bytes, {more:.2f} s for {len(large)}")
