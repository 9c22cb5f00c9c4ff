"""``coachkb situations``"""

from __future__ import annotations

import click

from coachkb.cli.common import (
    emit,
    emit_json,
    kb_option,
    language_option,
    not_both,
    open_kb,
    reader_of,
    template_option,
    warn_of,
)
from coachkb.cli.talk import fitted
from coachkb.model.visible import safe
from coachkb.render.template import SITUATION_FIELDS, Template, situation_values


@click.command("situations")
@language_option("The language to name them in.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@template_option(SITUATION_FIELDS)
@kb_option
@click.pass_context
def command(ctx: click.Context, lang: str | None, form: str, template: Template | None) -> int:
    """The situations that lessons are tagged with, and how many lessons each has in each language."""
    not_both(template, form)
    kb = open_kb(ctx)
    code = reader_of(kb, lang) or "en"
    vocabulary = kb.vocabulary()
    counts = kb.counts(kb.browse())
    warn_of(kb)
    if form == "json":
        from coachkb.data.load import language_codes

        codes = language_codes()
        rows = [
            {
                "id": id_,
                "names": {
                    **dict.fromkeys(codes),
                    **{code: labels.name for code, labels in situation.labels.items()},
                },
                "lessons": {code: counts.get(id_, {}).get(code, 0) for code in codes},
            }
            for id_, situation in vocabulary.items()
        ]
        emit_json(rows)
        return 0
    if template is not None:
        for id_, situation in vocabulary.items():
            emit(template(situation_values(id_, situation.name(code), counts.get(id_, {}))))
        return 0
    width = max(len(id_) for id_ in vocabulary)
    for id_, situation in vocabulary.items():
        held = "  ".join(f"{c} {n}" for c, n in sorted(counts.get(id_, {}).items()))
        line = f"{id_:<{width}}  {safe(situation.name(code))}{'  (' + held + ')' if held else ''}"
        emit(f"{fitted(line, width + 2)}\n")
    return 0
