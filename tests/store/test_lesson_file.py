"""Lesson files: what is written is read back, by us and by every YAML reader; what people wrote is never lost."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkb.model.lesson import Lesson, Passage, Review, Source
from coachkb.model.terms import ROLES
from coachkb.store.lesson_file import KEYS, as_read, parse_lesson, render_lesson
from coachkb.store.rewrite import update_text

PURE = yaml.SafeLoader
NATIVE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Text as it can get into a lesson: anything but lone surrogates, with what trips YAML readers up drawn often.
_AWKWARD = [
    "no",
    "on",
    "12:30",
    "1.10",
    "null",
    "~",
    "2011-02-09",
    "- a",
    "a: b",
    "a #b",
    "#",
    "'",
    '"',
    "\\",
    "|",
    ">",
    "%",
    "@x",
    "`x`",
    "&a",
    "*a",
    "!x",
    "? x",
    "{a",
    "[a",
    "a]",
    "a, b",
    "<<",
    "=",
    "...",
    "---",
    "<<<<<<< x",
    "=======",
    "\t",
    "a\tb",
    " a",
    "a ",
    "a\n",
    "\na",
    "a\n\nb",
    " \n ",
    "a\r\nb",
    "a\rb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "\ufeffa",
    "a\x07",
    "a\x7f",
    "\x00",
    "a\u200bb",
    "\u202ea",
    "\ufffe",
    "😀",
    "é",
    "e\u0301",
    "1e5",
    "0x1",
    ".5",
    "+1",
    "-",
    "1_0",
    "0b1",
    "190:20:30",
    "Yes",
    "NaN",
    ".nan",
    "inf",
    "a  b",
    "a:",
    ":a",
]
anything = st.one_of(
    st.sampled_from(_AWKWARD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.lists(st.sampled_from(_AWKWARD), min_size=1, max_size=4).map("".join),
)
filled = anything.filter(lambda text: text != "")
titles = anything.filter(lambda text: text.strip() != "")
ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
days = st.dates(min_value=datetime.date(1000, 1, 1)).map(str)
offsets = st.integers(0, 10**6)


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    start, length = draw(offsets), draw(st.integers(1, 500))
    placed = draw(st.booleans())
    return Passage(draw(filled), start if placed else None, start + length if placed else None, draw(st.booleans()))


parts = st.lists(passages(), max_size=2).map(tuple)
extractions = st.dictionaries(
    filled,
    st.one_of(filled, st.lists(filled, max_size=3), st.dictionaries(filled, filled, max_size=3)),
    max_size=3,
)
lessons = st.builds(
    Lesson,
    id=ids,
    title=titles,
    language=st.sampled_from(["en", "nl", "sv", "nds"]),
    situations=st.lists(ids, max_size=3).map(tuple),
    date=st.none() | days,
    author=st.none() | filled,
    group=st.none() | filled,
    source=st.builds(
        Source,
        path=st.none() | ids.map("articles/{}.txt".format),
        origin=st.none() | filled,
        sha256=st.none() | st.text("0123456789abcdef", min_size=64, max_size=64),
        start=st.none() | offsets,
        end=st.none() | offsets,
    ),
    problem=parts,
    diagnosis=parts,
    tactic=parts,
    script=parts,
    review=st.builds(
        Review,
        status=st.sampled_from(["draft", "approved", "dropped"]),
        by=st.none() | filled,
        on=st.none() | days,
        until=st.none() | days,
    ),
    notes=st.none() | filled,
    extraction=extractions,
)


def strings(lesson: Lesson) -> dict[str, Any]:
    """The texts of a lesson as a YAML reader should find them."""
    return {
        "id": lesson.id,
        "title": lesson.title,
        "date": lesson.date,
        "author": lesson.author,
        "group": lesson.group,
        "notes": lesson.notes,
        "situations": list(lesson.situations),
        "origin": lesson.source.origin,
        "sha256": lesson.source.sha256,
        "review": [lesson.review.by, lesson.review.on, lesson.review.until],
        "passages": [[p.text for p in lesson.part(role)] for role in ROLES],
        "extraction": dict(lesson.extraction),
    }


def strings_of(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: raw[key] for key in ("id", "title", "date", "author", "group", "notes", "situations", "extraction")},
        "origin": raw["source"]["origin"],
        "sha256": raw["source"]["sha256"],
        "review": [raw["review"]["by"], raw["review"]["on"], raw["review"]["until"]],
        "passages": [[p["text"] for p in raw[role]] for role in ROLES],
    }


@settings(max_examples=50, deadline=None, derandomize=True)
@given(lessons)
def test_any_lesson_is_read_back_as_it_was_by_every_reader(lesson: Lesson) -> None:
    text = render_lesson(lesson)
    assert text.encode("utf-8").decode("utf-8") == text
    for loader in (PURE, NATIVE):
        assert parse_lesson(text, "x.yaml", loader) == lesson
        raw = yaml.load(text, Loader=loader)
        assert list(raw) == list(KEYS)
        assert strings_of(raw) == strings(lesson)
    assert render_lesson(parse_lesson(text, "x.yaml")) == text


numbers = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none()


@settings(max_examples=50, deadline=None, derandomize=True)
@given(lessons, st.dictionaries(filled, numbers | st.lists(numbers | filled, max_size=3).map(tuple), max_size=3))
def test_how_a_lesson_will_be_read_is_known_without_reading(lesson: Lesson, extraction: dict[str, Any]) -> None:
    """An ingest hands its lessons to the index so; ``extraction`` holds numbers then, and a file only text."""
    made = replace(lesson, extraction={**extraction, "shape": extraction})
    assert as_read(made) == parse_lesson(render_lesson(made), "x.yaml")


@settings(max_examples=25, deadline=None, derandomize=True)
@given(lessons, lessons, st.sampled_from(["\n", "\r\n"]))
def test_any_change_is_written_into_any_file(old: Lesson, new: Lesson, end: str) -> None:
    new = replace(new, id=old.id)
    text = update_text(render_lesson(old).replace("\n", end), "x.yaml", new)
    for loader in (PURE, NATIVE):
        assert parse_lesson(text, "x.yaml", loader) == new


BY_HAND = """\
# My own lesson, written on the train.
title:   'It is "dear"'   # kept as typed
id: dear
format: 1
language: en

