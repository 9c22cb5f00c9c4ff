"""``coachkb log [ENTRY]``"""

from __future__ import annotations

import click

from coachkb.cli.common import color, emit, emit_json, kb_option, on_terminal, open_kb
from coachkb.errors import NotFound
from coachkb.jobs.undoing import Done
from coachkb.model.numbers import some
from coachkb.model.visible import safe

_NARROW = 60  # columns of a terminal under which a table would cut up dates


@click.command("log")
@click.argument("entry", type=click.IntRange(min=1), required=False, metavar="[ENTRY]")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many, the latest first.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), help="A table on a terminal.")
@kb_option
@click.pass_context
def command(ctx: click.Context, entry: int | None, limit: int, form: str | None) -> int:
    """What was done to the knowledge base, the latest first; with ENTRY, a number from that list, its files.

    As far back as the journal goes: 200 entries, or 64 MB of what they changed. It lies in the state folder of this
    machine ('coachkb info' says where).
    """
    kb = open_kb(ctx)
    done = [item for item in kb.log() if entry in (None, item.id)][:limit]
    if entry is not None and not done:
        raise NotFound(f"the journal has no entry {entry}: 'coachkb log' lists what was done")
    if form == "json":
        emit_json([log_data(item) for item in done])
    elif not done:
        emit("Nothing was done to this knowledge base yet, or this machine's journal does not know of it.\n")
    elif form is None and on_terminal(ctx):
        _table(ctx, done)
    else:
        emit("".join("  ".join(row).rstrip() + "\n" for row in _aligned([_row(item) for item in done])))
    if entry is not None and form != "json":
        emit("".join(f"  {what:<8}{safe(path)}\n" for item in done for path, what in item.files.items()))
    return 0


def log_data(done: Done) -> dict[str, object]:
    """An entry as JSON: every key present."""
    return {
        "id": done.id,
        "at": done.at,
        "by": done.by,
        "action": done.action,
        "note": done.note,
        "files": [{"path": path, "change": change} for path, change in done.files.items()],
        "undoes": done.undoes,
        "undone_by": done.undone_by,
        "cut_short": done.cut_short,
    }


def _row(done: Done) -> tuple[str, str, str, str, str, str]:
    files = some(len(done.files), "file")
    state = f"undone by {done.undone_by}" if done.undone_by else "cut short" if done.cut_short else ""
    return str(done.id), safe(done.at), safe(done.action), safe(done.note), files, state


def _aligned(rows: list[tuple[str, ...]]) -> list[list[str]]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [[f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)] for row in rows]


def _table(ctx: click.Context, done: list[Done]) -> None:
    from rich.table import Table
    from rich.text import Text

    from coachkb.render.card import console, show_text

    out = console(color(ctx))
    if out.width < _NARROW:
        for item in done:
            number, at, action, note, files, state = _row(item)
            show_text(out, Text.assemble((f"{number}  {at}  {action}", "quiet" if state else "heading")), whole=True)
            show_text(out, Text(", ".join(filter(None, (note, files, state))), "quiet" if state else ""), "   ")
        return
    table = Table(box=None, pad_edge=False, header_style="heading")
    for name in ("entry", "when", "what", "", "files", ""):
        table.add_column(name, justify="right" if name == "entry" else "left", overflow="fold")
    for item in done:
        number, at, action, note, files, state = _row(item)
        style = "quiet" if state else ""
        table.add_row(number, at, Text(action, style), Text(note, style), files.split()[0], Text(state, "quiet"))
    out.print(table)
