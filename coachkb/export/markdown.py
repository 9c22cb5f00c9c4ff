"""Lessons as a playbook in CommonMark: what articles hold is text here, never mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from coachkb.data.load import profile
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.model.summary import key_ones, with_cuts
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~$^=]")
#: What renderers that look for addresses in plain text would make a link of: ``//``, ``@``, ``www.``, ``name.com``.
_LINK = re.compile(r"(?<=/)/|@|(?<=www)\.|(?<=\S)\.(?=[^\W\d_]{2})", re.IGNORECASE)
#: A ``#`` that opens a word would open, or close, a heading.
_HASH = re.compile(r"(?<!\S)#")
#: What opens a list, a rule, a definition or a container where a line begins.
_OPENING = re.compile(r"^(?:[+:-]|[0-9]{1,9}(?=[.)](?: |$)))")


def visible(text: str) -> str:
    """The text as a reader will see it: on one line, white space folded, control and bidi characters dropped."""
    return " ".join(safe(text).split())


def escape(text: str) -> str:
    """Text so that Markdown shows it as it is: no emphasis, link, HTML, heading, list or table comes of it."""
    text = _SPECIAL.sub(r"\\\g<0>", visible(text))
    text = _LINK.sub(r"\\\g<0>", text)
    text = _HASH.sub(r"\\#", text)
    return _OPENING.sub(lambda m: f"{m[0]}\\" if m[0][-1].isdecimal() else f"\\{m[0]}", text)


def _shown(passages: tuple[Passage, ...], full: bool) -> list[str]:
    """The passages of a part to print: the key ones (all when none is marked), or all with ``full``."""
    part = [(p.text, p.start, p.end, p.key) for p in passages if visible(p.text)]
    everything = full or not any(key for *_, key in part)
    numbers = list(range(len(part))) if everything else key_ones(part)
    return with_cuts(part, numbers, [visible(part[n][0]) for n in numbers])


def _paragraphs(notes: str) -> Iterator[str]:
    """The paragraphs of a person's notes: blank lines part them."""
    lines: list[str] = []
    for line in [*notes.splitlines(), ""]:
        if visible(line):
            lines.append(line)
        elif lines:
            yield " ".join(lines)
            lines = []


def _title(lesson: Lesson) -> str:
    """The title as Markdown; the id of a lesson whose title shows nothing."""
    return escape(lesson.title) or escape(lesson.id)


def _name(id_: str, names: Mapping[str, str]) -> str:
    """A situation's name as Markdown; its id when it has none."""
    return escape(names.get(id_, "")) or escape(id_)


def lesson_markdown(lesson: Lesson, names: Mapping[str, str], *, full: bool, level: int = 1) -> str:
    """One lesson with title, author, date and source; the key passages of each part, or all with ``full``.

    A draft is told for one. A quotation is whole, or its cuts are shown."""
    words = _profile(lesson.language)
    marks = "#" * level
    out = [f"{marks} {_title(lesson)}", ""]
    facts = []
    if lesson.author and visible(lesson.author):
        facts.append(f"{escape(words.labels['by'])} {escape(lesson.author)}")
    if lesson.date and visible(lesson.date):
        facts.append(escape(lesson.date))
    origin = lesson.source.origin or lesson.source.path
    if origin and visible(origin):
        facts.append(f"{escape(words.labels['source'])}: {escape(origin)}")
    tags = ", ".join(filter(None, (_name(id_, names) for id_ in lesson.situations)))
    head = [" · ".join(facts)] if facts else []
    head += [f"*{tags}*"] if tags else []
    head += [f"*{draft}*"] if (draft := _draft(lesson)) else []
    if head:
        out += ["  \n".join(head), ""]  # two spaces at a line's end: the next begins a line of its own
    for role in ROLES:
        texts = _shown(lesson.part(role), full)
        if not texts:
            continue
        out += [f"{marks}# {escape(words.headings[role])}", ""]
        for text in texts:
            out += [f"> {escape(text)}" if role == "script" else escape(text), ""]
    for paragraph in _paragraphs(lesson.notes or ""):
        out += [escape(paragraph), ""]
    return "\n".join(out)


def _draft(lesson: Lesson) -> str:
    """That nobody has approved the lesson yet, in its language; nothing when somebody has."""
    return escape(_profile(lesson.language).labels["draft"]) if lesson.review.status == "draft" else ""


def _profile(code: str) -> LanguageProfile:
    try:
        return profile(code)
    except FileNotFoundError:
        return profile("en")


def _language_name(code: str) -> str:
    """A language's own name; the code of one that there is no profile for."""
    known = _profile(code)
    return known.name if known.code == code else code


def _names(vocabulary: Mapping[str, Situation], language: str) -> dict[str, str]:
    return {id_: situation.name(language) for id_, situation in vocabulary.items()}


def playbook(lessons: Iterable[Lesson], vocabulary: Mapping[str, Situation], *, full: bool) -> str:
    """All lessons in one text: a chapter a language, then the lessons by their first situation."""
    order = {id_: n for n, id_ in enumerate(vocabulary)}
    by_language: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        by_language.setdefault(lesson.language, []).append(lesson)
    out = []
    for code, mine in by_language.items():
        names = _names(vocabulary, code)
        mine.sort(key=lambda x: (order.get(x.situations[0], 999) if x.situations else 999, x.title, x.id))
        out.append(f"# {escape(_language_name(code))}\n")
        out += [lesson_markdown(lesson, names, full=full, level=2) for lesson in mine]
    return "\n".join(out).rstrip("\n") + "\n"


def pages(lessons: Iterable[Lesson], vocabulary: Mapping[str, Situation], *, full: bool) -> dict[str, str]:
    """A page a lesson and an index.md that links them by language and situation: file name to text."""
    found: dict[str, str] = {}
    by_language: dict[str, dict[str, list[Lesson]]] = {}
    for lesson in lessons:
        names = _names(vocabulary, lesson.language)
        text = lesson_markdown(lesson, names, full=full)
        found[f"{lesson.language}/{lesson.id}.md"] = text.rstrip("\n") + "\n"
        first = lesson.situations[0] if lesson.situations else ""
        by_language.setdefault(lesson.language, {}).setdefault(first, []).append(lesson)
    order = {id_: n for n, id_ in enumerate(vocabulary)}
    out = ["# coachkb", ""]
    for code, chapters in by_language.items():
        names = _names(vocabulary, code)
        out += [f"## {escape(_language_name(code))}", ""]
        for id_ in sorted(chapters, key=lambda id_: order.get(id_, 999)):
            out += [f"### {_name(id_, names) or '–'}", ""]
            for lesson in sorted(chapters[id_], key=lambda x: (x.title, x.id)):
                more = filter(None, (escape(lesson.author or ""), _draft(lesson)))
                out.append(" — ".join([f"- [{_title(lesson)}]({code}/{lesson.id}.md)", *more]))
            out.append("")
    found["index.md"] = "\n".join(out).rstrip("\n") + "\n"
    return found
