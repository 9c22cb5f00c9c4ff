"""``coachkb browse``"""

from __future__ import annotations

from collections.abc import Callable

import click

from coachkb.answering import language_names
from coachkb.cli.common import color, emit, filters, kb_option, not_both, on_terminal, open_kb, template_option, warn_of
from coachkb.model.hit import Hit
from coachkb.model.visible import safe
from coachkb.render.template import LESSON_FIELDS, Template, lesson_values


@click.command("browse")
@filters
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@template_option(LESSON_FIELDS)
@kb_option
@click.pass_context
def command(
    ctx: click.Context, only_lang: str | None, situation: str | None, form: str, template: Template | None
) -> int:
    """Lessons by language and situation, with counts. A lesson stands under its first situation."""
    not_both(template, form)
    kb = open_kb(ctx)
    hits = kb.browse(language=only_lang, situation=situation)
    warn_of(kb)
    if form == "json":
        from coachkb.export.json import to_json
        from coachkb.render.data import browse_data

        emit(to_json([browse_data(hit) for hit in hits]))
        return 0 if hits else 1
    if template is not None:
        names = {code: kb.index().situation_names(code) for code in {hit.language for hit in hits}}
        emit("".join(template(lesson_values(hit, names[hit.language])) for hit in hits))
        return 0 if hits else 1
    if not hits:
        emit("No lessons here.\n")
        return 1
    index = kb.index()
    order = {id_: n for n, id_ in enumerate(kb.vocabulary())}
    rows = _rows(hits, order, language_names(index), index.situation_names, situation)
    if on_terminal(ctx):
        from rich.text import Text

        from coachkb.render.card import console

        out = console(color(ctx))
        for style, text in rows:
            out.print(Text(text, style), soft_wrap=True)
    else:
        emit("".join(f"{text}\n" for _, text in rows))
    return 0


def _rows(
    hits: list[Hit],
    order: dict[str, int],
    languages: dict[str, str],
    names_in: Callable[[str], dict[str, str]],
    asked: str | None,
) -> list[tuple[str, str]]:
    """Lines with their style: a language, its situations, their lessons."""
    rows: list[tuple[str, str]] = []
    for code in sorted({hit.language for hit in hits}):
        mine = [hit for hit in hits if hit.language == code]
        names = names_in(code)
        rows.append(("heading", f"{languages.get(code, code)} ({len(mine)})"))
        by_situation: dict[str, list[Hit]] = {}
        for hit in mine:
            by_situation.setdefault(asked or (hit.situations[0] if hit.situations else ""), []).append(hit)
        for id_ in sorted(by_situation, key=lambda id_: (order.get(id_, 999), id_)):
            here = by_situation[id_]
            rows.append(("tag", f"  {safe(names.get(id_, id_ or '–'))} [{id_ or 'untagged'}] ({len(here)})"))
            rows += [("", f"    {safe(hit.title)}  ({safe(hit.id)})") for hit in here]
    return rows
