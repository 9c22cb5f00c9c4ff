"""Every change to a knowledge base is journaled, all or nothing, and finished by the next writer when it was cut short."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Callable

import pytest

from coachkb.errors import ChangedMeanwhile, UnusableKB
from coachkb.store import files, folder, journal, journal_file

A, B, C = "lessons/en/a.yaml", "lessons/en/b.yaml", "articles/c.txt"


@pytest.fixture
def kb(tmp_path: pathlib.Path) -> str:
    """A knowledge base with two files."""
    path = str(tmp_path / "kb")
    folder.create(path)
    journal.commit(path, "ingest", {A: b"old a", B: b"old b"})
    return path


def now(kb: str) -> dict[str, bytes | None]:
    return {path: journal.read(kb, path) for path in (A, B, C)}


def names(kb: str) -> list[str]:
    return sorted(str(path.relative_to(kb)) for path in pathlib.Path(kb).rglob("*") if path.is_file())


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it is run."""


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """killed_at(kb, n, changes): commits, and dies before the n-th file gets its name or is removed."""

    def commit(kb: str, n: int, changes: dict[str, bytes | None]) -> None:
        with monkeypatch.context() as patch:
            left = [n]
            real = {"replace": os.replace, "unlink": os.unlink}

            def counted(name: str) -> Callable[..., None]:
                def call(*arguments: str) -> None:
                    if arguments[-1].startswith(kb) and not arguments[-1].endswith(".tmp"):
                        left[0] -= 1
                        if left[0] < 0:
                            raise Killed
                    real[name](*arguments)

                return call

            for name in real:
                patch.setattr(files.os, name, counted(name))
            patch.setattr(journal, "_put_back", lambda *_: ["nothing was put back"])
            with pytest.raises(Killed):
                journal.commit(kb, "edit", changes)

    return commit


def test_a_commit_writes_removes_and_remembers(kb: str) -> None:
    id_ = journal.commit(kb, "edit", {A: b"new a", B: None, C: b"new c"}, note="three files")
    assert now(kb) == {A: b"new a", B: None, C: b"new c"}
    entry = journal.entries(kb)[-1]
    assert (entry.id, entry.action, entry.note, entry.done) == (id_, "edit", "three files", True)
    assert entry.at.startswith("2026-01-15 ")
    assert [entry.bytes_of(path, "before") for path in (A, B, C)] == [b"old a", b"old b", None]
    with pytest.raises(OSError, match="no longer"):
        entry.bytes_of(A, "after")


def test_nothing_is_journaled_when_nothing_changes(kb: str) -> None:
    stamp = os.stat(os.path.join(kb, A)).st_mtime_ns
    assert journal.commit(kb, "edit", {A: b"old a", C: None}) is None
    assert len(journal.entries(kb)) == 1
    assert os.stat(os.path.join(kb, A)).st_mtime_ns == stamp


def test_the_last_file_takes_its_folder_with_it(kb: str) -> None:
    journal.commit(kb, "undo", {A: None, B: None})
    assert sorted(os.listdir(kb)) == [".gitattributes", "articles", "coachkb.yaml", "lessons"]
    assert os.listdir(os.path.join(kb, "lessons")) == []


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_commit_that_was_cut_short_is_finished_by_the_next_writer(
    kb: str, killed_at: Callable[..., None], done: int
) -> None:
    killed_at(kb, done, {A: b"new a", B: None, C: b"new c"})
    pathlib.Path(kb, "lessons", "en", ".coachkb-x.tmp").write_bytes(b"half")
    assert not journal.entries(kb)[-1].done
    told: list[str] = []
    with journal.writing(kb, "ingest", told.append):
        assert now(kb) == {A: b"new a", B: None, C: b"new c"}
    assert names(kb) == [".gitattributes", C, "coachkb.yaml", A]
    assert journal.entries(kb)[-1].done
    assert len(told) == 1
    assert f"was cut short; it is finished now ({3 - done} of 3 files were still to write)" in told[0]


def test_what_a_person_did_after_a_cut_stays(kb: str, killed_at: Callable[..., None]) -> None:
    killed_at(kb, 0, {A: b"new a", B: b"new b"})
    pathlib.Path(kb, A).write_bytes(b"by hand")
    told: list[str] = []
    journal.commit(kb, "edit", {C: b"c"}, tell=told.append)
    assert now(kb) == {A: b"by hand", B: b"new b", C: b"c"}
    assert f"left as they are, for they changed since: {A}" in told[0]


