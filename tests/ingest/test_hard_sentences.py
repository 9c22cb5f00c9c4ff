"""The hard set for sentences: tests/sentences, measured as scripts/score_sentences.py does; and what broke before."""

from __future__ import annotations

import importlib.util
import pathlib
import sys

import pytest

from coachkb.data.load import profile
from coachkb.ingest.sentences import spans

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
_SPEC = importlib.util.spec_from_file_location("score_sentences", ROOT / "scripts" / "score_sentences.py")
assert _SPEC and _SPEC.loader
scorer = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = scorer  # dataclasses look their module up
_SPEC.loader.exec_module(scorer)


def cut(text: str, language: str = "en") -> list[str]:
    """The sentences of a text."""
    return [text[a:b] for a, b in spans(text, 0, len(text), profile(language))]


@pytest.mark.parametrize("language", ["en", "nl", "sv"])
def test_the_hard_set_is_cut_well(language: str) -> None:
    """At least 0.95 F1, of boundaries and of whole sentences, on 40 paragraphs and on the half kept apart."""
    rows = scorer.paragraphs(ROOT / "tests" / "sentences" / f"{language}.txt")
    assert len(rows) == 40
    for half in ("all", "apart"):
        boundaries, whole = scorer.score(rows[scorer.HALVES[half]], language)
        assert boundaries.f1 >= 0.95
        assert whole.f1 >= 0.95


def test_the_hard_set_is_read_as_it_says() -> None:
    paragraph = scorer.paragraph_of(["One⏎two.", "Three?⁀", "Four⏎", "Five."])
    assert paragraph.text == "One\ntwo. Three?Four\nFive."
    assert sorted(paragraph.text[a:b] for a, b in paragraph.gold) == ["Five.", "Four", "One\ntwo.", "Three?"]


def test_the_ends_of_the_scale() -> None:
    assert (scorer.Score(0, 0, 0).f1, scorer.Score(4, 4, 4).f1, scorer.Score(4, 4, 0).f1) == (1, 1, 0)
    assert scorer.Score(2, 4, 1).f1 == pytest.approx(1 / 3)
    assert scorer.ends(frozenset({(0, 3), (4, 9)})) == {3}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "She said no.| I left."),
        ("en", "Call your rep.| He knows."),
        ("en", "Ask Rep. Lindqvist about item no. 5 on the list."),
        ("en", "He lives in the U.S.| They don't."),
        ("en", "The U.S. Army bought it."),
        ("en", "We took plan B.| Then it rained."),
        ("nl", "Doe het zo.| Niemand merkt het."),
        ("nl", "Wij bellen op zo. 12 mei."),
        ("sv", "Hon följde med.| Ingen såg det."),
        ("sv", "Vi åkte i hans bil.| Marie körde."),
    ],
)
def test_a_word_that_is_also_an_abbreviation_ended_no_sentence(language: str, text: str) -> None:
    assert cut(text.replace("|", ""), language) == text.split("| ")


@pytest.mark.parametrize(
    "text",
    [
        '"Never!" Ruth said.| She left.',
        '"Why?" I asked.',
        '"Too dear!"| Whatever she answers, wait.',
        "I rang (he was out. Of course!) and wrote.",
        "He left.| (It was late. I stayed.)| We closed.".replace(". I", ".| I"),
        "Step 2. Ask.| It took 2. weeks.",
        "Wait . . . and ask.| Then call.",
        "See you there! 👋| Bring it 😅 along 🎉| We start.",
        "👉 Read this.| 👉 Then that.",
        "Smile :)| It helps.",
    ],
)
def test_said_clauses_brackets_numbers_and_smileys(text: str) -> None:
    assert cut(text.replace("|", "")) == text.split("| ")


def test_a_long_run_of_marks_is_no_trap() -> None:
    """Nested repeats made matching exponential while this was written."""
    assert len(cut("😀" * 2000 + "x " + "." * 2000 + "x :" + ")" * 2000 + "x")) == 1
