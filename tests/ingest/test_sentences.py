"""Blocks and sentences: dialogue with dashes and quotes, wrapped text, numbered headings, abbreviations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.data.load import profile
from coachkb.ingest.blocks import blocks_of
from coachkb.ingest.cues import field_of
from coachkb.ingest.sentences import sentences_of, spans
from coachkb.model.document import Block, Document, Post


def cut(text: str, language: str = "en") -> list[str]:
    """The sentences of a text."""
    return [text[a:b] for a, b in spans(text, 0, len(text), profile(language))]


def kinds(text: str, suffix: str = ".txt") -> list[str]:
    """The kinds of a text's blocks."""
    return [block.kind for block in blocks_of(Document(text, suffix), Post(0, len(text)))]


@given(st.text(alphabet=st.sampled_from("aB .!?…\"”'“–\n1,d)("), max_size=120))
def test_sentences_cover_the_text(text: str) -> None:
    """In order, not overlapping, and only white space is left between them."""
    at = 0
    for start, end in spans(text, 0, len(text), profile("en")):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "I rang Mr. Wit at 9 a.m. on Monday. He was out.", 2),
        ("en", "It costs 1.10 per label. That is all.", 2),
        ("en", "“Is that all?” she asked. “Yes.” She signed.", 3),
        ("en", "Wait … and then ask. Do it!", 2),
        ("nl", "Bel bijv. om 9 uur, d.w.z. vroeg. Hij is er dan.", 2),
        ("nl", "‘Is dat alles?’ vroeg ze. ‘Ja.’ Ze tekende.", 3),
        ("nl", "Vraag dhr. De Wit om raad. Dat werkt.", 2),
        ("sv", "Ring t.ex. kl. 9, dvs. tidigt. Då är han inne.", 2),
        ("sv", "– Är det allt? frågade hon. Jag nickade.", 2),
        ("sv", "Det kostar ca 500 kr per st. Mer är det inte.", 2),
    ],
)
def test_number_of_sentences(language: str, text: str, number: int) -> None:
    """Abbreviations, decimals and closing quotes are no ends of their own."""
    assert len(cut(text, language)) == number


def test_dashes_are_turns_and_hyphens_what_their_run_says() -> None:
    """A hyphen opens a turn where sentences are spoken, else a list item."""
    assert kinds("– Vad kostar den?\n– Femhundra.\n") == ["turn", "turn"]
    assert kinds("- Vad kostar den?\n- Femhundra.\n- Ta den!\n") == ["turn"] * 3
    assert kinds("- Headsets that work\n- Three lunches\n- A guide to pay\n") == ["item"] * 3
    assert kinds("- Is it his?\n- Is it mine?\n", ".md") == ["item", "item"]


def test_wrapped_text_is_joined_and_short_lines_are_not() -> None:
    """Line ends are layout where lines break at a margin."""
    line = "the buyer nods and says nothing while you go on to talk about it"
    assert kinds("\n".join([line] * 6) + "\n") == ["text"]
    assert kinds(f"{line}.\n{line}.\n") == ["text", "text"]


def test_one_long_header_does_not_keep_wrapped_text_apart() -> None:
    """A subject line wider than the letter's margin made each line of the letter a paragraph."""
    line = "the buyer nods and says nothing while you go on to talk about it"
    letter = (
        "Subject: " + "what to do when the buyer nods and " * 2 + "goes\n\n" + "\n\n".join(["\n".join([line] * 8)] * 3)
    )
    assert kinds(letter + "\n").count("text") == 4


def test_the_head_and_the_signature_of_a_mail_do_not_keep_wrapped_text_apart() -> None:
    """Their short lines fill no margin, and made each line of the text between them a paragraph."""
    line = "the buyer nods and says nothing while you go on to talk about it"
    text = "\n".join([line] * 6)
    letter = f"From: Ann\nTo: all\nSubject: nods\n\n{text}\n\nRegards\nAnn Wit\nThe firm\nIts street\n555 123\n"
    blocks = blocks_of(Document(letter, ".txt"), Post(0, len(letter)))
    assert text in [letter[block.start : block.end] for block in blocks]


def test_numbered_heading_above_a_paragraph() -> None:
    """A numbered line over a paragraph is its heading, a numbered list is a list."""
    paragraph = "The buyer nods and says nothing. Most reps take that for a yes and go on to talk about delivery dates."
    assert kinds(f"1. Wait\n{paragraph}\n\n2. Ask\n{paragraph}\n") == ["heading", "text", "heading", "text"]
    assert kinds("1. Wait.\n2. Ask.\n3. Write it down.\n") == ["item"] * 3


