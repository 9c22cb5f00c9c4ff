"""``coachkb undo`` and ``coachkb log``: what was done is shown, and taken back where no person has been since."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.kb import KnowledgeBase
from coachkb.store import journal

Call = Callable[..., Any]
LESSON = "lessons/en/when-the-buyer-says-it-is-too-dear.yaml"
ARTICLE = "articles/dear.txt"


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    """A knowledge base into which one article was ingested."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    return pathlib.Path("kb")


def ingest_more(call: Call, article: str) -> None:
    """A new version of the article, and another one."""
    pathlib.Path("dear.txt").write_text(article + "\nThen ask again, and be quiet.\n", encoding="utf-8")
    other = article.replace("too dear", "far too slow").replace("expensive", "slow")
    pathlib.Path("slow.txt").write_text(other, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt", "slow.txt").code == 0


def files(kb: pathlib.Path) -> dict[str, bytes]:
    found = (path for name in ("articles", "lessons") for path in (kb / name).rglob("*") if path.is_file())
    return {str(path.relative_to(kb)): path.read_bytes() for path in found}


def test_an_ingest_is_taken_back_and_put_back(call: Call, kb: pathlib.Path, article: str) -> None:
    before = files(kb)
    ingest_more(call, article)
    after = files(kb)
    assert len(after) == len(before) + 2
    done = call("undo", "--kb", "kb")
    assert (done.code, done.err, files(kb)) == (0, "", before)
    assert "Took back ingest 2 of 2026-01-15" in done.out
    assert "restored  articles/dear.txt" in done.out
    assert "removed   articles/slow.txt" in done.out
    assert call("undo", "3", "--kb", "kb").code == 0
    assert files(kb) == after


def test_the_index_follows(call: Call, kb: pathlib.Path) -> None:
    assert call("lookup", "--kb", "kb", "too expensive").code == 0
    call("undo", "--kb", "kb")
    assert call("lookup", "--kb", "kb", "too expensive").code == 1


def test_undo_goes_back_step_by_step(call: Call, kb: pathlib.Path, article: str) -> None:
    ingest_more(call, article)
    assert call("undo", "--kb", "kb").code == 0
    assert call("undo", "--kb", "kb").code == 0
    assert files(kb) == {}
    done = call("undo", "--kb", "kb")
    assert (done.code, done.out) == (1, "")
    assert "there is nothing to undo" in done.err
    assert call("undo", "99", "--kb", "kb").code == 1
    assert call("undo", "0", "--kb", "kb").code == 2


def test_what_a_person_edited_since_stays_with_its_article(call: Call, kb: pathlib.Path, article: str) -> None:
    ingest_more(call, article)
    path = kb / LESSON
    path.write_text(path.read_text(encoding="utf-8") + "# my own words\n", encoding="utf-8")
    edited = path.read_bytes()
    new_article = (kb / ARTICLE).read_bytes()
    done = call("undo", "--kb", "kb")
    assert done.code == 1
    assert f"{LESSON}: was edited since; it stays as it is" in done.err
    assert f"{ARTICLE}: {LESSON}, which was kept, came from it; it stays as it is" in done.err
    assert files(kb) == {LESSON: edited, ARTICLE: new_article}


def test_nothing_is_taken_back_where_all_was_edited(call: Call, kb: pathlib.Path) -> None:
    for path in (kb / LESSON, kb / ARTICLE):
        path.write_bytes(path.read_bytes() + b"# mine\n")
    before = files(kb)
    done = call("undo", "--kb", "kb")
    assert (done.code, files(kb)) == (1, before)
    assert "Nothing of ingest 1" in done.out
    assert len(journal.entries("kb")) == 1


def test_a_file_that_coachkb_changed_since_names_what_to_take_back_first(call: Call, kb: pathlib.Path) -> None:
    journal.commit("kb", "review", {LESSON: (kb / LESSON).read_bytes() + b"# reviewed\n"})
    done = call("undo", "1", "--kb", "kb")
    assert f"{LESSON}: was changed since by review 2: take that back first" in done.err
    assert (kb / LESSON).read_bytes().endswith(b"# reviewed\n")


def test_what_was_deleted_is_not_brought_back_by_the_undo_of_a_change(call: Call, kb: pathlib.Path) -> None:
    journal.commit("kb", "review", {LESSON: (kb / LESSON).read_bytes() + b"# reviewed\n"})
    (kb / LESSON).unlink()
    done = call("undo", "--kb", "kb")
    assert f"{LESSON}: was deleted since" in done.err
    assert not (kb / LESSON).exists()


def test_a_removed_file_comes_back(call: Call, kb: pathlib.Path) -> None:
    before = files(kb)
    journal.commit("kb", "fix", {LESSON: None})
    assert call("undo", "--kb", "kb").code == 0
    assert files(kb) == before


def test_a_dry_run_writes_nothing(call: Call, kb: pathlib.Path) -> None:
    before = files(kb)
    done = call("undo", "--dry-run", "--kb", "kb")
    assert (done.code, files(kb), len(journal.entries("kb"))) == (0, before, 1)
    assert "A dry run: nothing was written." in done.out


def test_the_log(call: Call, kb: pathlib.Path, article: str) -> None:
    ingest_more(call, article)
    call("undo", "--kb", "kb")
    rows = json.loads(call("log", "--kb", "kb", "--format", "json").out)
    assert [(row["id"], row["action"], row["undoes"], row["undone_by"]) for row in rows] == [
        (3, "undo", 2, None),
        (2, "ingest", None, 3),
        (1, "ingest", None, None),
    ]
    assert rows[1]["files"] == [
        {"path": ARTICLE, "change": "changed"},
        {"path": "articles/slow.txt", "change": "added"},
        {"path": LESSON, "change": "changed"},
        {"path": "lessons/en/when-the-buyer-says-it-is-far-too-slow.yaml", "change": "added"},
    ]
    assert set(rows[0]) == {"id", "at", "by", "action", "note", "files", "undoes", "undone_by", "cut_short"}
    lines = call("log", "--kb", "kb", "--limit", "2").out.splitlines()
    assert [line.split()[0] for line in lines] == ["3", "2"]
    assert lines[1].endswith("undone by 3")
    assert "added   articles/slow.txt" in call("log", "2", "--kb", "kb").out
    assert "undone by 3" in call("--color", "always", "log", "--kb", "kb").out
    assert call("log", "9", "--kb", "kb").code == 1


def test_an_undo_that_was_undone_counts_no_more(call: Call, kb: pathlib.Path) -> None:
    call("undo", "--kb", "kb")
    call("undo", "2", "--kb", "kb")
    assert [(x.id, x.undone_by) for x in KnowledgeBase.open("kb").log()] == [(3, None), (2, 3), (1, None)]
    assert call("undo", "--kb", "kb").code == 0
    assert files(kb) == {}


def test_log_and_undo_where_there_is_nothing(call: Call) -> None:
    call("init", "new")
    assert call("log", "--kb", "new").out.startswith("Nothing was done")
    assert json.loads(call("log", "--kb", "new", "--format", "json").out) == []
    assert call("undo", "--kb", "new").code == 1
    assert call("log").code == 0
    assert "there is no knowledge base here" in call("undo").err


def test_names_from_files_do_not_reach_the_terminal_raw(call: Call, kb: pathlib.Path) -> None:
    journal.commit("kb", "edit", {"lessons/en/\x1b[31mred.yaml": b"x"}, note="a\x1b[2Jb")
    for done in (call("log", "1", "--kb", "kb"), call("log", "--kb", "kb"), call("undo", "--kb", "kb")):
        assert "\x1b" not in done.out + done.err


def test_a_lesson_saved_during_the_ingest_stays(
    call: Call, kb: pathlib.Path, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ingest read lessons when it began and wrote them when it ended; what a person saved in between was lost."""
    path = kb / LESSON
    real = journal.commit

    def commit(*arguments: Any, **named: Any) -> int | None:
        if b"mine" not in path.read_bytes():
            path.write_bytes(path.read_bytes() + b"# mine\n")
        return real(*arguments, **named)

    monkeypatch.setattr(journal, "commit", commit)
    pathlib.Path("dear.txt").write_text(article + "\nThen ask again, and be quiet.\n", encoding="utf-8")
    done = call("ingest", "--kb", "kb", "dear.txt")
    assert f"{LESSON}: changed while its article was ingested, and stays so: ingest it again" in done.err
    assert path.read_bytes().endswith(b"# mine\n")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    text = path.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "ask again" in (kb / ARTICLE).read_text(encoding="utf-8")


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["undo", "dry run"])
def test_an_undo_of_what_git_took_back_already_says_so(
    call: Call, kb: pathlib.Path, article: str, dry: tuple[str, ...]
) -> None:
    before = files(kb)
    ingest_more(call, article)
    for name in files(kb).keys() - before.keys():
        (kb / name).unlink()
    for name, data in before.items():
        (kb / name).write_bytes(data)
    for number in ((), ("2",)):
        done = call("undo", "--kb", "kb", *number, *dry)
        assert (done.code, done.err, files(kb)) == (1, "", before)
        assert "Nothing to take back of ingest 2 of 2026-01-15" in done.out
        assert "its files stand as they did before it. 'coachkb undo 1' takes back what was done before." in done.out
    done = call("undo", "1", "--kb", "kb", *dry)
    assert (done.code, "ack ingest 1" in done.out) == (0, True)


def test_when_all_was_taken_back_and_came_back_by_git_undo_names_how(call: Call, kb: pathlib.Path) -> None:
    before = files(kb)
    call("undo", "--kb", "kb")
    for name, data in before.items():
        (kb / name).parent.mkdir(parents=True, exist_ok=True)
        (kb / name).write_bytes(data)
    done = call("undo", "--kb", "kb")
    assert (done.code, done.out) == (1, "")
    assert "nothing to undo: 1 was taken back by 2" in done.err and "'coachkb undo 1'" in done.err
    assert call("undo", "1", "--kb", "kb").code == 0 and not files(kb)
