"""Whose words a script's are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb import KnowledgeBase
from coachkb.render import view
from coachkb.render.voices import between

BUYERS, SELLERS = {"buyer", "client"}, {"rep", "you"}


def said(*stretch: str) -> list[str]:
    """What is left to say of each passage of a stretch."""
    (spans,) = between([list(stretch)], BUYERS, SELLERS)
    out = []
    for text, some in zip(stretch, spans, strict=True):
        for start, end in reversed(some):
            text = text[:start] + text[end:]
        out.append(text)
    return out


def test_a_buyers_turn_goes_on_until_the_next_name() -> None:
    dialogue = ("Buyer: We have no money.", "None at all.", "You: Fair enough.", "When will there be?")
    assert said(*dialogue) == ["", "", "Fair enough.", "When will there be?"]


def test_where_the_rep_is_named_other_names_are_the_buyers() -> None:
    assert said("Farmer: The one in March.", "You: What did it cost?") == ["", "What did it cost?"]
    assert said("Farmer: The one in March.", "Vet: What did it cost?") == [
        "Farmer: The one in March.",
        "Vet: What did it cost?",
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('"I see," she said, smiling, "and then?"', '"I see,""and then?"'),
        ("I usually put it so: “What would have to change?”", "“What would have to change?”"),
        ("‘Vijftig is goed,’ zei hij, en hij ’s morgens.", "‘Vijftig is goed,’"),
        ("”Vem frågar ni först?” sa jag.", "”Vem frågar ni först?”"),
        ("« Qui demandez-vous ? » dit-elle.", "« Qui demandez-vous ? »"),
        (
            "Send just the word ‘later’ and I will ring on another day.",
            "Send just the word ‘later’ and I will ring on another day.",
        ),
        ("What did you expect it to be?", "What did you expect it to be?"),
        ("It is 20 cm (8 in) wide, is that too wide?", "It is 20 cm (8 in) wide, is that too wide?"),
        ("[ ] Ask him first.", "[ ] Ask him first."),
        ('"Who signs?" (wait, really wait) "And who else?"', '"Who signs?""And who else?"'),
        ("", ""),
    ],
)
def test_narration_and_asides(text: str, left: str) -> None:
    assert "".join(said(text)).split() == left.split()


def test_a_quotation_goes_on_over_passages_and_so_does_a_bracket() -> None:
    assert said('Say: "I can hold it until May.', 'Then it goes up." He will nod.') == [
        '"I can hold it until May.',
        'Then it goes up."',
    ]
    assert said("What changed?", "(Now wait.", "Count to two.)", "And who noticed?") == [
        "What changed?",
        "",
        "",
        "And who noticed?",
    ]


@given(st.lists(st.text('ab: ."“”‘’()[]?\n-–', max_size=30), min_size=1, max_size=5))
def test_spans_lie_within_their_passages_in_order(stretch: list[str]) -> None:
    for text, spans in zip(stretch, between([stretch], BUYERS, SELLERS)[0], strict=True):
        places = [place for span in spans for place in span]
        assert places == sorted(places) and all(0 <= place <= len(text) for place in places)
        assert all(start < end for start, end in spans)


def test_no_word_of_the_starter_is_lost() -> None:
    kb = KnowledgeBase.open()
    ui = kb.index().ui("en")
    dialogues = 0
    for hit in kb.browse(language="en"):
        apart = ["".join(stretch) for stretch in view.told_apart(hit, ui)]
        bare = [text.replace(view.ASIDE, "").replace(view.SAID, "") for text in apart]
        assert bare == ["".join(stretch) for stretch in view.spoken(hit)]
        dialogues += any(view.ASIDE in text for text in apart)
        for part in view.parts(hit, ui, False, apart=True):
            if part.role == "script":
                plain = [text.replace(view.ASIDE, "").replace(view.SAID, "") for text in part.texts]
                assert plain == view.shown(hit, "script", False)[0]
    assert dialogues > 20
