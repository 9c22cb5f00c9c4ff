"""The card on a terminal, in colour: what is going on, why, what to do, and above all the words to say."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.theme import Theme

from coachkb.model.hit import Hit
from coachkb.model.visible import safe
from coachkb.render import view
from coachkb.render.styles import STYLES

_WIDEST = 96  # columns: longer lines are hard to read
_NO_WRAP = 1_000_000  # colour asked for in a pipe: every line whole


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


def show_card(
    out: Console, hit: Hit, ui: dict[str, str], situations: dict[str, str], languages: dict[str, str], full: bool
) -> None:
    """Prints one lesson."""
    out.print(Text(safe(hit.title), "title"))
    tags = " · ".join(safe(situations.get(id_, id_)) for id_ in hit.situations)
    out.print(Text(tags, "tag") if tags else Text(""))
    for role, heading, texts, more in view.parts(hit, ui, full):
        out.print()
        out.print(Text(heading, f"part.{role}"))
        for text in texts:
            if role == "script":
                out.print(_indented(Text(text, "words")))
            else:
                out.print(_indented(Text(text)))
        if more:
            out.print(_indented(Text(more, "quiet")))
    if not hit.parts["script"]:
        out.print()
        out.print(_indented(Text(ui["label.no_script"], "quiet")))
    out.print()
    facts = [view.review_line(hit, ui), view.source_line(hit, ui), view.translations_line(hit, ui, languages)]
    for line in [*(fact for fact in facts if fact), f"id: {safe(hit.id)}"]:
        out.print(Text(line, "quiet"))


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2), expand=False)


def show_next(out: Console, hits: list[Hit], ui: dict[str, str]) -> None:
    """Prints the next best hits: language, title, id."""
    if not hits:
        return
    out.print()
    out.print(Text(ui["label.also"], "heading"))
    for hit in hits:
        row = Text()
        row.append(f"{hit.language}  ", "quiet")
        row.append(f"{safe(hit.title)}\n")
        row.append(f"{safe(hit.id)} · {view.article_of(hit)}", "quiet")
        out.print(_indented(row))
