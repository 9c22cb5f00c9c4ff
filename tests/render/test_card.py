"""The card on terminals of any size."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.theme import Theme

from coachkb import KnowledgeBase
from coachkb.model.hit import COLUMNS, Hit, pack
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe
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
    spoken = [line for line in whole.splitlines() if line.startswith("┃ ")]
    assert drawn(80, lines + 1) == whole
    for height in range(lines, 30, -1):
        smaller = drawn(80, height)
        assert smaller.count("\n") < height
        assert [line for line in smaller.splitlines() if line.startswith("┃ ")] == spoken


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


def test_a_passage_goes_on_further_in_than_it_begins() -> None:
    lines = drawn(40, full=True).splitlines()
    passages = [safe(text) for role in ROLES if role != "script" for text, *_ in first().parts[role]]
    begun = [line for line in lines if line.startswith("  ") and any(text.startswith(line[2:]) for text in passages)]
    gone_on = [line for line in lines if line.startswith("    ") and any(line.strip() in text for text in passages)]
    assert len(begun) >= len(passages)
    assert len(gone_on) > 5
    assert " ".join(begun[0].split()) in passages[0]


def test_words_that_are_not_spoken_in_one_go_stand_apart_where_there_is_room() -> None:
    said = [("“Sure.", 0, 7), ("What for?”", 8, 18), ("“Fine.", 90, 96), ("When?”", 97, 103)]
    lines = card("script", *said)
    assert lines == ["┃ “Sure.", "┃ What for?”", "┃", "┃ “Fine.", "┃ When?”"]
    assert card("script", *said, height=11) == [line for line in lines if line != "┃"]
    assert card("script", ("“Sure.”", 0, 7), ("“Fine.”", 90, 97)) == ["┃ “Sure.”", "┃ “Fine.”"]


def card(role: str, *passages: tuple[str, int, int], height: int | None = None) -> list[str]:
    """The lines with a bar of a lesson's card."""
    row: dict[str, object] = {**dict.fromkeys(COLUMNS), "id": "a", "title": "A", "language": "en", "situations": ""}
    row |= {"own": 1, "review_status": "draft", role: pack([(*passage, True) for passage in passages])}
    hit = Hit(tuple(row[name] for name in COLUMNS))
    out = Console(file=io.StringIO(), width=40, theme=Theme(STYLES), highlight=False, markup=False)
    shown = card_that_fits(out, [hit], KnowledgeBase.open().index().ui("en"), {}, {}, height=height)
    return [line for line in shown.splitlines() if line.startswith("┃")]


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
