"""Odd surroundings damage nothing: what can be done is done, what cannot is said in one line."""

from __future__ import annotations

import json
import os
import pathlib
import sqlite3
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.kb import KnowledgeBase
from coachkb.store import journal

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
LESSON = f"kb/lessons/en/{ID}.yaml"
READING = [
    ("lookup", "too expensive"),
    ("show", ID),
    ("browse",),
    ("situations",),
    ("coverage",),
    ("export",),
    ("info",),
    ("log",),
]


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    """A knowledge base with one lesson."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    return pathlib.Path("kb")


def changed(folder: pathlib.Path = pathlib.Path()) -> None:
    with open(folder / "dear.txt", "a", encoding="utf-8") as file:
        file.write("\nThen ask again, and be quiet.\n")


def tree(folder: str | pathlib.Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in pathlib.Path(folder).rglob("*") if p.is_file()}


# --------------------------------------------------------------------------------------------------- rights and room


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_a_read_only_kb_is_read(nobody: Call, open_to_all: pathlib.Path, command: tuple[str, ...]) -> None:
    before = tree("kb")
    done = nobody(command[0], "--kb", "kb", *command[1:])
    assert (done.code, done.err) == (0, "")
    assert tree("kb") == before


@pytest.mark.parametrize("command", [("ingest", "dear.txt"), ("undo", "1"), ("review", "--batch", "accept", "--all")])
def test_a_read_only_kb_is_not_written_to(
    nobody: Call, open_to_all: pathlib.Path, call: Call, command: tuple[str, ...], tmp_path: pathlib.Path
) -> None:
    changed()
    before = tree("kb")
    state = tmp_path / "state"
    journal_here = pathlib.Path(os.environ["HOME"], ".local", "state", "coachkb")
    assert journal_here.is_dir()
    done = nobody(command[0], "--kb", "kb", *command[1:], XDG_STATE_HOME=str(state))
    assert done.code in (1, 3)
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err
    assert tree("kb") == before


def test_a_lesson_that_was_made_read_only_stays(nobody: Call, open_to_all: pathlib.Path) -> None:
    """A rename goes through where the folder may be written, whatever the file's own rights say."""
    for path in [open_to_all / "kb", *(open_to_all / "kb").rglob("*")]:
        os.chown(path, 65534, 65534)
    lesson = open_to_all / LESSON
    lesson.chmod(0o444)
    changed()
    before = tree("kb")
    done = nobody("ingest", "--kb", "kb", "dear.txt")
    assert done.code == 3
    assert f"{ID}.yaml: cannot be written (Permission denied); nothing was changed" in done.err
    assert tree("kb") == before
    lesson.chmod(0o644)
    assert nobody("ingest", "--kb", "kb", "dear.txt").code == 0
    assert lesson.stat().st_uid == 65534


def test_who_writes_for_another_leaves_the_file_theirs(kb: pathlib.Path, call: Call) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(LESSON, 65534, 65534)
    pathlib.Path(LESSON).chmod(0o640)
    changed()
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    info = pathlib.Path(LESSON).stat()
    assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (65534, 65534, 0o640)


@pytest.mark.parametrize("folder", ["", "/nonexistent", "relative"])
def test_without_a_home_folder(call: Call, article: str, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    monkeypatch.setenv("HOME", folder)
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "/dev/null")
    done = call("ingest", "--kb", "kb", "dear.txt")
    assert (done.code, ID in done.out) == (0, True)
    assert "coachkb: undo cannot take this ingest back" in done.err
    assert len(done.err.splitlines()) == 2  # and that the knowledge base was made
    for command in READING:
        done = call(command[0], "--kb", "kb", *command[1:])
        assert (done.code, done.err) == (0, "")
    assert call("undo", "--kb", "kb").code == 1
    assert sorted(os.listdir()) == ["dear.txt", "kb"]


