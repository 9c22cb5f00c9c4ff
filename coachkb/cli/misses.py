"""``coachkb misses``"""

from __future__ import annotations

import click

from coachkb.cli.common import emit, emit_json, kb_option, open_kb, warn_of
from coachkb.cli.talk import talk
from coachkb.errors import UsageError
from coachkb.jobs.missing import Missed
from coachkb.kb import KnowledgeBase
from coachkb.model.visible import safe
from coachkb.store import misses

_NAMED = 200  # characters of the queries that are no words


@click.command("misses")
@click.option("--clear", is_flag=True, help="Empty the log instead.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), help="Plain unless JSON is asked for.")
@kb_option
@click.pass_context
def command(ctx: click.Context, clear: bool, form: str | None) -> int:
    """What was asked and nothing answered, or only a guess: lessons to write, the most asked for first.

    Look-ups that find nothing, or are not sure, are kept on this machine alone, cut to 200 characters, the newest
    1,000 at most.
    'misses: false' in coachkb.yaml or COACHKB_MISSES=0 switches that off.
    """
    if clear:
        if form is not None:
            raise UsageError("--clear or --format, not both")
        n = misses.forget()
        talk(f"coachkb: {n} {'query' if n == 1 else 'queries'} forgotten")
        return 0
    kb = open_kb(ctx)
    found = kb.misses()
    warn_of(kb)
    if form == "json":
        emit_json({"misses": [_data(item) for item in found]})
    else:
        emit(_plain(kb, found))
    return 0


def _data(item: Missed) -> dict[str, object]:
    return {
        "query": item.query,
        "times": item.times,
        "language": item.language,
        "situations": [{"id": id_, "score": round(score, 4)} for id_, score in item.situations],
        "answered_by": item.answered_by,
        "guess": item.guess,
    }


def _plain(kb: KnowledgeBase, found: list[Missed]) -> str:
    open_ = [item for item in found if item.answered_by is None and item.words]
    names = {id_: situation.name("en") for id_, situation in kb.vocabulary().items()}
    out: list[str] = []
    for guess, heading in (
        (False, "Lessons to write, the most asked for first:"),
        (True, "Answered with a guess alone:"),
    ):
        some = [item for item in open_ if item.guess == guess]
        out += ([""] if out else []) + [heading] if some else []
        for item in some:
            out += ["", f"{item.times} x  {item.language or '??'}  {safe(item.query)}"]
            near = [f"{safe(names.get(id_, id_))} ({safe(id_)})" for id_, _ in item.situations]
            out.append(f"    nearest: {', '.join(near) or 'no situation stands out'}")
    out = out or ["Nothing was asked that has no answer."]
    if open_:
        out += ["", "Begin one: coachkb new TITLE --lang CODE --situation ID"]
    answered = sum(item.answered_by is not None for item in found)
    if answered:
        out += ["", f"{answered} more {'is' if answered == 1 else 'are'} answered by now."]
    slips = len(found) - len(open_) - answered
    if slips:
        named = "; ".join(safe(item.query) for item in found if item.answered_by is None and not item.words)
        cut = named if len(named) <= _NAMED else f"{named[:_NAMED]}…"
        out += ["", f"{slips} more {'has' if slips == 1 else 'have'} no word that is known here: {cut}"]
    return "\n".join(out) + "\n"
