"""The quick door of the shell's completion: it answers as click would, before click is imported.

What commands and options there are is data (``coachkb/data/completion.tsv``, made by ``scripts/completion_table.py``);
ids, situations and languages come from the index. What it does not know for certain it leaves to click, by returning
None: quotes, options it has not heard of, mistakes.
"""

from __future__ import annotations

import os
import sys

TABLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "completion.tsv")
_WITH_VALUE = ("once", "again")
_OPTIONS = ("flag", *_WITH_VALUE)


class _Row:
    """A parameter of a command, or a command."""

    __slots__ = ("help", "how", "names", "values")

    def __init__(self, names: str, how: str, values: str, help: str) -> None:
        self.names, self.how, self.values, self.help = names.split(" "), how, values, help


class _Level:
    """A command, or what stands before any, with what was given to it."""

    __slots__ = ("arguments", "given", "kb", "options", "rows")

    def __init__(self, rows: list[_Row]) -> None:
        self.rows = rows
        self.options = {name: row for row in rows if row.how in _OPTIONS for name in row.names}
        self.given: list[_Row] = []
        self.arguments = 0
        self.kb = ""


def complete(environment: dict[str, str]) -> int | None:
    """Answers the shell that asks by these variables, on stdout, and returns the exit code; None: ask click."""
    shell, _, asked = environment.get("_COACHKB_COMPLETE", "").partition("_")
    line, cursor = environment.get("COMP_WORDS", ""), environment.get("COMP_CWORD", "")
    if shell not in ("bash", "zsh", "fish") or asked != "complete" or any(mark in line + cursor for mark in "'\"\\"):
        return None
    words = _split(line)[1:]
    if shell == "fish":
        incomplete = cursor
        if len(_split(cursor)) != (1 if cursor else 0) or cursor != cursor.strip():
            return None
        if words and words[-1] == cursor:
            words.pop()
    else:
        if not cursor.isdecimal() or int(cursor) < 1:
            return None
        at = int(cursor) - 1
        words, incomplete = words[:at], words[at] if at < len(words) else ""
    items = _items(words, incomplete)
    if items is None or any(":" in value for _, value, _ in items):  # how colons are escaped is click's to know
        return None
    written = "\n".join(_written(shell, *item) for item in items) + "\n"
    from coachkb.door import quiet_stdout

    try:
        sys.stdout.buffer.write(written.encode())
        sys.stdout.flush()
    except BrokenPipeError:
        quiet_stdout()
    return 0


def _split(line: str) -> list[str]:
    """The words of a line without quotes, at the white space that shells know."""
    return [word for word in line.replace("\t", " ").replace("\r", " ").replace("\n", " ").split(" ") if word]


def _written(shell: str, kind: str, value: str, help: str) -> str:
    """An answer as the script of a shell reads it."""
    if shell == "bash":
        return f"{kind},{value}"
    if shell == "zsh":
        return f"{kind}\n{value}\n{help or '_'}"
    return f"{kind},{value}\t{help}" if help else f"{kind},{value}"


def _items(words: list[str], incomplete: str) -> list[tuple[str, str, str]] | None:
    """Kind, value and help of all that can stand for the incomplete word."""
    known = table()
    levels = [_Level(known[""])]
    rest = _read(levels[0], words, only_before=True)
    if rest:
        if rest[0] not in known or rest[0] == "":
            return None
        levels.append(_Level(known[rest[0]]))
        rest = _read(levels[1], rest[1:], only_before=False)
    if rest is None:
        return None
    level, last = levels[-1], words[-1] if words else ""
    if incomplete == "=":
        incomplete = ""
    elif incomplete.startswith("-") and "=" in incomplete:
        last, _, incomplete = incomplete.partition("=")
    if incomplete.startswith("-"):
        return _names(level, incomplete)
    option = level.options.get(last)
    if option is not None and option.how in _WITH_VALUE:
        return _values(option, levels, incomplete)
    taken = level.arguments
    for row in level.rows:
        if row.how == "arguments" or (row.how == "argument" and taken == 0):
            return _values(row, levels, incomplete)
        taken -= row.how == "argument"
    return _names(level, incomplete)


def table() -> dict[str, list[_Row]]:
    """The rows of each command; of what stands before them by an empty name."""
    found: dict[str, list[_Row]] = {}
    with open(TABLE, encoding="utf-8") as file:
        for line in file:
            if line[0] != "#":
                command, names, how, values, help = line.rstrip("\n").split("\t")
                found.setdefault(command, []).append(_Row(names, how, values, help))
    return found


def _read(level: _Level, words: list[str], only_before: bool) -> list[str] | None:
    """Notes what was given to a level; the words that are left, from the command on; None: what only click knows."""
    i = 0
    while i < len(words):
        word = words[i]
        if not word.startswith("-") or word == "-":
            if only_before:
                return words[i:]
            level.arguments += 1
            i += 1
            continue
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        row = level.options.get(name)
        if row is None or "--help" in row.names or "--version" in row.names or (row.how == "flag" and equals):
            return None
        i += 1
        if row.how != "flag" and not equals:
            if i == len(words):
                return []  # its value is what is being typed
            value = words[i]
            i += 1
        level.given.append(row)
        if name == "--kb":
            level.kb = value
    return []


def _names(level: _Level, incomplete: str) -> list[tuple[str, str, str]]:
    """Commands, and options that can still be given."""
    if incomplete.startswith("-"):
        rows = [row for row in level.options.values() if row.how == "again" or row not in level.given]
    else:
        rows = [row for row in level.rows if row.how == "command"]
    return [
        ("plain", name, row.help) for row in dict.fromkeys(rows) for name in row.names if name.startswith(incomplete)
    ]


def _values(row: _Row, levels: list[_Level], incomplete: str) -> list[tuple[str, str, str]]:
    """What can be a parameter's value."""
    if row.values.startswith("="):
        return [("plain", value, "") for value in row.values[1:].split("=") if value.startswith(incomplete)]
    if row.values in ("files", "folders"):
        return [("file" if row.values == "files" else "dir", "", "")]
    if not row.values:
        return []
    from coachkb.jobs import naming

    kb = levels[-1].kb or levels[0].kb or None
    if row.values == "ids":
        names = naming.lesson_ids(kb, incomplete)
    elif row.values == "situations":
        names = naming.situation_ids(kb, incomplete)
    else:
        names = naming.languages(incomplete)
    return [("plain", *name) for name in naming.shown(names)]
