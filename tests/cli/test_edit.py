"""edit, new and diff: what comes back from an editor, what is settled, and that no typing is ever lost."""

from __future__ import annotations

import json
import pathlib
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.errors import NotFound, UsageError
from coachkb.kb import KnowledgeBase

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"
LESSON = pathlib.Path(f"kb/lessons/en/{ID}.yaml")
WAIT = "Ask what he compares it with, and then be quiet."


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    """A KB, kb, with one lesson."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    return pathlib.Path("kb")


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Callable[..., pathlib.Path]:
    """editor("text = ...", "text = ..."): the user's editor runs one of these on the text each time it is opened."""

    def command(*steps: str) -> pathlib.Path:
        script, seen = tmp_path / "my editor.py", tmp_path / "seen"
        script.write_text(
            "import pathlib, re, sys\n"
            f"seen, steps = pathlib.Path({str(seen)!r}), {list(steps)!r}\n"
            "n = len(list(seen.parent.glob('seen*')))\n"
            "path = pathlib.Path(sys.argv[1])\n"
            "text = path.read_text(encoding='utf-8')\n"
            "pathlib.Path(f'{seen}{n}').write_text(text, encoding='utf-8')\n"
            "space = {'text': text, 're': re, 'pathlib': pathlib}\n"
            "exec(steps[n], space)\n"
            "data = space['text']\n"
            "path.write_bytes(data if isinstance(data, bytes) else data.encode('utf-8'))\n"
            "sys.exit(space.get('code', 0))\n",
            encoding="utf-8",
        )
        monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")
        return seen

    return command


Editor = Callable[..., pathlib.Path]


def kept(err: str) -> str:
    """What was typed, from the file that the message names."""
    path = re.search(r"what you typed is in (\S+)", err)
    assert path, err
    return pathlib.Path(path[1]).read_text(encoding="utf-8")


def copies() -> list[pathlib.Path]:
    return list(pathlib.Path(".local/state/coachkb/edits").glob("*"))


def disagree(call: Call, article: str) -> None:
    """Edits the lesson by hand where the article then changes."""
    text = LESSON.read_text(encoding="utf-8").replace(WAIT, "Ask, then wait.").replace("author: null", "author: Me", 1)
    LESSON.write_text(text, encoding="utf-8")
    new = article.replace("too dear\n", "too dear\n\nBy Carys Penhallow\n", 1).replace("be quiet.", "hold your tongue.")
    pathlib.Path("dear.txt").write_text(new, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0


# ------------------------------------------------------------------------------------------------------------ edit


def test_an_edit_is_put_in_place_and_found(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    editor("text = text.replace('too dear', 'far too steep')")
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, done.out) == (0, f"kb/lessons/en/{ID}.yaml\n")
    assert "far too steep" in LESSON.read_text(encoding="utf-8")
    assert "far too steep" in call("lookup", "--kb", "kb", "far too steep").out
    assert "edit" in call("log", "--kb", "kb").out
    assert copies() == []


def test_unchanged_is_said(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    editor("pass")
    before = LESSON.stat().st_mtime_ns
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, done.out, done.err) == (0, "", "coachkb: nothing was changed.\n")
    assert LESSON.stat().st_mtime_ns == before
    assert copies() == []


def test_what_comes_back_broken_is_shown_and_opened_again(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    seen = editor(
        "text = text.replace('language: en', 'language: [en')",
        "text = text.replace('[en', 'en\\ndate: 2020-01-01').replace('date: null', '')",
    )
    done = call("edit", "--kb", "kb", ID, input=b"y\n")
    assert done.code == 0, done
    assert f"lessons/en/{ID}.yaml, line " in done.err
    assert re.search(r"> +\d+ \| ", done.err)
    assert "Open it again?" in done.err
    assert "[en" in pathlib.Path(f"{seen}1").read_text(encoding="utf-8")
    assert "date: 2020-01-01" in LESSON.read_text(encoding="utf-8")
    assert copies() == []


@pytest.mark.parametrize("answer", [b"n\n", b""], ids=["no", "nobody there"])
def test_giving_up_keeps_what_was_typed(kb: pathlib.Path, call: Call, editor: Editor, answer: bytes) -> None:
    editor("text = text.replace('language: en', 'language: [en') + '# mine'", "pass")
    before = LESSON.read_bytes()
    done = call("edit", "--kb", "kb", ID, input=answer)
    assert (done.code, done.out) == (3, "")
    assert kept(done.err).endswith("# mine")
    assert LESSON.read_bytes() == before
    assert f"'coachkb edit --kb kb {ID} --resume' goes on with it" in done.err
    again = call("edit", "--kb", "kb", ID)
    assert "an earlier edit" in again.err and str(copies()[0]) in again.err
    assert f"'coachkb edit --kb kb {ID} --discard' takes it away" in again.err


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("text = text.encode('utf-16')", "is not UTF-8"),
        ("text = ''", "is empty"),
        ("text = text.replace('id: when', 'id: if')", "never changes"),
        ("text = text.replace('format: 1', 'format: 9')", "newer coachkb"),
        ("text = '<<<<<<< mine\\n' + text", "merge conflict"),
        ("text = text.replace('title: ', 'title: \\x1b[31m')", "not valid YAML"),
    ],
)
def test_every_kind_of_broken(kb: pathlib.Path, call: Call, editor: Editor, step: str, told: str) -> None:
    editor(step)
    before = LESSON.read_bytes()
    done = call("edit", "--kb", "kb", ID)
    assert done.code == 3
    assert told in done.err
    assert "\x1b" not in done.err
    assert LESSON.read_bytes() == before
    assert len(copies()) == 1


