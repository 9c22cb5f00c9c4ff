"""``coachkb review`` as a command: by rule in scripts, by keys at a terminal."""

from __future__ import annotations

import json
import os
import pathlib
import pty
import re
import select
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from coachkb.data.load import profile
from coachkb.kb import KnowledgeBase
from coachkb.render.reviewing import laid_out

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
PROMPT = b"[q]uit"


@pytest.fixture
def kb(call: Call, article: str, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A knowledge base with two drafts."""
    monkeypatch.setenv("COACHKB_USER", "Ann")
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    pathlib.Path("kb/lessons/en/mine.yaml").write_text(
        "format: 1\nid: mine\ntitle: Mine\nlanguage: en\nsituations: [trust]\nscript: [Ask.]\n", encoding="utf-8"
    )
    return pathlib.Path("kb")


def statuses(kb: pathlib.Path) -> dict[str, str]:
    return {lesson.id: lesson.review.status for lesson in KnowledgeBase.open(kb).lessons(dropped=True)}


# --------------------------------------------------------------------------------------------------------- by rule


def test_a_batch_prints_what_it_did(call: Call, kb: pathlib.Path) -> None:
    told = call("review", "--kb", kb, "--batch", "accept", "--id", "mine", "--until", "2026-03-01")
    assert (told.code, told.out, told.err) == (0, "accepted  mine\n", "coachkb: 1 lesson accepted.\n")
    assert KnowledgeBase.open(kb).lesson("mine").review.until == "2026-03-01"
    told = call("review", "--kb", kb, "--batch", "drop", "mine", "--dry-run", "--format", "json")
    assert json.loads(told.out) == {
        "lessons": [{"id": "mine", "before": "approved", "after": "dropped"}],
        "dry_run": True,
    }
    assert statuses(kb) == {"mine": "approved", ID: "draft"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--batch", "accept"),
        ("--batch", "accept", "--all", "--until", "2025-01-01"),
        ("--batch", "drop", "--all", "--until", "2027-01-01"),
        ("--batch", "accept", "--lang", "fr"),
        ("--batch", "accept", "--situation", "nope"),
        ("--batch", "accept", "--min-sureness", "2"),
        ("--batch", "accept", "--all", "--again"),
        ("--dry-run",),
        (),
    ],
)
def test_wrong_usage_decides_nothing(call: Call, kb: pathlib.Path, arguments: Sequence[str]) -> None:
    told = call("review", "--kb", kb, *arguments)
    assert (told.code, told.out) == (2, "")
    assert set(statuses(kb).values()) == {"draft"}


def test_without_a_terminal_it_names_the_way_out(call: Call, kb: pathlib.Path) -> None:
    assert "--batch" in call("review", "--kb", kb).err


@pytest.mark.parametrize("form", ["plain", "card", "markdown"])
@pytest.mark.parametrize("code", ["en", "nl", "sv"])
def test_a_dropped_lesson_is_shown_as_dropped_in_its_language_and_as_no_draft(
    call: Call, kb: pathlib.Path, form: str, code: str
) -> None:
    mine = pathlib.Path("kb/lessons/en/mine.yaml")
    mine.write_text(mine.read_text("utf-8").replace("language: en", f"language: {code}"), "utf-8")
    call("review", "--kb", kb, "--batch", "drop", "--id", "mine")
    shown = " ".join(call("show", "--kb", kb, "mine", "--format", form).out.split())
    labels = profile(code).labels
    assert labels["dropped"] in shown
    assert labels["draft"] not in shown


def test_an_unknown_id_ends_with_1(call: Call, kb: pathlib.Path) -> None:
    told = call("review", "--kb", kb, "--batch", "drop", "--id", "mime")
    assert (told.code, "did you mean mine?" in told.err) == (1, True)


# ---------------------------------------------------------------------------------------------------- at a terminal


def at_a_terminal(
    *arguments: str, keys: Sequence[tuple[bytes, bytes]], columns: int = 40, **env: str
) -> tuple[int, str]:
    """Runs coachkb on a terminal of its own: waits for each text and answers it with its keys. Exit code and screen."""
    command = [sys.executable, "-m", "coachkb", *arguments]
    surroundings = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": str(columns), **env}
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
                os.write(primary, left.pop(0)[1])
        assert not left, (left, screen.decode("utf-8", "replace"))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        child = 0
        return code, re.sub("\x1b\\[[0-9;]*m", _plain, screen.decode("utf-8", "replace"))
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os.close(primary)


def _plain(found: re.Match[str]) -> str:
    """Bold, dim and their end are no colours."""
    return "" if found.group() in ("\x1b[0m", "\x1b[1m", "\x1b[2m") else found.group()


def test_a_walk_through_drafts(kb: pathlib.Path) -> None:
    code, screen = at_a_terminal(
        "review", "--kb", "kb",
        keys=[
            (PROMPT, b"x"),  # no key of ours
            (PROMPT, b"\x1b[A"),  # an arrow key, which ends in an A
            (PROMPT, b"w"),
            (PROMPT, b"r"),
            (b"situations:", b"clsoing\n"),
            (b"unknown situation", b""),
            (b"situations:", b"closing\n"),
            (PROMPT, b"a"),
            (PROMPT, b"d"),
        ],
    )  # fmt: skip
    assert code == 0, screen
    assert statuses(kb) == {ID: "approved", "mine": "dropped"}
    assert KnowledgeBase.open(kb).lesson(ID).situations == ("closing",)
    assert "coachkb: 1 accepted, 1 dropped; 0 not" in screen
    shown = screen.replace("\r\n", "\n")
    assert re.search(r"^[PDTS][* ] ", shown, re.MULTILINE), shown  # marked passages of the article
    assert max(map(len, shown.split("coachkb:")[0].splitlines())) <= 40
    assert "\x1b" not in screen  # no colour


def test_a_key_moves_passages_to_another_part(kb: pathlib.Path, call: Call) -> None:
    assert (
        "put passages into another part"
        in at_a_terminal("review", "--kb", "kb", keys=[(PROMPT, b"?"), (PROMPT, b"q")], columns=120)[1]
    )
    keys = [
        (PROMPT, b"m"),
        (b"move:", b"9 s\n"),
        (b"no passage's number", b"\n"),
        (PROMPT, b"m"),
        (b"move:", b"1 t\n"),
        (PROMPT, b"q"),
    ]
    code, screen = at_a_terminal("review", "--kb", "kb", "mine", keys=keys, columns=120)
    assert code == 0, screen
    assert "  1 S  Ask." in screen
    assert "1 passage moved to tactic ('coachkb undo --kb kb' takes it back)" in screen
    lesson = KnowledgeBase.open(kb).lesson("mine")
    assert (lesson.script, [p.text for p in lesson.tactic], lesson.review.status) == ((), ["Ask."], "draft")
    assert call("undo", "--kb", "kb").code == 0
    assert [p.text for p in KnowledgeBase.open(kb).lesson("mine").script] == ["Ask."]


@pytest.mark.parametrize(("answer", "status"), [(b"y", "approved"), (b"n", "draft"), (b"\x1b[A", "draft")])
def test_what_should_not_be_approved_unseen_is_asked_about(
    kb: pathlib.Path, call: Call, article: str, answer: bytes, status: str
) -> None:
    lesson = kb / "lessons/en" / f"{ID}.yaml"
    lesson.write_text(
        lesson.read_text(encoding="utf-8").replace(
            "Ask what he compares it with, and then be quiet.", "Ask, then wait."
        ),
        encoding="utf-8",
    )
    pathlib.Path("dear.txt").write_text(article.replace("be quiet.", "hold your tongue."), encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    keys = [(PROMPT, b"a"), (b"[y]es", answer)] + [(PROMPT, b"q")] * (status == "draft")
    code, screen = at_a_terminal("review", "--kb", "kb", ID, keys=keys, columns=120)
    assert (code, statuses(kb)[ID]) == (0, status), screen
    told = " ".join(screen.split())
    assert "the machine now says:" in told and "hold your tongue." in told
    assert "Mind: the article changed what a person had edited (tactic)." in told


def test_a_lesson_that_says_nothing_cannot_be_accepted(kb: pathlib.Path, call: Call) -> None:
    call("new", "--kb", "kb", "--lang", "en", "--situation", "trust", "--no-edit", "Begun")
    code, screen = at_a_terminal("review", "--kb", "kb", "begun", keys=[(PROMPT, b"a"), (PROMPT, b"q")], columns=120)
    assert (code, statuses(kb)["begun"]) == (0, "draft")
    told = " ".join(screen.split())
    assert "Not accepted: it has no words in any part" in told and "'coachkb edit begun'" in told


@pytest.mark.parametrize("which", [("--all",), ("begun", "mine", ID)])
@pytest.mark.parametrize("part", ["", "script: ['']\n", 'tactic: [" \\u200b"]\n'])
def test_a_batch_accepts_all_but_a_lesson_that_says_nothing_also_by_its_id(
    kb: pathlib.Path, call: Call, which: tuple[str, ...], part: str
) -> None:
    (kb / "lessons/en/begun.yaml").write_text(
        f"format: 1\nid: begun\ntitle: Begun\nlanguage: en\nsituations: [trust]\n{part}", encoding="utf-8"
    )
    told = call("review", "--kb", kb, "--batch", "accept", *which)
    assert statuses(kb) == {ID: "approved", "mine": "approved", "begun": "draft"}
    assert told.err == (
        "coachkb: not accepted: begun has no words in any part (problem, diagnosis, tactic, script): "
        "'coachkb edit begun' opens it\ncoachkb: 2 lessons accepted.\n"
    )
    assert told.code == 0


def test_a_batch_leaves_out_what_should_not_be_approved_unseen(kb: pathlib.Path, call: Call, article: str) -> None:
    lesson = kb / "lessons/en" / f"{ID}.yaml"
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(text.replace("Ask what he compares it with, and then be quiet.", "Ask, then wait."), "utf-8")
    pathlib.Path("dear.txt").write_text(article.replace("be quiet.", "hold your tongue."), encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    told = call("review", "--kb", kb, "--batch", "accept", "--all")
    assert statuses(kb) == {ID: "draft", "mine": "approved"}
    assert f"left out, unless it is named: {ID}: the article changed what a person had edited (tactic)" in told.err
    assert call("review", "--kb", kb, "--batch", "accept", "--id", ID).err == "coachkb: 1 lesson accepted.\n"


def test_b_goes_back_to_the_lesson_before_and_undoes_nothing(kb: pathlib.Path) -> None:
    keys = [(PROMPT, key) for key in (b"b", b"a", b"b", b"q")]
    code, screen = at_a_terminal("review", "--kb", "kb", keys=keys, columns=80)
    assert (code, statuses(kb)) == (0, {ID: "approved", "mine": "draft"})
    assert "This is the first one." in screen
    assert "1 of 2 · en · approved" in screen.partition("2 of 2")[2]
    assert "coachkb: 1 accepted; 1 not yet looked at." in screen
    keys = [(PROMPT, key) for key in (b"a", b"b", b"d", b"q")]
    assert at_a_terminal("review", "--kb", "kb", ID, "mine", keys=keys)[0] == 0
    assert statuses(kb) == {ID: "dropped", "mine": "draft"}


def test_quitting_keeps_what_was_decided_and_the_next_time_goes_on(kb: pathlib.Path) -> None:
    code, screen = at_a_terminal("review", "--kb", "kb", keys=[(PROMPT, b"a"), (PROMPT, b"q")])
    assert (code, statuses(kb)) == (0, {ID: "approved", "mine": "draft"})
    assert "1 of 2" in screen and "2 of 2" in screen
    code, screen = at_a_terminal("review", "--kb", "kb", keys=[(PROMPT, b"\x04")])  # control-D
    assert (code, "1 of 1" in screen, statuses(kb)["mine"]) == (0, True, "draft")


def test_keys_typed_ahead_decide_on_no_lesson_that_was_not_shown(kb: pathlib.Path) -> None:
    """Regression: "aa" typed on the first lesson accepted the second one, which nobody had looked at."""
    code, screen = at_a_terminal("review", "--kb", "kb", keys=[(PROMPT, b"aa"), (PROMPT, b"q")])
    assert (code, statuses(kb)) == (0, {ID: "approved", "mine": "draft"})
    assert "accepted: When the buyer says it is too dear" in " ".join(screen.split())


def test_keys_typed_while_the_editor_is_open_decide_nothing(kb: pathlib.Path, tmp_path: pathlib.Path) -> None:
    command = editor(tmp_path, "title: Mine=title: Ours")
    keys = [(PROMPT, b"ea"), (PROMPT, b"q")]
    assert at_a_terminal("review", "--kb", "kb", "mine", keys=keys, EDITOR=command)[0] == 0
    lesson = KnowledgeBase.open(kb).lesson("mine")
    assert (lesson.title, lesson.review.status) == ("Ours", "draft")


def test_what_is_decided_on_stands_above_the_keys_also_of_a_lesson_longer_than_the_screen(kb: pathlib.Path) -> None:
    _, screen = at_a_terminal("review", "--kb", "kb", ID, keys=[(PROMPT, b"q")], columns=40, LINES="20")
    below = " ".join(screen.replace("\r\n", "\n").partition("* key passage")[2].split())
    assert below.startswith("When the buyer says it is too dear Too expensive"), screen
    assert "1 of 1" in below.partition("[a]ccept")[0]
    _, screen = at_a_terminal("review", "--kb", "kb", ID, keys=[(PROMPT, b"q")], columns=80, LINES="60")
    assert screen.count("1 of 1") == 1  # it is in sight


def test_a_question_mark_explains_the_keys(kb: pathlib.Path) -> None:
    _, screen = at_a_terminal("review", "--kb", "kb", "mine", keys=[(PROMPT, b"?"), (PROMPT, b"q")], columns=80)
    assert "r  retag: name other situations" in screen


@pytest.mark.parametrize(
    ("typed", "situations"),
    [
        ("te duur, Closing the sale", ("too-expensive", "closing")),
        ("closing too-expensive", ("closing", "too-expensive")),
        ("\x1b", ("trust",)),
        ("", ("trust",)),
    ],
)
def test_retag_takes_names_of_any_language_and_escape(
    kb: pathlib.Path, typed: str, situations: tuple[str, ...]
) -> None:
    keys = [(PROMPT, b"r"), (b"situations:", f"{typed}\n".encode()), (PROMPT, b"q")]
    status, screen = at_a_terminal("review", "--kb", "kb", "mine", keys=keys)
    assert (status, "Enter alone leaves them" in screen) == (0, True)  # Escape did nothing until then
    assert KnowledgeBase.open(kb).lesson("mine").situations == situations


def test_control_c_ends_with_130_and_the_terminal_as_it_was(kb: pathlib.Path) -> None:
    code, screen = at_a_terminal("review", "--kb", "kb", keys=[(PROMPT, b"a"), (PROMPT, b"\x03")])
    assert (code, statuses(kb)) == (130, {ID: "approved", "mine": "draft"})
    assert "1 accepted" in screen


def editor(tmp_path: pathlib.Path, *steps: str) -> str:
    """An editor that does one step a call: a replacement as ``old=new``."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"steps = {list(steps)!r}\n"
        f"count = pathlib.Path({str(tmp_path / 'count')!r})\n"
        "n = int(count.read_text()) if count.exists() else 0\n"
        "count.write_text(str(n + 1))\n"
        "old, new = steps[n].split('=')\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        "path.write_text(path.read_text(encoding='utf-8').replace(old, new), encoding='utf-8')\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {script}"


def test_what_comes_back_broken_from_the_editor_is_reopened(kb: pathlib.Path, tmp_path: pathlib.Path) -> None:
    command = editor(tmp_path, "title: Mine=title: [Ours", "title: [Ours=title: Ours")
    code, screen = at_a_terminal(
        "review",
        "--kb",
        "kb",
        "mine",
        keys=[(PROMPT, b"e"), (b"Open it again?", b"y\n"), (PROMPT, b"a")],
        EDITOR=command,
    )
    assert code == 0, screen
    assert "not valid YAML" in screen.replace("\r\n", " ")
    lesson = KnowledgeBase.open(kb).lesson("mine")
    assert (lesson.title, lesson.review.status) == ("Ours", "approved")


def test_cancelled_typing_is_kept_in_a_file(kb: pathlib.Path, tmp_path: pathlib.Path) -> None:
    command = editor(tmp_path, "title: Mine=title: [Ours")
    code, screen = at_a_terminal(
        "review", "--kb", "kb", "mine",
        keys=[(PROMPT, b"e"), (b"Open it again?", b"n\n"), (PROMPT, b"q")], EDITOR=command, XDG_STATE_HOME=str(tmp_path),
    )  # fmt: skip
    assert code == 0, screen
    (kept,) = (tmp_path / "coachkb").rglob("mine.*.yaml")
    assert "title: [Ours" in kept.read_text(encoding="utf-8")
    assert KnowledgeBase.open(kb).lesson("mine").title == "Mine"


@pytest.mark.parametrize(
    ("answers", "code", "title", "left"),
    [
        ([b"k\n"], 1, "Ours", 0),
        ([b"d\n"], 0, "Mine", 0),
        ([b"e\n"], 0, "Ours", 0),
        ([b"z\n", b"k\n"], 1, "Ours", 0),
        ([b"\x04"], 3, "Mine", 1),
    ],
    ids=["keep", "discard", "edit again", "no such answer", "control-D"],
)
def test_at_a_terminal_unknown_words_are_asked_about(
    kb: pathlib.Path, tmp_path: pathlib.Path, answers: list[bytes], code: int, title: str, left: int
) -> None:
    command = editor(tmp_path, "title: Mine=titel: Yours\ntitle: Ours", "titel: Yours=date: null")
    ended, screen = at_a_terminal(
        "edit", "--kb", "kb", "mine", columns=120,
        keys=[(b"[e]dit again, [k]eep it as it is, [d]iscard it [e]: ", answer) for answer in answers],
        EDITOR=command, XDG_STATE_HOME=str(tmp_path),
    )  # fmt: skip
    assert "unknown key 'titel': did you mean title?" in screen
    assert (ended, KnowledgeBase.open(kb).lesson("mine").title) == (code, title), screen
    assert len(list((tmp_path / "coachkb").rglob("mine.*.yaml"))) == left


def test_an_untouched_lesson_is_said_to_be(kb: pathlib.Path, tmp_path: pathlib.Path) -> None:
    command = editor(tmp_path, "nothing=nothing")
    code, screen = at_a_terminal(
        "review",
        "--kb",
        "kb",
        "mine",
        keys=[(PROMPT, b"e"), (b"Nothing was changed", b""), (PROMPT, b"q")],
        EDITOR=command,
    )
    assert (code, statuses(kb)["mine"]) == (0, "draft"), screen


@pytest.mark.parametrize("width", [20, 40, 80])
def test_rows_fit_the_terminal(width: int) -> None:
    text = "words that go on " * 9 + "and-a-very-long-id-that-fits-on-no-line-" * 3
    lines = [line for _, line in laid_out([("", "S* ", text), ("title", "", text), ("", "", "")], width)]
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("S* words") and lines[1].startswith("   ")
