"""Lessons as a playbook in CommonMark: what articles hold is text here, never mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from coachkb.data.load import profile
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation, narrowest
from coachkb.model.summary import Told, follows, key_ones, numbers_alone, with_cuts
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~$^=]")
#: What renderers that look for addresses in plain text would make a link of: ``//``, ``@``, ``www.``, ``name.com``.
_LINK = re.compile(r"(?<=/)/|@|(?<=www)\.|(?<=\S)\.(?=[^\W\d_]{2})", re.IGNORECASE)
#: A ``#`` that opens a word would open, or close, a heading.
_HASH = re.compile(r"(?<!\S)#")
#: What opens a list, a rule, a definition or a container where a line begins.
_OPENING = re.compile(r"^(?:[+:-]|[0-9]{1,9}(?=[.)](?: |$)))")

#: What opens an item of a list in an article.
_BULLET = re.compile(r"[-*+•·▪◦‣✓✔➤→] (?=\S)")

_HEADING = re.compile(r"^#{4} (.*)$", re.MULTILINE)  # of a part of a lesson in a playbook
_NO_ANCHOR = re.compile(r"[^\w\- ]")
_UNTAGGED = "–"


def visible(text: str) -> str:
    """The text as a reader will see it: on one line, white space folded, control and bidi characters dropped."""
    return " ".join(safe(text).split())


def escape(text: str) -> str:
    """Text so that Markdown shows it as it is: no emphasis, link, HTML, heading, list or table comes of it."""
    text = _SPECIAL.sub(r"\\\g<0>", visible(text))
    text = _LINK.sub(r"\\\g<0>", text)
    text = _HASH.sub(r"\\#", text)
    return _OPENING.sub(lambda m: f"{m[0]}\\" if m[0][-1].isdecimal() else f"\\{m[0]}", text)


def _shown(passages: tuple[Passage, ...], full: bool) -> list[list[str]]:
    """The passages of a part to print, in stretches that follow one another in the article: the key ones (all when none
    is marked), or all with ``full``. Numbers of a list that is not whole are left out."""
    part = [(p.text, p.start, p.end, p.key) for p in passages if visible(p.text)]
    everything = full or not any(key for *_, key in part)
    numbers = list(range(len(part))) if everything else key_ones(part)
    stretches: list[list[str]] = []
    before = -2
    texts = with_cuts(part, numbers, [visible(part[n][0]) for n in numbers])
    for n, text, number in zip(numbers, texts, numbers_alone(texts), strict=True):
        if n != before + 1 or not follows(part[before], part[n]):
            stretches.append([])
        if stretches[-1] and _BULLET.match(stretches[-1][-1]) and _same_line(part[before], part[n], text):
            stretches[-1][-1] += f" {text}"
        else:
            stretches[-1].append(text[number:])
        before = n
    return stretches


def _same_line(a: Told, b: Told, text: str) -> bool:
    """Whether a passage goes on where an item of a list stands: a blank lies between them, and it is no item itself."""
    return a[2] is not None and b[1] == a[2] + 1 and not _BULLET.match(text)


def _told(stretch: list[str]) -> Iterator[str]:
    """The lines of a stretch: a paragraph each passage, but for the items of a list."""
    listed = False
    for text in stretch:
        found = _BULLET.match(text)
        if listed and not found:
            yield ""
        listed = found is not None
        yield f"- {escape(text[found.end() :])}" if found else escape(text)
        if not listed:
            yield ""
    if listed:
        yield ""


def _paragraphs(notes: str) -> Iterator[str]:
    """The paragraphs of a person's notes: blank lines part them."""
    lines: list[str] = []
    for line in [*notes.splitlines(), ""]:
        if shown := visible(line):
            lines.append(shown)
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
        stretches = _shown(lesson.part(role), full)
        if not stretches:
            continue
        out += [f"{marks}# {escape(words.headings[role])}", ""]
        for stretch in stretches:
            if role == "script":  # spoken in one go, so one quotation, each passage a line of it
                out += ["  \n".join(f"> {escape(text)}" for text in stretch), ""]
            else:
                out += _told(stretch)
    if any(visible(line) for line in (lesson.notes or "").splitlines()):
        out += [f"{marks}# {escape(words.labels['notes'])}", ""]
    for paragraph in _paragraphs(lesson.notes or ""):
        out += [escape(paragraph), ""]
    return "\n".join(out)


