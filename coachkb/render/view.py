"""What every rendering of a lesson shows, decided once: which passages, which facts, in which words.

Words that match the query stand between neutral markers, ``MATCH`` and ``END``, and what is not to be said in a script
between ``ASIDE`` and ``SAID``; a rendering gives them a style. No text holds the markers by itself: ``safe`` drops
control characters.
"""

from __future__ import annotations

import itertools  # built in: it costs the look-up path nothing

from coachkb.model.hit import Hit
from coachkb.model.summary import Told, follows, goes_on, key_ones, numbers_alone, with_cuts
from coachkb.model.terms import ROLES
from coachkb.model.visible import safe

MATCH, END = "\x0e", "\x0f"
#: Around what is not the rep's to say in a script: the buyer's turns, narration, asides.
ASIDE, SAID = "\x11", "\x12"
_NOBODY: frozenset[str] = frozenset()

#: As many passages of a script are shown at once; a longer one shows the stretch with its first key passage.
_SCRIPT_SHOWN = 8


class Part:
    """One part of a lesson as it is shown. ``more``: how many passages are left out; ``begins``: the numbers of the
    texts of a script that are not spoken in one go with the one before."""

    __slots__ = ("begins", "heading", "more", "role", "texts")

    def __init__(
        self, role: str, heading: str, texts: list[str], more: int, begins: frozenset[int] = frozenset()
    ) -> None:
        self.role, self.heading, self.texts, self.more, self.begins = role, heading, texts, more, begins


def shown(hit: Hit, role: str, full: bool, most: int | None = None) -> tuple[list[str], int]:
    """The passages of a part to show, and how many more there are: the key ones, or all with ``full``.

    ``most``: about so many, save of a script. Of a script a stretch is shown, for words to say are read aloud, and key
    sentences out of it would not be. A passage that is cut out of a quotation has an ellipsis at the cut, and one that
    is cut out of a list has no number.
    """
    texts, more = _shown(hit, role, full, most)
    return _without_numbers(texts), more


def _shown(hit: Hit, role: str, full: bool, most: int | None) -> tuple[list[str], int]:
    part, found = hit.parts[role], _numbers(hit, role, full, most)
    return with_cuts(part, found, [safe(part[n][0]) for n in found]), len(part) - len(found)


def _without_numbers(texts: list[str]) -> list[str]:
    """Texts, which may have the markers of ``told_apart``, without the numbers that have lost their list."""
    cuts = numbers_alone([text.replace(ASIDE, "").replace(SAID, "") for text in texts])
    marks = [int(text.startswith(ASIDE)) for text in texts]
    return [
        (text[:at] + text[at + cut :]).replace(f"{ASIDE}{SAID}", "") if cut else text
        for text, cut, at in zip(texts, cuts, marks, strict=True)
    ]


def chosen(hit: Hit, role: str, full: bool, most: int | None = None) -> list[Told]:
    """The passages that ``shown`` shows, as they are."""
    return [hit.parts[role][n] for n in _numbers(hit, role, full, most)]


def _numbers(hit: Hit, role: str, full: bool, most: int | None) -> list[int]:
    part = hit.parts[role]
    if full or (role == "script" and len(part) <= _SCRIPT_SHOWN):
        return list(range(len(part)))
    return _stretch(part) if role == "script" else key_ones(part, most)


def spoken(hit: Hit, numbers: list[int] | None = None) -> list[list[str]]:
    """The words to say, passage by passage as they are written, in stretches that are spoken in one go: all, or those
    of the passages with these ``numbers``."""
    return _in_stretches(hit, [safe(text) for text, *_ in hit.parts["script"]], numbers)


def _in_stretches(hit: Hit, texts: list[str], numbers: list[int] | None = None) -> list[list[str]]:
    """Texts of the passages of a script in stretches that are spoken in one go."""
    stretches: list[list[str]] = []
    part, before = hit.parts["script"], -2
    for n in range(len(part)) if numbers is None else numbers:
        if n != before + 1 or not goes_on(part[before], part[n]):
            stretches.append([])
        stretches[-1].append(texts[n])
        before = n
    return stretches


def told_apart(hit: Hit, ui: dict[str, str], numbers: list[int] | None = None) -> list[list[str]]:
    """As ``spoken``, with what is not the rep's to say between markers."""
    from coachkb.render.voices import between

    sides = [set(ui.get(side, "").split("\n")) for side in ("buyer", "seller")]
    stretches = spoken(hit)
    whole = [
        [_apart(text, spans) for text, spans in zip(stretch, found, strict=True)]
        for stretch, found in zip(stretches, between(stretches, *sides), strict=True)
    ]
    return whole if numbers is None else _in_stretches(hit, list(itertools.chain.from_iterable(whole)), numbers)


