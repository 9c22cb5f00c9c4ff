"""Checks of what people said of lessons."""

from __future__ import annotations

from collections.abc import Iterator

from coachkb.jobs.checks.base import Check, Checked, Finding
from coachkb.surroundings import today


def _incomplete(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        review = lesson.review
        if review.status != "approved":
            continue
        missing = [key for key in ("by", "on") if not getattr(review, key)]
        if missing:
            message = f"is approved without saying {' and '.join(missing)}: 'coachkb review' writes who and when"
            yield Finding("review", item.file, item.line("review"), message, f"review.{missing[0]}", lesson.id)
        if review.on and review.until and review.until < review.on:
            message = f"is approved until {review.until}, before it was approved ({review.on})"
            line = item.line("review", "until")
            yield Finding("review", item.file, line, message, "review.until", lesson.id)


def _expired(kb: Checked) -> Iterator[Finding]:
    day = today().isoformat()
    for item, lesson in kb.lessons():
        review = lesson.review
        if review.status == "approved" and review.until and review.until < day:
            message = f"was approved until {review.until}: read it again, with 'coachkb review --again'"
            line = item.line("review", "until")
            yield Finding("expired", item.file, line, message, "review.until", lesson.id)


CHECKS = (
    Check(
        "review",
        "an approval says who and when",
        "An approved lesson names who approved it (by) and when (on), as YYYY-MM-DD, and until when that holds "
        "(until), which is never before.",
        _incomplete,
    ),
    Check(
        "expired",
        "no approval is past its date",
        "What was right to say last year need not be today: an approval holds until a day, review_months (12) after it "
        "was given unless told otherwise. 'coachkb review --again' walks through what is past it.",
        _expired,
        stale=True,
    ),
)
