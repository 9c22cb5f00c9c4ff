"""``coachkb lookup WORDS...``"""

from __future__ import annotations

import os

import click

from coachkb.answering import answer_text, language_names, reader_language
from coachkb.cli.common import color, emit, filters, kb_option, on_terminal, open_kb, warn_of
from coachkb.kb import Answer, KnowledgeBase


@click.command("lookup")
@click.argument("words", nargs=-1)
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many lessons.")
@click.option("--lang", metavar="CODE", help="Your language: which translation to show.")
@click.option("--all-languages", is_flag=True, help="List every translation of a lesson.")
@click.option("--full", is_flag=True, help="All passages, not only the key ones.")
@click.option(
    "--format", "form", type=click.Choice(["card", "plain", "json", "markdown"]), help="Card on a terminal, else plain."
)
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
    form: str | None,
    only_lang: str | None,
    situation: str | None,
) -> int:
    """The lesson that answers what the buyer said.

    WORDS may be in English, Dutch or Swedish, with or without quotes, with typos. Exits with 1 when nothing fits.
    """
    kb = open_kb(ctx)
    query = " ".join(words)
    if lang:
        kb.check_language(lang)
    reader = reader_language(kb.index(), dict(os.environ), lang or only_lang)
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
    if form == "json":
        from coachkb.export.json import to_json
        from coachkb.render.data import answer_data

        emit(to_json(answer_data(answer)))
    elif form == "markdown":
        _markdown(kb, answer, full)
    elif form == "card" and answer.hits:
        from coachkb.render.card import console, show_card, show_next

        out = console(color(ctx))
        first, index = answer.hits[0], kb.index()
        ui = index.ui(first.language)
        show_card(out, first, ui, index.situation_names(first.language), language_names(index), full)
        show_next(out, list(answer.hits[1:]), ui)
    else:
        text = answer_text(kb.index(), list(answer.hits), list(answer.situations), reader or answer.language, full)
        emit(text)
    return 0 if answer.hits else 1


def _markdown(kb: KnowledgeBase, answer: Answer, full: bool) -> None:
    from coachkb.export.markdown import lesson_markdown

    vocabulary = kb.vocabulary()
    for hit in answer.hits:
        names = {id_: s.name(hit.language) for id_, s in vocabulary.items()}
        emit(lesson_markdown(kb.lesson(hit.id), names, full=full) + "\n")
