"""Long texts a screen at a time, through the user's pager. On the quick door's path: click only when one is needed."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])

_LESS = "FRX"  # as git has it: colours kept, nothing for what fits, and the text stays on the screen


def no_pager_option(function: F) -> F:
    """``--no-pager``"""
    import click

    return click.option("--no-pager", is_flag=True, help="Long texts in one go, not a screen at a time.")(function)


def height() -> int | None:
    """Lines of the terminal that stdout is; None when it is none, or does not say."""
    try:
        if not (sys.stdout.isatty() and sys.stdin.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
            return None
        return os.get_terminal_size(sys.stdout.fileno()).lines or None
    except (OSError, ValueError):
        return None


def show(text: str, pager: bool = True) -> int:
    """Writes a text to stdout, on a terminal that it does not fit through COACHKB_PAGER, PAGER or less. Returns 0."""
    from coachkb.door import write

    rows = height()
    named = os.environ.get("COACHKB_PAGER", os.environ.get("PAGER"))
    if not pager or rows is None or text.count("\n") < rows or named in ("", "cat"):
        return write(text, 0)
    import click

    if named:
        os.environ["PAGER"] = named
    os.environ.setdefault("LESS", _LESS)
    click.echo_via_pager(text, color=True)
    return 0
