"""The commands in the documents that need a terminal, a person or a while: each is tried, at a pseudo-terminal.

The other commands are run by scripts/transcripts.py. A command that is new in a ``bash`` block needs a line here.
"""

from __future__ import annotations

import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
Ran = Callable[..., object]

#: What is pressed for each command, and what must be seen by then; keys are sent once the one before was seen.
TRIED: dict[str, list[tuple[str, str]]] = {
    "coachkb browse": [("", "Enter show"), ("te duur", "Te duur"), ("\x03", "interrupted")],
    "coachkb browse --situation too-expensive price": [("", "> price"), ("\x03", "interrupted")],
    "coachkb practice --situation too-expensive": [
        ("", "You:"),
        ("How so?\r", "[g]ood"),
        ("g", "2 of "),
        ("q", ""),
        ("\r", "[g]ood"),
        ("q", "1 good"),
    ],
    "coachkb progress": [],
    "coachkb review --kb team": [("", "[a]ccept"), ("q", "not yet looked at")],
    "coachkb review --kb mine": [("", "[a]ccept"), ("q", "not yet looked at")],
    "coachkb diff --kb mine": [("", "an article changed")],
    "coachkb diff --kb mine ID": [("", "never lower your price")],
    "coachkb edit --kb mine ID --take mine": [("", "yours stays")],
    "coachkb edit --kb mine ID": [("", "nothing was changed")],
    'cd team && git init && git add . && git commit -m "Our lessons"': [("", "Our lessons")],
}
#: With the keys that choose, and a word of what is printed then.
WITH_FZF = {
    "coachkb browse --template": ("tell them the price", "Before I start measuring things"),
    "fzf --disabled": ("they say it is too expensive", "copied to the clipboard"),
    "coachkb situations --template": ("too expensive", "[too-expensive]"),
}
#: In the midst of a merge: tests/test_docs.py runs them.
MERGING = ("git checkout --ours ", "coachkb ingest", 'git add . && git commit -m "Both changed it"')
#: Long ones, of which it is tried that they are there and take these options.
SCRIPTS = re.compile(r"python (scripts/\S+\.py)(.*)")
WHOLE = (
    ".ci/run",
    "pip install",
    "python3 -m venv",
    "COACHKB_TEST_CHECKOUT=1",
    ".venv/bin/ruff",
)  # the whole of the tests, and the set-up


def commands() -> list[str]:
    found = []
    for path in DOCUMENTS:
        for block in re.findall(r"^```bash\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
            joined = re.sub(r"\\\n\s*|\|\n\s*", lambda cut: "| " if "|" in cut[0] else "", block)
            found += [re.sub(r"\s+# .*", "", line) for line in joined.splitlines() if line.strip()]
    return list(dict.fromkeys(found))


def test_each_is_tried() -> None:
    known = (*TRIED, *WITH_FZF, *WHOLE, *MERGING)
    assert [c for c in commands() if not SCRIPTS.match(c) and not c.startswith(known)] == []
    assert [c for c in TRIED if c not in commands()] == [], "no longer in the documents"


@pytest.fixture
def at(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Session]]:
    (home / "bin").mkdir()
    (home / "bin" / "coachkb").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coachkb "$@"\n', encoding="utf-8")
    (home / "bin" / "coachkb").chmod(0o755)
    monkeypatch.setenv("PATH", f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("EDITOR", "true")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.com")
    opened: list[Session] = []
    yield lambda command: opened.append(Session(command)) or opened[-1]
    for session in opened:
        session.close()


class Session:
    """A command in bash on a terminal of its own."""

    def __init__(self, command: str) -> None:
        self.seen = ""
        self.code: int | None = None
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
            os.environ.update(TERM="xterm-256color", PAGER="cat")
            os.execvp("bash", ["bash", "--norc", "-c", command])

    def until(self, text: str) -> None:
        end = time.monotonic() + 60
        while text not in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.seen):
            assert time.monotonic() < end and self.read(), f"{text!r} did not come: {self.seen[-1500:]!r}"

    def read(self) -> bool:
        """Whether there may be more."""
        if not select.select([self.terminal], [], [], 0.2)[0]:
            return True
        try:
            got = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.seen += got.decode("utf-8", "replace")
        return bool(got)

    def end(self) -> int:
        end = time.monotonic() + 60
        while self.read():
            assert time.monotonic() < end, f"it did not end: {self.seen[-1500:]!r}"
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code

    def close(self) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Where what ``bases`` makes is kept for the next test."""
    return tmp_path_factory.mktemp("kept") / "home"


@pytest.fixture
def bases(home: pathlib.Path, kept: pathlib.Path, run: Ran, article: str) -> str:
    """The knowledge bases of the guides, and the id of a lesson where an article and a person disagree."""
    if not kept.exists():
        (home / "a.txt").write_text(article, encoding="utf-8")
        for name in ("team", "mine"):
            run("ingest", "--kb", name, "a.txt")
        (path,) = (home / "mine" / "lessons" / "en").iterdir()
        text = path.read_text(encoding="utf-8")
        assert "do not lower your price" in text
        path.write_text(text.replace("do not lower your price", "never lower your price"), encoding="utf-8")
        changed = article.replace("do not lower your price", "do not touch your price")
        (home / "a.txt").write_text(changed, encoding="utf-8")
        run("ingest", "--kb", "mine", "a.txt")
        shutil.copytree(home, kept, ignore=shutil.ignore_patterns(".*", "bin"))
    else:
        shutil.copytree(kept, home, dirs_exist_ok=True)
    (path,) = (home / "mine" / "lessons" / "en").iterdir()
    return path.stem


@pytest.mark.parametrize("command", TRIED)
def test_at_a_terminal(command: str, at: Callable[[str], Session], bases: str) -> None:
    if command.startswith(("coachkb practice", "coachkb progress")):
        pytest.importorskip("fsrs")
    session = at(re.sub(r"\bID\b", bases, command))
    for keys, text in TRIED[command]:
        os.write(session.terminal, keys.encode())
        session.until(text)
    assert session.end() in (0, 130)
    assert "bug" not in session.seen


@pytest.mark.skipif(not shutil.which("fzf"), reason="fzf is not here")
@pytest.mark.parametrize("begin", WITH_FZF)
def test_with_fzf(begin: str, at: Callable[[str], Session], monkeypatch: pytest.MonkeyPatch) -> None:
    typed, then = WITH_FZF[begin]
    clipboard = pathlib.Path.cwd() / "bin" / "xclip"
    clipboard.write_text("#!/bin/sh\ncat > copied\n", encoding="utf-8")
    clipboard.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":0")
    for name in ("TMUX", "WAYLAND_DISPLAY", "SSH_TTY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    (command,) = (c for c in commands() if c.startswith(begin))
    session = at(command)
    if "--disabled" in command:
        for letter in typed:  # each looks up anew
            os.write(session.terminal, letter.encode())
        session.until("Too expensive")
    else:
        os.write(session.terminal, typed.encode())
    session.until(typed)
    time.sleep(2)  # until the list has followed
    os.write(session.terminal, b"\r")
    session.until(then)
    assert session.end() == 0


@pytest.mark.parametrize("command", [c for c in commands() if SCRIPTS.match(c)])
def test_scripts_take_what_is_shown(command: str) -> None:
    script, arguments = SCRIPTS.match(command).groups()  # type: ignore[union-attr]
    done = subprocess.run([sys.executable, ROOT / script, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for option in re.findall(r"--[a-z-]+", arguments):
        assert option in done.stdout
