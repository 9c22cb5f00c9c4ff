"""The click group, the options every command shares, and the one boundary where errors become exit codes."""

from __future__ import annotations

import contextlib
import errno
import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from coachkb import __version__
from coachkb.cli.completing import folders
from coachkb.cli.talk import talk
from coachkb.door import quiet_stdout
from coachkb.errors import CoachkbError
from coachkb.model.visible import safe

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: Command names to their modules; each is imported only when it runs (or when its help is asked for).
COMMANDS = {
    "lookup": "coachkb.cli.lookup",
    "say": "coachkb.cli.say",
    "show": "coachkb.cli.show",
    "spot": "coachkb.cli.spot",
    "practice": "coachkb.cli.practice",
    "progress": "coachkb.cli.progress",
    "browse": "coachkb.cli.browse",
    "situations": "coachkb.cli.situations",
    "ingest": "coachkb.cli.ingest",
    "review": "coachkb.cli.review",
    "edit": "coachkb.cli.edit",
    "new": "coachkb.cli.new",
    "diff": "coachkb.cli.diff",
    "check": "coachkb.cli.check",
    "export": "coachkb.cli.export",
    "coverage": "coachkb.cli.coverage",
    "misses": "coachkb.cli.misses",
    "undo": "coachkb.cli.undo",
    "log": "coachkb.cli.log",
    "init": "coachkb.cli.init",
    "info": "coachkb.cli.info",
    "config": "coachkb.cli.config",
    "index": "coachkb.cli.index",
    "completion": "coachkb.cli.completion",
}
SHORT_HELP = {
    "lookup": "The lesson that answers what the buyer said.",
    "say": "Only the words to say.",
    "show": "Lessons, by their ids.",
    "spot": "The moments of a call, and the lessons for them.",
    "practice": "Buyers' lines to answer; lessons come back in time.",
    "progress": "What is due for practice, and where you are weak.",
    "browse": "Lessons by language and situation.",
    "situations": "The situations that lessons are tagged with.",
    "ingest": "Articles into lessons.",
    "review": "Drafts read against their articles: accept, edit, drop.",
    "edit": "A lesson's file in your editor; settling a conflict.",
    "new": "Begin a lesson by hand.",
    "diff": "What people changed, and where the machine disagrees.",
    "check": "What is wrong in a knowledge base, and mending it.",
    "export": "Lessons as a Markdown playbook or JSON.",
    "coverage": "Which situations lack a lesson, in which language.",
    "misses": "What was asked and nothing answered.",
    "undo": "Take back the last thing that was done.",
    "log": "What was done to the knowledge base.",
    "init": "Make a folder a knowledge base.",
    "info": "Which knowledge base is used, and why.",
    "config": "Every setting, its value and where it comes from.",
    "index": "Make the search index anew.",
    "completion": "Completion for bash, zsh or fish.",
}
#: What people type who know other programs, and what to type here; none of it is run.
OTHER_WORDS = {
    **dict.fromkeys(("help", "man", "commands"), "coachkb --help"),
    "version": "coachkb --version",
    **dict.fromkeys(("search", "find", "query", "ask", "get"), "coachkb lookup"),
    **dict.fromkeys(("list", "ls", "pick", "lessons"), "coachkb browse"),
    **dict.fromkeys(("view", "cat", "open", "read"), "coachkb show"),
    **dict.fromkeys(("add", "import", "load"), "coachkb ingest"),
    **dict.fromkeys(("drop", "delete", "rm", "remove", "approve", "accept"), "coachkb review"),
    **dict.fromkeys(("tags", "topics", "tag"), "coachkb situations"),
    **dict.fromkeys(("create", "write"), "coachkb new"),
    **dict.fromkeys(("settings", "set"), "coachkb config"),
    **dict.fromkeys(("stats", "status"), "coachkb info"),
    **dict.fromkeys(("train", "quiz", "learn"), "coachkb practice"),
    **dict.fromkeys(("lint", "doctor", "validate"), "coachkb check"),
    **dict.fromkeys(("reindex", "rebuild", "refresh"), "coachkb index"),
    "history": "coachkb log",
}
#: What a write to stdout fails with; a pipe that nobody reads any more is no failure.
_LOST = (errno.EBADF, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
#: The same of options: where a command has ours, or always when it is a whole command.
OTHER_OPTIONS = {
    **dict.fromkeys(("-n", "-l", "--max", "--count"), "--limit"),
    **dict.fromkeys(("-f", "--output-format"), "--format"),
    **dict.fromkeys(("-j", "--json"), "--format json"),
    **dict.fromkeys(("-V", "-v"), "coachkb --version"),
    "--copy": "coachkb say --copy",
}
_WELCOME = """\
coachkb: what to say when a buyer says that.

  coachkb lookup "send me information"  the lesson for what you just heard
  coachkb say te duur                   only the words, in any language it knows
  coachkb browse                        all lessons, to pick from by typing
  coachkb init my-kb                    a knowledge base of your own
  coachkb ingest --kb my-kb articles/   your articles into lessons
  coachkb review --kb my-kb             read and approve what came of them

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
            ctx.fail(f"No such command '{safe(args[0])}'. {_meant(args)}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """As click does, without importing the commands."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=SHORT_HELP[name]) for name in COMMANDS if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SHORT_HELP[name]) for name in COMMANDS])


def _meant(args: Sequence[str]) -> str:
    """What to type instead of what is no command."""
    import difflib

    if args[0].lower() in ("help", "man") and args[1:2] and args[1] in COMMANDS:
        return f"For that there is: coachkb {args[1]} --help"
    if args[0].lower() in OTHER_WORDS:
        return f"For that there is: {OTHER_WORDS[args[0].lower()]}"
    known = [*COMMANDS, *OTHER_WORDS]
    near = difflib.get_close_matches(args[0].lower(), known, n=1, cutoff=0.7)
    if not near or len(args[0]) < 3:
        return f"To look that up: coachkb lookup {safe(' '.join(args))}"
    return f"Did you mean '{OTHER_WORDS.get(near[0], near[0]).removeprefix('coachkb ')}'?"


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--kb",
    metavar="PATH",
    shell_complete=folders,
    help="The knowledge base to use (else COACHKB_KB, the nearest folder, your own).",
)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour in the output.")
@click.version_option(__version__, prog_name="coachkb")
@click.pass_context
def cli(ctx: click.Context, kb: str | None, color: str) -> None:
    """What to say when a buyer says that: sales-coaching lessons in the languages you sell in."""
    ctx.obj = {"kb": kb, "color": color}
    if ctx.invoked_subcommand is None:
        click.echo(_WELCOME, nl=False)


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code. The one place where exceptions end."""
    with contextlib.suppress(AttributeError, ValueError, OSError):  # an old encoding gets what it can show
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
        talk("coachkb: interrupted")
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CoachkbError as error:
        talk(f"coachkb: {safe(error.typed)}")
        return error.exit_code
    except KeyboardInterrupt:
        talk("coachkb: interrupted")
        return 130
    except BrokenPipeError:
        quiet_stdout()
        return 0
    except OSError as error:
        if not error.filename and error.errno in _LOST:  # what is written to elsewhere has a name
            quiet_stdout()
            why = "is closed" if error.errno == errno.EBADF else f"cannot be written ({error.strerror})"
            talk(f"coachkb: standard output {why}: what was asked for is lost")
            return 3
        name = f"{error.filename}: " if error.filename else ""
        talk(f"coachkb: {safe(name)}{safe(error.strerror or error)}")
        return 3
    except Exception as error:
        kind = type(error)
        if kind.__module__ == "sqlite3" and kind.__name__ in ("DatabaseError", "OperationalError"):
            talk(f"coachkb: the search index is damaged ({safe(error)}): 'coachkb index' makes it anew")
            return 3
        return _report()


def _complain(error: click.UsageError) -> int:
    told = f"coachkb: {safe(error.format_message())}"
    if isinstance(error, click.NoSuchOption) and (meant := OTHER_OPTIONS.get(error.option_name)):
        known = error.ctx.command.params if error.ctx is not None else []
        if meant.startswith("coachkb ") or any(meant.split(" ")[0] in param.opts for param in known):
            told += f" For that there is: {meant}"
    talk(told)
    if error.ctx is not None:
        talk(f"Try '{error.ctx.command_path} --help'.")
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
