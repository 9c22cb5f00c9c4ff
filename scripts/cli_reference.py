#!/usr/bin/env python3
"""Makes docs/cli.md, the reference of every command, from the commands themselves.

    cli_reference.py            write it
    cli_reference.py --check    exit 1 when it is not what the commands say

The words are those of ``--help``; only the exit codes are told here, for click does not know them. Nothing depends on
the width of a terminal or on the version of click, so that the same commands give the same bytes.
"""

from __future__ import annotations

import inspect
import pathlib
import re
from collections.abc import Iterator

import click
import generated

from coachkb.cli.app import COMMANDS, SHORT_HELP, cli

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "cli.md"

_HEAD = """\
# Commands

Made by `scripts/cli_reference.py` from the commands' own help; what is changed here by hand is lost.

`coachkb COMMAND --help` prints the same. `--kb` and `--color` are taken before the command, too.

## Exit codes

| code | what it says |
| --- | --- |
| 0 | done, or found |
| 1 | nothing found, no such lesson, or what the command says of it below |
| 2 | wrong usage: an empty query, an unknown option, language or situation |
| 3 | the knowledge base, the one file asked for or stdout is unusable; `ingest`: no file was read; `edit`: given up |
| 70 | a bug in coachkb; a report to send is named |
| 130 | interrupted |

Each command can end with 2, 3, 70 and 130; below stand the others. What is asked for goes to stdout, all talk to
stderr.
"""

#: When a command that did no wrong ends with 1. Those that are not here end with 0.
ONES = {
    "lookup": "nothing fits",
    "say": "nothing fits, no lesson that fits has words to say, or there is no lesson of an id",
    "show": "there is no such lesson",
    "spot": "nothing is spotted",
    "browse": "no lesson fits",
    "export": "there is no lesson to export",
    "practice": "there is nothing to practise",
    "edit": "there is no such lesson, or no conflict to settle",
    "diff": "there is no such lesson",
    "ingest": "an article failed, with `--strict`",
    "review": "there is no lesson of an id",
    "check": "something is found that is not mended",
    "undo": "nothing to take back, or a file that was changed since stays as it is",
    "log": "there is no such entry",
}


def _cell(text: str) -> str:
    """Words as a cell of a Markdown table."""
    return re.sub(r"([|<>*_])", r"\\\1", " ".join(text.split()))


def _names(option: click.Option) -> str:
    """``-o, --output PATH``, as --help writes it."""
    names = ", ".join(sorted([*option.opts, *option.secondary_opts], key=lambda name: (name.startswith("--"), name)))
    if option.is_flag:
        return names
    kind = option.type
    if option.metavar:
        return f"{names} {option.metavar}"
    if isinstance(kind, click.Choice):
        return f"{names} {'|'.join(str(choice) for choice in kind.choices)}"
    return f"{names} {'NUMBER' if isinstance(kind, click.types.IntParamType | click.types.FloatParamType) else 'TEXT'}"


def _about(option: click.Option) -> str:
    """An option's help, with its range and its default where it has them."""
    told = [option.help or ""]
    kind = option.type
    if isinstance(kind, click.IntRange | click.FloatRange):
        if kind.min is not None and kind.max is not None:
            told.append(f"From {kind.min} to {kind.max}.")
        elif kind.min is not None:
            told.append(f"At least {kind.min}.")
    if option.show_default and isinstance(option.default, str | int) and not option.is_flag:
        told.append(f"Without it: {option.default}.")
    if option.multiple and "again" not in told[0]:
        told.append("May be given again.")
    return " ".join(told)


def _argument(argument: click.Argument) -> str:
    """``[WORDS]...``, as --help writes it."""
    if argument.metavar:
        return argument.metavar
    if isinstance(argument.type, click.Choice):
        return f"{{{'|'.join(str(choice) for choice in argument.type.choices)}}}"
    name = (argument.name or "").upper()
    return f"{name if argument.required else f'[{name}]'}{'...' if argument.nargs == -1 else ''}"


def _table(command: click.Command) -> Iterator[str]:
    yield "| option | |"
    yield "| --- | --- |"
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            yield f"| `{_names(option).replace('|', chr(92) + '|')}` | {_cell(_about(option))} |"
    yield "| `-h, --help` | Show the help and exit. |"


def _paragraphs(text: str) -> Iterator[str]:
    """A docstring as Markdown: its paragraphs, what Markdown would take for markup escaped."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        yield re.sub(r"([|<>*_\[\]])", r"\\\1", " ".join(paragraph.split()))
        yield ""


def _command(name: str) -> Iterator[str]:
    """The section of a command."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None, name
    arguments = [_argument(param) for param in command.params if isinstance(param, click.Argument)]
    yield f"## {name}"
    yield ""
    yield "```text"
    yield " ".join(["coachkb", name, "[OPTIONS]", *arguments])
    yield "```"
    yield ""
    yield from _paragraphs(command.help or SHORT_HELP[name])
    yield from _table(command)
    yield ""
    yield f"Exit codes: 0; 1 when {ONES[name]}." if name in ONES else "Exit codes: 0."
    yield ""


def page() -> str:
    """The whole page."""
    lines = [_HEAD, "## All commands", "", "| command | |", "| --- | --- |"]
    lines += [f"| [`{name}`](#{name}) | {_cell(SHORT_HELP[name])} |" for name in COMMANDS]
    lines += ["", "Before any command:", "", *_table(cli), ""]
    for name in COMMANDS:
        lines += _command(name)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    raise SystemExit(generated.main(__doc__, PAGE, "docs/cli.md", "the commands say", page))
