"""``coachkb spot CALL``"""

from __future__ import annotations

import sys
from typing import Any

import click

from coachkb.cli.common import (
    color,
    emit,
    emit_json,
    kb_option,
    language_option,
    on_terminal,
    open_kb,
    reader_of,
    warn_of,
)
from coachkb.cli.completing import files
from coachkb.cli.talk import talk
from coachkb.errors import UnreadableFile
from coachkb.model.visible import safe


class _Percent(click.IntRange):
    """A whole per cent; a share such as 0.8 is told how to be written."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; fails for what is none from 0 to 100."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            try:
                share = float(value)
            except ValueError:
                share = -1.0
            such_as = f"{100 * share:.0f} for {value}" if 0 < share < 1 else "80"
            self.fail(f"{value!r} is no whole number from 0 to 100: write {such_as}", param, ctx)


@click.command("spot")
@click.argument("call", shell_complete=files)
@language_option("Your language: in which to name situations and show lessons.")
@click.option(
    "--sure",
    type=_Percent(0, 100),
    metavar="PERCENT",
    help="How sure a moment must be to be told. More: fewer moments, and fewer false ones.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["card", "plain", "table", "json", "markdown"]),
    help="Card on a terminal, else plain; a table has a line a moment.",
)
@kb_option
@click.pass_context
def command(ctx: click.Context, call: str, lang: str | None, sure: int | None, form: str | None) -> int:
    """The moments of a call in which a known situation arises, and the lessons for them.

    CALL is a transcript, or - for standard input: WebVTT, SubRip, or text with the names of the speakers ("Anna: ...",
    "[00:12] Rep: ..."). It is told who said it and when, how the seller answered, and which lesson fits. Exits with 1
    when nothing is spotted.
    """
    kb = open_kb(ctx)
    reader = reader_of(kb, lang)
    data, name = _read(call)
    spotted = kb.spot(data, name, language=reader, sure=None if sure is None else sure / 100)
    warn_of(kb)
    from coachkb.data.load import profile

    language = reader or spotted.language or "en"
    words = profile(language).spot
    if not spotted.speakers:
        talk(f"coachkb: {words['no_speakers'].format(name=safe(name))}")
    if spotted.less_sure:
        from coachkb.jobs.spotting import faint

        talk(f"coachkb: {words['less_sure'].format(n=spotted.less_sure, percent=f'{100 * faint():.0f}')}")
    form = form or ("card" if on_terminal(ctx) else "plain")
    if form == "json":
        from coachkb.render.spot import data as as_data

        emit_json(as_data(spotted))
        return 0 if spotted.moments else 1
    if not spotted.moments:
        emit(f"{words['nothing']}\n")
        return 1
    from coachkb.render import spot as render

    names = kb.index().situation_names(language)
    if form == "markdown":
        emit(render.markdown(spotted, words, names, name))
    elif form == "table":
        emit(render.table(spotted, words, names))
    elif form == "card":
        from coachkb.render.card import console

        render.show(console(color(ctx)), spotted, words, names)
    else:
        emit(render.plain(spotted, words, names))
    return 0


def _read(call: str) -> tuple[bytes, str]:
    """The bytes of the transcript and what to call it. Raises UnreadableFile."""
    if call == "-":
        return sys.stdin.buffer.read(), "standard input"
    try:
        with open(call, "rb") as file:
            return file.read(), call
    except OSError as error:
        raise UnreadableFile(call, f"cannot be read ({error.strerror or error})") from error
