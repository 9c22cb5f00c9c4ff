"""Long texts a screen at a time, only for people at a terminal; marks of matches and templates on the way."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import Callable

import pytest

Call = Callable[..., tuple[int, str, str]]


def at_a_terminal(rows: int, *arguments: str, **env: str) -> tuple[int, str]:
    """Runs coachkb on a terminal with so many rows and 80 columns: its exit code and what the terminal got."""
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "PAGER", "LESS")}
    pid, primary = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
        os.environ.clear()
        os.environ.update({**kept, "TERM": "xterm-256color", **env})
        os.execv(sys.executable, [sys.executable, "-m", "coachkb", *arguments])
    got = b""
    while True:
        try:
            chunk = os.read(primary, 65536)
        except OSError:
            break
        if not chunk:
            break
        got += chunk
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), got.decode("utf-8", "replace").replace("\r\n", "\n")


PAGER = "sed s/^/PAGED/"


@pytest.mark.parametrize("command", [("lookup", "too", "expensive"), ("show", "tell-them-the-price-early")])
def test_what_does_not_fit_goes_through_the_pager_and_keeps_its_colours(command: tuple[str, ...]) -> None:
    code, shown = at_a_terminal(12, *command, COACHKB_PAGER=PAGER, PAGER="false")
    assert code == 0
    assert all(line.startswith("PAGED") for line in shown.splitlines() if line)
    assert "\x1b[1m" in shown
    assert shown.index("Words to say") < shown.index("What is going on")  # seen at once


def test_what_fits_and_what_is_not_to_be_paged_comes_in_one_go() -> None:
    for rows, more, env in (
        (300, ("--full",), {"COACHKB_PAGER": PAGER}),
        (12, ("--no-pager",), {"COACHKB_PAGER": PAGER}),
        (12, (), {"COACHKB_PAGER": "", "PAGER": PAGER}),
        (12, (), {"COACHKB_PAGER": PAGER, "TERM": "dumb"}),
        (0, (), {"COACHKB_PAGER": PAGER}),  # a terminal that does not say how high it is
    ):
        code, shown = at_a_terminal(rows, "lookup", *more, "too", "expensive", **env)
        assert (code, "PAGED" in shown, "Words to say" in shown) == (0, False, True), (rows, more, env)


def test_a_pipe_is_never_paged(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACHKB_PAGER", PAGER)
    for form in ("card", "plain"):
        code, out, _ = call("--color", "always", "lookup", "--full", "--format", form, "too expensive")
        assert code == 0
        assert "PAGED" not in out and "early" in out


def test_words_of_the_query_are_marked_in_the_card(call: Call) -> None:
    card = ("--color", "always", "lookup", "--format", "card", "--lang", "en", "--limit", "1")
    out = call(*card, "the price is too expensive for me")[1]
    assert re.search(r"\x1b\[(?:\d+;)*4m(?:price|expensive)\x1b\[0m", out, re.IGNORECASE)
    assert (
        ";4m" not in call(*card, "for the")[1]
        and "\x1b[4m" not in call("--color", "always", "show", "ring-sandra-first")[1]
    )


def test_templates_list_hits_lessons_and_situations(call: Call) -> None:
    code, out, err = call("lookup", "--template", "{language} {id}\\t{score}", "te", "duur")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 5
    assert all(len(line.split("\t")) == 2 for line in out.splitlines())
    ids = call("browse", "--only-lang", "sv", "--template", "{id}\\0")[1].split("\0")
    assert ids.pop() == ""
    assert len(ids) == len(set(ids)) > 20
    rows = call("situations", "--lang", "nl", "--template", "{id}|{name}|{lessons}|{languages}")[1].splitlines()
    assert all(row.count("|") == 3 for row in rows)
    assert any(row.startswith("too-expensive|Te duur|") for row in rows)


def test_a_template_with_a_mistake_is_wrong_usage_and_names_the_fields(call: Call) -> None:
    for command, field in ((("lookup", "te", "duur"), "score"), (("browse",), "title"), (("situations",), "lessons")):
        code, out, err = call(*command, "--template", "{nope}")
        assert (code, out) == (2, "")
        assert "{nope}" in err and field in err
    assert call("browse", "--template", "{id}", "--format", "json")[0] == 2


def test_a_template_of_nothing_found_prints_nothing(call: Call) -> None:
    assert call("lookup", "--template", "{id}", "xyzzy qwrt")[:2] == (1, "")


def test_alone_it_says_what_to_do_in_ten_lines(call: Call) -> None:
    code, out, _ = call()
    assert code == 0
    assert len(out.splitlines()) <= 10
    assert "coachkb say" in out and "coachkb ingest" in out


@pytest.mark.parametrize(("typed", "near"), [("lokup", "lookup"), ("brwse", "browse"), ("confg", "config")])
def test_a_mistyped_command_is_answered_with_the_nearest_and_never_run(call: Call, typed: str, near: str) -> None:
    code, out, err = call(typed, "x")
    assert (code, out) == (2, "")
    assert f"Did you mean '{near}'?" in err


def test_words_without_a_command_are_told_how_to_look_them_up(call: Call) -> None:
    code, out, err = call("te", "duur")
    assert (code, out) == (2, "")
    assert "coachkb lookup te duur" in err


def test_a_template_told_a_score_of_lessons_that_answer_nothing(call: Call) -> None:
    """What is unknown is empty; it was 0.00 and sure."""
    assert set(call("browse", "--template", "{score}|{sure}").out.splitlines()) == {"|"}
    assert call("lookup", "--limit", "1", "--template", "{score}|{sure}", "too expensive").out.startswith("0.")
