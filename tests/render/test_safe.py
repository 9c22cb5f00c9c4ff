"""Nothing that a lesson holds acts on the terminal: no escape, no bidi mark, no second line comes of it."""

from __future__ import annotations

import copy
import io
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console
from rich.theme import Theme

from coachkb.data.load import profile
from coachkb.model.hit import COLUMNS, Hit, pack
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe
from coachkb.render import card, plain
from coachkb.render.styles import STYLES

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = "\u061c\u200e\u200f"  # bidi marks that count as letters in Unicode's tables
HOSTILE = [
    "\x1b[31m",
    "\x1b]0;title\x07",
    "\x9b2J",
    "\x00",
    "\b\b",
    "\r",
    "\n",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
]

texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.sampled_from(["words", " ", "[bold]", "[/]", ":smile:"]))).map(
        "".join
    ),
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs"]), max_size=20),
)


def acts(char: str) -> bool:
    """Whether a character does something to the terminal or to the order of the text."""
    return (
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(char) in BIDI
        or char in MARKS
    )


@given(text=texts)
@example("".join(map(chr, range(0x3000))))
@example("".join(map(chr, range(0xD7F0, 0x10000))))
def test_safe_text_holds_nothing_that_acts(text: str) -> None:
    assert [char for char in safe(text) if acts(char)] == []
    assert safe(safe(text)) == safe(text)


@given(text=texts)
@example("".join(map(chr, range(0x3000))))
def test_safe_text_is_otherwise_what_it_was(text: str) -> None:
    """Letters, marks, signs and spaces stay in order; white space that ends lines becomes a space."""
    for opener in "\x1b\x9b\x9d\x90\x98\x9e\x9f":  # of escape sequences, which go whole: see below
        text = text.replace(opener, "")
    kept = "".join(char for char in text if unicodedata.category(char)[0] in "LMNPS")
    assert "".join(char for char in safe(text) if unicodedata.category(char)[0] in "LMNPS" and char != "\ufffd") == (
        kept.replace("\ufffd", "")
    )


def test_words_on_two_lines_stay_two_words() -> None:
    for end in ("\n", "\r\n", "\r", "\t", "\v", "\f", "\x85", "\u2028", "\u2029"):
        assert safe(f"one{end}two").split() == ["one", "two"]


def test_emoji_and_joined_letters_stay_whole() -> None:
    for text in ("👩‍💻 ok", "می‌خواهم", "naïve råd", "coöperatie"):
        assert safe(text) == text


def test_text_that_nobody_sees_is_dropped() -> None:
    """Tag characters and zero-width ones can carry words to a machine that no reader saw."""
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "ignore this")
    assert safe(f"plain{hidden}\u200b\u2060\ufeff text") == "plain text"


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    row: dict[str, object] = dict.fromkeys(COLUMNS)
    row |= {name: draw(texts) for name in ("id", "title", "author", "date", "origin", "review_by", "review_on")}
    row |= {"language": "en", "situations": "too-expensive x", "own": 1, "review_status": "approved"}
    for role in ROLES:
        row[role] = pack([(text, None, None, True) for text in draw(st.lists(texts, min_size=1, max_size=3))])
    hit = Hit(tuple(row[name] for name in COLUMNS))
    hit.translations = [(draw(texts), "nl")]
    return hit


def ui() -> dict[str, str]:
    own = profile("en")
    return {**own.headings, **{f"label.{key}": text for key, text in own.labels.items()}}


@given(hit=hits(), name=texts, full=st.booleans())
def test_a_plain_card_of_a_hostile_lesson_is_plain(hit: Hit, name: str, full: bool) -> None:
    text = plain.card(hit, ui(), {"too-expensive": name}, {"nl": "Nederlands"}, full) + plain.next_best([hit], ui())
    assert [char for char in text if char != "\n" and acts(char)] == []


@given(hit=hits(), full=st.booleans())
def test_no_text_takes_a_line_more_than_a_plain_word_would(hit: Hit, full: bool) -> None:
    tame = copy.copy(hit)
    tame.title, tame.id = "x", "x"
    tame.author, tame.date = hit.author and "x", hit.date and "x"
    tame.source = {key: value and "x" for key, value in hit.source.items()}
    tame.parts = {role: [("x", *rest) for _, *rest in passages] for role, passages in hit.parts.items()}
    lines = [plain.card(each, ui(), {}, {}, full).count("\n") for each in (hit, tame)]
    assert lines[0] == lines[1]


#: What rich itself writes: colours and weights, nothing that moves.
STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("color", [True, False])
@given(hit=hits(), name=texts, full=st.booleans())
def test_a_card_in_colour_has_no_escape_but_its_own(color: bool, hit: Hit, name: str, full: bool) -> None:
    out = Console(
        file=io.StringIO(),
        theme=Theme(STYLES, inherit=False),
        force_terminal=color,
        color_system="standard" if color else None,
        width=60,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    drawn = card.card_that_fits(out, [hit, hit], ui(), {"too-expensive": name}, {"nl": "Nederlands"}, full)
    shown = STYLE.sub("", drawn)
    assert [char for char in shown if char != "\n" and acts(char)] == []


def test_what_looks_like_mark_up_of_the_terminal_library_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    row: dict[str, object] = dict.fromkeys(COLUMNS)
    row |= {"id": "a", "title": "[bold]Price[/bold] :smile:", "language": "en", "situations": "", "own": 1}
    row["tactic"] = pack([("[red]Ask[/red] [link=http://x]why[/link]", None, None, True)])
    hit = Hit(tuple(row[name] for name in COLUMNS))
    print(card.card_that_fits(card.console(False), [hit], ui(), {}, {}))
    out = capsys.readouterr().out
    assert "[bold]Price[/bold] :smile:" in out
    assert "[red]Ask[/red] [link=http://x]why[/link]" in out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[5mtoo dear\x1b[0m", "too dear"),
        ("\x1b[1mdear\x1b[0m \x1b[2Jfor us", "dear for us"),
        ("\x1b]8;;http://x.y/\x1b\\the problem\x1b]8;;\x07 costs", "the problem costs"),
        ("\x9b38;2;1;2;3mred\x9b0m \x9d0;title\x9cplain", "red plain"),
        ("\x1bno sequence", "no sequence"),
        ("a price [5m] of 3[m", "a price [5m] of 3[m"),
        ("\x1b]0;that nothing ends is text", "0;that nothing ends is text"),
    ],
)
def test_an_escape_sequence_is_taken_out_whole(text: str, shown: str) -> None:
    """Of a colour's, "[5m" stayed, in ids too."""
    from coachkb.store.files import slug

    assert safe(text) == shown
    assert slug(text) == slug(shown)
