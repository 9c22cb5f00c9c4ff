"""Lesson files are read strictly: text is text, and what is no lesson is refused with its line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkb.errors import UnreadableFile
from coachkb.store.lesson_file import parse_lesson
from coachkb.store.strict_yaml import load_tree

LOADERS = [pytest.param(yaml.SafeLoader, id="pure")]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="c"))
both_loaders = pytest.mark.parametrize("loader", LOADERS)

HEAD = "format: 1\nid: x\nlanguage: en\nsituations: []\n"


@both_loaders
@pytest.mark.parametrize(
    "typed",
    [
        "no",
        "on",
        "off",
        "yes",
        "true",
        "False",
        "y",
        "n",
        "12:30",
        "1.10",
        "1e3",
        "0x10",
        "007",
        "1_000",
        ".5",
        ".inf",
        "2011-02-09",
        "=",
        "<<",
        "null and void",
        "~ish",
        "wow!",
        "100%",
    ],
)
def test_a_plain_word_stays_what_was_typed(typed: str, loader: object) -> None:
    assert parse_lesson(f"{HEAD}title: {typed}\n", "x.yaml", loader).title == typed


@both_loaders
@pytest.mark.parametrize("nothing", ["", " null", " ~", " Null", " NULL", " # a comment"])
def test_null_and_nothing_are_null(nothing: str, loader: object) -> None:
    assert parse_lesson(f"{HEAD}title: t\nauthor:{nothing}\n", "x.yaml", loader).author is None


@both_loaders
@pytest.mark.parametrize("quoted", ['"null"', "'null'", '"~"'])
def test_a_quoted_null_is_text(quoted: str, loader: object) -> None:
    assert parse_lesson(f"{HEAD}title: t\nauthor: {quoted}\n", "x.yaml", loader).author == quoted[1:-1]


@both_loaders
@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("a: &x 1\nb: *x\n", "alias", 1),
        ("a: 1\nb: !lesson 2\n", "tag", 2),
        ("a: 1\nb: 2\na: 3\n", "'a' twice", 3),
        ("a:\n  b: 1\n  b: 2\n", "'b' twice", 3),
        ("a: 1\n? [b, c]\n: 2\n", "no plain word", 2),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n", "merge conflict", 2),
        ("a: 1\r\n=======\r\nb: 3\r\n", "merge conflict", 2),
        ("a: 1\nb: [1, 2\nc: 3\n", "not valid YAML", 2),
        ("a: 1\n\tb: 2\n", "not valid YAML", 2),
        ("a: 1\n---\nb: 2\n", "not valid YAML", 2),
        ('a: 1\nb: "unfinished\n', "not valid YAML", 2),
        ("a: 1\nb: x\x00y\n", "NUL", 2),
        ("a: 1\nb: x\x07y\n", "not valid YAML", 2),
        ("", "is empty", None),
        ("# only a comment\n", "is empty", None),
        ("a: " + "[" * 5000 + "]" * 5000 + "\n", "deeply", None),
        ("a: " + "{a: " * 5000 + "}" * 5000 + "\n", "deeply", None),
        ("- " * 5000 + "\n", "deeply", None),
        ("a: " + "[" * 20 + "]" * 20 + "\n", "deeply", 1),
    ],
)
def test_what_is_no_lesson_is_refused_with_its_line(text: str, said: str, line: int | None, loader: object) -> None:
    with pytest.raises(UnreadableFile) as told:
        load_tree(text, "lessons/en/x.yaml", loader)
    assert said in str(told.value)
    assert str(told.value).startswith("lessons/en/x.yaml")
    assert "\n" not in str(told.value)
    if line is not None:
        assert told.value.line == line


#: A lesson as people type it; each fault below is one line of it put differently.
TYPED = """\
format: 1
id: x
title: Dear
language: en
situations:
  - trust
tactic:
  - text: |-
      Ask.
    key: true
  - text: Wait.
script:
  - text: 'Compared with what?'
review:
  status: draft
  by: null
