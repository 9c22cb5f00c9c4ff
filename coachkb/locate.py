"""Which knowledge base, and where a machine keeps its things. On the look-up path: only os and sys."""

from __future__ import annotations

import os
import sys

MARK = "coachkb.yaml"
SITUATIONS = "situations.yaml"
_DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
STARTER = os.path.join(_DATA, "starter")
STARTER_INDEX = os.path.join(STARTER, "index.sqlite")
#: The time and size that ``scan`` gives what it cannot look at.
UNSEEN = (0, -1)
_WINDOWS = sys.platform == "win32"
#: Two changes within so many ns may get the same time from a file system.
TICK = 20_000_000


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
    near = nearest(folder)
    if near:
        return Located(near, "the nearest folder with a coachkb.yaml", False)
    own = own_kb()
    if own and is_kb(own):
        return Located(own, "your own knowledge base", False)
    return Located(None, "no knowledge base here: only the built-in starter", False)


def nearest(folder: str) -> str | None:
    """The folder itself, or the nearest of those above it, that is a knowledge base."""
    while folder:
        if is_kb(folder):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    return None


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
    found = survey(folder)
    return {below(path, name): state for path, files in found.items() for name, state in files.states().items()}


def named(folder: str) -> dict[str, str]:
    """The lesson files of a KB by their names without folder and ending: the starter's are named by their ids."""
    return {os.path.splitext(os.path.basename(file))[0]: file for file in scan(folder)}


def below(folder: str, name: str) -> str:
    """The path of a file in a folder of a KB, as ``survey`` names them."""
    return f"{folder}/{name}" if name else folder


class Folder:
    """The lesson files of one folder: its ``time`` before it was listed, their ``names``, and of each time in ns and
    size in ``numbers``, one after the other. A folder that cannot be listed has itself, without a name, for a file.

    They lie in the index as two strings of bytes, which say at once whether anything changed.
    """

    __slots__ = ("_packed", "names", "numbers", "time")

    def __init__(self, time: int, names: list[str], numbers: list[int]) -> None:
        self.time, self.names, self.numbers = time, names, numbers
        self._packed: tuple[bytes, bytes] | None = None

    def states(self) -> dict[str, tuple[int, int]]:
        """Names to time and size."""
        return dict(zip(self.names, zip(self.numbers[::2], self.numbers[1::2], strict=True), strict=True))

    def packed(self) -> tuple[bytes, bytes]:
        """Names and numbers as they are kept."""
        if self._packed is None:
            from array import array

            names = "/".join(self.names).encode("utf-8", "surrogatepass")
            self._packed = names, array("q", self.numbers).tobytes()
        return self._packed

    @classmethod
    def unpacked(cls, time: int, names: bytes, numbers: bytes) -> Folder:
        """The other way round."""
        from array import array

        known = names.decode("utf-8", "surrogatepass").split("/") if numbers else []
        return cls(time, known, array("q", numbers).tolist())


def survey(folder: str) -> dict[str, Folder]:
    """As ``scan``, folder by folder."""
    found: dict[str, Folder] = {}
    _survey_folder(folder, "lessons", found)
    return found


def file_state(folder: str, file: str) -> tuple[int, int]:
    """Time in ns and size of one lesson file, as ``scan`` has them; ``UNSEEN`` when it cannot be looked at."""
    try:
        info = os.stat(os.path.join(folder, file))
    except OSError:
        return UNSEEN
    return _time(info), info.st_size


def folder_time(folder: str, below: str) -> int:
    """When something was last added to a folder of a KB, taken from it or replaced in it; 0 when it is not there."""
    try:
        return _time(os.stat(os.path.join(folder, below)))
    except OSError:
        return 0


def settled(time: int, started: int) -> int:
    """A time to keep for comparing: -1, like no other, when it is so young, at ``started`` (ns), that the next change
    might get the same one."""
    tick = 2_000_000_000 if time % 1_000_000_000 == 0 else TICK  # some file systems count in whole seconds
    return -1 if time > started - tick else time


def _time(info: os.stat_result) -> int:
    """When a file or folder last changed, in ns. Programs can set the time of its contents back; this one they cannot,
    save on Windows, where it is that of its making."""
    return info.st_mtime_ns if _WINDOWS else info.st_ctime_ns


def _survey_folder(kb: str, path: str, found: dict[str, Folder]) -> None:
    """Adds the lesson files in one folder of a KB, and those of the folders in it when it is the uppermost."""
    names: list[str] = []
    numbers: list[int] = []
    found[path] = Folder(folder_time(kb, path), names, numbers)
    folders, handle = [], -1
    try:
        if os.scandir in os.supports_fd:  # then a file is looked at without walking the whole path to it
            handle = os.open(os.path.join(kb, path), os.O_RDONLY)
        for entry in os.scandir(handle if handle >= 0 else os.path.join(kb, path)):
            name = entry.name
            if name.endswith((".yaml", ".yml")) and name[0] != ".":
                names.append(name)
                try:
                    info = entry.stat()
                    numbers += info.st_mtime_ns if _WINDOWS else info.st_ctime_ns, info.st_size
                except OSError:
                    numbers += UNSEEN
            elif path == "lessons" and name[0] != "." and entry.is_dir(follow_symlinks=False):
                folders.append(f"{path}/{name}")
            elif path == "lessons" and name[0] != "." and entry.is_symlink() and entry.is_dir():
                names.append(name)  # told by whoever reads it: it is not followed, and might have lessons
                numbers += UNSEEN
    except FileNotFoundError:
        return
    except OSError:
        names[:], numbers[:] = [""], UNSEEN
        return
    finally:
        if handle >= 0:
            os.close(handle)
    for below in folders:
        _survey_folder(kb, below, found)


def stamp(folder: str) -> str:
    """What a KB's index depends on besides its lessons: settings, own situations, the starter it was built over, and
    which languages there are data files of."""
    parts = []
    for name, path in (
        (MARK, os.path.join(folder, MARK)),
        (SITUATIONS, os.path.join(folder, SITUATIONS)),
        ("starter", STARTER_INDEX),
        ("languages", os.path.join(_DATA, "languages")),
        ("vocabulary", os.path.join(_DATA, "vocabulary")),
    ):
        try:
            info = os.stat(path)
            parts.append(f"{name} {info.st_mtime_ns} {info.st_size}")
        except OSError:
            parts.append(f"{name} -")
    return "; ".join(parts)
