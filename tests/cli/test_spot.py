"""coachkb spot: calls in three languages, every format, and what is no call."""

from __future__ import annotations

import json
import os
import pathlib
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
ENGLISH = """\
Anna: Hi, this is Anna from Fenwold. I'm calling because we help warehouses. How do you handle picking now?
Bates: On paper mostly. We print lists in the morning.
Anna: It is between eight and twelve thousand a year.
Bates: That's too expensive for us.
Anna: Compared with what, may I ask?
Bates: Just send me some information by email and I'll have a look.
"""
DUTCH = """\
WEBVTT

00:00:02.000 --> 00:00:05.000
<v Pieter>Ik bel u over de offerte. Hebt u er al naar kunnen kijken?

01:00:31.000 --> 01:00:36.000
<v Mevrouw Smit>Ja, ik heb hem hier. Ik wil er nog een nachtje over slapen.

01:00:40.000 --> 01:00:44.000
<v Pieter>Begrijpelijk.
"""
SWEDISH = "Säljare: Vad säger ni?\nKund: Vi är nöjda med vår leverantör.\nSäljare: Vad gör de bra?\n"
IDLE = "Tom: Hi Sue, did you get home all right?\nSue: Yes, the traffic was fine.\nTom: I bring the cake on Saturday.\n"


@pytest.fixture
def file(tmp_path: pathlib.Path) -> Callable[[str], pathlib.Path]:
    def write(text: str, name: str = "call.txt") -> pathlib.Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_json_has_every_key(call: Call, file: Callable[..., pathlib.Path]) -> None:
    told = call("spot", "--format", "json", file(ENGLISH))
    data = json.loads(told.out)
    assert told.code == 0
    assert set(data) == {"language", "turns", "speakers", "moments"}
    assert (data["language"], data["turns"]) == ("en", 6)
    assert data["speakers"] == [{"name": "Anna", "side": "seller"}, {"name": "Bates", "side": "buyer"}]
    first, second = data["moments"]
    assert {key: first[key] for key in ("time", "line", "speaker", "side", "situation", "quote", "answer")} == {
        "time": None,
        "line": 4,
        "speaker": "Bates",
        "side": "buyer",
        "situation": "too-expensive",
        "quote": "That's too expensive for us.",
        "answer": "Compared with what, may I ask?",
    }
    assert 0.5 < first["confidence"] <= 1
    assert set(first["lesson"]) == {"id", "title", "language", "script"}
    assert first["lesson"]["language"] == "en"
    assert (second["situation"], second["answer"]) == ("send-me-information", None)


def test_moments_just_under_the_line_went_unsaid(call: Call) -> None:
    path = pathlib.Path(__file__).parent.parent / "calls" / "sv_stad_mote.vtt"
    told, all_ = (
        json.loads(call("spot", "--format", "json", *some, path).out)["moments"] for some in ([], ["--sure", "30"])
    )
    assert len(all_) > len(told)
    more = len(all_) - len(told)
    assert call("spot", "--lang", "en", path).err == f"coachkb: {more} more, less sure: --sure 30\n"
    assert call("spot", path).err == f"coachkb: {more} till, mindre säkra: --sure 30\n"
    assert call("spot", "--sure", "30", path).err == call("spot", "--sure", "90", path).err == ""


def test_a_file_without_speakers_is_told_what_is_expected(call: Call, file: Callable[..., pathlib.Path]) -> None:
    told = call("spot", file("We looked at it again.\nThat's too expensive for us.\n", "notes.txt"))
    assert told.out and told.err.count("\n") == 1
    assert "notes.txt names no speakers" in told.err and "(Anna: ...)" in told.err
    assert call("spot", file(ENGLISH)).err == ""


def test_plain_says_when_in_the_language_of_the_call(call: Call, file: Callable[..., pathlib.Path]) -> None:
    told = call("spot", file(DUTCH, "call.vtt"))
    assert told.code == 0
    assert told.out.startswith("1:00:31  Mevrouw Smit: ")
    assert "  Gezegd: Ik wil er nog een nachtje over slapen.\n  Geantwoord: Begrijpelijk.\n  Les: " in told.out
    assert "\x1b" not in told.out


def test_the_lesson_comes_in_the_readers_language(call: Call, file: Callable[..., pathlib.Path]) -> None:
    moment = json.loads(call("spot", "--format", "json", "--lang", "en", file(SWEDISH)).out)["moments"][0]
    assert (moment["situation"], moment["lesson"]["language"]) == ("happy-with-supplier", "en")
    moment = json.loads(call("spot", "--format", "json", file(SWEDISH)).out)["moments"][0]
    assert moment["lesson"]["language"] == "sv"


def test_markdown_gives_the_coach_the_words_to_say(call: Call, file: Callable[..., pathlib.Path]) -> None:
    told = call("spot", "--format", "markdown", file(ENGLISH, "a*b.txt"))
    assert told.out.startswith("# Moments in the call\n")
    assert "a\\*b\\.txt" in told.out
    assert "## line 4 · Bates · Too expensive\n" in told.out
    assert "> Compared with what, may I ask?\n" in told.out
    assert "*no answer*" in told.out
    assert "**Words to say**" in told.out


def test_standard_input_is_a_call_too(call: Call) -> None:
    assert call("spot", "-", input=SWEDISH.encode()).out.startswith("rad 2  Kund: ")


def test_nothing_spotted(call: Call, file: Callable[..., pathlib.Path]) -> None:
    told = call("spot", file(IDLE))
    assert (told.code, told.out) == (1, "nothing spotted\n")
    told = call("spot", "--format", "json", file(IDLE))
    assert (told.code, json.loads(told.out)["moments"]) == (1, [])


