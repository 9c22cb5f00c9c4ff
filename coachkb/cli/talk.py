"""What commands say to a person: lines on stderr, and text that is to fit a terminal."""

from __future__ import annotations

import sys

import click


def talk(line: str) -> None:
    """Says a line on stderr; on a terminal wrapped at blanks, for that would break it in the middle of a word."""
    click.echo(_wrapped(line, 0) if sys.stderr.isatty() else line, err=True)


def fitted(text: str, hang: int = 0) -> str:
    """For stdout; on a terminal wrapped at blanks, lines that go on indented by ``hang`` columns at most."""
    return _wrapped(text, hang) if sys.stdout.isatty() else text


def _wrapped(text: str, hang: int) -> str:
    import shutil
    import textwrap

    width = max(20, shutil.get_terminal_size().columns)
    indent = " " * min(hang, width // 4)
    return "\n".join(
        "\n".join(textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))
        for line in text.split("\n")
    )
