"""``coachkb index``"""

from __future__ import annotations

import click

from coachkb.cli.common import emit, kb_option, open_kb, warn_of
from coachkb.model.numbers import some
from coachkb.model.visible import safe


@click.command("index")
@kb_option
@click.pass_context
def command(ctx: click.Context) -> int:
    """Makes the search index anew. It keeps itself fresh; this is for when in doubt."""
    kb = open_kb(ctx)
    index = kb.index(rebuild=True)
    warn_of(kb)
    n = len(index.all())
    emit(f"{some(n, 'lesson')} {'is' if n == 1 else 'are'} indexed in {safe(index.path)}\n")
    return 0
