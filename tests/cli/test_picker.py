"""``coachkb browse`` at a pseudo-terminal: what a person types, what the terminal gets, and how it is left."""

from __future__ import annotations

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator

import pytest

Call = Callable[..., tuple[int, str, str]]
TAKEN, GIVEN = "\x1b[?1049h", "\x1b[?1049l"
LESSON = """format: 1
id: {id}
title: {title}
language: en
situations: [too-expensive]
script:
- text: Compared with what?
"""


def plain(text: str) -> str:
    """Without styles; where the cursor goes is left in."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Terminal:
    """coachkb on a terminal of its own. ``shown``: all that it got so far."""

    def __init__(self, *arguments: str, columns: int = 100, lines: int = 30, code: str = "", **env: str) -> None:
        self.primary, self._secondary = pty.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(self._secondary)
        run = ["-c", code] if code else ["-m", "coachkb", *arguments]
        self.process = subprocess.Popen(
            [sys.executable, *run],
            stdin=self._secondary,
            stdout=self._secondary,
            stderr=self._secondary,
            env={**os.environ, "TERM": "xterm-256color", **env},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
        )
        self.shown = ""

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._secondary, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self.primary, keys.encode())

    def until(self, text: str, seconds: float = 30) -> str:
        """Waits until the terminal got a text; returns what came up to there."""
        end = time.monotonic() + seconds
        while text not in plain(self.shown):
            assert time.monotonic() < end, f"{text!r} did not come: {self.shown[-2000:]!r}"
            if select.select([self.primary], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self.primary, 65536).decode("utf-8", "replace")
                except OSError:
                    assert text in self.shown, self.shown[-2000:]
        before, found, self.shown = plain(self.shown).partition(text)
        return before + found

    def end(self) -> int:
        """The exit code, once it ended; what came until then is in ``shown``."""
        end = time.monotonic() + 30
        while self.process.poll() is None or select.select([self.primary], [], [], 0.1)[0]:
            assert time.monotonic() < end
            if select.select([self.primary], [], [], 0.1)[0]:
                self.shown += os.read(self.primary, 65536).decode("utf-8", "replace")
        return self.process.wait()

    def as_it_was(self) -> bool:
        """Whether the terminal's modes are those that it had."""
        return termios.tcgetattr(self._secondary) == self.before

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.primary)
        os.close(self._secondary)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_(*arguments: str, columns: int = 100, lines: int = 30, code: str = "", **env: str) -> Terminal:
        opened.append(Terminal(*arguments, columns=columns, lines=lines, code=code, **env))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def given_back(at: Terminal) -> bool:
    return at.shown.count(GIVEN) >= 1 and at.shown.rindex(GIVEN) > at.shown.rfind(TAKEN) and at.as_it_was()


def test_a_lesson_is_found_shown_and_said(terminal: Callable[..., Terminal]) -> None:
    at = terminal("browse")
    assert TAKEN in at.until("Enter show")
    at.type("tell them the price")
    at.until("Tell them the price early")
    at.type("\r")
    assert "Before I start measuring things" in at.until("Esc back")
    at.type("\x1b")
    at.until("Alt-s say")
    at.type("\ts")
    at.until("Esc back")
    at.type("qq")
    assert at.end() == 0
    assert given_back(at)


def test_in_a_pipe_or_with_a_format_it_is_a_plain_list(terminal: Callable[..., Terminal], call: Call) -> None:
    code, out, _ = call("browse")
    assert code == 0 and "English (" in out and "\x1b" not in out
    for arguments in (("--format", "plain"), ("--format", "json"), ("--template", "{id}")):
        at = terminal("browse", *arguments)
        assert at.end() == 0
        assert TAKEN not in at.shown and "tell-them-the-price-early" in at.shown
    at = terminal("browse", TERM="dumb")
    assert at.end() == 0
    assert "\x1b" not in at.shown


def test_it_follows_the_size_of_the_window(terminal: Callable[..., Terminal]) -> None:
    at = terminal("browse", columns=100)
    assert "│" in at.until("Enter show")
    at.resize(40, 20)
    os.kill(at.process.pid, signal.SIGWINCH)
    assert "─" * 40 in at.until("Enter show")
    at.type("\x1b")
    assert at.end() == 0


def test_control_c_gives_the_screen_back(terminal: Callable[..., Terminal]) -> None:
    at = terminal("browse")
    at.until("Enter show")
    at.type("x\x03")
    assert at.end() == 130
    assert given_back(at)
    assert at.shown.endswith("coachkb: interrupted\r\n")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_so_does_being_told_to_end(terminal: Callable[..., Terminal], sent: signal.Signals) -> None:
    at = terminal("browse")
    at.until("Enter show")
    os.kill(at.process.pid, sent)
    assert at.end() == 128 + sent
    assert given_back(at)


