"""Which language the reader has. On the look-up path and in the shell's completion: it imports nothing."""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachkb.search.query import Index


def reader_language(index: Index, environment: Mapping[str, str], told: str | None) -> str | None:
    """The reader's language: ``--lang``, COACHKB_LANG, the locale; None when they say nothing that we have."""
    if told:
        return told
    known = {code for (code,) in index.db.execute("SELECT language FROM ui WHERE key = 'name'")}
    named = environment.get("COACHKB_LANG", "")
    if code_of(named) in known:
        return code_of(named)
    if named:
        for code, name in index.db.execute("SELECT language, text FROM ui WHERE key IN ('name', 'english')"):
            if named.strip().casefold() == name.casefold():
                return str(code)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(variable)
        if value:
            return code_of(value) if code_of(value) in known else None
    return None


def code_of(value: str) -> str:
    """The language of a locale's name: ``nl_BE.UTF-8``, ``nl-BE`` and ``NL`` are nl."""
    return value.strip().replace("-", "_").split(".")[0].split("_")[0].lower()
