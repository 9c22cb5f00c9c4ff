"""``coachkb review [ID]...``"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from coachkb.cli.common import (
    color,
    emit,
    emit_json,
    kb_option,
    language_filter,
    open_kb,
    same_kb,
    situation_filter,
    warn_of,
)
from coachkb.cli.completing import lesson_ids
from coachkb.cli.keys import Keys, forget_typed, unseen
from coachkb.errors import CoachkbError, UsageError
from coachkb.jobs.editing import Editable
from coachkb.jobs.moving import move
from coachkb.jobs.reviewing import Decided, Decision, Draft, Filter, Session, doubts, lacks, tagged, walk
from coachkb.kb import KnowledgeBase
from coachkb.model.numbers import some
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from rich.console import Console

_KEYS = {
    "a": "accept",
    "e": "edit",
    "r": "retag",
    "m": "move",
    "s": "skip",
    "d": "drop",
    "w": "whole article",
    "b": "back",
    "q": "quit",
}
_MEANT = {
    "a": "accept: approve it as it stands, and go on",
    "e": "edit: open its file in your editor, then see it again",
    "r": "retag: name other situations",
    "m": "move: put passages into another part (problem, diagnosis, tactic, script)",
    "s": "skip: go on; it comes up again another time",
    "d": "drop: keep its file, serve it no more, and go on",
    "w": "whole article, or only what is around the passages",
    "b": "back: see the lesson before again, to decide otherwise; until then, what you decided stands",
    "q": "quit: what was decided is saved",
}
_DONE = {"accept": "accepted", "drop": "dropped", "skip": "skipped"}
_BELOW = 5  # lines of the screen that stand below a lesson
_AFTER = {"approved": "accepted", "dropped": "dropped", "draft": "reopened"}


@click.command("review")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--id",
    "more_ids",
    metavar="ID",
    multiple=True,
    shell_complete=lesson_ids,
    help="Only this lesson (may be given again).",
)
@language_filter("--lang")
@situation_filter
@click.option("--min-sureness", type=click.FloatRange(0, 1), help="Only those the machine is at least as sure of.")
@click.option("--again", is_flag=True, help="Approvals past their date instead of drafts.")
@click.option("--until", metavar="DATE", help="Accept until that day (else review_months, 12, from today).")
@click.option("--batch", type=click.Choice(["accept", "drop", "reopen"]), help="Decide by rule, without asking.")
@click.option("--all", "everything", is_flag=True, help="With --batch and no rule: all of them.")
@click.option("--dry-run", is_flag=True, help="With --batch: say what would be done, write nothing.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), help="With --batch.")
@kb_option
@click.pass_context
def command(
    ctx: click.Context,
    ids: tuple[str, ...],
    more_ids: tuple[str, ...],
    only_lang: str | None,
    situation: str | None,
    min_sureness: float | None,
    again: bool,
    until: str | None,
    batch: str | None,
    everything: bool,
    dry_run: bool,
    form: str | None,
) -> int:
    """Walks through drafts, those the machine is least sure of first, each shown against its article.

    A key decides: accept, edit, retag, move passages to another part, skip, drop, quit; b goes back to the lesson
    before, to decide otherwise. Each decision is saved at once, so stop when you like; the next time goes on with what
    is left. 'coachkb undo' takes the last one back.
    """
    kb = open_kb(ctx)
    wanted = Filter((*ids, *more_ids), only_lang, situation, min_sureness)
    if batch:
        if again:
            raise UsageError("--again is for walking through, not for --batch")
        return _batch(kb, batch, wanted, until, everything, dry_run, form or "plain")
    if dry_run or form or everything:
        raise UsageError("--dry-run, --format and --all go with --batch")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("review asks about each lesson, and there is no terminal: use one, or decide with --batch")
    return _walk(ctx, kb, Session(kb, wanted, again, until))


# ----------------------------------------------------------------------------------------------------------- by rule


def _batch(
    kb: KnowledgeBase, action: str, wanted: Filter, until: str | None, everything: bool, dry_run: bool, form: str
) -> int:
    try:
        decided = kb.review(
            action,
            wanted.ids,
            language=wanted.language,
            situation=wanted.situation,
            min_sureness=wanted.min_sureness,
            until=until,
            everything=everything,
            dry_run=dry_run,
        )
    finally:
        warn_of(kb)
    if form == "json":
        rows = [{"id": x.id, "before": x.before, "after": x.after} for x in decided]
        emit_json({"lessons": rows, "dry_run": dry_run})
        return 0
    emit("".join(f"{_AFTER[x.after]:<8}  {safe(x.id)}{_was(x)}\n" for x in decided))
    n = len(decided)
    more = " A dry run: nothing was written." if dry_run else ""
    click.echo(f"coachkb: {some(n, 'lesson')} {_AFTER[_STATUS[action]]}.{more}", err=True)
    return 0


_STATUS = {"accept": "approved", "drop": "dropped", "reopen": "draft"}


def _was(decided: Decided) -> str:
    return f" (was {decided.before})" if decided.before != "draft" else ""


# --------------------------------------------------------------------------------------------------- at the terminal


def _walk(ctx: click.Context, kb: KnowledgeBase, session: Session) -> int:
    warn_of(kb)
    if not session.total:
        what = "No approval is past its date." if session.again else "No drafts to review here."
        click.echo(f"coachkb: {what}", err=True)
        return 0
    from coachkb.render.card import console

    face = _Face(kb, console(color(ctx)))
    try:
        walk(session, face.choose, face.tell, face.done)
    finally:
        forget_typed()  # keys for a review are no commands of the shell's
        told = ", ".join(f"{n} {_DONE[kind]}" for kind, n in session.counts.items()) or "nothing decided"
        click.echo(f"coachkb: {told}; {session.left} not yet looked at.", err=True)
    return 0


class _Face:
    """The terminal: shows a draft, reads keys until one decides."""

    def __init__(self, kb: KnowledgeBase, out: Console) -> None:
        self.kb, self.out, self.keys = kb, out, Keys()

    def tell(self, text: str, style: str = "status.changed") -> None:
        """A line, or as many as it takes."""
        self._print([(style, "", safe(text))])

    def done(self, draft: Draft, decision: Decision) -> None:
        """Says what was decided of a lesson, and how that is taken back."""
        if decision.kind in ("accept", "drop"):
            back = f"'coachkb undo{same_kb(self.kb)}' takes it back"
            self.tell(f"{_DONE[decision.kind]}: {safe(draft.lesson.title)} ({back})", "quiet")
        elif decision.kind == "retag":
            self.tell(f"situations: {', '.join(decision.situations)}", "quiet")
        elif decision.kind == "move":
            n = len(decision.numbers)
            back = f"'coachkb undo{same_kb(self.kb)}' takes it back"
            self.tell(f"{some(n, 'passage')} moved to {decision.part} ({back})", "quiet")
        elif decision.kind == "skip":
            self.tell(f"skipped: {safe(draft.lesson.title)}", "quiet")

    def _print(self, rows: Iterable[tuple[str, str, str]]) -> None:
        from coachkb.render.reviewing import laid_out

        self._print_lines(laid_out(rows, self.out.width))

    def _print_lines(self, lines: Iterable[tuple[str, str]]) -> None:
        from rich.text import Text

        for style, line in lines:
            self.out.print(Text(line, style))

    def choose(self, draft: Draft) -> Decision:
        """Shows a draft and gives what a person decides of it."""
        whole = shown = False
        while True:
            with unseen():
                if not shown:
                    self._show(draft, whole)
                    shown = True
                self.keys.forget()  # typed before this lesson was there to be looked at
                key = self._key()
            if key == "w":
                whole, shown = not whole, False
            elif key == "?":
                self._print([("quiet", f"{key}  ", what) for key, what in _MEANT.items()])
            elif key == "end":
                return Decision("quit")
            elif key == "e":
                if self._edit(draft):
                    return Decision("again")
            elif key == "r":
                situations = self._tags(draft)
                if situations is not None:
                    return Decision("retag", situations)
            elif key == "m":
                if decision := self._move(draft):
                    return decision
            elif key == "b" and draft.number == 1:
                self.tell("This is the first one.", "quiet")
            elif key in _KEYS:
                if key != "a" or self._sure(draft):
                    return Decision(_KEYS[key])
            else:
                self.tell(f"{key if key.isprintable() else 'that key'} is none of: {', '.join((*_KEYS, '?'))}")

    def _show(self, draft: Draft, whole: bool) -> None:
        from coachkb.render.reviewing import LEGEND, laid_out, reminder, rows

        self.out.print()
        self.out.rule(style="quiet", characters="-")
        vocabulary = self.kb.vocabulary()
        told = list(laid_out(rows(draft, vocabulary, whole), self.out.width))
        self._print_lines(told)
        self._print([("", "", ""), ("quiet", "", LEGEND)])
        if len(told) > self.out.height - _BELOW:  # its head has gone over the top
            self._print(reminder(draft, vocabulary))

    def _key(self) -> str:
        self._print(
            [("heading", "", "  ".join([*(f"[{key}]{name.removeprefix(key)}" for key, name in _KEYS.items()), "[?]"]))]
        )
        return self.keys.next()

    def _sure(self, draft: Draft) -> bool:
        """Whether a draft is to be accepted although there is a reason not to; never when it says nothing."""
        if lack := lacks(draft.lesson):
            self.tell(f"Not accepted: it {lack}. e, or 'coachkb edit {safe(draft.lesson.id)}', opens it.")
            return False
        why = doubts(draft.lesson)
        if not why:
            return True
        with unseen():
            self.keys.forget()
            self.tell(f"Mind: {why}.")
            self.tell("Accept it as it stands? [y]es, any other key: no")
            return self.keys.next() == "y"

    def _edit(self, draft: Draft) -> bool:
        """The lesson's file in the user's editor; whether anything was saved."""
        from coachkb.cli.editor import edit

        try:
            edited = edit(self.kb, Editable(draft.lesson.id, draft.file, draft.text, draft.digest, draft.lesson))
        except CoachkbError as error:
            self.tell(str(error))
            return False
        if edited is None:
            self.tell("Nothing was changed.", "quiet")
            return False
        return True

    def _tags(self, draft: Draft) -> tuple[str, ...] | None:
        """Situations as a person types them; None when nothing was typed."""
        vocabulary = self.kb.vocabulary()
        self.keys.forget()
        self.tell(f"Now: {', '.join(draft.lesson.situations) or 'none'}. Type ids or names, best first, with commas "
                  "between; ? lists them; Enter alone leaves them as they are.", "quiet")  # fmt: skip
        while told := _typed("situations"):
            if told == "?":
                self._print((("", "", f"{safe(id_)}: {safe(s.name('en'))}") for id_, s in vocabulary.items()))
                continue
            try:
                return tagged(told, vocabulary)
            except CoachkbError as error:
                self.tell(str(error))
        return None

    def _move(self, draft: Draft) -> Decision | None:
        """Which passages go to which part, as a person types it; None when nothing was typed."""
        from coachkb.render.reviewing import numbered_rows

        self.keys.forget()
        self._print(numbered_rows(draft.lesson))
        self.tell("Type numbers and the part they belong to, such as: 2 3 script (its first letter will do); Enter "
                  "alone leaves them where they are.", "quiet")  # fmt: skip
        while told := _typed("move"):
            try:
                numbers, part = move(told, draft.lesson)
            except CoachkbError as error:
                self.tell(str(error))
            else:
                return Decision("move", numbers=numbers, part=part)
        return None


def _typed(what: str) -> str:
    """What a person types, on a line; nothing when they leave it, by Escape or the end of input, too."""
    try:
        told = click.prompt(what, default="", show_default=False).strip()
    except click.Abort:
        return ""
    return "" if "\x1b" in told else str(told)
