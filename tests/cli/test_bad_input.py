"""Bad input: one clear line each on stderr, the rest goes on, the exit code as documented."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from coachkb.data.load import vocabulary
from coachkb.kb import KnowledgeBase
from coachkb.model.situation import Labels

Call = Callable[..., Any]
ID = "when-the-buyer-says-it-is-too-dear"

FOREIGN = {
    "German": (
        "Der Kunde sagt, der Preis sei zu hoch. Das hören wir jede Woche, und es liegt selten am Geld. Er "
        "sieht noch nicht, was ihm das Angebot bringt, weil niemand mit ihm darüber gesprochen hat. Fragen "
        "Sie ihn deshalb zuerst, womit er vergleicht, und schweigen Sie dann. Schreiben Sie auf, was ihn das "
        "Problem jeden Monat kostet."
    ),
    "French": (
        "Le client dit que le prix est trop élevé. Nous l'entendons chaque semaine, et ce n'est presque "
        "jamais une question d'argent. Il ne voit pas encore ce que cette offre lui apporte, parce que "
        "personne ne lui en a parlé. Demandez-lui d'abord à quoi il compare, puis taisez-vous. Notez ce que "
        "le problème lui coûte chaque mois."
    ),
    "Danish": (
        "Kunden siger, at prisen er for høj. Det hører vi hver uge, og det handler sjældent om penge. Han kan "
        "endnu ikke se, hvad han får ud af tilbuddet, fordi ingen har talt med ham om det. Spørg derfor "
        "først, hvad han sammenligner med, og ti så stille. Skriv ned, hvad problemet koster ham hver måned, "
        "også når det går godt."
    ),
    "Norwegian": (
        "Kunden sier at prisen er for høy. Det hører vi hver uke, og det handler sjelden om penger. Han ser "
        "ennå ikke hva han får ut av tilbudet, fordi ingen har snakket med ham om det. Spør derfor først hva "
        "han sammenligner med, og ti så stille. Skriv ned hva problemet koster ham hver måned, også når det "
        "går bra."
    ),
    "Afrikaans": (
        "Die kliënt sê die prys is te hoog. Ons hoor dit elke week, en dit gaan selde oor geld. Hy sien nog "
        "nie wat die aanbod vir hom beteken nie, omdat niemand met hom daaroor gepraat het nie. Vra hom "
        "daarom eers waarmee hy dit vergelyk, en bly dan stil. Skryf neer wat die probleem hom elke maand "
        "kos, ook wanneer dit goed gaan."
    ),
}


def lines_of(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if name in line]


@pytest.fixture
def kb(call: Call, article: str) -> pathlib.Path:
    """A knowledge base with one lesson."""
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert call("ingest", "--kb", "kb", "dear.txt").code == 0
    return pathlib.Path("kb")


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \n\n\t\n", "is empty"),
    "bom.txt": (b"\xef\xbb\xbf", "is empty"),
    "binary.txt": (bytes(range(256)) * 20, "is not text"),
    "picture.md": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "is not text"),
    "paper.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF"),
    "hidden.txt": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF"),
    "office.txt": (b"PK\x03\x04" + b"\x00" * 100, "office document"),
    "huge.txt": (b"The buyer says no. " * 1_100_000, "20.9 MB"),
    "scripts.html": (b"<html><body><script>1</script></body></html>", "has no text"),
    **{f"{name.lower()}.txt": (text.encode(), "another language") for name, text in FOREIGN.items()},
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_alone(call: Call, name: str) -> None:
    data, reason = BAD_FILES[name]
    pathlib.Path(name).write_bytes(data)
    done = call("ingest", "--kb", "kb", name)
    assert done.code == 3
    assert len(lines_of(done.err, name)) == 1
    assert reason in done.err
    assert "Traceback" not in done.err
    assert list(pathlib.Path("kb").rglob("*.txt")) == []


def test_bad_files_beside_a_good_one(call: Call, article: str) -> None:
    folder = pathlib.Path("in")
    folder.mkdir()
    for name, (data, _) in BAD_FILES.items():
        (folder / name).write_bytes(data)
    (folder / "good.txt").write_text(article, encoding="utf-8")
    (folder / "notes.odt").write_bytes(b"PK")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8")
    done = call("ingest", "--kb", "kb", "in", "nowhere.txt", "https://example.com/a", "--format", "json")
    assert done.code == 0
    rows = {row["origin"]: row for row in json.loads(done.out)["articles"]}
    assert rows["in/good.txt"]["status"] == "new"
    assert rows["in/good.txt"]["lessons"] == [ID]
    failed = [row for row in rows.values() if row["status"] == "failed"]
    assert len(failed) == len(BAD_FILES) + 3 == len(rows) - 1
    for row in failed:
        assert (row["path"], row["lessons"]) == (None, [])
        assert row["reason"]
        assert len(lines_of(done.err, row["origin"] + ":")) == 1
    assert "picture.jpg" not in done.err


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere.txt", "there is no such file"),
        ("https://example.com/post", "is an address: coachkb works offline; save the page"),
        ("www.example.com/post", "is an address"),
        ("void", "holds no articles (.txt, .md, .html)"),
        ("-", "is empty"),
    ],
)
def test_a_path_that_leads_to_nothing(call: Call, path: str, reason: str) -> None:
    pathlib.Path("void").mkdir()
    done = call("ingest", "--kb", "kb", path)
    assert done.code == 3
    assert reason in done.err


def test_own_articles_when_there_are_none(call: Call) -> None:
    call("init", "kb")
    done = call("ingest", "--kb", "kb")
    assert (done.code, "holds no articles yet" in done.err) == (3, True)


def test_a_pipe_is_no_article(call: Call) -> None:
    os.mkfifo("pipe.txt")
    done = call("ingest", "--kb", "kb", "pipe.txt")
    assert (done.code, "is not a file" in done.err) == (3, True)


# ------------------------------------------------------------------------------------------------ broken lesson files

BROKEN: dict[str, bytes] = {
    "syntax": b"format: 1\nid: [x\n",
    "empty": b"",
    "binary": bytes(range(256)),
    "latin1": "format: 1\nid: x\ntitle: séance\n".encode("latin-1"),
    "nul": b"format: 1\nid: x\x00\n",
    "list": b"- format: 1\n",
    "conflict": b"format: 1\n<<<<<<< HEAD\nid: x\n=======\nid: y\n>>>>>>> b\n",
    "newer": b"format: 99\nid: x\ntitle: t\nlanguage: en\nsituations: []\n",
    "missing": b"format: 1\nid: x\ntitle: t\nlanguage: en\n",
    "baddate": b"format: 1\nid: x\ntitle: t\nlanguage: en\nsituations: []\ndate: tomorrow\n",
    "double": f"format: 1\nid: {ID}\ntitle: t\nlanguage: en\nsituations: []\n".encode(),
    "surrogate": b'format: 1\nid: x\ntitle: "\\ud800"\nlanguage: en\nsituations: []\n',
    "laughs": b"a: &a [1, 1]\nb: [*a, *a]\n",
    "deep": b"a: " + b"[" * 9000,
    "huge": b"# " + b"x" * 3_000_000,
}

COMMANDS = [
    ("lookup", "too expensive"),
    ("lookup", "too expensive", "--format", "json"),
    ("lookup", "xkvq jqxz"),
    ("show", ID),
    ("show", ID, "--format", "json"),
    ("show", "nothing-of-the-kind"),
    ("browse",),
    ("browse", "--format", "json"),
    ("situations",),
    ("export",),
    ("export", "--format", "json"),
    ("info",),
    ("coverage",),
    ("index",),
    ("ingest", "dear.txt"),
]


def test_broken_lesson_files_beside_good_ones_are_told_by_every_command(call: Call, kb: pathlib.Path) -> None:
    good = {command: call(*command, "--kb", "kb") for command in COMMANDS}
    for name, data in BROKEN.items():
        (kb / "lessons/en" / f"zz-{name}.yaml").write_bytes(data)
    os.mkfifo(kb / "lessons/en/zz-pipe.yaml")
    (kb / "lessons/en/zz-folder.yaml").mkdir()
    (kb / "lessons/en/zz-link.yaml").symlink_to("nowhere")
    broken = [*BROKEN, "pipe", "folder", "link"]
    for command in COMMANDS:
        done = call(*command, "--kb", "kb")
        assert done.code == good[command].code, command
        told = done.err.splitlines()
        assert sum("zz-" in line for line in told) == 10, command
        assert f"{len(broken)} files skipped" in done.err, command
        assert "… and 8 more" in done.err, command
        if command[0] not in ("info", "ingest"):
            assert done.out == good[command].out, command


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_lesson_file(call: Call, kb: pathlib.Path, name: str) -> None:
    path = kb / "lessons/en" / f"zz-{name}.yaml"
    path.write_bytes(BROKEN[name])
    done = call("lookup", "--kb", "kb", "too expensive")
    assert done.code == 0
    assert ID in done.out
    assert len(lines_of(done.err, f"zz-{name}.yaml")) == 1
    path.unlink()
    assert call("lookup", "--kb", "kb", "too expensive").err == ""


def test_show_said_nothing_of_a_broken_file_when_its_lesson_is_asked_for(call: Call, kb: pathlib.Path) -> None:
    (kb / f"lessons/en/{ID}.yaml").write_text("format: 1\nid: [\n", encoding="utf-8")
    done = call("show", "--kb", "kb", ID)
    assert done.code == 1
    assert len(lines_of(done.err, f"{ID}.yaml")) == 1
    assert f"the file of {ID!r} cannot be read: 'coachkb edit {ID}' opens it" in done.err
    assert "did you mean" not in done.err
    told = call("review", "--kb", "kb", "--batch", "accept", "--id", ID)
    assert (told.code, f"the file of {ID!r} cannot be read" in told.err) == (1, True)


def test_an_article_whose_lesson_file_is_broken_is_not_written_over(call: Call, kb: pathlib.Path, article: str) -> None:
    file = kb / f"lessons/en/{ID}.yaml"
    broken = file.read_text(encoding="utf-8").replace("situations:", "situations: [", 1)
    file.write_text(broken, encoding="utf-8")
    done = call("ingest", "--kb", "kb", "dear.txt")
    assert done.code == 3
    assert "mend or delete it first" in done.err
    assert file.read_text(encoding="utf-8") == broken


@pytest.mark.parametrize(
    "text",
    [
        "too-expensive: [\n",
        "- a list\n",
        "own-one: words\n",
        "own-one: {broader: no-such-one, labels: {en: {name: Own}}}\n",
        "own-one: {labels: words}\n",
        "own-one: {labels: {en: words}}\n",
        "own-one: {labels: {en: {name: [a]}}}\n",
        "own-one: {labels: {en: {name: Own, said: [{a: b}]}}}\n",
        "own-one: {labels: {en: {name: Own, said: words}}}\n",
        "Own One: {labels: {en: {name: Own}}}\n",
        "own-one: {broader: [x], labels: {en: {name: Own}}}\n",
        "[a, b]: {labels: {en: {name: Own}}}\n",
        "{a: b}: c\n",
        "own-one: {labels: {[en]: {name: Own}}}\n",
    ],
)
def test_broken_situations_are_told_each_time_and_the_built_in_ones_serve(
    call: Call, kb: pathlib.Path, text: str
) -> None:
    (kb / "situations.yaml").write_text(text, encoding="utf-8")
    for command in (("lookup", "too expensive"), ("lookup", "too expensive"), ("situations",), ("browse",)):
        done = call(*command, "--kb", "kb")
        assert done.code == 0, command
        assert len(lines_of(done.err, "situations.yaml")) == 1, (command, done.err)
    assert len(lines_of(call("ingest", "--kb", "kb", "dear.txt").err, "situations.yaml")) == 1


@pytest.mark.parametrize(
    ("wrong", "such_as"),
    [("hållbarhet", ", such as 'hallbarhet';"), ("Own One", ", such as 'own-one';"), ("环保", "joined by hyphens;")],
)
def test_a_wrong_entry_of_the_situations_is_told_with_the_nearest_id_and_the_others_serve(
    call: Call, kb: pathlib.Path, wrong: str, such_as: str
) -> None:
    labels = "  broader: objection-handling\n  labels:\n    en: {name: Moonlight, said: [waiting for the full moon]}\n"
    (kb / "situations.yaml").write_text(f"{wrong}:\n{labels}moonlight:\n{labels}", encoding="utf-8")
    (kb / "lessons/en/moon.yaml").write_text(
        "format: 1\nid: moon\ntitle: Mine\nlanguage: en\nsituations: [objection-handling, moonlight]\nscript: [Ask.]\n",
        encoding="utf-8",
    )
    for _ in range(2):
        done = call("lookup", "waiting for the full moon", "--kb", "kb", "--format", "json")
        told = lines_of(done.err, "situations.yaml")
        assert len(told) == 1
        assert f"{wrong!r} should be an id" in told[0]
        assert "letters a to z" in told[0]
        assert such_as in told[0]
        assert "skipped" not in done.err
        assert json.loads(done.out)["hits"][0]["id"] == "moon"
    assert "moonlight" in call("situations", "--kb", "kb").out
    assert call("browse", "--kb", "kb", "--situation", "moonlight").code == 0
    assert call("new", "--kb", "kb", "--lang", "en", "--no-edit", "--situation", "moonlight", "x").code == 0
    assert json.loads(call("info", "--kb", "kb", "--format", "json").out)["skipped_files"] == 0
    findings = json.loads(call("check", "--kb", "kb", "--format", "json").out)["findings"]
    assert [finding["check"] for finding in findings] == ["situations-file"]


def test_own_situations_are_text_as_typed(kb: pathlib.Path) -> None:
    (kb / "situations.yaml").write_text(
        "own-one:\n  broader: too-expensive\n  labels:\n    en: {name: no, said: [on, 12:30]}\n    no: {name: off}\n",
        encoding="utf-8",
    )
    own = KnowledgeBase.open(kb).vocabulary()["own-one"]
    assert own.labels == {"en": Labels("no", (), ("on", "12:30")), "no": Labels("off")}
    assert (own.broader, own.family) == ("too-expensive", vocabulary()["too-expensive"].family)


# ------------------------------------------------------------------------------------------------------ wrong usage


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("lookup",), 2, "what did the buyer say"),
        (("lookup", ""), 2, "what did the buyer say"),
        (("lookup", " ?! "), 2, "what did the buyer say"),
        (("lookup", "x", "--lang", "de"), 2, "unknown language 'de': one of en, nl, sv"),
        (("lookup", "x", "--only-lang", "xx"), 2, "unknown language"),
        (("browse", "--only-lang", "xx"), 2, "unknown language"),
        (("export", "--only-lang", "xx"), 2, "unknown language"),
        (("situations", "--lang", "xx"), 2, "unknown language"),
        (("lookup", "x", "--situation", "too-expensiv"), 2, "did you mean too-expensive"),
        (("browse", "--situation", "zzzz"), 2, "'coachkb situations' lists them"),
        (("export", "--situation", "zzzz"), 2, "unknown situation"),
        (("lookup", "x", "--limit", "0"), 2, "--limit"),
        (("lookup", "x", "--limit", "many"), 2, "--limit"),
        (("lookup", "x", "--format", "xml"), 2, "--format"),
        (("lookup", "x", "--wat"), 2, "--wat"),
        (("lookup", "x", "--kb"), 2, "--kb"),
        (("lokup", "x"), 2, "Did you mean 'lookup'"),
        (("show",), 2, "ID"),
        (("export", "-o", "x.md", "--format", "json"), 2, "does not go with"),
        (("export", "-o", "folder", "--format", "json"), 2, "JSON goes into one file"),
        (("show", "no-such-lesson-anywhere"), 1, "no lesson has the id"),
        (("show", "dear\x1b[31m"), 1, "no lesson has the id"),
        (("show", "\udce9"), 1, "no lesson has the id"),
        (("lookup", "x", "--situation", "\udce9"), 2, "unknown situation"),
        (("lookup", "x", "--kb", "nowhere"), 3, "is no knowledge base"),
        (("lookup", "x", "--kb", "a-file"), 3, "a-file: is a file"),
        (("browse", "--kb", "a-folder"), 3, "is no knowledge base"),
        (("info", "--kb", "nowhere"), 3, "is no knowledge base"),
        (("export", "--kb", "nowhere"), 3, "is no knowledge base"),
        (("coverage", "--kb", "nowhere"), 3, "is no knowledge base"),
        (("index", "--kb", "nowhere"), 3, "is no knowledge base"),
        (("ingest", "--kb", "a-file", "a-file"), 3, "a-file: is a file"),
        (("init", "a-file"), 3, "a-file: is a file"),
        (("export", "-o", "a-file/x.md"), 3, "cannot be written"),
        (("export", "-o", "a-file/folder"), 3, "cannot be written"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(call: Call, arguments: tuple[str, ...], code: int, said: str) -> None:
    pathlib.Path("a-file").write_text("x", encoding="utf-8")
    pathlib.Path("a-folder").mkdir()
    done = call(*arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "\x1b" not in done.err
    assert len(done.err.splitlines()) <= 2
    assert not list(pathlib.Path("a-folder").iterdir())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("format: ²\n", "whole number"),
        ("format: [1]\n", "whole number"),
        ("starter: [\n", "not valid YAML"),
        ("- x\n", "should be a mapping"),
        ("<<<<<<< HEAD\n", "merge conflict"),
    ],
)
def test_settings_that_cannot_be_understood(call: Call, settings: str, said: str) -> None:
    pathlib.Path("kb").mkdir()
    pathlib.Path("kb/coachkb.yaml").write_text(settings, encoding="utf-8")
    done = call("lookup", "--kb", "kb", "too expensive")
    assert (done.code, said in done.err, done.out) == (3, True, "")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("starter: yess", "starter should be true or false"),
        ("misses: nah", "no query is kept"),
        ("review_months: x", "12"),
    ],
)
def test_a_setting_that_is_none_stops_no_lookup_but_what_writes(
    call: Call, settings: str, said: str, article: str
) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    call("ingest", "--kb", "kb", "dear.txt")
    pathlib.Path("kb/lessons/en/broken.yaml").write_text("a: [", encoding="utf-8")
    pathlib.Path("kb/coachkb.yaml").write_text(f"# ours\n{settings}\n", encoding="utf-8")
    for _ in range(2):  # the second time there is an index, and the quick door
        done = call("lookup", "--kb", "kb", "too expensive")
        assert (done.code, "too dear" in done.out) == (0, True)
        assert sum(said in line and "coachkb.yaml, line 2" in line for line in done.err.splitlines()) == 1
        assert "1 file skipped; the rest is served" in done.err
    assert call("lookup", "--kb", "kb", "asdfgh").code == 1
    assert "asdfgh" not in call("misses").out or not settings.startswith("misses")
    done = call("ingest", "--kb", "kb", "dear.txt")
    assert (done.code, said in done.err) == (3, True)
    pathlib.Path("kb/coachkb.yaml").unlink()
    pathlib.Path("kb/coachkb.yaml").touch()
    assert "coachkb.yaml" not in call("lookup", "--kb", "kb", "too expensive").err


def test_settings_that_are_no_utf8(call: Call) -> None:
    pathlib.Path("kb").mkdir()
    pathlib.Path("kb/coachkb.yaml").write_bytes(b"# caf\xe9\n")
    done = call("info", "--kb", "kb")
    assert (done.code, "is not UTF-8" in done.err) == (3, True)


# ---------------------------------------------------------------------------------------------------- without rights


Nobody = Callable[..., Any]


def test_an_article_that_may_not_be_read(nobody: Nobody, open_to_all: pathlib.Path) -> None:
    (open_to_all / "out").mkdir()
    (open_to_all / "out").chmod(0o777)
    (open_to_all / "secret.txt").write_text("x")
    (open_to_all / "secret.txt").chmod(0o600)
    done = nobody("ingest", "--kb", "out", "secret.txt", "dear.txt")
    assert done.code == 0
    assert "secret.txt: may not be read (permission denied)" in done.err
    assert ID in done.out
    assert nobody("ingest", "--kb", "out", "secret.txt").code == 3


def test_a_read_only_kb(nobody: Nobody, open_to_all: pathlib.Path) -> None:
    done = nobody("lookup", "--kb", "kb", "too expensive")
    assert (done.code, done.err) == (0, "")
    assert ID in done.out
    (open_to_all / "dear.txt").write_text((open_to_all / "dear.txt").read_text() + "\nThe buyer is no enemy.\n")
    done = nobody("ingest", "--kb", "kb", "dear.txt")
    assert done.code == 3
    assert "cannot be written" in done.err
    assert len(done.err.splitlines()) == 1
    done = nobody("init", "new")
    assert (done.code, "cannot be made a knowledge base" in done.err) == (3, True)


def test_lessons_that_may_not_be_read(nobody: Nobody, open_to_all: pathlib.Path) -> None:
    file = open_to_all / f"kb/lessons/en/{ID}.yaml"
    file.chmod(0o600)
    done = nobody("lookup", "--kb", "kb", "too expensive")
    assert done.code == 1
    assert f"{ID}.yaml: cannot be read (Permission denied)" in done.err
    file.chmod(0o644)
    file.parent.chmod(0o700)
    done = nobody("lookup", "--kb", "kb", "too expensive")
    assert (done.code, "lessons/en: cannot be read" in done.err) == (1, True)
    (open_to_all / "kb/coachkb.yaml").chmod(0o600)
    done = nobody("lookup", "--kb", "kb", "too expensive")
    assert (done.code, "coachkb.yaml: cannot be read" in done.err) == (3, True)


@pytest.mark.parametrize("cache", ["", "/proc/nowhere", "/dev/null", "relative"])
def test_a_cache_folder_that_is_none(nobody: Nobody, open_to_all: pathlib.Path, cache: str) -> None:
    done = nobody("lookup", "--kb", "kb", "too expensive", XDG_CACHE_HOME=cache, HOME="")
    assert (done.code, done.err) == (0, "")
    assert ID in done.out


def test_no_home_and_no_kb(nobody: Nobody) -> None:
    done = nobody("lookup", "too expensive", HOME="")
    assert (done.code, done.err) == (0, "")
    done = nobody("ingest", "-", HOME="")
    assert done.code == 3
    assert len(done.err.splitlines()) == 1