def test_a_cut_commit_of_another_kb_at_the_same_place_is_not_finished(
    kb: str, killed_at: Callable[..., None], tmp_path: pathlib.Path
) -> None:
    killed_at(kb, 0, {C: b"new c"})
    os.rename(kb, tmp_path / "away")
    folder.create(kb)
    told: list[str] = []
    with journal.writing(kb, "ingest", told.append):
        assert names(kb) == [".gitattributes", "coachkb.yaml"]
    assert "left as they are" in told[0]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_commit_that_fails_is_put_back(kb: str, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    real = getattr(os, fails)
    calls = [0]

    def broken(*arguments: object) -> None:
        calls[0] += 1
        if calls[0] == 5:  # in the midst of the files, after the journal's entry
            raise OSError(28, "No space left on device")
        real(*arguments)

    monkeypatch.setattr(files.os, fails, broken)
    if fails == "replace":
        calls[0] = 2
    with pytest.raises(UnusableKB, match=r"cannot be written \(No space left on device\); nothing was changed"):
        journal.commit(kb, "edit", {A: b"new a", B: b"new b", C: b"new c"})
    assert now(kb) == {A: b"old a", B: b"old b", C: None}
    assert names(kb) == [".gitattributes", "coachkb.yaml", A, B]
    assert [entry.action for entry in journal.entries(kb)] == ["ingest"]


def test_a_file_that_changed_since_it_was_read_is_not_written_over(kb: str) -> None:
    seen = {A: files.sha256(b"old a"), C: None}
    pathlib.Path(kb, A).write_bytes(b"by hand")
    with pytest.raises(ChangedMeanwhile) as caught:
        journal.commit(kb, "review", {A: b"new a", B: b"new b", C: b"c"}, seen=seen)
    assert caught.value.files == [A]
    assert now(kb) == {A: b"by hand", B: b"old b", C: None}


def test_a_file_that_is_saved_while_others_are_written_is_not_written_over(
    kb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def replace(source: str, target: str) -> None:
        real(source, target)
        if target.endswith(A):
            pathlib.Path(kb, B).write_bytes(b"by hand")

    monkeypatch.setattr(files.os, "replace", replace)
    with pytest.raises(ChangedMeanwhile):
        journal.commit(kb, "review", {A: b"new a", B: b"new b"})
    assert now(kb) == {A: b"old a", B: b"by hand", C: None}
    assert len(journal.entries(kb)) == 1


def test_the_journal_is_bounded(kb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_file, "MAX_ENTRIES", 3)
    for n in range(6):
        journal.commit(kb, "edit", {A: b"%d" % n})
    assert [entry.id for entry in journal.entries(kb)] == [5, 6, 7]
    monkeypatch.setattr(journal_file, "MAX_BYTES", 1)
    journal.commit(kb, "edit", {A: b"last"})
    assert [entry.id for entry in journal.entries(kb)] == [8]


@pytest.mark.parametrize("state", ["/dev/null", "/proc/nowhere"])
def test_without_a_state_folder_only_undo_is_lost(kb: str, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", state)
    told: list[str] = []
    assert journal.commit(kb, "edit", {A: b"new a"}, tell=told.append) is None
    assert now(kb)[A] == b"new a"
    assert len(told) == 1
    assert told[0].startswith("undo cannot take this edit back: its journal cannot be written")
    assert journal.entries(kb) == []


def test_an_entry_that_is_damaged_hides_no_other(kb: str) -> None:
    journal.commit(kb, "edit", {A: b"new a"})
    first = journal.entries(kb)[0]
    pathlib.Path(first.where).write_bytes(b"\xff{")
    assert [entry.id for entry in journal.entries(kb)] == [2]
    pathlib.Path(journal.entries(kb)[0].where).write_bytes(b"")
    assert journal.commit(kb, "edit", {A: b"newer"}) == 3


@pytest.mark.parametrize("path", ["../out.txt", "lessons/../../out.txt", "/tmp/out.txt", "linked/out.txt"])
def test_no_path_leads_out_of_the_kb(kb: str, tmp_path: pathlib.Path, path: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", os.path.join(kb, "linked"))
    with pytest.raises(UnusableKB, match="lies outside the knowledge base"):
        journal.commit(kb, "edit", {path: b"x"})
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (tmp_path / "out.txt").exists()


def test_a_folder_whose_name_begins_alike_is_outside(tmp_path: pathlib.Path) -> None:
    for name in ("kb", "kb2"):
        (tmp_path / name).mkdir()
    with pytest.raises(UnusableKB):
        files.inside(str(tmp_path / "kb"), "../kb2/x")


def test_a_kb_of_a_newer_coachkb_is_not_written_to(kb: str) -> None:
    pathlib.Path(kb, "coachkb.yaml").write_text("format: 2\n")
    with pytest.raises(UnusableKB, match=r"is of format 2, made by a newer coachkb.*update coachkb"):
        journal.commit(kb, "edit", {A: b"new a"})
    assert now(kb)[A] == b"old a"


HEADS: list[dict[str, object]] = [
    {"id": None},
    {"undoes": []},
    {"place": 5},
    {"files": 5},
    {"files": [{"path": "/etc/x", "before": None, "after": None, "bytes": [0, 0]}]},
    {"files": [{"path": "../x", "before": None, "after": None, "bytes": [0, 0]}]},
    {"files": [{"path": "a\0b", "before": None, "after": None, "bytes": [0, 0]}]},
    {"files": [{"path": "a", "before": None, "after": 7, "bytes": [0, 0]}]},
    {"files": [{"path": "a", "before": None, "after": None, "bytes": [-5, 3]}]},
    {"files": [{"path": "a", "before": None, "after": None, "bytes": []}]},
]


@pytest.mark.parametrize("head", HEADS, ids=str)
@pytest.mark.parametrize("suffix", [".done", ".begun"])
def test_a_damaged_entry_stopped_whoever_came_next(kb: str, head: dict[str, object], suffix: str) -> None:
    journal.commit(kb, "edit", {B: b"new b"})
    first, last = (pathlib.Path(entry.where) for entry in journal.entries(kb))
    line, _, rest = last.read_bytes().partition(b"\n")
    last.unlink()
    last = last.with_suffix(suffix)
    last.write_bytes(json.dumps({**json.loads(line), **head}).encode() + b"\n" + rest)
    said: list[str] = []
    assert [pathlib.Path(entry.where) for entry in journal.entries(kb)] == [first]
    assert journal.commit(kb, "edit", {A: b"new a"}, tell=said.append) is not None
    assert now(kb) == {A: b"new a", B: b"new b", C: None}
    damaged = last.with_suffix(".damaged")
    assert damaged.exists() == (suffix == ".begun")
    assert [str(damaged) in line for line in said] == [True] * (suffix == ".begun")
