"""``coachkb say WORDS...|ID...``"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from coachkb.answering import answer_text, language_names
from coachkb.cli.common import (
    color,
    emit,
    emit_json,
    filters,
    kb_option,
    language_option,
    on_terminal,
    open_kb,
    reader_of,
    typed,
    warn_of,
)
from coachkb.cli.completing import lesson_ids
from coachkb.cli.talk import talk
from coachkb.model.visible import safe
from coachkb.render.view import ASIDE, SAID, told_apart
from coachkb.render.words import at_once, bare, sayable

if TYPE_CHECKING:
    from coachkb.jobs.saying import Said
    from coachkb.kb import KnowledgeBase
    from coachkb.model.hit import Hit


@click.command("say")
@click.argument("words", nargs=-1, metavar="WORDS...|ID...", shell_complete=lesson_ids)
@language_option("Your language: which translation to take.")
@click.option("--full", is_flag=True, help="The whole script as it is written, not only what can be said at once.")
@click.option("--copy", is_flag=True, help="Put the words on the clipboard, too.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@filters
@kb_option
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    lang: str | None,
    full: bool,
    copy: bool,
    form: str,
    only_lang: str | None,
    situation: str | None,
) -> int:
    """Only the words to say: of the lesson that answers what the buyer said, or of lessons by their ids.

    WORDS as for lookup, on standard input, too. One id among them makes all of them ids: those that no lesson has are
    named on stderr. What can be said at once stands there, and nothing around it; --full has the whole script as it is
    written, the buyer's turns and what is told in between with it.

    When the best answer has no words to say, the next one that has takes its place, one in your language first, and
    stderr says so. Exits with 1 when there is none, no lesson of an id, or --copy finds no clipboard.
    """
    kb = open_kb(ctx)
    reader = reader_of(kb, lang or only_lang, everything=False)
    words = typed(words)
    try:
        said = kb.say(words, language=reader, only_language=only_lang, situation=situation)
    finally:
        warn_of(kb)
    for line in said.unknown:
        talk(f"coachkb: {safe(line)}")
    ui = kb.index().ui(reader or said.language or next((hit.language for hit in said.lessons), "en"))
    _tell_silent(said, ui)
    _tell_guess(said, ui)
    _tell_language(kb, said, ui)
    if form == "json":
        from coachkb.render.data import said_data

        emit_json(said_data(said))
    chosen = [(hit, sayable(hit) if full else at_once(hit, kb.index().ui(hit.language))) for hit in said.lessons]
    words_of = [_words(kb, hit, numbers, full) for hit, numbers in chosen]
    text = _text(words_of)
    if form == "plain" and text:
        if on_terminal(ctx):
            _show(ctx, words_of)
        else:
            emit(text)
        more = sum(len(sayable(hit)) - len(numbers) for hit, numbers in chosen)
        if more > 0:
            talk(f"coachkb: {ui['label.more_words'].format(n=more)}")
    if copy and text and not _copy(text, ui):
        return 1
    if not (said.lessons or said.silent or said.unknown) and form == "plain":
        answer = kb.lookup(" ".join(words), language=reader, only_language=only_lang, situation=situation)
        click.echo(
            answer_text(kb.index(), [], list(answer.situations), reader or answer.language, False), err=True, nl=False
        )
    return 0 if said.lessons and not said.unknown else 1


def _named(phrase: str, hit: Hit) -> str:
    """A phrase of the interface with a lesson's title and id in it."""
    return phrase.replace("{title}", safe(hit.title)).replace("{id}", safe(hit.id))


def _tell_silent(said: Said, ui: dict[str, str]) -> None:
    """Names on stderr the lessons that fit better but have nothing to say."""
    for hit in said.silent[:3]:
        talk(f"coachkb: {_named(ui['label.silent'], hit)}")
    if said.silent and said.lessons:
        talk(f"coachkb: {_named(ui['label.took'], said.lessons[0])}")


def _tell_guess(said: Said, ui: dict[str, str]) -> None:
    """Names on stderr the lesson that is only a guess."""
    for hit in said.lessons[:1]:
        if not hit.sure:
            talk(f"coachkb: {_named(ui['label.doubt'], hit)}")


def _tell_language(kb: KnowledgeBase, said: Said, ui: dict[str, str]) -> None:
    """Says on stderr that the words are not in the language that was meant."""
    for hit in said.lessons[:1]:
        if said.language and hit.language != said.language:
            name = language_names(kb.index()).get(hit.language, hit.language)
            talk(f"coachkb: {ui['label.words_in'].replace('{language}', safe(name))}")


def _words(kb: KnowledgeBase, hit: Hit, numbers: list[int], full: bool) -> list[list[str]]:
    """The words of a lesson in stretches; of a whole script, what is not to be said stands between markers."""
    return (told_apart if full else bare)(hit, kb.index().ui(hit.language), numbers)


def _text(lessons: Sequence[list[list[str]]]) -> str:
    """The words, a line a passage; an empty line where they do not follow one another."""
    text = "\n".join("".join(f"{line}\n" for line in stretch) for stretches in lessons for stretch in stretches)
    return text.replace(ASIDE, "").replace(SAID, "")


def _show(ctx: click.Context, lessons: Sequence[list[list[str]]]) -> None:
    """The words on a terminal: of a whole script, what is not to be said is dimmed."""
    from coachkb.render.card import console, said_lines

    out = console(color(ctx))
    for n, stretches in enumerate(lessons):
        if n:
            out.print()
        for line in said_lines(out, stretches):
            out.print(line, soft_wrap=True)


def _copy(text: str, ui: dict[str, str]) -> bool:
    """Whether there was a clipboard to put the words on."""
    from coachkb.cli.clipboard import copy

    by = copy(text.rstrip("\n"))
    talk(f"coachkb: {ui['label.copied'].format(by=by) if by else ui['label.no_clipboard']}")
    return by is not None
