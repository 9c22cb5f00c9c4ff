"""What only a process of its own shows: pipes, encodings, colour, odd places."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.skipif(os.name == "nt", reason="pipes")
@pytest.mark.parametrize(
    "arguments",
    [
        ["lookup", "too expensive"],
        ["lookup", "too expensive", "--color", "always"],
        ["browse"],
        ["browse", "--color", "always"],
        ["export", "--full"],
        ["export", "--format", "json"],
        ["situations"],
    ],
    ids=" ".join,
)
def test_head_is_quiet(arguments: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "coachkb", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()  # as a head that has seen enough
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def test_a_pipe_has_no_colour_and_whole_lines(run: Run) -> None:
    for arguments in (["lookup", "too expensive"], ["browse"], ["show", first_id(run)], ["situations"], ["coverage"]):
        done = run(*arguments)
        assert "\x1b" not in done.out
        assert done.err == ""
    longest = max(len(line) for line in run("lookup", "too expensive", "--full").out.splitlines())
    assert longest > 100


def first_id(run: Run) -> str:
    return str(json.loads(run("browse", "--format", "json").out)[0]["id"])


def test_colour_is_asked_for_or_refused(run: Run) -> None:
    coloured = run("lookup", "too expensive", "--color", "always")
    assert "\x1b[" in coloured.out
    assert run("--color", "always", "lookup", "too expensive").out == coloured.out
    assert "\x1b[" in run("lookup", "too expensive", "--color", "always", env={"NO_COLOR": "1"}).out
    assert "\x1b" not in run("lookup", "too expensive", "--color", "never").out
    longest = max(len(line) for line in coloured.out.splitlines())
    assert longest > 100  # not wrapped in a pipe


def on_terminal(arguments: list[str], **env: str) -> str:
    """What a command prints on a terminal."""
    pty = pytest.importorskip("pty")
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "coachkb", *arguments],
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "60", **env},
    )
    os.close(child)
    data = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            break
        if not piece:
            break
        data += piece
    os.close(parent)
    assert process.wait(60) == 0
    return data.decode("utf-8")


def test_a_terminal_gets_a_card_in_colour_unless_no_color() -> None:
    shown = on_terminal(["lookup", "too expensive"])
    assert "\x1b[" in shown
    assert "\x1b[3" not in on_terminal(["lookup", "too expensive"], NO_COLOR="1")
    assert "\x1b" not in on_terminal(["lookup", "too expensive", "--format", "plain"])
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert 40 < max(map(len, lines)) <= 60


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


@pytest.mark.parametrize(
    "arguments",
    [
        ["lookup", "för dyrt", "--lang", "sv"],
        ["lookup", "för dyrt", "--lang", "sv", "--color", "always"],
        ["lookup", "too expensive", "--format", "json"],
        ["browse", "--color", "always"],
        ["situations", "--lang", "sv"],
        ["export"],
        ["coverage", "--color", "always"],
        ["lookup", "too expensive", "--lang", "é"],
    ],
    ids=" ".join,
)
def test_a_terminal_that_knows_only_ascii(run: Run, arguments: list[str]) -> None:
    done = run(*arguments, env=ASCII)
    assert done.code == (2 if "é" in arguments else 0), done.err
    assert done.out.isascii()
    assert "bug" not in done.err


def test_a_kb_in_an_awkward_place(run: Run, article: str, home: pathlib.Path) -> None:
    place = home / "Säljkår möte's #1 100% ?x" / "k b"
    (home / "é.txt").write_text(article, encoding="utf-8")
    assert run("ingest", "--kb", place, "é.txt").code == 0
    for env in ({}, ASCII):
        done = run("lookup", "--kb", place, "too expensive", env=env)
        assert (done.code, done.err) == (0, "")
        assert "id: when-the-buyer" in done.out
    assert [path.name for path in place.glob("articles/*")] == ["é.txt"]
    told = json.loads(run("info", "--kb", place, "--format", "json").out)
    assert told["kb"] == str(place)


def test_kb_is_taken_before_and_after_the_command(run: Run, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert run("--kb", "kb", "ingest", "dear.txt").code == 0
    assert run("--kb", "kb", "lookup", "too dear").out == run("lookup", "too dear", "--kb", "kb").out
    assert run("--kb=kb", "browse").out == run("browse", "--kb=kb").out


def test_a_folder_that_was_deleted_under_us(tmp_path: pathlib.Path) -> None:
    code = (
        "import os, sys; os.chdir(sys.argv.pop(1)); os.rmdir(os.getcwd()); "
        "from coachkb.__main__ import main; raise SystemExit(main())"
    )
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "gone"), "lookup", "too expensive"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_look_up_reads_standard_input(run) -> None:
    mail = b"Hi Tom,\n\nthanks, but we have no budget left this year. Try again in April.\n\nSue\n"
    told = run("lookup", "-", "--format", "json", input=mail)
    assert told.code == 0
    assert json.loads(told.out)["situations"][0]["id"] == "no-budget"
    assert run("lookup", "-", input=b" ").code == 2


def test_coverage_of_an_unknown_situation_was_a_bug(run, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert run("ingest", "--kb", "kb", "dear.txt").code == 0
    lesson = next(pathlib.Path("kb/lessons/en").iterdir())
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(re.sub(r"situations:\n(  - .*\n)+", "situations:\n  - my-own\n", text, count=1), "utf-8")
    for form in ("plain", "markdown"):
        told = run("coverage", "--kb", "kb", "--format", form)
        assert (told.code, "my-own" in told.out) == (0, True), told


@pytest.mark.skipif(not pathlib.Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", ["lookup te duur", "lookup --format json te duur", "browse", "--help"])
def test_an_answer_that_cannot_be_written_is_told_as_lost(arguments: str) -> None:
    """With stdout closed the exit code was 0; on a full disk nobody said what it was that could not be written."""
    for redirected, why in ((">&-", "is closed"), ("> /dev/full", "cannot be written (No space left on device)")):
        line = f"'{sys.executable}' -m coachkb {arguments} {redirected}"
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, timeout=60)
        assert done.stderr == f"coachkb: standard output {why}: what was asked for is lost\n"
        assert done.returncode == 3


def test_a_look_up_of_what_is_no_text_is_refused(run: Run) -> None:
    """Random bytes got a card."""
    noise = bytes((n * n * 7 + n) % 251 for n in range(20_000))
    done = run("lookup", "-", input=noise)
    assert (done.code, done.out) == (3, "")
    assert done.err == "coachkb: standard input: is not text (a binary file)\n"
    assert run("lookup", "-").code == 2
    mail = "Nej tack, det är för dyrt för oss.\n"
    first = run("lookup", mail).out
    assert [run("lookup", "-", input=mail.encode(code)).out for code in ("utf-8", "cp1252", "utf-16")] == [first] * 3