def test_noise_has_no_sentences() -> None:
    """What was judged noise is passed over."""
    text = "Share this. Ask her."
    blocks = [Block(0, 11, "noise"), Block(12, 20, "text")]
    assert [s.text for s in sentences_of(Document(text, ".txt"), blocks, profile("en"))] == ["Ask her."]


DIALOGUES = {
    "en": ("Rep", "Buyer", "Good morning, have I caught you at a bad time?", "Send me something by mail."),
    "nl": ("Verkoper", "Klant", "Goedemorgen, bel ik gelegen?", "Stuur maar iets op."),
    "sv": ("Säljaren", "Kunden", "God morgon, ringer jag olägligt?", "Skicka något på mejlen."),
}


@pytest.mark.parametrize("language", DIALOGUES)
@pytest.mark.parametrize("form", ["{}: {}", "**{}:** {}", "{} (sighs): {}", "{} : {}"])
def test_lines_that_name_their_speaker_were_no_dialogue(language: str, form: str) -> None:
    a, b, first, second = DIALOGUES[language]
    lines = [form.format(name, said) for name, said in [(a, first), (b, second), (a, first), (b, second)]]
    assert kinds("\n".join(["Here it comes.", *lines, "That was all."])) == ["text", *["turn"] * 4, "text"]
    assert kinds("\n\n".join(["Here it comes.", *lines, "That was all."])) == ["text", *["turn"] * 4, "text"]


@pytest.mark.parametrize(
    "text",
    [
        "Says: no.\nMeans: later.\nReply: when?\nSays: yes.\nMeans: no.\nReply: why?",  # fields, no speakers
        "Tip: ask.\nExample: how so?\nResult: trust.",
        "Date: Monday\nPlace: Leeds\nPrice: 40 pounds",
        "Rep: Good morning.\nNothing else was said that day, nor the day after that.",
    ],
)
def test_fields_of_a_list_are_no_speakers(text: str) -> None:
    assert "turn" not in kinds(text)


@pytest.mark.parametrize(
    ("language", "line", "part"),
    [
        ("en", "He says: “We are only looking.”", "problem"),
        ("nl", "Bedoelt: ik schrik van de prijs", "diagnosis"),
        ("sv", "**Svara:** ”När löper det ut?”", "script"),
        ("en", "3. Tip: wait a day", "tactic"),
        ("en", "Remember this: he is busy", None),
        ("en", "He is busy", None),
    ],
)
def test_a_field_names_the_part_it_is_of(language: str, line: str, part: str | None) -> None:
    assert field_of(line, profile(language)) == part


TABLE = """# Price

| They say | What it means | Say |
|---|:---:|---|
| "We can get this cheaper." | He compares. He has \\| not chosen. | "Cheaper than what?" |
| | Nothing yet. | |

1. Ask him what he compares it with.
"""


def test_the_cells_of_a_row_were_one_sentence() -> None:
    """A row ran through as one sentence, so what the buyer says and what to answer had one role."""
    document = Document(TABLE, ".md")
    blocks = blocks_of(document, Post(0, len(TABLE)))
    assert [(b.kind, b.level) for b in blocks if b.kind in ("header", "cell")] == [
        *(("header", column) for column in range(3)),
        *(("cell", column) for column in range(3)),
        ("cell", 1),
    ]
    assert [s.text for s in sentences_of(document, blocks, profile("en")) if s.kind == "cell"] == [
        '"We can get this cheaper."',
        "He compares.",
        "He has | not chosen.",
        '"Cheaper than what?"',
        "Nothing yet.",
    ]


def test_the_number_of_an_item_was_in_its_slice() -> None:
    """In Markdown the number is mark-up: the passage's text had none, its slice had one."""
    document = Document(TABLE, ".md")
    last = sentences_of(document, blocks_of(document, Post(0, len(TABLE))), profile("en"))[-1]
    assert TABLE[last.start : last.end] == last.text == "Ask him what he compares it with."


NOTES = """## Silence {#silence}

Great demo, and then **nothing**[^1].

Why it happens
: They saw a solution too early.
: Nobody owned the next step.

[^1]: Twenty-two days, to be exact.
"""


def test_the_marks_of_markdowns_notes_terms_and_anchors_were_words_of_a_passage() -> None:
    document = Document(NOTES, ".md")
    assert [s.text for s in sentences_of(document, blocks_of(document, Post(0, len(NOTES))), profile("en"))] == [
        "Silence",
        "Great demo, and then nothing.",
        "Why it happens",
        "They saw a solution too early.",
        "Nobody owned the next step.",
        "Twenty-two days, to be exact.",
    ]
