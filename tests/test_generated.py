"""No file that a script makes from the code is stale, whatever was changed."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPTS = sorted(
    path.name for path in (ROOT / "scripts").glob("*.py") if "\nimport generated\n" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_makes_of_the_code_is_not_stale(name: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / name, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_page_for_developers_names_each_of_them(name: str) -> None:
    page = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
    assert f"`scripts/{name}`" in page


def test_every_kind_of_web_noise_is_told_in_the_language_guide() -> None:
    page = (ROOT / "docs" / "guides" / "add-a-language.md").read_text(encoding="utf-8")
    english = yaml.safe_load((ROOT / "coachkb" / "data" / "languages" / "en.yaml").read_text(encoding="utf-8"))
    rows = page.partition("## The kinds of `noise`")[2].partition("\n## ")[0]
    assert [kind for kind in english["noise"] if f"\n| `{kind}` | " not in rows] == []
