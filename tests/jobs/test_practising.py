"""A practice session without a terminal: which lessons come up, with what line, and when they come back."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Callable, Iterable

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.errors import NotFound, UsageError
from coachkb.jobs.practising import QUIT, SKIP, Session, Turn, graded, recall, scheduler, walk
from coachkb.kb import KnowledgeBase
from coachkb.render.practising import question
from coachkb.store.cards import GRADES

ID = "when-the-buyer-says-it-is-too-dear"
Lesson = Callable[..., pathlib.Path]
DAY = datetime.date(2026, 1, 15)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """day("2026-02-01"): what day it is from now on."""
    return lambda told: monkeypatch.setenv("COACHKB_TODAY", told)


def session(kb: pathlib.Path, limit: int = 10, **wanted: str) -> Session:
    return KnowledgeBase.open(kb).practice(limit=limit, **wanted)  # type: ignore[arg-type]


def play(kb: pathlib.Path, choices: Iterable[str], **wanted: str) -> list[Turn]:
    """Goes through a session with these choices, then quits; gives the turns that were shown."""
    shown: list[Turn] = []
    left = iter(choices)

    def choose(turn: Turn) -> str:
        shown.append(turn)
        return next(left, QUIT)

    walk(session(kb, **wanted), choose, lambda grade, day: None)
    return shown


def ids(turns: Iterable[Turn]) -> list[str]:
    return [turn.hit.id for turn in turns]


# ------------------------------------------------------------------------------------------------------- what comes up


def test_the_line_is_what_the_lessons_problem_quotes_of_the_buyer(kb: pathlib.Path) -> None:
    (turn,) = play(kb, [])
    assert (turn.line.text, turn.line.quoted) == ("That is too expensive for us.", True)


def test_a_quotation_of_the_seller_is_not_the_buyers_line(kb: pathlib.Path, lesson: Lesson) -> None:
    lesson(
        "own", "situations: [too-expensive]", 'problem: [You say, "Great weather today, is it not?"]', "script: [Ask.]"
    )
    line = next(turn.line for turn in play(kb, [SKIP, SKIP]) if turn.hit.id == "own")
    said = KnowledgeBase.open(kb).vocabulary()["too-expensive"].labels["en"].said
    assert (line.text, line.quoted) == (said[0], False)


def test_labels_take_turns_from_one_practice_to_the_next(kb: pathlib.Path, lesson: Lesson, day: Callable) -> None:
    lesson("own")
    said = KnowledgeBase.open(kb).vocabulary()["trust"].labels["en"].said
    lines = []
    for told in ("2026-01-15", "2026-02-15", "2026-06-15", "2027-06-15"):
        day(told)
        lines += [turn.line.text for turn in play(kb, ["good"], situation="trust")]
    assert lines == [*said[:3], said[0]]


def test_a_lesson_on_a_narrower_situation_is_headed_and_asked_by_that(kb: pathlib.Path, lesson: Lesson) -> None:
    (kb / "situations.yaml").write_text(
        "green:\n  broader: trust\n  labels:\n    en: {name: Green matters, said: [how green are you then]}\n", "utf-8"
    )
    lesson("own", "situations: [trust, green]", "script: [Ask.]")
    (turn,) = play(kb, [SKIP] * 5, situation="green")
    names = KnowledgeBase.open(kb).index().situation_names("en")
    ui = KnowledgeBase.open(kb).index().ui("en")
    assert "Green matters" in next(question(turn, names, ui))[-1]
    assert turn.line.text == "how green are you then"


def test_a_session_reads_the_vocabulary_once_however_many_lessons(
    kb: pathlib.Path, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each asking looks at its file."""

    def asked() -> int:
        times = []
        known = KnowledgeBase.vocabulary
        with monkeypatch.context() as patch:
            patch.setattr(KnowledgeBase, "vocabulary", lambda self: (times.append(1), known(self))[1])
            play(kb, [SKIP] * 50)
        return len(times)

    KnowledgeBase.open(kb).index()
    few = asked()
    for n in range(5):
        lesson(f"own-{n}")
    KnowledgeBase.open(kb).index()
    assert asked() == few


