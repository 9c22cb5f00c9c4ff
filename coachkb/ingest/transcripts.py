"""The bytes of a call transcript to its turns: WebVTT, SubRip, and plain text with the names of the speakers.

The form is told by the words of the file, not by its name: a transcript is often pasted, renamed or piped in.
WebVTT: https://www.w3.org/TR/webvtt1/ (cues, voice spans ``<v Name>``, NOTE, STYLE and REGION blocks).
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from coachkb.data.load import profiles
from coachkb.ingest.decode import decode
from coachkb.ingest.speakers import (
    CLOCK,
    HALF_DAY,
    LONG_NAME,
    NAME,
    cue,
    proper,
    seconds,
    sentence,
    stacked,
    stacked_in_cues,
)
from coachkb.ingest.text import fold, norm, words
from coachkb.model.call import Turn

#: A day of talk is a megabyte; past this it is no call.
MAX_BYTES = 20_000_000
_HEAD = 160  # characters of a line in which a time and a name stand
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,40})?\s+([^>]{1,80})>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>|<\d[\d:.]{0,14}>|\{\\[^{}]{0,40}\}")
#: Opens a turn: a dash, or in captions ">>".
_DASH = re.compile(r"(?:[-–—]|>>)\s*(?=\S)")
#: What may stand before a name: that, or what a list or a quoted mail has.
_BULLET = re.compile(r"^(?:(?:[-–—]|>{1,3})\s*|(?:[*•·]|\d{1,3}[.)])\s+)(?=\S)")
#: "[00:12] ", "00:12 - ", "(0:12)", "[04/03/2026, 10:11:12] ": a time before the name or the words, and its date.
_DAY = r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:,\s?|\s|T))?"
_TIME = re.compile(rf"(?:#{{1,6}}\s*)?[\[(]?{_DAY}({CLOCK}){HALF_DAY}[\])]?\s*(?:[-–—|]\s*)?")
#: "Anna (00:12): ", "Anna 00:12: ".
_AFTER = re.compile(rf"[\[(]({CLOCK})[\])]|\s({CLOCK})(?=:\s)")
_END = re.compile(rf"[\s\[(]({CLOCK}){HALF_DAY}[\])]?$")
#: Opens a turn of another speaker whose name is not told.
_SOMEBODY = ""


def read_call(data: bytes, path: str) -> tuple[Turn, ...]:
    """The turns of a call, in the order of the file; those of one speaker that follow one another are one turn.

    ``path`` names the file in errors. Raises UnreadableFile when it is empty, too large or no text.
    """
    lines = decode(data, path, limit=MAX_BYTES).replace("\u2028", "\n").split("\n")
    said = _cues(lines) if any(cue(line) is not None for line in lines) else _script(lines)
    return tuple(_in_one_go(said))


def _in_one_go(said: Iterable[Turn]) -> Iterator[Turn]:
    """Joins what one speaker says line after line; without a name, what follows an unfinished sentence.

    An empty name begins a turn of somebody who is not named.
    """
    held: Turn | None = None
    parts: list[str] = []
    for turn in said:
        same = held is not None and turn.speaker != _SOMEBODY and turn.speaker == (held.speaker or None)
        if held is not None and same and (turn.speaker or not _finished(parts[-1])):
            parts.append(turn.text)
            continue
        if held is not None:
            yield Turn(held.speaker or None, held.time, held.line, " ".join(parts))
        held, parts = turn, [turn.text]
    if held is not None:
        yield Turn(held.speaker or None, held.time, held.line, " ".join(parts))


def _finished(text: str) -> bool:
    return text.rstrip("\"'”’»)").endswith((".", "!", "?", "…"))


# ---------------------------------------------------------------------------------------------------- subtitles


def _cues(lines: list[str]) -> Iterator[Turn]:
    """The cues of WebVTT and SubRip: a line of times, then the words up to an empty line."""
    names = _names(_cue_heads(lines))
    alone = stacked_in_cues(lines)
    at: float | None = None
    speaker: str | None = None
    inside = False
    for number, line in enumerate(lines, 1):
        start = cue(line)
        if start is not None:
            at, inside, speaker = start, True, speaker or None  # a name holds until the next one
        elif not line.strip():
            inside = False
        elif number in alone:
            speaker = alone[number]
        elif inside:
            for told, text in _voices(line, names):
                speaker = told if told is not None else speaker
                if text:
                    yield Turn(speaker, at, number, text)


def _cue_heads(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if cue(line) is not None:
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            yield line


def _voices(line: str, names: frozenset[str]) -> Iterator[tuple[str | None, str]]:
    """Speakers and words of a cue's line: ``<v Anna>``, ``Anna:``, ``- `` (another speaker without a name)."""
    pieces = _VOICE.split(line)
    if pieces[0].strip():
        text = _clean(pieces[0])
        dash = _DASH.match(text)
        text = text[dash.end() :] if dash else text
        head = _head(text)
        if head and norm(head[0]) in names:
            yield head[0], head[2]
        else:
            yield (_SOMEBODY if dash else None), text
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        yield fold(html.unescape(name)), _clean(text)


