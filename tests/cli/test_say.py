"""``coachkb say``: only the words to say."""

from __future__ import annotations

import base64
import io
import json
import os
import pathlib
import pty
import subprocess
import sys
from collections.abc import Callable

import pytest
from rich.console import Console

from coachkb import KnowledgeBase
from coachkb.cli import clipboard
from coachkb.render.card import said_lines

Call = Callable[..., tuple[int, str, str]]
LESSON = """\
format: 1
id: {id}
title: {title}
language: en
situations: [too-expensive]
"""


@pytest.fixture
def kb(tmp_path: pathlib.Path, call: Call) -> str:
    """A KB of two lessons on a price that is too high: the better one has no words to say."""
    folder = tmp_path / "kb"
    call("init", str(folder))
    (folder / "lessons" / "en").mkdir(parents=True)
    for id_, title, more in (
        ("too-expensive-at-first", "Too expensive at first", "tactic: [Wait.]\nreview: {status: approved}\n"),
        ("the-second-one", "The second one", 'script: [{text: "Compared with what?"}, {text: "And then?"}]\n'),
    ):
        text = LESSON.format(id=id_, title=title) + more
        (folder / "lessons" / "en" / f"{id_}.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_words_and_nothing_else(call: Call) -> None:
    code, out, err = call("say", "--full", "too", "expensive")
    first = KnowledgeBase.open().lookup("too expensive").hits[0]
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if line] == [text for text, *_ in first.parts["script"]]


def test_the_next_lesson_speaks_for_one_without_words(call: Call, kb: str) -> None:
    code, out, err = call("say", "--kb", kb, "too expensive at first")
    assert (code, out) == (0, "Compared with what?\nAnd then?\n")
    assert "too-expensive-at-first" in err and "the-second-one" in err


def test_ids_are_said_and_one_without_words_is_not_replaced(call: Call, kb: str) -> None:
    assert call("say", "--kb", kb, "the-second-one")[:2] == (0, "Compared with what?\nAnd then?\n")
    code, out, err = call("say", "--kb", kb, "too-expensive-at-first")
    assert (code, out) == (1, "")
    assert "no words to say in 'Too expensive at first'" in err


def test_a_mistyped_id_is_answered_with_the_nearest_and_not_run(call: Call, kb: str) -> None:
    code, out, err = call("say", "--kb", kb, "the-secnd-one")
    assert (code, out) == (1, "")
    assert "did you mean the-second-one?" in err


def test_an_unknown_id_does_not_spoil_the_known_ones_beside_it(call: Call, kb: str) -> None:
    code, out, err = call("say", "--kb", kb, "no-such-lesson", "the-second-one", "the-secnd-one", "bad")
    assert (code, out) == (1, "Compared with what?\nAnd then?\n")
    assert err.splitlines() == [
        "coachkb: no lesson has the id 'no-such-lesson'",
        "coachkb: no lesson has the id 'the-secnd-one'; did you mean the-second-one?",
        "coachkb: no lesson has the id 'bad'",
    ]
    assert json.loads(call("say", "--kb", kb, "the-second-one", "bad", "--format", "json")[1])[0]["script"]


@pytest.mark.parametrize("word", ["follow-up", "no-show", "well-known"])
def test_words_with_a_hyphen_are_no_ids(call: Call, word: str) -> None:
    """There is a lesson no-shows, which no-show was taken for a mistyped id of."""
    assert call("say", word, "customer")[:2] == call("say", f"{word} customer")[:2]
    assert "id" not in call("say", word)[2].split()
    hits = KnowledgeBase.open().lookup("no-shows are too many").hits
    assert call("say", "no-shows", "are", "too", "many")[1] == call("say", "no-shows are too many")[1]
    assert hits


def test_a_dropped_lesson_says_nothing(call: Call, kb: str) -> None:
    assert call("review", "--kb", kb, "--batch", "drop", "--id", "the-second-one")[0] == 0
    assert call("say", "--kb", kb, "the-second-one")[:2] == (1, "")


def test_exit_codes_are_those_of_lookup(call: Call) -> None:
    assert call("say")[0] == 2
    assert call("say", "...")[0] == 2
    assert call("say", "--lang", "xx", "too expensive")[0] == 2
    assert call("say", "--kb", "nowhere", "too expensive")[0] == 3
    code, out, err = call("say", "xyzzy qwrt")
    assert (code, out) == (1, "")
    assert "Nothing here answers that" in err


