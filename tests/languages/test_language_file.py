"""What a language's data file may leave out, and what it is told when it says what it cannot mean."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from coachkb.data.language_file import read_labels, read_profile
from coachkb.data.load import DATA, profile, profiles
from coachkb.errors import BadData

DANISH = pathlib.Path(__file__).with_name("danish")
NEEDED = ("code", "name", "english", "stemmer", "langdetect", "stopwords", "cues")


@pytest.fixture
def raw() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DANISH / "languages" / "da.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def file(tmp_path: pathlib.Path) -> Callable[[Any], str]:
    def write(content: Any) -> str:
        path = tmp_path / "da.yaml"
        path.write_text(
            content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True), encoding="utf-8"
        )
        return str(path)

    return write


def told(path: str) -> str:
    """What reading a profile fails with, without the file that it must name."""
    with pytest.raises(BadData) as failed:
        read_profile(path)
    text = str(failed.value)
    assert text.startswith(path)
    assert "\n" not in text
    return text[len(path) :].lstrip(": ")


def test_danish_has_every_table_that_english_has(raw: dict[str, Any]) -> None:
    english = yaml.safe_load(pathlib.Path(DATA, "languages", "en.yaml").read_text(encoding="utf-8"))
    assert list(raw) == list(english)
    for name, value in english.items():
        if isinstance(value, dict) and name != "months":
            assert set(raw[name]) == set(value), name
            assert all(raw[name].values()), name


def test_danish_says_nothing_twice(raw: dict[str, Any]) -> None:
    lists = {name: value for name, value in raw.items() if isinstance(value, list) and name != "quotes"}
    for name in ("noise", "sections", "fields", "not_after", "cues", "talk"):
        lists |= {f"{name}.{key}": items for key, items in raw[name].items()}
    assert {name for name, items in lists.items() if len(set(items)) < len(items)} == set()


@pytest.mark.parametrize("code", profiles())
def test_every_language_of_ours_is_read_whole(code: str) -> None:
    """As its file has it; what that leaves out is empty, or English's."""
    known, english = profiles()[code], profile("en")
    there = yaml.safe_load(pathlib.Path(DATA, "languages", f"{code}.yaml").read_text(encoding="utf-8"))
    assert known.code == code
    for name in ("cues", "noise", "sections", "fields", "not_after", "talk"):
        read = getattr(known, name)
        assert set(read) == set(getattr(english, name)), name
        assert {key: set(words) for key, words in read.items()} == {
            key: set(there.get(name, {}).get(key, ())) for key in read
        }, name
    for name in ("headings", "labels"):
        assert getattr(known, name) == {**getattr(english, name), **there.get(name, {})}, name


@pytest.mark.parametrize("code", [*profiles(), "da"])
def test_the_pickers_help_names_the_same_keys_in_every_language(code: str) -> None:
    def keys(path: pathlib.Path) -> list[str]:
        lines = read_profile(str(path)).labels["help"].splitlines()
        return [line.partition("  ")[0] for line in lines if "  " in line]

    known = DANISH if code == "da" else pathlib.Path(DATA)
    told = keys(known / "languages" / f"{code}.yaml")
    assert told == keys(pathlib.Path(DATA, "languages", "en.yaml"))
    assert len(told) > 10


def test_what_is_left_out_is_empty_or_english(raw: dict[str, Any], file: Callable[[Any], str]) -> None:
    bare = {name: raw[name] for name in NEEDED}
    bare["cues"] = {name: raw["cues"][name] for name in ("you", "imperative")}
    found, english = read_profile(file(bare)), profile("en")
    assert (found.headings, found.labels, found.spot) == (english.headings, english.labels, english.spot)
    assert set(found.cues) == set(english.cues)
    assert found.cues["buyer"] == ()
    assert found.cues["you"] == tuple(raw["cues"]["you"])
    assert found.quotes == english.quotes
    assert (found.months, found.rivals, found.date_order) == ({}, (), None)
    assert set(found.noise) == set(english.noise)


def test_a_single_text_that_is_left_out_is_english(raw: dict[str, Any], file: Callable[[Any], str]) -> None:
    del raw["labels"]["more"]
    assert read_profile(file(raw)).labels == {**raw["labels"], "more": profile("en").labels["more"]}


