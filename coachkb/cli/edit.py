"""``coachkb edit ID``"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachkb.cli.common import emit, kb_option, open_kb, same_kb, warn_of
from coachkb.cli.completing import lesson_ids
from coachkb.cli.talk import talk
from coachkb.errors import NotFound, UsageError
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from coachkb.jobs.editing import Editable, Edited
    from coachkb.kb import KnowledgeBase


@click.command("edit")
@click.argument("id_", metavar="ID", shell_complete=lesson_ids)
@click.option("--take", type=click.Choice(["machine", "mine"]), help="Settle a conflict without an editor.")
@click.option("--field", metavar="NAME", help="With --take: only this field, such as title or tactic.")
@click.option("--copy", is_flag=True, help="Make the built-in starter's lesson one of your own.")
@click.option("--resume", is_flag=True, help="Go on with an edit that was not saved.")
@click.option("--discard", is_flag=True, help="Take away what edits that were not saved left behind.")
@kb_option
@click.pass_context
def command(
    ctx: click.Context, id_: str, take: str | None, field: str | None, copy: bool, resume: bool, discard: bool
) -> int:
    """Opens a lesson's file in your editor (VISUAL, else EDITOR).

    A copy is edited and put in place when it is whole; what is broken is shown with its line and opened again, and
    what you typed is never lost. Unknown situations and keys are shown, too: edit again, keep them, or discard the
    edit; where there is no terminal they are kept, and the exit code is 1. Where an article changed after your edit,
    both versions are shown: change what you like, or settle it with --take.
    """
    kb = open_kb(ctx)
    if field and not take:
        raise UsageError("--field goes with --take")
    if sum((bool(take), copy, resume, discard)) > 1:
        raise UsageError("--take, --copy, --resume and --discard: one at a time")
    if discard:
        from coachkb.cli.editor import discard as discard_copies

        discard_copies(kb, id_)
        return 0
    try:
        if take:
            return _settle(kb, id_, take, field)
        item = _item(kb, id_, copy)
    finally:
        warn_of(kb)
    return edit_and_tell(kb, item, resume)


def _item(kb: KnowledgeBase, id_: str, copy: bool) -> Editable:
    if copy:
        try:
            return kb.editable(id_)  # it is one's own already
        except (NotFound, UsageError):
            return kb.editable(id_, copy=True)
    return kb.editable(id_)


def edit_and_tell(kb: KnowledgeBase, item: Editable, resume: bool = False) -> int:
    """Lets a person edit a lesson's file and says what became of it; the path on stdout when it was saved.

    Gives the exit code: 1 where unknown words were saved."""
    from coachkb.cli.editor import edit
    from coachkb.store.proposals import proposals

    edited = edit(kb, item, resume)
    if edited is None:
        open_ = tuple(proposals(item.lesson)) if item.lesson else ()
        what = "nothing was changed" + ("" if item.digest else ", so nothing was copied")
        talk(f"coachkb: {what}.")
        _open(kb, item.id, open_)
        return 0
    emit(f"{kb.path}/{item.file}\n")
    if edited.settled:
        talk(f"coachkb: settled with this: {', '.join(edited.settled)}.")
    _open(kb, item.id, edited.open)
    return 1 if edited.warnings else 0


def _open(kb: KnowledgeBase, id_: str, fields: tuple[str, ...]) -> None:
    if fields:
        command = f"coachkb edit{same_kb(kb)} {safe(id_)} --take mine"
        talk(f"coachkb: still to settle: {', '.join(fields)} ({command}, or --take machine)")


def _settle(kb: KnowledgeBase, id_: str, take: str, field: str | None) -> int:
    edited: Edited = kb.settle(id_, take, field)
    told = f"{', '.join(edited.settled)}: " + ("yours stays" if take == "mine" else "the machine's is taken")
    if edited.reopened:
        told += "; it was approved with other words, so it is a draft again"
    talk(f"coachkb: settled: {told}.")
    _open(kb, id_, edited.open)
    return 0
