"""``coachkb completion bash|zsh|fish``"""

from __future__ import annotations

import os

import click

from coachkb.cli.common import emit

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> int:
    """Prints a script by which your shell completes commands, options, ids, situations and languages.

    Its first lines say how to install it.
    """
    from coachkb.data.load import DATA

    # Click's own complete no value after --option=, and in fish no path with a folder in it.
    with open(os.path.join(DATA, "completion", f"coachkb.{shell}"), encoding="utf-8") as file:
        emit(file.read())
    return 0
