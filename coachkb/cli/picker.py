"""The picker of ``coachkb browse`` at a terminal: reads keys, draws, and does what the keys ask for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import click

from coachkb.answering import card_text, language_names, matched_words
from coachkb.cli.screen import Screen
from coachkb.errors import CoachkbError
from coachkb.jobs.picking import Act, Picker
from coachkb.render.card import console
from coachkb.render.picking import Drawing
from coachkb.render.view import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from coachkb.kb import KnowledgeBase
    from coachkb.model.hit import Hit
    from coachkb.search.narrowing import Narrowing

_KEPT = 64  # lessons


def pick(
    kb: KnowledgeBase, make: Callable[[], Narrowing], reader: str | None, color: bool | None, typed: str = ""
) -> bool:
    """Lets a person pick lessons until they have enough; False when there are none. ``make``: the list, made again
    after an edit; ``reader``: the person's language; ``typed``: what the line begins with."""
    narrowing = make()
    if not narrowing.all:
        return False
    ui = kb.index().ui(reader or "en")
    picker, drawing = Picker(narrowing.find, ui, typed), Drawing(console(color), Book(kb), reader or "en")
    with Screen() as screen:
        act = _until_enough(kb, screen, drawing, picker, make, ui)
    hit = kb.index().one(picker.lesson.id) if act is Act.PRINT and picker.lesson else None
    if hit:
        from coachkb.cli.pager import height, show

        show(card_text(kb.index(), [hit], False, color, picker.typed, height()))
    return True


def _until_enough(
    kb: KnowledgeBase,
    screen: Screen,
    drawing: Drawing,
    picker: Picker,
    make: Callable[[], Narrowing],
    ui: dict[str, str],
) -> Act:
    while True:
        screen.draw(*drawing.frame(picker, *screen.size()))
        for key in screen.pressed():
            if key == "ctrl-l":
                screen.forget()
            act = picker.press(key)
            if act is Act.COPY:
                _copy(kb, picker, ui)
            elif act is Act.EDIT:
                _edit(kb, screen, drawing, picker, make)
            elif act is not None:
                return act


def _copy(kb: KnowledgeBase, picker: Picker, ui: dict[str, str]) -> None:
    from coachkb.cli.clipboard import copy
    from coachkb.render.words import bare, sayable

    hit = kb.index().one(picker.lesson.id) if picker.lesson else None
    stretches = bare(hit, kb.index().ui(hit.language), sayable(hit)) if hit else []
    words = "\n\n".join("\n".join(stretch) for stretch in stretches)
    if not words:
        picker.message = ui["label.no_script"]
    else:
        by = copy(words)
        picker.message = ui["label.copied"].format(by=by) if by else ui["label.no_clipboard"]


def _edit(kb: KnowledgeBase, screen: Screen, drawing: Drawing, picker: Picker, make: Callable[[], Narrowing]) -> None:
    """The lesson's file in the user's editor, on the terminal as it was; then the list as it is now."""
    from coachkb.cli.edit import edit_and_tell
    from coachkb.cli.editor import editor

    assert picker.lesson is not None
    try:
        editor()
        item = kb.editable(picker.lesson.id)
    except CoachkbError as error:
        picker.tell(error.typed)
        return
    with screen.away():
        try:
            edit_and_tell(kb, item)
        except CoachkbError as error:
            failed = error.typed
            click.echo(f"coachkb: {failed}", err=True)
        else:
            failed = ""
    picker.renew(make().find)
    drawing.forget()
    if failed:
        picker.tell(failed)


class Book:
    """Lessons as the KB's index has them; those looked at last are kept."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self.hit = lru_cache(maxsize=_KEPT)(self._hit)
        self.ui = lru_cache(maxsize=None)(lambda language: kb.index().ui(language))
        self.situations = lru_cache(maxsize=None)(lambda language: kb.index().situation_names(language))
        self._words = lru_cache(maxsize=_KEPT)(self._words_of)

    def _hit(self, id_: str) -> Hit | None:
        return self._kb.index().one(id_)

    def _words_of(self, id_: str) -> set[str]:
        hit = self.hit(id_)
        return words_of(hit) if hit else set()

    def languages(self) -> dict[str, str]:
        """The names of languages."""
        return language_names(self._kb.index())

    def matched(self, hit: Hit, typed: str) -> frozenset[str]:
        """The words of a lesson that what was typed matches."""
        return matched_words(self._kb.index(), hit, typed, self._words(hit.id))

    def forget(self) -> None:
        """Lessons are to be read anew."""
        self.hit.cache_clear()
        self._words.cache_clear()
