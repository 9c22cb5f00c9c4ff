"""The benchmarks run, on little, and print what they promise. Nothing here is timed."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest

BENCH = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "bench"


def bench(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(BENCH / arguments[0]), *arguments[1:]],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("files", [[], ["--files"]])
def test_growth(files: list[str]) -> None:
    told = json.loads(bench("growth.py", "--sizes", "5,40", "--queries", "4", "--exact", "4", "--json", *files))
    assert set(told["sets"]) == {"varied", "common words"}
    for rows in told["sets"].values():
        assert set(rows) == {"5", "40"}
        assert rows["5"]["ratio"] == 1.0
        assert rows["40"]["steps"]["median"] > 0
    assert told["exact"] == 1.0, "among so few, nothing is left out"


def test_picker() -> None:
    told = bench("picker.py", "--lessons", "40", "--size", "60x20")
    for kind in ("a letter", "taken back", "a row down"):
        assert kind in told


def test_index_build() -> None:
    told = bench("index_build.py", "--lessons", "60", "--runs", "1")
    assert "60 lessons" in told
    assert "plain scan" in told


def test_synthetic_lessons_and_queries_are_the_same_every_time() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(BENCH)!r}); from synthetic import Lessons, queries; "
        "print(list(Lessons().make(9)), queries(30))"
    )
    first, again = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in "ab"
    )
    assert first.stdout == again.stdout
    assert first.stdout.count("<Lesson ") == 9
