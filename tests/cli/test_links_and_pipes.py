"""What stands in a knowledge base may be anything: a link that leads out of it, a pipe, a name with NUL in it."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
LESSON = pathlib.Path(f"kb/lessons/en/{ID}.yaml")
ARTICLE = pathlib.Path("kb/articles/dear.txt")


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    """A knowledge base with one lesson."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    return pathlib.Path("kb")


def test_a_lesson_file_that_links_out_was_replaced_by_a_copy(call: Call, kb: pathlib.Path) -> None:
    LESSON.rename("mine.yaml")
    LESSON.symlink_to("../../../mine.yaml")
    before = pathlib.Path("mine.yaml").read_bytes()
    done = call("browse", "--kb", "kb")
    assert f"lessons/en/{ID}.yaml: is a link that leads out of the knowledge base" in done.err
    assert "1 file skipped" in done.err
    assert call("review", "--kb", "kb", "--batch", "accept", ID).code == 1
    assert call("ingest", "--kb", "kb", "dear.txt").code == 3
    assert call("check", "--kb", "kb").code == 1
    assert (LESSON.is_symlink(), pathlib.Path("mine.yaml").read_bytes()) == (True, before)


def test_a_link_within_the_knowledge_base_is_a_file(call: Call, kb: pathlib.Path) -> None:
    LESSON.rename(kb / "lessons/kept.txt")
    LESSON.symlink_to("../kept.txt")
    done = call("browse", "--kb", "kb")
    assert (ID in done.out, done.err) == (True, "")


@pytest.mark.parametrize(("target", "said"), [("../../other", "leads out"), ("en", "a link to a folder")])
def test_a_folder_of_lessons_that_is_a_link_vanished_silently(
    call: Call, kb: pathlib.Path, target: str, said: str
) -> None:
    pathlib.Path("other").mkdir()
    (kb / "lessons/nl").symlink_to(target)
    for command in (("browse",), ("lookup", "too expensive"), ("check",), ("ingest",)):
        done = call(*command, "--kb", "kb")
        assert said in done.err + done.out, command
        assert "1 file skipped" in done.err
    (kb / "lessons/nl").unlink()
    assert call("browse", "--kb", "kb").err == ""


@pytest.mark.parametrize("named", [False, True])
def test_an_article_that_links_out_is_not_read(call: Call, kb: pathlib.Path, article: str, named: bool) -> None:
    """Its words came into a lesson, to be committed with the others."""
    pathlib.Path("secret.txt").write_text(article.replace("too dear", "SECRET"), encoding="utf-8")
    (kb / "articles/link.txt").symlink_to("../../secret.txt")
    done = call("ingest", "--kb", "kb", *(["kb/articles/link.txt"] if named else []))
    assert "link.txt: is a link that leads out of the knowledge base" in done.err
    assert done.code == (3 if named else 0)
    assert not [path for path in (kb / "lessons").rglob("*.yaml") if "SECRET" in path.read_text(encoding="utf-8")]


READING = [("show", "--explain", ID), ("diff", ID), ("check",), ("ingest",), ("review", "--batch", "accept", "--all")]


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_the_article_of_a_lesson_may_be_a_pipe(call: Call, kb: pathlib.Path, command: tuple[str, ...]) -> None:
    """They waited for ever."""
    text = LESSON.read_text(encoding="utf-8").replace("title: When", "title: Whenever")
    LESSON.write_text(text, encoding="utf-8")
    ARTICLE.unlink()
    os.mkfifo(ARTICLE)
    assert call(*command, "--kb", "kb").code in (0, 1, 3)


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_the_article_of_a_lesson_may_be_no_name(call: Call, kb: pathlib.Path, command: tuple[str, ...]) -> None:
    """It was a bug of coachkb's."""
    text = LESSON.read_text(encoding="utf-8").replace("path: articles/dear.txt", r'path: "articles/a\0b.txt"')
    LESSON.write_text(text, encoding="utf-8")
    done = call(*command, "--kb", "kb")
    assert done.code in (0, 1, 3)
    assert "source.path holds characters that no file's name has here" in done.err + done.out


@pytest.mark.parametrize("path", ["../../secret.txt", "/etc/hostname"])
def test_an_article_that_is_a_link_out_is_not_shown(call: Call, kb: pathlib.Path, path: str) -> None:
    pathlib.Path("secret.txt").write_text("SECRET", encoding="utf-8")
    ARTICLE.unlink()
    ARTICLE.symlink_to(path)
    LESSON.write_text(LESSON.read_text(encoding="utf-8").replace("title: When", "title: Whenever"), encoding="utf-8")
    for command in (("show", "--explain", ID), ("diff", ID)):
        done = call(*command, "--kb", "kb")
        assert "SECRET" not in done.out + done.err
    assert "leads out of the knowledge base" in call("check", "--kb", "kb").out


@pytest.mark.parametrize("name", ["coachkb.yaml", "situations.yaml"])
@pytest.mark.parametrize("what", ["pipe", "folder", "dump"])
def test_settings_and_situations_may_be_anything(call: Call, kb: pathlib.Path, name: str, what: str) -> None:
    """A pipe made every command wait for ever."""
    (kb / name).unlink(missing_ok=True)
    if what == "pipe":
        os.mkfifo(kb / name)
    elif what == "folder":
        (kb / name).mkdir()
    else:
        (kb / name).write_bytes(b"#" * 1_100_000)
    for command in (("browse",), ("check",), ("config",)):
        done = call(*command, "--kb", "kb")
        assert done.code in (0, 1, 3), command
        assert name in done.err + done.out, command
        assert "bug" not in done.err, command


@pytest.mark.parametrize("take", [(), ("--take", "mine")])
def test_edit_says_what_is_skipped(
    call: Call, kb: pathlib.Path, take: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    (kb / "lessons/en/bad.yaml").write_text("a: [", encoding="utf-8")
    done = call("edit", "--kb", "kb", ID, *take)
    assert "coachkb: 1 file skipped" in done.err
