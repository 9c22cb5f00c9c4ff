"""The five real articles that coachkb was asked to read first, where they are present."""

from __future__ import annotations

import pathlib
import re

import pytest

from coachkb import KnowledgeBase
from coachkb.ingest.text import fold, plain, words
from coachkb.model.lesson import Lesson
from coachkb.model.terms import ROLES

SEEDS = pathlib.Path(__file__).resolve().parents[2] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles are not beside the checkout")


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("seeds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        kb = KnowledgeBase.open(folder / "kb", create=True)
        results = kb.ingest([SEEDS])
    assert [r.status for r in results] == ["new"] * 5
    return kb


def _by_file(kb: KnowledgeBase) -> dict[str, list[Lesson]]:
    found: dict[str, list[Lesson]] = {}
    for lesson in sorted(kb.lessons(), key=lambda x: (x.source.path or "", x.source.start or 0)):
        found.setdefault(pathlib.PurePath(lesson.source.path or "").name[:3], []).append(lesson)
    return found


def test_eight_lessons_in_their_languages(kb: KnowledgeBase) -> None:
    languages = {name: [x.language for x in mine] for name, mine in _by_file(kb).items()}
    assert languages == {"000": ["en"], "001": ["nl"], "002": ["en"] * 4, "003": ["sv"], "004": ["en"]}


def test_archive_posts_have_their_own_titles_and_dates(kb: KnowledgeBase) -> None:
    posts = _by_file(kb)["002"]
    assert [x.date for x in posts] == ["2011-02-09", "2010-06-22", "2010-06-02", "2010-04-29"]
    text = (SEEDS / next(p.name for p in SEEDS.iterdir() if p.name.startswith("002"))).read_text(encoding="utf-8-sig")
    lines = [fold(line) for line in text.splitlines()]
    for post in posts:
        at = lines.index(post.title)
        assert re.search(r"\b20\d\d$", next(line for line in lines[at + 1 :] if line))


def test_the_two_solvers_are_one_group(kb: KnowledgeBase) -> None:
    files = _by_file(kb)
    assert files["000"][0].group is not None
    assert files["000"][0].group == files["001"][0].group
    assert [x.group for name in ("002", "003", "004") for x in files[name]] == [None] * 6


def test_no_furniture_in_any_part(kb: KnowledgeBase) -> None:
    """Comment forms, the list of links, the author box, category headings, the stray word of a broken translation."""
    noise = re.compile(
        r"Leave a Reply|Geef een reactie|email address|e-mailadres|Required fields|Vereiste velden|Archive for|"
        r"Founder & President|Omdömen|Stickers|Apprentice|Recept för|picture that",
        re.IGNORECASE,
    )
    for lesson in kb.lessons():
        for role in ROLES:
            for passage in lesson.part(role):
                assert not noise.search(passage.text), (lesson.id, passage.text)


def test_an_untitled_post_is_named_by_its_own_words_and_has_its_author(kb: KnowledgeBase) -> None:
    lesson = _by_file(kb)["004"][0]
    text = kb.article_text(lesson)
    assert text is not None
    assert " ".join(words(lesson.title)) in " ".join(words(text))
    assert 3 <= len(words(lesson.title)) <= 14
    assert lesson.author == "Babette N. Ten Haken"


def test_every_passage_is_its_slice_of_the_article(kb: KnowledgeBase) -> None:
    for lesson in kb.lessons():
        text = kb.article_text(lesson)
        assert text is not None
        for role in ROLES:
            for passage in lesson.part(role):
                assert passage.start is not None
                assert plain(text[passage.start : passage.end], markdown=False) == passage.text


def test_reading_them_again_rewrites_nothing(kb: KnowledgeBase) -> None:
    assert kb.path is not None
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in pathlib.Path(kb.path).rglob("*") if p.is_file()}
    results = kb.ingest([SEEDS])
    assert {r.status for r in results} == {"unchanged"}
    after = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in pathlib.Path(kb.path).rglob("*") if p.is_file()}
    assert before == after
