"""What is learned from labels when an index is built."""

from __future__ import annotations

import shutil

import pytest

from coachkb import locate
from coachkb.data.load import profiles, vocabulary
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.situation import Labels, Situation
from coachkb.search import learned
from coachkb.search.analysis import features, stem_features, tokens
from coachkb.search.index import build, build_over
from coachkb.search.meaning import Example, rows_of, train
from coachkb.search.query import Index
from coachkb.search.rows import LessonFile

SAID = (
    "we only buy on the full moon",
    "is it a full moon yet",
    "our astrologer must agree",
    "the stars are against it",
)


def test_features_of_a_phrase():
    letters, stems, pairs = features(["for", "dyrt"], ["för", "dyr"])
    assert {" fo", "for", "or ", " dyr", "yrt "} <= set(letters)
    assert stems == ["=dyr", "=för"]
    assert pairs == ["+för", "dyr+", "för+dyr"]
    assert stem_features([]) == [[], ["+"]]
    assert tokens("What's the price?") == ["whats", "the", "price"]


def test_training_tells_classes_apart_and_is_the_same_every_time():
    examples = [
        Example("too expensive", 0, "en"),
        Example("far too dear", 0, "en"),
        Example("send a brochure", 1, "en"),
    ]
    first = train(rows_of(examples, lambda word, _: word), 2)
    again = train(rows_of(reversed(examples), lambda word, _: word), 2)
    assert first.weights == again.weights
    assert first.weights["=expensive"][0] > first.weights["=expensive"][1]
    assert first.weights["=brochure"][1] > first.weights["=brochure"][0]


def test_an_index_that_learned_the_same_is_taken_over(tmp_path, monkeypatch):
    path = str(tmp_path / "index.sqlite")
    shutil.copyfile(locate.STARTER_INDEX, path)
    before = Index(path)
    kept = before.db.execute("SELECT count(*), sum(idf) FROM feature").fetchall()
    before.close()
    monkeypatch.setattr(learned, "train", None)  # nothing is learned
    build(path, [], vocabulary(), profiles(), own=True)
    after = Index(path)
    assert after.db.execute("SELECT count(*), sum(idf) FROM feature").fetchall() == kept
    assert after.understand("too expensive")[0][0][0] == "too-expensive"
    assert after.search("too expensive")[0] == []
    after.close()


def with_the_moon():
    moon = Situation("moon", "objections", {"en": Labels("Full moon", ("astrology",), SAID)}, "think-it-over")
    return {**vocabulary(), "moon": moon}


@pytest.fixture(scope="module")
def enlarged(tmp_path_factory):
    added = with_the_moon()
    path = str(tmp_path_factory.mktemp("kb") / "index.sqlite")
    lesson = Lesson("a", "A title", "en", situations=("think-it-over", "moon"), tactic=(Passage("Wait."),))
    mine = [LessonFile(lesson, "lessons/en/a.yaml", 1, 1)]
    build_over(locate.STARTER_INDEX, path, mine, [], added, profiles(), keep=True, stamp="")
    index = Index(path)
    yield index
    index.close()


def test_what_an_index_learned_of_ones_own_situations_is_not_learned_again(enlarged, tmp_path, monkeypatch):
    monkeypatch.setattr("coachkb.search.learned.train", None)  # each edit of a lesson waited half a minute for it
    path = str(tmp_path / "index.sqlite")
    added = with_the_moon()
    build_over(locate.STARTER_INDEX, path, [], [], added, profiles(), keep=True, stamp="", before=enlarged.path)
    again = Index(path)
    assert again.understand("full moon") == enlarged.understand("full moon")
    again.close()


def test_a_situation_of_ones_own_is_learned_beside_the_others(enlarged):
    for query in ("full moon", "their astrologer does not agree", "waiting for the full moon"):
        assert enlarged.understand(query)[0][0][0] == "moon"
    for query, situation in (
        ("too expensive", "too-expensive"),
        ("för dyrt", "too-expensive"),
        ("role play", "practice"),
    ):
        assert enlarged.understand(query)[0][0][0] == situation
    assert enlarged.understand("de säger att det är för dyrt")[1] == "sv"


def test_a_lesson_on_a_narrower_situation_counted_as_one_on_its_broader(enlarged):
    """The broader one stands before it, and so the lesson's own situation counted as its second."""
    first = enlarged.search("our astrologer must agree")[0][0]
    assert first.id == "a" and first.score > 0.9
    assert list(first.situations) == ["think-it-over", "moon"]
