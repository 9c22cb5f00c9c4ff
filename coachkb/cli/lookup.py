"""``coachkb lookup WORDS...``"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachkb.answering import answer_text, card_text
from coachkb.cli.common import (
    color,
    emit,
    emit_json,
    emit_rows,
    filters,
    kb_option,
    language_option,
    not_both,
    on_terminal,
    open_kb,
    reader_of,
    template_option,
    typed,
    warn_of,
)
from coachkb.cli.pager import height, no_pager_option, show
from coachkb.errors import UsageError
from coachkb.render.template import LESSON_FIELDS, Template, lesson_lines

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase
    from coachkb.readable import Answer


@click.command("lookup")
@click.argument("words", nargs=-1)
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many lessons.")
@language_option("Your language: which translation to show.")
@click.option("--all-languages", is_flag=True, help="List every translation of a lesson.")
@click.option("--full", is_flag=True, help="All passages, not only the key ones.")
@click.option("--explain", is_flag=True, help="Why each lesson is there; plain or json.")
@click.option(
    "--format", "form", type=click.Choice(["card", "plain", "json", "markdown"]), help="Card on a terminal, else plain."
)
@template_option(LESSON_FIELDS)
@no_pager_option
@filters
@kb_option
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    limit: int,
    lang: str | None,
    all_languages: bool,
    full: bool,
    explain: bool,
    form: str | None,
    template: Template | None,
    no_pager: bool,
    only_lang: str | None,
    situation: str | None,
) -> int:
    """The lesson that answers what the buyer said.

    WORDS may be in any language that coachkb knows, with or without quotes, with typos; without any in a pipe, or for a
    single -, standard input is read, such as a whole e-mail. Exits with 1 when nothing fits.
    """
    not_both(template, form)
    if explain and (template is not None or form not in (None, "plain", "json")):
        raise UsageError(f"--explain has no {form or 'template'} form: plain or json")
    kb = open_kb(ctx)
    query = " ".join(typed(words))
    reader = reader_of(kb, lang or only_lang, everything=False)
    answer = kb.lookup(
        query,
        limit=limit,
        language=reader,
        only_language=only_lang,
        situation=situation,
        all_languages=all_languages,
    )
    warn_of(kb)
    form = form or ("card" if on_terminal(ctx) else "plain")
    if explain:
        _explain(ctx, kb, answer, reader, form)
    elif template is not None:
        emit(lesson_lines(kb.index(), answer.hits, template, answers=True))
    elif form == "json":
        from coachkb.render.data import answer_data

        emit_json(answer_data(answer))
    elif form == "markdown":
        _markdown(kb, answer, full)
    elif form == "card" and answer.hits:
        language = reader or answer.language
        card = card_text(kb.index(), list(answer.hits), full, color(ctx), query, height(), language)
        show(card, pager=not no_pager)
    else:
        text = answer_text(kb.index(), list(answer.hits), list(answer.situations), reader or answer.language, full)
        emit(text)
    if not (only_lang or situation or (answer.hits and answer.hits[0].sure)) and kb.settings.misses:
        from coachkb.store import misses

        misses.remember(query, guess=bool(answer.hits))
    return 0 if answer.hits else 1


def _explain(ctx: click.Context, kb: KnowledgeBase, answer: Answer, reader: str | None, form: str) -> None:
    from coachkb.jobs.finding import explained
    from coachkb.render.finding import finding_data, finding_rows

    told = explained(kb, answer, reader)
    if form == "json":
        emit_json(finding_data(told))
        return
    vocabulary, language = kb.vocabulary(), reader or answer.language or "en"
    emit_rows(ctx, finding_rows(told, lambda id_: vocabulary[id_].name(language) if id_ in vocabulary else id_), form)


def _markdown(kb: KnowledgeBase, answer: Answer, full: bool) -> None:
    from coachkb.export.markdown import escape, lesson_markdown

    vocabulary = kb.vocabulary()
    for hit in answer.hits[:1]:
        if not hit.sure:
            emit(f"*{escape(kb.index().ui(hit.language)['label.guess'])}*\n\n")
    for hit in answer.hits:
        names = {id_: s.name(hit.language) for id_, s in vocabulary.items()}
        emit(lesson_markdown(kb.lesson(hit.id), names, full=full) + "\n")
