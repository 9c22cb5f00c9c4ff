"""Expected failures. Each class owns the exit code that the command line ends with."""


class CoachkbError(Exception):
    """Something the user can mend; its text is one clear line. Base of all expected errors."""

    exit_code = 3


class UsageError(CoachkbError):
    """A wrong call: an empty query, an unknown language or situation."""

    exit_code = 2


class NotFound(CoachkbError):
    """Nothing found: no lesson answers, or no lesson has this id."""

    exit_code = 1


class UnusableKB(CoachkbError):
    """The knowledge base cannot be read or written at all."""

    exit_code = 3


class BadData(CoachkbError):
    """A data file of coachkb's own (a language, its labels) that cannot be used; its text says which field, and why."""

    exit_code = 3


class UnreadableFile(CoachkbError):
    """One file (an article, a lesson) that cannot be used; the others go on."""

    exit_code = 3

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        self.path, self.reason, self.line = path, reason, line
        where = f"{path}, line {line}" if line else path
        super().__init__(f"{where}: {reason}")


class ChangedMeanwhile(CoachkbError):
    """A file is no longer what a change was made from; nothing was written. ``files``: paths below the KB."""

    exit_code = 3

    def __init__(self, files: list[str]) -> None:
        self.files = files
        super().__init__(f"{', '.join(files)}: was changed meanwhile; nothing was written: try again")