"""


@both_loaders
@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("  by:", "\tby:", "is indented with a tab", 16),
        ("  - trust", "\t- trust", "is indented with a tab", 6),
        ("      Ask.", "\tAsk.", "is indented with a tab", 9),
        ("Dear", '"Dear', "opens a text here that nothing closes", 3),
        ("Dear", "'Dear", "ends only in line 13: close it", 3),
        ("  - trust", '  - "trust', "nothing closes", 6),
        ("Wait.", '"Wait," he said.', 'goes on behind a closing "', 11),
        ("'Compared with what?'", "'It's dear.'", "goes on behind a closing '", 13),
        ("Dear", "Price: too dear", "has a colon in its text", 3),
        ("Wait.", "Say: wait.", "has a colon in its text", 11),
        ("Dear", "@home", "begins with @ needs quotes", 3),
        ("Dear", "*dear* me", "begins with * needs quotes", 3),
        ("Wait.", "[wait] a bit", "begins with [ needs quotes", 11),
        ("|-", "|- Now", "on the line below |", 8),
        ("title: Dear", "title:Dear", "lacks a blank behind its colon", 3),
        ("title: Dear", "title Dear", "is no field (name: value)", 3),
        ("Wait.", "Wait\nlonger.", "is no field (name: value)", 12),
        ("    key", "   key", "check how far it is indented", 10),
        ("    key", "     key", "check how far it is indented", 10),
        ("  by", "    by", "indented further than the field above", 16),
        ("Dear", '"C:\\price"', "holds a \\ within double quotes", 3),
        ("\n  - trust", " [trust, no-budget", "[ opens here, and nothing closes it", 5),
        ("null\n", "[", "[ opens here, and nothing closes it", 16),
        ("null\n", "[{a: b}, {c: d]", "{ opens here, and nothing closes it", 16),
        ("tactic:", "---\ntactic:", "--- begins another document", 7),
        ("Dear", "De\x07ar", "a character that is no text (U+0007)", 3),
        ("title: Dear", "||||||| base\ntitle: Dear", "merge conflict marks", 3),
    ],
)
def test_what_is_no_yaml_is_said_in_plain_words_with_the_line_to_mend(
    old: str, new: str, said: str, line: int, loader: object
) -> None:
    load_tree(TYPED, "x.yaml", loader)
    text = TYPED.replace(old, new, 1)
    with pytest.raises(UnreadableFile) as told:
        load_tree(text, "x.yaml", loader)
    assert (told.value.line, said in told.value.reason) == (line, True), told.value


@both_loaders
@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.system ['exit 3']", "!!python/name:os.system", "!!binary aGk=", "!!set {a}"]
)
def test_a_tag_of_yamls_own_was_taken_for_text(value: str, loader: object) -> None:
    with pytest.raises(UnreadableFile) as told:
        load_tree(f"a: 1\nb: {value}\n", "x", loader)
    assert str(told.value) == f"x, line 2: has a YAML tag ({value.partition(' ')[0]}): this file is plain text"


@both_loaders
def test_a_billion_laughs_are_refused_at_once(loader: object) -> None:
    text = 'a: &a ["lol", "lol"]\n' + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    with pytest.raises(UnreadableFile, match="alias"):
        load_tree(text, "x", loader)


@both_loaders
def test_crlf_and_lf_say_the_same(loader: object) -> None:
    tactic = "tactic:\n  - text: |-\n      One.\n      Two.\n    start: 0\n    end: 9\n"
    text = f"{HEAD}title: t\n{tactic}notes: |-\n  a\n\n  b\n"
    assert parse_lesson(text.replace("\n", "\r\n"), "x", loader) == parse_lesson(text, "x", loader)


@both_loaders
def test_lone_surrogates_crashed_the_index(loader: object) -> None:
    with pytest.raises(UnreadableFile):
        parse_lesson(f'{HEAD}title: "a\\ud800b"\n', "x", loader)


@both_loaders
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("format: 1", "format: 2"), "newer coachkb"),
        (("format: 1", "format: one"), "format is 'one', should be a whole number"),
        (("format: 1", "format: 0"), "format should be 1"),
        (("format: 1\n", ""), "format is missing"),
        (("id: x", "id: ../x"), "id is '../x'"),
        (("id: x", "id: X Y"), "id is 'X Y'"),
        (("id: x\n", ""), "id is missing"),
        (("title: t\n", ""), "title is missing"),
        (("title: t", "title: ' '"), "title is empty"),
        (("title: t", "title: [t]"), "title should be text"),
        (("language: en", "language: English"), "language is 'English'"),
        (("language: en\n", ""), "language is missing"),
        (("situations: []\n", ""), "situations is missing"),
        (("situations: []", "situations: too-expensive"), "should be a list of ids"),
        (("situations: []", "situations: [a, b, c, d]"), "at most 3"),
        (("situations: []", "situations: [too expensive]"), "should be ids such as"),
        (("title: t", "title: t\ndate: 9 Feb 2011"), "date is '9 Feb 2011', should be YYYY-MM-DD"),
        (("title: t", "title: t\ndate: 2011-02-30"), "a day that month does not have"),
        (("title: t", "title: t\nreview: approved"), "review should be a mapping"),
        (("title: t", "title: t\nreview: {status: done}"), "review.status is 'done'"),
        (("title: t", "title: t\nreview: {until: soon}"), "review.until is 'soon'"),
        (("title: t", "title: t\nsource: {path: /etc/passwd}"), "leads out"),
        (("title: t", "title: t\nsource: {path: ../../x.txt}"), "leads out"),
        (("title: t", "title: t\nsource: {path: 'C:\\x.txt'}"), "leads out"),
        (("title: t", "title: t\nsource: {start: -1}"), "source.start is '-1'"),
        (("title: t", "title: t\nproblem: Some words"), "problem should be a list of passages"),
        (("title: t", "title: t\nproblem: [[x]]"), "problem should be a list of passages"),
        (("title: t", "title: t\nproblem: [{start: 1, end: 2}]"), "a passage has no text"),
        (("title: t", "title: t\nproblem: [{text: a, start: 1}]"), "do not fit together"),
        (("title: t", "title: t\nproblem: [{text: a, start: 5, end: 2}]"), "do not fit together"),
        (("title: t", "title: t\nproblem: [{text: a, key: maybe}]"), "key should be true or false"),
    ],
)
def test_a_fault_names_its_field(change: tuple[str, str], said: str, loader: object) -> None:
    text = f"{HEAD}title: t\n".replace(*change)
    with pytest.raises(UnreadableFile) as told:
        parse_lesson(text, "lessons/en/x.yaml", loader)
    assert said in str(told.value)


@both_loaders
def test_a_fault_names_its_line(loader: object) -> None:
    with pytest.raises(UnreadableFile, match=r"x\.yaml, line 6: date is"):
        parse_lesson(f"{HEAD}title: t\ndate: soon\n", "x.yaml", loader)


@both_loaders
def test_the_least_that_a_hand_written_lesson_needs(loader: object) -> None:
    lesson = parse_lesson(f"{HEAD}title: t\ntactic:\n  - Ask.\n  - text: Wait.\n    key: True\n", "x.yaml", loader)
    assert [(p.text, p.start, p.key) for p in lesson.tactic] == [("Ask.", None, False), ("Wait.", None, True)]
    assert lesson.problem == lesson.script == ()
    assert lesson.review.status == "draft"
    assert lesson.source.path is None


_PIECES = [
    "a",
    "b: ",
    "\n",
    "\n  ",
    "- ",
    "? ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&x ",
    "*x",
    "!!str ",
    "!t ",
    "|-\n",
    ">",
    "'",
    '"',
    "#",
]
_PIECES += [
    "\t",
    "\r\n",
    "\0",
    "\u2028",
    "\x85",
    "\ud800",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "<<<<<<< a\n",
    "<<: ",
    "\\u0000",
    "é",
]


@both_loaders
@settings(max_examples=150, derandomize=True)
@given(pieces=st.lists(st.sampled_from(_PIECES), max_size=30))
def test_any_text_is_a_tree_or_refused_in_a_line(pieces: list[str], loader: object) -> None:
    try:
        load_tree("".join(pieces), "x.yaml", loader)
    except UnreadableFile as told:
        assert str(told).startswith("x.yaml")
        assert "\n" not in str(told)
