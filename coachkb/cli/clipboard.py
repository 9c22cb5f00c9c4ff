"""The clipboard: the system's where it is at hand, else the terminal's, by the control sequence OSC 52 of xterm.

OSC 52 (xterm's "Manipulate Selection Data") reaches the clipboard of the machine that shows the terminal, so over ssh
it comes first. Terminals do not answer whether they took it.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys

_LONGEST = 74_994  # bytes of text that the strictest of the common terminals take in one sequence
_SECONDS = 5.0  # a tool that hangs, as xclip without its display, must not hang us


def copy(text: str) -> str | None:
    """Puts a text on the clipboard and returns what took it; None when there is nothing that does."""
    far = bool(os.environ.get("SSH_TTY") or os.environ.get("SSH_CONNECTION"))
    if far and not os.environ.get("TMUX") and _by_terminal(text):
        return "OSC 52"
    for command in _tools():
        if shutil.which(command[0]) and _by(command, text):
            return command[0]
    return "OSC 52" if _by_terminal(text) else None


def _tools() -> list[list[str]]:
    tools: list[list[str]] = []
    if sys.platform == "darwin":
        tools.append(["pbcopy"])
    if os.environ.get("WAYLAND_DISPLAY"):
        tools.append(["wl-copy"])
    if os.environ.get("DISPLAY"):
        tools += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    if sys.platform == "win32" or os.environ.get("WSL_DISTRO_NAME"):
        tools.append(["clip.exe"])
    if os.environ.get("TMUX"):  # it hands the text on to the terminal outside
        tools.append(["tmux", "load-buffer", "-w", "-"])
    return tools


def _by(command: list[str], text: str) -> bool:
    encoding = "utf-16-le" if command[0] == "clip.exe" else "utf-8"
    try:
        done = subprocess.run(
            command,
            input=text.encode(encoding, "replace"),
            stdout=subprocess.DEVNULL,  # xclip stays behind to serve the text: it must not hold our pipe open
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _by_terminal(text: str) -> bool:
    """Sends the sequence to the terminal, whatever stdout is; False when there is none, or the text is too long."""
    data = text.encode("utf-8", "replace")
    if len(data) > _LONGEST or os.environ.get("TERM", "dumb") == "dumb" or not sys.stderr.isatty():
        return False
    try:
        with open("CONOUT$" if sys.platform == "win32" else "/dev/tty", "wb", buffering=0) as terminal:
            terminal.write(b"\x1b]52;c;" + base64.b64encode(data) + b"\x07")
    except OSError:
        return False
    return True
