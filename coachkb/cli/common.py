"""What commands share: the options taken before and after them, the KB they work on, colour, and warnings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from coachkb.kb import KnowledgeBase
from coachkb.model.visible import safe

F = TypeVar("F", bound=Callable[..., Any])


def _remember(name: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    def callback(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
        if value is not None:
            ctx.ensure_object(dict)[name] = value
        return value

    return callback


def kb_option(function: F) -> F:
    """``--kb`` and ``--color`` after the command, as before it."""
    function = click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        expose_value=False,
        callback=_remember("color"),
        help="Colour in the output.",
    )(function)
    return click.option(
        "--kb", metavar="PATH", expose_value=False, callback=_remember("kb"), help="The knowledge base to use."
    )(function)


def filters(function: F) -> F:
    """``--only-lang`` and ``--situation``."""
    function = click.option("--situation", metavar="ID", help="Only lessons of this situation.")(function)
    return click.option("--only-lang", metavar="CODE", help="Only lessons in this language (en, nl, sv).")(function)


def open_kb(ctx: click.Context, create: bool = False, dry_run: bool = False) -> KnowledgeBase:
    """The knowledge base the user means."""
    kb = KnowledgeBase.open(ctx.ensure_object(dict).get("kb"), create=create, dry_run=dry_run)
    kb.notify = lambda line: click.echo(f"coachkb: {line}", err=True)
    ctx.call_on_close(kb.close)
    return kb


def color(ctx: click.Context) -> bool | None:
    """True: always; False: never; None: as the terminal can."""
    told = ctx.ensure_object(dict).get("color", "auto")
    if told == "always":
        return True
    if told == "never" or os.environ.get("NO_COLOR"):
        return False
    return None


def on_terminal(ctx: click.Context) -> bool:
    """Whether people look at stdout: a terminal, or colour asked for."""
    return sys.stdout.isatty() or color(ctx) is True


def warn_of(kb: KnowledgeBase) -> None:
    """Says on stderr which lesson files were left out, and why."""
    for problem in kb.problems[:10]:
        click.echo(f"coachkb: {safe(problem)}", err=True)
    if len(kb.problems) > 10:
        click.echo(f"coachkb: … and {len(kb.problems) - 10} more", err=True)
    if kb.problems:
        n = len(kb.problems)
        click.echo(f"coachkb: {n} file{'s' if n > 1 else ''} skipped; the rest is served", err=True)


def emit(text: str) -> None:
    """Text to stdout, as UTF-8 where the terminal takes it."""
    from coachkb.door import write

    write(text, 0)
