"""Every test runs on the installed coachkb, in a home of its own, and cannot touch the real one."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import settings

import coachkb

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"

# A busy machine is no fault of a test's.
settings.register_profile("coachkb", deadline=None)
settings.load_profile("coachkb")


def pytest_configure(config: pytest.Config) -> None:
    where = pathlib.Path(coachkb.__file__).resolve()
    if ROOT / "coachkb" in where.parents and not os.environ.get("COACHKB_TEST_CHECKOUT"):
        raise pytest.UsageError(
            f"the tests run against an installed coachkb, this is the checkout ({where}): "
            "pip install '.[test]' and run pytest, or set COACHKB_TEST_CHECKOUT=1"
        )


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[pathlib.Path]:
    """A home folder for one test: no knowledge base above it, no settings from outside."""
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("COACHKB_", "XDG_", "LC_")) or name in ("LANG", "LANGUAGE", "NO_COLOR"):
            if name != "COACHKB_TEST_CHECKOUT":
                monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("COACHKB_TODAY", "2026-01-15")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(folder)
    yield folder
    os.chdir(ROOT)
    shutil.rmtree(folder, ignore_errors=True)  # an index in it takes 24 MB


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def run() -> Callable[..., Ran]:
    """Runs ``coachkb`` as a process of its own, as a user does: run("lookup", "too expensive", input=b"...")."""

    def command(*arguments: str | os.PathLike[str], input: bytes = b"", env: dict[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "coachkb", *map(os.fspath, arguments)],
            input=input,
            capture_output=True,
            env={**os.environ, **(env or {})},
            check=False,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    return command


@pytest.fixture
def article() -> str:
    """A small English article that teaches something: enough advice and talk of buyers to make a lesson."""
    return (
        "When the buyer says it is too dear\n\n"
        'You name your price and the customer says, "That is too expensive for us." It happens every week and it '
        "stalls the deal.\n\n"
        "The reason is seldom the price itself. The buyer does not see what the money buys, because nobody has talked "
        "about what the problem costs him today.\n\n"
        "So do not lower your price. Ask what he compares it with, and then be quiet. Write down what the trouble costs "
        "him in a month, in his own figures.\n\n"
        'Say this: "Compared with what, may I ask? What does it cost you each month to leave it as it is?"\n'
    )


Run = Callable[..., Ran]
Arguments = Sequence[str]
