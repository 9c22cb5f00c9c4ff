"""Times and names in the lines of a transcript, and the forms in which a name has a line of its own.

Teams puts the name over the time and both over the words, its documents put it under the times of a cue, others under
the time; captions that were copied have only the name over the words. What such a line is, only the whole file tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from coachkb.data.load import profiles
from coachkb.ingest.names import PARTICLES
from coachkb.ingest.text import fold, norm

LONG_NAME = 48
CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
HALF_DAY = r"(?:\s?[AaPp]\.?[Mm]\.?)?"  # "10:11 AM"
NAME = re.compile(r"[*_\[\"]{0,3}([^\W_][^:\[\]*<>\"]{0,70}?)[\]*_\"]{0,3}")
#: What no name holds: the end of a sentence within it, or at its end; a full stop is told by the word before it. And
#: commas, but for one, as address books have it ("Smith, John").
_SENTENCE = re.compile(r"([^\s(]*)\.\s|[!?;]\s|[!?;]$|,\s.*,\s")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_ALONE = re.compile(rf"#{{0,6}}\s*[*_\[(]{{0,3}}({CLOCK}){HALF_DAY}[\])*_]{{0,3}}")
#: A cue's times may be of one digit ("0:0:2.31": documents of Teams), or stand with a comma between (SBV).
_LOOSE = r"\d{1,3}(?::\d{1,2}){1,2}(?:[.,]\d{1,3})?"
_ARROW = re.compile(rf"\s*({_LOOSE})\s*-->\s*{_LOOSE}")
_COMMA = re.compile(r"\s*(\d{1,2}:\d\d:\d\d\.\d{3}),\d{1,2}:\d\d:\d\d\.\d{3}\s*$")
_END = re.compile(r"[.!?…]$")

#: Numbers of lines, from 1, to the name and the time that they hold; of one head both lines are here.
Stacked = Mapping[int, tuple[str, float | None]]


def seconds(clock: str) -> float:
    """``1:02:03.5``, ``02:03,500`` or ``02:03`` in seconds."""
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def cue(line: str) -> float | None:
    """The start, in seconds, of the cue that a line of times begins; None for any other line."""
    found = _ARROW.match(line[:60]) if "-->" in line[:60] else _COMMA.match(line[:60])
    return seconds(found[1]) if found else None


def sentence(name: str) -> bool:
    """Whether its marks say so, and it is no name. The full stop of an initial or a title ends none ("Mr. J. Ek")."""
    return any(not found[1] or not _shortened(found[1]) for found in _SENTENCE.finditer(name))


def _shortened(word: str) -> bool:
    """Whether a full stop after a word cuts it short, in any language: "Mevr", "J", "v.d"."""
    short = word.lower()
    return bool(_INITIALS.fullmatch(short)) or any(short in told.abbreviations for told in profiles().values())


def proper(name: str) -> bool:
    """Whether it looks like a name and not like words said: few words, each with a capital or a digit, but for those
    within a name that have none ("Ann van den Berg", "dhr. De Wit")."""
    parts = [part for part in re.split(r"[\s/,&()-]+", name) if part]
    letters = sum(part[0].isupper() for part in parts)
    digits = sum(part[0].isdigit() for part in parts)  # "Speaker 2"; "May 2, 2024" is a date
    lower = [part for part in parts[:-1] if part[0].islower() or part in PARTICLES]
    small = sum(part in PARTICLES or (part.endswith(".") and _shortened(part[:-1])) for part in lower)
    return len(name) <= LONG_NAME and letters + digits + small == len(parts) <= 5 and digits <= letters > 0


def stacked(lines: Sequence[str], timed: bool) -> Stacked:
    """The heads of plain text whose names stand on lines of their own, beside a time or (unless ``timed``) alone."""
    full = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    times = [n for n, (_, line) in enumerate(full) if len(line) <= LONG_NAME and _ALONE.fullmatch(line)]
    # A name, a time and words: where no more than one line follows each time, there is no room for a name.
    roomy = sum(later - n > 2 for n, later in pairwise([*times, len(full) + 1]))
    if 2 * roomy > len(times):
        for side in (-1, 1):
            at = {n + side: n for n in times if 0 <= n + side < len(full)}
            names = _names(full[n][1] for n in at)
            heads = {n: time for n, time in at.items() if _name(full[n][1]) in names}
            if 2 * len(heads) > len(times):
                found: dict[int, tuple[str, float | None]] = {}
                for n, time in heads.items():
                    clock = _ALONE.fullmatch(full[time][1])
                    head = (_shown(full[n][1]), seconds(clock[1]) if clock else None)
                    found[full[n][0]] = found[full[time][0]] = head
                return found
    return {} if times or timed else _alone(full)


def _alone(full: Sequence[tuple[int, str]]) -> Stacked:
    """Names alone over the words: two or more, each several times, never one over the other, a good part of all."""
    count = Counter(_name(line) for _, line in full if _name(line) and proper(_shown(line)) and not _END.search(line))
    names = {name for name, n in count.items() if n > 1}
    heads = [n for n, (_, line) in enumerate(full) if _name(line) in names]
    apart = all(later - n > 1 for n, later in pairwise([*heads, len(full)]))
    if len(names) < 2 or not apart or 4 * len(heads) < len(full) or heads[0] > 5:
        return {}
    return {full[n][0]: (_shown(full[n][1]), None) for n in heads}


def stacked_in_cues(lines: Sequence[str]) -> Mapping[int, str]:
    """Numbers of lines, from 1, to the names that stand alone right under the times of most cues."""
    under = [
        (number, line.strip())
        for number, (before, line, after) in enumerate(zip(lines, lines[1:], [*lines[2:], ""], strict=False), 2)
        if cue(before) is not None and line.strip() and after.strip() and cue(after) is None
    ]
    cues = sum(cue(line) is not None for line in lines)
    names = _names((line for _, line in under), again=True)
    found = {number: _shown(line) for number, line in under if _name(line) in names}
    return found if 2 * len(found) > cues else {}


def _names(lines: Iterable[str], again: bool = False) -> set[str]:
    """Which of lines that may be names are: those that come again, and (unless ``again``) those that look like one."""
    shown = [line for line in lines if _name(line) and not _END.search(line)]
    count = Counter(map(_name, shown))
    once = {_name(line) for line in shown if not again and proper(_shown(line)) and "," not in line}
    return once | {name for name, n in count.items() if n > 1}


def _name(line: str) -> str:
    """A line as a name to compare; empty when it cannot be one."""
    shown = _shown(line)
    return norm(shown) if shown and not sentence(shown) and len(shown.split()) <= 6 else ""


def _shown(line: str) -> str:
    found = NAME.fullmatch(line) if len(line) <= LONG_NAME + 6 else None
    return fold(found[1]) if found and len(found[1]) <= LONG_NAME else ""