def _draft(lesson: Lesson) -> str:
    """That the lesson is a draft yet, or dropped, in its language; nothing when somebody has approved it."""
    status = lesson.review.status
    return escape(_profile(lesson.language).labels[status]) if status in ("draft", "dropped") else ""


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
    """All lessons in one text: a chapter a language, with its contents; in it the lessons by what they are on first of
    all."""
    anchors = _Anchors()
    out: list[str] = []
    for code, chapters in _by_situation(lessons, vocabulary).items():
        names = _names(vocabulary, code)
        anchors.of(_language_name(code))
        contents, texts = [], []
        for id_, mine in chapters.items():
            name = visible(names.get(id_, "")) or visible(id_) or _UNTAGGED
            contents.append(f"- [{escape(name)}](#{anchors.of(name)})")
            texts.append(f"## {escape(name)}\n")
            for lesson in mine:
                title = visible(lesson.title) or lesson.id
                contents.append(f"  - {_listed(lesson, '#' + anchors.of(title))}")
                texts.append(lesson_markdown(lesson, names, full=full, level=3))
                for heading in _HEADING.findall(texts[-1]):
                    anchors.of(heading)
        out += [f"# {escape(_language_name(code))}\n", *contents, "", *texts]
    return "\n".join(out).rstrip("\n") + "\n"


def _by_situation(lessons: Iterable[Lesson], vocabulary: Mapping[str, Situation]) -> dict[str, dict[str, list[Lesson]]]:
    """The lessons by language and what they are on first of all: situations in the vocabulary's order, lessons in that
    of titles."""
    found: dict[str, dict[str, list[Lesson]]] = {}
    order = {id_: n for n, id_ in enumerate(vocabulary)}
    broader = {id_: situation.broader for id_, situation in vocabulary.items()}
    for lesson in lessons:
        first = narrowest(lesson.situations, broader)
        found.setdefault(lesson.language, {}).setdefault(first, []).append(lesson)
    return {
        code: {
            id_: sorted(chapters[id_], key=lambda x: (x.title, x.id))
            for id_ in sorted(chapters, key=lambda id_: order.get(id_, 999))
        }
        for code, chapters in found.items()
    }


def _listed(lesson: Lesson, target: str) -> str:
    """A lesson in a list: its title as a link, who wrote it, whether it is a draft."""
    more = filter(None, (escape(lesson.author or ""), _draft(lesson)))
    return " — ".join([f"[{_title(lesson)}]({target})", *more])


class _Anchors:
    """What headings are linked by, as GitHub, GitLab and most editors make it of their texts, one after the other."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}

    def of(self, heading: str) -> str:
        """The anchor of the next heading."""
        made = _NO_ANCHOR.sub("", heading.lower()).replace(" ", "-")
        n = self._met[made] = self._met.get(made, -1) + 1
        return f"{made}-{n}" if n else made


def pages(lessons: Iterable[Lesson], vocabulary: Mapping[str, Situation], *, full: bool) -> dict[str, str]:
    """A page a lesson and an index.md that links them by language and situation: file name to text."""
    found: dict[str, str] = {}
    out = ["# coachkb", ""]
    for code, chapters in _by_situation(lessons, vocabulary).items():
        names = _names(vocabulary, code)
        out += [f"## {escape(_language_name(code))}", ""]
        for id_, mine in chapters.items():
            out += [f"### {_name(id_, names) or _UNTAGGED}", ""]
            for lesson in mine:
                text = lesson_markdown(lesson, names, full=full)
                found[f"{code}/{lesson.id}.md"] = text.rstrip("\n") + "\n"
                out.append(f"- {_listed(lesson, f'{code}/{lesson.id}.md')}")
            out.append("")
    found["index.md"] = "\n".join(out).rstrip("\n") + "\n"
    return found
