"""The moments of a call: a block of lines each, a table of a line each, a page for the coach, JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from coachkb.model.call import Moment, Spotted
from coachkb.model.visible import safe
from coachkb.render import view

if TYPE_CHECKING:
    from rich.console import Console

_INDENT = "  "
#: Characters of what was said and answered that are shown beside other things; JSON and Markdown have it whole.
_SHOWN = 160
_IN_A_ROW = 60  # of them in a table


def clock(seconds: float) -> str:
    """``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _when(moment: Moment, words: Mapping[str, str]) -> str:
    return clock(moment.time) if moment.time is not None else words["line"].format(n=moment.line)


def _who(moment: Moment, words: Mapping[str, str]) -> str:
    return safe(moment.speaker or "").strip() or words["unnamed"]


def _short(text: str, most: int = _SHOWN) -> str:
    text = safe(text)
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"


def _sure(moment: Moment, words: Mapping[str, str]) -> str:
    return words["sure"].format(n=round(100 * moment.confidence))


def plain(spotted: Spotted, words: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A block of lines a moment, none of them wrapped."""
    blocks = [
        [f"{margin}{''.join(text for text, _ in line)}\n" for margin, line in _block(m, words, names)]
        for m in spotted.moments
    ]
    return "\n".join("".join(lines) for lines in blocks)


def table(spotted: Spotted, words: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A line a moment below a head: a call at a glance. None is cut or wrapped, so that ids can be copied."""
    from rich.cells import cell_len, set_cell_size

    rows = [[words[key] for key in ("when", "who", "situation", "said", "lesson")]]
    for moment in spotted.moments:
        name = f"{safe(names.get(moment.situation, moment.situation))}, {_sure(moment, words)}"
        lesson = safe(moment.lesson.id) if moment.lesson else words["no_lesson"]
        rows.append([_when(moment, words), _who(moment, words), name, _short(moment.quote, _IN_A_ROW), lesson])
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{'  '.join(map(set_cell_size, row, widths)).rstrip()}\n" for row in rows)


def _block(
    moment: Moment, words: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The lines of a moment: their margin, and pieces of text with their styles."""
    name = safe(names.get(moment.situation, moment.situation))
    who = f"{_when(moment, words)}  {_who(moment, words)}: "
    yield "", [(who, "heading"), (name, "tag"), (f" ({_sure(moment, words)})", "quiet")]
    answer = (_short(moment.answer), "") if moment.answer else (words["unanswered"], "quiet")
    yield _INDENT, [(f"{words['said']}: ", "quiet"), (_short(moment.quote), "")]
    yield _INDENT, [(f"{words['answered']}: ", "quiet"), answer]
    lesson = [(words["no_lesson"], "quiet")]
    if moment.lesson:
        lesson = [(safe(moment.lesson.title), "words"), (f" ({safe(moment.lesson.id)})", "quiet")]
    yield _INDENT, [(f"{words['lesson']}: ", "quiet"), *lesson]


def show(out: Console, spotted: Spotted, words: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Prints a block a moment; ids stay in one piece, to be copied."""
    from rich.text import Text

    from coachkb.render.card import show_text

    for n, moment in enumerate(spotted.moments):
        if n:
            out.print()
        for margin, line in _block(moment, words, names):
            show_text(out, Text.assemble(*line), margin, whole=True)


def markdown(spotted: Spotted, words: Mapping[str, str], names: Mapping[str, str], call: str) -> str:
    """A page for the coach: each moment with what was said, what was answered, and the words of the lesson."""
    from coachkb.export.markdown import escape

    out = [f"# {words['title']}", "", escape(call), ""]
    for moment in spotted.moments:
        name = escape(names.get(moment.situation, moment.situation))
        out += [f"## {_when(moment, words)} · {escape(_who(moment, words))} · {name}", ""]
        out += [f"**{words['said']}** ({_sure(moment, words)})", "", f"> {escape(moment.quote)}", ""]
        answer = f"> {escape(moment.answer)}" if moment.answer else f"*{words['unanswered']}*"
        out += [f"**{words['answered']}**", "", answer, ""]
        if moment.lesson is None:
            out += [f"*{words['no_lesson']}*", ""]
            continue
        out += [f"**{words['lesson']}**: {escape(moment.lesson.title)} ({escape(moment.lesson.id)})", ""]
        texts, _ = view.shown(moment.lesson, "script", False)
        if texts:
            out += [f"**{words['say']}**", ""]
            out += [*[line for text in texts for line in (f"> {escape(text)}", ">")][:-1], ""]
    return "\n".join(out).rstrip("\n") + "\n"


def data(spotted: Spotted) -> dict[str, Any]:
    """The call as plain data: every key present, unknown is null; times in seconds, lines from 1."""
    return {
        "language": spotted.language,
        "turns": spotted.turns,
        "speakers": [{"name": name, "side": side} for name, side in spotted.speakers],
        "moments": [
            {
                "time": moment.time,
                "line": moment.line,
                "speaker": moment.speaker,
                "side": moment.side,
                "situation": moment.situation,
                "confidence": round(moment.confidence, 4),
                "quote": moment.quote,
                "answer": moment.answer,
                "lesson": _lesson_data(moment),
            }
            for moment in spotted.moments
        ],
    }


def _lesson_data(moment: Moment) -> dict[str, Any] | None:
    hit = moment.lesson
    if hit is None:
        return None
    texts = [safe(text) for text, *_ in view.chosen(hit, "script", False)]
    return {"id": hit.id, "title": hit.title, "language": hit.language, "script": texts}
