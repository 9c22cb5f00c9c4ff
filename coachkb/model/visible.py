"""What comes from articles is data: nothing in it may move a cursor, change a colour or turn text around.

On the look-up path: plain tables, and regular expressions only where there is something for them.
"""

from __future__ import annotations

_DROPPED: dict[int, int | None] = {
    **dict.fromkeys(range(0x20)),  # C0 controls, escape among them
    **dict.fromkeys(range(0x7F, 0xA0)),  # delete and the C1 controls
    **dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))),  # bidi marks
    **dict.fromkeys((0x180E, 0x200B, *range(0x2060, 0x2066), *range(0x206A, 0x2070), 0xFEFF)),  # without width
    **dict.fromkeys((*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))),  # annotations, tags: text that nobody sees
    **dict.fromkeys((*range(0x09, 0x0E), *range(0x1C, 0x20), 0x85, 0x2028, 0x2029), 0x20),  # white space, one line
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),  # lone surrogates cannot be written as UTF-8
}


def safe(text: object) -> str:
    """A text on one line, without escape sequences, control, bidi and other invisible characters; lone surrogates shown
    as �."""
    told = str(text)
    if "\x1b" in told or any(opener in told for opener in _OPENERS):
        told = _without_sequences(told)
    return told.translate(_DROPPED)


#: What opens a sequence in one character: CSI, OSC, DCS, SOS, PM, APC.
_OPENERS = "\x9b\x9d\x90\x98\x9e\x9f"


def _without_sequences(text: str) -> str:
    """Takes escape sequences out whole: of a colour's, "[31m" would stay. A string that nothing ends is text."""
    import re

    control = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    string = r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    return re.sub(rf"{control}|{string}|\x1b[\[\]]", "", text)
