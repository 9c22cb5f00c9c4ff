"""What somebody meets who has not read anything: a few lines that say what to do, and answers to what is mistyped."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.cli.app import COMMANDS, OTHER_WORDS

Call = Callable[..., Any]


def test_alone_it_says_in_ten_lines_what_to_do(call: Call) -> None:
    code, out, err = call()
    assert (code, err) == (0, "")
    assert len(out.splitlines()) <= 10
    assert max(map(len, out.splitlines())) <= 80
    for command in ("lookup", "say", "browse", "init", "ingest", "review", "--help"):
        assert f"coachkb {command}" in out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("practise",), "Did you mean 'practice'?"),
        (("serach", "te", "duur"), "Did you mean 'lookup'?"),
        (("situation",), "Did you mean 'situations'?"),
        (("list",), "For that there is: coachkb browse"),
        (("help",), "For that there is: coachkb --help"),
        (("delete", "x"), "For that there is: coachkb review"),
        (("too expensive",), "To look that up: coachkb lookup too expensive"),
        (("te", "duur"), "To look that up: coachkb lookup te duur"),
        (("lookup", "--lang", "klingon", "te duur"), "one of en, nl, sv\n"),
        (("browse", "--situation", "expensive"), "did you mean too-expensive?"),
        (("lookup", "--situation", "Too expensive", "x"), "did you mean too-expensive?"),
        (("browse", "--situation", "for dyrt"), "did you mean too-expensive?"),
        (("export", "--situation", "te duur"), "did you mean too-expensive?"),
        (("spot", "--sure", "0.2", "call.txt"), "'0.2' is no whole number from 0 to 100: write 20 for 0.2"),
        (("spot", "--sure", "a lot", "call.txt"), "from 0 to 100: write 80"),
        (("lookup", "--limt", "3", "x"), "Did you mean '--limit'"),
    ],
)
def test_what_is_mistyped_is_answered_with_the_nearest_and_not_run(
    call: Call, typed: tuple[str, ...], told: str
) -> None:
    code, out, err = call(*typed)
    assert (code, out) == (2, "")
    assert told in err


def test_a_mistyped_id(call: Call) -> None:
    for command in ("show", "say", "edit", "diff"):
        code, out, err = call(command, "tell-them-the-price-eraly")
        assert (code, out) == (1, "")
        assert "did you mean tell-them-the-price-early" in err or command in ("edit", "diff")
    assert "'coachkb browse price' looks for it" in call("show", "price")[2]


def test_an_id_that_is_far_off_is_answered_with_one_that_shares_its_words(call: Call) -> None:
    assert "did you mean tell-them-the-price-early?" in call("show", "early-price-tell")[2]
    code, out, err = call("show", "too-expensive")
    assert (code, out) == (1, "")
    assert "too-expensive is a situation, no lesson: 'coachkb lookup too expensive'" in err
    assert "did you mean" not in call("show", "wqx-zzt")[2]
    assert call("say", "too-expensive")[0] == 0, "words with hyphens may be what was said"


def test_other_programs_words_are_no_commands_of_ours() -> None:
    assert not set(OTHER_WORDS) & set(COMMANDS)
    for meant in OTHER_WORDS.values():
        name = meant.removeprefix("coachkb ")
        assert name in COMMANDS or name in ("--help", "--version")


def test_nothing_near_is_named_where_nothing_is_near(call: Call) -> None:
    code, out, _ = call("lookup", "xqzzyv")
    assert code == 1
    assert "Nearest" not in out and "coachkb situations" in out


def test_a_knowledge_base_given_as_articles(call: Call) -> None:
    call("init", "team")
    code, _, err = call("ingest", "team")
    assert code == 3
    assert "coachkb ingest --kb team" in err


def test_what_to_do_next_means_the_same_knowledge_base(call: Call, article: str) -> None:
    pathlib.Path("a.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "my kb", "a.txt")
    (path,) = pathlib.Path("my kb", "lessons", "en").iterdir()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("do not lower your price", "never lower your price"), encoding="utf-8")
    pathlib.Path("a.txt").write_text(article.replace("do not lower", "do not touch"), encoding="utf-8")
    call("ingest", "--kb", "my kb", "a.txt")
    assert f"coachkb edit --kb 'my kb' {path.stem}" in call("diff", "--kb", "my kb", path.stem)[2]
    assert f"coachkb edit {path.stem}" in call("diff", "--kb", "my kb", path.stem)[2].replace(" --kb 'my kb'", "")


def test_the_list_begins_with_the_language_asked_for(call: Call) -> None:
    assert call("browse", "--lang", "sv")[1].startswith("Svenska (")
    assert call("browse")[1].startswith("English (")


@pytest.mark.parametrize("named", ["NL", "nl_BE", "nl-BE", "Dutch", "nederlands"])
def test_a_language_is_known_by_its_code_its_locale_and_its_names(run: Call, named: str) -> None:
    wanted = run("lookup", "--lang", "nl", "too expensive")
    assert run("lookup", "--lang", named, "too expensive") == wanted
    assert run("lookup", "too expensive", env={"COACHKB_LANG": named}) == wanted


def test_an_unknown_language_in_the_surroundings_is_told(run: Call) -> None:
    told = run("lookup", "too expensive", env={"COACHKB_LANG": "klingon"})
    assert told.out == run("lookup", "too expensive").out
    assert told.err == "coachkb: COACHKB_LANG is 'klingon', which is no language here: one of en, nl, sv\n"


@pytest.mark.parametrize("options", [(), ("--format", "card")])
def test_the_talk_is_in_the_language_of_who_asks_not_of_the_lesson(run: Call, options: tuple[str, ...]) -> None:
    text = (
        "format: 1\nid: en\ntitle: The price\nlanguage: en\nsituations: [too-expensive]\n"
        "problem: [It is dear.]\nscript: [Compared with what?]\n"
    )
    assert run("init", "kb").code == 0
    pathlib.Path("kb/lessons/en").mkdir(parents=True)
    pathlib.Path("kb/lessons/en/en.yaml").write_text(text, encoding="utf-8")
    asked = run("lookup", "--kb", "kb", *options, "dat vind ik echt veel te duur")
    for _ in range(2):  # both doors
        assert "Te duur" in asked.out and "concept, nog niet nagekeken" in asked.out and "Compared with" in asked.out
        asked = run("lookup", "--kb", "kb", *options, "dat vind ik echt veel te duur")
    assert "Här finns inget svar" in run("lookup", "xkvq jqxz", env={"COACHKB_LANG": "sv"}).out


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (("lookup", "--copy", "te duur"), "For that there is: coachkb say --copy"),
        (("help", "lookup"), "For that there is: coachkb lookup --help"),
    ],
)
def test_what_another_command_has_is_named(run: Call, typed: tuple[str, ...], answer: str) -> None:
    told = run(*typed)
    assert (told.code, answer in told.err) == (2, True)


def test_an_id_is_found_whatever_its_case(run: Call) -> None:
    assert run("show", "The-Price-Conversation") == run("show", "the-price-conversation")


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        (["lookup", "-n", "3", "te duur"], "--limit"),
        (["browse", "-f", "json"], "--format"),
        (["say", "--json", "te duur"], "--format json"),
        (["-V"], "coachkb --version"),
        (["init", "--json"], None),
    ],
    ids=str,
)
def test_an_option_of_other_programs_is_answered_with_ours(call: Call, line: list[str], ours: str | None) -> None:
    code, out, err = call(*line)
    assert (code, out) == (2, "")
    assert err.splitlines()[0].partition(" For that there is: ")[2] == (ours or "")


def test_index_counts_the_lessons_one_and_more(call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "kb", "dear.txt")
    assert call("index", "--kb", "kb").out.startswith("1 lesson is indexed in ")
    call("new", "--kb", "kb", "--no-edit", "--lang", "en", "When they ask")
    assert call("index", "--kb", "kb").out.startswith("2 lessons are indexed in ")