situations: [too-expensive,   discount-demand]
colour: blue
# The part below is the machine's.
problem:
  - text: >
      folded
      text
  # a remark between passages
  - 'No.'
date: 2011-02-09

# Words to say
script:
- "Why?"
"""


def test_what_does_not_change_keeps_comments_order_and_quoting() -> None:
    old = parse_lesson(BY_HAND, "x.yaml")
    new = replace(old, date="2012-01-01")
    assert update_text(BY_HAND, "x.yaml", new) == BY_HAND.replace("date: 2011-02-09", 'date: "2012-01-01"')
    assert update_text(BY_HAND, "x.yaml", old) == BY_HAND


def test_a_field_that_was_not_there_is_added_at_the_end() -> None:
    old = parse_lesson(BY_HAND, "x.yaml")
    text = update_text(BY_HAND, "x.yaml", replace(old, group="g"))
    assert text == BY_HAND + "group: g\n"
    cut = BY_HAND.rstrip("\n")
    assert update_text(cut, "x.yaml", replace(old, group="g")) == BY_HAND + "group: g\n"


def test_comments_before_the_next_field_stay_when_a_field_changes() -> None:
    old = parse_lesson(BY_HAND, "x.yaml")
    text = update_text(BY_HAND, "x.yaml", replace(old, situations=("ghosting",), problem=()))
    assert "colour: blue\n# The part below is the machine's.\n# a remark between passages\nproblem: []\n" in text
    assert '\n# Words to say\nscript:\n- "Why?"\n' in text
    assert parse_lesson(text, "x.yaml") == replace(old, situations=("ghosting",), problem=())


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"])
def test_line_marks_that_only_yaml_counts_put_an_update_in_the_wrong_place(mark: str) -> None:
    text = BY_HAND.replace("folded\n", f"folded{mark}      more\n")
    old = parse_lesson(text, "x.yaml")
    assert update_text(text, "x.yaml", replace(old, date="2012-01-01")) == text.replace(
        "date: 2011-02-09", 'date: "2012-01-01"'
    )


def test_crlf_stays_crlf() -> None:
    text = BY_HAND.replace("\n", "\r\n")
    new = replace(parse_lesson(text, "x.yaml"), date="2012-01-01", notes="a\nb")
    updated = update_text(text, "x.yaml", new)
    assert updated.count("\n") == updated.count("\r\n") > text.count("\r\n")
    assert parse_lesson(updated, "x.yaml") == new


@pytest.mark.parametrize(
    "text",
    [
        "{format: 1, id: dear, title: t, language: en, situations: [], colour: {deep: [blue, 'no']}}\n",
        "---\nformat: 1\nid: dear\ntitle: t\nlanguage: en\nsituations: []\ncolour: {deep: [blue, 'no']}\n...\n",
        "format: 1\nid: dear\ntitle: \"a\n#b\"\nlanguage: en\nsituations: []\ncolour: {deep: [blue, 'no']}\n",
    ],
    ids=["on one line", "with document marks", "a title over lines"],
)
def test_an_unusual_layout_is_changed_without_loss(text: str) -> None:
    new = replace(parse_lesson(text, "x.yaml"), title="T", group="g", tactic=(Passage("Ask."),))
    updated = update_text(text, "x.yaml", new)
    assert parse_lesson(updated, "x.yaml") == new
    assert yaml.safe_load(updated)["colour"] == {"deep": ["blue", "no"]}


@pytest.mark.parametrize("loader", [PURE, NATIVE])
@pytest.mark.parametrize("value", ["[a, {b: c}]", "[{b: 'x, y'}, [c, null]]", "[[a], []]", "{a: [{}, b]}", "[{}]"])
def test_a_persons_own_lists_under_extraction_stopped_every_ingest(value: str, loader: object) -> None:
    text = f"format: 1\nid: a\ntitle: A\nlanguage: en\nsituations: []\nextraction:\n  mine: {value}\n"
    lesson = parse_lesson(text, "x.yaml", loader)
    assert parse_lesson(render_lesson(lesson), "x.yaml", loader) == lesson
