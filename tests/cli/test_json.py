"""The JSON that other programs rely on: every key there, unknown is null, dates YYYY-MM-DD."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.data.load import vocabulary

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"

LISTED = {"id", "title", "language", "date", "author", "situations", "group", "source", "review"}
PARTS = {"problem", "diagnosis", "tactic", "script"}
DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def check_lesson(lesson: dict[str, Any], *, parts: bool) -> None:
    assert lesson.keys() >= LISTED
    assert set(lesson["source"]) == {"path", "origin", "sha256", "start", "end"}
    assert set(lesson["review"]) == {"status", "by", "on", "until"}
    for day in (lesson["date"], lesson["review"]["on"], lesson["review"]["until"]):
        assert day is None or DAY.match(day)
    assert isinstance(lesson["situations"], list)
    if not parts:
        assert not PARTS & set(lesson)
        return
    for role in PARTS:
        for passage in lesson[role]:
            assert list(passage) == ["text", "start", "end", "key"]
            assert isinstance(passage["key"], bool)
            assert (passage["start"] is None) == (passage["end"] is None)


@pytest.fixture
def data(call: Call) -> Callable[..., Any]:
    """The JSON of a command that ends well."""

    def command(*arguments: str, code: int = 0) -> Any:
        done = call(*arguments, "--format", "json")
        assert (done.code, done.err) == (code, "")
        return json.loads(done.out)

    return command


Data = Callable[..., Any]


def test_lookup(data: Data) -> None:
    told = data("lookup", "send me information", "--limit", "3")
    assert list(told) == ["query", "language", "situations", "hits"]
    assert (told["query"], told["language"]) == ("send me information", "en")
    assert 1 <= len(told["hits"]) <= 3
    assert told["situations"][0]["id"] == "send-me-information"
    for situation in told["situations"]:
        assert list(situation) == ["id", "score"]
        assert 0 <= situation["score"] <= 1
    for hit in told["hits"]:
        check_lesson(hit, parts=True)
        assert 0 <= hit["score"] <= 1
        for translation in hit["translations"]:
            assert list(translation) == ["id", "language"]
    scores = [hit["score"] for hit in told["hits"]]
    assert max(scores) - scores[0] < 0.01  # best first; nearly equal ones may be ordered by language and review


def test_lookup_with_nothing_found(data: Data) -> None:
    told = data("lookup", "xkvq jqxz", code=1)
    assert list(told) == ["query", "language", "situations", "hits"]
    assert told["hits"] == []


def test_lookup_counts_one_hit_a_group_and_all_languages_lists_each(data: Data) -> None:
    groups = [lesson["group"] for lesson in data("browse") if lesson["group"]]
    assert groups
    for query in ("send me information", "too expensive", "happy with our supplier"):
        shown = [hit["group"] for hit in data("lookup", query, "--limit", "50")["hits"] if hit["group"]]
        assert len(shown) == len(set(shown))
        all_ = data("lookup", query, "--limit", "50", "--all-languages")["hits"]
        assert {hit["group"] for hit in all_} >= set(shown)
        assert len({hit["id"] for hit in all_}) == len(all_)
        only = data("lookup", query, "--limit", "50", "--only-lang", "sv")["hits"]
        assert {hit["language"] for hit in only} <= {"sv"}


def test_show(data: Data, call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "kb", "dear.txt")
    lesson = data("show", ID, "--kb", "kb")
    check_lesson(lesson, parts=True)
    assert set(lesson) == LISTED | PARTS | {"notes"}
    assert lesson["source"]["origin"] == "dear.txt"
    assert (lesson["date"], lesson["author"], lesson["group"], lesson["notes"]) == (None, None, None, None)


def test_browse_and_export_name_the_same_lessons(data: Data) -> None:
    listed, exported = data("browse"), data("export")
    assert {lesson["id"] for lesson in listed} == {lesson["id"] for lesson in exported}
    assert len(listed) == len(exported)
    for lesson in listed:
        check_lesson(lesson, parts=False)
    for lesson in exported:
        check_lesson(lesson, parts=True)
    by_id = {lesson["id"]: lesson for lesson in exported}
    for lesson in listed:
        for key in LISTED - {"source"}:
            assert lesson[key] == by_id[lesson["id"]][key]
    some = data("browse", "--only-lang", "nl", "--situation", "too-expensive")
    assert some
    assert all(lesson["language"] == "nl" and "too-expensive" in lesson["situations"] for lesson in some)
    assert {x["id"] for x in some} == {
        x["id"] for x in data("export", "--only-lang", "nl", "--situation", "too-expensive")
    }


def test_situations(data: Data) -> None:
    rows = data("situations")
    assert [row["id"] for row in rows] == list(vocabulary())
    for row in rows:
        assert list(row) == ["id", "names", "lessons"]
        assert set(row["names"]) == set(row["lessons"]) == {"en", "nl", "sv"}
    lessons = data("browse")
    for row in rows:
        for code, n in row["lessons"].items():
            assert n == sum(x["language"] == code and row["id"] in x["situations"] for x in lessons)


def test_a_situation_without_a_name_in_a_language_is_null_in_it(call: Call) -> None:
    call("init", "kb")
    own = "moonlight:\n  broader: bad-timing\n  labels:\n    en: {name: Moonlight}\n    fi: {name: Kuutamo}\n"
    pathlib.Path("kb", "situations.yaml").write_text(own, encoding="utf-8")
    told = call("situations", "--kb", "kb", "--format", "json").out
    (row,) = [row for row in json.loads(told) if row["id"] == "moonlight"]
    assert row["names"] == {"en": "Moonlight", "nl": None, "sv": None, "fi": "Kuutamo"}


def test_info(data: Data, call: Call, home: pathlib.Path, article: str) -> None:
    told = data("info")
    assert told["kb"] is None
    assert told["starter"] is True
    assert told["own_lessons"] == 0
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "kb", "dear.txt")
    told = data("info", "--kb", "kb")
    assert list(told) == [
        "version",
        "kb",
        "why",
        "starter",
        "lessons",
        "own_lessons",
        "languages",
        "situations",
        "skipped_files",
        "index",
        "own_kb",
        "cache_folder",
        "state_folder",
        "schema",
    ]
    assert json.loads(pathlib.Path(told["schema"]).read_text(encoding="utf-8"))["title"] == "coachkb lesson"
    assert told["kb"] == str(home / "kb")
    assert (told["why"], told["starter"], told["lessons"], told["languages"]) == (
        "named with --kb",
        False,
        1,
        {"en": 1, "nl": 0, "sv": 0},
    )
    assert pathlib.Path(told["index"]).is_file()
    assert str(home / "kb") not in told["index"]


def test_an_empty_kb_lists_nothing(call: Call) -> None:
    call("init", "kb")
    for command in ("browse", "export"):
        done = call(command, "--kb", "kb", "--format", "json")
        assert (done.code, json.loads(done.out)) == (1, [])
    assert call("situations", "--kb", "kb").code == 0
    assert json.loads(call("info", "--kb", "kb", "--format", "json").out)["lessons"] == 0


def test_export_into_files(call: Call) -> None:
    assert call("export", "-o", "x.json", "--only-lang", "sv").code == 0
    lessons = json.loads(pathlib.Path("x.json").read_text(encoding="utf-8"))
    assert {lesson["language"] for lesson in lessons} == {"sv"}
    assert call("export", "-o", "deep/x.md").code == 0
    assert pathlib.Path("deep/x.md").read_text(encoding="utf-8") == call("export").out
    assert call("export", "-o", "pages", "--only-lang", "sv").code == 0
    pages = {str(path.relative_to("pages")) for path in pathlib.Path("pages").rglob("*.md")}
    assert pages == {"index.md", *(f"sv/{lesson['id']}.md" for lesson in lessons)}
