"""Queries that nothing answered, or only a guess, in one log of the user's state folder: lessons to write for a team.

It is the user's alone: nothing of it goes to a knowledge base. On the look-up path: os, and only after a miss.
"""

from __future__ import annotations

import os

from coachkb import locate
from coachkb.model.visible import safe

#: Characters of a query that are kept.
LONGEST = 200
#: Lines that the log holds at most; when it is full, it goes back to so many, the newest ones.
MOST, KEPT = 1000, 900
_MOST_BYTES = 1_000_000  # more than MOST lines of LONGEST characters need
_NAME = "misses.log"
_GUESS = "\tguess"  # ends the line of a query that a guess answered; a query itself holds no tab
_OFF = ("0", "false", "no", "off")


def wanted() -> bool:
    """Whether COACHKB_MISSES lets queries be kept."""
    return os.environ.get("COACHKB_MISSES", "").strip().lower() not in _OFF


def may_be_off(kb: str) -> bool:
    """Whether the coachkb.yaml of a KB may have ``misses`` in it: only then is it worth parsing after a miss."""
    try:
        with open(os.path.join(kb, locate.MARK), "rb") as file:
            text = file.read()
    except OSError:
        return True
    return b"misses" in text or b"\\" in text  # YAML can write a key with escapes


def path() -> str | None:
    """Where the log is, or would be; None when there is no state folder."""
    folder = locate.state_folder()
    return folder and os.path.join(folder, _NAME)


def remember(query: str, guess: bool = False) -> None:
    """Adds a query to the log, unless COACHKB_MISSES says no. A folder that cannot be written only costs the line.

    ``guess``: it was answered, with what was told to be a guess."""
    name = path()
    line = " ".join(safe(query[: 10 * LONGEST]).split())[:LONGEST].rstrip()
    if not (name and line and wanted()):
        return
    # Not waiting: should the name be a pipe, nobody may be reading it.
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        os.makedirs(os.path.dirname(name), mode=0o700, exist_ok=True)
        handle = os.open(name, flags, 0o600)
        try:
            os.write(handle, f"{line}{_GUESS if guess else ''}\n".encode())
            size = os.lseek(handle, 0, os.SEEK_END)
            os.lseek(handle, max(0, size - _MOST_BYTES), os.SEEK_SET)
            data = os.read(handle, _MOST_BYTES)
        finally:
            os.close(handle)
        if size > _MOST_BYTES or data.count(b"\n") > MOST:
            _keep(name, data.splitlines(keepends=True)[-KEPT:])
    except OSError:
        pass


def _keep(name: str, lines: list[bytes]) -> None:
    beside = f"{name}.{os.getpid()}"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.writelines(lines)
    os.replace(beside, name)


def recall(guesses: bool = False) -> list[tuple[str, int]]:
    """The queries that nothing answered (``guesses``: that a guess did) with how often each was asked, the most asked
    for first, then the latest. Case does not count.

    Raises OSError when the log is there and cannot be read.
    """
    name = path()
    if not name or not os.path.isfile(name):
        return []
    with open(name, "rb") as file:
        lines = file.read(_MOST_BYTES).decode("utf-8", "replace").split("\n")
    times: dict[str, int] = {}
    shown: dict[str, str] = {}
    for line in lines:
        if line.endswith(_GUESS) != guesses:
            continue
        query = safe(line.removesuffix(_GUESS)).strip()[:LONGEST]
        key = query.casefold()
        if key:
            times[key] = times.pop(key, 0) + 1  # the latest is last
            shown[key] = query
    latest_first = reversed(list(times.items()))
    return [(shown[key], n) for key, n in sorted(latest_first, key=lambda item: -item[1])]


def forget() -> int:
    """Empties the log; how many different queries it held. Raises OSError when it cannot be removed."""
    held = len(recall()) + len(recall(guesses=True))
    name = path()
    if name and os.path.lexists(name):
        os.unlink(name)
    return held
