"""``coachkb ingest [PATH...]``"""

from __future__ import annotations

import sys

import click

from coachkb.cli.common import color, emit, emit_json, kb_option, on_terminal, open_kb, warn_of
from coachkb.cli.completing import files
from coachkb.cli.talk import fitted, talk
from coachkb.kb import Ingested
from coachkb.model.numbers import some
from coachkb.model.visible import safe


@click.command("ingest")
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=files)
@click.option("--dry-run", is_flag=True, help="Say what would be done, write nothing.")
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="How many processes extract; 0: one a core. What they make is the same.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 when any article failed, not only with 3 when all did.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@kb_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], dry_run: bool, jobs: int, strict: bool, form: str) -> int:
    """Articles into lessons.

    PATH is a file or a folder (.txt, .md, .html), or - for standard input; without one, the knowledge base's own
    articles are read. A folder that is no knowledge base yet becomes one when there is something to put into it.
    Nothing that a person edited is overwritten, and nothing is rewritten that did not change. Lessons on file are
    tagged with situations of your own that came after them.
    """
    kb = open_kb(ctx, create=True, dry_run=True)  # it is made when something is to be written to it
    if kb.path and not kb.located.named and (dry_run or not kb.to_be_made):
        talk(f"coachkb: into {safe(kb.path)} ({kb.located.why})")
    progress = _progress(ctx)
    try:
        results = kb.ingest(paths, dry_run=dry_run, stdin=sys.stdin.buffer.read, progress=progress.update, jobs=jobs)
    finally:
        progress.close()
    warn_of(kb)
    for r in results:
        if r.reason:
            talk(f"coachkb: {safe(r.origin)}: {safe(r.reason)}")
    if form == "json":
        from coachkb.render.data import ingest_data

        emit_json(ingest_data(results))
    else:
        _summary(ctx, results, dry_run)
    failed = [r for r in results if r.status == "failed"]
    if len(failed) == len(results):
        return 3
    return 1 if strict and failed else 0


class _Progress:
    """A bar on a terminal, nothing elsewhere."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._bar: object | None = None

    def update(self, done: int, total: int, name: str) -> None:
        if not self._shown or total < 2:
            return
        from rich.progress import Progress

        from coachkb.render.card import console

        if self._bar is None:
            bar = Progress(transient=True, console=console(None, stderr=True))
            bar.start()
            self._bar, self._task = bar, bar.add_task("Reading articles", total=total)
        assert isinstance(self._bar, Progress)
        self._bar.update(self._task, completed=done)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()  # type: ignore[attr-defined]


def _progress(ctx: click.Context) -> _Progress:
    return _Progress(sys.stderr.isatty() and color(ctx) is not False)


_INDENT = " " * 11  # behind a status
_NARROW = 60  # columns of a terminal under which that is room for ids
_STATUS_ORDER = ("new", "changed", "unchanged", "none", "failed")


def _called(result: Ingested, results: list[Ingested]) -> str:
    """An article as the list names it: as it was given; by its name alone when that leads up through other folders."""
    name = result.origin.rpartition("/")[2]
    alone = sum(other.origin.rpartition("/")[2] == name for other in results) == 1
    return safe(name if result.origin.startswith("../") and alone else result.origin)


def _list(ctx: click.Context, results: list[Ingested]) -> None:
    """The list in colour: ids stay in one piece, to be copied."""
    from rich.text import Text

    from coachkb.render.card import console, show_text

    out = console(color(ctx))
    narrow = out.width < _NARROW
    for r in results:
        status = (r.status if narrow else f"{r.status:<9}", f"status.{r.status}")
        show_text(out, Text.assemble(status, "  ", _called(r, results)), whole=True)
        for id_ in r.lessons:
            show_text(out, Text(safe(id_), "quiet"), "  " if narrow else _INDENT, whole=True)


def _summary(ctx: click.Context, results: list[Ingested], dry_run: bool) -> None:
    counts = {status: sum(r.status == status for r in results) for status in _STATUS_ORDER}
    lessons = len({id_ for r in results for id_ in r.lessons})  # an article may lie in two folders
    if on_terminal(ctx):
        _list(ctx, results)
    else:
        for r in results:
            emit(f"\n{_INDENT}".join([f"{r.status:<9}  {_called(r, results)}", *map(safe, r.lessons)]) + "\n")
    told = ", ".join(f"{n} {status}" for status, n in counts.items() if n) or "nothing to read"
    line = f"{some(len(results), 'article')}: {told}; {some(lessons, 'lesson')}."
    if results and counts["unchanged"] == len(results):
        line += " Nothing was rewritten."
    if dry_run:
        line += " A dry run: nothing was written."
    emit(f"{fitted(line)}\n")
