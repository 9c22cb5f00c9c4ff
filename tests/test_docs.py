"""What the documents show is what the program does."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from coachkb.cli.app import COMMANDS, SHORT_HELP, cli

ROOT = pathlib.Path(__file__).resolve().parent.parent


def test_every_command_in_the_documents_does_what_they_show() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "transcripts.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_has_the_two_set_up_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```sh setup-(\w+)\n(.*?)```", text, re.DOTALL))
    assert set(blocks) == {"run", "test"}
    assert 'lookup "send me information"' in blocks["run"]
    assert blocks["test"].strip().endswith("pytest")
    assert all(len(block.strip().splitlines()) == 1 for block in blocks.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained(name: str) -> None:
    help_text = CliRunner().invoke(cli, [name, "--help"])
    assert help_text.exit_code == 0
    assert name in SHORT_HELP
    assert name in (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / "CHANGELOG.md").read_text(
        encoding="utf-8"
    )
    for option in re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", help_text.output, re.MULTILINE):
        assert re.search(rf"{option}\b.*\S", help_text.output)


def test_the_changelog_names_this_version() -> None:
    import coachkb

    assert f"## {coachkb.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_decision_is_in_the_index_of_decisions() -> None:
    page = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        number, _, title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(". ")
        assert f"| [{number}](adr/{path.name}) | {title} |" in page
    for path in re.findall(r"`((?:coachkb|scripts|tests)/[\w/.-]+)", page.replace("CODE", "en").replace("NAME", "say")):
        assert (ROOT / path).exists(), path


def test_links_within_the_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (path.name, target)
