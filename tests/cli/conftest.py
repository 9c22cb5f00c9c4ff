"""Commands without a process each: the same way in, with its exit code, what it printed and what it said."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
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
        out, err = capsys.readouterr()
        return Told(code, out, err)

    return command
