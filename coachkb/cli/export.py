"""``coachkb export``"""

from __future__ import annotations

import os

import click

from coachkb.cli.common import emit, filters, kb_option, open_kb, warn_of
from coachkb.cli.completing import files
from coachkb.errors import UnusableKB, UsageError


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
@filters
@kb_option
@click.pass_context
def command(
    ctx: click.Context, form: str | None, output: str | None, full: bool, only_lang: str | None, situation: str | None
) -> int:
    """Lessons as a Markdown playbook or JSON: to stdout, one file, or a folder of pages."""
    kb = open_kb(ctx)
    suffix = os.path.splitext(output or "")[1].lower()
    wanted = {".json": "json", ".md": "markdown"}.get(suffix)
    if form and wanted and form != wanted:
        raise UsageError(f"--format {form} does not go with -o {output}")
    form = form or wanted or "markdown"
    if output and not wanted:
        if form == "json":
            raise UsageError("JSON goes into one file: name it X.json")
        written = kb.export_folder(output, language=only_lang, situation=situation, full=full)
        warn_of(kb)
        click.echo(f"coachkb: {len(written) - 1} lessons and an index.md in {output}", err=True)
        return 0 if len(written) > 1 else 1
    text = kb.export(form, language=only_lang, situation=situation, full=full)
    warn_of(kb)
    if text.strip() in ("", "[]"):
        if not output:
            emit(text)
        click.echo("coachkb: no lessons to export", err=True)
        return 1
    if not output:
        emit(text)
        return 0
    from coachkb.store.files import atomic_write

    try:
        atomic_write(os.path.abspath(output), text.encode("utf-8"))
    except OSError as error:
        raise UnusableKB(f"{output}: cannot be written ({error.strerror})") from error
    click.echo(f"coachkb: written to {output}", err=True)
    return 0
