"""Words that the index does not know: misspelt, run together, compounds that nobody wrote before."""

from __future__ import annotations

import pytest

from coachkb import locate
from coachkb.data.load import profiles
from coachkb.data.stems import stem
from coachkb.model.lesson import Lesson, Passage
from coachkb.search import spelling
from coachkb.search.index import LessonFile, build_over, refresh
from coachkb.search.likely import meaning
from coachkb.search.query import Index
from coachkb.search.rows import Languages, Parts


@pytest.fixture(scope="module")
def index():
    index = Index(locate.STARTER_INDEX)
    yield index
    index.close()


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [("price", "price", 0), ("price", "pirce", 2), ("price", "prce", 2), ("price", "pricce", 2), ("price", "prime", 3)],
)
def test_a_slip_of_the_fingers_is_nearer_than_another_letter(a, b, apart):
    assert spelling.distance(a, b, 5) == spelling.distance(b, a, 5) == apart


def test_what_is_far_off_is_not_counted_out():
    assert spelling.distance("price", "discount", 4) == 5
    assert spelling.distance("abcdefgh", "stuvwxyz", 4) == 5


@pytest.mark.parametrize(
    ("word", "language", "meant"),
    [
        ("competitor", "en", []),  # a word that is known is never looked at
        ("compettitor", "en", ["competitor"]),
        ("levrantör", "sv", ["leverantör"]),
        ("leverancir", "nl", ["leverancier"]),
        ("tooexpensive", "en", ["too", "expensive"]),
        ("nietgeïnteresseerd", "nl", ["niet", "geïnteresseerd"]),
        ("xqzvw", "en", []),
        ("z" * 60, "en", []),
        ("2023", "en", []),
    ],
)
def test_unknown_words_are_mended(index, word, language, meant):
    known = index.db.execute("SELECT 1 FROM word WHERE form = ?", (word,)).fetchone()
    found = {} if known else spelling.mended(index.db, {word}, [language])
    assert found.get(word, []) == meant


def test_the_fewest_words_make_up_a_compound_with_or_without_links():
    forms = {"inkoop", "afdeling", "af", "de", "ling", "verkoop", "prijs"}
    assert spelling.fewest("inkoopafdeling", forms, []) == ["inkoop", "afdeling"]
    assert spelling.fewest("verkoopsprijs", forms, ["s"]) == ["verkoop", "prijs"]
    assert spelling.fewest("verkoopsprijs", forms, []) == []
    assert spelling.fewest("", forms, []) == []


def test_a_word_that_only_a_lesson_has_is_left_alone(tmp_path):
    lesson = Lesson(id="a", title="Expensife and its makers", language="en", situations=("referrals",))
    path = str(tmp_path / "index.sqlite")
    items = [LessonFile(lesson, "lessons/en/a.yaml", 1, 1)]
    build_over(locate.STARTER_INDEX, path, items, [], None, profiles(), keep=False, stamp="")
    index = Index(path)
    assert meaning(index.db, "too expensife").pieces == [["too", "expensife"]]
    index.close()


@pytest.mark.parametrize(
    ("query", "situation"),
    [
        ("its to expencive for us", "too-expensive"),
        ("thats waytooexpensive", "too-expensive"),
        ("hunn leverancier is al twintig jaar dezelfd", "happy-with-supplier"),
        ("kan du skika information på mejlenn", "send-me-information"),
    ],
)
def test_what_was_mistyped_is_understood(index, query, situation):
    assert index.understand(query)[0][0][0] == situation


@pytest.mark.parametrize(
    ("query", "situation"),
    [("te dur", "too-expensive"), ("för dyt", "too-expensive"), ("for dyt", "too-expensive"), ("no mney", "no-budget")],
)
def test_a_short_word_is_mended_by_the_phrase_around_it(index, query, situation):
    assert index.understand(query)[0][0][0] == situation
    assert index.search(query)[0]


@pytest.mark.parametrize(
    "query",
    [
        "te huur",  # a word that is known was meant
        "dur",  # nothing stands around it
        "te dxqr",  # more than one slip
        "die dur daar",  # no label goes so
        "te dur te dur",
    ],
)
def test_a_short_word_is_left_alone_where_no_phrase_tells_it(index, query):
    assert meaning(index.db, query).pieces == [query.split()]


def test_words_that_mean_nothing_make_it_less_sure(index):
    assert meaning(index.db, "blorptastic quuxify price").strange > 0.5
    assert meaning(index.db, "the price is too high").strange == 0.0


# ---------------------------------------------------------------------------------------------------- compounds


@pytest.mark.parametrize(
    ("language", "word", "parts"),
    [
        ("sv", "prisinvändningar", "pris invändning"),  # in the glossary
        ("nl", "inkoopafdelingen", "inkoop afdeel"),
        ("nl", "prijstrainingen", "prijs train"),  # made of its parts
        ("nl", "tafel", ""),
        ("en", "priceobjection", ""),
    ],
)
def test_parts_of_compounds(index, language, word, parts):
    profile = profiles()[language]
    assert Parts(index.db, language, profile.stemmer).of(word, stem(word, profile.stemmer)) == parts


def test_a_compound_in_a_lesson_is_found_by_its_part_and_whole(tmp_path):
    words = "Prisinvändningar kommer alltid före lunch."
    lessons = [
        Lesson(id="a", title="Ett", language="sv", situations=("closing",), problem=(Passage(words),)),
        Lesson(id="b", title="Två", language="sv", situations=("closing",), problem=(Passage("Kaffe."),)),
    ]
    path = str(tmp_path / "index.sqlite")
    items = [LessonFile(lesson, f"lessons/sv/{lesson.id}.yaml", 1, 1) for lesson in lessons]
    build_over(locate.STARTER_INDEX, path, items, [], None, profiles(), keep=False, stamp="")
    index = Index(path)
    for query in ("invändning", "prisinvändning"):
        stem = Languages(index.db, profiles()).of("sv")[query].split()[-1]
        found = index.db.execute("SELECT rowid FROM text WHERE text MATCH ?", (f'"{stem}"',)).fetchall()
        assert found == [(1,)], query
    index.close()


def test_a_compound_that_an_edit_brings_is_found_by_its_part_without_a_new_index(tmp_path):
    path = str(tmp_path / "index.sqlite")
    before = Lesson(id="a", title="Ett", language="sv", situations=("closing",), problem=(Passage("Kaffe."),))
    items = [LessonFile(before, "lessons/sv/a.yaml", 1, 1)]
    build_over(locate.STARTER_INDEX, path, items, [], None, profiles(), keep=False, stamp="")
    after = Lesson(id="a", title="Ett", language="sv", situations=("closing",), problem=(Passage("Prisinvändningar."),))
    refresh(path, [LessonFile(after, "lessons/sv/a.yaml", 2, 2)], [], [], profiles(), [])
    index = Index(path)
    stem_ = Languages(index.db, profiles()).of("sv")["prisinvändningar"].split()[-1]
    assert index.db.execute("SELECT rowid FROM text WHERE text MATCH ?", (f'"{stem_}"',)).fetchall() == [(1,)]
    index.close()
