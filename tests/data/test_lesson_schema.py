"""The JSON Schema that editors check lesson files with says what the reader says."""

from __future__ import annotations

import copy
import json
import pathlib
import re
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from coachkb.data.load import DATA, language_codes, vocabulary
from coachkb.errors import UnreadableFile
from coachkb.locate import STARTER
from coachkb.model.lesson import Lesson, Passage, Review, Source
from coachkb.model.terms import LESSON_FORMAT, MAX_SITUATIONS, ROLES, STATUSES
from coachkb.store.lesson_file import KEYS, parse_lesson, render_lesson

SCHEMA: dict[str, Any] = json.loads(pathlib.Path(DATA, "lesson.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


class Yaml12(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as editors read it (1.2, core): no dates, and ``on``, ``no`` and ``12:30`` are words."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _form, _first in (
    ("null", r"(?:~|null|Null|NULL|)\Z", "~nN"),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", "tTfF"),
    ("int", r"[-+]?[0-9]+\Z", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z", "-+.0123456789"),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), [*_first, ""])


def faults(text: str) -> list[str]:
    """What an editor would underline."""
    data = yaml.load(text, Loader=Yaml12)
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_it_names_what_the_code_names() -> None:
    fields = SCHEMA["properties"]
    assert tuple(fields) == KEYS
    assert LESSON_FORMAT in fields["format"]["enum"]
    assert fields["situations"]["maxItems"] == MAX_SITUATIONS
    assert fields["situations"]["items"]["anyOf"][0]["enum"] == list(vocabulary())
    assert fields["language"]["anyOf"][0]["enum"] == list(language_codes())
    assert fields["review"]["properties"]["status"]["enum"] == [*STATUSES, None]
    for role in ROLES:
        assert fields[role]["items"] == {"$ref": "#/$defs/passage"}


def test_every_starter_lesson_is_valid() -> None:
    files = sorted(pathlib.Path(STARTER, "lessons").glob("*/*.yaml"))
    assert files
    assert {file.name: faults(file.read_text(encoding="utf-8")) for file in files} == {file.name: [] for file in files}


words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
shown = words.filter(lambda text: text.strip() != "")
slugs = st.from_regex(r"\A[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}\Z")
dates = st.one_of(st.none(), st.dates().map(str))
offsets = st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)).map(lambda pair: (pair[0], pair[0] + pair[1]))
places = st.one_of(st.just((None, None)), offsets)
passages = st.lists(
    st.builds(lambda text, place, key: Passage(text, *place, key), shown, places, st.booleans()), max_size=3
).map(tuple)
lessons = st.builds(
    Lesson,
    id=slugs,
    title=st.one_of(shown, st.sampled_from(["1984", "no", "12:30", "null", "1e3", "2011-02-09", "~", "- x", "#"])),
    language=st.sampled_from(["en", "nl", "sv", "no", "de"]),
    situations=st.lists(st.one_of(st.sampled_from(list(vocabulary())), slugs), max_size=3).map(tuple),
    date=dates,
    author=st.one_of(st.none(), shown),
    group=st.one_of(st.none(), slugs),
    source=st.builds(
        lambda path, origin, sha, place: Source(path, origin, sha, *place),
        st.one_of(st.none(), slugs.map(lambda stem: f"articles/{stem}.txt")),
        st.one_of(st.none(), shown),
        st.one_of(st.none(), st.from_regex(r"\A[0-9a-f]{64}\Z")),
        places,
    ),
    problem=passages,
    diagnosis=passages,
    tactic=passages,
    script=passages,
    review=st.builds(Review, st.sampled_from(STATUSES), st.one_of(st.none(), shown), dates, dates),
    notes=st.one_of(st.none(), shown),
    extraction=st.just({"wrote": {"title": "0e12"}}),
)


@given(lesson=lessons)
def test_what_the_writer_writes_is_valid(lesson: Lesson) -> None:
    text = render_lesson(lesson)
    assert parse_lesson(text, "x.yaml") == lesson
    assert faults(text) == []


BY_HAND = "format: 1\nid: a\ntitle: A\nlanguage: en\nsituations: []\n"


@pytest.mark.parametrize(
    "text",
    [
        "format: 1\nid: a\ntitle: 1984\nlanguage: no\nsituations: []\n",
        "format: '1'\nid: 7\ntitle: yes\nlanguage: nl\nsituations: [too-expensive, own]\nproblem:\n",
        BY_HAND + "tactic:\n  - Ask.\n  - 5\n  - text: Ask\n    key: true\n",
        BY_HAND + "date: 2011-02-09\nauthor:\nreview: {status: approved}\n",
        BY_HAND + "script: [{text: Hi, start: 3, end: '7', key: false}]\n",
        BY_HAND + "review:\n  on: 2011-02-09\nsource: {start: null}\n",
    ],
)
def test_what_a_person_writes_by_hand_is_valid(text: str) -> None:
    parse_lesson(text, "x.yaml")
    assert faults(text) == []


def test_a_mistyped_key_is_underlined_though_the_reader_lets_it_be() -> None:
    text = BY_HAND + "tatic: [Ask.]\n"
    assert parse_lesson(text, "x.yaml").tactic == ()
    assert len(faults(text)) == 1 and "tatic" in faults(text)[0]


WHOLE: dict[str, Any] = {
    "format": 1,
    "id": "a-b",
    "title": "A b",
    "language": "en",
    "date": "2011-02-09",
    "author": "A",
    "situations": ["too-expensive"],
    "group": "g",
    "source": {"path": "articles/a.txt", "origin": "a.txt", "sha256": "0a", "start": 0, "end": 90},
    **{role: [{"text": "Words.", "start": 0, "end": 90, "key": True}, "A line."] for role in ROLES},
    "review": {"status": "approved", "by": "A", "on": "2011-02-09", "until": "2012-02-09"},
    "notes": "N",
    "extraction": {"wrote": {"title": "0a"}},
}
OTHER_TYPES: list[Any] = [
    *(5, -1, 1.5, True, False, None, "word", "Two words", "", " ", "2011-02-09", "yes"),
    *([], ["a-b"], ["a", "b", "c", "d"], [[]], [5], [None], [{"text": "a"}], [{"text": ["a"]}], [{"key": True}], [{}]),
    *({}, {"text": "a"}, {"start": 5}, {"status": "done"}),
]


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(p for key, item in below for p in _paths(item, (*path, key)))]


PATHS = _paths(WHOLE)


def test_the_whole_lesson_is_valid_before_anything_is_put_wrong() -> None:
    text = yaml.safe_dump(WHOLE, sort_keys=False, allow_unicode=True)
    parse_lesson(text, "x.yaml")
    assert faults(text) == []


@pytest.mark.parametrize("path", PATHS[1:], ids=lambda path: ".".join(map(str, path)))
def test_what_the_reader_refuses_the_schema_refuses(path: tuple[Any, ...]) -> None:
    """Every field of a whole lesson, put to every other type and taken out."""
    unseen = []
    for value in [*OTHER_TYPES, "taken out"]:
        data = copy.deepcopy(WHOLE)
        above = data
        for key in path[:-1]:
            above = above[key]
        if value == "taken out":
            del above[path[-1]]
        else:
            above[path[-1]] = value
        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        try:
            parse_lesson(text, "x.yaml")
        except UnreadableFile as error:
            if not faults(text):
                unseen.append(f"{value!r}: {error}")
    assert unseen == []
