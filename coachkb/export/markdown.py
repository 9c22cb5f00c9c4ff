"""Lessons as a playbook in CommonMark: what articles hold is text here, never mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from coachkb.data.load import profile
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.model.terms import ROLES

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|~$^=])")
_LINE_START = re.compile(r"^(\s*)([#+-]|\d+[.)])", re.MULTILINE)
_BARE_LINK = re.compile(r"\b(https?|ftp|mailto):|\bwww\.", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]")


def escape(text: str) -> str:
    """Text so that Markdown shows it as it is: no emphasis, link, HTML, heading, list or table comes of it."""
    text = _CONTROL.sub("", text)
    text = " ".join(text.split())
    text = _SPECIAL.sub(r"\\\1", text)
    text = re.sub(r"!(?=\\\[)", r"\\!", text)
    text = _BARE_LINK.sub(lambda m: m.group().replace(":", "\\:").replace("www.", "www\\."), text)
    text = re.sub(r"(?<=\S)@(?=\S)", r"\\@", text)
    return _LINE_START.sub(
        lambda m: f"{m.group(1)}\\{m.group(2)}" if m.group(2) in "#+-" else f"{m.group(1)}{m.group(2)[:-1]}\\{m.group(2)[-1]}",
        text,
    )


def _shown(passages: tuple[Passage, ...], full: bool) -> list[str]:
    keys = [p.text for p in passages if p.key]
    return [p.text for p in passages] if full or not keys else keys


def lesson_markdown(lesson: Lesson, names: Mapping[str, str], *, full: bool, level: int = 1) -> str:
    """One lesson with title, author, date and source; the key passages of each part, or all with ``full``."""
    words = _profile(lesson.language)
    marks = "#" * level
    out = [f"{marks} {escape(lesson.title)}", ""]
    facts = []
    if lesson.author:
        facts.append(f"{escape(words.labels['by'])} {escape(lesson.author)}")
    if lesson.date:
        facts.append(lesson.date)
    if lesson.source.path:
        facts.append(f"{escape(words.labels['source'])}: {escape(lesson.source.origin or lesson.source.path)}")
    if facts:
        out += [" · ".join(facts) + "  "]
    tags = ", ".join(escape(names.get(id_, id_)) for id_ in lesson.situations)
    if tags:
        out += [f"*{tags}*"]
    if facts or tags:
        out += [""]
    for role in ROLES:
        texts = _shown(lesson.part(role), full)
        if not texts:
            continue
        out += [f"{marks}# {escape(words.headings[role])}", ""]
        for text in texts:
            out += [f"> {escape(text)}" if role == "script" else escape(text), ""]
    if lesson.notes:
        for paragraph in re.split(r"\n\s*\n", lesson.notes):
            out += [escape(paragraph), ""]
    return "\n".join(out)


def _profile(code: str) -> LanguageProfile:
    try:
        return profile(code)
    except FileNotFoundError:
        return profile("en")


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
        out.append(f"# {escape(_profile(code).name)}\n")
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
        out += [f"## {escape(_profile(code).name)}", ""]
        for id_ in sorted(chapters, key=lambda id_: order.get(id_, 999)):
            out += [f"### {escape(names.get(id_, id_ or '–'))}", ""]
            for lesson in sorted(chapters[id_], key=lambda x: (x.title, x.id)):
                by = f" — {escape(lesson.author)}" if lesson.author else ""
                out.append(f"- [{escape(lesson.title)}]({code}/{lesson.id}.md){by}")
            out.append("")
    found["index.md"] = "\n".join(out).rstrip("\n") + "\n"
    return found
