"""The card on a terminal, in colour: what is going on, why, what to do, and above all the words to say."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from coachkb.model.hit import Hit
from coachkb.model.visible import safe
from coachkb.render import view
from coachkb.render.styles import STYLES

_WIDEST = 96  # columns: longer lines are hard to read
_NO_WRAP = 1_000_000  # colour asked for in a pipe: every line whole
_INDENT = "  "
_BAR = "┃ "  # before the words to say, so that they stand out without colour, too
_PLAIN_BAR = "| "
#: Key passages a part, and how much of the other lessons (2: title and id, 1: a line each, 0: how many): less where
#: that makes the card fit the terminal.
_SIZES = ((3, 2), (2, 2), (1, 2), (2, 1), (1, 1), (1, 0))


class _Console(Console):
    """rich ends the program with 1 when the reader of a pipe has gone; ``coachkb … | head`` is no failure."""

    def on_broken_pipe(self) -> None:
        """Leaves it to the one place where exceptions end."""
        raise BrokenPipeError


def console(color: bool | None, stderr: bool = False) -> Console:
    """A console with our styles. ``color``: True always, False never, None where the terminal can."""
    theme = Theme(STYLES)  # over rich's own, which its progress bar needs
    made = _Console(
        theme=theme,
        stderr=stderr,
        force_terminal=True if color else None,
        no_color=color is False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if not made.file.isatty():
        made.width = _NO_WRAP
    elif made.width > _WIDEST:
        made.width = _WIDEST
    return made


def card_that_fits(
    out: Console,
    hits: list[Hit],
    ui: dict[str, str],
    situations: dict[str, str],
    languages: dict[str, str],
    full: bool = False,
    matched: frozenset[str] = frozenset(),
    height: int | None = None,
) -> str:
    """The first lesson as a card, and the others as a list.

    ``height``: lines that the terminal has; with fewer than the card takes, it gets smaller by ``_SIZES``. When that
    does not help, the words to say come first, so that they are what is seen. None: any number of lines will do.
    """

    def drawn(most: int, others: int, words_first: bool = False) -> str:
        with out.capture() as captured:  # written in one go, or not at all
            show_card(
                out, hits[0], ui, situations, languages, full, most=most, matched=matched, words_first=words_first
            )
            show_next(out, hits[1:], ui, others)
        return captured.get()

    if full or height is None:
        return drawn(*_SIZES[0])
    for most, others in _SIZES:
        text = drawn(most, others)
        if text.count("\n") < height:
            return text
    return drawn(*_SIZES[0], words_first=True)


def show_card(
    out: Console,
    hit: Hit,
    ui: dict[str, str],
    situations: dict[str, str],
    languages: dict[str, str],
    full: bool,
    *,
    most: int = _SIZES[0][0],
    matched: frozenset[str] = frozenset(),
    words_first: bool = False,
) -> None:
    """Prints one lesson, as ``card_lines`` lays it out."""
    for line in card_lines(
        out, out.width, hit, ui, situations, languages, full, most=most, matched=matched, words_first=words_first
    ):
        out.print(line, soft_wrap=True)


def card_lines(
    out: Console,
    width: int,
    hit: Hit,
    ui: dict[str, str],
    situations: dict[str, str],
    languages: dict[str, str],
    full: bool,
    *,
    most: int = _SIZES[0][0],
    matched: frozenset[str] = frozenset(),
    words_first: bool = False,
    brief: bool = False,
) -> list[Text]:
    """One lesson in lines of ``width``. ``most``: key passages a part; ``matched``: words of it that the query matched;
    ``words_first``: the script before the other parts; ``brief``: how many passages are left out as a number alone."""
    lines = [] if hit.sure else [*_lines(out, width, Text(ui["label.guess"], "guess")), Text()]
    lines += _lines(out, width, _marked(view.mark(safe(hit.title), matched), "title"))
    tags = " · ".join(safe(situations.get(id_, id_)) for id_ in hit.situations)
    if tags:
        lines += _lines(out, width, Text(tags, "tag"))
    parts = view.parts(hit, ui, full, most, matched, apart=True)
    for part in sorted(parts, key=lambda part: part.role != "script") if words_first else parts:
        heading = Text.assemble((part.heading, f"part.{part.role}"))
        if part.more:
            heading.append(f"  +{part.more}" if brief else f"  {view.more_line(part.more, ui)}", "quiet")
        lines += [Text(), *_lines(out, width, heading)]
        for text in part.texts:
            if part.role == "script":
                lines += _lines(out, width, _marked(text, "words"), _bar(out), "words.bar")
            else:
                lines += _lines(out, width, _marked(text, ""), _INDENT)
    if not hit.parts["script"]:
        lines += [Text(), *_lines(out, width, Text(ui["label.no_script"], "quiet"), _INDENT)]
    lines.append(Text())
    facts = [view.review_line(hit, ui), view.source_line(hit, ui), view.translations_line(hit, ui, languages)]
    for line in (*filter(None, facts), f"id: {safe(hit.id)}"):
        lines += _lines(out, width, Text(line, "quiet"), whole=True)
    return lines


def words_lines(out: Console, width: int, hit: Hit, ui: dict[str, str]) -> list[Text]:
    """All the words to say of one lesson in lines of ``width``, an empty one where they do not follow one another."""
    lines = [*_lines(out, width, Text(safe(hit.title), "title")), Text()]
    lines += _lines(out, width, Text(ui["script"], "part.script"))
    for n, stretch in enumerate(view.told_apart(hit, ui)):
        lines += [Text()] if n else []
        for text in stretch:
            lines += _lines(out, width, _marked(text, "words"), _bar(out), "words.bar")
    if not hit.parts["script"]:
        lines += _lines(out, width, Text(ui["label.no_script"], "quiet"), _INDENT)
    return lines


def said_lines(out: Console, stretches: list[list[str]]) -> list[Text]:
    """The words to say of one lesson, a passage as many lines as it takes, an empty one between stretches, which may
    have the view's markers."""
    lines: list[Text] = []
    for n, stretch in enumerate(stretches):
        lines += [Text()] if n else []
        for text in stretch:
            lines += _lines(out, out.width, _marked(text, ""))
    return lines


