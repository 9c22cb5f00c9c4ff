"""export and coverage: which lessons go out, what is said of them, and that a folder keeps what people put there."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.jobs import exporting

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
PAGE = pathlib.Path(f"book/en/{ID}.md")


@pytest.fixture
def kb(call: Call, article: str, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Inside a KB, with a draft from an article, a lesson by hand, and the starter below them."""
    monkeypatch.setenv("COACHKB_USER", "ann")
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "kb", "dear.txt")
    call("new", "--kb", "kb", "--lang", "nl", "--situation", "too-expensive", "--no-edit", "Te duur")
    path = pathlib.Path("kb/lessons/nl/te-duur.yaml")
    path.write_text(
        path.read_text(encoding="utf-8").replace("\ntactic:\n", "\ntactic: [Vraag door.]\n"), encoding="utf-8"
    )
    monkeypatch.chdir("kb")
    return pathlib.Path.cwd()


def ids(text: str) -> set[str]:
    return {lesson["id"] for lesson in json.loads(text)}


def test_drafts_and_the_starter_can_be_left_out(call: Call, kb: pathlib.Path) -> None:
    own = call("export", "--format", "json", "--no-starter")
    assert ids(own.out) == {ID, "te-duur"}
    assert own.err == ""
    told = call("export", "-o", "x.json", "--no-starter")
    assert told.err == "coachkb: written to x.json: 2 lessons; 2 drafts among them (--approved leaves drafts out)\n"
    call("review", "--batch", "accept", "--id", ID)
    done = call("export", "--format", "json", "--no-starter", "--approved")
    assert ids(done.out) == {ID}
    everything = call("export", "--format", "json", "--approved")
    assert ids(everything.out) > {ID}
    assert "te-duur" not in ids(everything.out)
    assert all(lesson["review"]["status"] == "approved" for lesson in json.loads(everything.out))


@pytest.mark.parametrize("command", ["export", "coverage"])
def test_inside_a_kb_it_is_said_whose_lessons_there_are(call: Call, kb: pathlib.Path, command: str) -> None:
    starters = len(ids(call("export", "--format", "json").out)) - 2
    assert f"2 of your own, {starters} of the starter (--no-starter leaves those out)" in call(command).err
    assert "starter" not in call(command, "--no-starter").err
    assert "starter" not in call(command, "--kb", ".").err  # a KB that is named stands alone


def test_coverage_without_the_starter_counts_ones_own(call: Call, kb: pathlib.Path) -> None:
    rows = json.loads(call("coverage", "--no-starter", "--format", "json").out)["situations"]
    lessons = [cell["lessons"] for row in rows for cell in row["languages"].values()]
    own = json.loads(call("export", "--no-starter", "--format", "json").out)
    assert sum(lessons) == sum(len(lesson["situations"]) for lesson in own)


def test_nothing_to_export_says_which_options_left_all_out(call: Call, kb: pathlib.Path) -> None:
    done = call("export", "--no-starter", "--approved", "-o", "book")
    assert (done.code, done.out) == (1, "")
    assert "no lessons to export (with --approved and --no-starter)" in done.err
    assert not pathlib.Path("book").exists()


@pytest.mark.parametrize("name", ["x.html", "deep/x.PDF", "x.markdown"])
def test_a_file_of_another_format_is_refused(call: Call, kb: pathlib.Path, name: str) -> None:
    done = call("export", "-o", name)
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "X.md or X.json is a file, X/ a folder of pages" in done.err
    assert not pathlib.Path(name).exists()


@pytest.mark.parametrize("name", ["book", "v.2", "x.html/", "2026.01"])
def test_other_names_are_folders(call: Call, kb: pathlib.Path, name: str) -> None:
    assert call("export", "--no-starter", "-o", name).code == 0
    assert pathlib.Path(name, "index.md").is_file()


def test_a_folder_that_is_there_may_have_any_name(call: Call, kb: pathlib.Path) -> None:
    pathlib.Path("our.notes").mkdir()
    assert call("export", "--no-starter", "-o", "our.notes").code == 0


def test_pages_of_lessons_that_are_gone_go(call: Call, kb: pathlib.Path) -> None:
    call("export", "--no-starter", "-o", "book")
    pathlib.Path("book/en/notes.md").write_text("mine", encoding="utf-8")
    call("review", "--batch", "drop", "--id", ID)
    done = call("export", "--no-starter", "-o", "book")
    assert "1 page of lessons that are not among them taken away" in done.err
    assert {str(path) for path in pathlib.Path("book").rglob("*.md")} == {
        "book/index.md",
        "book/en/notes.md",
        "book/nl/te-duur.md",
    }
    call("export", "--no-starter", "-o", "book", "--only-lang", "en")
    call("export", "--no-starter", "-o", "book", "--only-lang", "nl")
    assert not list(pathlib.Path("book/en").glob(f"{ID}*"))