def test_control_z_gives_it_back_and_takes_it_again(terminal: Callable[..., Terminal]) -> None:
    code = (  # a parent that goes on when its child stops, as a shell's fg does
        "import os, signal, sys, time\n"
        "child = os.fork()\n"
        "os.setpgid(child, child) if child else os.setpgid(0, 0)\n"
        "if not child:\n"
        "    while os.tcgetpgrp(0) != os.getpid(): time.sleep(0.01)\n"
        "    os.execv(sys.executable, [sys.executable, '-m', 'coachkb', 'browse'])\n"
        "os.tcsetpgrp(0, child)\n"
        "_, status = os.waitpid(child, os.WUNTRACED)\n"
        "os.write(1, b'STOPPED' if os.WIFSTOPPED(status) else b'ENDED')\n"
        "os.kill(child, signal.SIGCONT)\n"
        "_, status = os.waitpid(child, 0)\n"
        "sys.exit(os.waitstatus_to_exitcode(status))\n"
    )
    at = terminal(code=code)
    at.until("Enter show")
    at.type("\x1a")
    stopped = at.until("STOPPED")
    assert GIVEN in stopped
    assert TAKEN in at.until("Enter show")
    at.type("\x1b")
    assert at.end() == 0
    assert given_back(at)


def test_a_crash_gives_it_back_and_is_told(terminal: Callable[..., Terminal]) -> None:
    code = (
        "import sys; from coachkb.jobs.picking import Picker; from coachkb.cli.app import run\n"
        "def broken(self, key): raise ZeroDivisionError\n"
        "Picker.press = broken\n"
        "sys.exit(run(['browse']))\n"
    )
    at = terminal(code=code)
    at.until("Enter show")
    at.type("x")
    assert at.end() == 70
    assert given_back(at)
    assert "this is a bug" in at.shown[at.shown.rindex(GIVEN) :]


def test_p_leaves_with_the_lesson_on_the_screen(terminal: Callable[..., Terminal]) -> None:
    at = terminal("browse", columns=80, lines=60, PAGER="cat")
    at.until("Enter show")
    at.type("tell them the price\x1bp")
    assert at.end() == 0
    assert "id: tell-them-the-price-early" in plain(at.shown[at.shown.rindex(GIVEN) :])


def kb_with(folder: pathlib.Path, **titles: str) -> str:
    (folder / "lessons" / "en").mkdir(parents=True)
    (folder / "coachkb.yaml").write_text("", encoding="utf-8")
    for id_, title in titles.items():
        (folder / "lessons" / "en" / f"{id_}.yaml").write_text(LESSON.format(id=id_, title=title), encoding="utf-8")
    return str(folder)


def test_e_edits_and_the_list_has_what_was_edited(terminal: Callable[..., Terminal], tmp_path: pathlib.Path) -> None:
    kb = kb_with(tmp_path / "kb", one="Old words", two="Zebra")
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho IN THE EDITOR\nsed -i 's/Zebra/Quagga/' \"$1\"\n", encoding="utf-8")
    editor.chmod(0o755)
    at = terminal("browse", "--kb", kb, EDITOR=str(editor))
    at.until("Enter show")
    at.type("\x1b[B\te")
    edited = at.until("Quagga")
    assert edited.index(GIVEN) < edited.index("IN THE EDITOR") < edited.index(TAKEN)
    at.until("q quit")
    at.type("q")
    assert at.end() == 0
    assert given_back(at)
    assert "Quagga" in (tmp_path / "kb" / "lessons" / "en" / "two.yaml").read_text(encoding="utf-8")


def test_a_lesson_of_the_starter_says_how_to_make_it_ones_own(terminal: Callable[..., Terminal]) -> None:
    at = terminal("browse", EDITOR="true")
    at.until("Enter show")
    at.type("\x1be")
    at.until("coachkb init my-kb")
    at.type("x")  # any key
    at.until("what did the buyer say?")
    at.type("\x03")
    assert at.end() == 130


def test_a_knowledge_base_without_lessons_says_so(terminal: Callable[..., Terminal], tmp_path: pathlib.Path) -> None:
    at = terminal("browse", "--kb", kb_with(tmp_path / "kb"))
    assert at.end() == 1
    assert TAKEN not in at.shown and "No lessons here" in at.shown


def test_pasted_lines_are_no_enter(terminal: Callable[..., Terminal]) -> None:
    at = terminal("browse")
    at.until("Enter show")
    at.type("\x1b[200~tell them\rthe price\r\x1b[201~")
    at.until("> tell them the price")
    at.type("\x03")
    assert at.end() == 130


def test_words_begin_the_line_and_narrow_the_list_in_a_pipe(terminal: Callable[..., Terminal], call: Call) -> None:
    at = terminal("browse", "tell", "them", "the", "price")
    at.until("> tell them the price")
    at.type("\x03")
    assert at.end() == 130
    code, out, _ = call("browse", "--only-lang", "en", "tell", "them", "the", "price")
    assert code == 0 and "(tell-them-the-price-early)" in out
    assert len(out.splitlines()) < 40
    assert call("browse", "xqzzyv")[0] == 1
    assert call("browse", "--format", "json", "xqzzyv")[1] == "[]\n"