def _told_apart_as_shown(hit: Hit, ui: dict[str, str], found: list[Told], texts: list[str]) -> list[str]:
    """The ``texts`` of passages, which may have an ellipsis at a cut, with the markers of ``told_apart``."""
    first = next(i for i, passage in enumerate(hit.parts["script"]) if passage is found[0])
    marked = itertools.chain.from_iterable(told_apart(hit, ui))
    rows = zip(found, texts, itertools.islice(marked, first, first + len(found)), strict=True)
    return [text.replace(safe(passage[0]), apart, 1) for passage, text, apart in rows]


def _apart(text: str, spans: list[tuple[int, int]]) -> str:
    out, done = [], 0
    for start, end in spans:
        out += [text[done:start], ASIDE, text[start:end], SAID]
        done = end
    return "".join([*out, text[done:]])


def _stretch(passages: list[Told]) -> list[int]:
    """The numbers of the passages around the first key one that follow one another in the article, as many as fit."""
    key = next((i for i, passage in enumerate(passages) if passage[3]), 0)
    first = key
    while first and key - first < _SCRIPT_SHOWN // 2 and follows(passages[first - 1], passages[first]):
        first -= 1
    last = key
    while last + 1 < len(passages) and last - first + 1 < _SCRIPT_SHOWN and follows(passages[last], passages[last + 1]):
        last += 1
    return list(range(first, last + 1))


def parts(
    hit: Hit,
    ui: dict[str, str],
    full: bool,
    most: int | None = None,
    matched: frozenset[str] = _NOBODY,
    apart: bool = False,
) -> list[Part]:
    """The parts that a lesson has, as they are shown. ``matched``: words (lower case) to mark in them; ``apart``: to
    mark what is not to be said in a script."""
    out = []
    for role in ROLES:
        texts, more = _shown(hit, role, full, most)
        if texts:
            begins: frozenset[int] = frozenset()
            if apart and role == "script":
                texts = _told_apart_as_shown(hit, ui, chosen(hit, role, full, most), texts)
                lengths = [len(stretch) for stretch in spoken(hit, _numbers(hit, role, full, most))]
                begins = frozenset(itertools.accumulate(lengths[:-1]))
            texts = _without_numbers(texts)
            marked = [mark(text, matched) for text in texts] if matched else texts
            out.append(Part(role, ui[role], marked, more, begins))
    return out


def words_of(hit: Hit) -> set[str]:
    """The words of a lesson's title and passages, lower case, as ``mark`` reads them."""
    texts = [safe(hit.title), *(safe(text) for role in ROLES for text, *_ in hit.parts[role])]
    return {word for text in texts for start, end in word_spans(text) if (word := _plain(text[start:end]))}


def mark(text: str, matched: frozenset[str]) -> str:
    """A text with the ``matched`` words between markers."""
    out, done = [], 0
    for start, end in word_spans(text):
        if _plain(text[start:end]) in matched:
            out += [text[done:start], MATCH, text[start:end], END]
            done = end
    return "".join([*out, text[done:]])


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand: runs of letters and digits, with apostrophes in them."""
    found, start = [], -1
    for i, char in enumerate(f"{text} "):
        if char.isalnum() or (start >= 0 and char in "'’" and text[i + 1 : i + 2].isalnum()):
            start = i if start < 0 else start
        elif start >= 0:
            found.append((start, i))
            start = -1
    return found


def _plain(word: str) -> str:
    return word.lower().replace("'", "").replace("’", "")


def review_line(hit: Hit, ui: dict[str, str]) -> str:
    """Whether a person has approved or dropped the lesson, in its language; of a draft whether the machine is unsure
    of it."""
    review = hit.review
    if review["status"] == "dropped":
        return ui["label.dropped"]
    if review["status"] != "approved":
        return ui["label.unsure"] if hit.unsure else ui["label.draft"]
    if review["by"] and review["on"]:
        return ui["label.approved"].replace("{by}", safe(review["by"])).replace("{on}", safe(review["on"]))
    return ui["label.approved_short"]


def more_line(more: int, ui: dict[str, str]) -> str:
    """That there are more passages, in the lesson's language; nothing when there are none."""
    return ui["label.more"].format(n=more) if more else ""


def source_line(hit: Hit, ui: dict[str, str]) -> str:
    """Where a lesson comes from: author, date, article."""
    facts = []
    if hit.author:
        facts.append(f"{ui['label.by']} {safe(hit.author)}")
    if hit.date:
        facts.append(safe(hit.date))
    article = hit.source["origin"] or hit.source["path"]
    if article:
        facts.append(safe(article))
    return f"{ui['label.source']}: {', '.join(facts)}" if facts else ""


def translations_line(hit: Hit, ui: dict[str, str], language_names: dict[str, str]) -> str:
    """The other languages of the lesson's group, with the ids to show them by."""
    if not hit.translations:
        return ""
    named = ", ".join(f"{language_names.get(code, code)} ({safe(id_)})" for id_, code in hit.translations)
    return f"{ui['label.translations']}: {named}"


def article_of(hit: Hit) -> str:
    """The article a lesson comes from, in a word; its id when it has none."""
    return safe(hit.source["origin"] or hit.source["path"] or hit.id)
