"""What comes from articles is data: nothing in it may move a cursor, change a colour or turn text around."""

from __future__ import annotations

_DROPPED = {
    **{code: None for code in range(0x20)},
    **{code: None for code in range(0x7F, 0xA0)},
    **dict.fromkeys((0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF)),
    **{code: None for code in range(0x202A, 0x202F)},
    **{code: None for code in range(0x2060, 0x2070)},
    **{code: 0xFFFD for code in range(0xD800, 0xE000)},
}
_DROPPED[0x09] = _DROPPED[0x0A] = _DROPPED[0x0D] = _DROPPED[0x85] = 0x20  # type: ignore[assignment]


def safe(text: object) -> str:
    """A text on one line, without control, bidi and other invisible characters; lone surrogates shown as �."""
    return str(text).translate(_DROPPED)