@pytest.mark.parametrize("name", NEEDED)
def test_what_nothing_can_do_without_is_asked_for(name: str, raw: dict[str, Any], file: Callable[[Any], str]) -> None:
    del raw[name]
    assert told(file(raw)) == f"{name}: is missing; see en.yaml beside it"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("code", "dk", "code: 'dk' should be as the file is named, 'da'"),
        ("stemmer", "danisch", "stemmer: snowballstemmer has nothing called 'danisch'"),
        ("langdetect", "dk", "langdetect: langdetect has nothing called 'dk'"),
        ("rivals", ["sv", "nb"], "rivals: langdetect has nothing called 'nb'"),
        ("rivals", [False], "rivals: False is no text for YAML: put it in quotes"),
        ("stopwords", "og i jeg", "stopwords: should be a list"),
        ("weekdays", [1], "weekdays: 1 is no text for YAML: put it in quotes"),
        ("months", {"marts": "3"}, "months.marts: '3' should be a number from 1 to 12"),
        ("months", {"marts": 13}, "months.marts: 13 should be a number from 1 to 12"),
        ("months", ["marts"], "months: should be a mapping (name: value)"),
        ("date_order", "ymd", "date_order: 'ymd' should be dmy, mdy or null"),
        ("quotes", ["»«"], "quotes: should be a list of pairs, an opening mark and a closing one"),
        ("labels", {"more": "mere"}, "labels.more: should hold {n}, as English's does"),
        ("labels", {"by": "af {"}, "labels.by: should hold nothing in braces, as English's does"),
        ("cues", {"negation": "ikke"}, "cues.negation: should be a list"),
        ("headings", {"problem": None}, "headings.problem: None is no text for YAML: put it in quotes"),
    ],
)
def test_a_field_that_says_what_it_cannot_mean(
    name: str, value: Any, says: str, raw: dict[str, Any], file: Callable[[Any], str]
) -> None:
    assert told(file({**raw, name: value})) == says


@pytest.mark.parametrize(
    ("where", "says"), [("", "nothing reads 'stopword'"), ("cues", "cues: nothing reads 'stopword'")]
)
def test_a_name_that_nothing_reads_is_a_typing_error(
    where: str, says: str, raw: dict[str, Any], file: Callable[[Any], str]
) -> None:
    (raw[where] if where else raw)["stopword"] = ["og"]
    assert told(file(raw)).startswith(f"{says}: one of ")


@pytest.mark.parametrize(("text", "says"), [("code: [da\n", "is not valid YAML"), ("- da\n", "the file: should be")])
def test_a_file_that_is_none(text: str, says: str, file: Callable[[Any], str]) -> None:
    assert says in told(file(text))


# ------------------------------------------------------------------------------------------------------- labels


def test_labels_may_be_few_or_not_there_at_all(file: Callable[[Any], str], tmp_path: pathlib.Path) -> None:
    found = read_labels(file({"too-expensive": {"name": "For dyrt"}}), ["too-expensive", "no-budget"])
    assert {id_: (own.name, own.also, own.said) for id_, own in found.items()} == {
        "too-expensive": ("For dyrt", (), ())
    }
    assert read_labels(str(tmp_path / "xx.yaml"), ["no-budget"]) == {}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"to-dear": {"name": "For dyrt"}}, "'to-dear' is no situation of situations.yaml"),
        ({"too-expensive": {"said": ["det er for dyrt"]}}, "too-expensive: has no name"),
        ({"too-expensive": {"name": "For dyrt", "said": "dyrt"}}, "too-expensive.said: should be a list"),
        ({"too-expensive": {"name": "For dyrt", "sayd": []}}, "too-expensive: nothing reads 'sayd': one of name, also"),
        ({"too-expensive": "For dyrt"}, "too-expensive: should be a mapping"),
    ],
)
def test_labels_that_cannot_be_used(content: Any, says: str, file: Callable[[Any], str]) -> None:
    path = file(content)
    with pytest.raises(BadData) as failed:
        read_labels(path, ["too-expensive"])
    assert str(failed.value).startswith(f"{path}: {says}")


def test_the_danish_labels_are_of_situations_that_there_are() -> None:
    situations = yaml.safe_load(pathlib.Path(DATA, "situations.yaml").read_text(encoding="utf-8"))
    assert len(read_labels(str(DANISH / "vocabulary" / "da.yaml"), situations)) >= 8
