"""Every script says what it does before it does it, and learns nothing from nothing."""

from __future__ import annotations

import ast
import json
import pathlib
import subprocess
import sys

import pytest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "scripts"
#: What is run: the others are for these to import.
RUN = sorted(path for path in SCRIPTS.rglob("*.py") if path.read_text(encoding="utf-8").startswith("#!"))


def ran(script: pathlib.Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, script, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("script", RUN, ids=lambda path: path.name)
def test_help_tells_what_it_does_and_no_more(script: pathlib.Path) -> None:
    told = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8")))
    assert told
    done = ran(script, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert told.split("\n")[0] in done.stdout


def test_labels_beside_their_article_become_a_gold_file_by_which_weights_are_learned(
    tmp_path: pathlib.Path, article: str
) -> None:
    """The label file itself was taken for a second article of its stem."""
    (tmp_path / "dear.txt").write_text(article, encoding="utf-8")
    labels = "lesson: Dear\nlanguage: en\ntags: too-expensive\n1-2 P\n3 D*\n"
    (tmp_path / "dear.lab").write_text(labels, encoding="utf-8")
    gold, weights = tmp_path / "gold", tmp_path / "mine.json"
    done = ran(SCRIPTS / "annotate.py", "gold", tmp_path / "dear.lab", "--articles", tmp_path, "-o", gold)
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in gold.iterdir()] == ["dear.gold.json"]
    done = ran(SCRIPTS / "train_roles.py", gold, "--articles", tmp_path, "-o", weights)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 articles, ")
    assert set(json.loads(weights.read_text(encoding="utf-8"))) >= {"labels", "cues"}


@pytest.mark.parametrize("name", ["train_roles.py", "train_situations.py", "score.py"])
def test_a_folder_without_annotations_is_told_and_nothing_is_learned_of_it(name: str, tmp_path: pathlib.Path) -> None:
    output = () if name == "score.py" else ("-o", tmp_path / "learned")
    for folder, why in ((tmp_path, "holds no *.gold.json"), (tmp_path / "typo", "there is no such folder")):
        done = ran(SCRIPTS / name, folder, *output)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{folder}: {why}" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "learned").exists()


def test_the_table_of_understanding_counts_pairs_of_translations_and_false_ones() -> None:
    code = (
        "import sys, json; sys.path.insert(0, sys.argv[1]); import score; "
        "print(score.grouped(json.load(sys.stdin), {'a': 'G1', 'b': 'G1', 'c': 'G2', 'd': 'G2'}))"
    )

    def lesson(stem: str, group: str | None, *roles: str) -> dict[str, object]:
        parts = {role: [{"start": n} for n, own in enumerate(roles) if own == role] for role in
                 ("problem", "diagnosis", "tactic", "script")}  # fmt: skip
        return {"group": group, "source": {"path": f"articles/{stem}.txt"}, **parts}

    lessons = [
        lesson("a", "g1", "problem", "tactic", "tactic"),
        lesson("b", "g1", "problem", "tactic"),
        lesson("c", "g2", "script"),
        lesson("e", "g2", "script"),
        lesson("d", None, "script"),
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, SCRIPTS], input=json.dumps(lessons), capture_output=True, text=True, check=True
    )
    assert done.stdout == "groups: 1 of 2 pairs of translations found, 1 false; their roles alike 0.900\n"
