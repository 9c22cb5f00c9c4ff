"""``coachkb browse``"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachkb.answering import language_names
from coachkb.cli.common import (
    color,
    emit,
    emit_json,
    filters,
    kb_option,
    language_option,
    not_both,
    on_terminal,
    open_kb,
    reader_of,
    template_option,
    warn_of,
)
from coachkb.cli.talk import talk
from coachkb.model.hit import Hit
from coachkb.model.situation import narrowest
from coachkb.model.visible import safe
from coachkb.render.template import LESSON_FIELDS, Template, lesson_lines

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase
    from coachkb.search.narrowing import Narrowing
    from coachkb.search.query import Index


@click.command("browse")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@filters
@language_option("Your language: whose lessons come first.")
@click.option(
    "--format", "form", type=click.Choice(["plain", "json"]), help="A list; without it, a picker on a terminal."
)
@template_option(LESSON_FIELDS)
@kb_option
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    only_lang: str | None,
    situation: str | None,
    lang: str | None,
    form: str | None,
    template: Template | None,
) -> int:
    """Lessons to pick from by typing, on a terminal; in a pipe, a list by language and situation, with counts.

    In the picker, type to narrow the list in any language, or begin with WORDS; Enter shows a lesson, ? lists the keys.
    In the list, a lesson stands under its first situation, or the narrower one behind that; WORDS leave
    out those that are not called so, or when none is, those that do not mean it. Exits with 1 when there is none.
    """
    not_both(template, form)
    kb = open_kb(ctx)
    reader = reader_of(kb, lang or only_lang)
    if form is None and template is None:
        from coachkb.cli.screen import available  # not for the shell's completion

        if available():
            return _pick(ctx, kb, only_lang, situation, reader, " ".join(words))
    hits = kb.browse(language=only_lang, situation=situation)
    if words:
        narrowed = kb.narrowing(language=only_lang, situation=situation).find(" ".join(words))
        left = {row.id for row in narrowed.rows[: narrowed.named] or narrowed.rows}
        hits = [hit for hit in hits if hit.id in left]
    hits.sort(key=lambda hit: hit.language != lang)  # stable: the others stay by language
    warn_of(kb)
    if form == "json":
        from coachkb.render.data import browse_data

        emit_json([browse_data(hit) for hit in hits])
        return 0 if hits else 1
    if template is not None:
        emit(lesson_lines(kb.index(), hits, template, answers=False))
        return 0 if hits else 1
    if not hits:
        ui = kb.index().ui(reader or "en")
        asked = ui["label.no_lessons_for"].replace("{words}", safe(" ".join(words)))
        emit(f"{asked if words else ui['label.no_lessons']}\n")
        return 1
    index = kb.index()
    order = {id_: n for n, id_ in enumerate(kb.vocabulary())}
    rows = _rows(hits, order, index, situation)
    if on_terminal(ctx):
        from rich.text import Text

        from coachkb.render.card import console

        out = console(color(ctx))
        for style, text in rows:
            out.print(Text(text, style), soft_wrap=True)
    else:
        emit("".join(f"{text}\n" for _, text in rows))
    return 0


def _pick(
    ctx: click.Context, kb: KnowledgeBase, only: str | None, situation: str | None, reader: str | None, typed: str
) -> int:
    from coachkb.cli.picker import pick

    def make() -> Narrowing:
        return kb.narrowing(language=only, situation=situation, reader=reader)

    try:
        if pick(kb, make, reader, color(ctx), typed):
            return 0
        talk(f"coachkb: {kb.index().ui(reader or 'en')['label.no_lessons']}")
        return 1
    finally:
        warn_of(kb)


def _rows(hits: list[Hit], order: dict[str, int], index: Index, asked: str | None) -> list[tuple[str, str]]:
    """Lines with their style: a language, in the order of the lessons, its situations, their lessons."""
    rows: list[tuple[str, str]] = []
    languages, broader = language_names(index), index.broader()
    for code in dict.fromkeys(hit.language for hit in hits):
        mine = [hit for hit in hits if hit.language == code]
        names = index.situation_names(code)
        rows.append(("heading", f"{languages.get(code, code)} ({len(mine)})"))
        by_situation: dict[str, list[Hit]] = {}
        for hit in mine:
            by_situation.setdefault(asked or narrowest(hit.situations, broader), []).append(hit)
        for id_ in sorted(by_situation, key=lambda id_: (order.get(id_, 999), id_)):
            here = by_situation[id_]
            rows.append(("tag", f"  {safe(names.get(id_, id_ or '–'))} [{id_ or 'untagged'}] ({len(here)})"))
            for hit in here:
                unfinished = "" if any(hit.parts.values()) else f"; {index.ui(code)['label.unfinished']}"
                rows.append(("", f"    {safe(hit.title)}  ({safe(hit.id)}{unfinished})"))
    return rows
