"""Expected failures. Each class owns the exit code that the command line ends with."""


class CoachkbError(Exception):
    """Something the user can mend; its text is one clear line, for who calls from Python. Base of all expected errors.

    ``typed``: the same for who types commands, where what to do is an option there.
    """

    exit_code = 3

    def __init__(self, text: str, typed: str | None = None) -> None:
        super().__init__(text)
        self.typed = typed or text


class UsageError(CoachkbError):
    """A wrong call: an empty query, an unknown language or situation."""

    exit_code = 2


class NotFound(CoachkbError):
    """Nothing found: no lesson answers, or no lesson has this id."""

    exit_code = 1


class UnusableKB(CoachkbError):
    """The knowledge base cannot be read or written at all."""

    exit_code = 3


def no_kb_to_write_to() -> UnusableKB:
    """There is only the built-in starter, which is read-only."""
    told = "there is no knowledge base to write to"
    return UnusableKB(
        f"{told}: open one by its path, and with create=True to make it",
        f"{told}: name one with --kb, or make one with 'coachkb init'",
    )


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


class UnusableEntry(UnreadableFile):
    """One entry of a file that cannot be used and is left out; the file's others go on."""


class ChangedMeanwhile(CoachkbError):
    """A file is no longer what a change was made from; nothing was written. ``files``: paths below the KB."""

    exit_code = 3

    def __init__(self, files: list[str]) -> None:
        self.files = files
        super().__init__(f"{', '.join(files)}: was changed meanwhile; nothing was written: try again")
