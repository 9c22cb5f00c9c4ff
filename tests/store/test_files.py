"""Files appear whole or not at all, under names that stay in their folder on every system."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import stat
import threading

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coachkb.errors import UnusableKB
from coachkb.store import files
from coachkb.store.articles import origin_known, origin_of
from coachkb.store.files import atomic_write, locked, safe_stem, slug

DEVICE = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?\Z")
names = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            [
                "..",
                "/",
                "\\",
                ".",
                "con",
                "NUL",
                "com1",
                "lpt9",
                ":",
                "~",
                "\x00",
                "\u202e",
                " ",
                "a",
                "é",
                "-",
                "*",
                "?",
                "\udce9",
                "x" * 200,
            ]
        ),
        max_size=8,
    ).map("".join),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(names)
@example("con")
@example("CON .x")
@example("...")
@example("../../etc/passwd")
@example("caf\udce9")
def test_no_name_of_a_source_leads_out_of_the_folder(name: str) -> None:
    stem = safe_stem(name)
    assert stem
    assert stem not in (".", "..")
    assert not set(stem) & set('<>:"/\\|?*\x00')
    assert not stem.startswith(".")
    assert not stem.endswith((".", " "))
    assert not DEVICE.match(stem)
    assert len(stem.encode("utf-8")) <= 150
    assert os.path.normpath(f"articles/{stem}.txt") == f"articles/{stem}.txt"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=200))
@example("con")
@example("NUL")
@example("İ")
@example("!!!")
def test_any_title_makes_an_id(title: str) -> None:
    made = slug(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 67
    assert not DEVICE.match(made)
    assert slug(made) == made


@pytest.mark.parametrize("name", ["salg og råd", "Offerte (2)", "a.b", "日本", "x_y"])
def test_a_name_that_is_safe_stays_as_it_was(name: str) -> None:
    assert safe_stem(name) == name


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Don't sell – ask!", "dont-sell-ask"),
        ("Säljarens råd på nätet", "saljarens-rad-pa-natet"),
        ("Één vraag per keer", "een-vraag-per-keer"),
        ("con", "con-lesson"),
        ("???", "lesson"),
        ("a" * 200, "a" * 60),
        ("word " * 40, "-".join(["word"] * 12)),
    ],
)
def test_ids_are_made_of_the_title(title: str, made: str) -> None:
    assert slug(title) == made


def test_writing_keeps_the_mode_and_leaves_nothing_behind(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "deep" / "x.yaml"
    atomic_write(str(path), b"one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~files._umask()
    path.chmod(0o640)
    atomic_write(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in path.parent.iterdir()] == ["x.yaml"]


@pytest.mark.parametrize("fails", ["replace", "fsync", "chmod"])
def test_when_writing_fails_the_old_file_stands_and_no_temporary_is_left(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"old")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, fails, broken)
    with pytest.raises(OSError, match="No space"):
        atomic_write(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.yaml"]


def in_a_thread(folder: pathlib.Path) -> str:
    """What becomes of another writer."""
    told: list[str] = []

    def write() -> None:
        try:
            with locked(str(folder / "state"), str(folder), "edit") as first:
                told.append(f"written, {first}")
        except UnusableKB as error:
            told.append(str(error))

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    return told[0]


def test_one_writer_at_a_time(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fcntl")
    monkeypatch.setattr(files, "WAIT", 0)
    with locked(str(tmp_path / "state"), str(tmp_path), "ingest") as first:
        assert first
        with locked(str(tmp_path / "state"), f"{tmp_path}/.") as again:  # who has it may take it again
            assert not again
        said = f"{tmp_path}: another coachkb (ingest, process {os.getpid()}) is writing to this knowledge base"
        assert in_a_thread(tmp_path).startswith(said)
        shutil.rmtree(tmp_path / "state")
        assert "another coachkb is writing" in in_a_thread(tmp_path)
    assert in_a_thread(tmp_path) == "written, True"


def test_a_lock_needs_no_state_folder_and_leaves_nothing_in_the_kb(tmp_path: pathlib.Path) -> None:
    with locked(None, str(tmp_path)), locked("/dev/null/state", str(tmp_path)):
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("x.txt", "x.txt"),
        ("./a//x.txt", "a/x.txt"),
        ("../x.txt", "../x.txt"),
        ("caf\udce9.txt", "caf?.txt"),
    ],
)
def test_an_origin_is_kept_as_given(given_: str, kept: str) -> None:
    assert origin_of(given_, "kb") == kept


@pytest.mark.parametrize(
    ("cwd", "given_", "known", "kept"),
    [
        ("team", "inbox/a.txt", "inbox/a.txt", "inbox/a.txt"),
        ("team/kb", "../inbox/a.txt", "inbox/a.txt", "inbox/a.txt"),
        ("team", "inbox/a.txt", "../inbox/a.txt", "../inbox/a.txt"),
        ("team/inbox", "a.txt", "inbox/a.txt", "inbox/a.txt"),
        ("team/kb/lessons", "../../inbox/a.txt", "inbox/a.txt", "inbox/a.txt"),
        ("elsewhere", "../team/inbox/a.txt", "inbox/a.txt", "inbox/a.txt"),
        ("elsewhere", "{top}/team/inbox/a.txt", "inbox/a.txt", "inbox/a.txt"),
        ("team/other", "a.txt", "inbox/a.txt", "a.txt"),  # another file of that name
        ("team/kb", "../other/a.txt", "inbox/a.txt", "../other/a.txt"),
        ("team/kb", "articles/a.txt", "a.txt", "articles/a.txt"),
    ],
)
def test_an_origin_changed_with_the_folder_one_stood_in(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, cwd: str, given_: str, known: str, kept: str
) -> None:
    for folder in ("team/kb/lessons", "team/kb/articles", "team/inbox", "team/other", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("team/inbox/a.txt", "team/other/a.txt", "team/kb/articles/a.txt"):
        (tmp_path / file).write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path / cwd)
    assert origin_known(given_.format(top=tmp_path), str(tmp_path / "team/kb"), frozenset({known, None})) == kept


def test_an_origin_is_never_absolute(home: pathlib.Path, tmp_path: pathlib.Path) -> None:
    assert origin_of(str(home / "a" / "x.txt"), str(tmp_path)) == "a/x.txt"
    outside = origin_of(str(tmp_path / "far" / "x.txt"), str(tmp_path / "kb"))
    assert outside == "../far/x.txt"
