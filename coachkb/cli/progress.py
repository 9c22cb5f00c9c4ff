"""``coachkb progress``"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachkb.cli.common import (
    color,
    emit,
    emit_json,
    kb_option,
    language_filter,
    on_terminal,
    open_kb,
    reader_of,
    situation_filter,
    warn_of,
)
from coachkb.model.numbers import some
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from coachkb.jobs.progress import Progress

_COLUMNS = ("situation", "", "due", "seen", "sure", "recall")
_NARROW = 56  # columns of a terminal under which the names of situations would be cut up
_SHOWN = 5  # lessons that are due, named


@click.command("progress")
@situation_filter
@language_filter("--lang")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), help="A table on a terminal.")
@kb_option
@click.pass_context
def command(ctx: click.Context, situation: str | None, only_lang: str | None, form: str | None) -> int:
    """What is due for practice, and which situations are weak.

    Sure: how many of the latest three grades of each lesson were good or easy. Recall: how much is likely remembered
    today. A situation is weak when less than 67% is sure, or less than 80% is remembered.
    """
    kb = open_kb(ctx)
    try:
        reader = reader_of(kb, only_lang)
        told = kb.progress(situation=situation, language=only_lang, reader=reader)
        names = kb.index().situation_names(reader or "en")
    finally:
        warn_of(kb)
    if form == "json":
        from coachkb.render.practising import progress_data

        emit_json(progress_data(told))
    elif form is None and on_terminal(ctx):
        _on_terminal(ctx, told, names)
    else:
        emit(_plain(told, names))
    return 0


def _rows(told: Progress, names: dict[str, str]) -> list[tuple[str, ...]]:
    from coachkb.render.practising import standing_row

    return [standing_row(standing, names) for standing in told.situations if standing.practised]


def _after(told: Progress) -> list[str]:
    """What to do next, and what is due."""
    lines = [f"due since {item.due}  {safe(item.hit.id)}" for item in told.due[:_SHOWN]]
    if len(told.due) > _SHOWN:
        lines.append(f"… and {len(told.due) - _SHOWN} more")
    weak = [standing for standing in told.situations if standing.weak]
    new = sum(not standing.practised for standing in told.situations)
    if new:
        lines.append(f"{some(new, 'situation')} not practised yet.")
    if told.due or not told.practised:
        lines.append("Next: coachkb practice")
    elif weak:
        lines.append(f"Next: coachkb practice --situation {safe(weak[0].id)}")
    return lines


def _plain(told: Progress, names: dict[str, str]) -> str:
    from coachkb.render.practising import summary

    out, rows = [summary(told)], _rows(told, names)
    if rows:
        table = [_COLUMNS, *rows]
        widths = [max(len(row[i]) for row in table) for i in range(len(_COLUMNS))]
        out.append("")
        for row in table:
            cells = [
                f"{cell:<{w}}" if i < 2 else f"{cell:>{w}}" for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            ]
            out.append("  ".join(cells).rstrip())
    return "\n".join([*out, "", *_after(told)]) + "\n"


def _on_terminal(ctx: click.Context, told: Progress, names: dict[str, str]) -> None:
    from rich.table import Table
    from rich.text import Text

    from coachkb.render.card import console
    from coachkb.render.practising import summary

    out, rows = console(color(ctx)), _rows(told, names)
    out.print(Text(summary(told), "heading"))
    if rows and out.width < _NARROW:
        for row in rows:
            out.print()
            out.print(Text(row[0], "heading"))
            facts = [row[1], *(f"{name} {cell}" for name, cell in zip(_COLUMNS[2:], row[2:], strict=True))]
            out.print(Text("  ".join(text for text in facts if text), "status.changed" if row[1] else ""))
    elif rows:
        table = Table(box=None, pad_edge=False, header_style="heading")
        for n, column in enumerate(_COLUMNS):
            table.add_column(column, justify="left" if n < 2 else "right", overflow="fold", no_wrap=n > 0)
        for row in rows:
            table.add_row(row[0], Text(row[1], "status.changed"), *row[2:])
        out.print()
        out.print(table)
    out.print()
    for line in _after(told):
        out.print(Text(line, "quiet" if line.startswith("due") else ""))
