"""The Python API: one object, ``KnowledgeBase``. What the command line can do with lessons, this can; what it tells of
the machine (``config``, ``info``) and the emptying of the log of misses are its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.errors import UsageError
from coachkb.readable import ReadableKB, one_or_more

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachkb.jobs.checking import Report
    from coachkb.jobs.coverage import Cell
    from coachkb.jobs.differing import Difference
    from coachkb.jobs.editing import Editable, Edited
    from coachkb.jobs.missing import Missed
    from coachkb.jobs.practising import Session
    from coachkb.jobs.progress import Progress
    from coachkb.jobs.reviewing import Decided
    from coachkb.jobs.undoing import Done, Undone
    from coachkb.model.call import Spotted
    from coachkb.search.narrowing import Narrowing


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one article. ``status``: new, changed, unchanged, none (teaches nothing) or failed."""

    path: str | None
    origin: str
    status: str
    reason: str | None
    lessons: tuple[str, ...]


class KnowledgeBase(ReadableKB):
    """A knowledge base, to read and to work on. Make one with ``KnowledgeBase.open``.

    ``problems`` collects the lesson files that could not be used; they never hide the others. Threads may share one:
    each has its own connection to the index, and ``close`` closes that of the thread that calls it.
    """

    # ------------------------------------------------------------------------------------------------- writing

    def ingest(
        self,
        paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        *,
        dry_run: bool = False,
        stdin: Callable[[], bytes] | None = None,
        progress: Callable[[int, int, str], None] | None = None,
        jobs: int = 1,
    ) -> list[Ingested]:
        """Reads articles into lessons, in the order given: a file or folder, or several; none: the KB's own.

        Nothing a person edited is written over. ``stdin`` gives the bytes of the path ``-``. ``progress`` is called
        with done, total and the name at hand. ``jobs``: how many processes extract, 0 for one a core; what they make
        is the same. Raises UsageError when ``jobs`` is less, UnusableKB when there is no KB to write to, or another
        coachkb is writing to it.
        """
        from coachkb.jobs.indexing import bring_index_up_to_date
        from coachkb.jobs.ingesting import ingest

        self.close()
        results = ingest(self, one_or_more(paths), dry_run, stdin, progress, jobs)
        if (
            self._index is None and not dry_run and not self.to_be_made
        ):  # nothing new: a change by hand is looked for all the same
            bring_index_up_to_date(self)
        return results

    def log(self) -> list[Done]:
        """What was done to this KB, the latest first, as far back as this machine's journal goes."""
        from coachkb.jobs.undoing import log

        return log(self)

    def undo(self, entry: int | None = None, *, dry_run: bool = False) -> Undone:
        """Takes back the last ingest, review, edit or drop (or a numbered ``entry`` of the log), file by file.

        Files that changed since stay. Raises NotFound when there is nothing to take back, UnusableKB as ``ingest``.
        """
        from coachkb.jobs.undoing import undo

        return undo(self, entry, dry_run)

    # ------------------------------------------------------------------------------------------- edits by people

    def diff(self, id_: str) -> Difference:
        """Where the machine would write otherwise than a person's edit; else what a person changed. Raises NotFound."""
        from coachkb.jobs.differing import difference

        return difference(self, id_)

    def conflicts(self) -> list[Difference]:
        """The lessons in which an article changed what a person had edited, as ``diff`` has them, until settled."""
        from coachkb.jobs.differing import conflicts

        return conflicts(self)

    def editable(self, id_: str, *, copy: bool = False) -> Editable:
        """A lesson's file for editing, also a broken one that is named after the id. ``copy``: the starter's lesson, to
        be saved as one's own. Raises NotFound, UsageError for a starter's lesson without ``copy``, UnusableKB."""
        from coachkb.jobs import editing, starting

        return starting.copy_of_starters(self, id_) if copy else editing.editable(self, id_)

    def save(self, item: Editable, text: str) -> Edited:
        """Puts an edited lesson file in place, and into the index. What is edited of a conflict is settled by that,
        unless there are unknown words in the edit (``warnings``).

        Raises UnreadableFile with the line when it is not whole, ChangedMeanwhile when the file is no longer what
        ``item`` was read from, UnusableKB when it cannot be written. Then nothing was.
        """
        from coachkb.jobs.editing import save

        return save(self, item, text)

    def settle(self, id_: str, take: str, field: str | None = None) -> Edited:
        """Settles a lesson's conflicts, or one field's: ``take`` the ``machine``'s version or ``mine``.

        Raises NotFound when there is none, UsageError for an unknown field.
        """
        from coachkb.jobs.editing import settle

        return settle(self, id_, take, field)

    def new(self, title: str, language: str, situations: str | Sequence[str] = ()) -> Editable:
        """Begins a lesson by hand: a file with hints; a narrower situation is preceded by its broader.

        Raises UsageError for an unknown language or situation, or too many.
        """
        from coachkb.jobs.starting import new

        return new(self, title, language, one_or_more(situations))

    # ----------------------------------------------------------------------------------------------- looking after

    def check(
        self,
        paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        *,
        only: str | Sequence[str] = (),
        stale: bool = False,
        fix: bool = False,
    ) -> Report:
        """What is wrong in the KB: in all of it, or in the files and folders ``paths``. ``only``: ids of checks;
        ``stale``: the checks of what is past its time; ``fix``: mends what can be mended first.

        Raises UsageError for an unknown check or a path that is none, UnusableKB when there is no KB.
        """
        from coachkb.jobs.checking import check

        return check(self, one_or_more(paths), one_or_more(only), stale, fix)

    def review(
        self,
        action: str,
        ids: str | Sequence[str] = (),
        *,
        language: str | None = None,
        situation: str | None = None,
        min_sureness: float | None = None,
        until: str | None = None,
        everything: bool = False,
        dry_run: bool = False,
    ) -> list[Decided]:
        """Decides on the KB's own lessons by rule: ``accept`` or ``drop`` drafts (and any lesson named in ``ids``), or
        ``reopen`` what was decided. ``until``: YYYY-MM-DD; without it, ``review_months`` from today. A lesson with an
        open conflict is accepted only when it is named, one without any words never: a line of it goes to ``notify``.

        Raises UsageError without a rule (``everything`` is one), for an unknown ``action``, and for an ``until``,
        ``min_sureness`` (0 to 1), language or situation that is none; NotFound for an id that is none.
        """
        from coachkb.jobs.reviewing import Filter, batch

        wanted = Filter(tuple(one_or_more(ids)), language, situation, min_sureness)
        return batch(self, action, wanted, until=until, everything=everything, dry_run=dry_run)

    def coverage(self, *, starter: bool = True) -> Mapping[str, Mapping[str, Cell]]:
        """The lessons of each situation in each language, by their ids and codes in the vocabulary's order; without
        ``starter`` only the KB's own."""
        from coachkb.jobs.coverage import coverage

        return coverage(self, [hit for hit in self.browse() if hit.own or starter])

    def misses(self) -> list[Missed]:
        """What was asked on this machine and nothing answered, then what a guess did; of each the most asked for first.

        Raises OSError when the log cannot be read.
        """
        from coachkb.jobs.missing import missed

        return missed(self)

    # -------------------------------------------------------------------------------------------------- a call

    def spot(
        self,
        call: str | bytes | os.PathLike[str],
        name: str = "call",
        *,
        language: str | None = None,
        sure: float | None = None,
    ) -> Spotted:
        """The moments of a call's transcript (WebVTT, SubRip or text) in which a known situation arises.

        ``call``: the transcript itself, or a ``pathlib.Path`` of it. ``name``: what errors call a transcript that has
        no path. ``language``: of the lessons, else the call's; ``sure``: the least confidence, 0 to 1, else ours.
        Raises UnreadableFile when it is no text or cannot be read, UsageError for a path that is given as a string, and
        for a ``sure`` or ``language`` that is none.
        """
        if sure is not None and not 0 <= sure <= 1:
            raise UsageError(f"sure is {sure}: the least confidence is from 0 to 1")
        if language:
            self.check_language(language)
        from coachkb.jobs.spotting import spot, transcript

        return spot(self, *transcript(call, name), language, sure)

    # ------------------------------------------------------------------------------------------------- export

    def export(
        self,
        format: str = "markdown",
        *,
        language: str | None = None,
        situation: str | None = None,
        full: bool = False,
        approved: bool = False,
        starter: bool = True,
    ) -> str:
        """All lessons as one text: ``json``, or ``markdown`` with the key passages (``full``: all of them).

        ``approved``: no drafts; without ``starter``: only the KB's own. Raises UsageError for an unknown filter.
        """
        from coachkb.jobs.exporting import Wanted, choose, text_of

        return text_of(self, choose(self, Wanted(language, situation, approved, starter)).lessons, format, full)

    def export_folder(
        self,
        target: str | os.PathLike[str],
        *,
        language: str | None = None,
        situation: str | None = None,
        full: bool = False,
        approved: bool = False,
        starter: bool = True,
    ) -> list[str]:
        """A Markdown file a lesson under ``target``/<language>/ and an index.md. Returns the paths written.

        Pages that an earlier export wrote and that are not among them are taken away; no file that a person wrote or
        changed is: raises UnusableKB when one is in the way. UsageError for a ``target`` that is empty or named as a
        file. See ``export`` for the lessons.
        """
        name = os.fspath(target)
        if not name:
            raise UsageError("the path of the folder to export to is empty")
        if os.path.splitext(name)[1][1:].isalpha() and not os.path.isdir(name):
            raise UsageError(f"{name}: is named as a file; export() gives one text, this makes a folder")
        from coachkb.jobs.exporting import Wanted, choose, write_pages

        chosen = choose(self, Wanted(language, situation, approved, starter))
        return list(write_pages(self, name, chosen.lessons, full).written)

    # ---------------------------------------------------------------------------------------- browsing, practice

    def narrowing(
        self, *, language: str | None = None, situation: str | None = None, reader: str | None = None
    ) -> Narrowing:
        """The lessons as a list to narrow by what somebody types, keystroke by keystroke: ``narrowing.find("te du")``.

        ``language`` and ``situation`` leave others out; lessons in the language of the ``reader`` come first. Raises
        UsageError for one that is none.
        """
        from coachkb.search.narrowing import Narrowing

        self._check_filters(language, situation, reader)
        self._look_again(everything=True)
        return Narrowing(self.index(), reader, language, situation)

    def practice(
        self,
        *,
        situation: str | None = None,
        language: str | None = None,
        reader: str | None = None,
        limit: int = 10,
    ) -> Session:
        """At most ``limit`` lessons to practise, those due first: only of ``language``, else ``reader``'s where there
        are any. See ``Session`` for what it raises; it needs the extra ``practice``."""
        self._check_filters(language, situation, reader)
        from coachkb.jobs.practising import Session, Wanted

        return Session(self, Wanted(situation, language, reader), limit, self.notify)

    def progress(
        self, *, situation: str | None = None, language: str | None = None, reader: str | None = None
    ) -> Progress:
        """What is due for practice and which situations are weak. Raises as ``practice``; no lessons are no error."""
        self._check_filters(language, situation, reader)
        from coachkb.jobs.practising import Wanted
        from coachkb.jobs.progress import progress

        return progress(self, Wanted(situation, language, reader), self.notify)
