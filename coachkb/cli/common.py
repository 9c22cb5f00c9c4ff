"""What commands share: the options taken before and after them, the KB they work on, colour, and warnings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coachkb.answering import color_wanted
from coachkb.cli.completing import folders, languages, situations
from coachkb.cli.talk import talk
from coachkb.errors import UnusableEntry, UsageError
from coachkb.jobs.reader import code_of, reader_language
from coachkb.model.numbers import some
from coachkb.model.visible import safe
from coachkb.render.template import help_of, template

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase
    from coachkb.render.reviewing import Row

_LONGEST = 1_000_000  # bytes of standard input that are read; a look-up cuts what it is asked
F = TypeVar("F", bound=Callable[..., Any])


class _Language(click.ParamType):  # type: ignore[type-arg]
    """A language by its code, a locale's name or its own: ``nl``, ``NL``, ``nl_BE``, ``Dutch``, ``Nederlands``."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Its code; what is none of ours stays as it is, for the knowledge base to name those that there are."""
        return _language(value) or value


_LANGUAGE = _Language()


def _language(told: str) -> str | None:
    from coachkb.data.load import language_codes, profiles

    if code_of(told) in language_codes():
        return code_of(told)
    wanted = told.strip().casefold()
    named = (p.code for p in profiles().values() if wanted in (p.name.casefold(), p.english.casefold()))
    return next(named, None)


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
        "--kb",
        metavar="PATH",
        expose_value=False,
        callback=_remember("kb"),
        shell_complete=folders,
        help="The knowledge base to use.",
    )(function)


def language_option(help_: str) -> Callable[[F], F]:
    """``--lang``: the reader's language, for ``reader_of``. ``help_``: what it is for."""
    return click.option("--lang", metavar="CODE", type=_LANGUAGE, shell_complete=languages, help=help_)


situation_filter = click.option(
    "--situation", metavar="ID", shell_complete=situations, help="Only lessons of this situation."
)


def language_filter(*also: str) -> Callable[[F], F]:
    """``--only-lang``; ``also``: other names for it."""
    return click.option(
        "--only-lang",
        *also,
        "only_lang",
        metavar="CODE",
        type=_LANGUAGE,
        shell_complete=languages,
        help="Only lessons in this language (such as nl).",
    )


def filters(function: F) -> F:
    """``--only-lang`` and ``--situation``."""
    return language_filter()(situation_filter(function))


def template_option(fields: Mapping[str, str]) -> Callable[[F], F]:
    """``--template`` for a list; the command gets what fills it in. ``fields``: what may be named, with its meaning."""

    def callback(_: click.Context, __: click.Parameter, value: str | None) -> Callable[..., str] | None:
        return None if value is None else template(value, fields)

    return click.option("--template", metavar="TEXT", callback=callback, help=help_of(fields))


def not_both(template: object, form: str | None) -> None:
    """Raises UsageError when a template and another format are asked for."""
    if template is not None and form not in (None, "plain"):
        raise UsageError(f"--template or --format {form}, not both")


def open_kb(ctx: click.Context, create: bool = False, dry_run: bool = False) -> KnowledgeBase:
    """The knowledge base the user means."""
    from coachkb.kb import KnowledgeBase  # where used: the shell's completion loads commands and opens none

    kb = KnowledgeBase.open(ctx.ensure_object(dict).get("kb"), create=create, dry_run=dry_run)
    kb.notify = lambda line: talk(f"coachkb: {safe(line)}")
    ctx.call_on_close(kb.close)
    named = os.environ.get("COACHKB_LANG", "")
    if named.strip() and _language(named) is None:
        from coachkb.data.load import language_codes

        talk(
            f"coachkb: COACHKB_LANG is {safe(named)!r}, which is no language here: one of {', '.join(language_codes())}"
        )
    return kb


def reader_of(kb: KnowledgeBase, told: str | None, everything: bool = True) -> str | None:
    """The reader's language: the one ``told``, else as the environment says; None when it says nothing.

    ``everything``: as ``KnowledgeBase.index`` has it. Raises UsageError when there is no such language.
    """
    if told:
        kb.check_language(told)
    return reader_language(kb.index(everything=everything), dict(os.environ), told)


def typed(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a command line; for a lone ``-``, or none in a pipe, what stands on standard input.

    Raises UnreadableFile when that is no text.
    """
    if words != ("-",) and (words or sys.stdin.isatty()):
        return words
    from coachkb.jobs.finding import asked

    read = asked(sys.stdin.buffer.read(_LONGEST), whole=_LONGEST)
    return (read,) if read.strip() or words else ()


def color(ctx: click.Context) -> bool | None:
    """True: always; False: never; None: as the terminal can."""
    return color_wanted(ctx.ensure_object(dict).get("color", "auto"), dict(os.environ))


def same_kb(kb: KnowledgeBase) -> str:
    """What a command that we name to a person needs, to mean the same KB: the option they gave."""
    if kb.path is None or not kb.located.named or os.environ.get("COACHKB_KB") == kb.path:
        return ""
    import shlex

    return f" --kb {safe(shlex.quote(kb.path))}"


def counted(kb: KnowledgeBase, own: int, starters: int) -> str:
    """How many lessons there are, in words; where the starter lies under a person's KB, whose they are."""
    if kb.path is None or not starters:
        n = own + starters
        return some(n, "lesson")
    return f"{own} of your own, {starters} of the starter (--no-starter leaves those out)"


def tell_whose(kb: KnowledgeBase, own: int, starters: int) -> None:
    """Says on stderr that the starter's lessons stand among a person's own, where they do."""
    if kb.path is not None and starters:
        talk(f"coachkb: {counted(kb, own, starters)}")


def on_terminal(ctx: click.Context) -> bool:
    """Whether people look at stdout: a terminal, or colour asked for."""
    return sys.stdout.isatty() or color(ctx) is True


def warn_of(kb: KnowledgeBase) -> None:
    """Says on stderr which lesson files and situations were left out, and which settings are none, and why."""
    for problem in kb.problems[:10]:
        talk(f"coachkb: {safe(problem)}")
    if len(kb.problems) > 10:
        talk(f"coachkb: … and {len(kb.problems) - 10} more")
    files = [problem for problem in kb.problems if not isinstance(problem, UnusableEntry)]
    if n := len(files) - len(kb.settings.faults):
        talk(f"coachkb: {some(n, 'file')} skipped; the rest is served")


def emit(text: str) -> None:
    """Text to stdout, as UTF-8 where the terminal takes it."""
    from coachkb.door import write

    write(text, 0)


def emit_rows(ctx: click.Context, rows: Iterable[Row], form: str) -> None:
    """Rows to stdout: in colour and as wide as the terminal, or with ``plain`` as they are."""
    from coachkb.render.reviewing import as_text, show_rows

    if form == "plain":
        emit(as_text(rows))
        return
    from coachkb.render.card import console

    show_rows(console(color(ctx)), rows)


def emit_json(data: object) -> None:
    """Data to stdout as JSON."""
    from coachkb.export.json import to_json

    emit(to_json(data))
