"""What a person at a terminal sees: a pseudo-terminal, as ``script`` gives one."""

from __future__ import annotations

import os
import pathlib
import pty
import subprocess
import sys


def at_a_terminal(*arguments: str) -> tuple[int, str]:
    """Runs coachkb with all three streams on a terminal of 80 columns; its exit code and what the terminal got."""
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "coachkb", *arguments],
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"},
    )
    os.close(secondary)
    got = b""
    while True:
        try:
            chunk = os.read(primary, 65536)
        except OSError:
            break
        if not chunk:
            break
        got += chunk
    os.close(primary)
    return process.wait(60), got.decode("utf-8", "replace")


def test_ingest_of_several_files_shows_a_bar_and_a_table(tmp_path: pathlib.Path, article: str) -> None:
    """Regression: the progress bar asked for a style that our theme had taken away, and ingest crashed."""
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(article.replace("too dear", f"too dear, {name}"), encoding="utf-8")
    code, shown = at_a_terminal("ingest", "--kb", str(tmp_path / "kb"), *(str(tmp_path / f"{n}.txt") for n in "abc"))
    assert code == 0, shown
    assert "3 articles: 3 new; 3 lessons." in shown
    assert "bug" not in shown


def test_lookup_shows_a_card_in_colour(tmp_path: pathlib.Path) -> None:
    code, shown = at_a_terminal("lookup", "send me information")
    assert code == 0
    assert "\x1b[" in shown
    assert "Words to say" in shown


def test_coverage_is_a_heat_map() -> None:
    code, shown = at_a_terminal("coverage")
    assert code == 0
    assert "Too expensive" in shown
    assert "\x1b[" in shown


def test_a_closed_stdout_is_no_bug() -> None:
    done = subprocess.run(["bash", "-c", f"'{sys.executable}' -m coachkb browse >&-"], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"bug" not in done.stderr
