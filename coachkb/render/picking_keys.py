"""The keys of the picker as it tells them: those at the bottom of its screen, and its help."""

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
ON_TOLD: Keys = (("any key", "back"),)

HELP = """\
Type what the buyer said, or words of a lesson, in any language, also the beginnings of words. \
Lessons that are called so come first: by title, author, situation, language. \
Behind ~ come those that a look-up finds by what your words mean, and those whose text has them all.

While you type, letters are letters. Tab goes to the list, where letters are keys, and back; so does / or Esc. \
With Alt they are keys everywhere.

Enter      show the whole lesson
s  Alt-s   only the words to say
e  Alt-e   edit the lesson's file in your editor
c  Alt-c   copy the words to say
p  Alt-p   leave, with the lesson on the screen
?  Alt-?   this help (? only before you typed anything)
q          quit

Up Down    another lesson; j and k on the list, Ctrl-P and Ctrl-N
PgUp PgDn  a screen of them; g and G: the first, the last
Shift-Up, Shift-Down   scroll the lesson beside; J and K on the list
Ctrl-U Ctrl-W          take back what you typed, or a word of it
Esc        back; clears what you typed; quits when there is nothing
Ctrl-C     quit at once; Ctrl-Z: stop, and fg to go on

In a shell, 'coachkb browse | ...' prints a plain list."""
