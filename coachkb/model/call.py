"""A sales call: who said what, and the moments in it that a lesson answers."""

from __future__ import annotations

from dataclasses import dataclass

from coachkb.model.hit import Hit

#: The sides at the table. UNKNOWN: the transcript names nobody, or does not tell.
BUYER, SELLER, UNKNOWN = "buyer", "seller", "unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in one go.

    ``time``: seconds from the start of the call, where the transcript tells; ``line``: where it stands in the file,
    from 1.
    """

    speaker: str | None
    time: float | None
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A situation that arises in a call. ``turn``: its number in the call, from 0; ``quote``: the words that gave it.

    ``confidence``: the chance, 0 to 1, that it is right. ``answer``: what the seller said to it, None when nothing.
    ``lesson``: the lesson that fits, None when there is none.
    """

    turn: int
    speaker: str | None
    side: str
    time: float | None
    line: int
    situation: str
    confidence: float
    quote: str
    answer: str | None
    lesson: Hit | None = None


@dataclass(frozen=True, slots=True)
class Spotted:
    """What a call holds: its language, how many turns it has, on which side each speaker is, the moments in order.

    ``less_sure``: moments that lie just under the line; 0 when the line was asked for.
    """

    language: str | None
    turns: int
    speakers: tuple[tuple[str, str], ...]
    moments: tuple[Moment, ...]
    less_sure: int = 0
