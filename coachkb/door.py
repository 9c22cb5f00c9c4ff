"""The quick door: a look-up answered before click is imported (importing click alone costs more than the answer).

It leads to the same engine and the same renderers as the command line proper. Whatever it does not know for certain it
leaves to that, by returning None: options it has not heard of, mistakes, an index that is not fresh.
"""

from __future__ import annotations

import os
import sys

from coachkb import locate

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from coachkb.search.query import Index

_SHARED = ("--kb", "--color")  # options that are taken before the command, too
_VALUES = (*_SHARED, "--limit", "--lang", "--only-lang", "--situation", "--format")
_FLAGS = ("--all-languages", "--full", "--no-pager")


def enter(arguments: list[str]) -> int | None:
    """The exit code of a whole command line that is a look-up, after its answer went to stdout; None: the long way."""
    before = 0
    while before < len(arguments) and arguments[before].startswith("--"):
        name, equals, _ = arguments[before].partition("=")
        if name not in _SHARED:
            return None
        before += 1 if equals else 2
    if arguments[before : before + 1] != ["lookup"]:
        return None
    return quick([*arguments[:before], *arguments[before + 1 :]])


def quick(arguments: list[str]) -> int | None:
    """As ``enter``, with the arguments of ``lookup`` alone."""
    options = _parse(arguments)
    if options is None:
        return None
    words = options["words"]
    assert isinstance(words, list)
    if options.get("--color", "auto") not in ("auto", "always", "never"):
        return None
    if options.get("--format", "plain") not in ("plain", "card"):
        return None
    limit = options.get("--limit", "5")
    if not words or not isinstance(limit, str) or not limit.isdecimal() or not 1 <= int(limit) <= 1000:
        return None
    named = options.get("--kb")
    if named == "":
        return None
    located = locate.locate(named if isinstance(named, str) else None)
    path = locate.STARTER_INDEX if located.path is None else locate.index_path(located.path, located.named)
    if path is None or not os.path.exists(path):
        return None
    return _answer(path, located, options, " ".join(words), int(limit))


def _parse(arguments: list[str]) -> dict[str, object] | None:
    options: dict[str, object] = {}
    words: list[str] = []
    i = 0
    only_words = False
    while i < len(arguments):
        argument = arguments[i]
        i += 1
        if only_words or not argument.startswith("-") or argument == "-":
            words.append(argument)
        elif argument == "--":
            only_words = True
        elif argument in _FLAGS:
            options[argument] = True
        else:
            name, equals, value = argument.partition("=")
            if name not in _VALUES:
                return None
            if not equals:
                if i >= len(arguments):
                    return None
                value = arguments[i]
                i += 1
            options[name] = value
    options["words"] = words
    return options


def _answer(path: str, located: locate.Located, options: dict[str, object], query: str, limit: int) -> int | None:
    from coachkb.answering import answer_text, card_text, color_wanted, language_names
    from coachkb.jobs.reader import code_of, reader_language
    from coachkb.search.analysis import INDEX_VERSION, tokens
    from coachkb.search.engine import sqlite3
    from coachkb.search.query import Index

    if not tokens(query):
        return None
    try:
        index = Index(path)
        if located.path is not None and not _fresh(index, located.path, INDEX_VERSION):
            return None
        languages = language_names(index)
        only, told, situation = options.get("--only-lang"), options.get("--lang"), options.get("--situation")
        if any(code is not None and code not in languages for code in (only, told)):
            return None
        if (
            situation is not None
            and not index.db.execute("SELECT 1 FROM situation WHERE id = ?", (situation,)).fetchone()
        ):
            return None
        named = os.environ.get("COACHKB_LANG", "")
        if named.strip() and code_of(named) not in languages:
            return None
        reader = reader_language(index, dict(os.environ), told or only)  # type: ignore[arg-type]
        hits, meant, language = index.search(
            query,
            limit=limit,
            reader=reader,
            only=only,  # type: ignore[arg-type]
            situation=situation,  # type: ignore[arg-type]
            all_languages="--all-languages" in options,
        )
        if located.path is not None:
            from coachkb.jobs.freshness import shown_as_on_disk

            if not shown_as_on_disk(index, located.path, hits):
                return None
        color, full = color_wanted(str(options.get("--color", "auto")), dict(os.environ)), "--full" in options
        form = options.get("--format", "card" if sys.stdout.isatty() or color else "plain")
        missed = not (only or situation or (hits and hits[0].sure))
        if missed:
            from coachkb.store import misses

            if located.path is not None and misses.may_be_off(located.path):
                return None
            misses.remember(query, guess=bool(hits))
        reader = reader or language
        if form == "card" and hits:
            from coachkb.cli.pager import height, show

            card = card_text(index, hits, full, color, query, height(), reader)
            return show(card, pager="--no-pager" not in options)
        text = answer_text(index, hits, meant, reader, full)
    except sqlite3.Error:
        return None
    return write(text, 0 if hits else 1)


def _fresh(index: Index, kb: str, version: str) -> bool:
    from coachkb.jobs.freshness import as_on_disk

    if index.meta("version") != version or index.meta("stamp") != locate.stamp(kb):
        return False
    if index.db.execute("SELECT 1 FROM broken LIMIT 1").fetchone():
        return False  # broken files are told of, and that takes the long way
    return as_on_disk(index, kb, everything=False)


def write(text: str, code: int) -> int:
    """Writes an answer to stdout as UTF-8 where it can be, and is quiet when the reader has gone (``| head``)."""
    try:
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:
            encoding = sys.stdout.encoding or "ascii"
            sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        quiet_stdout()
    return code


def quiet_stdout() -> None:
    """Points stdout at nothing, so that the interpreter's last flush says nothing of a closed pipe."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
