"""A post to its blocks: headings, paragraphs, items, turns of dialogue and cells of tables, in text and Markdown.

Hard-wrapped paragraphs are one block each; where every line is a paragraph, every line is a block.
"""

from __future__ import annotations

import functools
import itertools
import re

from coachkb.data.load import profiles
from coachkb.ingest.text import Line, lines_of, words
from coachkb.model.document import Block, Document, Post

ITEM = re.compile(r"^(?:[-*+•·▪◦‣✓✔➤→]|\(?\d{1,2}[.):]|\(?[a-z]\))\s+\S")
TURN = re.compile(r"^(?:[—–―]|-(?=\s?[A-ZÀ-Þ“\"]))\s*\S")
#: A speaker's name and what is said: "You: Good morning.", "**Inköparen (suckar):** Nej."
SPEAKER = re.compile(
    r"^(?:\*\*|__)?([^\W\d_][\w.'’-]*(?: [\w.'’&-]+){0,3}?)(?: ?\([^()]{1,40}\))?(?:\*\*|__)? ?:(?:\*\*|__)? +\S"
)
_MD_HEADING = re.compile(r"^#{1,6}\s+\S")
_ASIDE = re.compile(r"^(?::[ \t]|\[\^[^\]\s]{1,60}\]:)")  # in Markdown: what defines a term, and a footnote
_CELL = re.compile(r"(?:[^|\\\n]|\\.|\\$)+")  # what stands between the strokes of a table's row
_UNDER_HEADER = re.compile(r"^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")
_RULE = re.compile(r"^(?:[-*_=~]\s*){3,}$")
_FENCE = re.compile(r"^(?:```|~~~)")
_END = re.compile(r"[.!?…:;][\"'”’»«)\]]*$")
_SENTENCE = re.compile(r"[.!?…][\"'”’»«)\]]*$")
_NEARLY_ALL = 0.95  # of the lines
_WIDEST_WRAP = 100  # columns; text wrapped wider than this is not hard-wrapped


def is_wrapped(lines: list[Line]) -> bool:
    """Whether line ends are only layout: in most lines that go on, the next line's first word would not have fitted."""
    width = _width(lines)
    if width > _WIDEST_WRAP or width < 40:
        return False
    going_on = fits_not = mid_sentence = 0
    for blank, paragraph in itertools.groupby(lines, lambda line: line.blank):
        pairs = [] if blank else list(itertools.pairwise(paragraph))
        pairs = [(a, b) for a, b in pairs if not ITEM.match(b.text) and not TURN.match(b.text)]
        full = sum(len(line.text) + 1 + len(after.text.split()[0]) > width - 6 for line, after in pairs)
        if full:  # else the head of a mail, an address, a signature
            going_on += len(pairs)
            fits_not += full
            mid_sentence += sum(not _END.search(line.text) for line, _ in pairs)
    return going_on >= 4 and fits_not >= 0.6 * going_on and mid_sentence >= 0.5 * going_on


def _width(lines: list[Line]) -> int:
    """How wide a text's lines are, but for the odd longer one: a header, an address."""
    sizes = sorted(len(line.text) for line in lines if not line.blank)
    return sizes[int(_NEARLY_ALL * len(sizes))] if sizes else 0


def blocks_of(document: Document, post: Post) -> list[Block]:
    """The post's blocks in order, its title line among them (kind ``title``); nothing is judged noise here yet."""
    lines = lines_of(document.text, post.start, post.end)
    markdown = document.suffix == ".md"
    joined = markdown or is_wrapped(lines)
    width = _width(lines)
    spoken = set() if markdown else _spoken(lines)
    named = _named_turns(lines)
    blocks: list[Block] = []
    open_kind: str | None = None
    fenced = False
    for i, line in enumerate(lines):
        text = line.text
        if markdown and _FENCE.match(text):
            fenced = not fenced
            open_kind = None
            continue
        if markdown and not fenced and text.startswith("|"):
            blocks += _row(line, lines[i + 1].text if i + 1 < len(lines) else "")
            open_kind = None
            continue
        if line.blank or _RULE.match(text):
            if markdown and text and set(text) <= {"=", "-"} and blocks and open_kind == "text" and text[0] * 3 in text:
                last = blocks[-1]  # an underlined heading
                blocks[-1] = Block(last.start, last.end, "heading", 1 if text[0] == "=" else 2)
            open_kind = None
            continue
        kind = _kind(text, markdown)
        if kind == "turn" and text[0] == "-" and line.start not in spoken:
            kind = "item"
        if line.start in named:
            kind = "turn"
        if line.start == post.title_start:
            kind = "title"
        goes_on = (
            kind == "text"
            and open_kind in ("text", "item", "turn")
            and joined
            and not fenced
            and not (not markdown and _short_break(lines[i - 1], text, width))
        )
        if goes_on:
            last = blocks[-1]
            blocks[-1] = Block(last.start, line.end, last.kind, last.level)
        else:
            level = len(text) - len(text.lstrip("#")) if kind == "heading" and markdown else 0
            blocks.append(Block(line.start, line.end, kind, level))
            open_kind = kind if kind not in ("heading", "title") else None
    return blocks if markdown else _with_headings(document.text, blocks)


