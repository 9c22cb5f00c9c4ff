"""Who is working and what day it is, as the machine or the user says."""

from __future__ import annotations

import datetime
import os


def today() -> datetime.date:
    """The day it is; ``COACHKB_TODAY`` (YYYY-MM-DD) wins over the clock."""
    told = os.environ.get("COACHKB_TODAY")
    if told:
        try:
            return datetime.date.fromisoformat(told)
        except ValueError:
            pass
    return datetime.date.today()


def user() -> str | None:
    """Who approves and reviews: ``COACHKB_USER``, else the name the machine knows; None when it knows none."""
    told = os.environ.get("COACHKB_USER", "").strip()
    if told:
        return told
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return None
