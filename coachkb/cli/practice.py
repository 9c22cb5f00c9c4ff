"""``coachkb practice``"""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from coachkb.answering import language_names
from coachkb.cli.common import color, kb_option, language_filter, open_kb, reader_of, situation_filter, warn_of
from coachkb.cli.keys import Keys, unseen
from coachkb.cli.talk import talk
from coachkb.errors import UsageError
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from rich.console import Console

    from coachkb.jobs.practising import Session, Turn
    from coachkb.kb import KnowledgeBase

_KEYS = {"a": "again", "h": "hard", "g": "good", "e": "easy", "s": "skip", "q": "quit"}
_NUMBERS = {"1": "a", "2": "h", "3": "g", "4": "e", "end": "q"}  # as other trainers have them


@click.command("practice")
@situation_filter
@language_filter("--lang")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="At most so many lessons.")
@kb_option
@click.pass_context
def command(ctx: click.Context, situation: str | None, only_lang: str | None, limit: int) -> int:
    """A buyer's line comes up; type what you would say, compare it with the lesson's words, and grade yourself.

    A key grades: again, hard, good, easy (or 1 to 4). Lessons come back when you are about to forget them; those due
    come first, then new ones. Each grade is saved at once on this machine, never in the knowledge base; what you type
    is not kept. 'coachkb progress' shows what is due. Needs: pip install 'coachkb[practice]'
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("practice needs a terminal to ask and answer: use one; 'coachkb progress' needs none")
    kb = open_kb(ctx)
    try:
        reader = reader_of(kb, only_lang)
        session = kb.practice(situation=situation, language=only_lang, reader=reader, limit=limit)
    finally:
        warn_of(kb)
    spoken = reader or session.language or "en"
    if not session.total:
        told = kb.index().ui(spoken)["label.not_due"].format(day=session.next_due)
        talk(f"coachkb: {told}.")
        return 0
    if reader is None and session.language:
        name = language_names(kb.index()).get(session.language, session.language)
        talk(f"coachkb: {kb.index().ui(spoken)['label.only_in'].replace('{language}', safe(name))}")
    return _run(ctx, kb, session, spoken)


def _run(ctx: click.Context, kb: KnowledgeBase, session: Session, spoken: str) -> int:
    from coachkb.jobs.practising import walk
    from coachkb.render.card import console
    from coachkb.render.practising import session_line

    with contextlib.suppress(AttributeError, ValueError):  # what is typed in another encoding is no bug
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    face = _Face(kb, console(color(ctx)), spoken)
    try:
        walk(session, face.choose, face.back)
    finally:
        talk(f"coachkb: {session_line(session.counts, session.left, face.ui)}")
    return 0


class _Face:
    """The terminal: shows a line, takes an answer, shows the words, reads a key."""

    def __init__(self, kb: KnowledgeBase, out: Console, spoken: str) -> None:
        """``spoken``: the person's language."""
        self.kb, self.out, self.spoken, self.keys = kb, out, spoken, Keys()
        self.ui, self.names = kb.index().ui(spoken), kb.index().situation_names(spoken)

    def _print(self, rows: Iterable[tuple[str, str, str]]) -> None:
        from coachkb.render.reviewing import show_rows

        show_rows(self.out, rows)

    def choose(self, turn: Turn) -> str:
        """Shows a turn and gives what the person chose: a grade, skip or quit."""
        from rich.text import Text

        from coachkb.answering import words_around
        from coachkb.render.card import script_lines
        from coachkb.render.practising import command_for_all, question, whose

        self.out.print()
        self.out.rule(style="quiet", characters="─" if self.out.encoding.startswith("utf") else "-")
        self._print(question(turn, self.names, self.ui))
        self.out.print()
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # a line that can be edited
        try:
            typed = input(f"{self.ui['label.you']}: ")  # for the person's own eyes
        except EOFError:
            self.out.print()
            return "quit"
        except KeyboardInterrupt:
            self.out.print()
            raise
        if typed.strip().lower() in ("q", "quit"):
            return "quit"
        self.out.print()
        self._print([("part.script", "", self.ui["script"])])
        ui = words_around(self.kb.index(), turn.hit, self.spoken)
        for line in script_lines(self.out, self.out.width, turn.hit, ui):
            self.out.print(line, soft_wrap=True)
        self.out.print()
        self._print(whose(turn, self.ui))
        self.out.print(Text(command_for_all(turn), "quiet"), soft_wrap=True)
        self.out.print()
        return self._grade()

    def _grade(self) -> str:
        from coachkb.render.practising import key_line

        while True:
            with unseen():
                self._print([("heading", "", key_line(_KEYS, self.ui))])
                key = self.keys.next()
            key = _NUMBERS.get(key, key)
            if key in _KEYS:
                return _KEYS[key]
            told = safe(key) if key.isprintable() and key != " " else self.ui["label.that_key"]
            self._print([("status.changed", "", self.ui["label.no_key"].format(key=told, keys=", ".join(_KEYS)))])

    def back(self, grade: str, day: datetime.date) -> None:
        """Says when a graded lesson comes back."""
        from coachkb.render.practising import back_on
        from coachkb.surroundings import today

        self._print([("quiet", "", back_on(grade, day, today(), self.ui))])
