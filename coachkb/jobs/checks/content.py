"""Checks of what lessons say: their parts, their situations, and the articles that they quote."""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Iterator
from dataclasses import replace

from coachkb.ingest.read import SUFFIXES, merge_mark
from coachkb.ingest.text import plain
from coachkb.jobs.checks.base import Check, Checked, Finding, LessonOnFile
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import MAX_SITUATIONS, ROLES
from coachkb.store.merge import owned_words
from coachkb.store.proposals import proposals
from coachkb.store.rewrite import update_text

_PAGES = tuple(suffix for suffix in SUFFIXES if suffix not in (".txt", ".md"))
_MARKUP = frozenset("*_`~>#\\")
_SHOWN = 40  # characters of a passage in a message


# --------------------------------------------------------------------------------------------- passages and articles


def _says(article: str, path: str, start: int, end: int, text: str) -> bool:
    return end <= len(article) and plain(article[start:end], path.endswith(".md")) == text


@functools.lru_cache(maxsize=4)
def _bare(text: str, markdown: bool) -> tuple[str, tuple[int, ...]]:
    """A text without white space and mark-up, and where each of its characters stands in it."""
    kept = [(char, n) for n, char in enumerate(text) if not char.isspace() and not (markdown and char in _MARKUP)]
    return "".join(char for char, _ in kept), tuple(n for _, n in kept)


def places(article: str, path: str, text: str) -> list[tuple[int, int]]:
    """Where a passage's words stand in an article: start and end of each occurrence, in code points."""
    markdown = path.endswith(".md")
    bare, at = _bare(article, markdown)
    wanted, _ = _bare(text, markdown)
    found: list[tuple[int, int]] = []
    begin = bare.find(wanted) if wanted else -1
    while begin >= 0:
        start, end = at[begin], at[begin + len(wanted) - 1] + 1
        if _says(article, path, start, end, text):
            found.append((start, end))
        begin = bare.find(wanted, begin + 1)
    return found


def _strays(kb: Checked, lesson: Lesson) -> Iterator[tuple[str, int, Passage, list[tuple[int, int]] | None]]:
    """The passages that are not in the lesson's article where they say: role, number, passage, and where they stand
    instead (None when the lesson names no article)."""
    path = lesson.source.path
    article = kb.article(path).text if path else None
    if path and article is None:
        return
    for role in ROLES:
        for n, passage in enumerate(lesson.part(role)):
            if passage.start is None or passage.end is None:
                continue
            if article is None or path is None:
                yield role, n, passage, None
            elif not _says(article, path, passage.start, passage.end, passage.text):
                yield role, n, passage, places(article, path, passage.text)


def _changed(kb: Checked, lesson: Lesson) -> bool:
    """Whether the lesson's article is no longer what the lesson was made from."""
    digest = kb.article(lesson.source.path).sha256 if lesson.source.path else None
    return bool(digest and lesson.source.sha256 and digest != lesson.source.sha256)


