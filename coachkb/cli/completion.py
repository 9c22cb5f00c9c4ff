"""``coachkb completion bash|zsh|fish``"""

from __future__ import annotations

import click

from coachkb.cli.common import emit

_INSTALL = {
    "bash": 'bash 4.4 or newer. In ~/.bashrc:\n#     eval "$(coachkb completion bash)"',
    "zsh": 'In ~/.zshrc, below compinit:\n#     eval "$(coachkb completion zsh)"',
    "fish": "Once:\n#     coachkb completion fish > ~/.config/fish/completions/coachkb.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_INSTALL)))
def command(shell: str) -> int:
    """Prints a script by which your shell completes commands, options, ids, situations and languages.

    Its first lines say how to install it.
    """
    from click.shell_completion import ShellComplete, get_completion_class

    from coachkb.cli.app import cli

    found = get_completion_class(shell)
    assert found is not None
    # Without the check of bash's own class, which runs whatever bash comes first and not the one that will read this.
    script = ShellComplete.source(found(cli, {}, "coachkb", "_COACHKB_COMPLETE"))
    lines = script.strip().splitlines(keepends=True)
    first = lines.pop(0) if lines[0].startswith("#compdef") else ""  # zsh looks for it in the first line of a file
    emit(f"{first}# coachkb: completion for {shell}. {_INSTALL[shell]}\n{''.join(lines)}\n")
    return 0
