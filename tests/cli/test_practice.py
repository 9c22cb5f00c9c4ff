"""``coachkb practice`` at a terminal, and ``coachkb progress``."""

from __future__ import annotations

import json
import os
import pathlib
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from coachkb.kb import KnowledgeBase

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
PROMPT, YOU = b"[q]uit", b"You: "


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    """A knowledge base with two lessons to practise."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    pathlib.Path("kb/lessons/en/mine.yaml").write_text(
        "format: 1\nid: mine\ntitle: Mine\nlanguage: en\nsituations: [trust]\nscript:\n"
        + "".join(f"- Ask what number {n} is about.\n" for n in range(12)),
        encoding="utf-8",
    )
    return pathlib.Path("kb")


def practise(keys: Sequence[tuple[bytes, bytes]], *arguments: str, columns: int = 40) -> tuple[int, str]:
    """Practises on a terminal of its own: waits for each text and answers it with its keys. Exit code and screen."""
    command = [sys.executable, "-m", "coachkb", "practice", "--kb", "kb", *arguments]
    surroundings = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": str(columns)}
    child, primary = pty.fork()  # the terminal is its controlling one: control-C reaches it
    if not child:
        os.execve(sys.executable, command, surroundings)
    screen, mark, left = b"", 0, list(keys)
    try:
        while select.select([primary], [], [], 60)[0]:
            try:
                chunk = os.read(primary, 65536)
            except OSError:
                break
            if not chunk:
                break
            screen += chunk
            while left and (at := screen.find(left[0][0], mark)) >= 0:
                mark = at + len(left[0][0])
                time.sleep(0.05)  # between showing "You: " and waiting, Python's line editor notices no control-C
                os.write(primary, left.pop(0)[1])
        else:
            raise AssertionError((left, screen.decode("utf-8", "replace")))  # it says no more, and does not end
        assert not left, (left, screen.decode("utf-8", "replace"))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        child = 0
        return code, re.sub("\x1b\\[([0-9;]*m|\\?2004[hl]\r?)", _plain, screen.decode("utf-8", "replace")).replace(
            "\r\n", "\n"
        )
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os.close(primary)


def _plain(found: re.Match[str]) -> str:
    """Bold, dim and their end are no colours; the line editor tells the terminal how it wants what is pasted."""
    plain = found.group() in ("\x1b[0m", "\x1b[1m", "\x1b[2m") or "2004" in found.group()
    return "" if plain else found.group()


def grades() -> dict[str, list[str]]:
    folder = pathlib.Path(os.environ["HOME"], ".local/state/coachkb/practice")
    if not folder.exists():
        return {}
    (file,) = folder.iterdir()
    cards = json.loads(file.read_text(encoding="utf-8"))["cards"]
    return {id_: [grade for _, grade in card["grades"]] for id_, card in cards.items()}


def test_a_session_at_40_columns(kb: pathlib.Path) -> None:
    code, screen = practise(
        [
            (YOU, "Compared with what, då?\n".encode()),
            (PROMPT, b"x"),  # no key of ours
            (PROMPT, b"\x1b[A"),  # an arrow key, which ends in an A
            (PROMPT, b"a"),
            (YOU, b"\n3"),  # typed ahead
            (YOU, b"\n"),
            (PROMPT, b"h"),
        ]
    )
    assert code == 0, screen
    assert grades() == {ID: ["again", "hard"], "mine": ["good"]}
    assert "The buyer says:\n  That is too expensive for us." in screen
    assert "What comes up:\n  I don't trust salespeople" in screen
    assert '┃ "Compared with what, may I ask?' in screen
    assert "11 more with:\ncoachkb say mine\n" in screen
    assert "back at the end of this session" in screen
    assert "back in 2 days (2026-01-17)" in screen
    assert "coachkb: 1 again, 1 good, 1 hard." in screen
    wide = [line for line in screen.splitlines() if len(line) > 40]
    assert set(wide) == {f"coachkb show {ID}"}  # in one piece, to be copied
    assert "\x1b" not in screen  # no colour


def test_the_keys_and_counts_of_practice_were_english_to_a_swede(
    kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHKB_LANG", "sv")
    prompt, you = b"[q] sluta", b"Du: "
    code, screen = practise([(you, b"\n"), (prompt, b"x"), (prompt, b"g"), (you, b"\n"), (prompt, b"s")], columns=80)
    assert (code, list(grades().values())) == (0, [["good"]])
    assert "1 av 2 · " in screen
    assert "[a] igen  [h] svårt  [g] bra  [e] lätt  [s] hoppa över  [q] sluta\n" in screen
    assert "x är ingen av: a, h, g, e, s, q\n" in screen
    assert "coachkb: 1 bra, 1 överhoppade.\n" in screen


def test_q_and_enter_stops_and_the_prompt_says_so_in_the_readers_language(kb: pathlib.Path) -> None:
    code, screen = practise([(YOU, b"q\n")], columns=80)
    assert (code, grades(), "coachkb: nothing graded; 2 left" in screen) == (0, {}, True)
    assert "Type what you would say; Enter shows the words, q and Enter stops." in screen
    text = pathlib.Path("kb/lessons/en/mine.yaml").read_text(encoding="utf-8")
    pathlib.Path("kb/lessons/sv").mkdir()
    pathlib.Path("kb/lessons/sv/min.yaml").write_text(
        text.replace("id: mine", "id: min").replace("language: en", "language: sv"), encoding="utf-8"
    )
    _, screen = practise([(b"Du: ", b"q\n")], "--lang", "svenska", columns=80)
    assert "Vad det gäller:" in screen and "Enter visar orden, q och Enter avslutar." in screen
    _, screen = practise([(YOU, b"q\n")], columns=80)
    assert "1 of 2" in screen and "coachkb: lessons in English; --lang takes another language" in screen


@pytest.mark.parametrize(("key", "code"), [(b"\x03", 130), (b"\x04", 0)])
@pytest.mark.parametrize("at", [YOU, PROMPT])
def test_control_c_and_control_d_keep_what_was_graded(kb: pathlib.Path, key: bytes, code: int, at: bytes) -> None:
    keys = [(YOU, b"\n"), (PROMPT, b"e"), *([(YOU, key)] if at == YOU else [(YOU, b"\n"), (PROMPT, key)])]
    ended, screen = practise(keys)
    assert ended == code, screen
    assert grades() == {ID: ["easy"]}
    assert "coachkb: 1 easy; 1 left" in screen
    assert "Traceback" not in screen


def test_skipping_and_a_limit(kb: pathlib.Path) -> None:
    code, screen = practise([(YOU, b"\n"), (PROMPT, b"s")], "--limit", "1")
    assert (code, grades()) == (0, {}), screen
    assert "coachkb: 1 skipped." in screen


def test_when_nothing_is_due_it_says_until_when(kb: pathlib.Path) -> None:
    with KnowledgeBase.open(kb) as opened:
        session = opened.practice(situation="trust")
        turn = session.turn()
        assert turn is not None
        session.grade(turn, "good")
    code, screen = practise([], "--situation", "trust", columns=100)
    assert (code, "nothing is due before 2026-01-17" in screen) == (0, True), screen


def test_bytes_that_are_no_text_are_no_bug(kb: pathlib.Path) -> None:
    code, screen = practise([(YOU, b"\xff\xc3 \x80\n"), (PROMPT, b"q")])
    assert code == 0, screen


# ------------------------------------------------------------------------------------------------- without a terminal


def test_without_a_terminal_it_is_refused(call: Call, kb: pathlib.Path) -> None:
    told = call("practice", "--kb", "kb")
    assert (told.code, told.out) == (2, "")
    assert "needs a terminal" in told.err


@pytest.mark.parametrize("name", ["fsrs", "fsrs.scheduler"])
def test_without_the_package_one_line_says_how_to_get_it(
    call: Call, kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in [module for module in sys.modules if module.split(".")[0] == "fsrs"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, name, None)
    told = call("progress", "--kb", "kb")
    assert (told.code, told.out) == (3, "")
    assert told.err == "coachkb: practice needs the package fsrs: pip install 'coachkb[practice]'\n"


def test_progress_as_text_and_json(call: Call, kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("progress", "--kb", "kb").out == (
        "Nothing due today; 0 of 2 lessons practised.\n\n2 situations not practised yet.\nNext: coachkb practice\n"
    )
    with KnowledgeBase.open(kb) as opened:
        session = opened.practice(situation="trust")
        for grade in ("again", "hard"):
            turn = session.turn()
            assert turn is not None
            session.grade(turn, grade)
    assert call("progress", "--kb", "kb").out.splitlines()[-1] == "Next: coachkb practice --situation trust"
    monkeypatch.setenv("COACHKB_TODAY", "2026-01-17")
    told = call("progress", "--kb", "kb")
    assert told.code == 0
    lines = [re.sub("  +", "  ", line) for line in told.out.splitlines()]
    assert lines[0] == "1 due today; 1 of 2 lessons practised."
    assert lines[2] == "situation  due  seen  sure  recall"
    assert re.fullmatch(r"Building trust.*  weak  1  1/1  0%  \d+%|.*  weak  1  1/1  0%  \d+%", lines[3])
    assert lines[5:] == ["due since 2026-01-16  mine", "1 situation not practised yet.", "Next: coachkb practice"]
    data = json.loads(call("progress", "--kb", "kb", "--format", "json").out)
    assert list(data) == ["today", "lessons", "practised", "next_due", "due", "situations"]
    assert (data["today"], data["lessons"], data["practised"], data["next_due"]) == ("2026-01-17", 2, 1, None)
    assert data["due"] == [
        {"id": "mine", "title": "Mine", "language": "en", "situations": ["trust"], "due": "2026-01-16"}
    ]
    trust, dear = data["situations"]
    assert {**trust, "recall": None} == {
        "id": "trust", "lessons": 1, "practised": 1, "due": 1, "sure": 0.0, "recall": None, "weak": True,
    }  # fmt: skip
    assert 0 < trust["recall"] < 1
    assert dear == {
        "id": "too-expensive", "lessons": 1, "practised": 0, "due": 0, "sure": None, "recall": None, "weak": False,
    }  # fmt: skip


def test_progress_cuts_no_names_up_on_a_narrow_terminal(
    call: Call, kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with KnowledgeBase.open(kb) as opened:
        session = opened.practice(situation="trust")
        turn = session.turn()
        assert turn is not None
        session.grade(turn, "again")
    monkeypatch.setattr("coachkb.render.card._NO_WRAP", 40)  # as wide as a pipe is taken to be
    out = re.sub("\x1b\\[[0-9;]*m", "", call("progress", "--kb", "kb", "--color", "always").out)
    assert "\nTrust and rapport\nweak  due 0  seen 1/1  sure 0%  recall" in out, out
    assert max(map(len, out.splitlines())) <= 40


@pytest.mark.parametrize("arguments", [("--lang", "fr"), ("--situation", "nope"), ("--format", "xml")])
def test_wrong_usage(call: Call, kb: pathlib.Path, arguments: tuple[str, ...]) -> None:
    assert call("progress", "--kb", "kb", *arguments).code == 2


def test_a_broken_file_of_cards_is_told_on_stderr(call: Call, kb: pathlib.Path) -> None:
    call("progress", "--kb", "kb")
    with KnowledgeBase.open(kb) as opened:
        session = opened.practice(limit=1)
        turn = session.turn()
        assert turn is not None
        session.grade(turn, "good")
    (file,) = pathlib.Path(os.environ["HOME"], ".local/state/coachkb/practice").iterdir()
    file.write_text("{\n broken")
    told = call("progress", "--kb", "kb")
    assert told.code == 0
    assert "line 2" in told.err
    assert f"kept as {file}.broken-1" in told.err
    assert pathlib.Path(f"{file}.broken-1").read_text() == "{\n broken"
    assert call("progress", "--kb", "kb").err == ""
