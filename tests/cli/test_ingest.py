"""Articles into a knowledge base: what is stored, under which name, what is left alone, and what is said."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest
import yaml

import coachkb
from coachkb import KnowledgeBase
from coachkb.errors import UsageError
from coachkb.store.files import sha256

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"


def tree(folder: pathlib.Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder, with its time and bytes."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def page(text: str) -> str:
    title, *paragraphs = text.strip().split("\n\n")
    body = "".join(f"<p>{p}</p>\n" for p in paragraphs)
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>\n{body}</article></body></html>"


@pytest.fixture
def told(call: Call) -> Callable[..., list[dict[str, Any]]]:
    """ingest ... --format json: its rows."""

    def command(*arguments: str, input: bytes = b"", code: int = 0) -> list[dict[str, Any]]:
        done = call("ingest", *arguments, "--format", "json", input=input)
        assert done.code == code, done
        rows = json.loads(done.out)["articles"]
        for row in rows:
            assert list(row) == ["path", "origin", "status", "reason", "lessons"]
        assert list(json.loads(done.out)) == ["articles"]
        return rows

    return command


Rows = Callable[..., list[dict[str, Any]]]


def test_new_then_unchanged_then_changed(told: Rows, call: Call, home: pathlib.Path, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert told("--kb", "kb", "dear.txt") == [
        {"path": "articles/dear.txt", "origin": "dear.txt", "status": "new", "reason": None, "lessons": [ID]}
    ]
    lesson = yaml.safe_load(pathlib.Path(f"kb/lessons/en/{ID}.yaml").read_text(encoding="utf-8"))
    assert lesson["source"]["sha256"] == sha256(pathlib.Path("kb/articles/dear.txt").read_bytes())
    for role in ("problem", "diagnosis", "tactic", "script"):
        for passage in lesson[role]:
            assert " ".join(article[passage["start"] : passage["end"]].split()) == passage["text"]
    before = tree(home)
    assert told("--kb", "kb", "dear.txt")[0]["status"] == "unchanged"
    done = call("ingest", "--kb", "kb", "dear.txt")
    assert "Nothing was rewritten" in done.out
    assert tree(home) == before
    pathlib.Path("dear.txt").write_text(article + "\nThe buyer is not your enemy.\n", encoding="utf-8")
    (row,) = told("--kb", "kb", "dear.txt")
    assert (row["status"], row["path"], row["lessons"]) == ("changed", "articles/dear.txt", [ID])
    assert told("--kb", "kb", "dear.txt")[0]["status"] == "unchanged"


def test_the_kb_that_ingest_is_pointed_at_is_made(call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "new/deep kb", "dear.txt").code == 0
    assert sorted(entry.name for entry in pathlib.Path("new/deep kb").iterdir()) == [
        ".gitattributes",
        "articles",
        "coachkb.yaml",
        "lessons",
    ]


def test_a_persons_edits_survive_a_new_version(told: Rows, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    told("--kb", "kb", "dear.txt")
    file = pathlib.Path(f"kb/lessons/en/{ID}.yaml")
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"situations:\n(  - .*\n)+", "# mine\nsituations:\n  - discount-demand\n", text, count=1)
    text = text.replace("author: null", "author: Me")
    text = text.replace("notes: null", "notes: |-\n  Works.").replace("status: draft", "status: approved")
    file.write_text(text, encoding="utf-8")
    edited = file.read_bytes()
    assert told("--kb", "kb", "dear.txt")[0]["status"] == "unchanged"
    assert file.read_bytes() == edited
    pathlib.Path("dear.txt").write_text("By Ann Other\n\n" + article, encoding="utf-8")
    assert told("--kb", "kb", "dear.txt")[0]["lessons"] == [ID]
    lesson = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert lesson["author"] == "Me"
    assert lesson["situations"][0] == "discount-demand"
    assert lesson["notes"] == "Works."
    assert lesson["review"]["status"] == "approved"
    assert "# mine\n" in file.read_text(encoding="utf-8")
    stored = pathlib.Path("kb/articles/dear.txt").read_text(encoding="utf-8")
    assert lesson["source"]["sha256"] == sha256(stored.encode())
    for passage in lesson["tactic"]:
        assert " ".join(stored[passage["start"] : passage["end"]].split()) == passage["text"]


def test_a_dropped_lesson_does_not_come_back(told: Rows, call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    told("--kb", "kb", "dear.txt")
    file = pathlib.Path(f"kb/lessons/en/{ID}.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("status: draft", "status: dropped"), encoding="utf-8")
    pathlib.Path("dear.txt").write_text(article + "\nThe buyer is not your enemy.\n", encoding="utf-8")
    told("--kb", "kb", "dear.txt")
    assert call("lookup", "--kb", "kb", "too expensive").code == 1
    assert json.loads(call("browse", "--kb", "kb", "--format", "json").out) == []
    assert json.loads(call("export", "--kb", "kb", "--format", "json").out) == []


def test_a_dry_run_writes_nothing(told: Rows, home: pathlib.Path, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    before = tree(home)
    assert told("--dry-run", "--kb", "kb", "dear.txt")[0]["status"] == "new"
    assert told("--dry-run", "dear.txt")[0]["status"] == "new"
    assert tree(home) == before
    assert not pathlib.Path("kb").exists()
    told("--kb", "kb", "dear.txt")
    pathlib.Path("dear.txt").write_text(article + "\nThe buyer is not your enemy.\n", encoding="utf-8")
    before = tree(home)
    assert told("--dry-run", "--kb", "kb", "dear.txt")[0]["status"] == "changed"
    assert tree(home) == before


# ------------------------------------------------------------------------------------------------ names and origins


def test_one_stem_from_two_folders_is_two_articles(told: Rows, article: str) -> None:
    for folder, what in (("a", "dear"), ("b", "costly")):
        pathlib.Path(folder).mkdir()
        pathlib.Path(folder, "x.txt").write_text(article.replace("dear", what), encoding="utf-8")
    rows = told("--kb", "kb", "a", "b")
    assert [(r["origin"], r["path"]) for r in rows] == [("a/x.txt", "articles/x.txt"), ("b/x.txt", "articles/x-2.txt")]
    rows = told("--kb", "kb", "b/x.txt", "a/x.txt")
    assert [(r["path"], r["status"]) for r in rows] == [
        ("articles/x-2.txt", "unchanged"),
        ("articles/x.txt", "unchanged"),
    ]


def test_an_article_that_teaches_nothing_takes_no_name(told: Rows, article: str) -> None:
    for folder, text in (("a", "Nothing here.\n"), ("b", article)):
        pathlib.Path(folder).mkdir()
        pathlib.Path(folder, "x.txt").write_text(text, encoding="utf-8")
    rows = told("--kb", "kb", "a", "b")
    assert [(r["path"], r["status"]) for r in rows] == [(None, "none"), ("articles/x.txt", "new")]
    assert rows[0]["reason"]


def test_an_absolute_path_is_the_same_origin(told: Rows, home: pathlib.Path, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert told("--kb", "kb", str(home / "dear.txt"))[0]["origin"] == "dear.txt"
    assert told("--kb", "kb", "dear.txt", "./dear.txt", str(home / "dear.txt"))[0]["status"] == "unchanged"


def test_no_absolute_path_gets_into_a_kb(told: Rows, home: pathlib.Path, tmp_path: pathlib.Path, article: str) -> None:
    (tmp_path / "dear.txt").write_text(article, encoding="utf-8")
    (row,) = told("--kb", "kb", str(tmp_path / "dear.txt"))
    assert not os.path.isabs(row["origin"])
    for name, (_, data) in tree(home / "kb").items():
        assert str(tmp_path).encode() not in data, name
        assert str(home).encode() not in data, name
    assert told("--kb", "kb", str(tmp_path / "dear.txt"))[0]["status"] == "unchanged"


def test_standard_input(told: Rows, article: str) -> None:
    data = article.encode("utf-8")
    stem = f"stdin-{sha256(data)[:8]}"
    (row,) = told("--kb", "kb", "-", input=data)
    assert (row["path"], row["origin"], row["status"]) == (f"articles/{stem}.txt", stem, "new")
    assert told("--kb", "kb", "-", input=data)[0]["status"] == "unchanged"
    (row,) = told("--kb", "kb", "-", input=page(article.replace("dear", "costly")).encode())
    assert row["path"].startswith("articles/stdin-")
    assert "<" not in pathlib.Path("kb", row["path"]).read_text(encoding="utf-8")


def test_the_kbs_own_articles(told: Rows, call: Call, article: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call("init", "kb")
    own = pathlib.Path("kb/articles")
    (own / "plain.txt").write_text(article, encoding="utf-8")
    (own / "web.html").write_text(page(article.replace("dear", "costly")), encoding="utf-8")
    (own / "sub").mkdir()
    (own / "sub" / "deep.md").write_text("# " + article.replace("dear", "steep"), encoding="utf-8")
    rows = {row["origin"]: row for row in told("--kb", "kb")}
    assert {origin: row["path"] for origin, row in rows.items()} == {
        "articles/plain.txt": "articles/plain.txt",
        "articles/web.html": "articles/web.txt",
        "articles/sub/deep.md": "articles/deep.md",
    }
    assert (own / "web.html").exists()
    before = tree(pathlib.Path("kb"))
    again = told("--kb", "kb")
    assert {row["status"] for row in again} == {"unchanged"}
    assert sorted(row["path"] for row in again) == sorted(row["path"] for row in rows.values())
    monkeypatch.chdir("kb")
    assert told() == again
    assert tree(pathlib.Path()) == before


def test_a_page_in_the_kbs_own_folder_was_stored_as_another_article(told: Rows, call: Call, article: str) -> None:
    call("init", "kb")
    pathlib.Path("kb/articles/dear.html").write_text(page(article), encoding="utf-8")
    assert told("--kb", "kb")[0]["path"] == "articles/dear.txt"


def test_two_suffixes_of_one_stem(told: Rows, article: str) -> None:
    pathlib.Path("x.txt").write_text(article, encoding="utf-8")
    pathlib.Path("x.html").write_text(page(article.replace("dear", "costly")), encoding="utf-8")
    assert [row["path"] for row in told("--kb", "kb", "x.txt", "x.html")] == ["articles/x.txt", "articles/x-2.txt"]


def test_an_article_that_went_missing_is_stored_again(told: Rows, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    told("--kb", "kb", "dear.txt")
    pathlib.Path("kb/articles/dear.txt").unlink()
    assert told("--kb", "kb", "dear.txt")[0]["status"] == "unchanged"
    assert pathlib.Path("kb/articles/dear.txt").read_text(encoding="utf-8") == article


def test_a_new_lesson_was_written_over_a_file_named_after_another(told: Rows, call: Call, article: str) -> None:
    call("init", "kb")
    hand = pathlib.Path(f"kb/lessons/en/{ID}.yaml")
    hand.parent.mkdir()
    hand.write_text("format: 1\nid: other\ntitle: Mine\nlanguage: en\nsituations: []\n", encoding="utf-8")
    mine = hand.read_bytes()
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    (row,) = told("--kb", "kb", "dear.txt")
    assert row["lessons"] != [ID]
    assert hand.read_bytes() == mine


def test_a_post_that_is_gone_keeps_its_lesson_and_ends_unchanged(told: Rows, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    told("--kb", "kb", "dear.txt")
    file = pathlib.Path(f"kb/lessons/en/{ID}.yaml")
    text = file.read_text(encoding="utf-8")
    extra = pathlib.Path("kb/lessons/en/extra.yaml")
    source = text[text.index("source:") : text.index("problem:")].replace("sha256: ", "sha256: 0")
    extra.write_text(f"format: 1\nid: extra\ntitle: Extra\nlanguage: en\nsituations: []\n{source}", encoding="utf-8")
    told("--kb", "kb", "dear.txt")
    before = tree(pathlib.Path("kb"))
    assert told("--kb", "kb", "dear.txt")[0]["status"] == "unchanged"
    assert tree(pathlib.Path("kb")) == before
    assert extra.exists()


def test_half_of_an_articles_lessons_were_written_when_one_of_them_was_broken(told: Rows, call: Call) -> None:
    archive = pathlib.Path(__file__).parents[2] / "articles" / "arkiv-salja-fran-noll.txt"
    text = archive.read_text(encoding="utf-8")
    pathlib.Path("x.txt").write_text(text, encoding="utf-8")
    (row,) = told("--kb", "kb", "x.txt")
    assert len(row["lessons"]) > 1
    last = next(pathlib.Path("kb/lessons").rglob(f"{row['lessons'][-1]}.yaml"))
    last.write_text("format: [", encoding="utf-8")
    before = tree(pathlib.Path("kb"))
    pathlib.Path("x.txt").write_text("\n\n" + text, encoding="utf-8")
    done = call("ingest", "--kb", "kb", "x.txt")
    assert (done.code, "mend or delete it first" in done.err) == (3, True)
    assert tree(pathlib.Path("kb")) == before


def test_a_name_that_is_not_utf8_was_a_bug_report(told: Rows, article: str) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        pathlib.Path(name).write_text(article, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (row,) = told("--kb", "kb", name)
    assert (row["status"], row["path"]) == ("new", "articles/caf.txt")


def test_a_file_whose_name_begins_like_an_address(told: Rows, article: str) -> None:
    pathlib.Path("www.example.com.txt").write_text(article, encoding="utf-8")
    assert told("--kb", "kb", "www.example.com.txt")[0]["path"] == "articles/www.example.com.txt"


@pytest.mark.parametrize("name", ["con.txt", "NUL.txt", "a:b.txt", "..x.txt", "-x.txt"])
def test_awkward_names(told: Rows, article: str, name: str) -> None:
    pathlib.Path(name).write_text(article, encoding="utf-8")
    (row,) = told("--kb", "kb", "./" + name)
    assert row["status"] == "new"
    assert os.path.dirname(row["path"]) == "articles"
    assert pathlib.Path("kb", row["path"]).is_file()


# --------------------------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda t: t.encode("utf-8"), id="utf-8"),
        pytest.param(lambda t: t.encode("utf-8-sig"), id="bom"),
        pytest.param(lambda t: t.replace("\n", "\r\n").encode("utf-8"), id="crlf"),
        pytest.param(lambda t: t.replace("\n", "\r").encode("utf-8"), id="cr"),
        pytest.param(lambda t: t.encode("cp1252"), id="cp1252"),
        pytest.param(lambda t: t.replace("\n", "\r\n").encode("utf-16"), id="utf-16"),
        pytest.param(lambda t: t.encode("utf-16-be"), id="utf-16-be without bom"),
    ],
)
def test_every_encoding_is_stored_as_utf8_with_lf(told: Rows, article: str, encode: Callable[[str], bytes]) -> None:
    text = article.replace("customer", "café owner – “naïve” as ever –")
    pathlib.Path("x.txt").write_bytes(encode(text))
    (row,) = told("--kb", "kb", "x.txt")
    assert row["status"] == "new"
    assert pathlib.Path("kb/articles/x.txt").read_bytes() == text.encode("utf-8")
    assert told("--kb", "kb", "x.txt")[0]["status"] == "unchanged"


def test_own_articles_in_another_encoding_become_utf8_in_place(told: Rows, call: Call, article: str) -> None:
    call("init", "kb")
    own = pathlib.Path("kb/articles/x.txt")
    own.write_bytes(article.replace("\n", "\r\n").encode("utf-8-sig"))
    assert told("--kb", "kb")[0]["status"] == "new"
    assert own.read_bytes() == article.encode("utf-8")
    own.write_bytes(article.replace("\n", "\r\n").encode("utf-8"))  # as an editor saved it
    assert told("--kb", "kb")[0]["status"] == "unchanged"
    assert own.read_bytes() == article.encode("utf-8")


def test_no_unicode_normalisation(told: Rows, article: str) -> None:
    text = article.replace("customer", "cafe\u0301 owner")
    pathlib.Path("x.txt").write_text(text, encoding="utf-8")
    told("--kb", "kb", "x.txt")
    assert pathlib.Path("kb/articles/x.txt").read_text(encoding="utf-8") == text


def test_the_same_text_from_somewhere_else_makes_no_second_lesson(tmp_path, article, call):
    """Regression: a page read from a folder and from standard input, or in two encodings, gave its lessons twice."""
    (tmp_path / "a.txt").write_text(article, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(article.encode("utf-16"))
    first = call("ingest", "--kb", tmp_path / "kb", "--format", "json", tmp_path / "a.txt")
    second = call("ingest", "--kb", tmp_path / "kb", "--format", "json", tmp_path / "b.txt")
    assert json.loads(first.out)["articles"][0]["status"] == "new"
    again = json.loads(second.out)["articles"][0]
    assert (again["status"], again["path"]) == ("unchanged", "articles/a.txt")
    assert len(list((tmp_path / "kb" / "lessons").rglob("*.yaml"))) == 1
    assert "; 1 lesson." in call("ingest", "--kb", tmp_path / "kb", tmp_path / "a.txt", tmp_path / "b.txt").out


def test_a_source_that_was_renamed_became_a_second_article_when_it_changed(told: Rows, article: str) -> None:
    """Its new name was forgotten, so nobody knew it when its text was another one; a copy beside it is none of it."""
    source, renamed = pathlib.Path("inbox/dear.txt"), pathlib.Path("inbox/price.txt")
    source.parent.mkdir()
    source.write_text(article, encoding="utf-8")
    assert told("--kb", "kb", "inbox")[0]["status"] == "new"
    renamed.write_text(article, encoding="utf-8")
    assert {row["origin"] for row in told("--kb", "kb", "inbox")} == {"inbox/dear.txt"}
    source.unlink()
    (row,) = told("--kb", "kb", "inbox")
    assert (row["status"], row["origin"], row["path"]) == ("changed", "inbox/price.txt", "articles/dear.txt")
    renamed.write_text(f"{article}\nThe buyer is not your enemy.\n", encoding="utf-8")
    (row,) = told("--kb", "kb", "inbox")
    assert (row["status"], row["path"], row["lessons"]) == ("changed", "articles/dear.txt", [ID])
    assert len(list(pathlib.Path("kb/articles").iterdir())) == 1


def test_an_approval_does_not_outlive_the_words_it_was_given_to(tmp_path, article, call):
    """Regression: an article changed, its lesson with it, and the card went on to say "approved"."""
    source = tmp_path / "a.txt"
    source.write_text(article, encoding="utf-8")
    call("ingest", "--kb", tmp_path / "kb", source)
    lesson = next((tmp_path / "kb" / "lessons").rglob("*.yaml"))
    text = lesson.read_text(encoding="utf-8").replace("status: draft", "status: approved\n  by: Els", 1)
    lesson.write_text(text.replace("\n  by: null", "", 1), encoding="utf-8")
    source.write_text(article.replace("Write down what", "Note on paper what"), encoding="utf-8")
    told = call("ingest", "--kb", tmp_path / "kb", source)
    assert "changed under an approval" in told.err
    assert "status: draft" in lesson.read_text(encoding="utf-8")


def test_an_article_that_lies_elsewhere_is_listed_by_its_name(
    call: Call, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("far/one", "far/two", "here"):
        pathlib.Path(folder).mkdir(parents=True)
    for path in ("far/one/dear.txt", "far/one/same.txt", "far/two/same.txt"):
        pathlib.Path(path).write_text(article.replace("a month", f"a month ({path})"), encoding="utf-8")
    monkeypatch.chdir("here")
    lines = call("ingest", "--kb", "kb", "../far/one", "../far/two").out.splitlines()
    assert [line.split()[-1] for line in lines if line[0] != " "][:3] == [
        "dear.txt",
        "../far/one/same.txt",  # two of a name: by where they lie
        "../far/two/same.txt",
    ]


# ------------------------------------------------------------------------------------- a KB is made when it is needed


def test_no_kb_is_made_of_nothing_and_one_that_is_made_is_told(call: Call, home: pathlib.Path, article: str) -> None:
    """A mistyped --kb became a knowledge base without a word, and nothing at all made one in the home folder."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    for line in (("--kb", "tpyo", os.devnull), ("-",), ()):
        assert call("ingest", *line).code == 3
        assert call("ingest", *line, "--dry-run").code == 3
    assert [path.name for path in home.rglob("coachkb.yaml")] == []
    assert call("ingest", "--kb", "typo", "dear.txt").err == "coachkb: made a knowledge base in typo\n"
    assert "made" not in call("ingest", "--kb", "typo", "dear.txt").err
    own = call("ingest", "-", input=article.encode())
    assert own.err.startswith("coachkb: made a knowledge base in ") and "coachkb/kb" in own.err


