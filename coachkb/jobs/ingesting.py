"""Articles into a knowledge base: reads, extracts, merges with what people edited, pairs translations, writes."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from coachkb import locate
from coachkb.errors import ChangedMeanwhile, UnreadableFile, no_kb_to_write_to
from coachkb.ingest.extract import Extracted
from coachkb.ingest.groups import Candidate, pair, shape_from_data, shape_to_data
from coachkb.ingest.read import read_document, read_file
from coachkb.jobs.extracting import Turn, extractor, in_turn, processes, up_to_date
from coachkb.jobs.indexing import bring_index_up_to_date
from coachkb.jobs.inputs import inputs, path_in_kb
from coachkb.jobs.matching import resembling, same_posts
from coachkb.jobs.whereabouts import (
    Work,
    beside,
    called_otherwise,
    edit_stays,
    given_before,
    lessons_of,
    missing,
    moved,
    overtaken,
    renamed,
    staying,
    twin,
    under_another_name,
    version_of,
    versions_before,
)
from coachkb.model.lesson import Lesson, Source
from coachkb.store import journal
from coachkb.store.articles import Known, known_articles, origin_known, place_for
from coachkb.store.files import sha256, slug
from coachkb.store.folder import OnFile, create, just_wrote, lesson_files
from coachkb.store.lesson_file import as_read, parse_lesson, render_lesson
from coachkb.store.merge import merged, new_conflicts
from coachkb.store.rewrite import update_text
from coachkb.store.wrote import fingerprint, signed

if TYPE_CHECKING:
    from coachkb.kb import Ingested, KnowledgeBase


def ingest(
    kb: KnowledgeBase,
    paths: Sequence[str],
    dry_run: bool,
    stdin: Callable[[], bytes] | None,
    progress: Callable[[int, int, str], None] | None,
    jobs: int = 1,
) -> list[Ingested]:
    """See ``KnowledgeBase.ingest``."""
    jobs = processes(jobs)
    if kb.path is None:
        raise no_kb_to_write_to()
    kb.to_be_made = kb.to_be_made and not locate.is_kb(kb.path)  # somebody else may have made it meanwhile
    with nullcontext() if dry_run or kb.to_be_made else journal.writing(kb.path, "ingest", kb.notify):
        work = _start(kb)
        given = list(inputs(kb.path, paths, work.known))
        read = [path for path, refused in given if path != "-" and not refused]
        work.given = frozenset(origin_known(path, kb.path, work.origins) for path in read)
        results: list[Ingested] = []
        try:
            with closing(in_turn(given, jobs, work.vocabulary, _settled(work))) as turns:
                for number, turn in enumerate(turns):
                    if progress:
                        progress(number, len(given), turn.path)
                    results.append(_one(work, turn, stdin))
        except KeyboardInterrupt:
            if kb.notify:  # all is written at the end, at once
                kb.notify(f"nothing was written: {len(results)} of {len(given)} articles had been read")
            raise
        if progress:
            progress(len(given), len(given), "")
        if not paths:
            results += missing(work)
        _pair(work)
        if not dry_run:
            _write(kb, work, results)
        return [replace(result, status=_status(work, result)) for result in results]


def _start(kb: KnowledgeBase) -> Work:
    assert kb.path is not None
    if own := os.path.exists(os.path.join(kb.path, locate.SITUATIONS)):
        kb.vocabulary()  # its faults are told, whether or not an article needs it
    items = list(lesson_files(kb.path))
    for item in items:
        if item.error:
            kb._note(item.error)
    files = {item.lesson.id: item for item in items if item.lesson}
    work = Work(
        kb_path=kb.path,
        files=files,
        broken={item.file: item for item in items if item.error},
        known=known_articles(item.lesson for item in items if item.lesson),
        vocabulary=kb.vocabulary,
        own_situations=own,
    )
    work.now = {id_: item.lesson for id_, item in files.items() if item.lesson}
    return work


def _settled(work: Work) -> frozenset[str]:
    """The texts whose lessons were all extracted by this extractor."""
    by_text: dict[str, bool] = {}
    for lesson in work.now.values():
        now = up_to_date(lesson)
        by_text[lesson.source.sha256 or ""] = now and by_text.get(lesson.source.sha256 or "", True)
    return frozenset(digest for digest, now in by_text.items() if now)


# ------------------------------------------------------------------------------------------------------ one article


def _as_typed(path: str, kb: str) -> str:
    """How a file that is not taken is named: as it was typed, in the KB's folder from there; no link is followed."""
    whole, root = os.path.abspath(path), os.path.abspath(kb)
    name = os.path.relpath(whole, root).replace(os.sep, "/") if whole.startswith(os.path.join(root, "")) else path
    return name.encode("utf-8", "replace").decode("utf-8")