def test_no_place_for_an_index(call: Call, kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a full disk the ingest was done and then ended as a bug of coachkb's."""
    changed()
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")

    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coachkb.jobs.indexing.tempfile.mkdtemp", full)
    done = call("ingest", "--kb", "kb", "dear.txt")
    assert done.code == 0
    assert "there is no place to make its search index" in done.err
    assert "ask again" in pathlib.Path("kb/articles/dear.txt").read_text(encoding="utf-8")
    done = call("lookup", "--kb", "kb", "too expensive")
    assert (done.code, len(done.err.splitlines())) == (3, 1)


# -------------------------------------------------------------------------------------------------------- terminals


@pytest.mark.parametrize("command", [*READING, ("--help",), ("undo", "--help")], ids=lambda command: command[0])
def test_the_c_locale(run: Call, kb: pathlib.Path, command: tuple[str, ...]) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(*command, env={**plain, "COACHKB_KB": "kb"})
    assert (done.code, done.err) == (0, "")
    assert done.out


def test_the_c_locale_writes_the_same_files(run: Call, article: str) -> None:
    plain = {"LC_ALL": "C", "LANG": "C"}
    pathlib.Path("prijs é.txt").write_text(article.replace("week", "week — “café”"), encoding="utf-8")
    for name, env in (("plain", plain), ("utf", {})):
        assert run("ingest", "--kb", name, "prijs é.txt", env=env).code == 0
    trees = [{path.partition("/")[2]: data for path, data in tree(name).items()} for name in ("plain", "utf")]
    assert trees[0] == trees[1]
    assert "articles/prijs é.txt" in trees[0]


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_no_terminal_at_all(run: Call, kb: pathlib.Path, command: tuple[str, ...]) -> None:
    """Started by a scheduler: no stdin, no TERM, in a session of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "coachkb", command[0], "--kb", "kb", *command[1:]],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if name not in ("TERM", "COLUMNS", "LINES")},
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("command", [*READING, ("--help",), ("lookup", "--help")], ids=" ".join)
def test_twenty_columns(run: Call, kb: pathlib.Path, command: tuple[str, ...]) -> None:
    arguments = command if "--help" in command else (command[0], "--kb", "kb", *command[1:])
    done = run("--color", "always", *arguments, env={"COLUMNS": "20", "TERM": "xterm"})
    assert (done.code, done.err) == (0, "")
    assert done.out


# ------------------------------------------------------------------------------------------------------------ clocks


def test_a_clock_set_back(call: Call, kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is newest goes by number, and whether a file changed goes by any other time, not by a later one."""
    monkeypatch.setenv("COACHKB_TODAY", "2019-12-31")
    call("lookup", "--kb", "kb", "too expensive")
    changed()
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    os.utime(LESSON, (0, 0))
    text = pathlib.Path(LESSON).read_text(encoding="utf-8")
    pathlib.Path(LESSON).write_text(text.replace("title: When", "title: Whenever"), encoding="utf-8")
    os.utime(LESSON, (1, 1))
    assert call("lookup", "--kb", "kb", "too expensive").out.startswith("Whenever")
    assert [(row.id, row.at[:10]) for row in KnowledgeBase.open("kb").log()] == [(2, "2019-12-31"), (1, "2026-01-15")]
    assert "ingest 2 of 2019-12-31" in call("undo", "--kb", "kb").out


# ------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["my kb (1)", "säljkb/ö ä", "日本", "it's; $HOME & co", "-kb"])
def test_where_a_kb_may_lie(run: Call, article: str, name: str) -> None:
    pathlib.Path("in här").mkdir()
    pathlib.Path("in här/prijs é ö.txt").write_text(article, encoding="utf-8")
    done = run("init", "--", name)
    assert done.code == 0
    hint = done.out.strip().partition(", then: coachkb ")[2]
    shell = f"{sys.executable} -m coachkb {hint} 'in här'"
    assert subprocess.run(["bash", "-c", shell], capture_output=True, check=False, timeout=120).returncode == 0
    assert os.path.exists(os.path.join(name, "articles", "prijs é ö.txt"))
    done = run("lookup", f"--kb={name}", "too expensive")
    assert (done.code, done.err) == (0, "")
    assert run("undo", f"--kb={name}").code == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [("Dear.txt", "dear.txt"), ("café.txt", unicodedata.normalize("NFD", "café.txt")), ("ﬁt.txt", "FIT.txt")],
)
def test_names_that_are_one_on_other_systems(call: Call, article: str, first: str, second: str) -> None:
    for folder, name in (("a", first), ("b", second)):
        pathlib.Path(folder).mkdir()
        # Else it would be a new version of the first.
        text = article if folder == "a" else article.replace(".", ", I found.").replace("?", ", then?")
        pathlib.Path(folder, name).write_text(text, encoding="utf-8")
        assert call("ingest", "--kb", "kb", f"{folder}/{name}").code == 0
    names = os.listdir("kb/articles")
    assert len(names) == 2
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == 2


def test_an_id_is_not_given_twice_for_a_file_named_in_capitals(call: Call, kb: pathlib.Path, article: str) -> None:
    """A lesson file need not be named after its id; one in capitals is the same file on other systems."""
    by_hand = pathlib.Path(LESSON).read_text(encoding="utf-8").replace(f"id: {ID}", "id: another")
    pathlib.Path(LESSON).unlink()
    pathlib.Path(f"kb/lessons/en/{ID.upper()}.yaml").write_text(by_hand, encoding="utf-8")
    pathlib.Path("new.txt").write_text(article.replace("every week", "every month"), encoding="utf-8")
    assert call("ingest", "--kb", "kb", "new.txt").code == 0
    names = [path.name.casefold() for path in pathlib.Path("kb/lessons").rglob("*.yaml")]
    assert len(names) == len(set(names)) == 2


# ------------------------------------------------------------------------------------------------------------- files


def test_lesson_files_with_crlf(call: Call, kb: pathlib.Path) -> None:
    path = pathlib.Path(LESSON)
    text = path.read_text(encoding="utf-8").replace("title: When the", "title: Mine, when the")
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8"))
    by_hand = path.read_bytes()
    assert call("lookup", "--kb", "kb", "too expensive").out.startswith("Mine, when")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    assert path.read_bytes() == by_hand
    changed()
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    now = path.read_bytes()
    assert now != by_hand
    assert now.count(b"\n") == now.count(b"\r\n")
    assert b"Mine, when" in now
    call("undo", "--kb", "kb")
    assert path.read_bytes() == by_hand


