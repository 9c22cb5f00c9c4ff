"""Checks of the knowledge base's own two files: coachkb.yaml and situations.yaml."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from coachkb import locate
from coachkb.data.load import language_codes, vocabulary
from coachkb.errors import UnreadableFile, UnusableKB
from coachkb.jobs.checks.base import Check, Checked, Finding
from coachkb.store import folder
from coachkb.store.lesson_faults import unknown_of
from coachkb.store.situations_file import languages, read_tree, text_of, unknown_keys, with_additions
from coachkb.store.yaml_readings import other_readings


def _settings(kb: Checked) -> Iterator[Finding]:
    try:
        for fault in folder.settings(kb.root).faults:
            yield Finding("settings", locate.MARK, fault.line or 1, fault.reason, fault.reason.split(" ")[0])
    except UnusableKB as error:
        cause = error.__cause__
        line, reason = (cause.line, cause.reason) if isinstance(cause, UnreadableFile) else (None, str(error))
        yield Finding("settings", locate.MARK, line or 1, reason)
    tree = None
    with contextlib.suppress(UnreadableFile):  # told above
        tree = read_tree(os.path.join(kb.root, locate.MARK))
    if tree is not None:
        for key, line, near in unknown_of(tree, "", folder.SETTINGS_KEYS):
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(folder.SETTINGS_KEYS)}"
            yield Finding("settings", locate.MARK, line, f"{key} is no setting: {hint}", key)


def _situations_file(kb: Checked) -> Iterator[Finding]:
    path = os.path.join(kb.root, locate.SITUATIONS)
    if not os.path.lexists(path):
        return
    for error in with_additions(vocabulary(), path)[1]:
        yield Finding("situations-file", locate.SITUATIONS, error.line or 1, error.reason)
    try:
        for key, line, near in unknown_keys(path):
            hint = f"did you mean {near!r}?" if near else "it is never read"
            yield Finding("situations-file", locate.SITUATIONS, line, f"{key} is no key of a situation: {hint}", key)
    except UnreadableFile:
        return  # told above
    for id_, code, line in languages(path):
        if code not in language_codes():
            message = (
                f"{id_}: there is no language {code!r}, so its labels are never read: {', '.join(language_codes())}"
            )
            yield Finding("situations-file", locate.SITUATIONS, line, message, f"{id_}.labels.{code}")
    for reading in other_readings(text_of(path), (), (), ()):
        message = f"{reading.value!r} is {reading.taken_for} to other YAML parsers: put it in quotes"
        yield Finding("situations-file", locate.SITUATIONS, reading.line, message, reading.field or None)


CHECKS = (
    Check(
        "settings",
        "coachkb.yaml can be understood",
        "A coachkb.yaml that is no YAML makes the whole knowledge base unusable to all other commands. While a setting "
        "has a value that is none, look-ups go on with the default, and nothing is written; a key that is none is "
        "passed over.",
        _settings,
    ),
    Check(
        "situations-file",
        "situations.yaml can be understood",
        "The situations of your own: each has labels with a name, may narrow a built-in situation (broader), and has "
        "no other keys. One with a fault is left out, and the others are used; none is when the file is no YAML.",
        _situations_file,
    ),
)
