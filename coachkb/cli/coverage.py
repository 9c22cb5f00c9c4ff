"""``coachkb coverage``"""

from __future__ import annotations

import click

from coachkb.cli.common import color, emit, emit_json, kb_option, on_terminal, open_kb, tell_whose, warn_of
from coachkb.jobs.coverage import Cell, Coverage, coverage, next_to_write
from coachkb.kb import KnowledgeBase
from coachkb.model.visible import safe

#: Cells of the heat map by how many lessons they count: none, one, two, three or more.
_HEAT = ("heat.0", "heat.1", "heat.2", "heat.3")


@click.command("coverage")
@click.option("--format", "form", type=click.Choice(["plain", "json", "markdown"]), help="A heat map on a terminal.")
@click.option("--no-starter", is_flag=True, help="Only your own lessons, not the starter's below them.")
@kb_option
@click.pass_context
def command(ctx: click.Context, form: str | None, no_starter: bool) -> int:
    """Situations against languages: lessons, those approved, those past their date, and what to write next."""
    kb = open_kb(ctx)
    hits = [hit for hit in kb.browse() if hit.own or not no_starter]
    table = coverage(kb, hits)
    warn_of(kb)
    if form == "json":
        emit_json(_data(table))
    elif form == "markdown":
        emit(_markdown(kb, table))
    elif form is None and on_terminal(ctx):
        _heat_map(ctx, kb, table)
    else:
        emit(_plain(table))
    own = sum(hit.own for hit in hits)
    tell_whose(kb, own, len(hits) - own)
    return 0


def _data(table: Coverage) -> dict[str, object]:
    return {
        "situations": [
            {
                "id": id_,
                "languages": {
                    code: {"lessons": cell.lessons, "approved": cell.approved, "past": cell.past}
                    for code, cell in row.items()
                },
            }
            for id_, row in table.items()
        ],
        "next": [{"situation": id_, "language": code} for id_, code in next_to_write(table)],
    }


def _cell(cell: Cell) -> str:
    if not cell.lessons:
        return "-"
    past = f" !{cell.past}" if cell.past else ""
    return f"{cell.lessons} ({cell.approved}){past}"


def _plain(table: Coverage) -> str:
    codes = list(next(iter(table.values()), {}))
    width = max(map(len, table))
    out = [f"{'':<{width}}  " + "  ".join(f"{code:>7}" for code in codes)]
    out += [f"{id_:<{width}}  " + "  ".join(f"{_cell(row[c]):>7}" for c in codes) for id_, row in table.items()]
    out += ["", "lessons (approved) !past their date", *_next_lines(table)]
    return "\n".join(out) + "\n"


def _next_lines(table: Coverage) -> list[str]:
    missing = next_to_write(table)
    if not missing:
        return ["Every situation has a lesson in every language."]
    return ["Next to write:"] + [f"  {code}  {id_}" for id_, code in missing[:10]]


def _names(kb: KnowledgeBase, table: Coverage) -> dict[str, str]:
    """What the situations are called; lessons may name one that nobody knows: that is its id."""
    known = kb.vocabulary()
    return {id_: known[id_].name("en") if id_ in known else id_ for id_ in table}


def _markdown(kb: KnowledgeBase, table: Coverage) -> str:
    from coachkb.export.markdown import escape

    codes = list(next(iter(table.values()), {}))
    names = _names(kb, table)
    out = ["| situation | " + " | ".join(codes) + " |", "|---|" + "---|" * len(codes)]
    out += [
        f"| {escape(names[id_])} | " + " | ".join(_cell(row[c]) for c in codes) + " |" for id_, row in table.items()
    ]
    missing = next_to_write(table)
    if missing:
        out += ["", "Next to write:", "", *(f"- {code}: {escape(names[id_])}" for id_, code in missing[:10])]
    return "\n".join(out) + "\n"


def _heat(cell: Cell) -> str:
    return _HEAT[min(3, cell.lessons)]


def _heat_map(ctx: click.Context, kb: KnowledgeBase, table: Coverage) -> None:
    from rich.table import Table
    from rich.text import Text

    from coachkb.render.card import console

    codes = list(next(iter(table.values()), {}))
    names = _names(kb, table)
    grid = Table(box=None, pad_edge=False, header_style="heading")
    grid.add_column("situation", overflow="fold")
    for code in codes:
        grid.add_column(code, justify="center")
    for id_, row in table.items():
        cells = [Text(f" {_cell(row[c]):^7} ", _heat(row[c])) for c in codes]
        grid.add_row(Text(safe(names[id_])), *cells)
    out = console(color(ctx))
    longest = max((len(word) for name in names.values() for word in name.split()), default=0)
    if longest + sum(max(9, len(code)) + 2 for code in codes) > out.width:  # the names have a line of their own
        for id_, row in table.items():
            out.print(Text(safe(names[id_]), "heading"))
            out.print(
                Text("  ").append_text(Text("  ").join(Text(f"{c} {_cell(row[c])}", _heat(row[c])) for c in codes))
            )
    else:
        out.print(grid)
    out.print(Text("lessons (approved) !past their date", "quiet"))
    for line in _next_lines(table):
        out.print(Text(line))