def test_merge_conflicts_in_a_lesson_are_said_as_such(call: Call, kb: pathlib.Path, article: str) -> None:
    pathlib.Path("slow.txt").write_text(article.replace("too dear", "far too slow"), encoding="utf-8")
    call("ingest", "--kb", "kb", "slow.txt")
    path = pathlib.Path(LESSON)
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("title:"))
    lines[at : at + 1] = ["<<<<<<< HEAD", lines[at], "=======", "title: Theirs", ">>>>>>> theirs"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    conflict = path.read_bytes()
    done = call("lookup", "--kb", "kb", "too expensive")
    assert done.code == 0
    assert f"{ID}.yaml, line {at + 1}: has unresolved git merge conflict marks: settle the merge first" in done.err
    changed()
    done = call("ingest", "--kb", "kb", "dear.txt")
    assert (done.code, "is broken: mend or delete it first" in done.err) == (3, True)
    assert path.read_bytes() == conflict
    assert call("check", "--kb", "kb").code == 1


NEWER = "format: 2\nstarter: perhaps\nsomething: {new: 1}\n"


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_a_kb_of_a_newer_coachkb_is_read(call: Call, kb: pathlib.Path, command: tuple[str, ...]) -> None:
    """It was refused wholly."""
    pathlib.Path("kb/coachkb.yaml").write_text(NEWER, encoding="utf-8")
    done = call(command[0], "--kb", "kb", *command[1:])
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    "command",
    [("ingest", "dear.txt"), ("undo",), ("review", "--batch", "accept", "--all")],
    ids=lambda command: command[0],
)
def test_a_kb_of_a_newer_coachkb_is_not_written_to(call: Call, kb: pathlib.Path, command: tuple[str, ...]) -> None:
    pathlib.Path("kb/coachkb.yaml").write_text(NEWER, encoding="utf-8")
    changed()
    before = tree("kb")
    done = call(command[0], "--kb", "kb", *command[1:])
    assert (done.code, len(done.err.splitlines())) == (3, 1)
    assert "coachkb.yaml: is of format 2, made by a newer coachkb" in done.err
    assert "update coachkb" in done.err
    assert tree("kb") == before


# ------------------------------------------------------------------------------------------------------------ others


def test_a_kb_that_another_writes_to(kb: pathlib.Path, run: Call) -> None:
    """Writers are told who has it; readers do not wait."""
    pytest.importorskip("fcntl")
    changed()
    with journal.writing("kb", "review"):
        code = "from coachkb.store import files; files.WAIT = 0; from coachkb.__main__ import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, "ingest", "--kb", "kb", "dear.txt"],
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"coachkb: kb: another coachkb (review, process {os.getpid()}) is writing to this knowledge base"
        assert done.stderr.startswith(said)
        assert run("lookup", "--kb", "kb", "too expensive").code == 0
        assert json.loads(run("log", "--kb", "kb", "--format", "json").out)
    assert run("ingest", "--kb", "kb", "dear.txt").code == 0


def test_a_refresh_that_was_killed_is_taken_back(run: Call, kb: pathlib.Path, home: pathlib.Path) -> None:
    """SQLite's journal of a killed refresh was played into the index that was made after it."""
    assert run("lookup", "--kb", "kb", "too expensive").code == 0
    (index,) = (home / ".cache" / "coachkb").glob("*.sqlite")
    script = (
        "import os, sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1])\n"
        "db.execute('PRAGMA cache_size = 1')\n"
        "db.execute('BEGIN')\n"
        "db.execute(\"UPDATE lesson SET title = 'half'\")\n"
        "db.execute('DELETE FROM feature')\n"
        "db.execute(\"UPDATE meta SET value = 'half' WHERE key = 'version'\")\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, index], check=True, timeout=60)
    assert os.path.exists(f"{index}-journal")
    assert run("lookup", "--kb", "kb", "too expensive").out.startswith("When the buyer")
    assert not os.path.exists(f"{index}-journal")
    db = sqlite3.connect(index)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("SELECT title FROM lesson WHERE own = 1").fetchall() == [("When the buyer says it is too dear",)]
    db.close()


def test_an_index_with_bytes_that_are_no_text_is_told(run: Call, kb: pathlib.Path, home: pathlib.Path) -> None:
    assert run("lookup", "--kb", "kb", "too expensive").code == 0
    (index,) = (home / ".cache" / "coachkb").glob("*.sqlite")
    db = sqlite3.connect(index)
    db.execute("UPDATE situation_name SET name = CAST(x'47ff' AS TEXT) WHERE language = 'en'")
    db.commit()
    db.close()
    done = run("browse", "--kb", "kb")
    assert (done.code, len(done.err.splitlines())) == (3, 1)
    assert "the search index is damaged" in done.err and "'coachkb index' makes it anew" in done.err
    assert run("index", "--kb", "kb").code == 0
    assert run("browse", "--kb", "kb").err == ""