def _row(line: Line, below: str) -> list[Block]:
    """The cells of a table's row, each with the number of its column as level; a rule below makes them its header."""
    if _UNDER_HEADER.match(line.text):
        return []
    kind = "header" if below.startswith("|") and _UNDER_HEADER.match(below) else "cell"
    found: list[Block] = []
    for column, cell in enumerate(_CELL.finditer(line.text)):
        inside = cell.group()
        if inside.strip():
            start = line.start + cell.start() + len(inside) - len(inside.lstrip())
            found.append(Block(start, start + len(inside.strip()), kind, column))
    return found


def _spoken(lines: list[Line]) -> set[int]:
    """Starts of the lines that a hyphen makes a turn of a dialogue: in most of their run, sentences end."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        if line.text.startswith("-") and TURN.match(line.text):
            runs[-1].append(line)
        elif not line.blank and runs[-1]:
            runs.append([])
    found: set[int] = set()
    for run in runs:
        ended = sum(bool(_SENTENCE.search(line.text)) for line in run)
        asked = any(line.text.rstrip("\"'”’»").endswith(("?", "!")) for line in run)
        if run and 3 * ended >= 2 * len(run) and (asked or 2 * ended > 3 * len(run) // 2):
            found.update(line.start for line in run)
    return found


def _named_turns(lines: list[Line]) -> set[int]:
    """Starts of the lines that a speaker's name makes a turn: three or more in a run, by few speakers who take turns.

    A run may hold lines without a name (a remark, the rest of a wrapped turn), but no two of them in a row.
    """
    runs: list[list[tuple[int, str]]] = [[]]
    others = 0
    for line in lines:
        if line.blank:
            continue
        found = SPEAKER.match(line.text)
        if found and not ITEM.match(line.text):
            runs[-1].append((line.start, found.group(1).lower()))
            others = 0
        elif runs[-1]:
            others += 1
            if others > 1:
                runs.append([])
    turns: set[int] = set()
    for run in runs:
        names = [name for _, name in run]
        changes = sum(a != b for a, b in itertools.pairwise(names))
        if len(run) >= 3 and len(set(names)) <= max(2, len(run) // 2) and 2 * changes >= len(run) - 1:
            if len(set(names)) < len(names) and not set(names) & _field_names():
                turns.update(start for start, _ in run)
    return turns


@functools.cache
def _field_names() -> frozenset[str]:
    """What opens a field of a list in any language, and so is no speaker: "Reply: …"."""
    return frozenset(name for p in profiles().values() for names in p.fields.values() for name in names)


def _kind(text: str, markdown: bool) -> str:
    if markdown and _MD_HEADING.match(text):
        return "heading"
    if markdown and _ASIDE.match(text):
        return "item"
    if TURN.match(text):
        return "turn"
    if ITEM.match(text):
        return "item"
    return "text"


def _short_break(line: Line, after: str, width: int) -> bool:
    """Whether a line of wrapped text ends early, so that its end is the author's."""
    return len(line.text) + 1 + len(after.split(maxsplit=1)[0]) < width - 18 and bool(_END.search(line.text))


def _with_headings(text: str, blocks: list[Block]) -> list[Block]:
    """Short lines that do not end like a sentence and have a paragraph below them are headings."""
    found: list[Block] = []
    for i, block in enumerate(blocks):
        words_here = text[block.start : block.end]
        after = blocks[i + 1] if i + 1 < len(blocks) else None
        if (
            block.kind in ("text", "item")
            and after is not None
            and len(words_here) <= 90
            and "\n" not in words_here
            and not re.search(r"[.,;:…][\"'”’»«)\]]*$", words_here)
            and len(words(words_here)) <= 14
            and after.kind == "text"
            and after.end - after.start > max(90, len(words_here))
        ):
            found.append(Block(block.start, block.end, "heading", 0))
        else:
            found.append(block)
    return found
