"""The articles of a newsletter, each below its heading; or several issues of one, below one another."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from coachkb.ingest.dates import date_line
from coachkb.ingest.noise import noise_kinds
from coachkb.ingest.text import Line, plain, undecorated, words
from coachkb.ingest.titles import title_like
from coachkb.model.document import Post

MIN_WORDS = 30  # an article with less is a notice or a teaser
UNDERLINE = re.compile(r"^(?:={3,}|[-—_]{3,})$")
_ITEM = re.compile(r"(?:#{1,6} )?(\d{1,2})\. \S")
_STARRED = re.compile(r"\*{2,} ?[^*]+ ?\*{2,}$")
_ISSUE = re.compile(r"\W*([^\W\d_]+)\.? ?#?(\d{1,4})\b")
_MARK = re.compile(r"^(?:[-*+•·]|\d{1,2}[.):])\s+")
_RULE = 20  # characters of a rule above and below a title, at the least
_CONTENTS = 20  # lines; a list of contents begins within them
_GREETING = 60  # words of it, at the most
_NOTICE = 4  # times as many words are an article's beside it
_MASTHEAD = 8  # lines; the number of an issue stands within them
_NAME = 8  # words of a letter's name with its number
_CELL = re.compile(r"\s*[|·•,–—-]\s+|\s{2,}")


def articles(text: str, ruled: list[Line], lines: list[Line], letter: Post, markdown: bool) -> list[Post]:
    """The articles of a letter; none in any other page. ``ruled``: its non-blank lines, the rules among them;
    ``lines``: those without."""
    heads = _between_rules(ruled)
    masthead = [cell for line in lines[:_MASTHEAD] for cell in _CELL.split(line.text)]
    if not heads and any(map(_counted, masthead)):
        heads = _listed(text, lines)
    counted = _counted if markdown else _issue  # plain text numbers the sections of one article, too
    if not heads and any(map(counted, masthead)):
        heads = _below_issues(lines) or _numbered(text, lines) or _starred(lines)
    edges = [*(start.start for start, _ in heads), len(text)]
    return [
        replace(
            letter,
            start=start.start,
            end=end,
            title=undecorated(plain(title.text, markdown).strip("* ")),
            title_start=title.start,
            title_end=title.end,
            date=_dated(start) if start is not title else letter.date,
        )
        for (start, title), end in zip(heads, edges[1:], strict=True)
        if len(words(text[title.end : end])) >= MIN_WORDS
    ]


_Heads = list[tuple[Line, Line]]  # where an article begins, and its title


def _between_rules(ruled: list[Line]) -> _Heads:
    """Numbered titles, each between two rules."""
    triples = zip(ruled, ruled[1:], ruled[2:], strict=False)
    heads = [line for above, line, below in triples if _is_rule(above) and _is_rule(below)]
    return _in_order([line for line in heads if _ITEM.match(line.text)])


def _listed(text: str, lines: list[Line]) -> _Heads:
    """The titles that a list of contents near the top names, where they stand again, alone and in its order."""
    named = [_named(line) for line in lines]
    for first in range(min(_CONTENTS, len(lines))):
        heads: list[Line] = []
        at = first
        while at < len(lines) and (again := _again(text, lines, named, at, heads)):
            heads.append(again)
            at += 1
        if len(heads) >= 2 and lines[at - 1].end < heads[0].start:
            edges = [lines[at - 1].end, *(line.start for line in heads), len(text)]
            between, *sizes = (len(words(text[a:b])) for a, b in itertools.pairwise(edges))
            second, most = sorted(sizes)[-2:]  # one article and its notices are no two
            # Above the first head there is a greeting, or an article that the contents name otherwise.
            return [(line, line) for line in heads] if between < _GREETING and _NOTICE * second > most else []
    return []


def _again(text: str, lines: list[Line], named: list[str], at: int, heads: list[Line]) -> Line | None:
    """Where the title that line ``at`` names heads an article: the first such line below it and below ``heads``."""
    after = max(lines[at].start, heads[-1].start if heads else 0)
    for i in range(at + 1, len(lines)):
        if named[at] and named[i] == named[at] and lines[i].start > after:
            alone = text.count("\n", lines[i - 1].end, lines[i].start) > 1
            return lines[i] if alone and title_like(lines[i].text) else None
    return None


def _named(line: Line) -> str:
    """A title as a list of contents and a heading share it: without marks, its number, and capitals."""
    return " ".join(words(_MARK.sub("", plain(line.text, markdown=True))))


def _numbered(text: str, lines: list[Line]) -> _Heads:
    """ "1. WHY WE WAIT", "2. A LETTER": each stands alone; of Markdown's headings in any letters."""
    pairs = itertools.pairwise(lines)
    alone = [line for above, line in pairs if text.count("\n", above.end, line.start) > 1]
    capitals = _in_order([line for line in alone if _ITEM.match(line.text) and line.text.isupper()])
    return capitals or _in_order([line for line in lines if line.text.startswith("#") and _ITEM.match(line.text)])


def _starred(lines: list[Line]) -> _Heads:
    """ "*** WHY WE WAIT ***"."""
    heads = [line for line in lines if _STARRED.match(line.text) and title_like(line.text.strip("* "))]
    return [(line, line) for line in heads] if len(heads) >= 2 else []


def _below_issues(lines: list[Line]) -> _Heads:
    """Issues that are counted up or down, each with its title on the next line."""
    heads = [
        (line, title, number)
        for line, title in itertools.pairwise(lines)
        if (number := _issue(line.text)) and title_like(line.text) and title_like(title.text)
    ]
    numbers = [number for _, _, number in heads]
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    return [(line, title) for line, title, _ in heads] if steps in ({1}, {-1}) else []


def _in_order(heads: list[Line]) -> _Heads:
    numbers = [int(found.group(1)) for line in heads if (found := _ITEM.match(line.text))]
    return [(line, line) for line in heads] if len(heads) >= 2 and numbers == list(range(1, len(heads) + 1)) else []


def _is_rule(line: Line) -> bool:
    return len(line.text) >= _RULE and UNDERLINE.match(line.text) is not None


def _issue(text: str) -> int | None:
    """The number of an issue that a text begins with: "No. 212", "nummer 41"."""
    found = _ISSUE.match(text)
    return int(found.group(2)) if found and "issue" in noise_kinds(found.group(1)) else None


def _counted(text: str) -> bool:
    """Whether a few words hold the number of an issue: "The Letter No. 12"."""
    parts = text.split()
    return len(parts) <= _NAME and any(_issue(" ".join(parts[i:])) for i in range(len(parts)))


def _dated(line: Line) -> str | None:
    found = date_line(line.text, None)
    return found.date if found else None
