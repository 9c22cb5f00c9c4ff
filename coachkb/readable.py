"""A knowledge base to read: which one, its lessons, its vocabulary, its index, and what a look-up finds in it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from coachkb import locate
from coachkb.errors import NotFound, UnreadableFile, UnusableKB, UsageError
from coachkb.model.lesson import Lesson
from coachkb.model.situation import Situation
from coachkb.store import folder

if TYPE_CHECKING:
    from coachkb.jobs.explaining import Explanation
    from coachkb.jobs.saying import Said
    from coachkb.model.hit import Hit
    from coachkb.search.query import Index


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look-up found: ``situations`` the query may mean (id, likeness 0 to 1), and the hits, best first."""

    query: str
    language: str | None
    situations: tuple[tuple[str, float], ...]
    hits: tuple[Hit, ...]


def one_or_more(given: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[str]:
    """What may be given alone or several times, as a list: a string is no list of its letters."""
    return [os.fspath(item) for item in ([given] if isinstance(given, str | os.PathLike) else given)]


class ReadableKB:
    """A knowledge base as its readers see it, and the starter that may lie under it.

    ``problems`` collects the lesson files, settings and own situations that could not be used; they never hide the
    others.
    """

    def __init__(self, located: locate.Located, *, pretend: bool = False, lenient: bool = False) -> None:
        """``pretend``: the KB need not be there yet (a dry run into a new one); ``lenient``: see ``open``."""
        self.located = located
        self.path = located.path
        self.problems: list[UnreadableFile] = []
        there = located.path and not (pretend and not locate.is_kb(located.path))
        self._lenient = lenient
        #: A folder that ``ingest`` makes a KB once it has something to write to it.
        self.to_be_made = bool(located.path) and not there
        self.settings = folder.Settings()
        self._settings_of = locate.UNSEEN  # the state of the file they were read from
        if there:
            self._read_settings()
        self._vocabulary: tuple[tuple[int, int], dict[str, Situation]] | None = None  # with the same of its file
        self._of_thread = threading.local()  # each thread has a connection of its own, and closes no other's
        #: Told what takes long, in one line; the command line prints it on stderr.
        self.notify: Callable[[str], None] | None = None

    # ------------------------------------------------------------------------------------------------- opening

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        create: bool = False,
        dry_run: bool = False,
        lenient: bool = False,
    ) -> Self:
        """Opens the KB at ``path``, else the one that ``COACHKB_KB``, the current folder or the user has.

        ``create`` makes the folder a KB first (``dry_run``: only takes it for one, until ``ingest`` has something to
        write to it).
        ``lenient``: a coachkb.yaml with a fault counts as an empty one, for ``check`` to tell the fault.
        Raises UnusableKB when the named one is none, UsageError for an empty path.
        """
        named = os.fspath(path) if path is not None else None
        if named == "":
            raise UsageError("the path of the knowledge base is empty", "--kb: the path is empty; or leave --kb out")
        located = locate.locate(named)
        if create:
            where = located.path or locate.own_kb()
            if where is None:
                raise UnusableKB(
                    "there is no home folder for your own knowledge base: give open() a path",
                    "there is no home folder for your own knowledge base: name one with --kb",
                )
            if not locate.is_kb(where):
                if os.path.exists(where) and not os.path.isdir(where):
                    raise UnusableKB(f"{where}: is a file, not a folder")
                if not dry_run:
                    folder.create(where)
            located = locate.Located(where, located.why if located.path else "your own knowledge base", located.named)
        return cls(located, pretend=create and dry_run, lenient=lenient)

    @property
    def with_starter(self) -> bool:
        """Whether the built-in starter lies under this KB (or is all there is)."""
        return self.path is None or (self.settings.starter and not self.located.named)

    # ------------------------------------------------------------------------------------------------- reading

    def vocabulary(self) -> dict[str, Situation]:
        """The situations by id: the built-in ones and the KB's own additions, as their file has them now."""
        state, settled = self._state_of(locate.SITUATIONS)
        if self._vocabulary is None or self._vocabulary[0] != state:
            from coachkb.data.load import vocabulary
            from coachkb.store.situations_file import with_additions

            known = vocabulary()
            additions = os.path.join(self.path or "", locate.SITUATIONS)
            self.problems[:] = [problem for problem in self.problems if problem.path != additions]
            if state != locate.UNSEEN:
                known, faults = with_additions(known, additions)
                for fault in faults:
                    self._note(fault)
            self._vocabulary = (settled, known)
        return self._vocabulary[1]

    def lessons(
        self,
        *,
        language: str | None = None,
        situation: str | None = None,
        dropped: bool = False,
        starter: bool = True,
    ) -> list[Lesson]:
        """The lessons, own ones and the starter's (not without ``starter``), by language and id; dropped ones only when
        asked for."""
        found = self._with_owner(language, situation, starter=starter)
        return [lesson for lesson, _ in found if dropped or lesson.served]

    def _with_owner(
        self, language: str | None, situation: str | None, *, starter: bool = True
    ) -> list[tuple[Lesson, bool]]:
        """The lessons, dropped ones among them, each with whether it is this KB's own, by language and id."""
        self._check_filters(language, situation)
        found: dict[str, tuple[Lesson, bool]] = {}
        for root in self._roots():
            own = root == self.path
            for item in folder.lesson_files(root) if own or starter else ():
                if item.error is not None:
                    self._note(item.error)
                elif item.lesson is not None:
                    found.setdefault(item.lesson.id, (item.lesson, own))
        kept = [
            (lesson, own)
            for lesson, own in found.values()
            if (not language or lesson.language == language) and (not situation or situation in lesson.situations)
        ]
        return sorted(kept, key=lambda told: (told[0].language, told[0].id))

    def lesson(self, id_: str) -> Lesson:
        """One lesson by its id. Raises NotFound, naming the nearest ids."""
        found = self._one_file(id_)
        if found:
            return found
        own = {lesson.id: lesson for lesson, _ in self._with_owner(None, None, starter=False)}
        if id_ in own:
            return own[id_]
        by_id = {*own, *(locate.named(locate.STARTER) if self.with_starter else ())}
        from coachkb.jobs.suggesting import near_lessons, same_id

        if (known := same_id(id_, by_id)) != id_:
            return self.lesson(known)
        if broken := self.broken_file(id_):
            raise NotFound(broken)
        if id_ in self.vocabulary():
            raise NotFound(
                f"{id_} is a situation, no lesson: 'coachkb lookup {id_.replace('-', ' ')}' shows the best one for it, "
                f"'coachkb browse --situation {id_}' lists them"
            )
        near = near_lessons(id_, sorted(by_id))
        asked = id_.replace("-", " ")
        hint = f"; did you mean {', '.join(near)}?" if near else f": 'coachkb browse {asked}' looks for it"
        raise NotFound(f"no lesson has the id {id_!r}{hint}")

    def _one_file(self, id_: str) -> Lesson | None:
        """The lesson of an id from its own file, as the index or the starter's file names tell: to read all takes
        seconds. None when it does not lie there."""
        from coachkb.jobs.editing import in_starter

        file = self.index(everything=False).file_of(id_) if self.path else None
        found = [folder.read_lesson_file(self.path, file, *locate.UNSEEN)] if self.path and file else []
        found += filter(None, [in_starter(id_)]) if self.with_starter else []
        return next((item.lesson for item in found if item.lesson and item.lesson.id == id_), None)

    def broken_file(self, id_: str) -> str | None:
        """That the lesson of this id is there, but cannot be read, as far as the name of a file tells."""
        from coachkb.jobs.suggesting import same_id

        named = {os.path.basename(problem.path).partition(".")[0] for problem in self.problems}
        known = same_id(id_, named)
        told = f"the file of {known!r} cannot be read: 'coachkb edit {known}' opens it, to mend it"
        return told if known in named else None

    def hit(self, id_: str) -> Hit:
        """One lesson as the index has it, with its translations. Raises NotFound, naming the nearest ids."""
        self._look_again(everything=False)
        if id_.isascii():
            from coachkb.jobs.indexing import find

            found = find(self, lambda index: index.one(id_), lambda hit: [hit] if hit else [])
            if found:
                return found
        return self.index().one(self.lesson(id_).id)  # type: ignore[return-value]

    def check_language(self, code: str) -> None:
        """Raises UsageError when there is no such language."""
        self._check_filters(code, None)

    def explain(self, id_: str) -> Explanation:
        """Why each passage of a lesson has its part, and the lesson its situations. Raises NotFound."""
        from coachkb.jobs.explaining import explain

        return explain(self, id_)

    def article_text(self, lesson: Lesson) -> str | None:
        """The stored article that a lesson came from, or None when it is not there."""
        from coachkb.store.articles import stored

        found = (stored(root, lesson.source.path).text for root in self._roots() if lesson.source.path)
        return next((text for text in found if text is not None), None)

    def lookup(
        self,
        query: str,
        *,
        limit: int = 5,
        language: str | None = None,
        only_language: str | None = None,
        situation: str | None = None,
        all_languages: bool = False,
    ) -> Answer:
        """The lessons that answer what a buyer said or a rep typed; ``hits`` is empty when nothing fits.

        ``language`` is the reader's, else the query's. Raises UsageError for an empty query, an unknown filter or a
        ``limit`` under 1.
        """
        from coachkb.search.analysis import tokens

        if not isinstance(query, str):
            raise UsageError(f"what did the buyer say? A query is text, not {query!r}")
        if limit < 1:
            raise UsageError(f"limit is {limit}: how many lessons there shall be, 1 or more")
        if not tokens(query):
            raise UsageError("what did the buyer say? Give some words, such as: too expensive")
        self._check_filters(only_language, situation, language)
        from coachkb.jobs.indexing import find

        self._look_again(everything=False)
        hits, meant, guessed = find(
            self,
            lambda index: index.search(
                query,
                limit=limit,
                reader=language or only_language,
                only=only_language,
                situation=situation,
                all_languages=all_languages,
            ),
            lambda found: found[0],
        )
        return Answer(query, guessed, tuple(meant), tuple(hits))

    def say(
        self,
        words: str | Sequence[str],
        *,
        language: str | None = None,
        only_language: str | None = None,
        situation: str | None = None,
    ) -> Said:
        """The lessons of these ids, else, for ``words`` as ``lookup`` takes them, the best one with words to say.

        ``words``: what was said, or one id, as one string; or several words or ids. A lesson's id among them makes all
        of them ids; ``unknown`` tells those that are none. Raises NotFound when there is none and one is nearly an
        id (of three words or more: ``follow-up`` is looked up as any word); UsageError as ``lookup``.
        """
        from coachkb.jobs.saying import say

        return say(self, one_or_more(words), language, only_language, situation)

    def browse(self, *, language: str | None = None, situation: str | None = None) -> list[Hit]:
        """Every lesson, as the index has it, by language, situation and title."""
        self._check_filters(language, situation)
        self._look_again(everything=True)
        return self.index().all(only=language, situation=situation)

    def _roots(self) -> list[str]:
        roots = [self.path] if self.path else []
        return [*roots, locate.STARTER] if self.with_starter else roots

    def _note(self, error: UnreadableFile) -> None:
        if all(str(error) != str(known) for known in self.problems):
            self.problems.append(error)

    def _check_filters(self, language: str | None, situation: str | None, reader: str | None = None) -> None:
        """Raises UsageError for a language, also the ``reader``'s, or a situation that is none."""
        from coachkb.data.load import language_codes

        for code in (language, reader):
            if code and code not in language_codes():
                raise UsageError(f"unknown language {code!r}: one of {', '.join(language_codes())}")
        if situation and situation not in self.vocabulary():
            from coachkb.jobs.suggesting import meant, near_situations

            near = near_situations(situation, self.vocabulary()) or meant(situation.replace("-", " "), self.index())
            hint = f"; did you mean {', '.join(near)}?" if near else ": 'coachkb situations' lists them"
            raise UsageError(f"unknown situation {situation!r}{hint}")

    # ------------------------------------------------------------------------------------------------ the index

    @property
    def _index(self) -> Index | None:
        """The index that this thread has open."""
        found: Index | None = getattr(self._of_thread, "index", None)
        return found

    @_index.setter
    def _index(self, index: Index | None) -> None:
        self._of_thread.index = index

    def index(self, rebuild: bool = False, everything: bool = True) -> Index:
        """The index, made or refreshed when lessons changed. A cache folder that cannot be written only costs speed.

        ``everything``: whether each lesson file of a large KB is looked at, or only the folders (``jobs.freshness``).
        """
        if self._index is not None and not rebuild:
            return self._index
        from coachkb.jobs.indexing import open_index

        self.close()
        if self.path and not self.to_be_made and self._state_of(locate.MARK)[0] != self._settings_of:
            self._read_settings()  # the index is made by them
        self._index, problems = open_index(self, rebuild, everything)
        for problem in problems:
            self._note(problem)
        return self._index

    def _look_again(self, everything: bool) -> None:
        """Closes the index when files of the KB changed since it was opened, and forgets what was read of them."""
        if self._index is None or self.path is None:
            return
        from coachkb.jobs.indexing import still_fresh

        if not still_fresh(self._index, self.path, everything):
            self.close()
            self.problems.clear()
            self._vocabulary = None
            self._read_settings()

    def _read_settings(self) -> None:
        assert self.path is not None
        self._settings_of = self._state_of(locate.MARK)[1]
        self.settings = (folder.settings_if_any if self._lenient else folder.settings)(self.path)
        for fault in self.settings.faults:
            self._note(fault)

    def _state_of(self, name: str) -> tuple[tuple[int, int], tuple[int, int]]:
        """The state of a file of the KB, and what to keep of it to tell by whether it changed since."""
        if self.path is None:
            return locate.UNSEEN, locate.UNSEEN
        started = time.time_ns()
        state = locate.file_state(self.path, name)
        return state, (locate.settled(state[0], started), state[1])

    def close(self) -> None:
        """Closes the index that this thread has open; its next call opens it again and looks what changed."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --------------------------------------------------------------------------------------------------- facts

    def counts(self, hits: Iterable[Hit]) -> Mapping[str, Mapping[str, int]]:
        """Lessons per situation and language."""
        table: dict[str, dict[str, int]] = {}
        for hit in hits:
            for situation in hit.situations:
                row = table.setdefault(situation, {})
                row[hit.language] = row.get(hit.language, 0) + 1
        return table
