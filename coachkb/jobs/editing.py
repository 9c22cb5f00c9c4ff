"""A lesson file in a person's hands: what may be edited, whether it came back whole, and putting it in place."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from coachkb import locate
from coachkb.data.load import language_codes
from coachkb.errors import NotFound, UnreadableFile, UnusableKB, UsageError
from coachkb.jobs.indexing import bring_index_up_to_date
from coachkb.jobs.suggesting import did_you_mean, same_id
from coachkb.model.lesson import Lesson
from coachkb.store import journal
from coachkb.store.folder import OnFile, lesson_files, read_lesson_file
from coachkb.store.lesson_faults import unknown_keys
from coachkb.store.lesson_file import lesson_of, parse_lesson
from coachkb.store.merge import as_draft_if_reworded, owned_words
from coachkb.store.proposals import proposals, settled, value_text
from coachkb.store.rewrite import update_text
from coachkb.store.strict_yaml import load_tree
from coachkb.store.wrote import MACHINE_FIELDS

if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase

TAKES = ("machine", "mine")


@dataclass(frozen=True, slots=True)
class Editable:
    """A lesson file of the KB as it is now, or shall be. ``lesson`` is None when it is broken.

    ``digest`` is of its bytes; None: there is no such file yet. ``along``: files to be written with it, by path.
    """

    id: str
    file: str
    text: str
    digest: str | None
    lesson: Lesson | None
    along: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an edit: what to look at (unknown words, with file and line), fields whose conflict was settled
    and those where it is still open, whether an approved lesson is a draft again."""

    warnings: tuple[str, ...]
    settled: tuple[str, ...]
    open: tuple[str, ...]
    reopened: bool = False


def editable(kb: KnowledgeBase, id_: str) -> Editable:
    """The lesson's file; also a broken one that is named after the id. See ``KnowledgeBase.editable`` for errors."""
    items = list(lesson_files(kb.path)) if kb.path else []
    own = [item.lesson.id for item in items if item.lesson]
    id_ = same_id(id_, {*own, *(PurePosixPath(item.file).stem for item in items if item.error)})
    found = next((x for x in items if x.lesson is not None and x.lesson.id == id_), None)
    broken = next((x for x in items if x.error is not None and PurePosixPath(x.file).stem == id_), None)
    for item in items:
        if item.error and (found or item is not broken):
            kb._note(item.error)
    if found is not None:
        return Editable(id_, found.file, found.text, found.digest, found.lesson)
    if broken is not None:
        return _broken(broken, id_)
    raise _no_such(kb, id_, own)


def _broken(item: OnFile, id_: str) -> Editable:
    if not item.text or item.digest is None:  # not text at all: there is nothing to put into an editor
        assert item.error is not None
        raise item.error
    return Editable(id_, item.file, item.text, item.digest, None)


def in_starter(id_: str) -> OnFile | None:
    """The starter's lesson of an id, in whatever case. Its files are named by their ids; parsing all of them takes
    seconds."""
    files = locate.named(locate.STARTER)
    file = files.get(same_id(id_, files))
    return read_lesson_file(locate.STARTER, file, *locate.UNSEEN) if file else None


def _no_such(kb: KnowledgeBase, id_: str, own: list[str]) -> Exception:
    if (starters := in_starter(id_)) and starters.lesson:
        id_ = starters.lesson.id
        told = f"{id_} is one of the built-in starter's lessons, which are read-only"
        if kb.path is None:
            return UsageError(
                f"{told}: open a knowledge base of your own, by its path and with create=True, and copy it there: "
                f"editable({id_!r}, copy=True)",
                f"{told}: make a knowledge base of your own (coachkb init my-kb), then: "
                f"coachkb edit --kb my-kb --copy {id_}",
            )
        return (UsageError if kb.with_starter else NotFound)(
            f"{told}: editable({id_!r}, copy=True) copies it into your knowledge base",
            f"{told}: 'coachkb edit --copy {id_}' puts a copy into your knowledge base and opens that",
        )
    return NotFound(f"no lesson of this knowledge base has the id {id_!r}{did_you_mean(id_, own)}")


def with_notes(item: Editable) -> str:
    """The text for the editor: over it, what the machine would write where a person's edit stands."""
    return "".join(_notes(item)) + item.text


def _notes(item: Editable) -> list[str]:
    open_ = proposals(item.lesson) if item.lesson else {}
    if not open_:
        return []
    lines = [
        "The article changed where this lesson was edited by hand. What stands below is yours; the machine now says:"
    ]
    for name, value in open_.items():
        lines += [f"  {name}:", *(f"    {line}" for line in value_text(value))]
    lines.append("Fields that you change now are settled with that. To settle without an editor:")
    lines.append(f"  coachkb edit {item.id} --take mine    (or: --take machine; one field: --field NAME)")
    return [f"#| {line}\n" for line in lines]


