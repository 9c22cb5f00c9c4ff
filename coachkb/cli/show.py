"""``coachkb show ID...``"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from coachkb.answering import card_text, language_names
from coachkb.cli.common import color, emit, emit_json, emit_rows, kb_option, on_terminal, open_kb, warn_of
from coachkb.cli.completing import lesson_ids
from coachkb.cli.pager import height, no_pager_option
from coachkb.cli.pager import show as page
from coachkb.cli.talk import talk
from coachkb.errors import NotFound, UsageError
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase
    from coachkb.model.hit import Hit


@click.command("show")
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=lesson_ids)
@click.option("--full", is_flag=True, help="All passages, not only the key ones.")
@click.option("--explain", is_flag=True, help="Why each passage has its part, and the lesson its situations.")
@click.option(
    "--format", "form", type=click.Choice(["card", "plain", "json", "markdown"]), help="Card on a terminal, else plain."
)
@no_pager_option
@kb_option
@click.pass_context
def command(
    ctx: click.Context, ids: tuple[str, ...], full: bool, explain: bool, form: str | None, no_pager: bool
) -> int:
    """Lessons, by their ids (lookup and browse name them).

    The JSON of one id is that lesson, of several a list. Ids that no lesson has are named on stderr; exits with 1 when
    there is one.
    """
    if explain and form not in (None, "plain", "json"):
        raise UsageError(f"--explain has no {form} form: plain or json")
    form = form or ("card" if on_terminal(ctx) else "plain")
    kb = open_kb(ctx)
    try:
        hits = _hits(kb, ids)
    finally:
        warn_of(kb)  # an id that is not there may be one of a broken file
    if form == "json":
        _json(kb, hits, explain, alone=len(ids) == 1)
    elif explain:
        _explain(ctx, kb, hits, form)
    elif form == "card":
        rows = height() if len(ids) == 1 else None  # several are not made smaller to fit
        page("\n".join(card_text(kb.index(), [hit], full, color(ctx), height=rows) for hit in hits), pager=not no_pager)
    else:
        emit("\n".join(_text(kb, hit, full, form) for hit in hits))
    return 0 if len(hits) == len(ids) else 1


def _hits(kb: KnowledgeBase, ids: Sequence[str]) -> list[Hit]:
    """The lessons in this order; ids that are none are told. Raises NotFound when all are."""
    found, unknown = [], []
    for id_ in ids:
        try:
            found.append(kb.hit(id_))
        except NotFound as error:
            unknown.append(error)
    for told in unknown if found else unknown[:-1]:
        talk(f"coachkb: {safe(told.typed)}")
    if not found:
        raise unknown[-1]
    return found


def _text(kb: KnowledgeBase, hit: Hit, full: bool, form: str) -> str:
    """A lesson as ``plain`` or ``markdown``."""
    if form == "markdown":
        from coachkb.export.markdown import lesson_markdown

        return lesson_markdown(kb.lesson(hit.id), kb.index().situation_names(hit.language), full=full)
    from coachkb.render.plain import card

    index = kb.index()
    return card(hit, index.ui(hit.language), index.situation_names(hit.language), language_names(index), full)


def _json(kb: KnowledgeBase, hits: Sequence[Hit], explain: bool, alone: bool) -> None:
    from coachkb.export.json import lesson_data
    from coachkb.render.explanation import explanation_data

    told = [explanation_data(kb.explain(hit.id)) if explain else lesson_data(kb.lesson(hit.id)) for hit in hits]
    emit_json(told[0] if alone else told)


def _explain(ctx: click.Context, kb: KnowledgeBase, hits: Sequence[Hit], form: str) -> None:
    from coachkb.render.explanation import explanation_rows

    for n, hit in enumerate(hits):
        emit("\n" if n else "")
        names = kb.index().situation_names(hit.language)
        emit_rows(ctx, explanation_rows(kb.explain(hit.id), names), form)
