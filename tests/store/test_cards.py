"""The file of practice cards: whole or not at all, and never lost."""

from __future__ import annotations

import datetime
import json
import os
import pathlib

import pytest

from coachkb.errors import UnusableKB
from coachkb.store.cards import Card, Cards

DAY = datetime.date(2026, 1, 15)
CARD = Card(datetime.date(2026, 1, 17), 2.3065, 2.118, ((DAY, "good"),))
GOOD = {"due": "2026-01-17", "stability": 2.3, "difficulty": 2, "grades": [["2026-01-15", "good"]]}


def put(cards: Cards, id_: str = "a", card: Card = CARD) -> None:
    cards.update(id_, lambda _: card)


def write(cards: Cards, text: str | bytes) -> None:
    path = pathlib.Path(cards.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def with_card(**changed: object) -> str:
    return json.dumps({"format": 1, "cards": {"a": {**GOOD, **changed}}})


def test_what_is_written_is_read(home: pathlib.Path) -> None:
    put(Cards("kb", True), "å")
    assert Cards("kb", True).read() == {"å": CARD}
    (file,) = (home / ".local/state/coachkb/practice").iterdir()
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["format"], list(told["cards"]["å"])) == (1, ["due", "stability", "difficulty", "grades"])


def test_each_knowledge_base_has_its_own(home: pathlib.Path) -> None:
    put(Cards("one", False))
    assert Cards("two", False).read() == {}
    assert Cards(None, True).read() == {}
    (home / "link").symlink_to(home / "one")
    assert Cards("link", False).read() == {"a": CARD}


def test_a_knowledge_base_over_the_starter_begins_with_what_was_practised_on_it() -> None:
    put(Cards(None, True))
    assert Cards("alone", False).read() == {}
    put(Cards("kb", True), "b")
    assert set(Cards("kb", True).read()) == {"a", "b"}
    assert set(Cards(None, True).read()) == {"a"}


def test_two_at_work_keep_each_others_cards() -> None:
    one, two = Cards("kb", False), Cards("kb", False)
    assert (one.read(), two.read()) == ({}, {})
    put(one, "a")
    put(two, "b")
    assert set(one.read()) == {"a", "b"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        "{\n  nope",
        "[]",
        "null",
        '{"cards": {}}',
        '{"format": 0, "cards": {}}',
        '{"format": "1", "cards": {}}',
        '{"format": 1}',
        '{"format": 1, "cards": []}',
        '{"format": 1, "cards": {"a": 1}}',
        "[" * 100_000,
        with_card(due="soon"),
        with_card(due=None),
        with_card(stability=0),
        with_card(stability="2"),
        with_card(stability=float("nan")),
        with_card(stability=10**400),
        with_card(difficulty=11),
        with_card(difficulty=float("nan")),
        with_card(grades=[]),
        with_card(grades=None),
        with_card(grades=[["2026-01-15", "perfect"]]),
        with_card(grades=[["2026-01-15"]]),
        with_card(grades=[[5, "good"]]),
    ],
)
def test_a_broken_file_is_told_and_kept_aside(text: str | bytes) -> None:
    told: list[str] = []
    cards = Cards("kb", False, told.append)
    write(cards, text)
    data = pathlib.Path(cards.path).read_bytes()
    assert cards.read() == {}
    (line,) = told
    assert line.startswith(f"{cards.path}: is no file of practice cards (")
    assert f"kept as {cards.path}.broken-1" in line
    assert pathlib.Path(f"{cards.path}.broken-1").read_bytes() == data
    put(cards)
    write(cards, "again broken")
    assert cards.read() == {}
    assert pathlib.Path(f"{cards.path}.broken-1").read_bytes() == data  # the second one has a name of its own
    assert pathlib.Path(f"{cards.path}.broken-2").read_bytes() == b"again broken"


def test_what_is_told_of_a_broken_file_moves_no_cursor() -> None:
    told: list[str] = []
    cards = Cards("kb", False, told.append)
    write(cards, json.dumps({"format": 1, "cards": {"\x1b[2J": {**GOOD, "stability": 0}}}))
    cards.read()
    assert "\x1b" not in told[0]


def test_a_file_of_a_newer_coachkb_stays_where_it_is() -> None:
    cards = Cards("kb", False)
    write(cards, '{"format": 2, "cards": {}}')
    with pytest.raises(UnusableKB, match="newer coachkb"):
        cards.read()
    with pytest.raises(UnusableKB, match="newer coachkb"):
        put(cards)
    assert os.listdir(os.path.dirname(cards.path)) == [os.path.basename(cards.path)]


def test_a_folder_that_cannot_be_made_is_told(home: pathlib.Path) -> None:
    (home / ".local").write_text("a file, not a folder")
    with pytest.raises(UnusableKB, match="the grade cannot be saved"):
        put(Cards("kb", False))


def test_no_home_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coachkb.locate.state_folder", lambda: None)
    with pytest.raises(UnusableKB, match="XDG_STATE_HOME"):
        Cards("kb", False)
