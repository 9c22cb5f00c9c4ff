"""How many of something, in words."""

from __future__ import annotations


def some(n: int, what: str) -> str:
    """How many of what, in English: 1 lesson, 2 lessons."""
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
