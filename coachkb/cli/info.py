"""``coachkb info``"""

from __future__ import annotations

import os

import click

from coachkb import __version__, locate
from coachkb.cli.common import color, emit, emit_json, kb_option, on_terminal, open_kb, warn_of
from coachkb.data.load import DATA, language_codes
from coachkb.errors import UnusableEntry
from coachkb.model.visible import safe


@click.command("info")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@kb_option
@click.pass_context
def command(ctx: click.Context, form: str) -> int:
    """Which knowledge base is used and why, what is in it, and where coachkb keeps its things."""
    kb = open_kb(ctx)
    hits = kb.browse()
    warn_of(kb)
    languages = dict.fromkeys(language_codes(), 0)
    for hit in hits:
        languages[hit.language] = languages.get(hit.language, 0) + 1
    facts = {
        "version": __version__,
        "kb": os.path.abspath(kb.path) if kb.path else None,
        "why": kb.located.why,
        "starter": kb.with_starter,
        "lessons": len(hits),
        "own_lessons": sum(hit.own for hit in hits),
        "languages": languages,
        "situations": len(kb.vocabulary()),
        "skipped_files": sum(not isinstance(problem, UnusableEntry) for problem in kb.problems),
        "index": locate.index_path(kb.path, kb.located.named) if kb.path else locate.STARTER_INDEX,
        "own_kb": locate.own_kb(),
        "cache_folder": locate.cache_folder(),
        "state_folder": locate.state_folder(),
        "schema": os.path.join(DATA, "lesson.schema.json"),
    }
    if form == "json":
        emit_json(facts)
        return 0
    rows = [(f"{key.replace('_', ' '):<14} ", safe(_shown(value))) for key, value in facts.items()]
    if on_terminal(ctx):
        from rich.text import Text

        from coachkb.render.card import console, show_text

        out = console(color(ctx))
        for name, told in rows:
            show_text(out, Text.assemble((name, "heading"), told), whole=True)
    else:
        emit("".join(f"{name}{told}\n" for name, told in rows))
    return 0


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{code} {n}" for code, n in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else value
