"""A look-up's answer as text, on an open index. Both doors, the quick one and click's, end here."""

from __future__ import annotations

from coachkb.model.hit import Hit
from coachkb.render import plain
from coachkb.search.query import Index


def language_names(index: Index) -> dict[str, str]:
    """Language codes to their own names."""
    return dict(index.db.execute("SELECT language, text FROM ui WHERE key = 'name'").fetchall())


def color_wanted(told: str, environment: dict[str, str]) -> bool | None:
    """What ``--color`` (auto, always or never) and NO_COLOR ask for; None: as the terminal can."""
    if told == "always":
        return True
    return False if told == "never" or environment.get("NO_COLOR") else None


def card_text(
    index: Index,
    hits: list[Hit],
    full: bool,
    color: bool | None,
    query: str = "",
    height: int | None = None,
    reader: str | None = None,
) -> str:
    """The best lesson as a card for the terminal and the next best as a list. ``color``: as from ``color_wanted``;
    ``query``: whose words are marked; ``height``: lines that the terminal has, if it is known; ``reader``: in whose
    language all but the lesson is said, else in the lesson's."""
    from coachkb.render.card import card_that_fits, console

    first = hits[0]
    matched = matched_words(index, first, query)
    ui, situations = words_around(index, first, reader), index.situation_names(reader or first.language)
    return card_that_fits(console(color), hits, ui, situations, language_names(index), full, matched, height)


def words_around(index: Index, hit: Hit, reader: str | None) -> dict[str, str]:
    """The headings and phrases around a lesson, in the reader's language, else in its own; who speaks in its scripts is
    told by names of its own language."""
    own = index.ui(hit.language)
    return (
        own if reader in (None, hit.language) else {**index.ui(reader), "buyer": own["buyer"], "seller": own["seller"]}
    )


def matched_words(index: Index, hit: Hit, query: str, words: set[str] | None = None) -> frozenset[str]:
    """The words of a lesson (lower case) that a query matched; ``words``: all of its, when they are known."""
    from coachkb.render.view import words_of
    from coachkb.search.matches import matching

    if not query:
        return frozenset()
    return matching(index, query, hit.language, words_of(hit) if words is None else words)


def answer_text(index: Index, hits: list[Hit], meant: list[tuple[str, float]], language: str | None, full: bool) -> str:
    """The best lesson as a card and the next best as a list; or that nothing fits. ``language``: the reader's."""
    if not hits:
        return plain.nothing(meant, index.ui(language or "en"), index.situation_names(language or "en"))
    first = hits[0]
    ui, situations = words_around(index, first, language), index.situation_names(language or first.language)
    text = plain.card(first, ui, situations, language_names(index), full)
    return text + plain.next_best(hits[1:], ui)