def _without_notes(item: Editable, text: str) -> str:
    """The text without the lines that ``with_notes`` put over it; a comment of a person's own stays."""
    notes = set(_notes(item))
    return "".join(line for line in text.splitlines(keepends=True) if line.replace("\r\n", "\n") not in notes)


def checked(kb: KnowledgeBase, item: Editable, text: str) -> tuple[Lesson, list[UnreadableFile]]:
    """The lesson in an edited text, and what to look at in it, with lines: unknown situations, languages, keys.

    Raises UnreadableFile with the line and what is wrong.
    """
    tree = load_tree(text, item.file)
    lesson = lesson_of(tree, item.file)
    fields: Mapping[str, Any] = tree.value
    if item.lesson is not None and lesson.id != item.id:
        raise UnreadableFile(item.file, f"id is {item.id!r} and never changes", fields["id"].line)
    if item.lesson is None and kb.path:
        others = (x for x in lesson_files(kb.path) if x.lesson and x.lesson.id == lesson.id and x.file != item.file)
        if other := next(others, None):
            raise UnreadableFile(item.file, f"has the id {lesson.id!r} that {other.file} has too", fields["id"].line)
    told: list[tuple[int, str]] = []
    for situation, at in zip(lesson.situations, fields["situations"].value or (), strict=True):
        if situation not in kb.vocabulary():
            near = difflib.get_close_matches(situation, kb.vocabulary(), n=1, cutoff=0.4)
            told.append((at.line, f"unknown situation {situation!r}" + (f": did you mean {near[0]}?" if near else "")))
    if lesson.language not in language_codes():
        known = f"coachkb knows {', '.join(language_codes())}"
        told.append((fields["language"].line, f"unknown language {lesson.language!r}: {known}"))
    for key, line, like in unknown_keys(tree):
        told.append((line, f"unknown key {key!r}" + (f": did you mean {like}?" if like else "")))
    return lesson, [UnreadableFile(item.file, reason, line) for line, reason in sorted(told)]


def save(kb: KnowledgeBase, item: Editable, text: str) -> Edited:
    """See ``KnowledgeBase.save``."""
    text = _without_notes(item, text)
    # An edit with unknown words in it settles nothing: it is to be looked at again.
    lesson, odd = checked(kb, item, text)
    before = proposals(item.lesson) if item.lesson else {}
    touched = [x for x in before if getattr(lesson, x) != getattr(item.lesson, x) and not odd]
    as_it_shall_be = owned_words(settled(lesson, "mine", touched) if touched else lesson)
    if as_it_shall_be != lesson:
        text = update_text(text, item.file, as_it_shall_be)
    write(kb, item, text)
    return Edited(tuple(map(str, odd)), tuple(touched), tuple(proposals(as_it_shall_be)))


def write(kb: KnowledgeBase, item: Editable, text: str) -> None:
    """Puts a lesson's file in place, and into the index. Raises ChangedMeanwhile, UnusableKB."""
    if kb.path is None:
        raise UnusableKB("there is no knowledge base to write to: make one with 'coachkb init'")
    changes = {**item.along, item.file: text.encode("utf-8")}
    action = "edit" if item.digest else "new"
    journal.commit(kb.path, action, changes, note=item.id, seen={item.file: item.digest}, tell=kb.notify)
    kb.close()
    bring_index_up_to_date(kb)


def settle(kb: KnowledgeBase, id_: str, take: str, name: str | None) -> Edited:
    """See ``KnowledgeBase.settle``."""
    if take not in TAKES:
        raise UsageError(f"unknown side {take!r}: machine or mine")
    if name is not None and name not in MACHINE_FIELDS:
        raise UsageError(f"unknown field {name!r}: one of {', '.join(MACHINE_FIELDS)}")
    item = editable(kb, id_)
    if item.lesson is None:
        parse_lesson(item.text, item.file)  # says what is wrong with it
        raise NotFound(f"{item.file} shares its id with another file: give it another first")
    open_ = proposals(item.lesson)
    if not open_ or (name is not None and name not in open_):
        where = f" in {name}" if name and open_ else ""
        raise NotFound(f"{item.id} has no conflict{where} to settle")
    fields = [name] if name else list(open_)
    lesson = as_draft_if_reworded(item.lesson, settled(item.lesson, take, fields))
    write(kb, item, update_text(item.text, item.file, lesson))
    reopened = lesson.review.status != item.lesson.review.status
    return Edited((), tuple(fields), tuple(x for x in open_ if x not in fields), reopened)
