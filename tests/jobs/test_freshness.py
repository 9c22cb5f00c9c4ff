"""How soon a look-up sees that lesson files changed: every file of a small KB, folders and what is shown of a large."""

from __future__ import annotations

import contextlib
import os
import pathlib
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from coachkb import locate
from coachkb.cli import app
from coachkb.jobs import freshness, indexing
from coachkb.kb import KnowledgeBase
from coachkb.search.query import Index

LESSON = """\
format: 1
id: {id}
title: {title}
language: en
situations: [{situation}]
problem:
  - text: The buyer says the price is too high.
"""
MANY = 30
Run = Callable[..., Any]


def write(id_: str, title: str = "They say it is dear", situation: str = "too-expensive") -> pathlib.Path:
    path = pathlib.Path("kb/lessons/en", f"{id_}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:  # in place: what an editor that keeps the file does
        file.write(LESSON.format(id=id_, title=title, situation=situation))
    return path


def found(query: str = "too expensive", limit: int = 5) -> dict[str, str]:
    """Ids and titles that a newly opened KB finds."""
    with KnowledgeBase.open("kb") as kb:
        return {hit.id: hit.title for hit in kb.lookup(query, limit=limit).hits}


def settle() -> None:
    """Lets the clock of the file system go on, as it does between two things that a person does."""
    time.sleep(0.05)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A KB of more lessons than a look-up looks at one by one; five on the price, the rest on something else."""
    monkeypatch.setattr(freshness, "LOOKED_AT", MANY - 1)
    KnowledgeBase.open("kb", create=True)
    for n in range(MANY):
        write(f"l{n:02}", situation="too-expensive" if n < 5 else "referrals")
    settle()
    assert set(found()) == {f"l{n:02}" for n in range(5)}
    settle()


def test_up_to_the_limit_every_change_is_seen(large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "LOOKED_AT", MANY)
    write("l20", title="Changed in place", situation="too-expensive")
    assert found(limit=50)["l20"] == "Changed in place"


def test_a_change_in_place_elsewhere_waits(large: None) -> None:
    write("l20", title="Changed in place", situation="too-expensive")
    assert "l20" not in found(limit=50)


@pytest.mark.parametrize("how", ["index", "check", "ingest", "browse"])
def test_then_index_check_ingest_and_browse_see_it(large: None, article: str, how: str) -> None:
    write("l20", title="Changed in place", situation="too-expensive")
    if how == "ingest":
        pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    app.run([how, "--kb", "kb", *(["dear.txt"] if how == "ingest" else [])])
    assert found(limit=50)["l20"] == "Changed in place"


def test_an_ingest_that_brings_nothing_new_sees_it_too(large: None, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    app.run(["ingest", "--kb", "kb", "dear.txt"])
    settle()
    found()
    write("l20", title="Changed in place", situation="too-expensive")
    app.run(["ingest", "--kb", "kb", "dear.txt"])
    assert found(limit=50)["l20"] == "Changed in place"


def test_a_change_to_a_shown_lesson_is_seen_at_once(large: None) -> None:
    write("l02", title="Better words")
    write("l03", situation="referrals")
    assert found() == {
        id_: "Better words" if id_ == "l02" else "They say it is dear" for id_ in ("l00", "l01", "l02", "l04")
    }


def test_a_lesson_shown_by_its_id_is_as_on_file(large: None) -> None:
    write("l20", title="Better words")
    with KnowledgeBase.open("kb") as kb:
        assert kb.hit("l20").title == "Better words"


def test_the_quick_door_sees_a_change_to_a_shown_lesson(large: None, capsys: pytest.CaptureFixture[str]) -> None:
    from coachkb.door import quick

    assert quick(["--kb", "kb", "too expensive"]) == 0
    assert quick(["--kb", "kb", "referrals"]) == 0
    write("l02", title="Better words")
    assert quick(["--kb", "kb", "referrals"]) == 0, "what is not shown is not looked at"
    assert quick(["--kb", "kb", "too expensive"]) is None, "left to the long way, which brings the index up to date"
    capsys.readouterr()


def test_added_removed_renamed_and_replaced_files_are_seen_at_once(large: None) -> None:
    write("new")
    assert "new" in found(limit=50)
    settle()
    pathlib.Path("kb/lessons/en/new.yaml").rename("kb/lessons/en/other.yaml")
    assert "new" in found(limit=50)
    settle()
    pathlib.Path("kb/lessons/en/other.yaml").unlink()
    assert "new" not in found(limit=50)
    settle()
    write("l20", title="Replaced", situation="too-expensive").rename("kb/spare.yaml")
    pathlib.Path("kb/spare.yaml").rename("kb/lessons/en/l20.yaml")
    assert found(limit=50)["l20"] == "Replaced"
    settle()
    pathlib.Path("kb/lessons/sv").mkdir()
    pathlib.Path("kb/lessons/sv/a.yaml").write_text(
        LESSON.format(id="a", title="En", situation="too-expensive"), encoding="utf-8"
    )
    assert "a" in found(limit=50)


def test_an_open_knowledge_base_is_as_fresh(large: None) -> None:
    with KnowledgeBase.open("kb") as kb:
        first = [hit.id for hit in kb.lookup("too expensive", limit=50).hits]
        write("l01", title="Better words")
        assert {hit.title for hit in kb.lookup("too expensive", limit=50).hits} == {
            "They say it is dear",
            "Better words",
        }
        settle()
        write("new")
        assert {hit.id for hit in kb.lookup("too expensive", limit=50).hits} == {*first, "new"}


def test_two_edits_within_one_tick_of_the_clock_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit of the same size, right after a look-up that came right after another: the times may be the same."""
    KnowledgeBase.open("kb", create=True)
    for n in range(20):
        write("a", title=f"Title {n:02}")
        assert found() == {"a": f"Title {n:02}"}


def test_an_edit_that_keeps_size_and_time_is_seen() -> None:
    KnowledgeBase.open("kb", create=True)
    path = write("a", title="Title 1")
    settle()
    assert found() == {"a": "Title 1"}
    before = path.stat()
    settle()
    write("a", title="Title 2")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert found() == {"a": "Title 2"}


def test_times_that_are_too_young_are_not_kept() -> None:
    now = 1_000_000_000_123_456_789
    assert locate.settled(now - 50_000_000, now) == now - 50_000_000
    assert locate.settled(now - 5_000_000, now) == -1
    assert locate.settled(now + 5, now) == -1
    assert locate.settled(1_000_000_000_000_000_000, now) == -1, "a file system that counts in seconds"
    assert locate.settled(999_999_990_000_000_000, now) == 999_999_990_000_000_000


def test_what_is_refreshed_is_what_would_be_built() -> None:
    """Refreshed again and again, an index holds what one made anew holds: words, posting lists, counts."""
    KnowledgeBase.open("kb", create=True)
    for n in range(6):
        write(f"l{n}", title=f"Title number {n} café")
    found()
    settle()
    write("l1", title="Quite another title", situation="referrals")
    pathlib.Path("kb/lessons/en/l2.yaml").unlink()
    write("l7", title="They want a lower price")
    found()
    settle()
    write("l7", title="They want a much lower price", situation="negotiation")
    with KnowledgeBase.open("kb") as kb:
        kb.lookup("too expensive")
        refreshed = contents(kb.index().path)
        assert contents(kb.index(rebuild=True).path) == refreshed


def contents(path: str) -> dict[str, list[object]]:
    """What look-ups read of lessons, without the numbers that the order of writing gives them."""
    index = Index(path)
    queries = {
        "posting": "SELECT key, p.language, rank, tie, id FROM posting p JOIN lesson ON n = p.lesson",
        "stem": "SELECT stem, lessons FROM stem WHERE lessons > 0",
        "lesson": "SELECT id, title, title_stems, language, situations, problem FROM lesson",
        "file": "SELECT file, size, id FROM file JOIN lesson ON n = file.lesson",
        "words": "SELECT id, round(bm25(text), 6) FROM text JOIN lesson ON n = text.rowid WHERE text MATCH 'price OR title'",
    }
    rows = {name: sorted(index.db.execute(sql).fetchall()) for name, sql in queries.items()}
    index.close()
    return rows


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems take no such names")
def test_a_file_whose_name_is_no_text_stopped_every_command() -> None:
    KnowledgeBase.open("kb", create=True)
    good = write("a")
    odd = os.fsencode(good.parent) + b"/b\xff.yaml"
    pathlib.Path(os.fsdecode(odd)).write_text(LESSON.format(id="b", title="B", situation="too-expensive"))
    for name in ("a", "c"):  # the index is made, then refreshed
        write(name)
        with KnowledgeBase.open("kb") as kb:
            assert name in {hit.id for hit in kb.lookup("too expensive").hits}
            assert [str(problem) for problem in kb.problems] == [
                "lessons/en/b\\udcff.yaml: has a name that is not UTF-8: rename it"
            ]
    os.unlink(odd)
    with KnowledgeBase.open("kb") as kb:
        assert {hit.id for hit in kb.lookup("too expensive").hits} == {"a", "c"}
        assert kb.problems == []


def test_a_cache_folder_that_cannot_be_written_costs_only_time(monkeypatch: pytest.MonkeyPatch) -> None:
    KnowledgeBase.open("kb", create=True)
    write("a")
    assert set(found()) == {"a"}
    monkeypatch.setattr(indexing, "_alone", refused)  # as a read-only cache folder does, for root, too
    write("b")
    assert set(found()) == {"a", "b"}
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert set(found()) == {"a", "b"}


def refused(path: str) -> object:
    if "coachkb-" in path:
        return contextlib.nullcontext(False)
    raise PermissionError(13, "Permission denied", path)


def test_many_processes_at_once_find_the_same(run: Run) -> None:
    KnowledgeBase.open("kb", create=True)
    for n in range(12):
        write(f"l{n:02}")
    with ThreadPoolExecutor(6) as pool:
        for _ in range(2):
            write("l05", title=f"Changed at {time.time_ns()}")
            answers = list(pool.map(lambda _: run("lookup", "--kb", "kb", "--limit", "50", "too expensive"), range(6)))
            assert {(answer.code, answer.err) for answer in answers} == {(0, "")}
            assert len({answer.out for answer in answers}) == 1
            assert "Changed at" in answers[0].out
