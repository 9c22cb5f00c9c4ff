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
_HANG = "  "  # before the lines with which a passage goes on, so that its beginning is seen
#: Key passages a part, and how much of the other lessons (2: title and id, 1: a line each, 0: how many): less where
#: that makes the card fit the terminal. All but the first have no line between what is said at different times.
_SIZES = ((3, 2), (3, 2), (2, 2), (1, 2), (2, 1), (1, 1), (1, 0))


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

    def drawn(most: int, others: int, airy: bool = True, words_first: bool = False) -> str:
        lines = card_lines(
            *(out, out.width, hits[0], ui, situations, languages, full),
            most=most,
            matched=matched,
            words_first=words_first,
            airy=airy,
        )
        with out.capture() as captured:  # written in one go, or not at all
            for line in lines:
                out.print(line, soft_wrap=True)
            show_next(out, hits[1:], ui, others)
        return captured.get()

    if full or height is None:
        return drawn(*_SIZES[0])
    for n, (most, others) in enumerate(_SIZES):
        text = drawn(most, others, airy=n == 0)
        if text.count("\n") < height:
            return text
    return drawn(*_SIZES[0], words_first=True)


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
    airy: bool = True,
) -> list[Text]:
    """One lesson in lines of ``width``. ``most``: key passages a part; ``matched``: words of it that the query matched;
    ``words_first``: the script before the other parts; ``brief``: how many passages are left out as a number alone;
    ``airy``: a line between words that are not spoken in one go, where some take several passages."""
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
        if part.role == "script":
            lines += _script(out, width, part, airy)
        else:
            for text in part.texts:
                lines += _lines(out, width, _marked(text, ""), _INDENT, hang=_HANG)
    if not hit.parts["script"]:
        lines += [Text(), *_lines(out, width, Text(ui["label.no_script"], "quiet"), _INDENT)]
    lines.append(Text())
    facts = [view.review_line(hit, ui), view.source_line(hit, ui), view.translations_line(hit, ui, languages)]
    for line in (*filter(None, facts), f"id: {safe(hit.id)}"):
        lines += _lines(out, width, Text(line, "quiet"), whole=True)
    return lines


def script_lines(out: Console, width: int, hit: Hit, ui: dict[str, str]) -> list[Text]:
    """The words to say of one lesson as its card shows them, in lines of ``width``."""
    found = [part for part in view.parts(hit, ui, full=False, apart=True) if part.role == "script"]
    return [line for part in found for line in _script(out, width, part, airy=True)]


def words_lines(out: Console, width: int, hit: Hit, ui: dict[str, str]) -> list[Text]:
    """All the words to say of one lesson in lines of ``width``, one without words where they do not follow one
    another."""
    lines = [*_lines(out, width, Text(safe(hit.title), "title")), Text()]
    lines += _lines(out, width, Text(ui["script"], "part.script"))
    for n, stretch in enumerate(view.told_apart(hit, ui)):
        for at, text in enumerate(stretch):
            lines += _words(out, width, text, n > 0 and at == 0)
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


def _script(out: Console, width: int, part: view.Part, airy: bool) -> list[Text]:
    gaps = part.begins if airy and len(part.begins) + 1 < len(part.texts) else ()
    return [line for n, text in enumerate(part.texts) for line in _words(out, width, text, n in gaps)]


def _words(out: Console, width: int, text: str, gap: bool) -> list[Text]:
    """A passage of the words to say behind the bar; ``gap``: below a line without words."""
    bar = _bar(out)
    lines = _lines(out, width, _marked(text, "words"), bar, "words.bar", hang=_HANG)
    return [Text(bar.rstrip(), "words.bar"), *lines] if gap else lines


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


def _lines(
    out: Console, width: int, text: Text, margin: str = "", style: str = "", *, hang: str = "", whole: bool = False
) -> list[Text]:
    """A text in lines as wide as fits, each behind the margin, and all but the first behind ``hang``, too; no blanks at
    their ends.

    ``whole``: words are never cut up, so that an id can be copied in one piece; one that is longer than a line stands
    at its very beginning, and the terminal breaks it as it likes.
    """
    width = max(8, width - len(margin))
    lines = []
    for line in _by_words(text, width) if whole else _wrapped(out, text, width, hang):
        line.rstrip()
        before = "" if whole and line.cell_len > width else margin
        lines.append(Text.assemble((before, style), line))
    return lines


def _wrapped(out: Console, text: Text, width: int, hang: str) -> list[Text]:
    """A text in lines; where there are several, those behind the first have ``hang`` before them."""
    lines = list(text.wrap(out, width))
    if not hang or len(lines) < 2 or width <= 2 * len(hang) + 8:
        return lines
    first = lines[0]
    rest = text[len(first.plain) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    return [first, *(Text.assemble(hang, line) for line in rest.wrap(out, width - len(hang)))]


def _by_words(text: Text, width: int) -> list[Text]:
    """A text in lines of whole words."""
    lines: list[Text] = []
    for word in text.split(" "):
        if lines and lines[-1].cell_len + 1 + word.cell_len <= width:
            lines[-1] = Text.assemble(lines[-1], " ", word)
        else:
            lines.append(word)
    return lines