def _text(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        if _changed(kb, lesson):
            continue  # told once, by the check of articles
        owned = owned_words(lesson)
        for role, n, passage, where in _strays(kb, lesson):
            reworded = not where and owned.part(role)[n].start is None
            shown = repr(passage.text[:_SHOWN] + ("…" if len(passage.text) > _SHOWN else ""))
            if where is None:
                message = f"{shown} has start and end, but the lesson names no article (source.path)"
            elif len(where) == 1:
                message = f"{shown} stands at {where[0][0]} to {where[0][1]} of its article, not where it says"
            elif where:
                message = f"{shown} is not where it says; it stands at {len(where)} places of its article"
            elif reworded:
                message = f"{shown} was reworded, so it stands nowhere in its article: take its start and end out"
            else:
                message = f"{shown} is not in its article: if it was reworded, take its start and end out"
            fixable = reworded or (where is not None and len(where) == 1)
            line = item.line(role, n)
            yield Finding("text", item.file, line, message, f"{role}.text", lesson.id, lesson.source.path, fixable)


def _find_again(kb: Checked, item: LessonOnFile) -> LessonOnFile:
    lesson = item.lesson
    if lesson is None or _changed(kb, lesson):
        return item
    mended = lesson
    for role, n, passage, where in _strays(kb, lesson):
        if where and len(where) == 1:
            passages = list(mended.part(role))
            passages[n] = replace(passage, start=where[0][0], end=where[0][1])
            mended = replace(mended, **{role: tuple(passages)})  # type: ignore[arg-type]
    mended = owned_words(mended)
    return item.with_text(update_text(item.text, item.file, mended)) if mended != lesson else item


def _articles(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        path = lesson.source.path
        if not path:
            continue
        reason = kb.article(path).reason
        if reason:
            message, field = f"its article {path} {reason}", "path"
        elif merge_mark(kb.article(path).text or ""):
            continue  # told once, by the check of merges
        elif _changed(kb, lesson):
            moved = sum(1 for _ in _strays(kb, lesson))
            what = f"{moved} passages no longer stand where they say" if moved else "all passages stand where they did"
            message, field = f"its article {path} has changed; {what}: 'coachkb ingest' reads it again", "sha256"
        else:
            continue
        yield Finding("articles", item.file, item.line("source", field), message, f"source.{field}", lesson.id, path)


def _pages(kb: Checked) -> Iterator[Finding]:
    """Saved pages beside a text of their name that is not known to be theirs."""
    theirs = {(item.told("source", "origin"), item.told("source", "path")) for item in kb.files}
    present = set(kb.present)
    for page in sorted(present):
        stem, suffix = os.path.splitext(page)
        text = f"{stem}.txt"
        if suffix.lower() in _PAGES and text in present and (page, text) not in theirs:
            message = f"{text} lies beside it, and is not known to be its text: if it is, take one of the two away"
            yield Finding("pages", page, 1, message, article=page)


def _doubles(kb: Checked) -> Iterator[Finding]:
    """Articles that lessons come from and that say the same."""
    first: dict[str, str] = {}
    for path in sorted({lesson.source.path for _, lesson in kb.lessons() if lesson.source.path}):
        text = kb.article(path).text
        before = first.setdefault(" ".join(text.split()), path) if text else path
        if before != path:
            ids = ", ".join(lesson.id for _, lesson in kb.lessons() if lesson.source.path == path)
            message = f"says what {before} says: keep one of the two, and drop the other's lessons (here: {ids})"
            yield Finding("double-articles", path, 1, message, article=path)


def _unused(kb: Checked) -> Iterator[Finding]:
    if any(item.tree is None for item in kb.files):
        return  # a file that cannot be read may name it
    used = {item.told("source", key) for item in kb.files for key in ("path", "origin")}
    told = {finding.file for finding in _pages(kb)}
    for path in kb.present:
        if path not in used | told and not merge_mark(kb.article(path).text or ""):
            message = "no lesson comes from it: ingest it, or take it away"
            yield Finding("unused-articles", path, 1, message, article=path)


# ------------------------------------------------------------------------------------------- situations and parts


def _situations(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        for n, id_ in enumerate(lesson.situations):
            if id_ not in kb.vocabulary:
                near = difflib.get_close_matches(id_, kb.vocabulary, n=3, cutoff=0.5)
                hint = f"did you mean {', '.join(near)}?" if near else "'coachkb situations' lists them"
                message, fixable = f"situation {id_!r} is unknown: {hint}", False
            elif id_ in lesson.situations[:n]:
                message, fixable = f"situation {id_!r} stands twice", True
            elif (broader := kb.vocabulary[id_].broader) and broader not in lesson.situations[:n]:
                fixable = _in_order(kb, lesson.situations) is not None
                more = "" if fixable else f", and there is room for {MAX_SITUATIONS} only"
                message = f"situation {id_!r} narrows {broader!r}, which should stand before it{more}"
            else:
                continue
            line = item.line("situations", n)
            yield Finding("situations", item.file, line, message, "situations", lesson.id, None, fixable)


def _in_order(kb: Checked, situations: tuple[str, ...]) -> tuple[str, ...] | None:
    """The situations, each once and each broader one before its narrower; None when they are too many then."""
    out: list[str] = []
    for id_ in situations:
        broader = kb.vocabulary[id_].broader if id_ in kb.vocabulary else None
        out += [x for x in (broader, id_) if x and x not in out]
    return tuple(out) if len(out) <= MAX_SITUATIONS else None


def _order(kb: Checked, item: LessonOnFile) -> LessonOnFile:
    assert item.lesson is not None
    ordered = _in_order(kb, item.lesson.situations)
    if ordered is None or ordered == item.lesson.situations:
        return item
    return item.with_text(update_text(item.text, item.file, replace(item.lesson, situations=ordered)))


def _empty(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        if not any(lesson.part(role) for role in ROLES) and not _begun(lesson):
            message = "has no part at all (problem, diagnosis, tactic, script): write one, or drop the lesson"
            yield Finding("empty", item.file, item.line("problem"), message, None, lesson.id)
        for role in ROLES:
            for n, passage in enumerate(lesson.part(role)):
                if not passage.text.strip():
                    line = item.line(role, n)
                    yield Finding("empty", item.file, line, f"{role}: a passage is blank", f"{role}.text", lesson.id)


def _begun(lesson: Lesson) -> bool:
    """Whether a lesson is a person's, begun and not yet filled in: it has time."""
    return lesson.review.status == "draft" and not (
        lesson.source.path or lesson.extraction or any(lesson.part(role) for role in ROLES)
    )


def _unfinished(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        if _begun(lesson):
            message = "was begun and says nothing yet: write a part, or delete the file"
            yield Finding("unfinished", item.file, item.line("problem"), message, None, lesson.id)


def _conflicts(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        for name in proposals(lesson):
            message = f"{name}: the article changed what a person had edited; 'coachkb diff {lesson.id}' shows both"
            yield Finding("conflicts", item.file, item.line(name), message, name, lesson.id)


def _no_script(kb: Checked) -> Iterator[Finding]:
    for item, lesson in kb.lessons():
        if not lesson.script and not _begun(lesson):
            message = "has no script: nobody learns what to say"
            yield Finding("no-script", item.file, item.line("script"), message, "script", lesson.id)


CHECKS = (
    Check(
        "text",
        "passages stand in their article where they say",
        "A passage with start and end is the article's own words: that slice, with white space folded and mark-up "
        "removed. --fix finds it again where it stands exactly once elsewhere. A passage that a person reworded has no "
        "start and end: --fix takes them out where what the machine had written is known.",
        _text,
        _find_again,
    ),
    Check(
        "articles",
        "each lesson's article is there, and unchanged",
        "The article that a lesson names is missing or was changed since the lesson was made from it. After a change, "
        "'coachkb ingest', without a path, reads it again and keeps what people edited. A missing one: bring it back, "
        "or drop the lesson.",
        _articles,
        stale=True,
    ),
    Check(
        "pages",
        "a saved page and its text are one article",
        "The text of a page in the knowledge base's articles/ is stored beside it, under the same name. Where there is "
        "a text of that name with another origin, both may give the same lessons: take one of the two away.",
        _pages,
    ),
    Check(
        "double-articles",
        "no two stored articles are the same text",
        "Two articles of one text give the same lessons twice, and a correction of one does not reach the other: look "
        "which lessons have been worked on, drop the others ('coachkb review --id ID --batch drop'), and delete their "
        "article.",
        _doubles,
    ),
    Check(
        "unused-articles",
        "each article gives a lesson",
        "No lesson comes from this article: it was never ingested, it teaches nothing, or its lessons were deleted "
        "(dropped ones stay on file and count). Ingest it, or take it away.",
        _unused,
    ),
    Check(
        "situations",
        "situations are known, the broader one first",
        "A situation that is not in the vocabulary is never found by. One that narrows another is preceded by that "
        "other. --fix puts the broader one before it where three are enough, and takes out what stands twice.",
        _situations,
        _order,
    ),
    Check(
        "empty",
        "a lesson says something",
        "A lesson without a single passage answers nothing. Write a part, or drop it. One that 'coachkb new' began and "
        "nobody has filled in yet is told under --stale only.",
        _empty,
    ),
    Check(
        "unfinished",
        "a lesson that was begun by hand is filled in (only under --stale)",
        "'coachkb new' begins a lesson with its title and situations; until a part is written, it answers nothing.",
        _unfinished,
        stale=True,
        always=False,
    ),
    Check(
        "conflicts",
        "what people and the machine disagree on is settled",
        "Where an article changed what had been edited, the edit stays and the machine's version is kept beside it. "
        "'coachkb diff ID' shows both; 'coachkb edit ID', or with --take mine or --take machine, settles it.",
        _conflicts,
    ),
    Check(
        "no-script",
        "a lesson has words to say (only under --stale)",
        "A lesson without a script tells what to do and not what to say. Not every article has one; write it yourself "
        "(text without start and end).",
        _no_script,
        stale=True,
        always=False,
    ),
)
