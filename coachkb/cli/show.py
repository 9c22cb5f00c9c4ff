"""``coachkb show ID``"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachkb.answering import card_text, language_names
from coachkb.cli.common import color, emit, kb_option, on_terminal, open_kb, warn_of
from coachkb.cli.completing import lesson_ids
from coachkb.cli.pager import height, no_pager_option
from coachkb.cli.pager import show as page
from coachkb.errors import UsageError

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase


@click.command("show")
@click.argument("id_", metavar="ID", shell_complete=lesson_ids)
@click.option("--full", is_flag=True, help="All passages, not only the key ones.")
@click.option("--explain", is_flag=True, help="Why each passage has its part, and the lesson its situations.")
@click.option(
    "--format", "form", type=click.Choice(["card", "plain", "json", "markdown"]), help="Card on a terminal, else plain."
)
@no_pager_option
@kb_option
@click.pass_context
def command(ctx: click.Context, id_: str, full: bool, explain: bool, form: str | None, no_pager: bool) -> int:
    """One lesson, by its id (lookup and browse name it)."""
    kb = open_kb(ctx)
    try:
        kb.hit(id_)
    finally:
        warn_of(kb)  # an id that is not there may be one of a broken file
    if explain:
        return _explain(kb, id_, form)
    form = form or ("card" if on_terminal(ctx) else "plain")
    if form in ("json", "markdown"):
        lesson = kb.lesson(id_)
        if form == "json":
            from coachkb.export.json import lesson_data, to_json

            emit(to_json(lesson_data(lesson)))
        else:
            from coachkb.export.markdown import lesson_markdown

            names = {key: s.name(lesson.language) for key, s in kb.vocabulary().items()}
            emit(lesson_markdown(lesson, names, full=full))
        return 0
    hit, index = kb.hit(id_), kb.index()
    if form == "card":
        page(card_text(index, [hit], full, color(ctx), height=height()), pager=not no_pager)
    else:
        from coachkb.render.plain import card

        ui, names, languages = index.ui(hit.language), index.situation_names(hit.language), language_names(index)
        emit(card(hit, ui, names, languages, full))
    return 0


def _explain(kb: KnowledgeBase, id_: str, form: str | None) -> int:
    from coachkb.render.explanation import explanation_data, explanation_text

    if form not in (None, "plain", "json"):
        raise UsageError(f"--explain has no {form} form: plain or json")
    told = kb.explain(id_)
    if form == "json":
        from coachkb.export.json import to_json

        emit(to_json(explanation_data(told)))
        return 0
    vocabulary, language = kb.vocabulary(), told.lesson.language
    emit(explanation_text(told, lambda id_: vocabulary[id_].name(language) if id_ in vocabulary else id_))
    return 0