def test_a_page_that_somebody_changed_is_neither_removed_nor_written_over(call: Call, kb: pathlib.Path) -> None:
    call("export", "--no-starter", "-o", "book")
    PAGE.write_text("mine", encoding="utf-8")
    done = call("export", "--no-starter", "-o", "book")
    assert done.code == 3
    assert f"{PAGE}: was changed since coachkb wrote it, and stays" in done.err
    for _ in range(2):  # and it is still known for changed the next time
        done = call("export", "--no-starter", "-o", "book", "--only-lang", "nl")
        assert (done.code, "you changed the page, so it stays" in done.err) == (0, True)
    assert PAGE.read_text(encoding="utf-8") == "mine"


def test_a_persons_own_file_is_not_written_over(call: Call, kb: pathlib.Path) -> None:
    pathlib.Path("book").mkdir()
    pathlib.Path("book/index.md").write_text("our handbook", encoding="utf-8")
    done = call("export", "--no-starter", "-o", "book")
    assert done.code == 3
    assert "book/index.md: was not written by coachkb, and stays" in done.err
    assert [path.name for path in pathlib.Path("book").iterdir()] == ["index.md"]
    assert pathlib.Path("book/index.md").read_text(encoding="utf-8") == "our handbook"


def test_line_ends_that_git_turned_are_no_change(call: Call, kb: pathlib.Path) -> None:
    call("export", "--no-starter", "-o", "book")
    PAGE.write_bytes(PAGE.read_bytes().replace(b"\n", b"\r\n"))
    assert call("export", "--no-starter", "-o", "book").code == 0


def test_what_an_export_that_was_cut_short_wrote_is_known(
    call: Call, kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str, data: bytes) -> None:
        if path.endswith("te-duur.md"):
            raise OSError(28, "No space left on device", path)
        write(path, data)

    write = exporting.atomic_write
    with monkeypatch.context() as patch:
        patch.setattr(exporting, "atomic_write", full)
        done = call("export", "--no-starter", "-o", "book")
        assert (done.code, "te-duur.md: cannot be written (No space left on device)" in done.err) == (3, True)
    assert PAGE.is_file()
    call("export", "--no-starter", "-o", "book", "--only-lang", "nl")
    assert not PAGE.exists()


def test_a_manifest_that_names_files_elsewhere_takes_nothing_away(call: Call, kb: pathlib.Path) -> None:
    victim = pathlib.Path("victim.md")
    victim.write_text("mine", encoding="utf-8")
    pathlib.Path("book").mkdir()
    digest = exporting._digest(b"mine")
    pathlib.Path("book", exporting.MANIFEST).write_text(f"{digest}  ../victim.md\n{digest}  {victim.absolute()}\n?\n")
    assert call("export", "--no-starter", "-o", "book").code == 0
    assert victim.is_file()


def test_a_lesson_that_was_begun_and_says_nothing_is_neither_served_nor_exported_nor_counted(
    call: Call, kb: pathlib.Path
) -> None:
    before = call("coverage", "--no-starter", "--format", "json")[1]
    for title in ("Pancakes one", "Pancakes two"):  # into a new index, and into one that is brought up to date
        assert call("new", "--kb", ".", "--lang", "en", "--situation", "procurement", "--no-edit", title)[0] == 0
        id_ = title.lower().replace(" ", "-")
        assert id_ not in call("lookup", "--kb", ".", "--format", "json", title)[1]
        assert id_ not in call("say", "--kb", ".", "you have to go through procurement")[2]
        assert id_ not in call("export", "--kb", ".", "--format", "json")[1]
        assert f"({id_}; unfinished)" in call("browse", "--kb", ".")[1]
        assert id_ in call("check", "--kb", ".", "--stale")[1]
    assert call("coverage", "--no-starter", "--format", "json")[1] == before
    path = kb / "lessons" / "en" / "pancakes-one.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\ntactic:\n", "\ntactic: [Flip them.]\n"), encoding="utf-8")
    assert "pancakes-one" in call("lookup", "--kb", ".", "--format", "json", "Pancakes one")[1]
    path.write_text(text, encoding="utf-8")
    assert "pancakes-one" not in call("lookup", "--kb", ".", "--format", "json", "Pancakes one")[1]
