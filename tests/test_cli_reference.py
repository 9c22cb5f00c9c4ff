"""docs/cli.md is what the commands say, and no command is without a word in the documents."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from coachkb.cli.app import COMMANDS
from coachkb.data.load import profiles

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "cli_reference.py"
PAGE = ROOT / "docs" / "cli.md"
#: The documents for people; the reference itself names every command and would hide one that nobody explains.
GUIDES = [ROOT / "README.md", *(path for path in (ROOT / "docs").rglob("*.md") if path != PAGE)]


def check(script: pathlib.Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)


def test_the_reference_is_what_the_commands_say() -> None:
    done = check(SCRIPT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_help_names_the_languages_which_are_data() -> None:
    help_ = "\n".join(run_coachkb(*arguments) for arguments in ([], ["--help"])) + PAGE.read_text(encoding="utf-8")
    for language in profiles().values():
        assert not re.search(rf"\b({language.english}|{language.name})\b", help_), language.code
    assert ", ".join(profiles()) not in help_


def run_coachkb(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "coachkb", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_stale_or_missing_reference_is_told(tmp_path: pathlib.Path) -> None:
    for folder in ("scripts", "docs"):
        (tmp_path / folder).mkdir()
    script = tmp_path / "scripts" / SCRIPT.name
    shutil.copy(SCRIPT, script)
    shutil.copy(SCRIPT.parent / "generated.py", script.parent)
    assert check(script).returncode == 1
    page = PAGE.read_text(encoding="utf-8")
    (tmp_path / "docs" / "cli.md").write_text(page.replace("--limit", "--most"), encoding="utf-8")
    done = check(script)
    assert done.returncode == 1
    assert "scripts/cli_reference.py" in done.stderr
    (tmp_path / "docs" / "cli.md").write_text(page, encoding="utf-8")
    assert check(script).returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    assert section, f"docs/cli.md says nothing of {name}"
    assert f"\ncoachkb {name} " in section[1]
    assert "\nExit codes: 0" in section[1]
    # `name ...` in backquotes, or at the beginning of a command that is shown
    shown = re.compile(rf"`{name}[ `]|coachkb (?:--\S+ \S+ )?{name}\b")
    assert any(shown.search(path.read_text(encoding="utf-8")) for path in GUIDES), f"no document explains {name}"
