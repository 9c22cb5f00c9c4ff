"""Values as YAML that every parser reads alike."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^\W\d_][\w ,.'’()/&!?–-]*\Z")
_WORDS_OF_OTHER_PARSERS = frozenset("null true false yes no on off y n ~ nan inf".split())  # noqa: SIM905
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

_ESCAPED = re.compile(rf'["\\\n\t]|{_UNPRINTABLE.pattern}')


def scalar(value: object) -> str:
    """A value on one line: plain where every YAML parser reads it alike, else in double quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if (
        _PLAIN.match(text)
        and text.lower() not in _WORDS_OF_OTHER_PARSERS
        and not text.endswith(" ")
        and not _UNPRINTABLE.search(text)
    ):
        return text
    return f'"{_ESCAPED.sub(_escape, text)}"'


def listed(value: object) -> str:
    """A value within ``[...]``, where a comma ends a plain one."""
    text = scalar(value)
    return f'"{text}"' if "," in text and not text.startswith('"') else text


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if char in '"\\':
        return "\\" + char
    if char == "\n":
        return "\\n"
    if char == "\t":
        return "\\t"
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def block(text: str, indent: str) -> str:
    """Text as a block scalar (``|-``), or in quotes where a block cannot hold it."""
    fits = (
        text
        and not _UNPRINTABLE.search(text)
        and not text[0].isspace()
        and not text[-1].isspace()
        and "\t" not in text
        and not any(line != line.rstrip() for line in text.split("\n"))
    )
    if not fits:
        return scalar(text)
    return "|-\n" + "\n".join(f"{indent}{line}" if line else "" for line in text.split("\n"))
