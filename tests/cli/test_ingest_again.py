"""Ingesting again: articles renamed, moved, deleted and emptied; lessons dropped; edits beside new versions."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
LESSON = pathlib.Path(f"kb/lessons/en/{ID}.yaml")


@pytest.fixture
def own(call: Call, article: str) -> pathlib.Path:
    """An article in the folder of a KB, kb, ingested."""
    assert call("init", "kb").code == 0
    path = pathlib.Path("kb/articles/dear.txt")
    path.write_text(article, encoding="utf-8")
    assert rows(call)[0]["status"] == "new"
    return path


def rows(call: Call, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    done = call("ingest", "--kb", "kb", "--format", "json", *arguments)
    assert done.code == code, done
    found: list[dict[str, Any]] = json.loads(done.out)["articles"]
    return found


def edit(was: str, now: str, file: pathlib.Path = LESSON) -> None:
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, now, 1), encoding="utf-8")


def lessons() -> list[str]:
    return sorted(path.stem for path in pathlib.Path("kb/lessons").rglob("*.yaml"))


def test_a_renamed_article_takes_its_lessons_along(own: pathlib.Path, call: Call) -> None:
    own.rename(own.with_name("costly.txt"))
    (row,) = rows(call)
    assert (row["path"], row["origin"], row["status"]) == ("articles/costly.txt", "articles/costly.txt", "changed")
    assert "was articles/dear.txt before" in row["reason"]
    assert not own.exists()
    assert lessons() == [ID]
    assert "path: articles/costly.txt\n  origin: articles/costly.txt" in LESSON.read_text(encoding="utf-8")
    (row,) = rows(call)
    assert (row["status"], row["reason"]) == ("unchanged", None)


def test_a_lesson_keeps_its_origin_from_whatever_folder_its_article_is_ingested(
    call: Call, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = pathlib.Path("inbox")
    inbox.mkdir()
    for folder, told, text in (
        (".", "inbox/dear.txt", article),
        ("kb", "../inbox/dear.txt", f"{article}\nAsk twice.\n"),
    ):
        (inbox / "dear.txt").resolve().write_text(text, encoding="utf-8")
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            assert call("ingest", "--kb", "kb" if folder == "." else ".", told).code == 0
        assert "path: articles/dear.txt\n  origin: inbox/dear.txt\n" in LESSON.read_text(encoding="utf-8")
    assert [path.name for path in pathlib.Path("kb/articles").iterdir()] == ["dear.txt"]


def test_a_renamed_article_that_came_from_outside_keeps_its_origin(call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    rows(call, "dear.txt")
    pathlib.Path("kb/articles/dear.txt").rename("kb/articles/costly.txt")
    (row,) = rows(call)
    assert (row["path"], row["origin"]) == ("articles/costly.txt", "dear.txt")
    assert rows(call, "dear.txt")[0]["path"] == "articles/costly.txt"
    assert not pathlib.Path("kb/articles/dear.txt").exists()


def test_renamed_and_changed_at_once(own: pathlib.Path, call: Call, article: str) -> None:
    own.unlink()
    own.with_name("costly.txt").write_text(article + "\nThe buyer is not your enemy.\n", encoding="utf-8")
    (row,) = rows(call)
    assert (row["status"], row["lessons"]) == ("changed", [ID])
    assert "taken for articles/dear.txt, which is gone" in row["reason"]
    assert lessons() == [ID]


def test_a_page_that_moved_to_another_folder(call: Call, article: str) -> None:
    call("init", "kb")
    old, new = pathlib.Path("kb/articles/a/dear.md"), pathlib.Path("kb/articles/b/dear.md")
    old.parent.mkdir()
    old.write_text("# " + article, encoding="utf-8")
    assert rows(call)[0]["path"] == "articles/dear.md"
    new.parent.mkdir()
    old.rename(new)
    told = {row["origin"]: row for row in rows(call)}
    assert "was articles/a/dear.md before" in told["articles/b/dear.md"]["reason"]
    assert lessons() == [ID]
    (row,) = rows(call)
    assert (row["origin"], row["status"]) == ("articles/b/dear.md", "unchanged")


def test_a_copy_in_the_folder_makes_no_second_lesson(own: pathlib.Path, call: Call, article: str) -> None:
    own.with_name("again.txt").write_text(article, encoding="utf-8")
    assert {row["status"] for row in rows(call)} == {"unchanged"}
    assert lessons() == [ID]
    assert "path: articles/dear.txt" in LESSON.read_text(encoding="utf-8")


def test_a_deleted_article_is_told_and_its_lesson_stays(own: pathlib.Path, call: Call, article: str) -> None:
    own.with_name("other.txt").write_text(article.replace("dear", "costly").replace("price", "fee"), encoding="utf-8")
    rows(call)
    before = LESSON.read_bytes()
    own.unlink()
    told = {row["path"]: row for row in rows(call)}["articles/dear.txt"]
    assert (told["status"], told["lessons"], told["reason"]) == ("unchanged", [ID], f"is gone; its lesson stays: {ID}")
    assert LESSON.read_bytes() == before
    edit("status: draft", "status: dropped")
    assert "articles/dear.txt" not in {row["path"] for row in rows(call)}


def test_an_article_that_teaches_nothing_any_more(own: pathlib.Path, call: Call) -> None:
    before = LESSON.read_bytes()
    own.write_text("Closed on Monday.\n", encoding="utf-8")
    (row,) = rows(call)
    assert row["status"] == "none"
    assert row["reason"].endswith(f"; its lesson stays: {ID}")
    assert LESSON.read_bytes() == before


def test_a_post_that_left_its_archive_is_told(own: pathlib.Path, call: Call) -> None:
    other = LESSON.with_name("extra.yaml")
    text = LESSON.read_text(encoding="utf-8")
    head, tail = text[: text.index("problem:")], text[text.index("review:") : text.index("extraction:")]
    head = head.replace(f"id: {ID}", "id: extra").replace("title: When", "title: Never when")
    other.write_text(head.replace("  start: 0", "  start: 90000").replace("  end: ", "  end: 9000") + tail, "utf-8")
    edit("sha256: ", "sha256: 0", other)
    (row,) = rows(call)
    assert "no longer in it, and kept: extra" in row["reason"]
    assert other.exists()


# ------------------------------------------------------------------------------------------------ dropped for good


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("dear.txt", ("When the buyer says", "If a buyer says"), id="its title changed"),
        pytest.param("dear.txt", ("Write down what", "Note on paper what"), id="its words changed"),
        pytest.param("second.txt", ("When the buyer says", "If a buyer says"), id="another article, another title"),
        pytest.param("second.txt", ("Write down what", "Note on paper what"), id="another article, other words"),
    ],
)
def test_a_dropped_lesson_does_not_come_back(
    own: pathlib.Path, call: Call, article: str, name: str, change: tuple[str, str]
) -> None:
    edit("status: draft", "status: dropped")
    own.with_name(name).write_text(article.replace(*change), encoding="utf-8")
    told = rows(call)
    assert lessons() == [ID]
    assert "status: dropped" in LESSON.read_text(encoding="utf-8")
    assert call("lookup", "--kb", "kb", "too expensive").code == 1
    if name == "second.txt":
        (row,) = [row for row in told if row["origin"] == "articles/second.txt"]
        assert (row["status"], row["lessons"]) == ("none", [])
        assert row["reason"] == f"not made again, for it was dropped: {ID}"


def test_a_new_article_with_the_title_of_a_dropped_lesson_is_another(own: pathlib.Path, call: Call) -> None:
    edit("status: draft", "status: dropped")
    title, *_ = own.read_text(encoding="utf-8").split("\n")
    own.with_name("second.txt").write_text(
        f"{title}\n\nA buyer who groans at your quote is testing you. He groans at every seller, for it is his job.\n\n"
        "The cause is that he must show his boss that he tried. He is not unhappy with the offer at all.\n\n"
        "Do not fill the silence. Count to ten and look at your notes. Ask who else will read the offer.\n\n"
        'Say: "Which part of the offer would your boss question first?" Then write his answer down for the next call.\n',
        encoding="utf-8",
    )
    told = {row["origin"]: row for row in rows(call)}
    assert told["articles/second.txt"]["status"] == "new"
    assert len(lessons()) == 2


# ----------------------------------------------------------------------------------------- edits and a new version


def test_an_edit_and_a_new_version_are_both_kept_and_told(own: pathlib.Path, call: Call, article: str) -> None:
    edit("Ask what he compares it with, and then be quiet.", "Ask what it is compared with.  # shorter")
    edit("author: null", "author: Me  # not the blog's")
    own.write_text(
        "By Carys Penhallow\n\n"
        + article.replace("and then be quiet.", "and then wait.").replace("every week", "every day"),
        encoding="utf-8",
    )
    done = call("ingest", "--kb", "kb", "--format", "json")
    (row,) = json.loads(done.out)["articles"]
    assert row["status"] == "changed"
    assert "edited by a person and new in the article" in row["reason"]
    assert f"coachkb diff {ID}" in row["reason"]
    assert row["reason"] in done.err
    text = LESSON.read_text(encoding="utf-8")
    assert "Ask what it is compared with.  # shorter" in text
    assert "author: Me  # not the blog's" in text
    assert "every day" in text
    assert "and then wait." in text[text.index("proposed:") :]
    (row,) = rows(call)
    assert (row["status"], row["reason"]) == ("unchanged", None)
    told = call("check", "--kb", "kb", "--only", "conflicts")
    assert (told.code, told.out.count(f"coachkb diff {ID}")) == (1, 2), "the author and the tactic are still open"
    assert call("edit", "--kb", "kb", ID, "--take", "mine").code == 0
    assert call("check", "--kb", "kb", "--only", "conflicts").code == 0


def test_a_newer_extractor_keeps_edits(own: pathlib.Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("Ask what he compares it with, and then be quiet.", "Ask what it is compared with.")
    for module in ("extracting", "ingesting"):
        monkeypatch.setattr(f"coachkb.jobs.{module}.extractor", lambda: "another")
    (row,) = rows(call)
    assert (row["status"], row["reason"]) == ("changed", None)
    text = LESSON.read_text(encoding="utf-8")
    assert "Ask what it is compared with." in text
    assert "extractor: another" in text


# ------------------------------------------------------------------------------------- articles that people edited


COPY = pathlib.Path("kb/articles/dear.txt")
EDIT = "do not ever lower your price"


@pytest.fixture
def from_outside(call: Call, article: str) -> pathlib.Path:
    """A KB, kb, with an article from outside whose copy was edited by hand."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert rows(call, "dear.txt")[0]["status"] == "new"
    edit("do not lower your price", EDIT, COPY)
    return pathlib.Path("kb")


