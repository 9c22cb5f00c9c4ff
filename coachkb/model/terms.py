"""Words that every floor shares. Plain constants: the look-up path imports this and nothing heavier."""

#: The four parts of a lesson, in the order they are read.
ROLES = ("problem", "diagnosis", "tactic", "script")
#: What a sentence of an article can be; ``story`` and ``none`` reach no lesson.
LABELS = (*ROLES, "story", "none")
STATUSES = ("draft", "approved", "dropped")
#: The number in a lesson file's ``format``; a file with a higher one is a newer coachkb's.
LESSON_FORMAT = 1
MAX_SITUATIONS = 3
#: Lessons whose passages' roles are on average less sure than this are marked for review.
UNSURE = 0.6
