"""Lessons on file and a situation of one's own that came after them."""

from __future__ import annotations

import pathlib

import pytest

from coachkb.kb import KnowledgeBase

ID = "when-the-buyer-says-it-is-too-dear"
OWN = (
    "stalled-deal:\n  broader: objection-handling\n  labels:\n    en: {name: A stalled deal, said: [stalls the deal]}\n"
)


def tags(kb: pathlib.Path) -> tuple[str, ...]:
    return KnowledgeBase.open(kb).lesson(ID).situations


@pytest.mark.parametrize("jobs", [1, 2])
def test_articles_that_did_not_change_are_tagged_with_a_situation_that_came_later(
    kb: pathlib.Path, home: pathlib.Path, article: str, jobs: int
) -> None:
    (home / "other.txt").write_text(article.replace("too dear", "more than planned") + "Then wait a day.\n", "utf-8")
    with KnowledgeBase.open(kb) as opened:
        opened.ingest(["other.txt"])
        opened.review("accept", ID)
        before = opened.lesson(ID)
        assert {item.status for item in opened.ingest(jobs=jobs)} == {"unchanged"}
        (kb / "situations.yaml").write_text(OWN, encoding="utf-8")
        assert {item.status for item in opened.ingest(jobs=jobs, dry_run=True)} == {"changed"}
        assert tags(kb) == before.situations
        assert {item.status for item in opened.ingest(jobs=jobs)} == {"changed"}
        after = opened.lesson(ID)
        assert after.situations[:2] != before.situations[:2] and "stalled-deal" in after.situations
        assert (after.review, after.problem, after.tactic) == (before.review, before.problem, before.tactic)
        assert ID in [hit.id for hit in opened.browse(situation="stalled-deal")]
        assert {item.status for item in opened.ingest(jobs=jobs)} == {"unchanged"}
        opened.undo()
        assert opened.lesson(ID) == before


def test_tags_of_a_person_stay_as_they_are_and_nothing_is_rewritten(kb: pathlib.Path) -> None:
    file = kb / f"lessons/en/{ID}.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index("situations:")
    file.write_text(text[:start] + "situations: [trust]\n" + text[text.index("group:", start) :], encoding="utf-8")
    written = file.read_bytes()
    (kb / "situations.yaml").write_text(OWN, encoding="utf-8")
    assert [item.status for item in KnowledgeBase.open(kb).ingest()] == ["unchanged"]
    assert (tags(kb), file.read_bytes()) == (("trust",), written)


def test_a_situation_that_a_lesson_does_not_name_changes_nothing(kb: pathlib.Path) -> None:
    other = OWN.replace("stalls the deal", "the geyser erupts").replace("A stalled deal", "Geysers")
    (kb / "situations.yaml").write_text(other, encoding="utf-8")
    file = kb / f"lessons/en/{ID}.yaml"
    written = file.read_bytes()
    assert [item.status for item in KnowledgeBase.open(kb).ingest()] == ["unchanged"]
    assert file.read_bytes() == written
