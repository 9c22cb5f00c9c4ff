"""Bytes of a terminal to names of keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.cli.keystrokes import Keystrokes
from coachkb.jobs.picking import PASTED


def keys(*pieces: bytes) -> list[str]:
    taken = Keystrokes()
    found = [key for piece in pieces for key in taken.feed(piece)]
    return found + taken.rest()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"ab", ["a", "b"]),
        ("å漢".encode(), ["å", "漢"]),
        (b"\r", ["enter"]),
        (b"\t\x7f\x15", ["tab", "backspace", "ctrl-u"]),
        (b"\x1b[A\x1bOB", ["up", "down"]),
        (b"\x1b[1;2A", ["shift-up"]),
        (b"\x1b[5~\x1b[6~\x1b[H\x1b[F", ["page-up", "page-down", "home", "end-key"]),
        (b"\x1bs\x1b?", ["alt-s", "alt-?"]),
        (b"\x1b", ["escape"]),
        (b"\x1b\x1b", ["escape", "escape"]),
        (b"\x1b\x1b[A", ["escape", "up"]),
        (b"\x1b[99;5u\x1b[12$~x", ["x"]),  # keys that have no name are none
        (b"\x1b[200~a\r\nb\x1b[201~c", [PASTED + "a\r\nb", "c"]),
        (b"\xff\xfea", ["a"]),
        (b"\x00\x03", []),
    ],
)
def test_keys(sent: bytes, expected: list[str]) -> None:
    assert keys(sent) == expected
    assert keys(*(sent[i : i + 1] for i in range(len(sent)))) == expected, "wherever it is cut"


def test_a_lone_escape_waits_for_what_may_follow() -> None:
    taken = Keystrokes()
    assert taken.feed(b"\x1b") == []
    assert taken.waiting
    assert taken.feed(b"[A") == ["up"]
    assert not taken.waiting


def test_a_paste_is_waited_for_to_its_end() -> None:
    taken = Keystrokes()
    assert taken.feed(b"\x1b[200~one\r") == []
    assert not taken.waiting, "no time is set: a slow line is no end"
    assert taken.feed(b"two\x1b[201~") == [PASTED + "one\rtwo"]


@given(st.lists(st.binary(max_size=12), max_size=6))
def test_whatever_comes_no_key_holds_a_control_character(pieces: list[bytes]) -> None:
    for key in keys(*pieces):
        assert key and (key.startswith(PASTED) or key.isprintable())
