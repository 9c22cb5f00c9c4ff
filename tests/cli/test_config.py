"""``coachkb config``: every setting, its value and where it comes from."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable

import pytest

import coachkb
from coachkb.store.folder import SETTINGS_KEYS

Call = Callable[..., tuple[int, str, str]]
PACKAGE = pathlib.Path(coachkb.__file__).parent


@pytest.fixture
def found(call: Call) -> Callable[..., dict[str, dict[str, object]]]:
    def command(*arguments: str) -> dict[str, dict[str, object]]:
        code, out, err = call("config", "--format", "json", *arguments)
        assert code == 0
        assert [line for line in err.splitlines() if "which is no language here" not in line] == []
        rows = json.loads(out)
        assert all(set(row) == {"name", "value", "source", "set_by", "meaning"} for row in rows)
        return {row["name"]: row for row in rows}

    return command


def test_every_setting_that_is_read_is_listed(call: Call) -> None:
    """A variable that the program reads and nobody is told of is a trap."""
    told = call("config")[1]
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    variables = set(re.findall(r"\bCOACHKB_[A-Z]+\b|\bXDG_[A-Z]+_HOME\b", source)) | {"NO_COLOR", "PAGER", "EDITOR"}
    assert len(variables) > 8
    assert {name for name in variables if not re.search(rf"\b{name}\b", told)} == set()
    assert {key for key in SETTINGS_KEYS if f"{key} in coachkb.yaml" not in told} == set()


def test_nothing_set_is_built_in(found: Callable[..., dict[str, dict[str, object]]]) -> None:
    rows = found()
    assert (rows["kb"]["value"], rows["starter"]["value"], rows["review_months"]["value"]) == (None, True, 12)
    assert rows["language"] | {"set_by": 0, "meaning": 0} == {
        "name": "language",
        "value": None,
        "source": "that of the query",
        "set_by": 0,
        "meaning": 0,
    }
    assert rows["format"]["value"] == 1 and rows["format"]["value"] is not True


def test_the_settings_of_a_kb_have_their_lines(
    found: Callable[..., dict[str, dict[str, object]]], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "coachkb.yaml").write_text("# ours\nreview_months: 3\nstarter: false\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    rows = found()
    assert (rows["review_months"]["value"], rows["starter"]["value"]) == (3, False)
    assert str(rows["review_months"]["source"]).endswith("coachkb.yaml, line 2")
    assert str(rows["starter"]["source"]).endswith("coachkb.yaml, line 3")
    assert rows["format"]["source"] == "built in"
    named = found("--kb", str(tmp_path))
    assert named["kb"]["source"] == "named with --kb"
    assert "stands without it" in str(named["starter"]["source"])


@pytest.mark.parametrize(
    ("environment", "name", "value", "source"),
    [
        ({"COACHKB_LANG": "nl_BE"}, "language", "nl", "COACHKB_LANG"),
        ({"COACHKB_LANG": "xx", "LC_ALL": "sv_SE.UTF-8"}, "language", "sv", "LC_ALL"),
        ({"NO_COLOR": "1"}, "color", "never", "NO_COLOR"),
        ({"COACHKB_PAGER": "more", "PAGER": "most"}, "pager", "more", "COACHKB_PAGER"),
        ({"PAGER": ""}, "pager", "", "PAGER"),
        ({"COACHKB_USER": "Ann"}, "user", "Ann", "COACHKB_USER"),
        ({"COACHKB_TODAY": "2020-02-29"}, "today", "2020-02-29", "COACHKB_TODAY"),
        ({"VISUAL": "cat"}, "editor", "cat", "VISUAL"),
        ({"XDG_CACHE_HOME": "/x"}, "cache_folder", "/x/coachkb", "XDG_CACHE_HOME"),
    ],
)
def test_what_a_variable_sets(
    found: Callable[..., dict[str, dict[str, object]]],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    name: str,
    value: str,
    source: str,
) -> None:
    monkeypatch.delenv("LC_ALL")
    for variable, told in environment.items():
        monkeypatch.setenv(variable, told)
    row = found()[name]
    assert (row["value"], row["source"]) == (value, source)


def test_a_faulty_coachkb_yaml_is_named_with_its_line(call: Call, tmp_path: pathlib.Path) -> None:
    (tmp_path / "coachkb.yaml").write_text("format: 1\nstarter: maybe\n", encoding="utf-8")
    code, out, err = call("config", "--kb", str(tmp_path))
    assert (code, "starter" in out) == (0, True)
    assert "coachkb.yaml, line 2: starter should be true or false" in err