def test_json_has_every_key(call: Call, kb: str) -> None:
    code, out, _ = call("say", "--kb", kb, "--format", "json", "the-second-one")
    (lesson,) = json.loads(out)
    assert (code, lesson["script"]) == (0, ["Compared with what?", "And then?"])
    assert set(lesson) == {"id", "title", "language", "review", "sure", "script"}
    assert json.loads(call("say", "--format", "json", "xyzzy qwrt")[1]) == []


def test_copying_uses_the_clipboard_that_is_there(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, call: Call, kb: str
) -> None:
    tool = tmp_path / "xclip"
    tool.write_text(f"#!/bin/sh\ncat > {tmp_path}/copied\n", encoding="utf-8")
    tool.chmod(0o755)
    for name in ("SSH_TTY", "SSH_CONNECTION", "TMUX", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    code, out, err = call("say", "--kb", kb, "--copy", "the-second-one")
    assert (code, out) == (0, "Compared with what?\nAnd then?\n")
    assert "copied to the clipboard (xclip)" in err
    assert (tmp_path / "copied").read_text(encoding="utf-8") == "Compared with what?\nAnd then?"
    err = call("say", "--kb", kb, "--copy", "--lang", "sv", "the-second-one")[2]
    assert "kopierat till urklipp (xclip)" in err and "copied" not in err


def test_without_any_clipboard_the_words_are_printed_and_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, call: Call, kb: str
) -> None:
    monkeypatch.setattr(clipboard, "_tools", list)
    code, out, err = call("say", "--kb", kb, "--copy", "the-second-one")
    assert (code, out) == (1, "Compared with what?\nAnd then?\n")
    assert "no clipboard" in err
    assert "geen klembord" in call("say", "--kb", kb, "--copy", "--lang", "nl", "the-second-one")[2]


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_terminal_over_ssh_gets_the_words_by_osc_52(kb: str) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY")}
    pid, primary = pty.fork()
    if pid == 0:
        os.environ.clear()
        os.environ.update({**kept, "TERM": "xterm", "SSH_TTY": "/dev/pts/1"})
        os.execv(sys.executable, [sys.executable, "-m", "coachkb", "say", "--kb", kb, "--copy", "the-second-one"])
    got = b""
    while True:
        try:
            chunk = os.read(primary, 65536)
        except OSError:
            break
        if not chunk:
            break
        got += chunk
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    copied = base64.b64encode(b"Compared with what?\nAnd then?")
    assert b"\x1b]52;c;" + copied + b"\x07" in got


