#!/usr/bin/env python3
"""Makes coachkb/data/completion.tsv, by which the shell completes without click, from the commands.

    completion_table.py            write it
    completion_table.py --check    exit 1 when it is not what the commands say

A row: the command (none: what stands before any), names, how it is given, what its values are, help. ``command``,
``flag``; ``once`` or ``again``: an option with a value; ``argument`` or ``arguments``. Values: what is completed from
the index or by the shell (ids, situations, languages, folders, files), or =a=b=c, the ones there are.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import click
import generated

from coachkb.cli import completing
from coachkb.cli.app import COMMANDS, SHORT_HELP, cli
from coachkb.jobs.checks import CHECKS

TABLE = pathlib.Path(__file__).resolve().parent.parent / "coachkb" / "data" / "completion.tsv"
_HEAD = "# Made by scripts/completion_table.py from the commands; what is changed here by hand is lost.\n"
_ASKED = {
    completing.lesson_ids: "ids",
    completing.situations: "situations",
    completing.languages: "languages",
    completing.folders: "folders",
    completing.files: "files",
}


def _values(param: click.Parameter) -> str:
    """What a parameter's values are completed from; click has no public way to ask."""
    asked = param._custom_shell_complete
    if asked is completing.checks:
        return "=".join(["", *CHECKS])
    if asked is not None:
        return _ASKED[asked]
    if isinstance(param.type, click.Choice):
        return "=".join(["", *map(str, param.type.choices)])
    if isinstance(param.type, click.Path | click.File):
        raise TypeError(f"{param.name}: files and folders are completed by coachkb.cli.completing here")
    return ""


def _how(param: click.Parameter) -> str:
    if isinstance(param, click.Argument):
        return "arguments" if param.nargs == -1 else "argument"
    assert isinstance(param, click.Option)
    if param.nargs != 1 or param.count or param.hidden:
        raise TypeError(f"{param.name}: coachkb.cli.completing_door does not know such an option")
    return "flag" if param.is_flag else "again" if param.multiple else "once"


def _rows(name: str, command: click.Command) -> Iterator[tuple[str, str, str, str, str]]:
    context = click.Context(command, info_name=name, help_option_names=["-h", "--help"])
    for param in command.get_params(context):
        names = " ".join([*param.opts, *param.secondary_opts])
        yield name, names, _how(param), _values(param), (param.help or "") if isinstance(param, click.Option) else ""


def table() -> str:
    """The whole file."""
    rows = [("", name, "command", "", SHORT_HELP[name]) for name in COMMANDS]
    rows += _rows("", cli)
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, name
        rows += _rows(name, command)
    for row in rows:
        if any(cell != " ".join(cell.split()) for cell in row):
            raise ValueError(f"{row}: tabs, line ends or spaces at an end")
    return _HEAD + "".join("\t".join(row) + "\n" for row in rows)


if __name__ == "__main__":
    raise SystemExit(generated.main(__doc__, TABLE, TABLE.name, "the commands say", table))
