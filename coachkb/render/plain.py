"""Plain text for pipes and for the fast door: no colour, no wrapping, every line whole."""

from __future__ import annotations

from coachkb.model.hit import Hit
from coachkb.model.visible import safe
from coachkb.render import view

#: Nothing is near that is less likely meant (0 to 1): any of the situations would do as well.
_NEAR = 0.05


def card(
    hit: Hit, ui: dict[str, str], situations: dict[str, str], languages: dict[str, str], full: bool = False
) -> str:
    """One lesson: title, situations, the four parts, where it comes from."""
    tags = ", ".join(safe(situations.get(id_, id_)) for id_ in hit.situations)
    out = [] if hit.sure else [ui["label.guess"], ""]
    out += [safe(hit.title), f"{tags} ({view.review_line(hit, ui)})" if tags else f"({view.review_line(hit, ui)})"]
    for part in view.parts(hit, ui, full):
        out += ["", part.heading.upper()]
        out += [f"  {'> ' if part.role == 'script' else ''}{text}" for text in part.texts]
        if part.more:
            out.append(f"  {view.more_line(part.more, ui)}")
    if not hit.parts["script"]:
        out += ["", f"  {ui['label.no_script']}"]
    out.append("")
    out += [line for line in (view.source_line(hit, ui), view.translations_line(hit, ui, languages)) if line]
    out.append(f"id: {safe(hit.id)}")
    return "\n".join(out) + "\n"


def next_best(hits: list[Hit], ui: dict[str, str]) -> str:
    """The other hits as a short list: language, title, id, article."""
    if not hits:
        return ""
    rows = [f"  {hit.language}  {safe(hit.title)}  ({safe(hit.id)}; {view.article_of(hit)})" for hit in hits]
    return "\n".join(["", f"{ui['label.also']}:", *rows]) + "\n"


def nothing(meant: list[tuple[str, float]], ui: dict[str, str], situations: dict[str, str]) -> str:
    """That nothing fits, and the nearest situations to browse."""
    out = [ui["label.nothing"]]
    meant = [(id_, likely) for id_, likely in meant if likely >= _NEAR]
    if meant:
        out.append(ui["label.nearest"])
        out += [f"  {safe(situations.get(id_, id_))}  (coachkb browse --situation {safe(id_)})" for id_, _ in meant[:3]]
    else:
        out.append(ui["label.see_situations"])
    return "\n".join(out) + "\n"
