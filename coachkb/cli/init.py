"""``coachkb init [DIR]``"""

from __future__ import annotations

import os
import shlex

import click

from coachkb.cli.common import emit, kb_option
from coachkb.kb import KnowledgeBase
from coachkb.locate import is_kb
from coachkb.model.visible import safe


@click.command("init")
@click.argument("folder", required=False, metavar="[DIR]")
@kb_option
@click.pass_context
def command(ctx: click.Context, folder: str | None) -> int:
    """Makes a folder a knowledge base (this one without DIR): coachkb.yaml, articles/, lessons/, .gitattributes."""
    named = [told for told in (folder, ctx.ensure_object(dict).get("kb")) if told is not None]
    path = named[0] if named else os.curdir
    there = is_kb(path)
    KnowledgeBase.open(path, create=True)
    where = safe(os.path.abspath(path))
    if there:
        emit(f"{where} is a knowledge base already; nothing was changed.\n")
    else:
        then = f"coachkb ingest --kb {safe(shlex.quote(path))}"
        emit(f"{where} is a knowledge base now. Put articles in its articles/ folder, then: {then}\n")
    return 0
