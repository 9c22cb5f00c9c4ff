"""``coachkb say WORDS...|ID...``"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from coachkb.answering import answer_text, reader_language
from coachkb.cli.common import color, emit, filters, kb_option, on_terminal, open_kb, warn_of
from coachkb.cli.completing import languages, lesson_ids
from coachkb.cli.talk import talk
from coachkb.errors import UsageError
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from coachkb.jobs.saying import Said
    from coachkb.kb import KnowledgeBase


@click.command("say")
@click.argument("words", nargs=-1, metavar="WORDS...|ID...", shell_complete=lesson_ids)
@click.option("--lang", metavar="CODE", shell_complete=languages, help="Your language: which translation to take.")
@click.option("--copy", is_flag=True, help="Put the words on the clipboard, too.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@filters
@kb_option
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    lang: str | None,
    copy: bool,
    form: str,
    only_lang: str | None,
    situation: str | None,
) -> int:
    """Only the words to say: the script of the lesson that answers what the buyer said, or of lessons by their ids.

    One id among the words makes all of them ids: those that no lesson has are named on stderr.

    When the best answer has no words to say, the next one that has takes its place, and stderr says so. Exits with 1
    when there is none, or no lesson of an id.
    """
    kb = open_kb(ctx)
    if lang:
        kb.check_language(lang)
    reader = reader_language(kb.index(everything=False), dict(os.environ), lang or only_lang)
    try:
        said = kb.say(words, language=reader, only_language=only_lang, situation=situation)
    finally:
        warn_of(kb)
    for line in said.unknown:
        talk(f"coachkb: {safe(line)}")
    _tell_silent(said)
    _tell_guess(said)
    if form == "json":
        from coachkb.export.json import to_json
        from coachkb.render.data import said_data

        emit(to_json(said_data(said)))
    text = _text(said)
    if form == "plain" and text:
        if on_terminal(ctx):
            _show(ctx, kb, said)
        else:
            emit(text)
    if copy and text:
        _copy(text)
    if not (said.lessons or said.silent or said.unknown) and form == "plain":
        answer = kb.lookup(" ".join(words), language=reader, only_language=only_lang, situation=situation)
        click.echo(
            answer_text(kb.index(), [], list(answer.situations), reader or answer.language, False), err=True, nl=False
        )
    return 0 if said.lessons and not said.unknown else 1


def _tell_silent(said: Said) -> None:
    """Names on stderr the lessons that fit better but have nothing to say."""
    for hit in said.silent[:3]:
        talk(f"coachkb: no words to say in '{safe(hit.title)}' (coachkb show {safe(hit.id)})")
    if said.silent and said.lessons:
        took = said.lessons[0]
        talk(f"coachkb: so these are of '{safe(took.title)}' (coachkb show {safe(took.id)})")


def _tell_guess(said: Said) -> None:
    """Names on stderr the lesson that is only a guess."""
    for hit in said.lessons[:1]:
        if not hit.sure:
            near = f"the nearest is '{safe(hit.title)}' (coachkb show {safe(hit.id)})"
            talk(f"coachkb: not sure that this is what you mean; {near}")


def _text(said: Said) -> str:
    """The words, a line a passage; an empty line where they do not follow one another."""
    from coachkb.render.view import spoken

    stretches = [stretch for hit in said.lessons for stretch in spoken(hit)]
    return "\n".join("".join(f"{line}\n" for line in stretch) for stretch in stretches)


def _show(ctx: click.Context, kb: KnowledgeBase, said: Said) -> None:
    """The words on a terminal: what is not to be said is dimmed."""
    from coachkb.render.card import console, said_lines

    out = console(color(ctx))
    for n, hit in enumerate(said.lessons):
        if n:
            out.print()
        for line in said_lines(hit, kb.index().ui(hit.language)):
            out.print(line, soft_wrap=True)


def _copy(text: str) -> None:
    from coachkb.cli.clipboard import copy

    by = copy(text.rstrip("\n"))
    if by is None:
        raise UsageError(
            "--copy: there is no clipboard to be reached here; install wl-copy or xclip, or pipe the words on: "
            "coachkb say ... | your-tool"
        )
    talk(f"coachkb: copied to the clipboard ({by}).")