def test_a_file_that_changed_meanwhile_is_not_overwritten(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    where = str(LESSON.resolve())
    editor(f"text += '# mine\\n'; pathlib.Path({where!r}).open('a').write('# another hand\\n')")
    done = call("edit", "--kb", "kb", ID)
    assert done.code == 3
    assert "was changed while you edited it" in done.err
    assert LESSON.read_text(encoding="utf-8").endswith("# another hand\n")
    assert kept(done.err).endswith("# mine\n")


def test_an_editor_that_fails(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    editor("code = 1", "text += '# mine\\n'; code = 1")
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, "nothing was changed" in done.err, copies()) == (3, True, [])
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, kept(done.err).endswith("# mine\n")) == (3, True)


@pytest.mark.parametrize(("told", "why"), [("nosuch-editor -w", "is not there"), ("vi 'x", "is no command")])
def test_an_editor_that_is_none(
    kb: pathlib.Path, call: Call, monkeypatch: pytest.MonkeyPatch, told: str, why: str
) -> None:
    monkeypatch.setenv("VISUAL", told)
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, why in done.err, copies()) == (2, True, [])


def test_no_home_folder(kb: pathlib.Path, call: Call, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    editor("text = text.replace('language: en', 'language: [en') + '# mine'")
    monkeypatch.setenv("HOME", "/nonexistent")
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, kept(done.err).endswith("# mine")) == (3, True)


