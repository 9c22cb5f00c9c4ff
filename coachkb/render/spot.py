"""The moments of a call: lines for a pipe, a table or blocks for a terminal, a page for the coach, JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from coachkb.model.call import Moment, Spotted
from coachkb.model.visible import safe
from coachkb.render import view

if TYPE_CHECKING:
    from rich.console import Console

#: Columns of a terminal under which a table would be slivers: blocks instead.
_NARROW = 76
#: Characters of what was said and answered that are shown beside other things; JSON and Markdown have it whole.
_SHOWN = 160


def clock(seconds: float) -> str:
    """``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _when(moment: Moment, words: Mapping[str, str]) -> str:
    return clock(moment.time) if moment.time is not None else words["line"].format(n=moment.line)


def _who(moment: Moment, words: Mapping[str, str]) -> str:
    return safe(moment.speaker or "").strip() or words["unnamed"]


def _short(text: str) -> str:
    text = safe(text)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rsplit(' ', 1)[0]}…"


def _sure(moment: Moment, words: Mapping[str, str]) -> str:
    return words["sure"].format(n=round(100 * moment.confidence))


def _lesson(moment: Moment, words: Mapping[str, str]) -> str:
    return f"{safe(moment.lesson.title)} ({safe(moment.lesson.id)})" if moment.lesson else words["no_lesson"]


def plain(spotted: Spotted, words: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A block of lines a moment, none of them wrapped."""
    return "\n".join("\n".join(text for _, text in _block(m, words, names)) + "\n" for m in spotted.moments)


def _block(moment: Moment, words: Mapping[str, str], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The lines of a moment, each with its style."""
    name = safe(names.get(moment.situation, moment.situation))
    yield "heading", f"{_when(moment, words)}  {_who(moment, words)}: {name} ({_sure(moment, words)})"
    yield "", f"  {words['said']}: {_short(moment.quote)}"
    answer = _short(moment.answer) if moment.answer else words["unanswered"]
    yield "" if moment.answer else "quiet", f"  {words['answered']}: {answer}"
    yield "words" if moment.lesson else "quiet", f"  {words['lesson']}: {_lesson(moment, words)}"


def show(out: Console, spotted: Spotted, words: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Prints a table; on a narrow terminal a block a moment."""
    from rich.table import Table
    from rich.text import Text

    from coachkb.render.reviewing import laid_out

    if out.width < _NARROW:
        for n, moment in enumerate(spotted.moments):
            if n:
                out.print()
            for style, text in _block(moment, words, names):
                for line in laid_out([(style, text[: len(text) - len(text.lstrip())], text.lstrip())], out.width):
                    out.print(Text(line[1], style))
        return
    table = Table(box=None, pad_edge=False, header_style="heading", padding=(0, 2, 1, 0))
    table.add_column(words["when"], no_wrap=True)
    table.add_column(words["who"], max_width=14, overflow="fold")
    table.add_column(words["situation"], max_width=20, overflow="fold")
    table.add_column(f"{words['said']} → {words['answered'].lower()}, {words['lesson'].lower()}", overflow="fold")
    for moment in spotted.moments:
        situation = Text(safe(names.get(moment.situation, moment.situation)), "tag")
        situation.append(f"\n{_sure(moment, words)}", "quiet")
        answer = _short(moment.answer) if moment.answer else words["unanswered"]
        told = Text(_short(moment.quote))
        told.append(f"\n→ {answer}", "quiet")
        told.append(f"\n{_lesson(moment, words)}", "words" if moment.lesson else "quiet")
        table.add_row(_when(moment, words), Text(_who(moment, words)), situation, told)
    out.print(table)


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
