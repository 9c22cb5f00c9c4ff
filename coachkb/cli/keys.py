"""Keys pressed at a terminal, one by one, without Enter."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

import click

_ENDS = ("", "\x04", "\x1a")  # the terminal is gone; control-D; control-Z as Windows has it


def forget_typed() -> None:
    """Throws away what was typed and not read yet: it was meant for something else than what is asked next."""
    try:
        import termios
    except ImportError:  # Windows: keys are read when they are asked for
        return
    with contextlib.suppress(termios.error):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Within it keys are not shown and need no Enter; what is typed ahead is kept for whoever reads next."""
    try:
        import termios
        import tty
    except ImportError:  # Windows: click reads keys that way by itself
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSANOW)  # click flushes what was typed ahead, and shows it
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


class Keys:
    """The keys of standard input, within ``unseen``."""

    def __init__(self) -> None:
        self._ahead: list[str] = []

    def next(self) -> str:
        """One character, lower case; ``escape`` for an arrow or function key; ``end`` where no more will come."""
        if not self._ahead:
            self._ahead = self._read()
        return self._ahead.pop(0)

    def forget(self) -> None:
        """Throws away what was typed ahead."""
        self._ahead.clear()
        forget_typed()

    @staticmethod
    def _read() -> list[str]:
        if sys.platform == "win32":
            got = click.getchar()
            return ["end"] if got in _ENDS else [got.lower()]
        got = os.read(sys.stdin.fileno(), 32).decode("utf-8", "replace")
        if got.startswith("\x1b"):  # an arrow key ends in a letter, which decides nothing
            return ["escape"]
        return ["end" if char in _ENDS else char.lower() for char in got] or ["end"]
