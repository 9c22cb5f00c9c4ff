"""The scripts that kill, crowd and fill, in short; docs/figures.md has what their long forms print."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "trust"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the scripts fork")


def printed(name: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, SCRIPTS / name, *arguments], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def row(table: str, first: str) -> dict[str, int]:
    lines = [
        line.split() for line in table.replace("half-way", "halfway").replace("went through", "through").splitlines()
    ]
    heading = next(line for line in lines if "trials" in line)
    found = next(line for line in lines if line[0] == first)
    return {name: int(value) for name, value in zip(heading[1:], found[1:], strict=True)}


def test_nothing_is_lost_when_coachkb_is_killed() -> None:
    counts = row(printed("kill.py", "--trials", "12"), "all")
    assert counts["trials"] == 12
    assert counts["killed"] >= 6
    assert counts["old"] + counts["new"] == 12


def test_nothing_is_lost_in_a_crowd() -> None:
    told = printed("crowd.py", "--processes", "4", "--rounds", "3")
    assert "lost: 0; broken at the end: 0; faults: 0" in told


def test_nothing_is_lost_on_a_full_disk() -> None:
    counts = row(printed("full_disk.py", "--trials", "8"), "ingest")
    assert counts["trials"] == 8
    assert counts["refused"] > 0


def test_no_edit_is_lost_by_ingesting_again() -> None:
    assert printed("edits.py", "--trials", "8").endswith(" trials, 0 lost\n")


def test_no_reader_is_crashed_by_mutations_of_real_files() -> None:
    told = printed("fuzz.py", "--seconds", "3")
    assert told.endswith(" trials, 0 lost\n")
