"""Nothing of the seed articles, which are other people's, stands in the repository: no run of eight of their words."""

from __future__ import annotations

import pathlib
import re
import subprocess
import unicodedata
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
RUN = 8
_WORD = re.compile(r"[^\W_]+")


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every eight words that follow one another; case, punctuation and line ends do not count."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return zip(*(words[i:] for i in range(RUN)), strict=False)


def tracked() -> list[pathlib.Path]:
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        pytest.skip("no git, or no checkout of git's: what is tracked cannot be told")
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: pathlib.Path) -> str | None:
    """A file's text; None for a binary one."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def test_runs_are_found_whatever_the_case_and_the_lines() -> None:
    assert list(runs("A b, c\nd E f: g h")) == [tuple("abcdefgh")]
    assert list(runs("a b c d e f g")) == []


def test_no_eight_words_of_a_seed_stand_in_the_repository() -> None:
    seeds = sorted(SEEDS.glob("*.txt"))
    if not seeds:
        pytest.skip("the seed articles are not on this machine")
    theirs = {run for seed in seeds for run in runs(text_of(seed) or "")}
    assert len(theirs) > 1000
    found = {}
    for path in tracked():
        text = text_of(path)
        shared = {run for run in runs(text) if run in theirs} if text else set()
        if shared:
            found[str(path.relative_to(ROOT))] = len(shared)  # the words themselves are not for the log
    assert found == {}
