"""The quick door and the command line proper answer alike, to the byte."""

from __future__ import annotations

import itertools
import pathlib

import pytest

from coachkb import door
from coachkb.cli import app

QUERIES = [
    "send me information",
    "stuur maar wat informatie",
    "skicka lite information",
    "too expensive",
    "te duur",
    "för dyrt",
    "for dyrt",
    "what's the price?",
    "call-back",
    "too expensive!",
    "TOO EXPENSIVE",
    "to expensiv",
    "we zijn tevreden",
    "NEAR(a b)",
    'a "b',
    "a* OR b*",
    "col:umn",
    "; DROP TABLE lesson",
    "%",
    "é",
    "e\u0301",
    "日本語",
    "😀 price",
    "xkvq jqxz",
    "\x00",
    "a\nb",
    "the",
    "x" * 5000,
    "price " * 500,
    "-",
    "'",
    "ik bel u volgende week terug",
    "not interested at all",
]
OPTIONS = [
    [],
    ["--limit", "1"],
    ["--limit=20"],
    ["--lang", "nl"],
    ["--lang=sv", "--full"],
    ["--only-lang", "sv"],
    ["--only-lang", "en", "--lang", "nl"],
    ["--all-languages"],
    ["--situation", "too-expensive"],
    ["--situation=discount-demand", "--only-lang=nl", "--limit", "3", "--full", "--all-languages"],
    ["--format", "plain"],
    ["--limit", "2", "--limit", "3"],
    ["--"],
    ["--lang", ""],
    ["--kb", ""],
    ["--format", "card"],
    ["--format=card", "--full", "--color", "always"],
    ["--color", "always"],
    ["--color=always", "--format", "plain"],
    ["--color", "never", "--lang", "nl"],
]


def both(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[object, object]:
    capsys.readouterr()
    quick = door.quick(arguments), *capsys.readouterr()
    return quick, (app.run(["lookup", *arguments]), *capsys.readouterr())


def compare(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> bool:
    """Whether the quick door answered; if so, it answered as the long way does."""
    quick, long = both(capsys, arguments)
    if quick[0] is None:  # type: ignore[index]
        assert quick == (None, "", ""), arguments
        return False
    assert quick == long, arguments
    return True


def test_both_doors_on_the_starter(capsys: pytest.CaptureFixture[str]) -> None:
    answered = sum(
        compare(capsys, [*options, query])
        for number, query in enumerate(QUERIES)
        for options in (OPTIONS if number < 4 else [OPTIONS[number % len(OPTIONS)]])
    )
    assert answered > 60


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [""],
        ["?"],
        ["x", "--limit"],
        ["x", "--limit", "0"],
        ["x", "--limit", "-1"],
        ["x", "--limit", "1001"],
        ["x", "--limit", "²"],
        ["x", "--limit", "many"],
        ["x", "--lang", "de"],
        ["x", "--only-lang", "de"],
        ["x", "--situation", "nope"],
        ["x", "--situation", "\udce9"],
        ["x", "--format", "json"],
        ["x", "--format", "markdown"],
        ["x", "--format", "wat"],
        ["x", "--help"],
        ["-h"],
        ["x", "--wat"],
        ["x", "--full=yes"],
        ["x", "--kb", "nowhere"],
        ["x", "--color", "blue"],
    ],
)
def test_the_quick_door_leaves_the_rest(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    try:
        code = door.quick(arguments)
    except UnicodeEncodeError:  # the long way tells what is wrong
        code = None
    assert (code, *capsys.readouterr()) == (None, "", "")


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"COACHKB_LANG": "sv"},
        {"LC_ALL": "nl_NL.UTF-8"},
        {"LC_ALL": "C"},
        {"LC_ALL": "", "LANG": "sv_SE"},
        {"LC_ALL": "de_DE.UTF-8"},
    ],
    ids=str,
)
def test_both_doors_in_every_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for query, options in itertools.product(["too expensive", "te duur", "xkvq jqxz"], OPTIONS[:2]):
        assert compare(capsys, [query, *options])


def test_both_doors_on_a_kb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert app.run(["ingest", "--kb", "kb", "dear.txt"]) == 0
    assert compare(capsys, ["too expensive", "--kb", "kb"])
    monkeypatch.chdir("kb")
    assert app.run(["lookup", "anything"]) in (0, 1)  # makes the index with the starter below
    for query in QUERIES[:8]:
        assert compare(capsys, [query])
    pathlib.Path("lessons/en/broken.yaml").write_text("format: [", encoding="utf-8")
    assert not compare(capsys, ["too expensive"])
    assert app.run(["lookup", "too expensive"]) == 0
    assert "broken.yaml" in capsys.readouterr().err
    assert not compare(capsys, ["too expensive"])
    pathlib.Path("lessons/en/broken.yaml").unlink()
    assert not compare(capsys, ["too expensive"])  # the index is not fresh: the long way makes it so
    assert compare(capsys, ["too expensive"])
    pathlib.Path("situations.yaml").write_text("x: [", encoding="utf-8")
    assert not compare(capsys, ["too expensive"])
    assert not compare(capsys, ["too expensive"])


@pytest.mark.parametrize(
    "line",
    [
        ["lookup", "too", "dear"],
        ["--color", "always", "lookup", "too dear"],
        ["--color=always", "lookup", "--color=never", "too dear"],
        ["--kb", "kb", "lookup", "too dear"],
        ["--kb=nowhere", "lookup", "--kb", "kb", "too dear"],
        ["lookup", "lookup"],
    ],
)
def test_options_before_the_command_count_at_both_doors(
    capsys: pytest.CaptureFixture[str], article: str, line: list[str]
) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert app.run(["ingest", "--kb", "kb", "dear.txt"]) == 0
    app.run(["lookup", "--kb", "kb", "too dear"])
    capsys.readouterr()
    quick = door.enter(line), *capsys.readouterr()
    assert quick[0] is not None
    assert quick == (app.run(line), *capsys.readouterr())


@pytest.mark.parametrize(
    "line",
    [[], ["browse", "lookup"], ["--color"], ["--color", "lookup"], ["--version", "lookup"], ["--kb", "lookup", "x"]],
)
def test_other_command_lines_are_left_to_click(capsys: pytest.CaptureFixture[str], line: list[str]) -> None:
    assert (door.enter(line), *capsys.readouterr()) == (None, "", "")


def test_a_card_on_a_narrow_terminal_is_the_same_at_both_doors(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    for columns in ("30", "80", "300"):
        monkeypatch.setenv("COLUMNS", columns)
        for query in QUERIES[:6]:
            assert compare(capsys, [query])
