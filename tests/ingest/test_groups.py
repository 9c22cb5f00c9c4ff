"""Which posts are taken for translations of one another."""

from __future__ import annotations

import csv
import itertools
import pathlib

from coachkb.ingest.blocks import blocks_of
from coachkb.ingest.groups import PAIR_SCORE, Candidate, Shape, likeness, pair, shape_of
from coachkb.kb import KnowledgeBase
from coachkb.locate import STARTER
from coachkb.model.document import Document, Post

GOLD = pathlib.Path(__file__).resolve().parents[1] / "gold"


def candidate(id_: str, language: str, shape: Shape, *situations: str) -> Candidate:
    return Candidate(id_, language, situations, shape)


def test_a_translation_keeps_names_and_the_lengths_of_its_paragraphs() -> None:
    a = Shape((80, 310, 150, 420, 95), ("1968", "240", "brinkma", "lochem"))
    b = Shape((88, 335, 160, 400, 101), ("1968", "240", "brinkma", "gerrit", "lochem"))
    assert likeness(a, b) > PAIR_SCORE
    assert pair([candidate("b", "sv", b)], [candidate("a", "nl", a)]) == {"a": "a", "b": "a"}


def test_two_articles_on_one_study_are_no_translations() -> None:
    """The same researchers, journal and year made one of an essay and a column that had nothing else in common."""
    named = ("1988", "journal", "richard", "risk", "samuelson", "uncertainty", "william", "zeckhauser")
    a = Shape((60, 480, 210, 515, 130, 340, 90), (*named, "boston"))
    b = Shape((410, 120, 95, 640, 70, 280, 330, 60), (*named, "goteborg", "volvo"))
    assert likeness(a, b) < PAIR_SCORE
    assert pair([candidate("b", "sv", b, "trust")], [candidate("a", "nl", a, "lost-deal")]) == {}


def test_the_numbers_of_a_list_are_no_marks() -> None:
    """Lists of as many tips were translations of one another: each had 10 to 17 in it."""
    text = "\n\n".join(f"{n}. Ring {n + 40} buyers before noon, and write down what they said." for n in range(10, 18))
    document = Document(text, ".txt")
    marks = shape_of(text, blocks_of(document, Post(0, len(text)))).marks
    assert set(marks) == {str(n + 40) for n in range(10, 18)}


def test_of_the_articles_here_only_translations_share_a_group() -> None:
    with (GOLD / "sources.tsv").open(encoding="utf-8", newline="") as file:
        rows = {pathlib.PurePath(row["file"]).stem: row["group"] for row in csv.DictReader(file, delimiter="\t")}
    with KnowledgeBase.open(STARTER) as kb:
        grouped = [(pathlib.PurePath(x.source.path or "").stem, x.group) for x in kb.lessons() if x.group]
    pairs = {(a, b) for (a, own), (b, other) in itertools.combinations(sorted(grouped), 2) if own == other and a != b}
    wanted = {(a, b) for a, b in itertools.combinations(sorted(rows), 2) if rows[a] == rows[b] != "-"}
    assert pairs == wanted
