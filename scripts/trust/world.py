"""A home with a knowledge base that people worked on, commands run in forks of a warmed-up process, and what to check.

A fork does with the file system what a fresh process does; it only saves starting Python and reading data anew.
"""

from __future__ import annotations

import glob
import os
import pathlib
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any, TextIO

from coachkb import locate
from coachkb.__main__ import main
from coachkb.kb import KnowledgeBase
from coachkb.store.folder import lesson_files

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
#: What writes, as Python's audit hooks name it; a process is killed just before one of these.
CALLS = frozenset(
    [f"os.{name}" for name in ("rename", "remove", "truncate", "mkdir", "rmdir", "chmod", "chown")]
    + ["tempfile.mkstemp", "sqlite3.connect"]
)
_HAND = "by hand"
_OUTSIDE = tempfile.gettempdir()  # what commands print goes here, however full the world's own disk is


class World:
    """A scratch folder: ``home``, ``kb``, ``in`` (articles to ingest). Everything coachkb writes lies in it."""

    def __init__(self, folder: str) -> None:
        self.root = pathlib.Path(folder).resolve()
        self.kb, self.given = self.root / "kb", self.root / "in"
        for name in [name for name in os.environ if name.startswith(("COACHKB_", "XDG_", "LC_"))]:
            del os.environ[name]
        os.environ.update(
            HOME=str(self.root / "home"),
            TMPDIR=str(self.root / "tmp"),
            COACHKB_TODAY="2026-01-15",
            COACHKB_USER="someone",
            LC_ALL="C.UTF-8",
        )
        for name in ("home", "tmp", "in"):
            (self.root / name).mkdir()
        tempfile.tempdir = None

    def run(self, *arguments: str, kill: Callable[[int], None] | None = None, call: int = 0) -> tuple[int, str]:
        """Runs coachkb in a fork: the exit code (negative: killed by that signal) and all it printed.

        ``kill`` is given the process's id and may kill it; ``call``: it kills itself before that call that writes.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", dir=_OUTSIDE) as told:
            child = os.fork()
            if child == 0:
                _become(told, arguments, call)
            if kill:
                kill(child)
            _, status = os.waitpid(child, 0)
            told.seek(0)
            return os.waitstatus_to_exitcode(status), told.read()

    def warm(self) -> None:
        """Imports and reads in this process what the forks need."""
        with KnowledgeBase.open(self.root / "warm", create=True) as kb:
            kb.ingest([str(self.given)])
            kb.lookup("too expensive")

    def calls(self, *arguments: str) -> tuple[int, float]:
        """How many calls that write a command makes when nothing stops it, and how many seconds it takes."""
        began = time.perf_counter()
        code, told = self.run(*arguments, call=-1)
        took = time.perf_counter() - began
        assert code >= 0, told
        return int((self.root / "calls.txt").read_text()), took

    def files(self) -> dict[str, bytes]:
        """Every lesson and article of the KB; a writer's temporary files are left out."""
        found = [path for name in ("lessons", "articles") for path in (self.kb / name).rglob("*") if path.is_file()]
        return {str(p.relative_to(self.kb)): p.read_bytes() for p in found if not p.name.startswith(".coachkb-")}

    def leftovers(self) -> list[str]:
        """A killed writer's temporary files: in the KB, beside the journal, beside the index."""
        found = glob.glob(f"{self.root}/*/**/.coachkb-*", recursive=True, include_hidden=True)
        return [path for path in found if "/saved/" not in path] + list(map(str, (self.root / "home").rglob("*.new*")))

    def broken(self) -> list[str]:
        """The lesson files that cannot be read."""
        return [str(item.error) for item in lesson_files(str(self.kb)) if item.error]

    def index_faults(self) -> list[str]:
        """How the index differs from the lesson files, after a look-up has seen to it."""
        path = locate.index_path(str(self.kb), True)
        assert path
        db = sqlite3.connect(path)
        try:
            whole = db.execute("PRAGMA integrity_check").fetchone()[0]
            indexed = {row[0] for row in db.execute("SELECT id FROM lesson WHERE own = 1")}
            titles = {row[0] for row in db.execute("SELECT title FROM lesson WHERE own = 1")}
        finally:
            db.close()
        lessons = [item.lesson for item in lesson_files(str(self.kb)) if item.lesson and item.lesson.served]
        faults = [] if whole == "ok" else [whole]
        faults += [] if indexed == {x.id for x in lessons} else [f"ids: {indexed ^ {x.id for x in lessons}}"]
        faults += [] if titles == {x.title for x in lessons} else ["titles differ"]
        return faults

    def save(self, name: str) -> None:
        """Keeps the world as it is, to go back to."""
        shutil.rmtree(self.root / "saved" / name, ignore_errors=True)
        for part in ("home", "kb", "in", "tmp"):
            if (self.root / part).exists():
                shutil.copytree(self.root / part, self.root / "saved" / name / part, symlinks=True)

    def restore(self, name: str) -> None:
        """Makes the world as it was saved."""
        for part in ("home", "kb", "in", "tmp"):
            shutil.rmtree(self.root / part, ignore_errors=True)
            if (self.root / "saved" / name / part).exists():
                shutil.copytree(self.root / "saved" / name / part, self.root / part, symlinks=True)

    def give(self, count: int, skip: int = 0) -> None:
        """Lays articles of the checkout into ``in``, the shortest first."""
        texts = sorted((ROOT / "articles").glob("*.txt"), key=lambda path: (path.stat().st_size, path.name))
        for path in texts[skip : skip + count]:
            shutil.copy(path, self.given)

    def people_work(self) -> list[str]:
        """Every lesson gets a title, a note and a comment of a person's; returns these words."""
        words = []
        for number, path in enumerate(sorted((self.kb / "lessons").rglob("*.yaml"))):
            lines = path.read_text(encoding="utf-8").splitlines()
            at = next(i for i, line in enumerate(lines) if line.startswith("title:"))
            lines[at : at + 1] = [f"# comment {_HAND} {number}.", f"title: Title {_HAND} {number}."]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            words += [f"comment {_HAND} {number}.", f"Title {_HAND} {number}."]
        return words

    def editor(self, word: str) -> None:
        """Makes the next editor one that adds a comment with a person's word, saves, and then leaves ``tmp/typed``."""
        path = self.root / f"editor-{os.getpid()}.sh"
        path.write_text(f"echo '# {word}' >> \"$1\" && : > '{self.root}/tmp/typed'\n", encoding="utf-8")
        os.environ["EDITOR"] = os.environ["VISUAL"] = f"sh {path}"

    def gone(self, words: list[str]) -> list[str]:
        """The words of people that stand in no lesson, nor in a file kept for them."""
        kept = [*(self.kb / "lessons").rglob("*"), *(self.root / "tmp").rglob("*"), *(self.root / "home").rglob("*")]
        texts = [p.read_bytes() for p in kept if p.is_file() and p.suffix not in (".sqlite", ".done", ".new")]
        return [word for word in words if not any(word.encode() in text for text in texts)]


def _become(told: TextIO, arguments: tuple[str, ...], call: int) -> None:
    """The child: coachkb, and never back."""
    code = 70
    try:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        sys.argv = ["coachkb", *arguments]
        counted = [0]
        if call:
            sys.addaudithook(lambda event, args: _counted(event, args, counted, call))
        code = main()
        sys.stdout.flush()
        if call < 0:
            pathlib.Path(os.environ["HOME"], "..", "calls.txt").write_text(str(counted[0]))
    finally:
        os._exit(code)


def _counted(event: str, arguments: tuple[Any, ...], counted: list[int], call: int) -> None:
    writes = event in CALLS or (event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o3)
    if writes:
        counted[0] += 1
        if counted[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)


def verdict(trials: int, lost: int) -> str:
    """The last line of every script here: how much was tried, and how much of it went wrong (``all.py`` reads it)."""
    return f"in all: {trials} trials, {lost} lost"


def table(rows: list[dict[str, object]]) -> str:
    """Rows as an aligned table with a heading."""
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "".join("  ".join(f"{cell:>{w}}" for cell, w in zip(line, widths, strict=True)) + "\n" for line in lines)
