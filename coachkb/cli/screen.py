"""The whole screen of a terminal: its alternate screen, taken and given back whatever happens, and keys one by one.

What a person had on the screen comes back when we end, crash, are interrupted (control-C), stopped (control-Z) or told
to end (SIGTERM, or SIGHUP when the window closes).
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType, TracebackType

from coachkb.cli.keystrokes import Keystrokes

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

_TAKE = "\x1b[?1049h\x1b[?2004h\x1b[2J"  # the alternate screen; pasted text in brackets; empty
_GIVE = "\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l"
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
_ESCAPE_SECONDS = 0.05  # after a lone escape: the rest of an arrow key comes with it, or at once
_USUAL = (80, 24)


def available() -> bool:
    """Whether there is a terminal with a screen to take."""
    try:
        there = sys.stdin.isatty() and sys.stdout.isatty()
    except ValueError:  # closed
        return False
    return termios is not None and there and os.environ.get("TERM", "dumb") not in ("", "dumb")


class Screen:
    """Within it the terminal is ours: ``draw`` lines, wait for keys ``pressed``. ``away`` gives it back for a while."""

    def __init__(self) -> None:
        self._in, self._out = sys.stdin.fileno(), sys.stdout.fileno()
        self._keys = Keystrokes()
        self._shown: list[str] = []
        self._before: list[object] | None = None
        self._handlers: dict[signal.Signals, object] = {}
        self._woken = self._wake = self._waker = -1

    def __enter__(self) -> Screen:
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        # A signal that comes just before we wait wakes us, too; its handler alone would run after the next key.
        self._waker = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        try:
            for number, handler in (
                (signal.SIGWINCH, self._resized),
                (signal.SIGTSTP, self._stopped),
                (signal.SIGTERM, self._ended),
                (signal.SIGHUP, self._ended),
            ):
                self._handlers[number] = signal.signal(number, handler)
            self._take()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._give()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)  # type: ignore[arg-type]
            signal.set_wakeup_fd(self._waker)
            os.close(self._woken)
            os.close(self._wake)

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Within it the terminal is as it was, for another program or for talk."""
        self._give()
        try:
            yield
        finally:
            self._take()

    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        try:
            columns, lines = os.get_terminal_size(self._out)
        except OSError:
            columns = lines = 0
        return columns or _USUAL[0], lines or _USUAL[1]  # a serial line says 0

    def draw(self, lines: Sequence[str], cursor: tuple[int, int] | None) -> None:
        """Shows lines (no wider than the screen) and the cursor at a line and column, or none. Only lines that are
        other than before are sent, in one go: nothing flickers, and little goes over a slow line."""
        changed = [
            f"\x1b[{n + 1};1H{line}\x1b[0m\x1b[K"
            for n, line in enumerate(lines)
            if n >= len(self._shown) or self._shown[n] != line
        ]
        if len(lines) < len(self._shown):
            changed.append(f"\x1b[{len(lines) + 1};1H\x1b[J")
        at = f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H{_SHOW}" if cursor else ""
        self._send(f"{_HIDE}{''.join(changed)}{at}")
        self._shown = list(lines)

    def forget(self) -> None:
        """Draws everything next time: another program may have written to the screen."""
        self._shown = []
        self._send("\x1b[2J")

    def pressed(self) -> list[str]:
        """Waits for keys and gives those that came; none when the size changed; ``end`` when the terminal is gone."""
        wait = _ESCAPE_SECONDS if self._keys.waiting else None
        ready, _, _ = select.select([self._in, self._woken], [], [], wait)
        if self._woken in ready:
            # Control-Z may have come in the midst of drawing: then what we think is shown is not.
            if not {signal.SIGWINCH, signal.SIGTSTP}.isdisjoint(os.read(self._woken, 4096)):
                self.forget()
            return []
        if not ready:
            return self._keys.rest()
        try:
            data = os.read(self._in, 4096)
        except OSError:  # the window was closed
            data = b""
        return self._keys.feed(data) if data else ["end"]

    # ------------------------------------------------------------------------------------------------- the terminal

    def _take(self) -> None:
        self._before = termios.tcgetattr(self._in)
        ours = termios.tcgetattr(self._in)
        ours[0] &= ~(termios.IXON | termios.ICRNL | termios.INLCR)
        ours[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        keys = list(ours[6])  # control-C and control-Z stay signals, so that they work while we are busy
        keys[termios.VQUIT] = os.fpathconf(self._in, "PC_VDISABLE").to_bytes(1, "little")
        ours[6] = keys
        termios.tcsetattr(self._in, termios.TCSADRAIN, ours)
        self._shown = []
        self._send(_TAKE)

    def _give(self) -> None:
        if self._before is None:
            return
        before, self._before = self._before, None
        with contextlib.suppress(OSError):
            self._send(_GIVE)
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(self._in, termios.TCSADRAIN, before)  # type: ignore[arg-type]

    def _send(self, text: str) -> None:
        data = text.encode(sys.stdout.encoding or "utf-8", "replace")
        while data:
            data = data[os.write(self._out, data) :]

    def _resized(self, _: int, __: FrameType | None) -> None:
        """The size is asked for when we draw; this is here to be woken."""

    def _stopped(self, _: int, __: FrameType | None) -> None:
        """Control-Z: gives the screen back, stops, and takes it again when we go on."""
        mine = self._before is not None
        self._give()
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, ours)
        if mine:
            self._take()  # and the signal wakes us to draw

    def _ended(self, number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)
