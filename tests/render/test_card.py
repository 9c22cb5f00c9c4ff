"""The card on terminals of any size."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.theme import Theme

from coachkb import KnowledgeBase
from coachkb.model.hit import Hit
from coachkb.render.card import card_that_fits, show_next
from coachkb.render.styles import STYLES


def drawn(width: int, height: int | None = None, full: bool = False, color: bool = False, **options: object) -> str:
    kb = KnowledgeBase.open()
    hits = list(kb.lookup("te duur", language="nl").hits)
    index = kb.index()
    out = Console(
        file=io.StringIO(),
        width=width,
        theme=Theme(STYLES),
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
    )
    names = index.situation_names("nl")
    return card_that_fits(out, hits, index.ui("nl"), names, {}, full, height=height, **options)  # type: ignore[arg-type]


def first() -> Hit:
    return KnowledgeBase.open().lookup("te duur", language="nl").hits[0]


@pytest.mark.parametrize("width", [40, 60, 80, 96])
def test_no_line_is_wider_than_the_terminal_save_an_id_at_its_beginning(width: int) -> None:
    for line in drawn(width).splitlines():
        assert len(line) <= width or (" " not in line and not line.startswith(" "))


@pytest.mark.parametrize("width", [20, 40, 80])
def test_ids_stay_in_one_piece(width: int) -> None:
    """Regression: an id of 60 letters was cut in two at 40 columns, and could not be copied."""
    shown = drawn(width).splitlines()
    for hit in KnowledgeBase.open().lookup("te duur", language="nl").hits:
        assert any(hit.id in line for line in shown)


def test_a_card_gets_smaller_to_fit_and_keeps_all_the_words_to_say() -> None:
    whole = drawn(80)
    lines = whole.count("\n")
    spoken = [line for line in whole.splitlines() if line.startswith("┃")]
    assert drawn(80, lines + 1) == whole
    for height in range(lines, 30, -1):
        smaller = drawn(80, height)
        assert smaller.count("\n") < height
        assert [line for line in smaller.splitlines() if line.startswith("┃")] == spoken


def test_a_small_card_names_the_others_by_their_titles_cut_to_the_width() -> None:
    hits = list(KnowledgeBase.open().lookup("te duur", language="nl").hits)
    for width in (40, 200):
        out = Console(file=io.StringIO(), width=width, theme=Theme(STYLES), highlight=False, markup=False)
        with out.capture() as captured:
            show_next(out, hits, {"label.also": "Also"}, 1)
        lines = captured.get().splitlines()[2:]
        for hit, line in zip(hits, lines, strict=True):
            whole = f"  {hit.language}  {hit.title}"
            room = len(whole) + 2 + len(hit.id) <= width
            assert line == (
                f"{whole}  {hit.id}" if room else whole if len(whole) <= width else f"{whole[: width - 1]}…"
            )


def test_when_nothing_helps_the_words_to_say_come_first() -> None:
    shown = drawn(80, 10)
    assert shown.index("Wat je zegt") < shown.index("Wat er speelt") < shown.index("Wat je doet")
    assert sorted(shown.splitlines()) == sorted(drawn(80).splitlines())


def test_with_full_the_order_stays_whatever_the_height() -> None:
    assert drawn(80, 10, full=True) == drawn(80, full=True)


def test_matches_are_marked_in_colour_only() -> None:
    matched = frozenset({"duur"})
    assert "4mduur\x1b[0m" in drawn(80, color=True, matched=matched)
    assert drawn(80, matched=matched) == drawn(80)


def test_nothing_is_lost_between_pieces_that_are_marked() -> None:
    title = first().title
    every = frozenset(title.lower().split())
    assert drawn(200, matched=every).splitlines()[0] == title