def _one(work: Work, turn: Turn, stdin: Callable[[], bytes] | None) -> Ingested:
    from coachkb.kb import Ingested

    path, refused = turn.path, turn.refused
    origin = path
    try:
        if refused:
            raise UnreadableFile(path, refused)
        data, name = _bytes(path, stdin)
        origin = name if path == "-" else origin_known(path, work.kb_path, work.origins)
        document = read_document(data, name)
        stored = document.text.encode("utf-8")
    except UnreadableFile as error:
        shown = origin if refused or path == "-" else _as_typed(path, work.kb_path)
        return Ingested(None, shown, "failed", error.reason, ())
    except UnicodeEncodeError:
        return Ingested(None, origin, "failed", "holds characters that are no text (lone surrogates)", ())
    digest = sha256(stored)
    inside = path_in_kb(path, work.kb_path) if path != "-" else None
    told, older, same = None, None, twin(work, inside or origin, digest)
    if inside and os.path.splitext(inside)[1] == document.suffix:
        place = inside
        if inside not in work.known and same:
            told = renamed(work, same, inside)
            place = inside if told else same  # a copy of one that is still there
        origin = (work.known[place].origin if place in work.known else None) or inside
    else:
        origin = inside or origin
        told = moved(work, same, origin) if same else None
        if same and not inside and path != "-" and (again := called_otherwise(work, same, path)):
            told, origin = again, work.known[same].origin or origin
        if not inside and not same:
            if newer := overtaken(work, origin, digest):
                ids = tuple(x.id for x in lessons_of(work, newer))
                return Ingested(newer, origin, "unchanged", f"is an older version of {newer}, which stays", ids)
            older = version_of(work, origin, name, document.text, document.suffix)
            told = f"a new version of {older}" if older else None
        place = same or older or place_for(origin, name, document.suffix, stored, work.kb_path, work.known)
    if inside != place and (stays := edit_stays(work, place, origin, digest)):
        return stays
    followed, page = told, beside(work, inside, place)
    told = "; ".join(filter(None, (told, page))) or None
    before, own = lessons_of(work, place), work.vocabulary() if work.own_situations else None
    if before and all(x.source.sha256 == digest and up_to_date(x, own) for x in before):
        if inside == place or not os.path.exists(os.path.join(work.kb_path, place)):
            work.articles[place] = stored  # it went missing, or was saved in another encoding
        status = "changed" if followed else "unchanged"
        shown = origin if page else before[0].source.origin or origin
        return Ingested(place, shown, status, told, tuple(x.id for x in before))
    try:
        posts = turn.posts(data, document, work.vocabulary)
    except UnreadableFile as error:
        return Ingested(place if before else None, origin, "failed", error.reason, ())
    source = Source(place, origin, digest)
    more: dict[str, object] = {}  # what is remembered of the article beside what was extracted: see whereabouts
    if given := given_before(work, place, inside, origin, digest):
        more["given"] = given
    versions = {sha for x in before for sha in versions_before(x)}
    versions |= {x.source.sha256 for x in before if older and x.source.sha256}
    if versions - {digest}:
        more["versions"] = sorted(versions - {digest})
    result = _extracted(work, posts, source, stored, before, more)
    return replace(result, reason="; ".join(filter(None, (told, result.reason))) or None)