def test_an_empty_path_of_a_kb_is_refused(call: Call) -> None:
    """It was taken for none, and another knowledge base written to."""
    for line in (("lookup", "te duur"), ("ingest", "x.txt"), ("info",), ("init",)):
        code, out, err = call(*line, "--kb", "")
        assert (code, out) == (2, "") and err.startswith("coachkb: --kb: the path is empty")
    with pytest.raises(UsageError, match="empty"):
        KnowledgeBase.open("")


def test_strict_tells_by_its_exit_code_that_an_article_failed(call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt", "none.txt").code == 0
    assert call("ingest", "--kb", "kb", "--strict", "dear.txt", "none.txt").code == 1
    assert call("ingest", "--kb", "kb", "--strict", "dear.txt").code == 0
    assert call("ingest", "--kb", "kb", "--strict", "none.txt").code == 3


def test_what_is_not_taken_is_named_as_it_was_typed(call: Call, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    pathlib.Path("kb/articles/link.txt").symlink_to("nowhere")
    pathlib.Path("link.txt").symlink_to("/nowhere")
    pathlib.Path("kb/lessons/en/x.yaml").mkdir()
    err = call("ingest", "--kb", "kb", os.devnull, "link.txt", "kb/articles").err
    assert "coachkb: /dev/null: is not a file\n" in err
    assert "coachkb: link.txt: there is no such file\n" in err
    assert "coachkb: articles/link.txt: " in err and "nowhere" not in err
    assert "lessons/en/x.yaml: is a folder" in err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_fault_in_a_language_file_is_told_as_that_files(
    run: Call, home: pathlib.Path, article: str, jobs: str
) -> None:
    """It was told of each article as a bug of coachkb's, to be reported."""
    for n in "ab":
        pathlib.Path(f"{n}.txt").write_text(article + n, encoding="utf-8")
    copy = shutil.copytree(pathlib.Path(coachkb.__file__).parent, home / "try" / "coachkb")
    swedish = copy / "data" / "languages" / "sv.yaml"
    text = swedish.read_text(encoding="utf-8")
    swedish.write_text(re.sub(r"^stemmer: .*", "stemmer: klingon", text, flags=re.MULTILINE), encoding="utf-8")
    line = ("ingest", "--kb", "kb", "--jobs", jobs, "a.txt", "b.txt")
    done = run(*line, env={"PYTHONPATH": str(home / "try")})
    assert (done.code, done.out) == (3, "")
    assert done.err == f"coachkb: {swedish}: stemmer: snowballstemmer has nothing called 'klingon'\n"
