"""What the documents show is what the program does."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from coachkb.cli.app import COMMANDS, SHORT_HELP, cli
from coachkb.kb import KnowledgeBase
from coachkb.locate import STARTER

ROOT = pathlib.Path(__file__).resolve().parent.parent


def test_every_command_in_the_documents_does_what_they_show() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "transcripts.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_command_in_the_documents_pipes_xargs_into_head() -> None:
    """It is told of the broken pipe, and says so on the terminal of whoever tries the command."""
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        assert not re.search(r"\| xargs[^|\n]*\| head", path.read_text(encoding="utf-8")), path.name


def test_documents_called_the_starter_smaller_than_it_is() -> None:
    with KnowledgeBase.open(STARTER) as kb:
        once = len({lesson.group or lesson.id for lesson in kb.lessons()})
    for name in ("README.md", "docs/guides/on-the-phone.md"):
        told = re.findall(r"\bover (\d+) lessons", (ROOT / name).read_text(encoding="utf-8"))
        assert told == [str(once // 100 * 100)], name


def test_documents_told_other_figures_of_spot_than_the_measurements() -> None:
    figures = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8").split("score_spot.py --only apart")[1]
    precision, recall = map(float, re.findall(r"^all\s.*?([\d.]+)\s+([\d.]+)\s+[\d.]+$", figures, re.MULTILINE)[0])
    for name in ("README.md", "docs/guides/on-the-phone.md"):
        text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
        assert f"about {10 * precision:.0f} in 10 of what it told were right" in text, name
        assert f"it missed about {10 * (1 - recall):.0f} in 10" in text, name


def test_an_article_changed_on_both_sides_is_merged_as_the_guide_says(
    home: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (ROOT / "docs" / "guides" / "team-with-git.md").read_text(encoding="utf-8")
    block = re.search(r"```bash\n(git checkout --ours .*?)```", guide, re.DOTALL)
    assert block
    (home / ".gitconfig").write_text("[user]\nname = A\nemail = a@b.example\n", encoding="utf-8")
    monkeypatch.setenv("PATH", f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

    def sh(command: str) -> int:
        return subprocess.run(["bash", "-ec", command], cwd=tmp_path, capture_output=True, check=False).returncode

    article = tmp_path / "articles" / "mail.txt"
    coachkb = f"{sys.executable} -m coachkb"
    assert sh(f"git init -q -b main . && {coachkb} init .") == 0
    article.write_text(
        'They ask for an e-mail\n\nThe buyer says, "Send me some information." It is a way to end the call.\n\n'
        "They do so because you have not asked anything. Say yes, and ask one question.\n\n"
        'Say: "Happy to. What would you look for in it?"\n',
        encoding="utf-8",
    )
    first = article.read_text(encoding="utf-8")
    assert sh(f"{coachkb} ingest && git add . && git commit -qm base && git branch theirs") == 0
    for side, one in (("main", "two questions"), ("theirs", "three questions")):
        article.write_text(first.replace("one question", one), encoding="utf-8")
        assert sh(f"{coachkb} ingest && git commit -qam {side}") == 0
        if side == "main":
            assert sh("git checkout -q theirs") == 0
            first = article.read_text(encoding="utf-8")
    assert sh("git checkout -q main && git merge -q theirs") != 0
    lesson = next((tmp_path / "lessons" / "en").iterdir())
    assert "<<<<<<<" in lesson.read_text(encoding="utf-8")
    article.write_text(first.replace("one question", "four questions"), encoding="utf-8")
    assert sh(block[1].replace("ID", lesson.stem).replace("coachkb ingest", f"{coachkb} ingest")) == 0
    assert "four questions" in lesson.read_text(encoding="utf-8")
    assert sh(f"{coachkb} check && git diff --quiet HEAD") == 0


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
