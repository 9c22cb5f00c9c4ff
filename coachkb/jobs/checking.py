"""Runs the checks of ``coachkb.jobs.checks`` over a knowledge base, and mends what can be mended."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb import locate
from coachkb.errors import UnusableKB, UsageError
from coachkb.jobs import freshness
from coachkb.jobs.checks import CHECKS
from coachkb.jobs.checks.base import Check, Checked, Finding, LessonOnFile
from coachkb.jobs.indexing import bring_index_up_to_date
from coachkb.model.numbers import some
from coachkb.store import journal

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. ``fixed``: what was found and mended. ``files``: how many lesson
    files were looked at; ``skipped``: those of them no command can use."""

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    files: int
    skipped: int


def check(kb: KnowledgeBase, paths: Sequence[str], only: Sequence[str], stale: bool, fix: bool) -> Report:
    """See ``KnowledgeBase.check``."""
    if kb.path is None:
        raise UnusableKB(
            "there is no knowledge base here to check: open one by its path",
            "there is no knowledge base here to check: name one with --kb",
        )
    chosen = _chosen(only, stale)
    within = [_below(kb.path, path) for path in paths]
    seen = Checked(kb)
    found = _found(seen, chosen, within)
    fixed: list[Finding] = []
    if fix and any(finding.fixable for finding in found):
        _fix(seen, chosen, found)
        before, seen = found, Checked(kb)
        found = _found(seen, chosen, within)
        left = {_key(finding) for finding in found}
        fixed = [finding for finding in before if finding.fixable and _key(finding) not in left]
    if len(seen.files) > freshness.LOOKED_AT and not any(finding.check == "settings" for finding in found):
        bring_index_up_to_date(kb)  # of so many, look-ups do not see what was changed in place
    looked_at = [item for item in seen.files if not within or any(_about(item.file, name) for name in within)]
    return Report(tuple(found), tuple(fixed), len(looked_at), _skipped(looked_at))


def _key(finding: Finding) -> tuple[str, str | None, str]:
    return finding.check, finding.lesson, finding.message


def _chosen(only: Sequence[str], stale: bool) -> list[Check]:
    for id_ in only:
        if id_ not in CHECKS:
            import difflib

            near = difflib.get_close_matches(id_, CHECKS, n=1, cutoff=0.4)
            told = f"there is no check {id_!r}: "
            if near:
                raise UsageError(f"{told}did you mean {near[0]}?")
            raise UsageError(f"{told}{', '.join(CHECKS)}", f"{told}'coachkb check --explain' lists them")
    if only:
        return [check for check in CHECKS.values() if check.id in only]
    return [check for check in CHECKS.values() if (check.stale if stale else check.always)]


def _below(kb: str, path: str) -> str:
    """A path as it is below the KB, with ``/``; empty for all of it."""
    if not os.path.lexists(path):
        raise UsageError(f"{path}: there is no such file")
    real, root = os.path.realpath(path), os.path.realpath(kb)
    if os.path.join(root, "").startswith(os.path.join(real, "")):
        return ""
    if not real.startswith(os.path.join(root, "")):
        raise UsageError(f"{path}: does not lie in the knowledge base {kb}")
    name = os.path.relpath(real, root).replace(os.sep, "/")
    return "" if name in (locate.MARK, locate.SITUATIONS) else name  # these bear on every lesson


def _found(seen: Checked, chosen: Iterable[Check], within: Sequence[str]) -> list[Finding]:
    findings = [finding for check in chosen for finding in check.find(seen)]
    if within:
        findings = [x for x in findings if any(_about(x.file, name) or _about(x.article, name) for name in within)]
    return sorted(findings, key=lambda finding: (finding.file, finding.line))


def _about(file: str | None, name: str) -> bool:
    return file is not None and (not name or file == name or file.startswith(f"{name}/"))


def _fix(seen: Checked, chosen: Iterable[Check], found: Sequence[Finding]) -> None:
    """Mends, in the files with findings that can be, what their checks can mend; all in one commit."""
    todo = {(finding.check, finding.file) for finding in found if finding.fixable}
    changes: dict[str, bytes | None] = {}
    digests: dict[str, str | None] = {}
    for item in seen.files:
        mended: LessonOnFile = item
        for check in chosen:
            if check.mend and (check.id, item.file) in todo:
                again = check.mend(seen, mended)
                mended = again if again.lesson or not item.lesson else mended  # never a worse file
        if mended.text != item.text or mended.file != item.file:
            changes[mended.file] = mended.text.encode("utf-8")
            digests[item.file] = item.digest
            if mended.file != item.file:
                changes[item.file] = None
    if changes:
        n = len(digests)
        note = f"check --fix, {some(n, 'file')}"
        journal.commit(seen.root, "fix", changes, note=note, seen=digests, tell=seen.kb.notify)


def _skipped(files: Sequence[LessonOnFile]) -> int:
    ids = [item.lesson.id for item in files if item.lesson]
    return sum(item.lesson is None for item in files) + len(ids) - len(set(ids))
