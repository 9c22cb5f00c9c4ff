"""``coachkb diff ID``"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachkb.cli.common import color, emit, emit_json, kb_option, on_terminal, open_kb, same_kb, warn_of
from coachkb.cli.completing import lesson_ids
from coachkb.cli.talk import talk
from coachkb.model.numbers import some
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase


@click.command("diff")
@click.argument("id_", metavar="[ID]", required=False, shell_complete=lesson_ids)
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@kb_option
@click.pass_context
def command(ctx: click.Context, id_: str | None, form: str) -> int:
    """What people changed in a lesson, and where the machine disagrees; without ID, which lessons wait to be settled.

    When an article changed where its lesson had been edited, both are kept: this shows yours and the machine's, and
    'coachkb edit ID' settles it. Else it shows what was changed of the machine's writing. A star marks key passages.
    """
    kb = open_kb(ctx)
    if id_ is None:
        return _conflicts(kb, form)
    try:
        told = kb.diff(id_)
    finally:
        warn_of(kb)
    if form == "json":
        from coachkb.render.difference import difference_data

        emit_json(difference_data(told))
        return 0
    if not told.fields:
        by_hand = "wrote" not in kb.lesson(told.id).extraction
        what = "was written by hand: there is nothing to compare" if by_hand else "is as the machine wrote it"
        talk(f"coachkb: {safe(told.id)} {what}.")
        return 0
    from coachkb.render.difference import rows

    if on_terminal(ctx):
        from rich.text import Text

        from coachkb.render.card import console

        out = console(color(ctx))
        for style, line in rows(told):
            out.print(Text(line, style))
    else:
        emit("".join(f"{line}\n" for _, line in rows(told)))
    if told.conflict:
        command = f"coachkb edit{same_kb(kb)} {safe(told.id)}"
        talk(f"coachkb: to settle it: {command} (or with --take mine, --take machine, --field NAME)")
    return 0


def _conflicts(kb: KnowledgeBase, form: str) -> int:
    """Lists the lessons with an open conflict."""
    found = kb.conflicts()
    warn_of(kb)
    if form == "json":
        from coachkb.render.difference import difference_data

        emit_json([difference_data(told) for told in found])
        return 0
    emit("".join(f"{safe(told.id)}  {', '.join(field.field for field in told.fields)}\n" for told in found))
    if found:
        told = f"'coachkb diff{same_kb(kb)} ID' shows yours and the machine's"
        talk(f"coachkb: in {some(len(found), 'lesson')} an article changed what had been edited; {told}.")
    else:
        talk("coachkb: no lesson has a conflict to settle; with ID, what was changed in it is shown.")
    return 0
