"""``coachkb diff ID``"""

from __future__ import annotations

import click

from coachkb.cli.common import color, emit, kb_option, on_terminal, open_kb, same_kb, warn_of
from coachkb.cli.completing import lesson_ids
from coachkb.model.visible import safe


@click.command("diff")
@click.argument("id_", metavar="ID", shell_complete=lesson_ids)
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@kb_option
@click.pass_context
def command(ctx: click.Context, id_: str, form: str) -> int:
    """What people changed in a lesson, and where the machine disagrees.

    When an article changed where its lesson had been edited, both are kept: this shows yours and the machine's, and
    'coachkb edit ID' settles it. Else it shows what was changed of the machine's writing. A star marks key passages.
    """
    kb = open_kb(ctx)
    try:
        told = kb.diff(id_)
    finally:
        warn_of(kb)
    if form == "json":
        from coachkb.export.json import to_json
        from coachkb.render.difference import difference_data

        emit(to_json(difference_data(told)))
        return 0
    if not told.fields:
        by_hand = "wrote" not in kb.lesson(id_).extraction
        what = "was written by hand: there is nothing to compare" if by_hand else "is as the machine wrote it"
        click.echo(f"coachkb: {safe(id_)} {what}.", err=True)
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
        command = f"coachkb edit{same_kb(kb)} {safe(id_)}"
        click.echo(f"coachkb: to settle it: {command} (or with --take mine, --take machine, --field NAME)", err=True)
    return 0
