"""``coachkb export``"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from coachkb.cli.common import counted, emit, filters, kb_option, open_kb, tell_whose, warn_of
from coachkb.cli.completing import files
from coachkb.errors import UnusableKB, UsageError
from coachkb.model.numbers import some
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from coachkb.jobs.exporting import Chosen
    from coachkb.kb import KnowledgeBase


@click.command("export")
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), help="Markdown unless -o ends in .json.")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    shell_complete=files,
    help="X.md or X.json is a file, else a folder with an index.md.",
)
@click.option("--full", is_flag=True, help="Whole lessons, not only their key passages.")
@click.option("--approved", is_flag=True, help="Only lessons that a person has approved: no drafts.")
@click.option("--no-starter", is_flag=True, help="Only your own lessons, not the starter's below them.")
@filters
@kb_option
@click.pass_context
def command(
    ctx: click.Context,
    form: str | None,
    output: str | None,
    full: bool,
    approved: bool,
    no_starter: bool,
    only_lang: str | None,
    situation: str | None,
) -> int:
    """Lessons as a Markdown playbook or JSON: to stdout, one file, or a folder of pages.

    Drafts are marked as such. In a folder, pages that an earlier export wrote go when their lesson is gone; what you
    put there or changed yourself stays.
    """
    from coachkb.jobs.exporting import Wanted, choose, text_of

    wanted_form = _form(output)
    if form and wanted_form and form != wanted_form:
        raise UsageError(f"--format {form} does not go with -o {output}")
    form = form or wanted_form or "markdown"
    if output and not wanted_form and form == "json":
        raise UsageError("JSON goes into one file: name it X.json")
    kb = open_kb(ctx)
    chosen = choose(kb, Wanted(only_lang, situation, approved, not no_starter))
    warn_of(kb)
    if not chosen.lessons:
        if not output:
            emit("[]\n" if form == "json" else "")
        click.echo(f"coachkb: no lessons to export{_why_none(approved, no_starter)}", err=True)
        return 1
    own = len(chosen.lessons) - chosen.starters
    told = f"{counted(kb, own, chosen.starters)}{_drafts(chosen.drafts)}"
    if output and not wanted_form:
        return _folder(kb, output, chosen, full, told)
    text = text_of(kb, chosen.lessons, form, full)
    if not output:
        emit(text)
        tell_whose(kb, own, chosen.starters)
        return 0
    from coachkb.store.files import atomic_write

    try:
        atomic_write(os.path.abspath(output), text.encode("utf-8"))
    except OSError as error:
        raise UnusableKB(f"{output}: cannot be written ({error.strerror})") from error
    click.echo(f"coachkb: written to {output}: {told}", err=True)
    return 0


def _form(output: str | None) -> str | None:
    """The format that a path's ending names; None: a folder, or no path. Raises UsageError for any other file's."""
    ending = os.path.splitext(output or "")[1]
    form = {".json": "json", ".md": "markdown"}.get(ending.lower())
    if form is None and output and ending[1:].isalpha() and not os.path.isdir(output):
        raise UsageError(f"-o {output}: there is no format {ending}: X.md or X.json is a file, X/ a folder of pages")
    return form


def _folder(kb: KnowledgeBase, output: str, chosen: Chosen, full: bool, told: str) -> int:
    from coachkb.jobs.exporting import write_pages

    done = write_pages(kb, output, chosen.lessons, full)
    click.echo(f"coachkb: written to {output}, with an index.md: {told}", err=True)
    if done.removed:
        n = len(done.removed)
        click.echo(f"coachkb: {some(n, 'page')} of lessons that are not among them taken away", err=True)
    for path in done.kept:
        click.echo(f"coachkb: {safe(path)}: its lesson is not among them; you changed the page, so it stays", err=True)
    return 0


def _why_none(approved: bool, no_starter: bool) -> str:
    """Which options may have left all out."""
    told = [name for name, given in (("--approved", approved), ("--no-starter", no_starter)) if given]
    return f" (with {' and '.join(told)})" if told else ""


def _drafts(n: int) -> str:
    return f"; {some(n, 'draft')} among them (--approved leaves drafts out)" if n else ""