def test_an_edited_copy_stays_when_its_source_is_ingested_again(
    from_outside: pathlib.Path, call: Call, article: str
) -> None:
    (row,) = rows(call, "dear.txt")
    assert (row["status"], "edited by hand, and stays" in row["reason"]) == ("unchanged", True)
    assert "'coachkb ingest' without a path reads it" in row["reason"]
    new = article.replace("every week", "every day")
    pathlib.Path("dear.txt").write_text(new, encoding="utf-8")
    (row,) = rows(call, "dear.txt", code=3)
    assert (row["status"], "to take this one, delete that first" in row["reason"]) == ("failed", True)
    assert EDIT in COPY.read_text(encoding="utf-8")
    COPY.unlink()
    assert rows(call, "dear.txt")[0]["status"] == "changed"
    assert COPY.read_text(encoding="utf-8") == new
    assert call("check", "--kb", "kb").code == 0


def test_an_edited_copy_that_was_read_stays_too(from_outside: pathlib.Path, call: Call, article: str) -> None:
    assert "'coachkb ingest' reads it again" in call("check", "--kb", "kb").out
    (row,) = rows(call)
    assert (row["status"], row["origin"]) == ("changed", "dear.txt")
    for _ in range(2):
        (row,) = rows(call, "dear.txt")
        assert (row["status"], row["reason"]) == (
            "unchanged",
            "its copy articles/dear.txt was edited by hand, and stays",
        )
    assert EDIT in COPY.read_text(encoding="utf-8") and EDIT in LESSON.read_text(encoding="utf-8")
    assert call("check", "--kb", "kb").code == 0
    edit(EDIT, "do not lower it", COPY)  # once more
    assert rows(call)[0]["status"] == "changed"
    assert rows(call, "dear.txt")[0]["status"] == "unchanged"
    pathlib.Path("dear.txt").write_text(article.replace("every week", "every day"), encoding="utf-8")
    assert rows(call, "dear.txt", code=3)[0]["status"] == "failed"
    assert "do not lower it" in COPY.read_text(encoding="utf-8")


