"""``coachkb config``

There is no settings file of one's own: what a team shares stands in the knowledge base's coachkb.yaml, and goes with it
through git; what is a person's or a machine's is an environment variable, which shells, containers and editors all know
how to keep. A third place would have to be looked for, read and parsed by every look-up.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from coachkb import locate
from coachkb.cli.common import color, emit, emit_json, kb_option, on_terminal, open_kb, warn_of
from coachkb.cli.editor import editor
from coachkb.errors import UsageError
from coachkb.jobs.reader import reader_language
from coachkb.model.visible import safe
from coachkb.store import misses
from coachkb.surroundings import today, user

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase

_OWN = "built in"
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value now (None: none), where that comes from, how to set it and what it does."""

    name: str
    value: str | int | bool | None
    source: str
    set_by: tuple[str, ...]
    meaning: str


@click.command("config")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@kb_option
@click.pass_context
def command(ctx: click.Context, form: str) -> int:
    """Every setting with its value, where that comes from, and how to set it.

    What a team shares stands in the knowledge base's coachkb.yaml; what is yours alone is an environment variable.
    """
    kb = open_kb(ctx)
    found = settings(kb, dict(os.environ), ctx.ensure_object(dict))
    warn_of(kb)
    if form == "json":
        emit_json([{**asdict(setting), "set_by": list(setting.set_by)} for setting in found])
    elif on_terminal(ctx):
        from rich.text import Text

        from coachkb.render.card import console, show_text
        from coachkb.render.reviewing import show_rows

        out = console(color(ctx))
        for setting in found:
            name, value, source = _line(setting)
            show_text(out, Text.assemble((name, "heading"), value, (source, "quiet")), whole=True)
            show_rows(out, [("quiet", _INDENT, _meaning(setting))])
    else:
        for setting in found:
            emit(f"{''.join(_line(setting))}\n{_INDENT}{_meaning(setting)}\n")
    return 0


def _line(setting: Setting) -> tuple[str, str, str]:
    """A setting's name, value and source."""
    value = "none" if setting.value is None else setting.value
    if isinstance(value, bool):
        value = "true" if value else "false"  # as coachkb.yaml has it
    return f"{setting.name:<13} ", safe(value), f"  ({safe(setting.source)})"


def _meaning(setting: Setting) -> str:
    return f"{setting.meaning} Set by: {', '.join(setting.set_by)}."


def settings(kb: KnowledgeBase, environment: Mapping[str, str], given: Mapping[str, str]) -> list[Setting]:
    """All settings. ``given``: options of the command line by name."""
    return [
        *_of_the_kb(kb),
        *_of_the_reader(kb, environment, given),
        *_of_the_machine(environment),
        _misses(kb),
    ]


def _of_the_kb(kb: KnowledgeBase) -> list[Setting]:
    lines = _lines_of_settings(kb)
    path = os.path.abspath(kb.path) if kb.path else None
    alone = "a knowledge base that is named stands without it" if kb.located.named else lines.get("starter", _OWN)
    return [
        Setting(
            *("kb", path, kb.located.why, ("--kb", "COACHKB_KB")),
            "The knowledge base; else the nearest folder with a coachkb.yaml, your own, or only the starter.",
        ),
        Setting(
            *("starter", kb.with_starter, alone if kb.path else "no knowledge base here", ("starter in coachkb.yaml",)),
            "Whether the built-in lessons lie under it.",
        ),
        Setting(
            *("review_months", kb.settings.review_months, lines.get("review_months", _OWN)),
            ("review_months in coachkb.yaml", "coachkb review --until"),
            "For how many months an approval holds.",
        ),
        Setting(
            *("format", kb.settings.format, lines.get("format", _OWN), ("format in coachkb.yaml",)),
            "The version of the knowledge base's files; leave it as it is.",
        ),
    ]


