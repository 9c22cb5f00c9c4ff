"""Text with our styles as a terminal takes it, piece by piece: for a screen that is drawn anew at each key.

rich would do it a line at a time with much that is not needed here; the styles and what they look like are its own.
"""

from __future__ import annotations

import itertools

from rich.color import ColorSystem
from rich.console import Console
from rich.text import Text


class Paint:
    """``out``: the console whose terminal it is for."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._codes: dict[str, tuple[str, str]] = {"": ("", "")}

    def piece(self, text: str, style: str = "") -> str:
        """A text in one style, by its name."""
        if style not in self._codes:
            self._codes[style] = self._code(style)
        before, after = self._codes[style]
        return f"{before}{text}{after}" if text else ""

    def line(self, text: Text) -> str:
        """A text in the styles that it has, by their names; where two overlap both count."""
        if not text.spans:
            return self.piece(text.plain, str(text.style))
        ends = sorted({0, len(text.plain), *(place for start, end, _ in text.spans for place in (start, end))})
        pieces = []
        for start, end in itertools.pairwise(ends):
            names = [
                str(text.style),
                *(str(style) for first, last, style in text.spans if first <= start and end <= last),
            ]
            pieces.append(self.piece(text.plain[start:end], " + ".join(name for name in dict.fromkeys(names) if name)))
        return "".join(pieces)

    def _code(self, names: str) -> tuple[str, str]:
        """What a terminal takes before and after a text of these styles."""
        from rich.style import Style

        style = Style.combine(self._out.get_style(name) for name in names.split(" + "))
        if self._out.no_color:
            style = style.without_color
        # Our styles have none but the sixteen colours that every terminal has.
        system = ColorSystem.STANDARD if self._out.color_system else None
        before, _, after = style.render("\0", color_system=system).partition("\0")
        return before, after
