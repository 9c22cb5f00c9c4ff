"""Passages that a reviewer moves to another part."""

from __future__ import annotations

import pathlib

import pytest

from coachkb.errors import UsageError
from coachkb.jobs.moving import move, moved, numbered
from coachkb.jobs.reviewing import Decision, Session, walk
from coachkb.kb import KnowledgeBase
from coachkb.model.lesson import Lesson, Passage

ID = "when-the-buyer-says-it-is-too-dear"
A, B, C = (Passage(text, n * 10, n * 10 + 5, key=n == 1) for n, text in enumerate("ABC"))
OWN = Passage("Ask.")
LESSON = Lesson("x", "X", "en", problem=(B, OWN), tactic=(A, C), script=(OWN, OWN))


def texts(lesson: Lesson, role: str) -> str:
    return " ".join(passage.text for passage in lesson.part(role))


def test_passages_are_numbered_as_they_stand_in_the_article() -> None:
    assert numbered(LESSON) == [
        ("tactic", 0),
        ("problem", 0),
        ("tactic", 1),
        ("problem", 1),
        ("script", 0),
        ("script", 1),
    ]


def test_a_passage_comes_to_its_place_among_those_that_are_there_and_keeps_its_mark() -> None:
    found = moved(LESSON, [2], "tactic")
    assert (found.tactic, found.problem) == ((A, B, C), (OWN,))
    assert moved(LESSON, [4], "tactic").tactic == (A, C, OWN)


def test_of_passages_that_are_the_same_only_the_one_that_was_meant_moves() -> None:
    found = moved(LESSON, [5], "problem")
    assert (found.problem, found.script) == ((B, OWN, OWN), (OWN,))


def test_what_is_there_already_stays() -> None:
    assert moved(LESSON, [1, 3], "tactic") == LESSON


@pytest.mark.parametrize("told", ["2 4 script", "2,4 script", "4, 2 S", "2 4 4 5 s"])
def test_numbers_and_a_part_are_typed(told: str) -> None:
    numbers, part = move(told, LESSON)
    assert (set(numbers), part) == ({2, 4}, "script")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("2", "'2' is no part: one of problem"),
        ("2 x", "'x' is no part"),
        ("script", "which belong to script"),
        ("0 s", "'0' is no passage's number: 1 to 6"),
        ("7 s", "'7' is no passage's number"),
        ("-1 s", "'-1' is no passage's number"),
        ("² s", "'²' is no passage's number"),
        ("a s", "'a' is no passage's number"),
        ("1 tactic", "1: in tactic already"),
        ("", "'' is no part"),
    ],
)
def test_what_cannot_be_meant_is_told(told: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        move(told, LESSON)
    assert says in str(error.value)


def decide(kb: pathlib.Path, decision: Decision) -> None:
    left = [decision]
    walk(
        Session(KnowledgeBase.open(kb)),
        lambda draft: left.pop() if left else Decision("quit"),
        pytest.fail,
    )


def test_a_moved_passage_is_a_persons_edit_it_stays_and_can_be_undone(kb: pathlib.Path, article: str) -> None:
    opened = KnowledgeBase.open(kb)
    before = opened.lesson(ID)
    n = next(n for n, (role, _) in enumerate(numbered(before), 1) if role == "problem")
    text = before.problem[0].text
    decide(kb, Decision("move", numbers=(n,), part="diagnosis"))
    after = opened.lesson(ID)
    assert text in texts(after, "diagnosis") and text not in texts(after, "problem")
    assert after.review.status == "draft"
    reason = next(reason for reason in opened.explain(ID).reasons if reason.passage.text == text)
    assert (reason.part, reason.by, reason.machine) == ("diagnosis", "person", "problem")

    pathlib.Path("dear.txt").write_text(article.replace("every week", "every other week") + "\nSo wait.\n", "utf-8")
    assert [item.status for item in opened.ingest("dear.txt")] == ["changed"]
    again = opened.lesson(ID)
    assert text in texts(again, "diagnosis") and text not in texts(again, "problem")
    opened.undo()
    opened.undo()
    assert opened.lesson(ID) == before