def _misses(kb: KnowledgeBase) -> Setting:
    by_variable = not misses.wanted()
    source = "COACHKB_MISSES" if by_variable else _lines_of_settings(kb).get("misses", _OWN)
    return Setting(
        *("misses", kb.settings.misses and not by_variable, source, ("misses in coachkb.yaml", "COACHKB_MISSES=0")),
        "Whether queries that nothing answers are kept for 'coachkb misses', on this machine alone.",
    )


def _lines_of_settings(kb: KnowledgeBase) -> dict[str, str]:
    """The keys of the KB's coachkb.yaml with their places."""
    if kb.path is None:
        return {}
    from coachkb.store.situations_file import read_tree

    name = os.path.join(os.path.abspath(kb.path), locate.MARK)
    tree = read_tree(name)
    fields = tree.value if tree and isinstance(tree.value, dict) else {}
    return {key: f"{name}, line {field.line}" for key, field in fields.items()}


def _of_the_reader(kb: KnowledgeBase, environment: Mapping[str, str], given: Mapping[str, str]) -> list[Setting]:
    language = reader_language(kb.index(everything=False), dict(environment), None)
    chosen = reader_language(kb.index(everything=False), {"COACHKB_LANG": environment.get("COACHKB_LANG", "")}, None)
    spoken = _first(environment, ["COACHKB_LANG"] if chosen else ["LC_ALL", "LC_MESSAGES", "LANG"])
    colour = given.get("color", "auto")
    if colour == "auto" and environment.get("NO_COLOR"):
        colour, source = "never", "NO_COLOR"
    else:
        source = _OWN if colour == "auto" else "--color"
    pager = _first(environment, ["COACHKB_PAGER", "PAGER"], empty=True)
    from_variable = _first(environment, ["VISUAL", "EDITOR"])
    try:
        editing = " ".join(editor())
    except UsageError:
        editing = None
    return [
        Setting(
            *("language", language, spoken or "built in: that of the query" if language else "that of the query"),
            ("--lang", "COACHKB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"),
            "In which language lessons are shown, where they are there in it.",
        ),
        Setting(
            *("color", colour, source, ("--color", "NO_COLOR")),
            "Colour: always, never, or auto: on a terminal.",
        ),
        Setting(
            *("pager", environment[pager] if pager else "less", pager or _OWN),
            ("--no-pager", "COACHKB_PAGER", "PAGER"),
            "What shows a text that does not fit the terminal; empty: nothing does.",
        ),
        Setting(
            *("editor", editing, from_variable or "the first that is there", ("VISUAL", "EDITOR")),
            "In what edit, new and review open a lesson.",
        ),
        Setting(
            *("user", user(), "COACHKB_USER" if environment.get("COACHKB_USER", "").strip() else "the machine"),
            ("COACHKB_USER",),
            "Who approves lessons.",
        ),
        Setting(
            *("today", str(today()), "COACHKB_TODAY" if _is_day(environment) else "the clock", ("COACHKB_TODAY",)),
            "The day it is, for dates of articles and approvals.",
        ),
    ]


def _of_the_machine(environment: Mapping[str, str]) -> list[Setting]:
    rows = [
        ("own_kb", locate.own_kb(), "XDG_DATA_HOME", "Where your own knowledge base lies, used where no other is."),
        ("cache_folder", locate.cache_folder(), "XDG_CACHE_HOME", "Where search indexes lie; may be emptied."),
        (
            "state_folder",
            locate.state_folder(),
            "XDG_STATE_HOME",
            "Where the journal and the log of misses lie.",
        ),
    ]
    return [
        Setting(name, value, variable if os.path.isabs(environment.get(variable, "")) else _OWN, (variable,), meaning)
        for name, value, variable, meaning in rows
    ]


def _first(environment: Mapping[str, str], names: list[str], empty: bool = False) -> str | None:
    """The first of these variables that is set; ``empty``: to nothing counts, too."""
    return next((name for name in names if environment.get(name) or (empty and name in environment)), None)


def _is_day(environment: Mapping[str, str]) -> bool:
    return environment.get("COACHKB_TODAY") == str(today())