def show_next(out: Console, hits: list[Hit], ui: dict[str, str], much: int = 2) -> None:
    """Prints the next best hits: language, title, id; less of them by ``much``, as in ``_SIZES``."""
    if not hits:
        return
    out.print()
    heading = Text.assemble((ui["label.also"], "heading"))
    if much == 0:
        heading.append(f"  {view.more_line(len(hits), ui)}", "quiet")
    show_text(out, heading)
    for hit in hits if much else ():
        title, id_ = Text.assemble((f"{hit.language}  ", "quiet"), safe(hit.title)), Text(safe(hit.id), "quiet")
        if much == 1:  # the title, cut where it must be; the id only where there is room for all of it
            both = Text.assemble(title, "  ", id_)
            line = both if both.cell_len <= out.width - len(_INDENT) else title
            line.truncate(max(8, out.width - len(_INDENT)), overflow="ellipsis")
            show_text(out, line, _INDENT)
        else:
            show_text(out, title, _INDENT)
            show_text(out, id_, _INDENT * 3, whole=True)


def _bar(out: Console) -> str:
    return _BAR if out.encoding.startswith("utf") else _PLAIN_BAR


def _marked(text: str, style: str) -> Text:
    """A text of the view, what stands between its markers in the styles of a match and of an aside."""
    made = Text(style=style)
    starts = {view.MATCH: -1, view.ASIDE: -1}
    piece = ""
    for char in f"{text}{view.END}":
        if char not in (view.MATCH, view.END, view.ASIDE, view.SAID):
            piece += char
            continue
        made.append(piece)
        piece = ""
        if char in starts:
            starts[char] = len(made)
            continue
        opened, name = (view.MATCH, "match") if char == view.END else (view.ASIDE, "words.aside")
        if starts[opened] >= 0:
            made.stylize(name, starts[opened])
            starts[opened] = -1
    return made


def show_text(out: Console, text: Text, margin: str = "", whole: bool = False) -> None:
    """Prints a text in lines as wide as fits, each behind the margin; ``whole``: no word of it is cut up."""
    for line in _lines(out, out.width, text, margin, whole=whole):
        out.print(line, soft_wrap=True)


def _lines(out: Console, width: int, text: Text, margin: str = "", style: str = "", whole: bool = False) -> list[Text]:
    """A text in lines as wide as fits, each behind the margin; no blanks at their ends.

    ``whole``: words are never cut up, so that an id can be copied in one piece; one that is longer than a line stands
    at its very beginning, and the terminal breaks it as it likes.
    """
    width = max(8, width - len(margin))
    lines = []
    for line in _by_words(text, width) if whole else text.wrap(out, width):
        line.rstrip()
        before = "" if whole and line.cell_len > width else margin
        lines.append(Text.assemble((before, style), line))
    return lines


def _by_words(text: Text, width: int) -> list[Text]:
    """A text in lines of whole words."""
    lines: list[Text] = []
    for word in text.split(" "):
        if lines and lines[-1].cell_len + 1 + word.cell_len <= width:
            lines[-1] = Text.assemble(lines[-1], " ", word)
        else:
            lines.append(word)
    return lines