def test_a_copying_tool_that_hangs_or_fails_is_passed_over(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, body in (("hangs", "sleep 9"), ("fails", "exit 1"), ("works", f"cat > {tmp_path}/got")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(clipboard, "_SECONDS", 0.2)
    monkeypatch.setattr(clipboard, "_tools", lambda: [["absent"], ["hangs"], ["fails"]])
    assert clipboard.copy("x") is None
    monkeypatch.setattr(clipboard, "_SECONDS", 30)
    monkeypatch.setattr(clipboard, "_tools", lambda: [["fails"], ["works"]])
    assert clipboard.copy("åäö") == "works"
    assert (tmp_path / "got").read_text(encoding="utf-8") == "åäö"


def test_head_is_quiet() -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m coachkb say --full too expensive | head -1"],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_is_not_to_be_said_is_dim_in_a_whole_script_and_else_left_out(call: Call, tmp_path: pathlib.Path) -> None:
    kb = tmp_path / "apart"
    call("init", kb)
    (kb / "lessons" / "en").mkdir(parents=True)
    (kb / "lessons" / "en" / "a.yaml").write_text(
        "format: 1\nid: a\ntitle: A\nlanguage: en\nsituations: [no-budget]\n"
        "script: [{text: 'Prospect: No money.'}, {text: 'You: Since when?'}]\n",
        encoding="utf-8",
    )
    shown = call("say", "--kb", kb, "--full", "--color", "always", "a")[1]
    assert shown == "\x1b[2mProspect: No money.\x1b[0m\n\x1b[2mYou: \x1b[0mSince when?\n"
    assert call("say", "--kb", kb, "--full", "a")[1] == "Prospect: No money.\nYou: Since when?\n"
    assert call("say", "--kb", kb, "a") == (0, "Since when?\n", "coachkb: 1 more with --full\n")
    assert call("say", "--kb", kb, "--color", "always", "a")[1] == "Since when?\n"
    card = call("show", "--kb", kb, "--color", "always", "a")[1]
    assert "\x1b[2mProspect: No money.\x1b[0m" in card and "\x1b[1mSince when?\x1b[0m" in card


TALK = """\
format: 1
id: talk
title: Talk
language: {language}
situations: [no-budget]
script:
- If she says nothing, wait a little.
- {{text: '"What would it cost you to wait another year?"', key: true}}
- x
- "1 600"
- Reason
- {{text: '"Shall we look at what you have now?"'}}
- Dear Sir or Madam, please find our offer enclosed.
"""


def lesson_of(kb: pathlib.Path, text: str) -> None:
    id_, language = (line.split(": ")[1] for line in text.splitlines() if line.startswith(("id:", "language:")))
    (kb / "lessons" / language).mkdir(parents=True, exist_ok=True)
    (kb / "lessons" / language / f"{id_}.yaml").write_text(text, encoding="utf-8")


def test_what_can_be_said_at_once_stands_there_and_no_cells_of_tables(call: Call, tmp_path: pathlib.Path) -> None:
    call("init", tmp_path / "kb")
    lesson_of(tmp_path / "kb", TALK.format(language="en"))
    told = call("say", "--kb", tmp_path / "kb", "talk")
    assert told == (0, '"What would it cost you to wait another year?"\n', "coachkb: 3 more with --full\n")
    _, out, err = call("say", "--kb", tmp_path / "kb", "--full", "talk")
    assert (len(out.split("\n\n")), err) == (2, "") and len(list(filter(None, out.splitlines()))) == 4
    assert "1 600" not in out and "Reason" not in out
    cells = TALK.format(language="en").split("script:")[0] + 'script: [x, "1 600", Reason]\n'
    lesson_of(tmp_path / "kb", cells)
    assert call("say", "--kb", tmp_path / "kb", "talk") == (0, "Reason\n", "")  # it is all there is


def test_a_lesson_in_the_readers_language_speaks_before_another(call: Call, tmp_path: pathlib.Path) -> None:
    kb = tmp_path / "kb"
    call("init", kb)
    silent = TALK.format(language="en").split("script:")[0].replace("id: talk", "id: silent") + "tactic: [Wait.]\n"
    lesson_of(kb, silent.replace("title: Talk", "title: We have no budget"))
    lesson_of(
        kb, TALK.format(language="sv").replace("id: talk", "id: svenska").replace("Talk", "Ingen budget no budget")
    )
    lesson_of(kb, TALK.format(language="en"))
    _, _, err = call("say", "--kb", kb, "--lang", "en", "we have no budget")
    assert "(coachkb show talk)" in err and "another language" not in err
    _, _, err = call("say", "--kb", kb, "--lang", "nl", "we have no budget")
    assert "deze woorden zijn in een andere taal (" in err and "geen woorden om te zeggen in" in err


def test_words_nearly_as_good_in_the_readers_language_were_passed_over(call: Call, tmp_path: pathlib.Path) -> None:
    """A Dutch rep got a Swedish script to read aloud, with Dutch ones right below it."""
    kb = tmp_path / "kb"
    call("init", kb)
    lesson_of(kb, TALK.format(language="sv").replace("id: talk", "id: svenska").replace("Talk", "We have no budget"))
    lesson_of(kb, TALK.format(language="en").replace("[no-budget]", "[bad-timing, no-budget]"))
    found = json.loads(call("lookup", "--kb", kb, "--format", "json", "--lang", "en", "we have no budget")[1])
    assert [hit["id"] for hit in found["hits"]] == ["svenska", "talk"]
    (said,) = json.loads(call("say", "--kb", kb, "--format", "json", "--lang", "en", "we have no budget")[1])
    assert said["id"] == "talk"


def test_words_come_on_standard_input(call: Call) -> None:
    told = call("say", "too expensive")
    assert call("say", input=b"too expensive\n") == call("say", "-", input=b"too expensive\n") == told
    assert call("lookup", input=b"too expensive\n") == call("lookup", "too expensive")
    assert call("lookup", input=b"")[0] == 2


def test_on_a_terminal_lines_are_broken_between_words() -> None:
    out = io.StringIO()
    text = "Compared with what, may I ask? " * 4
    lines = said_lines(Console(file=out, width=40), [[text.strip()]])
    assert max(line.cell_len for line in lines) <= 40
    assert " ".join(line.plain for line in lines) == text.strip()
