"""A look-up reads a bounded part of the index, and still finds the best of many."""

from __future__ import annotations

import pytest

from coachkb import locate
from coachkb.data.load import profiles
from coachkb.model.lesson import Lesson, Passage, Review
from coachkb.search import postings
from coachkb.search.analysis import tokens, words
from coachkb.search.index import LessonFile, build_over
from coachkb.search.query import Index

SITUATIONS = ("too-expensive", "discount-demand", "referrals", "closing", "send-me-information", "gatekeeper")
LANGUAGES = ("en", "nl", "sv")


def lesson(n: int, **more: object) -> Lesson:
    values: dict[str, object] = {
        "id": f"lesson-{n}",
        "title": f"The price of number {n}",
        "language": LANGUAGES[n % 3],
        "situations": (SITUATIONS[n % 6], SITUATIONS[(n // 6) % 6 - 1])
        if (n // 6) % 6 - 1 != n % 6
        else (SITUATIONS[n % 6],),
        "problem": (Passage(f"The customer says the price is too high, case word{n % 97} and unique{n}."),),
        **more,
    }
    return Lesson(**values)  # type: ignore[arg-type]


def make(path: str, lessons: list[Lesson]) -> Index:
    items = [LessonFile(one, f"lessons/{one.language}/{one.id}.yaml", 1, 1) for one in lessons]
    build_over(locate.STARTER_INDEX, path, items, [], None, profiles(), keep=False, stamp="")
    return Index(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    index = make(str(tmp_path_factory.mktemp("small") / "i.sqlite"), [lesson(n) for n in range(1000)])
    yield index
    index.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    special = [
        lesson(6003, id="both", language="en", situations=("too-expensive", "no-budget")),
        lesson(6004, id="approved", language="sv", situations=("referrals", "gatekeeper"), review=Review("approved")),
        lesson(6005, id="rare", title="Zebrafish", situations=("gatekeeper",)),
        lesson(6006, id="named", title="Maureen and the price", situations=("practice",)),
        lesson(6007, id="gone", title="Maureen again", review=Review("dropped")),
    ]
    lessons = [lesson(n) for n in range(6000)] + special
    index = make(str(tmp_path_factory.mktemp("large") / "i.sqlite"), lessons)
    yield index
    index.close()


def steps(index: Index, query: str) -> int:
    """Hundreds of steps of SQLite's machine that a search takes."""
    count = [0]

    def tick() -> None:
        count[0] += 1

    index.db.set_progress_handler(tick, 100)
    index.search(query)
    index.db.set_progress_handler(None, 0)
    return count[0]


@pytest.mark.parametrize(
    "query",
    ["too expensive", "price", "customer price high says case", "price number", "send me information", "word5 price"],
)
def test_six_times_the_lessons_are_not_six_times_the_work(small, large, query):
    assert steps(large, query) < 2 * steps(small, query) + 200


def test_no_query_ranks_more_lessons_by_words_than_it_may(large, monkeypatch):
    ranked = []
    monkeypatch.setattr(postings, "RARE", 100)
    monkeypatch.setattr(postings, "_matching", lambda db, match, most, fields: ranked.append(match) or {})
    large.search("price too high unique17 unique18")
    assert ranked == ['"unique17" OR "unique18"']


def test_the_best_of_very_many_is_found(large):
    assert large.search("too expensive, we have no budget", reader="en", limit=1)[0][0].id == "both"
    assert large.search("can you refer me to someone", reader="sv", limit=1)[0][0].id == "approved"
    assert large.search("gatekeeper zebrafish", limit=1)[0][0].id == "rare"
    assert [hit.id for hit in large.search("Maureen")[0]] == ["named"]


def test_filters_find_what_is_rare(large):
    assert {hit.language for hit in large.search("too expensive", only="sv")[0]} == {"sv"}
    hits, _, _ = large.search("too expensive", situation="discount-demand", limit=10)
    assert len(hits) == 10
    assert all("discount-demand" in hit.situations for hit in hits)
    assert len(large.search("too expensive", limit=300)[0]) == 300


def test_the_order_of_files_does_not_decide(tmp_path):
    lessons = [lesson(n) for n in range(300)]
    one, other = make(str(tmp_path / "a.sqlite"), lessons), make(str(tmp_path / "b.sqlite"), lessons[::-1])
    for query in ("too expensive", "price number", "referrals", "word5"):
        assert [h.id for h in one.search(query, limit=30)[0]] == [h.id for h in other.search(query, limit=30)[0]]
    one.close()
    other.close()


@pytest.mark.parametrize(
    "text",
    [
        "What's the price?",
        "l'été, ça va",
        "‘nee’ zei hij’s",
        "a''b 2'x",
        "İstanbul ŉ ß e\u0301",
        "日本'語 ½x",
        "x_y-z\n…–",
    ],
)
def test_texts_in_any_script_are_split_alike(text):
    """The quick way for Latin-1 and the general one must agree: what one of them indexes, the other looks up."""
    general = words(text + " 語")
    assert general[-1] == "語"
    assert words(text) == general[:-1] == tokens(text)


def test_of_lessons_that_answer_as_well_those_with_words_to_say_come_first(tmp_path):
    """The first card for "too expensive" was an essay that gave a rep nothing to say, though its neighbours did."""
    says = (Passage("What were you comparing us with?"),)
    common = {"language": "en", "title": "On price", "situations": ("too-expensive",)}
    essays = [lesson(0, id=f"essay-{n:02}", **common) for n in range(30)]
    index = make(
        str(tmp_path / "i.sqlite"),
        [
            *essays,
            lesson(0, id="spoken", script=says, **common),
            lesson(0, id="named", **{**common, "title": "The essay on silence"}),
            lesson(0, id="alone", language="en", situations=("referrals",)),
        ],
    )
    hits, _, _ = index.search("it is too expensive", limit=3)
    assert hits[0].id == "spoken", "among more than are read of a list"
    assert index.search("the essay on silence")[0][0].id == "named", "a lesson asked for by its name comes first"
    assert index.search("ask for a referral")[0][0].id == "alone", "no other lesson is on it"
    index.close()
