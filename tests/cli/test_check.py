"""``coachkb check`` as a command: what it prints and where, exit codes, the hook; and that all tell what was skipped."""

from __future__ import annotations

import json
import os
import pathlib
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from coachkb.cli.app import COMMANDS
from coachkb.jobs.checks import CHECKS

Call = Callable[..., Any]
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ID = "when-the-buyer-says-it-is-too-dear"
BAD = 'format: 1\nid: bad\ntitle: "\\e[31mred"\nlanguage: en\nsituations: [nope]\nauthor: 12:30\nscript: [Ask.]\n'


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    """A knowledge base with one good lesson."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    return pathlib.Path("kb")


def test_nothing_found_is_silence_and_zero(call: Call, kb: pathlib.Path) -> None:
    told = call("check", "--kb", kb)
    assert (told.code, told.out) == (0, "")
    assert told.err == "coachkb: 1 lesson file checked: nothing found\n"


def test_findings_are_lines_to_click_on_and_exit_1(call: Call, kb: pathlib.Path) -> None:
    (kb / "lessons/en/bad.yaml").write_text(BAD, encoding="utf-8")
    told = call("check", "--kb", kb)
    assert told.code == 1
    rows = told.out.splitlines()
    assert len(rows) == 2
    for row in rows:
        place, line = re.fullmatch(r"(.+?):(\d+): .+ \[[a-z-]+\](?: \(--fix mends it\))?", row).groups()  # type: ignore[union-attr]
        assert int(line) in (5, 6)
        assert os.path.samefile(place, kb / "lessons/en/bad.yaml")
    assert "2 findings in 1 file; 1 of them can be mended" in told.err


def test_fix_says_what_it_mended_and_what_is_left(call: Call, kb: pathlib.Path) -> None:
    (kb / "lessons/en/bad.yaml").write_text(BAD, encoding="utf-8")
    told = call("check", "--kb", kb, "--fix")
    assert (told.code, told.out.count("\n")) == (1, 1)
    assert "mended: kb/lessons/en/bad.yaml:6: '12:30'" in told.err
    assert "1 mended, 1 finding" in told.err
    assert 'author: "12:30"' in (kb / "lessons/en/bad.yaml").read_text(encoding="utf-8")


def test_json_has_every_key(call: Call, kb: pathlib.Path) -> None:
    (kb / "lessons/en/bad.yaml").write_text("a: [", encoding="utf-8")
    told = call("check", "--kb", kb, "--format", "json")
    data = json.loads(told.out)
    assert set(data) == {"kb", "files", "skipped", "findings", "fixed"}
    assert (told.code, data["files"], data["skipped"]) == (1, 2, 1)
    keys = {"check", "file", "line", "field", "lesson", "article", "message", "fixable"}
    assert [set(finding) for finding in data["findings"]] == [keys]


def test_a_broken_settings_file_is_a_finding_among_others(call: Call, kb: pathlib.Path) -> None:
    (kb / "coachkb.yaml").write_text("starter: perhaps\n", encoding="utf-8")
    (kb / "lessons/en/bad.yaml").write_text(BAD, encoding="utf-8")
    told = call("check", "--kb", kb)
    assert (told.code, told.out.count("\n")) == (1, 3)
    assert call("check", "--kb", kb, "--fix").code == 3  # nothing is written to what cannot be understood
    assert "author: 12:30" in (kb / "lessons/en/bad.yaml").read_text(encoding="utf-8")


def test_files_name_their_knowledge_base(call: Call, kb: pathlib.Path) -> None:
    assert call("init", "other").code == 0
    for base in ("kb", "other"):
        path = pathlib.Path(base, "lessons/en/bad.yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(BAD, encoding="utf-8")
    told = call("check", "kb/lessons/en/bad.yaml", "other/lessons/en/bad.yaml", f"kb/lessons/en/{ID}.yaml")
    assert told.code == 1
    assert {row.split(":")[0] for row in told.out.splitlines()} == {
        "kb/lessons/en/bad.yaml",
        "other/lessons/en/bad.yaml",
    }
    assert call("check", f"kb/lessons/en/{ID}.yaml").code == 0
    data = json.loads(call("check", "kb/lessons/en/bad.yaml", "other/lessons/en/bad.yaml", "--format", "json").out)
    assert [pathlib.Path(base["kb"]).name for base in data["knowledge_bases"]] == ["kb", "other"]


@pytest.mark.parametrize("path", ["nowhere.yaml", "dear.txt"])
def test_a_file_of_no_knowledge_base_is_wrong_usage(call: Call, kb: pathlib.Path, path: str) -> None:
    told = call("check", path)
    assert (told.code, path in told.err) == (2, True)


def test_explain_lists_the_checks_and_explains_one(call: Call) -> None:
    listed = call("check", "--explain")
    assert [row.split()[0] for row in listed.out.splitlines()] == list(CHECKS)
    one = call("check", "--explain", "text")
    assert (one.code, CHECKS["text"].explanation in one.out) == (0, True)
    assert call("check", "--explain", "nope").code == 2
    assert [row["id"] for row in json.loads(call("check", "--explain", "--format", "json").out)] == list(CHECKS)


def test_nothing_of_a_file_reaches_the_terminal_raw(call: Call, kb: pathlib.Path) -> None:
    (kb / "lessons/en/x.yaml").write_text('format: 1\nid: "\\e[2J"\n"k\\u202ey": "\\x07"\n', encoding="utf-8")
    told = call("check", "--kb", kb)
    assert told.code == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", told.out + told.err)


def test_the_hook_names_the_files_that_check_takes(run: Any, kb: pathlib.Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    files = re.compile(hook["files"])
    inside = [f"kb/lessons/en/{ID}.yaml", "kb/articles/dear.txt", "kb/coachkb.yaml"]
    assert all(files.search(name) for name in [*inside, "situations.yaml", "lessons/x.yml"])
    assert not any(files.search(name) for name in ("README.md", "mylessons/x.yaml", "lessons/notes.txt"))
    program, *arguments = hook["entry"].split()
    assert program == "coachkb"
    assert run(*arguments, *inside).code == 0
    (kb / "lessons/en/bad.yaml").write_text(BAD, encoding="utf-8")
    assert run(*arguments, *inside, "kb/lessons/en/bad.yaml").code == 1


# ------------------------------------------------------------------------------------ what was skipped is always said

#: How to call each command that reads lessons; what reads none of them has nothing to skip.
CALLS: dict[str, tuple[str, ...]] = {
    "lookup": ("lookup", "too expensive"),
    "show": ("show", ID),
    "browse": ("browse",),
    "situations": ("situations",),
    "ingest": ("ingest",),
    "review": ("review", "--batch", "accept", "--all", "--dry-run"),
    "check": ("check",),
    "export": ("export",),
    "coverage": ("coverage",),
    "info": ("info",),
    "index": ("index",),
    "edit": ("edit", "bad-lesson"),  # an id that is not there may be a broken file's; else it reads that one file
    "diff": ("diff", ID),
    "spot": ("spot", "dear.txt"),
    "say": ("say", "too expensive"),
}
#: practice asks a person and progress reads what he was asked; misses are of look-ups.
READS_NONE = {"init", "undo", "log", "new", "completion", "config", "misses", "practice", "progress"}


def test_every_command_is_called_or_known_to_read_no_lesson() -> None:
    assert set(COMMANDS) - READS_NONE == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_command_says_how_many_files_were_skipped(call: Call, kb: pathlib.Path, name: str) -> None:
    for number in (1, 2):
        (kb / f"lessons/en/bad-{number}.yaml").write_text("a: [", encoding="utf-8")
    told = call(*CALLS[name], "--kb", kb)
    assert told.code in (0, 1)
    assert re.search(r"^coachkb: 2 files skipped", told.err, re.MULTILINE), told.err
    assert "skipped" not in told.out.replace("skipped files", "")