def test_an_edit_that_was_taken_back_is_none(from_outside: pathlib.Path, call: Call, article: str) -> None:
    assert rows(call)[0]["status"] == "changed"
    edit(EDIT, "do not lower your price", COPY)
    assert rows(call)[0]["status"] == "changed"
    (row,) = rows(call, "dear.txt")
    assert (row["status"], row["reason"]) == ("unchanged", None)
    new = article.replace("every week", "every day")
    pathlib.Path("dear.txt").write_text(new, encoding="utf-8")
    assert rows(call, "dear.txt")[0]["status"] == "changed"
    assert COPY.read_text(encoding="utf-8") == new


def test_a_source_that_says_what_the_edited_copy_says_is_no_loss(from_outside: pathlib.Path, call: Call) -> None:
    pathlib.Path("dear.txt").write_bytes(COPY.read_bytes())
    (row,) = rows(call, "dear.txt")
    assert (row["status"], row["reason"]) == ("changed", None)


def page(article: str) -> str:
    blocks = article.strip().split("\n\n")
    return f"<html><body><h1>{blocks[0]}</h1>{''.join(f'<p>{block}</p>' for block in blocks[1:])}</body></html>"


def test_an_edited_text_of_a_page_in_the_folder_is_read_and_stays(call: Call, article: str) -> None:
    call("init", "kb")
    source = pathlib.Path("kb/articles/dear.html")
    source.write_text(page(article), encoding="utf-8")
    assert [row["status"] for row in rows(call)] == ["new"]
    edit("do not lower your price", EDIT, COPY)
    told = {row["status"]: row for row in rows(call)}
    assert set(told) == {"unchanged", "changed"}
    assert EDIT in LESSON.read_text(encoding="utf-8")
    assert call("check", "--kb", "kb").code == 0
    (row,) = rows(call)
    assert (row["status"], "edited by hand, and stays" in row["reason"]) == ("unchanged", True)
    source.write_text(page(article.replace("every week", "every day")), encoding="utf-8")
    assert [row["status"] for row in rows(call, code=3)] == ["failed"]
    assert EDIT in COPY.read_text(encoding="utf-8")