def _bytes(path: str, stdin: Callable[[], bytes] | None) -> tuple[bytes, str]:
    if path != "-":
        return read_file(path), os.path.basename(path)
    data = stdin() if stdin else b""
    return data, f"stdin-{hashlib.sha256(data).hexdigest()[:8]}"


def _extracted(
    work: Work,
    posts: list[Extracted],
    source: Source,
    stored: bytes,
    before: list[Lesson],
    more: Mapping[str, object],
) -> Ingested:
    from coachkb.kb import Ingested

    place, origin, digest = source.path or "", source.origin or "", source.sha256 or ""

    taught = [x for x in posts if x.reason is None]
    reasons = list(dict.fromkeys(x.reason for x in posts if x.reason))
    if not taught:
        foreign = all(not x.language for x in posts)
        why = reasons[0] if reasons else "holds no text"
        kept = [x.id for x in before if x.served]
        return Ingested(None, origin, "failed" if foreign else "none", staying(why, kept) if kept else why, ())
    told = [f"{len(posts) - len(taught)} of {len(posts)} posts left out: the post {reasons[0]}"] if reasons else []
    if not before:
        before = under_another_name(work, place, taught)
        told += [f"taken for {x}, which is gone" for x in sorted({str(lesson.source.path) for lesson in before})]
    matched = same_posts(taught, before)
    dropped = [x for x in work.now.values() if not x.served]
    made: dict[str, Lesson] = {}
    for n, post in enumerate(taught):
        if n not in matched and (like := resembling(post, dropped)):
            told.append(f"not made again, for it was dropped: {like.id}")
            continue
        old = matched.get(n)
        lesson = _lesson(post, old, source, more, work, made)
        file = f"lessons/{lesson.language}/{lesson.id}.yaml"
        if file in work.broken:  # an article's lessons change together or not at all
            return Ingested(place, origin, "failed", f"its lesson file {file} is broken: mend or delete it first", ())
        made[lesson.id] = lesson
        told += _told(old, lesson) if old else []
    gone = [x.id for x in before if x.served and x.id not in made]
    if gone:
        told.append(f"no longer in it, and kept: {', '.join(gone)}")
    reason = "; ".join(told) or None
    if not made:
        return Ingested(None, origin, "none", reason, ())
    work.now |= made
    work.known[place] = Known(place, origin, frozenset([digest]))
    work.articles[place] = stored
    return Ingested(place, origin, "changed" if before else "new", reason, tuple(made))


def _told(old: Lesson, new: Lesson) -> list[str]:
    """What a person should know of a lesson that changed."""
    told = []
    if old.review.status == "approved" and new.review.status != "approved":
        told.append(f"changed under an approval, to be looked at again: {new.id}")
    fields = new_conflicts(old, new) if new.served else []
    if fields:
        told.append(f"edited by a person and new in the article: {new.id} ({', '.join(fields)}); the edit stays, "
                    f"'coachkb diff {new.id}' shows both")  # fmt: skip
    return told


def _lesson(
    post: Extracted,
    old: Lesson | None,
    source: Source,
    more: Mapping[str, object],
    work: Work,
    made: Mapping[str, Lesson],
) -> Lesson:
    lesson = Lesson(
        id=old.id if old else _free_id(post.title, post.language, work, made),
        title=post.title,
        language=post.language,
        situations=tuple(tag.situation for tag in post.tags),
        date=post.date,
        author=post.author,
        group=old.group if old else None,
        source=replace(source, start=post.post.start, end=post.post.end),
        problem=post.parts["problem"],
        diagnosis=post.parts["diagnosis"],
        tactic=post.parts["tactic"],
        script=post.parts["script"],
    )
    shape = dict(shape_to_data(post.shape))
    lesson = signed(lesson, extractor=extractor(), sureness=post.sureness, shape=shape, **more)
    return merged(old, lesson) if old else lesson


