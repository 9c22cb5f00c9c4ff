"""``coachkb check [PATH...]``"""

from __future__ import annotations

import os

import click

from coachkb import locate
from coachkb.cli.common import emit, emit_json, kb_option
from coachkb.cli.completing import checks, files
from coachkb.cli.talk import fitted
from coachkb.errors import UsageError
from coachkb.jobs.checking import Report
from coachkb.kb import KnowledgeBase
from coachkb.model.numbers import some
from coachkb.model.visible import safe


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=files)
@click.option("--fix", is_flag=True, help="Mend what can be mended, keeping comments; 'coachkb undo' takes it back.")
@click.option("--stale", is_flag=True, help="What is past its date, has no script, or lost or changed its article.")
@click.option(
    "--only", metavar="CHECK", multiple=True, shell_complete=checks, help="Only this check (may be given again)."
)
@click.option("--explain", is_flag=True, help="What the checks look for; with CHECK as argument, that one at length.")
@click.option("--format", "form", type=click.Choice(["plain", "json"]), default="plain", show_default=True)
@kb_option
@click.pass_context
def command(
    ctx: click.Context, paths: tuple[str, ...], fix: bool, stale: bool, only: tuple[str, ...], explain: bool, form: str
) -> int:
    """What is wrong in a knowledge base: lesson files, articles, settings. Exit code 1 when something is.

    PATH is a file or folder of a knowledge base; without one, all of it is checked.
    """
    if explain:
        return _explain(paths or only, form)
    bases = _bases(ctx, paths)
    reports = [(kb, kb.check(names, only=only, stale=stale, fix=fix)) for kb, names in bases]
    if form == "json":
        from coachkb.render.findings import report_data

        data = [report_data(kb.path or "", report) for kb, report in reports]
        emit_json(data[0] if len(data) == 1 else {"knowledge_bases": data})
    for kb, report in reports:
        _tell(kb, report, form, fix)
    return 1 if any(report.findings for _, report in reports) else 0


def _tell(kb: KnowledgeBase, report: Report, form: str, fix: bool) -> None:
    from coachkb.render.findings import finding_line, place_of, summary

    place = place_of(kb.path or "")
    if form == "plain":
        emit("".join(f"{finding_line(finding, place)}\n" for finding in report.findings))
    for finding in report.fixed:
        click.echo(f"coachkb: mended: {finding_line(finding, place).removesuffix(' (--fix mends it)')}", err=True)
    if report.skipped:
        n = report.skipped
        click.echo(f"coachkb: {some(n, 'file')} skipped by every command until mended", err=True)
    click.echo(f"coachkb: {safe(summary(report, fix))}", err=True)


def _bases(ctx: click.Context, paths: tuple[str, ...]) -> list[tuple[KnowledgeBase, list[str]]]:
    """The knowledge bases that the paths lie in (a hook names files of any), each with its paths."""
    named = ctx.ensure_object(dict).get("kb")
    if named or not paths:
        kb = KnowledgeBase.open(named, lenient=True)
        return [(_told(ctx, kb), list(paths))]
    by_root: dict[str, list[str]] = {}
    for path in paths:
        whole = os.path.abspath(path)
        root = locate.nearest(whole if os.path.isdir(whole) else os.path.dirname(whole)) or os.environ.get("COACHKB_KB")
        if not root:
            raise UsageError(f"{path}: lies in no knowledge base (no folder above it has a {locate.MARK})")
        by_root.setdefault(root, []).append(path)
    found = locate.Located
    return [
        (_told(ctx, KnowledgeBase(found(root, "the folder of the files", False), lenient=True)), names)
        for root, names in by_root.items()
    ]


def _told(ctx: click.Context, kb: KnowledgeBase) -> KnowledgeBase:
    kb.notify = lambda line: click.echo(f"coachkb: {safe(line)}", err=True)
    ctx.call_on_close(kb.close)
    return kb


def _explain(ids: tuple[str, ...], form: str) -> int:
    from coachkb.jobs.checks import CHECKS
    from coachkb.render.findings import explanation, list_of_checks

    unknown = [id_ for id_ in ids if id_ not in CHECKS]
    if unknown:
        raise UsageError(f"there is no check {unknown[0]!r}: one of {', '.join(CHECKS)}")
    chosen = [CHECKS[id_] for id_ in ids] or list(CHECKS.values())
    if form == "json":
        keys = ("id", "about", "explanation", "stale", "always")
        emit_json([{**{key: getattr(check, key) for key in keys}, "fix": bool(check.mend)} for check in chosen])
    else:
        hang = 0 if ids else max(len(check.id) for check in chosen) + 2
        emit(fitted("\n".join(map(explanation, chosen)) if ids else list_of_checks(chosen), hang))
    return 0