def test_a_lesson_without_words_to_say_or_without_a_line_is_no_card(kb: pathlib.Path, lesson: Lesson) -> None:
    lesson("silent", "tactic: [Be quiet.]")
    lesson("unknown", "situations: [nobody-knows-it]", "script: [Ask.]")
    lesson("dropped", "script: [Ask.]", "review: {status: dropped}")
    assert ids(play(kb, [SKIP] * 5)) == [ID]


def test_new_lessons_go_from_situation_to_situation_approved_ones_first(kb: pathlib.Path, lesson: Lesson) -> None:
    for id_ in ("a", "b"):
        lesson(id_, "situations: [trust]", "script: [Ask.]")
    lesson("c", "situations: [trust]", "script: [Ask.]", "review: {status: approved, by: Ann, on: 2026-01-01}")
    assert ids(play(kb, [SKIP] * 5)) == ["c", ID, "a", "b"]
    assert ids(play(kb, [SKIP] * 5, situation="trust")) == ["c", "a", "b"]


def test_the_readers_language_holds_where_it_has_lessons(kb: pathlib.Path, lesson: Lesson) -> None:
    lesson("zelfde", "group: dear", "script: [Vraag.]", language="nl")
    lesson("same", "group: dear", "script: [Ask.]")
    assert ids(play(kb, [SKIP] * 5, reader="nl")) == ["zelfde"]
    assert sorted(ids(play(kb, [SKIP] * 5, reader="sv"))) == ["same", ID]  # one of the group
    assert ids(play(kb, [SKIP] * 5, language="nl", reader="en")) == ["zelfde"]


def test_an_unknown_filter_is_wrong_usage_and_no_lesson_is_nothing_found(kb: pathlib.Path) -> None:
    for wanted in ({"situation": "nope"}, {"language": "fr"}):
        with pytest.raises(UsageError):
            session(kb, **wanted)
    with pytest.raises(UsageError):
        session(kb, limit=0)
    with pytest.raises(NotFound):
        session(kb, situation="referrals")


# ------------------------------------------------------------------------------------------------------ coming back


def test_lessons_come_back_by_fsrs(kb: pathlib.Path, day: Callable) -> None:
    back = []
    for told in ("2026-01-15", "2026-01-17", "2026-01-28"):
        day(told)
        walk(session(kb), lambda turn: "good", lambda grade, on: back.append((grade, str(on))))
    assert back == [("good", "2026-01-17"), ("good", "2026-01-28"), ("good", "2026-03-15")]


def test_before_its_day_a_lesson_does_not_come_up(kb: pathlib.Path, day: Callable) -> None:
    play(kb, ["easy"])
    waiting = session(kb)
    assert (waiting.total, waiting.turn(), waiting.next_due) == (0, None, datetime.date(2026, 1, 23))
    day("2026-01-22")
    assert session(kb).total == 0
    day("2026-01-23")
    assert session(kb).total == 1


def test_due_lessons_come_before_new_ones_the_longest_due_first(
    kb: pathlib.Path, lesson: Lesson, day: Callable
) -> None:
    lesson("a")
    lesson("b")
    play(kb, ["easy", "again"])  # the article's, then a
    day("2026-03-01")
    assert ids(play(kb, [SKIP] * 5)) == ["a", ID, "b"]
    assert ids(play(kb, [SKIP] * 5, limit=1)) == ["a"]  # type: ignore[arg-type]


def test_what_was_graded_again_comes_back_in_the_session_until_it_is_not(kb: pathlib.Path, lesson: Lesson) -> None:
    lesson("a")
    turns = play(kb, ["again", "good", "again", "hard"])
    assert [(turn.hit.id, turn.again, turn.number, turn.total) for turn in turns] == [
        (ID, False, 1, 2),
        ("a", False, 2, 2),
        (ID, True, 2, 2),
        (ID, True, 2, 2),
    ]
    assert turns[2].card is not None
    assert [grade for _, grade in turns[3].card.grades] == ["again", "again"]  # type: ignore[union-attr]


def test_each_grade_is_saved_at_once(kb: pathlib.Path, lesson: Lesson) -> None:
    lesson("a")
    begun = session(kb)
    turn = begun.turn()
    assert turn is not None
    begun.grade(turn, "good")
    assert ids(play(kb, [SKIP] * 5)) == ["a"]  # another session, with the first still open


