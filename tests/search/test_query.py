"""Look-ups: what people type, in any shape, and what comes back."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkb import locate
from coachkb.search.query import Index


@pytest.fixture(scope="module")
def index():
    index = Index(locate.STARTER_INDEX)
    yield index
    index.close()


WORDS = [
    "price",
    "för dyrt",
    "te duur",
    "AND",
    "NOT",
    "NEAR(",
    '"',
    "'",
    "*",
    "title:",
    "--",
    ";",
    "\x00",
    "%",
    "NULL",
    "å" * 40,
]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)))
def test_no_query_raises(query):
    index = Index(locate.STARTER_INDEX)
    hits, meant, language = index.search(query, limit=5)
    assert len(hits) <= 5
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)
    assert all(0.0 <= score <= 1.0 for _, score in meant)
    assert [score for _, score in meant] == sorted((score for _, score in meant), reverse=True)
    assert language in (None, "en", "nl", "sv")
    index.close()


@pytest.mark.parametrize(
    "query", ["x" * 100_000, "price " * 20_000, ". " * 50_000, "“”…!?¿" * 500, "\ud800", "", "   "]
)
def test_long_and_odd_queries_are_answered(index, query):
    hits, _, _ = index.search(query)
    assert len(hits) <= 5


@pytest.mark.parametrize("language", ["en", "nl", "sv"])
def test_every_situation_is_found_by_its_name(index, language):
    shared = {}
    for id_, name in index.situation_names(language).items():
        shared.setdefault(name.lower(), []).append(id_)
    for name, ids in shared.items():
        assert index.understand(name)[0][0][0] in ids, name


@pytest.mark.parametrize(
    ("query", "situation"),
    [
        ("send me information", "send-me-information"),
        ("too expensive!", "too-expensive"),
        ("veel te duur", "too-expensive"),
        ("for dyrt", "too-expensive"),
        ("för dyrt", "too-expensive"),
        ("TO EXPENSIV", "too-expensive"),
        ("jag måste fundera på saken", "think-it-over"),
        ("daar moet ik nog eens over nadenken", "think-it-over"),
    ],
)
def test_what_buyers_say_is_understood(index, query, situation):
    assert index.understand(query)[0][0][0] == situation


def test_the_third_lesson_is_on_what_the_query_may_mean_as_well(index):
    """All lessons that were looked at were on the likelier of two situations, right or wrong."""
    query = "she wants to think about it and compare with a competitor"
    hits, ((first, _), (second, _), *_), _ = index.search(query)
    assert {first, second} == {"think-it-over", "competitor-comparison"}
    assert [hit.situations[0] for hit in hits[:3]] == [first, first, second]
    assert [hit.second for hit in hits] == [False, False, True, False, False]
    assert hits[2].score < hits[3].score
    assert len({hit.id for hit in hits}) == 5, "it is moved, not shown twice"
    only, _, _ = index.search(query, situation=first)
    assert only
    assert not any(hit.second for hit in only)
    assert [hit.id for hit in index.search(query, limit=2)[0]] == [hit.id for hit in hits[:2]]


def test_a_query_with_one_meaning_is_answered_with_it_alone(index):
    hits, _, _ = index.search("too expensive")
    assert all("too-expensive" in hit.situations for hit in hits)
    assert not any(hit.second for hit in hits)


def test_sentences_of_a_letter_are_read_and_its_courtesies_are_not(index):
    letter = (
        "Dear John,\n\nHope you are well. Many thanks for your time last week. "
        "I am afraid your price is far too high for us. Have a nice weekend.\n\nKind regards,\nAnn"
    )
    assert index.understand(letter)[0][0][0] == "too-expensive"


@pytest.mark.parametrize(
    "query", ["qwertyuiop", "pancake recipe without milk", "1234567890", "pannenkoeken bakken zonder melk"]
)
def test_what_has_nothing_to_do_with_selling_has_no_answer(index, query):
    hits, meant, _ = index.search(query)
    assert hits == []
    assert meant, "the nearest situations are told all the same"


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("they say it is too expensive", "en"),
        ("ze zeggen dat het te duur is", "nl"),
        ("de säger att det är för dyrt", "sv"),
    ],
)
def test_the_language_of_a_query(index, query, language):
    assert index.understand(query)[1] == language


def test_one_hit_a_group_in_the_readers_language(index):
    groups = {
        hit.group
        for hit in index.all()
        if hit.group and {code for _, code in hit.translations} | {hit.language} >= {"en", "nl", "sv"}
    }
    assert groups
    for reader in ("en", "nl", "sv"):
        hits, _, _ = index.search("too expensive", limit=20, reader=reader)
        named = [hit.group for hit in hits if hit.group]
        assert len(named) == len(set(named))
        assert all(hit.language == reader for hit in hits if hit.group in groups)


def test_all_languages_lists_translations_and_filters_filter(index):
    some, _, _ = index.search("too expensive", limit=50)
    every, _, _ = index.search("too expensive", limit=50, all_languages=True)
    assert len(every) > len(some)
    only, _, _ = index.search("too expensive", limit=50, only="sv")
    assert only
    assert {hit.language for hit in only} == {"sv"}
    tagged, _, _ = index.search("too expensive", limit=50, situation="discount-demand")
    assert all("discount-demand" in hit.situations for hit in tagged)
    assert index.search("too expensive", limit=0)[0] == []


def test_a_lesson_is_found_by_its_title(index):
    for lesson in index.all()[::9]:
        if len(lesson.title.split()) >= 3:
            hits, _, _ = index.search(lesson.title, limit=40, all_languages=True)
            assert hits, lesson.title


def test_the_same_answer_every_time(index):
    first = [(hit.id, hit.score) for hit in index.search("prijs te hoog", limit=20)[0]]
    again = Index(locate.STARTER_INDEX)
    assert [(hit.id, hit.score) for hit in again.search("prijs te hoog", limit=20)[0]] == first
    again.close()


def test_the_look_up_path_imports_next_to_nothing():
    code = (
        "import sys, sqlite3; before = set(sys.modules); import coachkb.search.query; "
        "print(*sorted(n for n in set(sys.modules) - before if not n.startswith('coachkb')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"math", "__future__"}
