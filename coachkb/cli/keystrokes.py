"""What a terminal sends for keys to the keys' names. xterm's sequences, which all common terminals send."""

from __future__ import annotations

import codecs
import re

from coachkb.jobs.picking import PASTED

_CONTROL = {
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x01": "home",
    "\x05": "end-key",
    "\x02": "left",
    "\x06": "right",
    "\x07": "escape",  # as fzf and Emacs have it
    "\x04": "ctrl-d",
    "\x0c": "ctrl-l",
    "\x0e": "ctrl-n",
    "\x10": "ctrl-p",
    "\x15": "ctrl-u",
    "\x17": "ctrl-w",
}
_SEQUENCES = {
    **dict.fromkeys(("[A", "OA"), "up"),
    **dict.fromkeys(("[B", "OB"), "down"),
    **dict.fromkeys(("[C", "OC"), "right"),
    **dict.fromkeys(("[D", "OD"), "left"),
    **dict.fromkeys(("[H", "OH", "[1~", "[7~"), "home"),
    **dict.fromkeys(("[F", "OF", "[4~", "[8~"), "end-key"),
    **dict.fromkeys(("OP", "[11~", "[[A"), "f1"),
    "OM": "enter",
    "[3~": "delete",
    "[5~": "page-up",
    "[6~": "page-down",
    "[Z": "shift-tab",
    "[1;2A": "shift-up",
    "[1;2B": "shift-down",
}
_SEQUENCE = re.compile(r"\x1b(\[\[.|\[[0-9;:<=>?]*[ -/]*[@-~]|O.)", re.DOTALL)
_BEGUN = re.compile(r"\x1b(\[\[?[0-9;:<=>?]*[ -/]*|O)?\Z")
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
_LONGEST_PASTE = 100_000  # characters; what goes on without an end is no paste


class Keystrokes:
    """Takes bytes as they come, in pieces that may end within a key, and gives the names of keys."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("ignore").decode
        self._rest = ""

    @property
    def waiting(self) -> bool:
        """Whether a key may have begun: what comes next decides. A lone escape is the key when nothing comes."""
        return bool(self._rest) and not self._rest.startswith(_PASTE)  # a paste has an end, however slow the line

    def feed(self, data: bytes) -> list[str]:
        """The keys that are whole with this."""
        return self._named(self._rest + self._decode(data), more=True)

    def rest(self) -> list[str]:
        """The keys in what is left, when nothing more came."""
        return self._named(self._rest, more=False)

    def _named(self, text: str, more: bool) -> list[str]:
        found: list[str] = []
        self._rest = ""
        while text:
            if text.startswith(_PASTE):
                pasted, end, after = text[len(_PASTE) :].partition(_PASTE_END)
                if not end and more and len(pasted) < _LONGEST_PASTE:
                    self._rest = text
                    break
                found.append(PASTED + pasted)
                text = after
            elif text[0] != "\x1b":
                key = _CONTROL.get(text[0], text[0])
                if len(key) > 1 or key.isprintable():
                    found.append(key)
                text = text[1:]
            elif _BEGUN.match(text):
                if more:
                    self._rest = text
                elif text == "\x1b":
                    found.append("escape")
                break
            else:
                key, text = _escaped(text)
                found += [key] if key else []
        return found


def _escaped(text: str) -> tuple[str, str]:
    """The key that begins with an escape, and what comes after it; no name for one that is not known."""
    sequence = _SEQUENCE.match(text)
    if sequence:
        return _SEQUENCES.get(sequence[1], ""), text[sequence.end() :]
    if text[1:2] and text[1] != "\x1b" and text[1].isprintable() and text[1] not in "[O":
        return f"alt-{text[1]}", text[2:]
    return "escape", text[1:]
