"""``coachkb undo [ENTRY]``"""

from __future__ import annotations

import click

from coachkb.cli.common import emit, emit_json, kb_option, open_kb, warn_of
from coachkb.cli.log import log_data
from coachkb.cli.talk import fitted, talk
from coachkb.jobs.undoing import Undone
from coachkb.model.visible import safe

_SHOWN = 20


@click.command("undo")
@click.argument("entry", type=click.IntRange(min=1), required=False, metavar="[ENTRY]")
@click.option("--dry-run", is_flag=True, help="Say what would be taken back, write nothing.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@kb_option
@click.pass_context
def command(ctx: click.Context, entry: int | None, dry_run: bool, form: str) -> int:
    """Takes back the last thing that was done to the knowledge base: an ingest, a review, an edit, a drop.

    ENTRY, a number from 'coachkb log', takes back another; that of an undo does the thing again. Files that a person
    changed since are named and stay as they are. Ends with 1 when any did, or nothing was left to take back.
    """
    kb = open_kb(ctx)
    done = kb.undo(entry, dry_run=dry_run)
    warn_of(kb)
    kept = [file for file in done.files if file.outcome == "kept"]
    for file in kept:
        talk(f"coachkb: {safe(file.path)}: {safe(file.reason)}; it stays as it is")
    if form == "json":
        files = [{"path": file.path, "outcome": file.outcome, "reason": file.reason} for file in done.files]
        emit_json({"of": log_data(done.of), "id": done.id, "files": files})
    else:
        emit(fitted(_told(done, dry_run)))
    return 1 if kept or not done.changes else 0


def _told(done: Undone, dry_run: bool) -> str:
    changed = [file for file in done.files if file.outcome in ("restored", "removed")]
    lines = [f"{file.outcome:<8}  {safe(file.path)}" for file in changed[:_SHOWN]]
    if len(changed) > _SHOWN:
        lines.append(f"… and {len(changed) - _SHOWN} more")
    what = f"{safe(done.of.action)} {done.of.id} of {safe(done.of.at)}"
    if not done.changes:
        lines.append(_nothing(done, what))
    elif dry_run:
        lines.append(f"This would take back {what}. A dry run: nothing was written.")
    elif done.id is not None:
        lines.append(f"Took back {what}; 'coachkb undo {done.id}' puts it back.")
    else:
        lines.append(f"Took back {what}.")
    return "\n".join(lines) + "\n"


def _nothing(done: Undone, what: str) -> str:
    """That there is nothing to take back, and what else there is to do."""
    earlier = f"'coachkb undo {done.earlier}' takes back what was done before." if done.earlier else ""
    if all(file.outcome == "same" for file in done.files):
        return f"Nothing to take back of {what}: its files stand as they did before it. {earlier}".rstrip()
    return f"Nothing of {what} can be taken back; 'coachkb log' lists what else was done."