def test_a_grade_that_is_none_saves_nothing(kb: pathlib.Path) -> None:
    begun = session(kb)
    turn = begun.turn()
    assert turn is not None
    with pytest.raises(ValueError, match="perfect"):
        begun.grade(turn, "perfect")
    assert play(kb, [])[0].card is None


def test_nothing_is_written_into_the_knowledge_base(kb: pathlib.Path) -> None:
    before = {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()}
    play(kb, ["again", "easy"])
    assert {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()} == before


@given(st.lists(st.tuples(st.sampled_from(GRADES), st.integers(-5, 4000)), min_size=1, max_size=20))
def test_what_is_kept_of_a_card_is_all_that_fsrs_needs(told: list[tuple[str, int]]) -> None:
    its_scheduler, card, theirs, day = scheduler(), None, fsrs.Card(card_id=1), DAY
    for grade, days in told:  # a clock may be set back
        day += datetime.timedelta(days)
        card = graded(its_scheduler, card, grade, day)
        moment = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
        theirs, _ = its_scheduler.review_card(theirs, fsrs.Rating(GRADES.index(grade) + 1), moment)
        assert (card.due, card.stability, card.difficulty) == (theirs.due.date(), theirs.stability, theirs.difficulty)
        assert card.due > day
        assert recall(its_scheduler, card, card.due) == its_scheduler.get_card_retrievability(theirs, theirs.due)


# ---------------------------------------------------------------------------------------------------------- progress


def test_progress_before_any_practice(kb: pathlib.Path) -> None:
    told = KnowledgeBase.open(kb).progress()
    assert (told.lessons, told.practised, told.due, told.next_due) == (1, 0, (), None)
    (standing,) = told.situations
    assert (standing.id, standing.lessons, standing.sure, standing.recall, standing.weak) == (
        "too-expensive", 1, None, None, False,
    )  # fmt: skip


def test_progress_tells_what_is_due_and_the_weak_first(kb: pathlib.Path, lesson: Lesson, day: Callable) -> None:
    lesson("a")
    lesson("b", "situations: [closing]", "script: [Ask.]")
    play(kb, ["easy", "easy", "again", "hard"])  # the article's, closing, trust, trust again
    told = KnowledgeBase.open(kb).progress()
    assert [(s.id, s.weak, s.sure) for s in told.situations] == [
        ("trust", True, 0), ("too-expensive", False, 1), ("closing", False, 1),
    ]  # fmt: skip
    assert (told.due, told.practised, str(told.next_due)) == ((), 3, "2026-01-16")
    day("2026-01-23")
    told = KnowledgeBase.open(kb).progress()
    assert [(item.hit.id, str(item.due)) for item in told.due] == [
        ("a", "2026-01-16"), ("b", "2026-01-23"), (ID, "2026-01-23"),
    ]  # fmt: skip
    assert KnowledgeBase.open(kb).progress(situation="closing").practised == 1


def test_only_the_latest_three_grades_make_a_situation_weak(kb: pathlib.Path, day: Callable) -> None:
    for told, grade in (
        ("2026-01-15", "again"),
        ("2026-01-16", "hard"),
        ("2026-02-16", "good"),
        ("2026-05-16", "good"),
    ):
        day(told)
        play(kb, [grade])
    assert not KnowledgeBase.open(kb).progress().situations[0].weak  # hard, good, good
    day("2027-01-01")  # long past its day: forgotten
    (standing,) = KnowledgeBase.open(kb).progress().situations
    assert standing.recall is not None
    assert (standing.recall < 0.8, standing.weak) == (True, True)


def test_what_was_practised_in_another_language_counts_too(kb: pathlib.Path, lesson: Lesson) -> None:
    lesson("zelfde", "script: [Vraag.]", language="nl")
    play(kb, ["good"], language="nl")
    told = KnowledgeBase.open(kb).progress(reader="en")
    assert (told.lessons, told.practised) == (2, 1)


def test_a_card_whose_lesson_is_gone_waits_for_it(kb: pathlib.Path, lesson: Lesson) -> None:
    path = lesson("a")
    play(kb, ["good", "good"])
    text = path.read_text()
    path.unlink()
    assert KnowledgeBase.open(kb).progress().practised == 1
    path.write_text(text)
    assert KnowledgeBase.open(kb).progress().practised == 2
