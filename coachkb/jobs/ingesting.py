"""Articles into a knowledge base: reads, extracts, merges with what people edited, pairs translations, writes."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coachkb import locate
from coachkb.data.load import DATA, profiles, vocabulary
from coachkb.errors import UnreadableFile, UnusableKB
from coachkb.ingest.extract import Extracted, extract
from coachkb.ingest.groups import Candidate, pair, shape_from_data, shape_to_data
from coachkb.ingest.read import SUFFIXES, read_document, read_file
from coachkb.ingest.situations import Tagger, taggers
from coachkb.model.document import Document
from coachkb.model.lesson import Lesson, Source
from coachkb.model.situation import Situation
from coachkb.store.articles import FOLDER, Known, known_articles, origin_of, place_for
from coachkb.store.files import atomic_write, locked, sha256, slug
from coachkb.store.folder import OnFile, lesson_files
from coachkb.store.lesson_file import fingerprint, merged, parse_lesson, render_lesson, signed, update_text

if TYPE_CHECKING:
    from coachkb.kb import Ingested, KnowledgeBase

#: Raised when the same article gives other lessons; lessons of an older one are extracted again.
EXTRACTOR = 1
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://|www\.", re.IGNORECASE)
_NOT_READ = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".pages")


@dataclass(slots=True)
class _Work:
    """The lessons on file, and what this run makes of them."""

    kb_path: str
    files: dict[str, OnFile]  # by lesson id
    broken: dict[str, OnFile]  # by file
    known: dict[str, Known]
    vocabulary: Callable[[], Mapping[str, Situation]]
    now: dict[str, Lesson] = field(default_factory=dict)  # by lesson id, as they shall be
    articles: dict[str, bytes] = field(default_factory=dict)  # stored path to bytes, to be written


@functools.cache
def extractor() -> str:
    """What lessons are extracted by: our version and the weights' digest, for retrained weights make another one."""
    with open(os.path.join(DATA, "roles.json"), "rb") as file:
        return f"{EXTRACTOR}-{sha256(file.read())[:8]}"


def ingest(
    kb: KnowledgeBase,
    paths: Sequence[str],
    dry_run: bool,
    stdin: Callable[[], bytes] | None,
    progress: Callable[[int, int, str], None] | None,
) -> list[Ingested]:
    """See ``KnowledgeBase.ingest``."""
    if kb.path is None:
        raise UnusableKB("there is no knowledge base to write to: name one with --kb, or make one with 'coachkb init'")
    state = locate.state_folder()
    lock = locked(state, kb.path) if state and not dry_run else nullcontext()
    with lock:
        work = _start(kb)
        given = list(_inputs(kb.path, paths, work.known))
        results: list[Ingested] = []
        for number, (path, refused) in enumerate(given):
            if progress:
                progress(number, len(given), path)
            results.append(_one(work, path, refused, stdin))
        if progress:
            progress(len(given), len(given), "")
        _pair(work)
        if not dry_run:
            _write(kb, work, results)
        return [replace(result, status=_status(work, result)) for result in results]


def _taggers(of: Mapping[str, Situation]) -> Mapping[str, Tagger]:
    """The taggers, made when the first article needs them; those of the built-in vocabulary are made once."""
    return _built_in_taggers() if of is vocabulary() else taggers(of, profiles())


@functools.cache
def _built_in_taggers() -> Mapping[str, Tagger]:
    return taggers(vocabulary(), profiles())


def _start(kb: KnowledgeBase) -> _Work:
    assert kb.path is not None
    if os.path.exists(os.path.join(kb.path, locate.SITUATIONS)):
        kb.vocabulary()  # its faults are told, whether or not an article needs it
    items = list(lesson_files(kb.path))
    for item in items:
        if item.error:
            kb._note(item.error)
    files = {item.lesson.id: item for item in items if item.lesson}
    work = _Work(
        kb_path=kb.path,
        files=files,
        broken={item.file: item for item in items if item.error},
        known=known_articles(item.lesson for item in items if item.lesson),
        vocabulary=kb.vocabulary,
    )
    work.now = {id_: item.lesson for id_, item in files.items() if item.lesson}
    return work


# ----------------------------------------------------------------------------------------------------- what to read


def _inputs(kb: str, paths: Sequence[str], known: Mapping[str, Known]) -> Iterator[tuple[str, str | None]]:
    """The files to read, in order, each once; with a reason where a path is refused unread."""
    own = not paths
    seen: set[str] = set()
    for given in paths or [os.path.join(kb, FOLDER)]:
        if given == "-":
            yield "-", None
        elif _ADDRESS.match(given) and not os.path.exists(given):
            yield given, "is an address: coachkb works offline; save the page as .html and ingest that file"
        elif os.path.isdir(given):
            found = False
            for path, refused in _below(given, kb, known):
                found = True
                real = os.path.realpath(path)
                if real not in seen:
                    seen.add(real)
                    yield path, refused
            if not found:
                what = "holds no articles yet" if own else "holds no articles"
                yield given, f"{what} (.txt, .md, .html)"
        elif own:
            yield given, "holds no articles yet (.txt, .md, .html)"
        else:
            real = os.path.realpath(given)
            if real not in seen:
                seen.add(real)
                yield given, None


