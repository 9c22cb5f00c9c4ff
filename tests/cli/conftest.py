"""Commands without a process each: the same way in, with its exit code, what it printed and what it said."""

from __future__ import annotations

import gc
import io
import os
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from coachkb.__main__ import main


class Told(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """call("lookup", "too expensive"): runs coachkb in this process."""

    def command(*arguments: str | os.PathLike[str], input: bytes = b"") -> Told:
        monkeypatch.setattr(sys, "argv", ["coachkb", *map(os.fspath, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input)))
        capsys.readouterr()
        code = main()
        gc.enable()  # a process that answers a look-up ends without
        out, err = capsys.readouterr()
        return Told(code, out, err)

    return command


@pytest.fixture
def nobody(
    call: Callable[..., Told], article: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Told]]:
    """Runs coachkb as another user: the tests may run as root, who may read and write everything.

    In this process, for the other user may not read this Python; the effective user is what files are checked against.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can become another user")
    (tmp_path / "warm.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", str(tmp_path / "warm"), str(tmp_path / "warm.txt"))  # imports what the other may not
    call("lookup", "--kb", str(tmp_path / "warm"), "too expensive")

    def command(*arguments: str, **env: str) -> Told:
        with monkeypatch.context() as patch:
            for name, value in {"HOME": "/nonexistent", **env}.items():
                patch.setenv(name, value)
            os.seteuid(65534)
            try:
                return call(*arguments)
            finally:
                os.seteuid(0)

    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        monkeypatch.chdir(folder)
        yield command
        monkeypatch.undo()


@pytest.fixture
def open_to_all(nobody: Callable[..., Told], call: Callable[..., Told], article: str) -> pathlib.Path:
    """A folder that anyone may read, with a knowledge base and an article."""
    folder = pathlib.Path.cwd()
    (folder / "dear.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "kb", "dear.txt")
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
