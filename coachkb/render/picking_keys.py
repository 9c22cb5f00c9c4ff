"""The keys that the picker tells at the bottom of its screen."""

from __future__ import annotations

#: Keys with what each does, by the name of its label (``show``: ``key_show``); those that matter most first: a narrow
#: screen has room for fewer.
Keys = tuple[tuple[str, str], ...]
ON_LINE: Keys = (
    ("Enter", "show"),
    ("Tab", "keys"),
    ("Esc", "clear"),
    ("Alt-s", "say"),
    ("Alt-e", "edit"),
    ("Alt-?", "help"),
)
ON_EMPTY_LINE: Keys = (
    ("Enter", "show"),
    ("?", "help"),
    ("Tab", "keys"),
    ("Esc", "quit"),
    ("Alt-s", "say"),
    ("Alt-e", "edit"),
)
ON_LIST: Keys = (
    ("Enter", "show"),
    ("s", "say"),
    ("e", "edit"),
    ("?", "help"),
    ("q", "quit"),
    ("/", "type"),
    ("c", "copy"),
    ("p", "print"),
)
ON_PAGE: Keys = (("Esc", "back"), ("s", "say"), ("e", "edit"), ("c", "copy"), ("p", "print"), ("?", "help"))
ON_HELP: Keys = (("Esc", "back"), ("Up Down", "scroll"))
ON_TOLD: Keys = (("Esc", "back"),)
