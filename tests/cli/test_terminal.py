"""What a person at a terminal sees: a pseudo-terminal, as ``script`` gives one."""

from __future__ import annotations

import os
import pathlib
import pty
import re
import subprocess
import sys


def at_a_terminal(*arguments: str, columns: int = 80) -> tuple[int, str]:
    """Runs coachkb with all three streams on a terminal so wide; its exit code and what the terminal got."""
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "coachkb", *arguments],
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns)},
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


def test_ingest_of_several_files_shows_a_bar_and_a_list(tmp_path: pathlib.Path, article: str) -> None:
    """Regression: the progress bar asked for a style that our theme had taken away, and ingest crashed."""
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(article.replace("too dear", f"too dear, {name}"), encoding="utf-8")
    code, shown = at_a_terminal("ingest", "--kb", str(tmp_path / "kb"), *(str(tmp_path / f"{n}.txt") for n in "abc"))
    assert code == 0, shown
    assert "3 articles: 3 new; 3 lessons." in shown
    assert "bug" not in shown


def test_ingest_cuts_no_id_on_a_narrow_terminal(tmp_path: pathlib.Path, article: str) -> None:
    """Regression: a table cut ids in the middle, and none of them could be copied."""
    title = "What to do when they say that it is too dear for them and hang up"
    (tmp_path / "a.txt").write_text(f"{title}\n{article.partition(chr(10))[2]}", encoding="utf-8")
    for columns in (40, 60, 80):
        kb = tmp_path / f"kb-{columns}"
        code, shown = at_a_terminal("ingest", "--kb", str(kb), str(tmp_path / "a.txt"), columns=columns)
        (lesson,) = kb.glob("lessons/*/*.yaml")
        assert code == 0 and len(lesson.stem) > 20
        assert lesson.stem in shown


def test_log_cuts_no_date_on_a_narrow_terminal(tmp_path: pathlib.Path, article: str) -> None:
    (tmp_path / "a.txt").write_text(article, encoding="utf-8")
    at_a_terminal("ingest", "--kb", str(tmp_path / "kb"), str(tmp_path / "a.txt"))
    for columns in (40, 80):
        code, shown = at_a_terminal("log", "--kb", str(tmp_path / "kb"), columns=columns)
        assert code == 0
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ingest", re.sub(r"\x1b\[[\d;]*m", "", shown))
        assert "articles: 1 new" in shown


def test_lookup_shows_a_card_in_colour(tmp_path: pathlib.Path) -> None:
    code, shown = at_a_terminal("lookup", "send me information")
    assert code == 0
    assert "\x1b[" in shown
    assert "Words to say" in shown


def test_errors_are_wrapped_at_blanks() -> None:
    code, shown = at_a_terminal("show", "too-expensive", columns=40)
    lines = shown.splitlines()
    assert code == 1 and len(lines) > 2
    assert all(len(line) <= 40 for line in lines)
    assert " ".join(lines).startswith("coachkb: too-expensive is a situation, no lesson: 'coachkb lookup")
    assert len(at_a_terminal("lookup", "--lang", "x" * 60, "x", columns=40)[1].split("x" * 60)) == 2


def test_coverage_is_a_heat_map() -> None:
    code, shown = at_a_terminal("coverage")
    assert code == 0
    assert "Too expensive" in shown
    assert "\x1b[" in shown


def test_a_closed_stdout_is_no_bug() -> None:
    done = subprocess.run(["bash", "-c", f"'{sys.executable}' -m coachkb browse >&-"], capture_output=True, check=False)
    assert done.returncode == 3
    assert b"bug" not in done.stderr


def test_no_word_is_broken_at_40_columns() -> None:
    """``coverage`` broke the names of situations, ``situations`` and ``check --explain`` left it to the terminal."""
    for line in (["coverage"], ["situations"], ["check", "--explain"], ["check", "--explain", "schema"]):
        code, shown = at_a_terminal(*line, "--color", "never", columns=40)
        assert code == 0
        _, wide = at_a_terminal(*line, "--color", "never", columns=300)
        shown, wide = (re.sub(r"\x1b\[[0-9;]*m", "", text) for text in (shown, wide))
        assert max(map(len, shown.splitlines())) <= 40, line
        assert {word for word in wide.split() if word.isalpha()} <= set(shown.split()) | {"situation"}, line


def test_explanations_and_settings_are_wrapped_at_blanks(tmp_path: pathlib.Path, article: str) -> None:
    """Regression: the terminal broke them in the middle of words."""
    (tmp_path / "a.txt").write_text(article, encoding="utf-8")
    at_a_terminal("ingest", "--kb", str(tmp_path / "kb"), str(tmp_path / "a.txt"))
    (lesson,) = tmp_path.glob("kb/lessons/*/*.yaml")
    for command in (["show", "--explain", lesson.stem], ["lookup", "--explain", "too dear"], ["config"]):
        asked = (*command, "--kb", str(tmp_path / "kb"))
        (_, wide), (code, narrow) = (at_a_terminal(*asked, columns=columns) for columns in (400, 44))
        lines = re.sub(r"\x1b\[[\d;]*m", "", narrow).splitlines()
        assert code == 0
        assert [word for line in lines for word in line.split()] == re.sub(r"\x1b\[[\d;]*m", "", wide).split()
        assert all(len(line) <= 44 for line in lines if len(line.split()) > 1)
