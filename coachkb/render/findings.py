"""What a check found: one line a finding, to click on or to parse."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from coachkb.jobs.checking import Report
from coachkb.jobs.checks.base import Check, Finding
from coachkb.model.numbers import some
from coachkb.model.visible import safe


def finding_line(finding: Finding, place: str) -> str:
    """``path:line: message [check]``, as compilers and linters write it. ``place``: the KB as seen from here."""
    mark = " (--fix mends it)" if finding.fixable else ""
    return f"{safe(os.path.join(place, finding.file))}:{finding.line}: {safe(finding.message)} [{finding.check}]{mark}"


def place_of(kb: str) -> str:
    """A KB's folder as seen from the current one: relative when it lies below, else as it was given."""
    try:
        here = os.path.relpath(os.path.realpath(kb), os.path.realpath(os.getcwd()))
    except (OSError, ValueError):  # no current folder; another drive
        return kb
    if here == ".":
        return ""
    return kb if here.startswith(os.pardir) else here


def summary(report: Report, fix: bool = False) -> str:
    """How many were found, where, and how many can be mended; ``fix``: what is left after that was tried."""
    n, files = len(report.findings), len({finding.file for finding in report.findings})
    checked = f"{some(report.files, 'lesson file')} checked"
    told = f"{some(n, 'finding')} in {some(files, 'file')}" if n else "nothing found"
    if report.fixed:
        told = f"{len(report.fixed)} mended, {told}"
    fixable = sum(finding.fixable for finding in report.findings)
    if fix and n:
        return f"{checked}: {told}; what is left is mended by hand"
    more = f"; {fixable} of them can be mended: coachkb check --fix" if fixable else ""
    return f"{checked}: {told}{more}"


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding for JSON: every key present."""
    return {
        "check": finding.check,
        "file": finding.file,
        "line": finding.line,
        "field": finding.field,
        "lesson": finding.lesson,
        "article": finding.article,
        "message": finding.message,
        "fixable": finding.fixable,
    }


def report_data(kb: str, report: Report) -> dict[str, Any]:
    """A report for JSON."""
    return {
        "kb": kb,
        "files": report.files,
        "skipped": report.skipped,
        "findings": [finding_data(finding) for finding in report.findings],
        "fixed": [finding_data(finding) for finding in report.fixed],
    }


def explanation(check: Check) -> str:
    """What a check looks for, why, and what to do."""
    fix = "--fix mends it where it can." if check.mend else "It is mended by hand."
    when = "Under --stale too." if check.stale and check.always else "Under --stale." if check.stale else ""
    return f"{check.id}: {check.about}\n\n{check.explanation}\n\n{' '.join(part for part in (fix, when) if part)}\n"


def list_of_checks(checks: Iterable[Check]) -> str:
    """The checks, a line each."""
    rows = list(checks)
    width = max(len(check.id) for check in rows)
    return "".join(f"{check.id:<{width}}  {check.about}{' (fix)' if check.mend else ''}\n" for check in rows)