def _free_id(title: str, language: str, work: Work, made: Mapping[str, Lesson]) -> str:
    base = slug(title)
    if f"lessons/{language}/{base}.yaml" in work.broken:
        return base  # refused below: the broken file is this lesson's, most likely
    numbered = (f"{base}-{n}" for n in range(2, 10_000))
    for candidate in itertools.chain((base, f"{base}-{language}"), numbered):
        if not any(candidate in taken for taken in (work.now, made, work.stems)):
            return candidate
    raise UnreadableFile(base, "ten thousand lessons have this title")


# ----------------------------------------------------------------------------------------------- groups and writing


def _pair(work: Work) -> None:
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


def _write(kb: KnowledgeBase, work: Work, results: list[Ingested]) -> None:
    changes: dict[str, bytes | None] = dict(work.articles)
    seen: dict[str, str | None] = {}
    made: dict[str, Lesson] = {}
    for id_, lesson in work.now.items():
        on_file = work.files.get(id_)
        if on_file is not None and _as_on_file(on_file, lesson):
            continue
        if on_file is not None:
            text, file = update_text(on_file.text, on_file.file, lesson), on_file.file
            seen[file] = on_file.digest
        else:
            text, file = render_lesson(lesson), f"lessons/{lesson.language}/{lesson.id}.yaml"
            seen[file] = None
            made[sha256(text.encode("utf-8"))] = as_read(lesson)
        changes[file] = text.encode("utf-8")
    if kb.to_be_made:
        if not changes:
            return
        seen.update(dict.fromkeys(work.articles))  # nobody held a lock: what another put there meanwhile stays
        _make(kb)
    _commit(kb, changes, seen, results)
    just_wrote(made)
    if any(result.status in ("new", "changed") for result in results):
        bring_index_up_to_date(kb)


def _make(kb: KnowledgeBase) -> None:
    """Makes the folder a KB, and says so."""
    assert kb.path is not None
    create(kb.path)
    kb.to_be_made = False
    if kb.notify:
        kb.notify(f"made a knowledge base in {kb.path}")


def _commit(
    kb: KnowledgeBase,
    changes: Mapping[str, bytes | None],
    seen: Mapping[str, str | None],
    results: Sequence[Ingested],
) -> None:
    """Writes what an ingest made; a lesson that a person saved while it ran stays as that person left it."""
    assert kb.path is not None
    told = [f"{n} {what}" for what in ("new", "changed") if (n := sum(r.status == what for r in results))]
    note = f"articles: {', '.join(told)}" if told else ""
    try:
        journal.commit(kb.path, "ingest", changes, note=note, seen=seen, tell=kb.notify)
    except ChangedMeanwhile as error:
        for file in error.files:
            kb._note(UnreadableFile(file, "changed while its article was ingested, and stays so: ingest it again"))
        kept = {file: data for file, data in changes.items() if file not in error.files}
        _commit(kb, kept, {file: digest for file, digest in seen.items() if file in kept}, results)


def _status(work: Work, result: Ingested) -> str:
    """An article whose lessons all came out as they were on file is unchanged, whatever else was new."""
    if result.status == "changed" and all(
        id_ in work.files and _as_on_file(work.files[id_], work.now[id_]) for id_ in result.lessons
    ):
        return "unchanged"
    return result.status


def _as_on_file(on_file: OnFile, lesson: Lesson) -> bool:
    """Whether a lesson file says what the lesson says; numbers under ``extraction`` come back from a file as text."""
    return on_file.lesson == lesson or on_file.lesson == parse_lesson(render_lesson(lesson), on_file.file)
