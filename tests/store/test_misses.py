"""The log of queries that nothing answered."""

from __future__ import annotations

import os
import pathlib
import stat

import pytest

from coachkb.store import misses


@pytest.fixture
def log(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    return pathlib.Path(str(misses.path()))


def test_nothing_was_missed(log: pathlib.Path) -> None:
    assert misses.recall() == []
    assert misses.forget() == 0
    assert not log.exists()


def test_the_most_asked_for_comes_first_then_the_latest(log: pathlib.Path) -> None:
    for query in ("one", "Två  gånger", "three", "två gånger", "four"):
        misses.remember(query)
    assert misses.recall() == [("två gånger", 2), ("four", 1), ("three", 1), ("one", 1)]
    assert misses.forget() == 4
    assert not log.exists()
    assert misses.recall() == []


def test_one_line_a_query_without_what_moves_a_cursor(log: pathlib.Path) -> None:
    misses.remember("a\nb\r\x1b[31mred\x00\u202e\u2028c\x9b\udce9 ")
    assert log.read_bytes() == "a b red c\ufffd\n".encode()
    misses.remember("\x1b \u200b\n")
    assert len(log.read_bytes().splitlines()) == 1


def test_what_stands_in_the_log_by_other_hands_is_data(log: pathlib.Path) -> None:
    log.parent.mkdir(parents=True)
    log.write_bytes(b"\x1b[2Jclear\n\xff\xfe\n\n" + b"x" * 999 + b"\n")
    assert sorted(misses.recall()) == [("clear", 1), ("x" * 200, 1), ("\ufffd\ufffd", 1)]


def test_a_query_is_cut_to_200_characters(log: pathlib.Path) -> None:
    misses.remember("ö" * 5000)
    misses.remember("word " * 100_000)
    kept = [query for query, _ in misses.recall()]
    assert kept[1] == "ö" * 200
    assert len(kept[0]) == 199 and kept[0].endswith("word")


def test_the_log_is_bounded_and_keeps_the_newest(log: pathlib.Path) -> None:
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"q{n}\n" for n in range(misses.MOST)), encoding="utf-8")
    misses.remember("last")
    lines = log.read_text(encoding="utf-8").splitlines()
    assert (len(lines), lines[0], lines[-1]) == (misses.KEPT, f"q{misses.MOST - misses.KEPT + 1}", "last")
    assert os.listdir(log.parent) == [log.name]
    log.write_bytes(b"y" * 3_000_000)
    misses.remember("after a dump")
    assert log.stat().st_size <= 1_000_000


@pytest.mark.skipif(os.name == "nt", reason="other rights")
def test_only_its_user_reads_it(log: pathlib.Path) -> None:
    misses.remember("secret")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_costs_only_the_log(
    log: pathlib.Path, home: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "state").write_text("a file", encoding="utf-8")
    misses.remember("one")
    assert misses.recall() == []
    (home / "state").unlink()
    log.mkdir(parents=True)
    misses.remember("one")
    assert misses.recall() == []
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr("coachkb.locate.state_folder", lambda: None)
    misses.remember("one")
    assert (misses.recall(), misses.forget()) == ([], 0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_pipe_is_not_waited_for(log: pathlib.Path) -> None:
    log.parent.mkdir(parents=True)
    os.mkfifo(log)
    misses.remember("one")
    assert misses.recall() == []


@pytest.mark.parametrize("value", ["0", "false", " No ", "OFF"])
def test_the_variable_switches_it_off(log: pathlib.Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("COACHKB_MISSES", value)
    misses.remember("one")
    assert not log.exists()
    monkeypatch.setenv("COACHKB_MISSES", "1")
    misses.remember("one")
    assert log.exists()
