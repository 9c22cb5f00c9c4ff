"""What commands say to a person: lines on stderr."""

from __future__ import annotations

import sys

import click


def talk(line: str) -> None:
    """Says a line; on a terminal wrapped at blanks, for that would break it in the middle of a word."""
    if sys.stderr.isatty():
        import shutil
        import textwrap

        width = max(20, shutil.get_terminal_size().columns)
        whole = [textwrap.wrap(one, width, break_long_words=False, break_on_hyphens=False) for one in line.split("\n")]
        line = "\n".join("\n".join(wrapped) for wrapped in whole)
    click.echo(line, err=True)
