"""The registry of checks: what ``coachkb check`` looks for, in the order it runs them."""

from __future__ import annotations

from coachkb.jobs.checks import content, files, folder, ids, reviews
from coachkb.jobs.checks.base import Check

CHECKS: dict[str, Check] = {
    check.id: check for check in (*folder.CHECKS, *files.CHECKS, *ids.CHECKS, *content.CHECKS, *reviews.CHECKS)
}