@pytest.mark.parametrize("same", [True, False])
def test_a_page_beside_a_text_that_is_not_known_for_its_own_is_told(call: Call, article: str, same: bool) -> None:
    pathlib.Path("dear.html").write_text(page(article), encoding="utf-8")
    rows(call, "dear.html")
    assert call("check", "--kb", "kb").code == 0
    text = article if same else article.replace("every week", "every day")
    pathlib.Path("kb/articles/dear.html").write_text(page(text), encoding="utf-8")
    told = rows(call)
    (reason,) = [row["reason"] for row in told if row["origin"] == "articles/dear.html"]
    assert ("one of the two is enough" if same else "if it is its text, take one of the two away") in reason
    done = call("check", "--kb", "kb")
    assert (done.code, done.out.count("\n")) == (1, 1)
    assert "dear.html:1: articles/dear.txt lies beside it" in done.out and "[pages]" in done.out


# --------------------------------------------------------------------------------------- versions from somewhere new


def version(folder: str, name: str, text: str) -> str:
    path = pathlib.Path(folder, name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.as_posix()


@pytest.mark.parametrize("name", ["dear.txt", "dear-v2.txt", "Dear (1).txt"])
def test_a_newer_version_from_another_folder_keeps_the_corrections(call: Call, article: str, name: str) -> None:
    old = version("a", "dear.txt", article)
    rows(call, old)
    edit("Ask what he compares it with, and then be quiet.", "Ask what it is compared with.")
    new = version("b", name, article.replace("every week", "every day") + "\nLet the buyer finish his sentence.\n")
    done = call("ingest", "--kb", "kb", new)
    assert done.out.startswith(f"changed    {new}\n"), done
    assert f"{new}: a new version of articles/dear.txt" in done.err
    text = LESSON.read_text(encoding="utf-8")
    assert lessons() == [ID]
    assert ("Ask what it is compared with." in text, "every day" in text, f"origin: {new}" in text) == (True,) * 3
    assert [x.name for x in pathlib.Path("kb/articles").iterdir()] == ["dear.txt"]
    (row,) = rows(call, new)
    assert row["status"] == "unchanged"
    (row,) = rows(call, old)
    assert (row["status"], row["reason"]) == ("unchanged", "is an older version of articles/dear.txt, which stays")
    assert {row["status"] for row in rows(call, "a", "b")} == {"unchanged"}
    assert LESSON.read_text(encoding="utf-8") == text


def test_another_article_of_the_same_name_is_no_version(call: Call, article: str) -> None:
    rows(call, version("a", "dear.txt", article))
    first, *_ = article.split("\n\n")
    other = (
        f"{first}\n\nA buyer who groans at your quote is testing you. He groans at every seller, for it is his job.\n\n"
        "The cause is that he must show his boss that he tried. He is not unhappy with the offer at all.\n\n"
        "Do not fill the silence. Count to ten and look at your notes. Ask who else will read the offer.\n"
    )
    (row,) = rows(call, version("b", "dear.txt", other))
    assert (row["path"], row["status"]) == ("articles/dear-2.txt", "new")
    (row,) = rows(call, version("b", "elsewhere.txt", article.replace("every week", "every day")))
    assert (row["path"], row["status"]) == ("articles/elsewhere.txt", "new"), "only its text is alike, not its name"


def test_no_two_articles_of_ours_are_taken_for_versions_of_one() -> None:
    from coachkb.jobs.whereabouts import _ONE_ARTICLE, _sentences

    folder = pathlib.Path(__file__).parents[2] / "articles"
    texts = {x.name: _sentences(x.read_text(encoding="utf-8")) for x in folder.iterdir() if x.suffix != ".html"}
    holders: dict[str, list[str]] = {}
    for name, sentences in texts.items():
        for sentence in sentences:
            holders.setdefault(sentence, []).append(name)
    pairs = {(a, b) for names in holders.values() for a in names for b in names if a < b}
    assert len(texts) > 600 and pairs, "there is something to hold against each other"
    shares = [2 * (texts[a] & texts[b]).total() / (texts[a].total() + texts[b].total()) for a, b in pairs]
    assert max(shares) < _ONE_ARTICLE / 2


# ------------------------------------------------------------------------------------------------- git's own marks

SIDES = "<<<<<<< HEAD\nSo do not lower your price.\n{}=======\nSo keep your price.\n>>>>>>> els\n"


@pytest.mark.parametrize("base", ["", "||||||| 1a2b3c\nSo keep it.\n"], ids=["merge", "diff3"])
def test_an_article_with_conflict_marks_is_refused_and_its_lessons_stay(
    own: pathlib.Path, call: Call, article: str, base: str
) -> None:
    before = LESSON.read_bytes()
    own.write_text(article.replace("So do not lower your price.", f"\n{SIDES.format(base)}"), encoding="utf-8")
    done = call("ingest", "--kb", "kb")
    assert done.code == 3 and LESSON.read_bytes() == before
    line = own.read_text(encoding="utf-8").split("\n").index("<<<<<<< HEAD") + 1
    assert f"articles/dear.txt: line {line}: git left a merge conflict here: settle the merge, then ingest" in done.err
    told = call("check", "--kb", "kb")
    assert told.code == 1
    assert told.out.splitlines() == [
        f"kb/articles/dear.txt:{line}: has git merge conflict marks from here on: settle the merge, then ingest it [merge]"
    ]
    own.write_text(article, encoding="utf-8")
    assert rows(call)[0]["status"] == "unchanged"


@pytest.mark.parametrize(
    "more",
    [
        "The price\n=======\n\nAsk what it costs to wait.\n",
        f"What git shows you then:\n\n```\n{SIDES.format('')}```\n",
        f"What git shows you then:\n\n~~~~ text\n```\n{SIDES.format('')}~~~~\n",
        ">>>>>>> forward\n=======\n<<<<<<< back\n",
        "<<<<<<<< eight\n========\n>>>>>>>> of each\n",
    ],
    ids=["underline", "quoted", "quoted in tildes", "another order", "too many"],
)
def test_what_only_looks_like_a_conflict_is_read(own: pathlib.Path, call: Call, article: str, more: str) -> None:
    own.write_text(f"{article}\n{more}", encoding="utf-8")
    assert rows(call)[0]["status"] in ("changed", "unchanged")
    assert call("check", "--kb", "kb", "--only", "merge").code == 0


def test_two_stored_articles_of_one_text_are_told(call: Call, article: str) -> None:
    other = article.replace("every week", "every day").replace("When the buyer", "If a buyer")
    pathlib.Path("a").mkdir()
    pathlib.Path("b").mkdir()
    pathlib.Path("a/dear.txt").write_text(article, encoding="utf-8")
    pathlib.Path("b/dear.txt").write_text(other, encoding="utf-8")
    rows(call, "a", "b")
    assert call("check", "--kb", "kb", "--only", "double-articles").code == 0
    pathlib.Path("a/dear.txt").write_text(other.replace("\n\n", "\n\n\n"), encoding="utf-8")
    rows(call, "a", "b")
    told = call("check", "--kb", "kb", "--only", "double-articles")
    assert (told.code, len(told.out.splitlines())) == (1, 1)
    assert told.out.startswith("kb/articles/dear.txt:1: says what articles/dear-2.txt says: keep one of the two")


def test_who_accepts_a_lesson_settles_its_conflict(
    own: pathlib.Path, call: Call, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHKB_USER", "Els")
    edit("Ask what he compares it with, and then be quiet.", "Ask what it is compared with.")
    own.write_text(article.replace("and then be quiet.", "and then wait."), encoding="utf-8")
    rows(call)
    assert call("check", "--kb", "kb", "--only", "conflicts").code == 1
    assert call("review", "--kb", "kb", "--batch", "accept", "--id", ID).code == 0
    text = LESSON.read_text(encoding="utf-8")
    assert ("status: approved" in text, "Ask what it is compared with." in text, "proposed" in text) == (
        True,
        True,
        False,
    )
    assert call("check", "--kb", "kb", "--only", "conflicts").code == 0
    assert rows(call)[0]["status"] == "unchanged"


def test_an_interrupted_ingest_says_that_nothing_was_written(
    own: pathlib.Path, call: Call, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coachkb.jobs import ingesting

    own.with_name("other.txt").write_text(article.replace("dear", "costly"), encoding="utf-8")
    before, read = LESSON.read_bytes(), []

    def impatient(data: bytes, name: str) -> object:
        if read:
            raise KeyboardInterrupt
        read.append(name)
        return original(data, name)

    original = ingesting.read_document
    monkeypatch.setattr(ingesting, "read_document", impatient)
    done = call("ingest", "--kb", "kb")
    assert (done.code, done.out) == (130, "")
    assert "nothing was written: 1 of 2 articles had been read" in done.err and "interrupted" in done.err
    assert (LESSON.read_bytes(), lessons()) == (before, [ID])
