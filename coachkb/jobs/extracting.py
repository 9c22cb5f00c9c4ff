"""What articles teach, found in one process or in several.

It needs nothing of a knowledge base but its situations. So helpers can be ahead with it, while the one process that
writes takes the articles in their order and makes the same of them, however many helpers there are.
"""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, replace

from coachkb.data.load import DATA, profiles, vocabulary
from coachkb.errors import BadData, UnreadableFile, UsageError
from coachkb.ingest.extract import Extracted, extract
from coachkb.ingest.read import read_document, read_file
from coachkb.ingest.situations import Tagger, taggers
from coachkb.model.document import Document
from coachkb.model.lesson import Lesson
from coachkb.model.situation import Situation
from coachkb.model.terms import ROLES
from coachkb.store.files import sha256
from coachkb.store.wrote import edited_fields

_AHEAD = 4  # articles a helper, that are asked for before their turn
_settled: frozenset[str] = frozenset()  # in a helper: texts whose lessons are up to date
_situations: Mapping[str, Situation] | None = None  # in a helper: those of a KB that has its own

#: Raised when the same article gives other lessons; lessons of an older one are extracted again.
EXTRACTOR = 1

#: Gives the situations by id; they are not read before an article needs them.
Situations = Callable[[], Mapping[str, Situation]]
#: In a helper's answer: the digest of the file's bytes and what its posts teach, why it could not be found out, or None
#: when nobody needs it; None when the file cannot be read.
_Answer = tuple[str, list[Extracted] | str | None] | None


@dataclass(frozen=True, slots=True)
class Turn:
    """An article whose turn it is: its path, why it is refused unread, and what a helper is finding of it."""

    path: str
    refused: str | None
    found: Future[_Answer] | None = None

    def posts(self, data: bytes, document: Document, of: Situations) -> list[Extracted]:
        """What the posts of the article teach. ``data``: the file's bytes, as ``document`` was read from them.

        Raises UnreadableFile when the extraction fails, which is a bug, but no reason to stop at the other articles.
        """
        answer: _Answer = None
        if self.found:
            with contextlib.suppress(BrokenExecutor):  # a helper was killed: then without
                answer = self.found.result()
        found = answer[1] if answer and answer[0] == sha256(data) else None
        posts = _posts(document, of()) if found is None else found
        if isinstance(posts, str):
            raise UnreadableFile(self.path, posts)
        return posts


def in_turn(
    given: Iterable[tuple[str, str | None]], jobs: int, of: Situations, settled: frozenset[str]
) -> Generator[Turn, None, None]:
    """The articles (path, why it is refused unread) in their order; ``jobs`` helpers, when more than one, are ahead.

    ``of`` gives the situations. ``settled``: digests of texts whose lessons are up to date. To be closed, which ends
    the helpers.
    """
    turns = [Turn(path, refused) for path, refused in given]
    jobs = min(jobs, sum(not turn.refused and turn.path != "-" for turn in turns))
    if jobs < 2:
        yield from turns
        return
    own = None if of() is vocabulary() else dict(of())
    if multiprocessing.get_start_method() == "fork":
        taggers_of(of())  # which the helpers then have from the start
    try:
        pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(own, settled))
    except (ImportError, NotImplementedError, OSError):  # a system that has no semaphores
        yield from turns
        return
    try:
        ahead: deque[Turn] = deque()
        for turn in turns:
            asked = not turn.refused and turn.path != "-"
            ahead.append(replace(turn, found=_asked(pool, turn.path)) if asked else turn)
            if len(ahead) > _AHEAD * jobs:
                yield ahead.popleft()
        yield from ahead
    finally:
        pool.shutdown(cancel_futures=True)


def processes(jobs: int) -> int:
    """How many processes ``--jobs`` means: 0 is one a core. Raises UsageError when it is less."""
    if jobs < 0:
        raise UsageError(f"jobs is {jobs}: how many processes there shall be, or 0 for one a core")
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@functools.cache
def extractor() -> str:
    """What lessons are extracted by: our version and the weights' digest, for retrained weights make another one."""
    with open(os.path.join(DATA, "roles.json"), "rb") as file:
        return f"{EXTRACTOR}-{sha256(file.read())[:8]}"


def up_to_date(lesson: Lesson, own: Mapping[str, Situation] | None = None) -> bool:
    """Whether a lesson is as the machine would make it of the same article. ``own``: the situations of a KB that has
    some of its own, which the lesson may name without being tagged with them: they came later."""
    now = lesson.extraction.get("extractor") == extractor()
    if not now or own is None or lesson.language not in profiles() or "situations" in edited_fields(lesson):
        return now
    texts = (lesson.title, *(passage.text for role in ROLES for passage in lesson.part(role)))
    return set(taggers_of(own)[lesson.language].named(texts)) <= set(lesson.situations)


def taggers_of(of: Mapping[str, Situation]) -> Mapping[str, Tagger]:
    """The taggers of the built-in situations, made once, or of a KB's own: made once for the last KB."""
    if of is vocabulary():
        return _built_in_taggers()
    if _of_own.of is not of:
        _of_own.of, _of_own.taggers = of, taggers(of, profiles())
    return _of_own.taggers


@functools.cache
def _built_in_taggers() -> Mapping[str, Tagger]:
    return taggers(vocabulary(), profiles())


@dataclass(slots=True)
class _Own:
    of: Mapping[str, Situation] | None
    taggers: Mapping[str, Tagger]


_of_own = _Own(None, {})


def _posts(document: Document, of: Mapping[str, Situation]) -> list[Extracted] | str:
    """What the posts of a document teach, or what went wrong. Raises BadData, which is no article's fault."""
    try:
        return extract(document, taggers_of(of))
    except BadData:
        raise
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(at.filename)}, line {at.lineno}"
        return f"cannot be extracted, by a bug of coachkb's ({type(error).__name__}: {error}; {where}): report it"


# ------------------------------------------------------------------------------------------------------- a helper


def _asked(pool: ProcessPoolExecutor, path: str) -> Future[_Answer] | None:
    with contextlib.suppress(BrokenExecutor):
        return pool.submit(_answer, path)
    return None


def _begin(own: Mapping[str, Situation] | None, settled: frozenset[str]) -> None:
    """Makes a process a helper: Ctrl-C is for the one that writes, and without that one nobody needs a helper."""
    global _settled, _situations
    _settled, _situations = settled, own
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _answer(path: str) -> _Answer:
    try:
        data = read_file(path)
        document = read_document(data, os.path.basename(path))
        digest = sha256(document.text.encode("utf-8"))
    except (UnreadableFile, UnicodeEncodeError):
        return None  # the one who writes reads it, too, and tells
    if digest in _settled:
        return sha256(data), None
    posts = _posts(document, vocabulary() if _situations is None else _situations)
    if isinstance(posts, list):
        posts = [replace(post, labelled=()) for post in posts]  # no lesson holds it, and it is much to send
    return sha256(data), posts