def _clean(text: str) -> str:
    return fold(html.unescape(_TAG.sub("", text)))


# --------------------------------------------------------------------------------------------------- plain text


def _script(lines: list[str]) -> Iterator[Turn]:
    """Plain text: ``[00:12] Anna: words``, ``Anna (00:12): words``, or name and time above the words,
    on one line or two."""
    names = _names(line for line in lines if line.strip())
    heads = stacked(lines, timed=bool(names))
    speaker: str | None = None
    at: float | None = None
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        above = heads.get(number) or _above(text)
        if above:
            speaker, at = above
            continue
        head = _head(_BULLET.sub("", text))
        if head and norm(head[0]) in names:
            speaker, at, text = head
        else:
            time = _TIME.match(text[:_HEAD])
            if time:
                at, text = seconds(time[1]), text[time.end() :]
            dash = _DASH.match(text)
            if dash and speaker is None:
                yield Turn(_SOMEBODY, at, number, fold(text[dash.end() :]))
                continue
        if text:
            yield Turn(speaker, at, number, fold(text))


def _head(line: str) -> tuple[str, float | None, str] | None:
    """Name, time and words of a line that opens with a name and a colon; whether it is a name is not yet told."""
    start = line[:_HEAD]
    before = _TIME.match(start)
    at = seconds(before[1]) if before else None
    begin = before.end() if before else 0
    colon = start.find(":", begin)
    after = _AFTER.search(start, begin)
    if after and colon > after.start():
        at, colon = seconds(after[1] or after[2]), start.find(":", after.end())
        name = NAME.fullmatch(start[begin : after.start()].strip())
        if colon < 0 or start[after.end() : colon].strip(" *_"):
            return None
    else:
        name = NAME.fullmatch(start[begin:colon].strip()) if colon > begin else None
    if not name or len(name[1]) > LONG_NAME or sentence(name[1]) or len(name[1].split()) > 6:
        return None
    if line[colon + 1 : colon + 3] == "//":  # an address
        return None
    return fold(name[1]), at, line[colon + 1 :].strip(" *_\t")


def _above(line: str) -> tuple[str, float] | None:
    """Name and time of a line that holds nothing else, as Otter, Zoom and Teams write them over the words."""
    if len(line) > _HEAD or ":" not in line:
        return None
    before = _TIME.match(line)
    if before and (name := NAME.fullmatch(line[before.end() :].strip())) and proper(name[1]):
        return fold(name[1]), seconds(before[1])
    cut = _END.search(line)
    if cut and (name := NAME.fullmatch(line[: cut.start()].strip(" -–—|,"))) and proper(name[1]):
        return fold(name[1]), seconds(cut[1])
    return None


def _names(lines: Iterable[str]) -> frozenset[str]:
    """What stands before a colon and names a speaker: a word for a side, or a name that opens several lines.

    A name that opens one line only counts when most lines open with one: "The point is: ..." is no speaker, nor ever
    "Well, Anna: ...".
    """
    count: Counter[str] = Counter()
    like_names: set[str] = set()
    total = 0
    for line in lines:
        total += 1
        start = line[:_HEAD]
        head = _head(_BULLET.sub("", _clean(start)))
        elsewhere = [_above(start.strip()), *((fold(name), 0.0) for name in _VOICE.findall(start))]
        like_names.update(norm(found[0]) for found in elsewhere if found)
        count.update(norm(found[0]) for found in elsewhere if found)
        if head:
            count[norm(head[0])] += 1
            if proper(head[0]):
                like_names.add(norm(head[0]))
    told = {word for profile in profiles().values() for kind in ("buyer", "seller") for word in profile.talk[kind]}
    mostly = sum(count.values()) > total / 2
    return frozenset(
        name
        for name, n in count.items()
        if not told.isdisjoint(words(name))
        or name in told
        or (name in like_names and (n > 1 or (mostly and "," not in name)))
        or n > 3
    )