def test_what_spot_says_itself_was_english_to_a_swede(
    call: Call, file: Callable[..., pathlib.Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHKB_LANG", "sv")
    assert call("spot", file(IDLE)).out == "inget hittat\n"
    assert "notes.txt nämner inga talare" in call("spot", file("We looked at it again.\n", "notes.txt")).err


def test_surer_means_fewer(call: Call, file: Callable[..., pathlib.Path]) -> None:
    path = file(ENGLISH)
    found = [len(json.loads(call("spot", "--format", "json", "--sure", n, path).out)["moments"]) for n in ("70", "100")]
    assert found == [2, 0]


def test_in_a_language_without_signs_nothing_was_told(
    call: Call, file: Callable[..., pathlib.Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a language is at first: its vocabulary is there, its patterns are still to be written."""
    monkeypatch.setattr("coachkb.jobs.spotting.signs", lambda code: {})
    told = json.loads(call("spot", file(ENGLISH), "--format", "json").out)
    assert {moment["situation"] for moment in told["moments"]} == {"too-expensive", "send-me-information"}
    assert call("spot", file(IDLE)).code == 1


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\x00\x01\x02" * 99, b"%PDF-1.7"])
def test_an_unreadable_call_is_named(call: Call, tmp_path: pathlib.Path, data: bytes) -> None:
    path = tmp_path / "call.txt"
    path.write_bytes(data)
    told = call("spot", path)
    assert (told.code, told.out) == (3, "")
    assert told.err.startswith(f"coachkb: {path}: ")
    assert told.err.count("\n") == 1


def test_a_call_that_is_not_there_and_a_folder(call: Call, tmp_path: pathlib.Path) -> None:
    for path in (tmp_path / "none.vtt", tmp_path):
        told = call("spot", path)
        assert told.code == 3
        assert str(path) in told.err


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--lang", "xx", "-"], ["--sure", "101", "-"]])
def test_wrong_usage(call: Call, arguments: list[str]) -> None:
    assert call("spot", *arguments).code == 2


@pytest.mark.parametrize("form", ["plain", "json", "markdown", "card", "table"])
def test_nothing_of_a_call_reaches_the_terminal_raw(call: Call, file: Callable[..., pathlib.Path], form: str) -> None:
    hostile = (
        "Rep: Hi.\nKlant\u202e: \x1b]0;x\x07 it is too expensive for us [bold]<b>`x`|\u202e\nRep: [/red] ok\x1b[2J\n"
    )
    told = call("spot", "--format", form, file(hostile))
    assert told.code == 0
    assert not {"\x1b", "\x07"} & set(told.out)
    assert form == "json" or "\u202e" not in told.out


def terminal_at(columns: int, path: pathlib.Path) -> str:
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "coachkb", "spot", str(path)],
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
        env={**os.environ, "TERM": "xterm", "COLUMNS": str(columns), "NO_COLOR": "1"},
    )
    os.close(secondary)
    got = b""
    while True:
        try:
            chunk = os.read(primary, 65536)
        except OSError:
            break
        if not chunk:
            break
        got += chunk
    os.close(primary)
    assert process.wait(60) == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", got.decode())


@pytest.mark.parametrize("columns", [100, 80, 40])
def test_a_terminal_gets_blocks_with_whole_ids(file: Callable[..., pathlib.Path], columns: int) -> None:
    """Regression: a table cut ids in the middle."""
    shown = terminal_at(columns, file(ENGLISH))
    assert shown.startswith("line 4  Bates: Too expensive")
    lines = shown.splitlines()
    assert all(" " not in line for line in lines if len(line) > columns)
    ids = re.findall(r"\(([a-z0-9-]{20,})\)", terminal_at(300, file(ENGLISH)))
    assert ids and all(any(id_ in line for line in lines) for id_ in ids)


def test_a_table_has_a_line_a_moment(call: Call, file: Callable[..., pathlib.Path]) -> None:
    path = file(ENGLISH)
    moments = json.loads(call("spot", str(path), "--format", "json").out)["moments"]
    head, *lines = call("spot", str(path), "--format", "table").out.splitlines()
    assert head.split() == ["When", "Who", "Situation", "Said", "Lesson"]
    assert len(lines) == len(moments) > 1
    for line, moment in zip(lines, moments, strict=True):
        assert line.startswith(f"line {moment['line']} ") and line.endswith(moment["lesson"]["id"])
        assert line.index(moment["lesson"]["id"]) == head.index("Lesson")


def test_what_goes_on_is_indented_on_a_narrow_terminal(file: Callable[..., pathlib.Path]) -> None:
    block = terminal_at(40, file(ENGLISH)).replace("\r", "").partition("  Said: ")[2].partition("\n\n")[0].rstrip()
    assert block.count("\n") > 2 and not re.search(r"\n[^\s(]", block)


def test_a_call_of_few_words_is_in_the_language_of_its_small_words(
    call: Call, file: Callable[..., pathlib.Path]
) -> None:
    """A second sentence took the call for one in Afrikaans, and with it all that was sure."""
    talk = "Klant: Nee, stuur maar wat informatie.\nMark: Doe ik.\nKlant: En het is me te duur.\n"
    data = json.loads(call("spot", "--format", "json", file(talk)).out)
    assert data["language"] == "nl"
    assert [moment["situation"] for moment in data["moments"]] == ["send-me-information", "too-expensive"]
