"""``coachkb new TITLE``"""

from __future__ import annotations

import click

from coachkb.cli.common import emit, kb_option, language_option, open_kb, reader_of, warn_of
from coachkb.cli.completing import situations
from coachkb.errors import UsageError


@click.command("new")
@click.argument("title", nargs=-1, required=True, metavar="TITLE...")
@language_option("Its language (such as nl); else COACHKB_LANG, else your locale's.")
@click.option(
    "--situation",
    "tags",
    metavar="ID",
    multiple=True,
    shell_complete=situations,
    help="A situation; up to three, best first.",
)
@click.option("--no-edit", is_flag=True, help="Only make the file.")
@kb_option
@click.pass_context
def command(ctx: click.Context, title: tuple[str, ...], lang: str | None, tags: tuple[str, ...], no_edit: bool) -> int:
    """Begins a lesson that no article gives: a file with hints, opened in your editor. Prints its path."""
    kb = open_kb(ctx)
    language = reader_of(kb, lang)
    if language is None:
        raise UsageError("in which language? Name it with --lang")
    if not no_edit:
        from coachkb.cli.editor import editor

        editor()  # that there is one is better known before the file is made
    item = kb.new(" ".join(title), language, tags)
    warn_of(kb)
    path = f"{kb.path}/{item.file}"
    if no_edit:
        emit(f"{path}\n")
        return 0
    from coachkb.cli.editor import edit

    edited = edit(kb, item)
    if edited is None:
        click.echo("coachkb: nothing was filled in yet.", err=True)
    emit(f"{path}\n")
    return 1 if edited and edited.warnings else 0
