"""The starter that ships in the package: up to date, true to its articles, and of use on day one in each language."""

from __future__ import annotations

import itertools
import json
import os
import pathlib
import subprocess
import sys

import pytest

from coachkb.data.load import profiles, vocabulary
from coachkb.ingest.extract import extract
from coachkb.ingest.read import read_document
from coachkb.ingest.situations import taggers
from coachkb.ingest.text import fold, plain
from coachkb.locate import STARTER
from coachkb.model.terms import ROLES
from coachkb.store.lesson_file import parse_lesson

ROOT = pathlib.Path(__file__).resolve().parent.parent
LESSONS = sorted(pathlib.Path(STARTER, "lessons").glob("*/*.yaml"))


def test_the_starter_is_what_the_articles_give() -> None:
    """Mended by: python scripts/build_starter.py (in the checkout)."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_starter.py"), "--check"],
        cwd=ROOT,
        # The checkout's code, for what is compared is the checkout's articles with the checkout's starter.
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_installed_starter_is_the_one_of_the_checkout() -> None:
    def files(root: pathlib.Path) -> dict[str, bytes]:
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}

    assert files(pathlib.Path(STARTER)) == files(ROOT / "coachkb" / "data" / "starter")


@pytest.mark.parametrize(
    ("words", "language"),
    [("send me information", "en"), ("stuur maar een mailtje", "nl"), ("skicka lite info", "sv")],
)
def test_send_me_information_is_answered_in_each_language(run, words: str, language: str) -> None:
    ran = run("lookup", "--format", "json", words, env={"LC_ALL": "C"})
    first = json.loads(ran.out)["hits"][0]
    assert ran.code == 0
    assert first["language"] == language
    assert "send-me-information" in first["situations"]


@pytest.mark.parametrize("language", ["en", "nl", "sv"])
def test_a_question_in_english_finds_the_lesson_in_each_language(run, language: str) -> None:
    ran = run("lookup", "--format", "json", "--only-lang", language, "send me information")
    first = json.loads(ran.out)["hits"][0]
    assert (first["language"], first["situations"][0]) == (language, "send-me-information")


def test_every_passage_is_its_slice_of_the_article() -> None:
    assert len(LESSONS) >= 90
    wrong, seen = [], 0
    for file in LESSONS:
        lesson = parse_lesson(file.read_text(encoding="utf-8"), file.name)
        assert lesson.source.path, f"{file.name} has no article"
        article = pathlib.Path(STARTER, lesson.source.path)
        text = article.read_bytes().decode("utf-8")
        for role in ROLES:
            for passage in lesson.part(role):
                seen += 1
                told = plain(text[passage.start : passage.end], article.suffix == ".md")
                if passage.start is None or passage.text != told or passage.text != fold(passage.text):
                    wrong.append(f"{file.name}: {role}: {passage.text[:60]!r}")
    assert seen > 1000
    assert wrong == []


def test_every_lesson_lies_where_its_id_and_language_say() -> None:
    for file in LESSONS:
        lesson = parse_lesson(file.read_text(encoding="utf-8"), file.name)
        assert (lesson.id, lesson.language) == (file.stem, file.parent.name)
        assert any(lesson.part(role) for role in ROLES)


def test_every_passage_the_machine_finds_is_its_slice_of_the_article() -> None:
    """Over all articles: white space folded and mark-up removed, nothing else; and in order, not overlapping."""
    tagger = taggers(vocabulary(), profiles())
    found = 0
    for path in sorted((ROOT / "articles").iterdir()):
        document = read_document(path.read_bytes(), path.name)
        for post in extract(document, tagger):
            spans = sorted((p.start, p.end, p.text) for role in ROLES for p in post.parts[role])
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)), path.name
            for start, end, text in spans:
                assert post.post.start <= start < end <= post.post.end
                assert text == plain(document.text[start:end], document.suffix == ".md") != "", path.name
                found += 1
    assert found > 3000


def test_lessons_are_named_by_their_ids() -> None:
    """An edit of one is opened by its name alone: reading all of them would take seconds."""
    ids = [path.read_text(encoding="utf-8").partition("\nid: ")[2].partition("\n")[0].strip("'\"") for path in LESSONS]
    assert ids == [path.stem for path in LESSONS]
