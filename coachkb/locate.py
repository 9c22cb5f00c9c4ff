"""Which knowledge base, and where a machine keeps its things. On the look-up path: only os and sys."""

from __future__ import annotations

import os
import sys

MARK = "coachkb.yaml"
SITUATIONS = "situations.yaml"
STARTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "starter")
STARTER_INDEX = os.path.join(STARTER, "index.sqlite")
#: The time and size that ``scan`` gives what it cannot look at.
UNSEEN = (0, -1)
_FOLDER = (0, -2)


class Located:
    """The knowledge base chosen: ``path`` (None: only the starter), why, and whether it was named (it stands alone)."""

    __slots__ = ("named", "path", "why")

    def __init__(self, path: str | None, why: str, named: bool) -> None:
        self.path, self.why, self.named = path, why, named


def is_kb(path: str) -> bool:
    """Whether a folder is a knowledge base: it holds a coachkb.yaml, an empty one will do."""
    return os.path.isfile(os.path.join(path, MARK))


def locate(named: str | None = None) -> Located:
    """The knowledge base to use: ``--kb``, ``COACHKB_KB``, the nearest parent folder that is one, the user's own."""
    if named:
        return Located(named, "named with --kb", True)
    told = os.environ.get("COACHKB_KB")
    if told:
        return Located(told, "named by COACHKB_KB", True)
    try:
        folder = os.getcwd()
    except OSError:
        folder = ""
    while folder:
        if is_kb(folder):
            return Located(folder, "the nearest folder with a coachkb.yaml", False)
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    own = own_kb()
    if own and is_kb(own):
        return Located(own, "your own knowledge base", False)
    return Located(None, "no knowledge base here: only the built-in starter", False)


def own_kb() -> str | None:
    """The folder of the user's own knowledge base, whether or not it is there; None without a home folder."""
    return _folder("XDG_DATA_HOME", ".local/share", "Library/Application Support", "LOCALAPPDATA", "kb")


def cache_folder() -> str | None:
    """Where indexes lie; None when there is no place (everything works without, only slower)."""
    return _folder("XDG_CACHE_HOME", ".cache", "Library/Caches", "LOCALAPPDATA", "cache")


def state_folder() -> str | None:
    """Where locks and journals lie; None when there is no place."""
    return _folder("XDG_STATE_HOME", ".local/state", "Library/Application Support", "LOCALAPPDATA", "state")


def _folder(variable: str, linux: str, mac: str, windows: str, last: str) -> str | None:
    told = os.environ.get(variable)
    if told and os.path.isabs(told):
        base = told
    elif sys.platform == "win32":
        base = os.environ.get(windows, "")
    else:
        home = os.path.expanduser("~")
        base = os.path.join(home, mac if sys.platform == "darwin" else linux) if os.path.isabs(home) else ""
    if not base:
        return None
    # On Linux the three folders differ already; elsewhere they may be one, and a KB must hold nothing machine-local.
    shared = sys.platform in ("win32", "darwin") or last == "kb"
    return os.path.join(base, "coachkb", last) if shared else os.path.join(base, "coachkb")


def index_path(kb: str, named: bool) -> str | None:
    """Where a knowledge base's index lies in the cache folder: keyed by the KB's real path.

    A KB that was named stands without the starter, so it has an index of its own.
    """
    folder = cache_folder()
    if folder is None:
        return None
    return os.path.join(folder, f"{_digest(os.path.realpath(kb))}{'-alone' if named else ''}.sqlite")


def _digest(text: str) -> str:
    """FNV-1a, 64 bits twice: a name for a path. hashlib would cost the look-up path more than the look-up."""
    data = text.encode("utf-8", "surrogateescape")
    out = ""
    for offset in (0xCBF29CE484222325, 0x84222325CBF29CE4):
        value = offset
        for byte in data:
            value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        out += f"{value:016x}"
    return out


def scan(folder: str) -> dict[str, tuple[int, int]]:
    """The lesson files of a KB: path below the KB with ``/``, to time in ns and size. One pass of scandir.

    What is there but cannot be looked at (a folder without permission, a dangling link) is among them with ``UNSEEN``,
    so that whoever reads it finds the reason, and nothing vanishes silently.
    """
    found: dict[str, tuple[int, int]] = {}
    _scan_folder(folder, "lessons", found)
    languages = [name for name, state in found.items() if state == _FOLDER]
    for language in languages:
        del found[language]
        _scan_folder(folder, language, found)
    return {name: state for name, state in found.items() if state != _FOLDER}


def _scan_folder(kb: str, below: str, found: dict[str, tuple[int, int]]) -> None:
    """Adds the lesson files in one folder of a KB, and its folders as ``_FOLDER``."""
    try:
        entries = list(os.scandir(os.path.join(kb, below)))
    except FileNotFoundError:
        return
    except OSError:
        found[below] = UNSEEN
        return
    for entry in entries:
        lesson = entry.name.endswith((".yaml", ".yml"))
        if entry.name.startswith("."):
            continue
        if lesson:
            try:
                info = entry.stat()
                found[f"{below}/{entry.name}"] = (info.st_mtime_ns, info.st_size)
            except OSError:
                found[f"{below}/{entry.name}"] = UNSEEN
        elif entry.is_dir(follow_symlinks=False):
            found[f"{below}/{entry.name}"] = _FOLDER


def stamp(folder: str) -> str:
    """What a KB's index depends on besides its lessons: settings, own situations, and the starter it was built over."""
    parts = []
    for name, path in (
        (MARK, os.path.join(folder, MARK)),
        (SITUATIONS, os.path.join(folder, SITUATIONS)),
        ("starter", STARTER_INDEX),
    ):
        try:
            info = os.stat(path)
            parts.append(f"{name} {info.st_mtime_ns} {info.st_size}")
        except OSError:
            parts.append(f"{name} -")
    return "; ".join(parts)
