"""Which knowledge base serves, what lies under it, and that every look-up sees every change to it."""

from __future__ import annotations

import os
import pathlib
import shutil

import pytest

import coachkb
from coachkb.errors import NotFound, UnusableKB, UsageError
from coachkb.kb import KnowledgeBase
from coachkb.locate import STARTER

LESSON = """\
format: 1
id: {id}
title: {title}
language: en
situations: [too-expensive]
problem:
  - They say it is too expensive.
script:
  - Compared with what?
"""


def add(kb: str | pathlib.Path, id_: str, title: str = "Own words on price", **changes: str) -> pathlib.Path:
    """Writes a lesson file by hand."""
    path = pathlib.Path(kb, "lessons/en", f"{id_}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = LESSON.format(id=id_, title=title)
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


def make(path: str, settings: str = "") -> str:
    """A folder that is a KB, the least that will do."""
    pathlib.Path(path).mkdir(parents=True)
    pathlib.Path(path, "coachkb.yaml").write_text(settings, encoding="utf-8")
    return path


def ids(kb: KnowledgeBase, query: str = "too expensive") -> list[str]:
    return [hit.id for hit in kb.lookup(query, limit=100).hits]


# ------------------------------------------------------------------------------------------------------ which KB


def test_the_order_of_knowledge_bases(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert KnowledgeBase.open().path is None
    own = make(str(home / ".local/share/coachkb/kb"))
    assert KnowledgeBase.open().path == own
    make("work")
    (home / "work/deep/deeper").mkdir(parents=True)
    monkeypatch.chdir("work/deep/deeper")
    assert KnowledgeBase.open().path == str(home / "work")
    make("../nearer")
    monkeypatch.chdir("../nearer")
    assert KnowledgeBase.open().path == str(home / "work/deep/nearer")
    told = make(str(home / "told"))
    monkeypatch.setenv("COACHKB_KB", told)
    assert KnowledgeBase.open().path == told
    named = make(str(home / "named"))
    assert KnowledgeBase.open(named).path == named
    assert KnowledgeBase.open(pathlib.Path(named)).path == named
    reasons = {KnowledgeBase.open().located.why, KnowledgeBase.open(named).located.why}
    assert reasons == {"named by COACHKB_KB", "named with --kb"}


def test_xdg_data_home_holds_the_users_own(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    made = KnowledgeBase.open(create=True)
    assert made.path == str(home / "data/coachkb/kb")
    assert KnowledgeBase.open().path == made.path


def test_a_named_kb_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnusableKB, match="is no knowledge base"):
        KnowledgeBase.open("nowhere")
    monkeypatch.setenv("COACHKB_KB", "nowhere")
    with pytest.raises(UnusableKB, match="is no knowledge base"):
        KnowledgeBase.open()


def test_the_starter_lies_under_a_kb_that_was_found_and_not_under_a_named_one(
    home: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = ids(KnowledgeBase.open())
    assert starter
    make("kb")
    add("kb", "mine")
    named = KnowledgeBase.open("kb")
    assert (named.with_starter, ids(named)) == (False, ["mine"])
    monkeypatch.setenv("COACHKB_KB", str(home / "kb"))
    assert ids(KnowledgeBase.open()) == ["mine"]
    monkeypatch.delenv("COACHKB_KB")
    monkeypatch.chdir("kb")
    found = KnowledgeBase.open()
    assert found.with_starter
    assert set(ids(found)) > {"mine"}
    assert {hit.own for hit in found.browse()} == {True, False}
    assert {lesson.id for lesson in found.lessons()} == {hit.id for hit in found.browse()}


@pytest.mark.parametrize("settings", ["starter: false\n", "format: 1\nstarter: false # none\n", "starter: False\n"])
def test_starter_false_takes_it_away(monkeypatch: pytest.MonkeyPatch, settings: str) -> None:
    make("kb", settings)
    add("kb", "mine")
    monkeypatch.chdir("kb")
    kb = KnowledgeBase.open()
    assert not kb.with_starter
    assert ids(kb) == ["mine"]
    assert [lesson.id for lesson in kb.lessons()] == ["mine"]


@pytest.mark.parametrize(
    "settings", ["", "\n\n", "# nothing set\n", "---\n", "{}\n", "unknown: key\n", "\ufeffformat: 1\n"]
)
def test_an_empty_settings_file_will_do(monkeypatch: pytest.MonkeyPatch, settings: str) -> None:
    make("kb", settings)
    monkeypatch.chdir("kb")
    assert KnowledgeBase.open().with_starter


def test_changing_the_settings_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make("kb")
    add("kb", "mine")
    monkeypatch.chdir("kb")
    with KnowledgeBase.open() as kb:
        assert len(ids(kb)) > 1
        pathlib.Path("coachkb.yaml").write_text("starter: false\n", encoding="utf-8")
        assert ids(kb) == ["mine"]
        pathlib.Path("coachkb.yaml").write_text("", encoding="utf-8")
        assert len(ids(kb)) > 1
    pathlib.Path("coachkb.yaml").write_text("starter: false\n", encoding="utf-8")
    assert ids(KnowledgeBase.open()) == ["mine"]


def test_an_own_lesson_with_the_id_of_a_starters_stood_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    make("kb")
    monkeypatch.chdir("kb")
    before = {hit.id for hit in KnowledgeBase.open().browse()}
    taken = next(hit.id for hit in KnowledgeBase.open().lookup("too expensive").hits)
    path = add(".", taken, "Mine now")
    for _ in range(2):
        kb = KnowledgeBase.open()
        same = [hit for hit in kb.browse() if hit.id == taken]
        assert [(hit.own, hit.title) for hit in same] == [(True, "Mine now")]
        assert ids(kb).count(taken) == 1
        assert {hit.id for hit in kb.browse()} == before
    path.write_text(path.read_text(encoding="utf-8") + "review: {status: dropped}\n", encoding="utf-8")
    kb = KnowledgeBase.open()
    assert taken not in ids(kb)
    assert {hit.id for hit in kb.browse()} == before - {taken} == {lesson.id for lesson in kb.lessons()}
    path.write_text("format: [\n", encoding="utf-8")
    assert {hit.id for hit in KnowledgeBase.open().browse()} == before
    add(".", taken, "Mine again")
    assert {hit.title for hit in KnowledgeBase.open().browse() if hit.id == taken} == {"Mine again"}
    path.unlink()
    assert [hit.own for hit in KnowledgeBase.open().browse() if hit.id == taken] == [False]


def test_the_starter_is_never_written_to(home: pathlib.Path, article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    with pytest.raises(UnusableKB, match="no knowledge base to write to"):
        KnowledgeBase.open().ingest(["dear.txt"])
    made = KnowledgeBase.open(create=True)
    assert [result.status for result in made.ingest(["dear.txt"])] == ["new"]
    assert not str(made.path).startswith(STARTER)


# ------------------------------------------------------------------------------------------------------ freshness


@pytest.fixture(params=["one object", "opened anew"])
def answers(request: pytest.FixtureRequest) -> object:
    """The ids that a look-up in kb/ finds, on one open KnowledgeBase or a new one each time, and the problems told."""
    make("kb")
    one = KnowledgeBase.open("kb")

    def ask() -> tuple[list[str], int]:
        kb = one if request.param == "one object" else KnowledgeBase.open("kb")
        found = sorted(ids(kb))
        assert found == sorted(hit.id for hit in kb.browse())
        assert found == sorted(lesson.id for lesson in kb.lessons())
        return found, len(kb.problems)

    return ask


def test_every_change_is_seen_by_the_very_next_look_up(answers) -> None:  # type: ignore[no-untyped-def]
    assert answers() == ([], 0)
    a = add("kb", "a")
    assert answers() == (["a"], 0)
    b = add("kb", "b")
    c = add("kb", "c")
    assert answers() == (["a", "b", "c"], 0)
    b.write_text("format: [\n", encoding="utf-8")
    assert answers() == (["a", "c"], 1)
    assert answers() == (["a", "c"], 1)
    add("kb", "b")
    assert answers() == (["a", "b", "c"], 0)
    a.unlink()
    assert answers() == (["b", "c"], 0)
    c.rename(c.with_name("renamed.yaml"))
    assert answers() == (["b", "c"], 0)
    add("kb", "c")  # now two files have the id
    assert answers() == (["b", "c"], 1)
    c.with_name("renamed.yaml").unlink()
    assert answers() == (["b", "c"], 0)
    shutil.rmtree("kb/lessons")
    assert answers() == ([], 0)


def test_an_edit_in_place_is_seen_even_when_size_and_name_stay(answers) -> None:  # type: ignore[no-untyped-def]
    path = add("kb", "a")
    assert answers() == (["a"], 0)
    before = path.stat()
    add("kb", "a", **{"id: a": "id: x"})
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert path.stat().st_size == before.st_size
    assert answers() == (["x"], 0)


def test_a_lesson_beside_the_language_folders_is_served_too(answers) -> None:  # type: ignore[no-untyped-def]
    shutil.move(add("kb", "a"), "kb/lessons/a.yml")
    assert answers() == (["a"], 0)


def test_lessons_that_are_no_folder_vanished_silently(answers) -> None:  # type: ignore[no-untyped-def]
    pathlib.Path("kb/lessons").write_text("x", encoding="utf-8")
    assert answers() == ([], 1)


def test_hidden_and_other_files_are_no_lessons(answers) -> None:  # type: ignore[no-untyped-def]
    path = add("kb", "a")
    for name in (".a.yaml", "a.yaml.bak", "a.yaml~", "README.md", ".#a.yaml"):
        path.with_name(name).write_text("format: [", encoding="utf-8")
    assert answers() == (["a"], 0)


@pytest.mark.parametrize("damage", [b"", b"not a database", None])
def test_a_damaged_index_is_made_anew(damage: bytes | None) -> None:
    make("kb")
    add("kb", "a")
    kb = KnowledgeBase.open("kb")
    assert ids(kb) == ["a"]
    path = pathlib.Path(kb.index().path)
    kb.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert ids(KnowledgeBase.open("kb")) == ["a"]


def test_an_index_over_another_starter_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    make("kb")
    monkeypatch.chdir("kb")
    kb = KnowledgeBase.open()
    path = kb.index().path
    before = pathlib.Path(path).stat().st_mtime_ns
    kb.close()
    copy = shutil.copy(coachkb.locate.STARTER_INDEX, "../newer.sqlite")
    os.utime(copy, ns=(1, 1))
    monkeypatch.setattr(coachkb.locate, "STARTER_INDEX", str(copy))
    assert KnowledgeBase.open().index().path == path
    assert pathlib.Path(path).stat().st_mtime_ns > before


def test_two_kbs_do_not_share_an_index() -> None:
    for name in ("one", "two"):
        make(name)
        add(name, name)
    assert ids(KnowledgeBase.open("one")) == ["one"]
    assert ids(KnowledgeBase.open("two")) == ["two"]
    os.symlink("one", "link")
    assert KnowledgeBase.open("link").index().path == KnowledgeBase.open("one").index().path


def test_nothing_machine_local_lies_in_a_kb(article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    with KnowledgeBase.open("kb", create=True) as kb:
        kb.ingest(["dear.txt"])
        kb.lookup("too dear")
    found = {str(path.relative_to("kb")) for path in pathlib.Path("kb").rglob("*") if path.is_file()}
    assert found == {
        ".gitattributes",
        "coachkb.yaml",
        "articles/dear.txt",
        "lessons/en/when-the-buyer-says-it-is-too-dear.yaml",
    }


# ------------------------------------------------------------------------------------------------------------- API


def test_the_api_raises_what_the_command_line_tells() -> None:
    kb = KnowledgeBase.open()
    for wrong in (
        lambda: kb.lookup(""),
        lambda: kb.lookup("x", language="de"),
        lambda: kb.lookup("x", only_language="de"),
        lambda: kb.lookup("x", situation="nope"),
        lambda: kb.browse(language="de"),
        lambda: kb.lessons(situation="nope"),
        lambda: kb.export("pdf"),
    ):
        with pytest.raises(UsageError):
            wrong()
    with pytest.raises(NotFound):
        kb.lesson("nope")
    with pytest.raises(NotFound):
        kb.hit("nope")


def test_importing_coachkb_is_importing_the_api() -> None:
    assert coachkb.KnowledgeBase is KnowledgeBase
    with pytest.raises(AttributeError):
        _ = coachkb.nothing


def test_every_served_lesson_can_be_shown_and_its_article_read() -> None:
    kb = KnowledgeBase.open()
    for lesson in kb.lessons():
        assert kb.hit(lesson.id).title == lesson.title
        text = kb.article_text(lesson)
        assert text is not None
        for role in ("problem", "diagnosis", "tactic", "script"):
            for passage in lesson.part(role):
                assert text[passage.start : passage.end].strip(), (lesson.id, role)


def test_threads_share_a_knowledge_base(article: str, home: pathlib.Path) -> None:
    """A connection of sqlite belongs to the thread that opened it: the second thread's look-up raised."""
    from concurrent.futures import ThreadPoolExecutor

    (home / "dear.txt").write_text(article, encoding="utf-8")
    with KnowledgeBase.open("kb", create=True) as kb, ThreadPoolExecutor(4) as pool:
        kb.ingest("dear.txt")
        narrowing = kb.narrowing()

        def ask(n: int) -> tuple[int, int, int]:
            if n % 5 == 4:
                kb.close()
            return len(kb.lookup("too dear").hits), len(kb.browse()), len(kb.say("too dear").lessons)

        assert set(pool.map(ask, range(40))) == {(1, 1, 1)} == {ask(0)}
        assert len(pool.submit(narrowing.find, "dear").result().rows) == 1
        (file,) = (home / "kb" / "lessons" / "en").glob("*.yaml")
        file.unlink()
        assert pool.submit(kb.browse).result() == kb.browse() == []


def test_what_the_command_line_refuses_the_api_refuses(home: pathlib.Path) -> None:
    """limit=-3 found nothing, sure=5 spotted nothing, and reader="da" sorted by nothing."""
    call = "Rep: Eleven thousand.\nBuyer: That is far too expensive for us.\n"
    with KnowledgeBase.open() as kb:
        for wrong, says in (
            (lambda: kb.lookup("te duur", limit=0), "limit is 0"),
            (lambda: kb.lookup("te duur", limit=-3), "limit is -3"),
            (lambda: kb.lookup(None), "text, not None"),  # type: ignore[arg-type]
            (lambda: kb.spot(call, sure=5), "from 0 to 1"),
            (lambda: kb.spot(call, language="da"), "unknown language 'da'"),
            (lambda: kb.narrowing(reader="da"), "unknown language 'da'"),
            (lambda: kb.export_folder("x.md"), "named as a file"),
            (lambda: kb.export_folder(""), "is empty"),
            (lambda: kb.review("accept", min_sureness=60), "min_sureness is 60"),
        ):
            with pytest.raises(UsageError, match=says):
                wrong()
        assert list(home.glob("*.md")) == []
        hit = kb.lookup("te duur").hits[0]
        assert repr(hit).startswith(f"<Hit {hit.id} ({hit.language}) ") and repr(hit.title) in repr(hit)
        assert repr(kb.lesson(hit.id)).startswith(f"<Lesson {hit.id} ({hit.language}, approved): ")


SITUATIONS = """\
full-moon:
  labels:
    en: {name: Full moon, also: [waiting for the moon], said: [we wait for the full moon]}
"""


def test_a_situation_that_came_while_the_kb_was_open_was_unknown_as_a_filter() -> None:
    make("kb")
    add("kb", "mine")
    with KnowledgeBase.open("kb") as kb:
        assert "full-moon" not in kb.vocabulary()
        kb.lookup("too expensive")
        pathlib.Path("kb/situations.yaml").write_text(SITUATIONS, encoding="utf-8")
        add("kb", "moon", **{"too-expensive": "full-moon"})
        assert [hit.id for hit in kb.browse(situation="full-moon")] == ["moon"]
        assert [hit.id for hit in kb.lookup("we wait for the full moon", situation="full-moon").hits] == ["moon"]
        assert "full-moon" in kb.vocabulary()
        assert kb.new("A title", "en", "full-moon").lesson is not None
        pathlib.Path("kb/situations.yaml").write_text("", encoding="utf-8")
        with pytest.raises(UsageError, match="unknown situation"):
            kb.browse(situation="full-moon")


def test_the_vocabulary_of_an_open_kb_stayed_old() -> None:
    make("kb")
    file = pathlib.Path("kb/situations.yaml")
    kb = KnowledgeBase.open("kb")
    kb.vocabulary()
    file.write_text(SITUATIONS, encoding="utf-8")
    assert "full-moon" in kb.vocabulary()
    file.write_text("full-moon: 1\n", encoding="utf-8")
    assert "full-moon" not in kb.vocabulary()
    assert [problem.path for problem in kb.problems] == ["kb/situations.yaml"]
    file.write_text(SITUATIONS, encoding="utf-8")
    assert "full-moon" in kb.vocabulary()
    assert not kb.problems


def test_a_kb_opened_leniently_stays_lenient_when_its_settings_break() -> None:
    make("kb")
    add("kb", "mine")
    with KnowledgeBase.open("kb", lenient=True) as kb:
        assert [hit.id for hit in kb.browse()] == ["mine"]
        pathlib.Path("kb/coachkb.yaml").write_text("starter: [\n", encoding="utf-8")
        assert [hit.id for hit in kb.browse()] == ["mine"]
    with pytest.raises(UnusableKB), KnowledgeBase.open("kb") as kb:
        kb.browse()


def test_settings_that_changed_before_the_index_was_made_went_into_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    make("kb")
    add("kb", "mine")
    monkeypatch.chdir("kb")
    kb = KnowledgeBase.open()
    pathlib.Path("coachkb.yaml").write_text("starter: false\n", encoding="utf-8")
    assert ids(kb) == ["mine"]
    assert ids(KnowledgeBase.open()) == ["mine"]


@pytest.mark.parametrize("path", ["missing.vtt", "calls/of may/Missing.SRT", "C:\\calls\\missing.txt"])
def test_a_path_given_as_a_string_was_an_empty_call_when_there_was_no_such_file(path: str) -> None:
    with pytest.raises(UsageError, match="give pathlib.Path"):
        KnowledgeBase.open().spot(path)


@pytest.mark.parametrize("call", ["Buyer: send me the prices as prices.txt", "Seller: hello.txt\nBuyer: hello.txt"])
def test_a_transcript_that_ends_with_the_name_of_a_file_is_no_path(call: str) -> None:
    assert KnowledgeBase.open().spot(call).turns == call.count(":")


@pytest.mark.parametrize("asked", ["practice", "progress", "narrowing"])
def test_practice_and_progress_took_a_reader_of_no_language(asked: str) -> None:
    for wrong in ({"reader": "xx"}, {"language": "xx"}):
        with pytest.raises(UsageError, match="unknown language 'xx'"):
            getattr(KnowledgeBase.open(), asked)(**wrong)
