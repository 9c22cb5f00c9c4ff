"""What the shell completes: click asks these for values, where the quick door (completing_door) does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def lesson_ids(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of lessons, with their titles."""
    from coachkb.jobs import naming

    return _items(naming.lesson_ids(_kb(ctx), incomplete))


def situations(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of situations, with their names."""
    from coachkb.jobs import naming

    return _items(naming.situation_ids(_kb(ctx), incomplete))


def languages(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of languages, with their names."""
    from coachkb.jobs import naming

    return _items(naming.languages(incomplete))


def checks(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of checks."""
    from click.shell_completion import CompletionItem

    from coachkb.jobs.checks import CHECKS

    return [CompletionItem(id_) for id_ in CHECKS if id_.startswith(incomplete)]


def folders(*_: object) -> list[CompletionItem]:
    """Folders, which the shell names itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem("", type="dir")]


def files(*_: object) -> list[CompletionItem]:
    """Files, which the shell names itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem("", type="file")]


def _kb(ctx: click.Context) -> str | None:
    """The KB named on the line that is being typed; click has parsed what stands before the cursor."""
    while ctx is not None:
        if ctx.params.get("kb"):
            return str(ctx.params["kb"])
        if isinstance(ctx.obj, dict) and ctx.obj.get("kb"):
            return str(ctx.obj["kb"])
        ctx = ctx.parent  # type: ignore[assignment]
    return None


def _items(names: list[tuple[str, str]]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from coachkb.jobs import naming

    return [CompletionItem(name, help=told or None) for name, told in naming.shown(names)]