def test_an_edit_that_was_not_saved_is_resumed(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    seen = editor("text = text.replace('language: en', 'language: [en') + '# mine'", "text = text.replace('[en', 'en')")
    assert call("edit", "--kb", "kb", ID).code == 3
    done = call("edit", "--kb", "kb", ID, "--resume")
    assert done.code == 0, done
    assert pathlib.Path(f"{seen}1").read_text(encoding="utf-8").endswith("# mine")
    assert LESSON.read_text(encoding="utf-8").endswith("# mine")
    assert copies() == []
    done = call("edit", "--kb", "kb", ID, "--resume")
    assert (done.code, done.err) == (1, f"coachkb: there is no unsaved edit of {ID}\n")


def test_an_edit_is_not_resumed_over_another_one(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    editor("text = text.replace('language: en', 'language: [en') + '# mine'")
    call("edit", "--kb", "kb", ID)
    LESSON.write_text(LESSON.read_text(encoding="utf-8") + "# another hand\n", encoding="utf-8")
    done = call("edit", "--kb", "kb", ID, "--resume")
    assert done.code == 3
    assert str(copies()[0]) in done.err and f"coachkb edit --kb kb {ID} --discard" in done.err
    assert LESSON.read_text(encoding="utf-8").endswith("# another hand\n")


def test_unsaved_edits_are_discarded_and_those_of_another_kb_stay(
    kb: pathlib.Path, call: Call, editor: Editor, article: str
) -> None:
    call("ingest", "--kb", "other", "dear.txt")
    editor(*["text += 'x: [\\n'"] * 3)
    call("edit", "--kb", "other", ID)
    for _ in range(2):
        call("edit", "--kb", "kb", ID)
    assert len(copies()) == 3
    done = call("edit", "--kb", "kb", ID, "--discard")
    assert (done.code, done.err) == (0, f"coachkb: 2 unsaved edits of {ID} discarded\n")
    assert len(copies()) == 1
    assert call("edit", "--kb", "kb", ID, "--discard").code == 1
    assert call("edit", "--kb", "kb", ID, "--discard", "--take", "mine").code == 2


def test_unknown_words_are_shown_with_their_lines_and_kept_where_nobody_can_be_asked(
    kb: pathlib.Path, call: Call, editor: Editor
) -> None:
    editor("text = re.sub('situations:\\n  - \\\\S+', 'situations:\\n  - too-expensiv', text) + 'tatic: [Ask.]\\n'")
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, done.out) == (1, f"kb/lessons/en/{ID}.yaml\n")
    lines = LESSON.read_text(encoding="utf-8").splitlines()
    for text, told in (
        ("  - too-expensiv", "unknown situation 'too-expensiv': did you mean too-expensive?"),
        ("tatic: [Ask.]", "unknown key 'tatic': did you mean tactic?"),
    ):
        number = lines.index(text) + 1
        assert f"lessons/en/{ID}.yaml, line {number}: {told}" in done.err
    assert copies() == []


def test_an_edit_with_an_unknown_word_settles_no_conflict(
    kb: pathlib.Path, call: Call, editor: Editor, article: str
) -> None:
    LESSON.write_text(LESSON.read_text(encoding="utf-8").replace(WAIT, "Ask him, and wait."), encoding="utf-8")
    pathlib.Path("dear.txt").write_text(article.replace("then be quiet", "then say nothing"), encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    wrong = "text = re.sub('situations:\\n  - \\S+', 'situations:\\n  - too-expansive', text)"
    editor(f"{wrong}.replace('Ask him, and wait.', 'Ask him.')", "text = text.replace('too-expansive', 'too-expensive')",
           "text = text.replace('Ask him.', 'Ask, wait.')")  # fmt: skip
    done = call("edit", "--kb", "kb", ID)
    assert (done.code, "unknown situation 'too-expansive'" in done.err, "settled" in done.err) == (1, True, False)
    assert "still to settle: tactic" in done.err
    assert "Ask him." in LESSON.read_text(encoding="utf-8")
    assert "still to settle: tactic" in call("edit", "--kb", "kb", ID).err
    assert "settled with this: tactic" in call("edit", "--kb", "kb", ID).err


def test_a_broken_file_can_be_mended(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    LESSON.write_text(LESSON.read_text(encoding="utf-8").replace("language: en", "language: [en"), encoding="utf-8")
    editor("text = text.replace('[en', 'en')")
    assert call("edit", "--kb", "kb", ID).code == 0
    assert call("show", "--kb", "kb", ID).code == 0


def test_reworded_passages_stand_nowhere_in_the_article(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    editor(f"text = text.replace({WAIT!r}, 'Ask, then wait.')")
    assert call("edit", "--kb", "kb", ID).code == 0
    shown = json.loads(call("show", "--kb", "kb", ID, "--format", "json").out)
    (passage,) = [p for p in shown["tactic"] if p["text"] == "Ask, then wait."]
    assert passage["start"] is None
    assert call("check", "--kb", "kb").code == 0


def test_an_unknown_lesson(kb: pathlib.Path, call: Call) -> None:
    done = call("edit", "--kb", "kb", ID[:-1])
    assert (done.code, f"did you mean {ID}?" in done.err) == (1, True)


# -------------------------------------------------------------------------------------------------- the starter's


def starters() -> str:
    return KnowledgeBase.open().browse(language="en")[0].id


def test_a_starters_lesson_is_read_only(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = starters()
    done = call("edit", id_)
    assert (done.code, "read-only" in done.err, "coachkb init" in done.err) == (2, True, True)
    assert call("edit", "--copy", id_).code == 3
    call("init", "kb")
    assert call("edit", "--kb", "kb", id_).code == 1
    monkeypatch.chdir("kb")
    done = call("edit", id_)
    assert (done.code, f"'coachkb edit --copy {id_}'" in done.err) == (2, True)
    assert call("edit", "--copy", "nope").code == 1


def test_a_starters_lesson_becomes_ones_own(call: Call, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = starters()
    call("init", "kb")
    monkeypatch.chdir("kb")
    editor("pass", "text = text.replace('notes: null', 'notes: Mine')", "text += '# again\\n'")
    assert "nothing was copied" in call("edit", "--copy", id_).err
    assert list(pathlib.Path("lessons").rglob("*.yaml")) == []
    assert call("edit", "--copy", id_).code == 0
    shown = json.loads(call("show", id_, "--format", "json").out)
    assert shown["notes"] == "Mine"
    assert pathlib.Path(shown["source"]["path"]).is_file()
    assert call("check").code in (0, 1)
    assert call("edit", "--copy", id_).code == 0  # one's own by now
    assert pathlib.Path(f"lessons/en/{id_}.yaml").read_text(encoding="utf-8").endswith("# again\n")
    (row,) = json.loads(call("ingest", "--format", "json").out)["articles"]
    assert id_ in row["lessons"]


def test_a_copy_beside_an_article_of_the_same_name(call: Call, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = starters()
    name = pathlib.PurePath(KnowledgeBase.open().lesson(id_).source.path or "")
    call("init", "kb")
    monkeypatch.chdir("kb")
    pathlib.Path(name).write_text("Mine.\n", encoding="utf-8")
    editor("text = text.replace('notes: null', 'notes: Mine')")
    assert call("edit", "--copy", id_).code == 0
    assert pathlib.Path(name).read_text(encoding="utf-8") == "Mine.\n"
    shown = json.loads(call("show", id_, "--format", "json").out)
    assert shown["source"]["path"] == f"articles/{name.stem}-2{name.suffix}"


# ------------------------------------------------------------------------------------------------ diff and settling


def test_diff_of_what_nobody_touched(kb: pathlib.Path, call: Call) -> None:
    done = call("diff", "--kb", "kb", ID)
    assert (done.code, done.out, done.err) == (0, "", f"coachkb: {ID} is as the machine wrote it.\n")
    assert call("diff", "--kb", "kb", "nope").code == 1


def test_diff_shows_what_a_person_changed(kb: pathlib.Path, call: Call) -> None:
    text = LESSON.read_text(encoding="utf-8")
    text = text.replace(WAIT, "Ask, then wait.").replace("title: When", "title: Whenever", 1)
    text = text.replace("author: null", "author: Me", 1)
    LESSON.write_text(text, encoding="utf-8")
    done = call("diff", "--kb", "kb", ID)
    lines = done.out.splitlines()
    assert lines[:2] == ["--- the machine's", f"+++ yours, lessons/en/{ID}.yaml"]
    assert "-When the buyer says it is too dear" in lines and "+Whenever the buyer says it is too dear" in lines
    assert any(line.startswith("-") and line.endswith(WAIT) for line in lines)
    assert any(line.startswith("+") and line.endswith("Ask, then wait.") for line in lines)
    assert "+Me" in lines
    told = json.loads(call("diff", "--kb", "kb", ID, "--format", "json").out)
    assert list(told) == ["id", "file", "conflict", "fields"]
    assert (told["conflict"], [x["field"] for x in told["fields"]]) == (False, ["title", "author", "tactic"])
    assert all(list(x) == ["field", "machine", "yours", "known"] and x["known"] for x in told["fields"])
    pathlib.Path("kb/articles/dear.txt").unlink()
    told = json.loads(call("diff", "--kb", "kb", ID, "--format", "json").out)
    assert [x["known"] for x in told["fields"]] == [False, True, False]  # the machine had found no author
    assert "not known any more" in call("diff", "--kb", "kb", ID).out


def test_diff_of_a_lesson_by_hand(kb: pathlib.Path, call: Call) -> None:
    call("new", "--kb", "kb", "--lang", "en", "--no-edit", "Mine")
    assert "written by hand" in call("diff", "--kb", "kb", "mine").err


def test_diff_without_an_id_lists_the_conflicts(kb: pathlib.Path, call: Call, article: str) -> None:
    done = call("diff", "--kb", "kb")
    assert (done.code, done.out, "no lesson has a conflict" in done.err) == (0, "", True)
    disagree(call, article)
    done = call("diff", "--kb", "kb")
    assert (done.code, done.out) == (0, f"{ID}  author, tactic\n")
    assert "in 1 lesson an article changed" in done.err and "'coachkb diff --kb kb ID'" in done.err
    (told,) = json.loads(call("diff", "--kb", "kb", "--format", "json").out)
    assert told == json.loads(call("diff", "--kb", "kb", ID, "--format", "json").out)
    call("edit", "--kb", "kb", ID, "--take", "mine")
    assert call("diff", "--kb", "kb").out == ""


def test_a_conflict_is_shown_and_settled_field_by_field(kb: pathlib.Path, call: Call, article: str) -> None:
    disagree(call, article)
    done = call("diff", "--kb", "kb", ID)
    assert done.out.startswith("--- the machine's\n+++ yours")
    assert "-Carys Penhallow\n+Me\n" in done.out
    assert "coachkb edit" in done.err
    told = json.loads(call("diff", "--kb", "kb", ID, "--format", "json").out)
    assert (told["conflict"], [x["field"] for x in told["fields"]]) == (True, ["author", "tactic"])
    done = call("edit", "--kb", "kb", ID, "--take", "machine", "--field", "tactic")
    assert (done.code, "still to settle: author" in done.err) == (0, True)
    assert "hold your tongue" in LESSON.read_text(encoding="utf-8")
    assert "Ask, then wait." not in LESSON.read_text(encoding="utf-8")
    assert call("edit", "--kb", "kb", ID, "--take", "mine").code == 0
    assert "author: Me" in LESSON.read_text(encoding="utf-8")
    assert "proposed" not in LESSON.read_text(encoding="utf-8")
    assert call("edit", "--kb", "kb", ID, "--take", "mine").code == 1
    assert json.loads(call("diff", "--kb", "kb", ID, "--format", "json").out)["conflict"] is False


def test_taking_the_machines_words_reopens_an_approval(kb: pathlib.Path, call: Call, article: str) -> None:
    disagree(call, article)
    text = LESSON.read_text(encoding="utf-8").replace("status: draft", "status: approved")
    LESSON.write_text(text, encoding="utf-8")
    assert "a draft again" not in call("edit", "--kb", "kb", ID, "--take", "machine", "--field", "author").err
    assert "a draft again" in call("edit", "--kb", "kb", ID, "--take", "machine").err
    assert "status: draft" in LESSON.read_text(encoding="utf-8")


def test_a_conflict_in_the_editor(kb: pathlib.Path, call: Call, article: str, editor: Editor) -> None:
    disagree(call, article)
    seen = editor("pass", "text = text.replace('author: Me', 'author: Me and Ann')")
    assert "still to settle: author, tactic" in call("edit", "--kb", "kb", ID).err
    shown = pathlib.Path(f"{seen}0").read_text(encoding="utf-8")
    assert "#|     Carys Penhallow\n" in shown
    done = call("edit", "--kb", "kb", ID)
    assert "settled with this: author." in done.err
    assert "still to settle: tactic" in done.err
    text = LESSON.read_text(encoding="utf-8")
    assert ("author: Me and Ann" in text, "#|" in text, "Carys Penhallow" in text) == (True, False, False)


def test_lines_are_those_of_what_the_person_looks_at(
    kb: pathlib.Path, call: Call, article: str, editor: Editor
) -> None:
    """While the editor is open, notes stand over the lesson; in the file they do not."""
    disagree(call, article)
    seen = editor(
        "text = text.replace('language: en', 'langauge: en\\nlanguage: [en')", "text = text.replace('[en', 'en')"
    )
    done = call("edit", "--kb", "kb", ID, input=b"y\n")
    assert done.code == 1, done
    shown = pathlib.Path(f"{seen}1").read_text(encoding="utf-8").splitlines()
    told = re.search(r"as your editor shows it, line (\d+): is not valid YAML", done.err)
    assert told and shown[int(told[1]) - 1] == "language: [en"
    told = re.search(r"yaml, line (\d+): unknown key 'langauge'", done.err)
    assert told and LESSON.read_text(encoding="utf-8").splitlines()[int(told[1]) - 1] == "langauge: en"


def test_a_proposal_never_becomes_part_of_the_file(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    """Whoever writes a KB's files must not write into the file of who edits one."""
    text = LESSON.read_text(encoding="utf-8") + '  proposed:\n    author: "A\\nreview: {status: approved}\\x1b[2J"\n'
    LESSON.write_text(text.replace("format: 1", "#| mine\nformat: 1"), encoding="utf-8")
    seen = editor("text = text.replace('notes: null', 'notes: N')")
    assert call("edit", "--kb", "kb", ID).code == 0
    shown = pathlib.Path(f"{seen}0").read_text(encoding="utf-8")
    assert "#|     A review: {status: approved}" in shown
    assert "\x1b" not in shown
    text = LESSON.read_text(encoding="utf-8")
    assert (text.count("#|"), "#| mine\n" in text, "status: draft" in text, "notes: N" in text) == (1, True, True, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--field", "title"], 2),
        (["--take", "mine", "--field", "nose"], 2),
        (["--take", "theirs"], 2),
        (["--take", "mine"], 1),
    ],
)
def test_wrong_settling(kb: pathlib.Path, call: Call, arguments: list[str], code: int) -> None:
    assert call("edit", "--kb", "kb", ID, *arguments).code == code


def test_what_the_command_can_the_api_can(kb: pathlib.Path, call: Call, article: str) -> None:
    disagree(call, article)
    with KnowledgeBase.open("kb") as base:
        assert [x.field for x in base.diff(ID).fields] == ["author", "tactic"]
        item = base.editable(ID)
        assert base.save(item, item.text + "# mine\n").open == ("author", "tactic")
        assert base.settle(ID, "mine").settled == ("author", "tactic")
        with pytest.raises(NotFound):
            base.settle(ID, "mine")
        with pytest.raises(UsageError):
            base.settle(ID, "theirs")
        assert base.new("A title", "sv").file == "lessons/sv/a-title.yaml"


# -------------------------------------------------------------------------------------------------------------- new


def test_a_lesson_is_begun_and_filled_in(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    seen = editor("text = text.replace('tactic:\\n', 'tactic:\\n  - Vraag door.\\n')")
    done = call("new", "--kb", "kb", "--lang", "nl", "--situation", "too-expensive", "Eerst", "vragen")
    assert (done.code, done.out, done.err) == (0, "kb/lessons/nl/eerst-vragen.yaml\n", "")
    assert pathlib.Path(f"{seen}0").read_text(encoding="utf-8").count("#") > 10
    shown = json.loads(call("show", "--kb", "kb", "eerst-vragen", "--format", "json").out)
    assert (shown["title"], shown["language"], shown["situations"]) == ("Eerst vragen", "nl", ["too-expensive"])
    assert [p["text"] for p in shown["tactic"]] == ["Vraag door."]
    assert call("check", "--kb", "kb").code == 0


def test_a_lesson_is_begun_without_an_editor(kb: pathlib.Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACHKB_LANG", "sv")
    monkeypatch.setenv("EDITOR", "nosuch")
    assert call("new", "--kb", "kb", "--no-edit", "yes: no").out == "kb/lessons/sv/yes-no.yaml\n"
    assert call("new", "--kb", "kb", "--no-edit", "yes: no").out == "kb/lessons/sv/yes-no-sv.yaml\n"
    assert call("new", "--kb", "kb", "--no-edit", "yes: no").out == "kb/lessons/sv/yes-no-2.yaml\n"
    assert call("new", "--kb", "kb", "yes: no").code == 2
    assert not pathlib.Path("kb/lessons/sv/yes-no-3.yaml").exists()


def test_hints_become_passages_by_taking_the_marks_away(kb: pathlib.Path, call: Call, editor: Editor) -> None:
    editor("text = re.sub(r'(?m)^# ( .*)\\n# ( .*)\\n# ( .*)\\n(\\w+:)\\n', r'\\4\\n\\1\\n\\2\\n\\3\\n', text)")
    assert call("new", "--kb", "kb", "--lang", "en", "Mine").code == 0
    shown = json.loads(call("show", "--kb", "kb", "mine", "--format", "json").out)
    assert shown["tactic"] == [{"text": "Ask what they compare it with.", "start": None, "end": None, "key": True}]
    assert all(shown[role] for role in ("problem", "diagnosis", "script"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["x"], 2),  # in which language?
        (["--lang", "de", "x"], 2),
        (["--lang", "en", " "], 2),
        (["--lang", "en", "a\x1bb"], 2),
        (["--lang", "en", "--situation", "xqzt", "x"], 2),
        (["--lang", "en", *(f"--situation={x}" for x in ("trust", "closing", "champion", "practice")), "x"], 2),
    ],
)
def test_wrong_beginnings(kb: pathlib.Path, call: Call, arguments: list[str], code: int) -> None:
    done = call("new", "--kb", "kb", "--no-edit", *arguments)
    assert (done.code, done.out) == (code, "")
    assert not list(kb.glob("lessons/*/x*.yaml"))


@pytest.mark.parametrize(
    "situations", [[], ["too-expensive"], ["green", "trust"], ["trust", "objection-handling", "green"]]
)
def test_check_finds_nothing_wrong_with_a_lesson_that_was_begun(
    kb: pathlib.Path, call: Call, situations: list[str]
) -> None:
    pathlib.Path("kb/situations.yaml").write_text(
        "green:\n  broader: objection-handling\n  labels:\n    en: {name: Green}\n", encoding="utf-8"
    )
    options = [part for id_ in situations for part in ("--situation", id_)]
    assert call("new", "--kb", "kb", "--lang", "en", "--no-edit", *options, "Begun").code == 0
    assert call("check", "--kb", "kb").code == 0
    assert "begun.yaml" in call("check", "--kb", "kb", "--only", "unfinished").out
    told = KnowledgeBase.open("kb").lesson("begun").situations
    assert told == tuple(["objection-handling", "green", "trust"] if situations[:1] == ["green"] else situations)


def test_new_without_a_kb(call: Call) -> None:
    assert call("new", "--lang", "en", "--no-edit", "x").code == 3
    assert call("new", "--kb", "none", "--lang", "en", "--no-edit", "x").code == 3


# ----------------------------------------------------------------------------------------------- ids as they are typed


@pytest.mark.parametrize("id_", [ID.upper(), ID.title()])
def test_diff_edit_and_review_take_an_id_in_another_case(
    kb: pathlib.Path, call: Call, editor: Editor, monkeypatch: pytest.MonkeyPatch, id_: str
) -> None:
    monkeypatch.setenv("COACHKB_USER", "Ann")
    editor("text = text.replace('title:', 'title: My')")
    for command in (["show"], ["diff"], ["edit"], ["review", "--batch", "accept"]):
        told = call(*command, "--kb", "kb", id_)
        assert told.code == 0, told.err
    assert json.loads(call("diff", "--kb", "kb", "--format", "json", id_).out)["id"] == ID
    assert "status: approved" in LESSON.read_text(encoding="utf-8")


def test_diff_of_a_starters_lesson_in_another_case_was_a_crash(call: Call) -> None:
    told = call("diff", "JUST-LOOKING-THANKS")
    assert told.code == 0
    assert "lessons/en/just-looking-thanks.yaml" in told.out
    assert KnowledgeBase.open().diff("JUST-LOOKING-THANKS").id == "just-looking-thanks"


def test_a_copy_of_the_starters_by_an_id_in_another_case_has_its_own_id(call: Call, editor: Editor) -> None:
    call("init", "mine")
    editor("text = text.replace('title:', 'title: My')")
    assert call("edit", "--kb", "mine", "--copy", "JUST-LOOKING-THANKS").code == 0
    assert [path.stem for path in pathlib.Path("mine/lessons").rglob("*.yaml")] == ["just-looking-thanks"]


@pytest.mark.parametrize(
    "command",
    [["show"], ["diff"], ["edit"], ["edit", "--copy"], ["edit", "--take", "mine"], ["review", "--batch", "accept"]],
)
def test_an_unknown_id_is_answered_with_the_nearest_everywhere(
    kb: pathlib.Path, call: Call, command: list[str]
) -> None:
    near = "just-looking-thanks" if "--copy" in command else ID
    told = call(*command, "--kb", "kb", near.replace("-t", "-tt").upper())
    assert told.code == 1
    assert f"did you mean {near}?" in told.err
