"""Cues: what a sentence shows, with names that mean the same in every language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.data.load import profiles
from coachkb.ingest.extract import prepare
from coachkb.ingest.posts import split_posts
from coachkb.ingest.read import read_document
from coachkb.ingest.text import Lexicon, Phrases


def cues_of(text: str) -> list[list[str]]:
    """The cues of each sentence of a page."""
    document = read_document(text.encode(), "page.txt")
    [post] = split_posts(document)
    ready = prepare(document, post)
    assert not isinstance(ready, str)
    return ready.cues


TAIL = {
    "en": " The buyer knows it and so does everybody else who has ever been at the table with him.",
    "nl": " De koper weet het en dat weet ook iedereen die ooit met hem aan de tafel heeft gezeten.",
    "sv": " Köparen vet det och det vet också alla som någon gång har suttit vid bordet med honom.",
}


@pytest.mark.parametrize(
    ("language", "sentence", "told"),
    [
        ("en", "Ask him what it costs.", True),
        ("en", "He wanted to ask me what it costs.", False),
        ("nl", "Vraag hem wat het kost.", True),
        ("nl", "Dat is een vraag die hij zelf had.", False),
        ("sv", "Fråga honom vad det kostar.", True),
        ("sv", "Han ville fråga vad det kostar.", False),
    ],
)
def test_a_verb_after_to_or_a_subject_tells_nobody_to_do_anything(language: str, sentence: str, told: bool) -> None:
    """The same word was an imperative wherever it stood, in English in two sentences of three."""
    assert ("imperative" in cues_of(sentence + TAIL[language])[0]) == told


@pytest.mark.parametrize(
    ("sentence", "language"), [("He did not call.", "en"), ("Hij belde niet.", "nl"), ("Han ringde inte.", "sv")]
)
def test_a_negation_is_no_advice_to_stop(sentence: str, language: str) -> None:
    """ "niet" and "inte" said stop, and "not" did not."""
    [first, *_] = cues_of(sentence + TAIL[language])
    assert "negation" in first
    assert "stop" not in first


def test_the_languages_have_the_same_cues() -> None:
    tables = [profile.cues.keys() for profile in profiles().values()]
    assert all(table == tables[0] for table in tables)
    for profile in profiles().values():
        assert set(profile.not_after) <= set(profile.cues)
        assert set(profile.fields) <= {"problem", "diagnosis", "tactic", "script"}


WORDS = st.sampled_from(["a", "b", "c", "ab", "abc", "d"])
PHRASE = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(
    st.dictionaries(st.sampled_from("xyz"), st.lists(st.tuples(PHRASE, st.sampled_from(["", "*"])), max_size=5)),
    st.lists(WORDS, max_size=12),
)
def test_one_pass_over_many_lists_finds_what_a_pass_for_each_finds(lists, tokens) -> None:
    written = {name: [phrase + end for phrase, end in phrases] for name, phrases in lists.items()}
    found, opening = Lexicon(written).count(tokens)
    for name, phrases in written.items():
        alone = Phrases(phrases)
        assert found.get(name, 0) == alone.count(tokens)
        assert (name in opening) == alone.starts(tokens)


def test_a_column_is_of_the_part_that_its_header_announces() -> None:
    """What stood in the cells was of no part: the header that says what they are was not read."""
    rows = "They say | What it means | Say", "--- | --- | ---", "Too dear | He compares it with last year's | Dear?"
    page = "# Price\n\n" + "".join(f"| {row} |\n" for row in rows) + "\nHe knows it and so does everybody else here.\n"
    document = read_document(page.encode(), "page.md")
    ready = prepare(document, split_posts(document)[0])
    assert not isinstance(ready, str)
    fields = [[cue for cue in cues if cue.startswith("field:")] for cues in ready.cues]
    assert fields == [[], [], [], ["field:problem"], ["field:diagnosis"], ["field:script"], []]


@pytest.mark.parametrize("code", ["EUR", "SEK", "NOK", "DKK", "CHF", "GBP", "USD", "CAD", "AUD", "NZD"])
def test_amounts_speak_of_money_in_every_currency_of_our_languages(code: str) -> None:
    """Kroner of Sweden and Denmark did, those of Norway did not."""
    assert "money" in cues_of(f"You would pay {code} forty for it." + TAIL["en"])[0]
    assert "money" not in cues_of(f"You would pay x{code} forty for it." + TAIL["en"])[0]