def _below(folder: str, kb: str, known: Mapping[str, Known]) -> Iterator[tuple[str, str | None]]:
    stored = {path: article.origin for path, article in known.items()}
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(root, name)
            suffix = os.path.splitext(name)[1].lower()
            if name.startswith("."):
                continue
            if suffix in _NOT_READ:
                yield path, f"is a {suffix[1:].upper()} file: save its text as .txt and ingest that"
            elif suffix in SUFFIXES:
                inside = _path_in_kb(path, kb)
                origin = stored.get(inside or "") or ""
                own = origin != inside and origin.startswith(f"{FOLDER}/")
                if own and os.path.exists(os.path.join(kb, origin)):
                    continue  # the stored text of a page that lies beside it
                yield path, None


def _path_in_kb(path: str, kb: str) -> str | None:
    """The path below the KB of a file that lies directly in its articles folder, else None."""
    real = os.path.realpath(path)
    if os.path.dirname(real) == os.path.realpath(os.path.join(kb, FOLDER)):
        return f"{FOLDER}/{os.path.basename(real)}"
    return None


# ------------------------------------------------------------------------------------------------------ one article


def _one(work: _Work, path: str, refused: str | None, stdin: Callable[[], bytes] | None) -> Ingested:
    from coachkb.kb import Ingested

    origin = path
    try:
        if refused:
            raise UnreadableFile(path, refused)
        data, name = _bytes(path, stdin)
        origin = name if path == "-" else origin_of(path, work.kb_path)
        document = read_document(data, name)
        stored = document.text.encode("utf-8")
    except UnreadableFile as error:
        return Ingested(None, origin_of(origin, work.kb_path) if not refused else origin, "failed", error.reason, ())
    except UnicodeEncodeError:
        return Ingested(None, origin, "failed", "holds characters that are no text (lone surrogates)", ())
    digest = sha256(stored)
    inside = _path_in_kb(path, work.kb_path) if path != "-" else None
    if inside and os.path.splitext(inside)[1] == document.suffix:
        place = inside
        origin = (work.known[inside].origin if inside in work.known else None) or inside
    else:
        origin = inside or origin
        place = _twin(work, origin, digest) or place_for(
            origin, name, document.suffix, stored, work.kb_path, work.known
        )
    before = [x for x in work.now.values() if x.source.path == place]
    if before and all(x.source.sha256 == digest and x.extraction.get("extractor") == extractor() for x in before):
        if inside == place or not os.path.exists(os.path.join(work.kb_path, place)):
            work.articles[place] = stored  # it went missing, or was saved in another encoding
        return Ingested(place, before[0].source.origin or origin, "unchanged", None, tuple(x.id for x in before))
    return _extracted(work, document, place, origin, digest, stored, before)


def _twin(work: _Work, origin: str, digest: str) -> str | None:
    """Where the very same text is stored already, when it comes from somewhere new: nobody needs its lessons twice."""
    if any(article.origin == origin for article in work.known.values()):
        return None
    return next((path for path, article in sorted(work.known.items()) if digest in article.shas), None)


def _bytes(path: str, stdin: Callable[[], bytes] | None) -> tuple[bytes, str]:
    if path != "-":
        return read_file(path), os.path.basename(path)
    data = stdin() if stdin else b""
    return data, f"stdin-{hashlib.sha256(data).hexdigest()[:8]}"


def _extracted(
    work: _Work, document: Document, place: str, origin: str, digest: str, stored: bytes, before: list[Lesson]
) -> Ingested:
    from coachkb.kb import Ingested

    posts = extract(document, _taggers(work.vocabulary()))
    taught = [x for x in posts if x.reason is None]
    reasons = list(dict.fromkeys(x.reason for x in posts if x.reason))
    if not taught:
        foreign = all(not x.language for x in posts)
        return Ingested(None, origin, "failed" if foreign else "none", reasons[0] if reasons else None, ())
    ids: list[str] = []
    left = list(before)
    until_now = dict(work.now)
    reopened: list[str] = []
    for post in taught:
        old = _same_post(post, left)
        if old:
            left.remove(old)
        lesson = _lesson(post, old, place, origin, digest, work)
        file = f"lessons/{lesson.language}/{lesson.id}.yaml"
        if file in work.broken:
            work.now = until_now  # an article's lessons change together or not at all
            return Ingested(place, origin, "failed", f"its lesson file {file} is broken: mend or delete it first", ())
        work.now[lesson.id] = lesson
        ids.append(lesson.id)
        if old and old.review.status == "approved" and lesson.review.status != "approved":
            reopened.append(lesson.id)
    work.known[place] = Known(place, origin, frozenset([digest]))
    work.articles[place] = stored
    status = "changed" if before else "new"
    told = []
    if reasons:
        told.append(f"{len(posts) - len(taught)} of {len(posts)} posts left out: the post {reasons[0]}")
    if reopened:
        told.append(f"changed under an approval, to be looked at again: {', '.join(reopened)}")
    return Ingested(place, origin, status, "; ".join(told) or None, tuple(ids))


