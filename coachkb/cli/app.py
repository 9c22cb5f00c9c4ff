"""The click group, the options every command shares, and the one boundary where errors become exit codes."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Sequence

import click

from coachkb import __version__
from coachkb.door import quiet_stdout
from coachkb.errors import CoachkbError
from coachkb.model.visible import safe

#: Command names to their modules; each is imported only when it runs (or when its help is asked for).
COMMANDS = {
    "lookup": "coachkb.cli.lookup",
    "show": "coachkb.cli.show",
    "browse": "coachkb.cli.browse",
    "situations": "coachkb.cli.situations",
    "ingest": "coachkb.cli.ingest",
    "export": "coachkb.cli.export",
    "coverage": "coachkb.cli.coverage",
    "init": "coachkb.cli.init",
    "info": "coachkb.cli.info",
    "index": "coachkb.cli.index",
}
SHORT_HELP = {
    "lookup": "The lesson that answers what the buyer said.",
    "show": "One lesson, by its id.",
    "browse": "Lessons by language and situation.",
    "situations": "The situations that lessons are tagged with.",
    "ingest": "Articles into lessons.",
    "export": "Lessons as a Markdown playbook or JSON.",
    "coverage": "Which situations lack a lesson, in which language.",
    "init": "Make a folder a knowledge base.",
    "info": "Which knowledge base is used, and why.",
    "index": "Make the search index anew.",
}
_WELCOME = """\
coachkb: what to say when a buyer says that.

  coachkb lookup "send me information"    the lesson for what you just heard
  coachkb lookup te duur                  in English, Dutch or Swedish
  coachkb browse                          all lessons, by language and situation
  coachkb init my-kb                      a knowledge base of your own
  coachkb ingest --kb my-kb articles/     your articles into lessons
  coachkb export -o playbook.md           a playbook to hand out

coachkb --help lists every command; coachkb COMMAND --help explains one.
"""


class Commands(click.Group):
    """Loads a command when it is asked for, and names the nearest when there is no such one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command named; it is never run by itself."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1, cutoff=0.5)
            hint = f" Did you mean '{near[0]}'?" if near else " To look words up: coachkb lookup WORDS..."
            ctx.fail(f"No such command '{safe(args[0])}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SHORT_HELP[name]) for name in COMMANDS])


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--kb", metavar="PATH", help="The knowledge base to use (else COACHKB_KB, the nearest folder, your own).")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour in the output.")
@click.version_option(__version__, prog_name="coachkb")
@click.pass_context
def cli(ctx: click.Context, kb: str | None, color: str) -> None:
    """What to say when a buyer says that: sales-coaching lessons in English, Dutch and Swedish."""
    ctx.obj = {"kb": kb, "color": color}
    if ctx.invoked_subcommand is None:
        click.echo(_WELCOME, nl=False)


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code. The one place where exceptions end."""
    with contextlib.suppress(AttributeError, ValueError):  # a terminal in an old encoding gets what it can show
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = cli.main(args=list(arguments), prog_name="coachkb", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        return _complain(error)
    except click.Abort:
        click.echo("coachkb: interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CoachkbError as error:
        click.echo(f"coachkb: {safe(error)}", err=True)
        return error.exit_code
    except KeyboardInterrupt:
        click.echo("coachkb: interrupted", err=True)
        return 130
    except BrokenPipeError:
        quiet_stdout()
        return 0
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        click.echo(f"coachkb: {safe(name)}{safe(error.strerror or error)}", err=True)
        return 3
    except Exception:
        return _report()


def _complain(error: click.UsageError) -> int:
    click.echo(f"coachkb: {safe(error.format_message())}", err=True)
    if error.ctx is not None:
        click.echo(f"Try '{error.ctx.command_path} --help'.", err=True)
    return 2


def _report() -> int:
    """A bug: says so, with a report that can be sent; it holds the traceback and no lesson text."""
    import platform
    import tempfile
    import traceback

    text = f"coachkb {__version__}, Python {platform.python_version()}, {platform.system()}\n\n{traceback.format_exc()}"
    click.echo("coachkb: this is a bug in coachkb, not a mistake of yours.", err=True)
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="coachkb-bug-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        click.echo(f"A report to send with what you did is in {file.name}", err=True)
    except OSError:
        click.echo(text, err=True)
    return 70
