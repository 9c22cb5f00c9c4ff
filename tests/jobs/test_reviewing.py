"""Reviews without a terminal: what comes up, what each decision saves, and that nothing is saved over a person."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Callable, Sequence

import pytest

from coachkb.errors import NotFound, UnusableKB, UsageError
from coachkb.jobs.reviewing import Decision, Draft, Filter, Session, tagged, until_after, walk
from coachkb.kb import KnowledgeBase
from coachkb.model.lesson import Lesson, Review
from coachkb.store import journal

ID = "when-the-buyer-says-it-is-too-dear"
Write = Callable[..., pathlib.Path]


def session(kb: pathlib.Path, **options: object) -> Session:
    return Session(KnowledgeBase.open(kb), **options)  # type: ignore[arg-type]


def go(at: Session, *kinds: str | Decision) -> list[str]:
    """Decides as told and then quits; the ids in the order they were shown."""
    shown: list[str] = []
    left = list(kinds)

    def choose(draft: Draft) -> Decision:
        shown.append(draft.lesson.id)
        kind = left.pop(0) if left else "quit"
        return Decision(kind) if isinstance(kind, str) else kind

    walk(at, choose, shown.append)
    return shown


def review_of(kb: pathlib.Path, id_: str = ID) -> Review:
    return KnowledgeBase.open(kb).lesson(id_).review


@pytest.fixture
def three(kb: pathlib.Path, lesson: Write) -> pathlib.Path:
    """Three drafts and no other: b is surer than a, c was written by hand."""
    (kb / f"lessons/en/{ID}.yaml").unlink()
    lesson("b", "extraction: {sureness: 0.9}", "situations: [closing]", language="nl")
    lesson("a", "extraction: {sureness: 0.45}")
    lesson("c")
    return kb


def test_the_least_sure_comes_first_and_what_a_person_wrote_last(three: pathlib.Path) -> None:
    assert go(session(three), "skip", "skip", "skip") == ["a", "b", "c"]


def test_going_back_shows_the_lesson_before_again_and_only_another_decision_changes_it(three: pathlib.Path) -> None:
    at = session(three)
    shown = go(at, "accept", "back", "skip", "drop", "back", "accept", "back", "back", "drop", "skip", "back", "quit")
    assert shown == ["a", "b", "a", "b", "c", "b", "c", "b", "a", "b", "c", "b"]
    assert [review_of(three, id_).status for id_ in "abc"] == ["dropped", "approved", "draft"]
    assert (at.counts, at.left) == ({"drop": 1, "accept": 1}, 1)


def test_going_back_at_the_first_lesson_shows_it_again(three: pathlib.Path) -> None:
    assert go(session(three), "back", "skip", "back", "back", "quit") == ["a", "a", "b", "a", "a"]


def test_an_approval_says_who_when_and_until(kb: pathlib.Path) -> None:
    go(session(kb), "accept")
    assert review_of(kb) == Review("approved", "Ann", "2026-01-15", "2027-01-15")


def test_the_knowledge_base_says_how_long_approvals_hold(kb: pathlib.Path) -> None:
    (kb / "coachkb.yaml").write_text("review_months: 1\n", encoding="utf-8")
    go(session(kb), "accept")
    assert review_of(kb).until == "2026-02-15"


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2026-12-15", 1, "2027-01-15")],
)
def test_a_month_later_is_a_day_there_is(day: str, months: int, until: str) -> None:
    assert until_after(datetime.date.fromisoformat(day), months).isoformat() == until


def test_a_dropped_lesson_stays_on_file_and_does_not_come_back(kb: pathlib.Path) -> None:
    go(session(kb), "drop")
    assert review_of(kb) == Review("dropped", "Ann", "2026-01-15", None)
    with KnowledgeBase.open(kb) as opened:
        opened.ingest(["dear.txt"])
        assert opened.lessons() == []
    assert session(kb).total == 0


def test_each_decision_is_saved_at_once_and_the_next_session_goes_on(three: pathlib.Path) -> None:
    assert go(session(three), "accept") == ["a", "b"]
    assert review_of(three, "a").status == "approved"
    assert go(session(three), "drop", "skip") == ["b", "c"]
    assert go(session(three)) == ["c"]


def test_a_session_that_breaks_off_keeps_what_was_decided(three: pathlib.Path) -> None:
    at = session(three)

    def choose(draft: Draft) -> Decision:
        if draft.lesson.id == "b":
            raise KeyboardInterrupt
        return Decision("accept")

    with pytest.raises(KeyboardInterrupt):
        walk(at, choose, print)
    assert (review_of(three, "a").status, review_of(three, "b").status) == ("approved", "draft")


def test_new_situations_are_saved_and_the_lesson_is_shown_again(three: pathlib.Path) -> None:
    shown = go(session(three), Decision("retag", ("closing", "trust")), "accept")
    assert shown == ["a", "a", "b"]
    kept = KnowledgeBase.open(three).lesson("a")
    assert (kept.situations, kept.review.status) == (("closing", "trust"), "approved")


def test_a_lesson_retagged_out_of_the_filter_is_still_decided_on(three: pathlib.Path) -> None:
    at = session(three, wanted=Filter(situation="closing"))
    assert go(at, Decision("retag", ("trust",)), "accept") == ["b", "b"]


def test_a_decision_changes_nothing_else_in_the_file(three: pathlib.Path, lesson: Write) -> None:
    path = lesson("a", "extraction: {sureness: 0.1}", "# mine", "notes: 'as typed'   # and this", "own-key: 1")
    before = path.read_text(encoding="utf-8")
    go(session(three), "accept")
    after = path.read_text(encoding="utf-8")
    assert [row for row in before.splitlines() if row not in after.splitlines()] == []


def test_what_a_person_saved_meanwhile_is_not_written_over(three: pathlib.Path) -> None:
    at = session(three)
    path = three / "lessons/en/a.yaml"
    told: list[str] = []
    seen: list[str] = []

    def choose(draft: Draft) -> Decision:
        seen.append(draft.lesson.title)
        if len(seen) == 1:
            path.write_text(path.read_text(encoding="utf-8").replace("Title of a", "Mine"), encoding="utf-8")
        return Decision("accept" if len(seen) < 3 else "quit")

    walk(at, choose, told.append)
    assert seen == ["Title of a", "Mine", "Title of b"]
    assert len(told) == 1 and "nothing was saved" in told[0]
    assert KnowledgeBase.open(three).lesson("a").title == "Mine"
    assert review_of(three, "a").status == "approved"


@pytest.mark.parametrize("what", ["gone", "broken", "decided"])
def test_what_is_no_draft_any_more_is_passed_over(three: pathlib.Path, lesson: Write, what: str) -> None:
    at = session(three)
    path = three / "lessons/nl/b.yaml"
    if what == "gone":
        path.unlink()
    elif what == "broken":
        path.write_text("a: [\n", encoding="utf-8")
    else:
        lesson("b", "review: {status: dropped}", language="nl")
    assert go(at, "skip", "skip") == ["a", "c"]


def test_a_broken_file_hides_no_draft(three: pathlib.Path) -> None:
    (three / "lessons/en/bad.yaml").write_text("a: [\n", encoding="utf-8")
    at = session(three)
    assert (at.total, len(at.kb.problems)) == (3, 1)


def test_again_walks_through_what_is_past_its_date(three: pathlib.Path, lesson: Write) -> None:
    lesson("old", 'review: {status: approved, by: Ann, "on": "2024-01-01", until: "2026-01-14"}')
    lesson("new", 'review: {status: approved, by: Ann, "on": "2024-01-01", until: "2026-01-15"}')
    assert go(session(three, again=True), "accept") == ["old"]
    assert review_of(three, "old").until == "2027-01-15"
    assert session(three, again=True).total == 0


def test_a_lesson_named_comes_up_whatever_was_decided(three: pathlib.Path) -> None:
    go(session(three), "accept")
    assert go(session(three, wanted=Filter(ids=("a",))), "drop") == ["a"]
    assert review_of(three, "a").status == "dropped"


def test_nobody_is_no_reviewer(kb: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coachkb.jobs.reviewing.user", lambda: None)
    with pytest.raises(UsageError, match="COACHKB_USER"):
        go(session(kb), "accept")
    assert review_of(kb).status == "draft"


@pytest.mark.parametrize(
    ("told", "value"), [("0.5", 0.5), (1, 1.0), ("nan", None), ("x", None), (None, None), ("7", None)]
)
def test_sureness(told: object, value: float | None) -> None:
    assert Lesson("x", "x", "en", extraction={"sureness": told}).sureness == value


def test_situations_as_people_type_them(kb: pathlib.Path) -> None:
    vocabulary = KnowledgeBase.open(kb).vocabulary()
    assert tagged(" trust,closing  trust ", vocabulary) == ("trust", "closing")
    with pytest.raises(UsageError, match="did you mean too-expensive"):
        tagged("to-expensive", vocabulary)
    with pytest.raises(UsageError, match="at most 3"):
        tagged("trust closing negotiation follow-up", vocabulary)


# --------------------------------------------------------------------------------------------------------- by rule


def ids(done: Sequence[object]) -> list[str]:
    return [x.id for x in done]  # type: ignore[attr-defined]


def test_rules_choose(three: pathlib.Path) -> None:
    kb = KnowledgeBase.open(three)
    assert ids(kb.review("accept", min_sureness=0.8, dry_run=True)) == ["b"]
    assert ids(kb.review("accept", language="en", dry_run=True)) == ["a", "c"]
    assert ids(kb.review("accept", situation="closing", dry_run=True)) == ["b"]
    assert ids(kb.review("accept", ["a", "c"], dry_run=True)) == ["a", "c"]
    assert ids(kb.review("accept", ["a", "b"], language="nl", dry_run=True)) == ["b"]
    assert ids(kb.review("accept", everything=True, dry_run=True)) == ["a", "c", "b"]
    assert {review_of(three, id_).status for id_ in "abc"} == {"draft"}


def test_a_rule_is_needed(three: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="which"):
        KnowledgeBase.open(three).review("accept")


def test_a_batch_is_one_step(three: pathlib.Path) -> None:
    kb = KnowledgeBase.open(three)
    before = len(journal.entries(str(three)))
    kb.review("accept", everything=True, until="2026-06-30")
    assert review_of(three, "b") == Review("approved", "Ann", "2026-01-15", "2026-06-30")
    assert len(journal.entries(str(three))) == before + 1
    kb.undo()
    assert {review_of(three, id_).status for id_ in "abc"} == {"draft"}


def test_what_was_decided_is_not_decided_again_unless_named(three: pathlib.Path) -> None:
    kb = KnowledgeBase.open(three)
    kb.review("drop", ["a"])
    assert ids(kb.review("accept", everything=True)) == ["c", "b"]
    assert review_of(three, "a").status == "dropped"
    assert ids(kb.review("accept", ["a"])) == ["a"]


def test_reopened_lessons_are_drafts_again(three: pathlib.Path) -> None:
    kb = KnowledgeBase.open(three)
    kb.review("accept", everything=True)
    assert ids(kb.review("reopen", language="nl")) == ["b"]
    assert review_of(three, "b") == Review()
    assert go(session(three)) == ["b"]


def test_a_batch_leaves_nothing_for_check(three: pathlib.Path) -> None:
    kb = KnowledgeBase.open(three)
    kb.review("accept", everything=True)
    kb.review("drop", ["a"])
    assert kb.check(only=["review", "other-parsers", "schema"]).findings == ()


@pytest.mark.parametrize("until", ["soon", "2026-02-30", "2026-01-14"])
def test_until_is_a_day_to_come(three: pathlib.Path, until: str) -> None:
    with pytest.raises(UsageError, match="until"):
        KnowledgeBase.open(three).review("accept", everything=True, until=until)


def test_unknown_ids_languages_and_situations_are_refused(three: pathlib.Path) -> None:
    kb = KnowledgeBase.open(three)
    with pytest.raises(NotFound, match="no lesson"):
        kb.review("accept", ["a", "nope"])
    with pytest.raises(UsageError, match="language"):
        kb.review("accept", language="fr")
    with pytest.raises(UsageError, match="situation"):
        kb.review("accept", situation="nope")
    assert review_of(three, "a").status == "draft"


def test_the_starter_is_not_ours_to_review(three: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(three)
    kb = KnowledgeBase.open()
    starters = next(lesson.id for lesson in kb.lessons() if lesson.id not in "abc")
    with pytest.raises(NotFound, match="starter"):
        kb.review("accept", [starters])
    monkeypatch.chdir(three.parent)
    with pytest.raises(UnusableKB, match="of your own"):
        KnowledgeBase.open().review("accept", everything=True)