def _same_post(post: Extracted, lessons: list[Lesson]) -> Lesson | None:
    """The lesson on file that an earlier version of the post gave: by title, else by the place in the article."""
    for lesson in lessons:
        if lesson.language == post.language and slug(lesson.title) == slug(post.title):
            return lesson
    for lesson in lessons:
        start, end = lesson.source.start or 0, lesson.source.end or 0
        overlap = min(end, post.post.end) - max(start, post.post.start)
        if lesson.language == post.language and overlap > 0.5 * min(end - start, post.post.end - post.post.start) > 0:
            return lesson
    return None


def _lesson(post: Extracted, old: Lesson | None, place: str, origin: str, digest: str, work: _Work) -> Lesson:
    lesson = Lesson(
        id=old.id if old else _free_id(post.title, post.language, work),
        title=post.title,
        language=post.language,
        situations=tuple(tag.situation for tag in post.tags),
        date=post.date,
        author=post.author,
        group=old.group if old else None,
        source=Source(place, origin, digest, post.post.start, post.post.end),
        problem=post.parts["problem"],
        diagnosis=post.parts["diagnosis"],
        tactic=post.parts["tactic"],
        script=post.parts["script"],
    )
    lesson = signed(lesson, extractor=extractor(), sureness=post.sureness, shape=dict(shape_to_data(post.shape)))
    return merged(old, lesson) if old else lesson


def _free_id(title: str, language: str, work: _Work) -> str:
    base = slug(title)
    files = [*work.broken, *(item.file for item in work.files.values())]  # a file need not be named after its id
    taken = {*work.now, *(os.path.splitext(os.path.basename(file))[0] for file in files)}
    if f"lessons/{language}/{base}.yaml" in work.broken:
        return base  # refused below: the broken file is this lesson's, most likely
    for candidate in (base, f"{base}-{language}", *(f"{base}-{n}" for n in range(2, 10_000))):
        if candidate not in taken:
            return candidate
    raise UnreadableFile(base, "ten thousand lessons have this title")


# ----------------------------------------------------------------------------------------------- groups and writing


def _pair(work: _Work) -> None:
    """Gives translations their group; a group that a person set or took away stays as it is."""

    def candidate(lesson: Lesson) -> Candidate:
        shape = shape_from_data(lesson.extraction.get("shape"))
        return Candidate(lesson.id, lesson.language, lesson.situations, shape, lesson.group)

    fresh = [x for x in work.now.values() if x.id not in work.files or work.files[x.id].lesson != x]
    known = [x for x in work.now.values() if x.id in work.files and work.files[x.id].lesson == x]
    for id_, group in pair(map(candidate, fresh), map(candidate, known)).items():
        lesson = work.now[id_]
        wrote = lesson.extraction.get("wrote")
        if isinstance(wrote, Mapping) and wrote.get("group") == fingerprint(lesson, "group"):
            grouped = replace(lesson, group=group)
            told = {**wrote, "group": fingerprint(grouped, "group")}
            work.now[id_] = replace(grouped, extraction={**lesson.extraction, "wrote": told})


def _write(kb: KnowledgeBase, work: _Work, results: list[Ingested]) -> None:
    try:
        for place, data in work.articles.items():
            _write_if_changed(os.path.join(work.kb_path, place), data)
        for id_, lesson in work.now.items():
            on_file = work.files.get(id_)
            if on_file is not None and _as_on_file(on_file, lesson):
                continue
            if on_file is not None:
                text, file = update_text(on_file.text, on_file.file, lesson), on_file.file
            else:
                text, file = render_lesson(lesson), f"lessons/{lesson.language}/{lesson.id}.yaml"
            _write_if_changed(os.path.join(work.kb_path, file), text.encode("utf-8"))
    except OSError as error:
        raise UnusableKB(f"{error.filename or work.kb_path}: cannot be written ({error.strerror})") from error
    if any(result.status in ("new", "changed") for result in results):
        kb.close()
        kb.index()


def _write_if_changed(path: str, data: bytes) -> None:
    try:
        with open(path, "rb") as file:
            if file.read() == data:
                return
    except OSError:
        pass
    atomic_write(path, data)


def _status(work: _Work, result: Ingested) -> str:
    """An article whose lessons all came out as they were on file is unchanged, whatever else was new."""
    if result.status == "changed" and all(
        id_ in work.files and _as_on_file(work.files[id_], work.now[id_]) for id_ in result.lessons
    ):
        return "unchanged"
    return result.status


def _as_on_file(on_file: OnFile, lesson: Lesson) -> bool:
    """Whether a lesson file says what the lesson says; numbers under ``extraction`` come back from a file as text."""
    return on_file.lesson == lesson or on_file.lesson == parse_lesson(render_lesson(lesson), on_file.file)
