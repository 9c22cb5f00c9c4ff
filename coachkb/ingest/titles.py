"""The title of a page that is one post: found among its first lines by how the lines stand to one another."""

from __future__ import annotations

import re
from collections import Counter

from coachkb.ingest import noise
from coachkb.ingest.dates import ANY_ORDER, byline, date_line, is_byline
from coachkb.ingest.names import is_person, is_small, is_somebody
from coachkb.ingest.noise import SENTENCE_END, bare, is_furniture, is_menu, is_notice, noise_kinds, trail
from coachkb.ingest.text import Line, plain, words
from coachkb.model.document import Document

_HEADING = re.compile(r"^#{1,6}\s+")
_MAX_TITLE = 140
_COMES_AGAIN = 3.0  # chosen on the articles that are not kept apart
_MAX_HEAD = 25  # lines; a title stands within them
_DOMAIN = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}$", re.IGNORECASE)
_SUBSECTION = re.compile(r"(?:#+ )?\d{1,2}\.\d{1,2}\.?\s")  # "6.1 Why closing is hard"
_ONLY_A_NUMBER = re.compile(r"[^\W\d_]+ #?\d+$")  # "Chapter 4"
_PROSE = 15  # words; a line of as many is the text's
_LONG = 5  # words of a field that may be a title
_WIDE = 45  # columns of wrapped text, at the least
_SEPARATED = re.compile(r"\s[|·•»›]\s")
_FIELD = re.compile(r"[^\W\d_][^:.!?]{1,28}: \S")
_AGO = re.compile(r"\d{1,2} ?[^\W\d_]{1,3} ?[•·]")  # "3 w • Edited"
_CELL = re.compile(r"\s*[|·•]\s*")
_TWO_SENTENCES = re.compile(r"[^\W\d][.!?][\"'”’»)]*\s+[\"'“”‘«(]?[A-ZÀ-Þ]")
_SAID = re.compile(r"[\"“”„‘’'«»].{3,90}[.!?…][\"”’'»]$")  # a title that is all quotation: what the buyer says
_FIRST, _SECOND = re.compile(r"1[.)] \S"), re.compile(r"2[.)] \S")
_ASIDE = re.compile(r"\(.{3,120}\)$")  # right below a title
_OPENING = re.compile(r"\b[^\W\d_]{4,5}")
_SMILEY = re.compile(r"\s?[:;]-?[)(DP](?=[\"'”’»)\]]*$)")


def title_like(text: str) -> bool:
    """Whether a line could be a title: short, words in it, not ending like a sentence within a paragraph."""
    line = bare(text)
    if not line or len(line) > _MAX_TITLE or not any(ch.isalpha() for ch in line):
        return False
    if len(words(line)) > 18 or re.match(r"^[-–—•|]", text):
        return False
    if line.isupper() or (_SAID.match(line) and not _TWO_SENTENCES.search(line)):
        return True
    core = _SMILEY.sub("", line).rstrip("\"'”’»)")
    if core.endswith(("...", "…")):
        return True
    return not core.endswith((".", ",", ";", ":")) or (core.endswith(".") and len(words(line)) <= 4)


def find_title(document: Document, lines: list[Line]) -> tuple[Line | None, str | None]:
    """The title and its line; a title may be known that stands on no line. ``lines``: the page's non-blank ones."""
    markdown = document.suffix == ".md"
    head = _head(document.text, lines)
    if document.title:
        wanted = words(document.title)
        for line in lines[:_MAX_HEAD]:
            if words(bare(line.text)) == wanted:
                return line, plain(line.text, markdown)
        return None, document.title
    labelled = _labelled(head)
    if labelled:
        return labelled
    if any(_AGO.match(line.text) for line in head):
        return None, None  # a post on a social network has a name and a time above it, and no title
    told = [part for line in head for part in trail(line.text)[-1:]]
    said = _openings(document.text)
    best, best_score = None, 0.9
    found = [line for i, line in enumerate(head) if _may_be(line.text) and not _among_fields(document.text, lines, i)]
    for line in found:
        score = _score(document.text, lines, line, found, told)
        if score > 0:
            score += _COMES_AGAIN * _comes_again(line.text, said)
        if score > best_score:
            best, best_score = line, score
    if best is None and len(lines) > 2 and found == lines[:2] and _gap(document.text, lines[1], lines[2]) > 1:
        best = next((line for line in found if title_like(line.text)), None)  # with its subtitle right below it
    last = next((part for part in told if len(words(part)) >= 4 and title_like(part)), None)
    if best and not (last and len(best.text.split()) == 1):  # not the name of who wrote first in a thread
        return best, plain(best.text, markdown)
    below = None if last else _in_capitals(document.text, lines, len(head))
    return below, plain(below.text, markdown) if below else last


def _in_capitals(text: str, lines: list[Line], start: int) -> Line | None:
    """The first line in capitals that stands alone, as newsletters have it below their greeting."""
    for i in range(start, min(len(lines) - 1, _MAX_HEAD)):
        line = lines[i]
        if (
            line.text.isupper()
            and len(words(line.text)) >= 3
            and (i == 0 or _gap(text, lines[i - 1], line) > 1)
            and _gap(text, line, lines[i + 1]) > 1
            and title_like(line.text)
            and _may_be(line.text)
        ):
            return line
    return None


def _head(text: str, lines: list[Line]) -> list[Line]:
    """The lines before the first paragraph."""
    for i, line in enumerate(lines[:_MAX_HEAD]):
        if _is_meta(line.text) or is_furniture(line.text) or is_menu(line.text) or is_notice(line.text):
            continue
        size = len(words(line.text))
        asked = line.text.endswith("?") and size <= 20 and _is_meta("".join(x.text for x in lines[i + 1 : i + 2]))
        if asked:
            continue
        if size > 20 or (size >= 14 and SENTENCE_END.search(line.text)) or line.text.startswith(("– ", "— ")):
            return lines[:i]
        after = lines[i + 1] if i + 1 < len(lines) else None
        if after and _gap(text, line, after) == 1 and _runs_on(line.text, after.text):
            return lines[:i]  # hard-wrapped
    return lines[:_MAX_HEAD]


def _runs_on(line: str, after: str) -> bool:
    if min(len(line), len(after)) < _WIDE or SENTENCE_END.search(line) or _is_meta(after) or _of_the_page(after):
        return False
    return not _SEPARATED.search(line + after)


def _labelled(head: list[Line]) -> tuple[Line, str] | None:
    """A title that says it is one: "Thread: …", "Subject: …"."""
    for line in head:
        label, colon, rest = line.text.partition(":")
        if colon and len(words(label)) <= 2 and "title" in noise_kinds(label) and title_like(rest.strip()):
            return line, rest.strip()
    return None


def _is_meta(text: str) -> bool:
    if date_line(text, ANY_ORDER) or byline(text) or is_byline(text) or "meta" in noise_kinds(bare(text)):
        return True
    cells = [cell for cell in _CELL.split(bare(text)) if cell]  # "Posted in: Closing | 4 min read | 37 shares"
    return len(cells) > 1 and any("meta" in noise_kinds(cell) for cell in cells)


def _among_fields(text: str, lines: list[Line], i: int) -> bool:
    """Whether a line and one that stands right below or above it are fields: "Who this is for: the inside team".

    But for a long one that stands above the others: "Book summary: ..." above "Author: ..." and "Pages: ...".
    """
    if len(words(lines[i].text)) >= _LONG and (i == 0 or _gap(text, lines[i - 1], lines[i]) > 1):
        return False
    pairs = zip(lines[max(0, i - 1) : i + 1], lines[max(1, i) : i + 2], strict=False)
    return any(_FIELD.match(a.text) and _FIELD.match(b.text) and _gap(text, a, b) == 1 for a, b in pairs)


def _of_the_page(text: str) -> bool:
    return is_furniture(text) or is_menu(text) or is_notice(text)


def _may_be(text: str) -> bool:
    if _is_meta(text) or is_menu(text) or is_notice(text) or noise.is_form(text) or trail(text) or _DOMAIN.match(text):
        return False
    if text.startswith("# ") and title_like(text):
        return not noise.is_section_name(bare(text))  # whatever it is about
    if (
        is_furniture(text)
        or noise.is_forum(text)
        or noise.is_section_name(bare(text))
        or not any(ch.isalpha() for ch in text)
    ):
        return False
    if re.match(r"^[\[(].*[\])]$", text) or all(word.startswith("#") for word in text.split()):
        return False
    if "greeting" in noise_kinds(text) and len(words(text)) <= 5:
        return False
    if title_like(text):
        return True
    return len(words(text)) <= 14 and text.rstrip('"”’').endswith(".")  # two short sentences may be a title


def _score(text: str, lines: list[Line], line: Line, found: list[Line], told: list[str]) -> float:
    """How much speaks for a line as the title."""
    i = lines.index(line)
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    size = len(words(line.text))
    heading = _HEADING.match(line.text)
    one_of_several = _one_of_several(lines, i)
    score = 0.0
    told_below = (
        after is not None
        and _gap(text, line, after) == 1
        and _is_meta(after.text)
        and not _SEPARATED.search(line.text)  # a breadcrumb
    )
    if heading and not one_of_several:
        score += 6 if heading.group().strip() == "#" else 2
    repeated = any(_same(bare(line.text), part) for part in told)
    score += 6 * repeated
    below_date = _dated_right_above(text, lines, i)
    meta = below_date or _meta_follows(text, lines, i) or (i == 0 and _signed_below(text, line, after))
    score += 3 * meta
    above = bool(before and (_is_meta(before.text) or _of_the_page(before.text)))
    score += 0.7 * above
    if not title_like(line.text) and not (repeated or meta or above):
        return 0.0
    gap_before = before is None or _gap(text, before, line) > 1 or above or told_below
    gap_after = after is None or _gap(text, line, after) > 1 or _ASIDE.match(after.text) is not None
    if not (gap_before and (gap_after or meta or _gap_is_enough(line, after))) and not repeated and not heading:
        return 0.0 if not (before in found or after in found) else 0.2
    score += gap_before + gap_after
    if before in found and before and _gap(text, before, line) == 1 and not told_below:
        score -= 1.5  # a motto below the page's name, or a subtitle
    if (
        i == 0
        and not meta
        and after
        and not gap_after
        and (is_menu(after.text) or is_furniture(after.text) or after in found)
    ):
        score -= 1.5  # the page's name
    score += 0.5 if 3 <= size <= 14 else -0.5 * (size <= 2)
    score += 0.5 * (line.text[0] in "\"'“”„‘«" or line.text[0].isdigit() or line.text.endswith("?"))
    letters = [ch for ch in line.text if ch.isalpha()]
    score -= size <= 5 and all(ch.isupper() for ch in letters)
    score -= 1.5 * bool(re.search(r"\s[|»]\s", line.text))
    if _ONLY_A_NUMBER.match(bare(line.text)) and len(found) > 1:
        score -= 5 if heading else 1  # a title stands beside it
    score -= 4 * one_of_several
    score -= 4 * bool(_SUBSECTION.match(line.text) and len(found) > 1)  # of the chapter that the page is
    name, comma, _ = line.text.partition(",")
    if len(found) > 1 and (is_somebody(name) or (comma and line is not found[0] and is_person(name))):
        score -= 4  # who wrote it
    score -= bool(_TWO_SENTENCES.search(line.text)) and not heading
    score -= line.text.endswith(".") and not heading and len(found) > 1
    if found[-1] is line:
        score += 0.6
    return score


def _comes_again(title: str, said: Counter[str]) -> float:
    """The share of a line's words of content that the text takes up again: a title says what it is about, the name of
    the page or of the column does not. ``said``: how often each word's opening occurs on the page."""
    own = _openings(title)
    content = [opening for word in set(words(bare(title))) if not is_small(word) for opening in _openings(word)]
    return sum(said[opening] > own[opening] for opening in content) / len(content) if content else 0.0


def _openings(text: str) -> Counter[str]:
    """How often words open with these letters: words without most of their endings, in any language."""
    return Counter(_OPENING.findall(text.lower()))


def _one_of_several(lines: list[Line], i: int) -> bool:
    """Whether a line heads the first of the text's sections: others are numbered on from it, or have as many marks."""
    mark = _HEADING.match(lines[i].text)
    if mark and mark.group().strip() != "#":
        return sum(line.text.startswith(mark.group()) for line in lines[i + 1 :]) >= 2
    return bool(_FIRST.match(lines[i].text)) and any(_SECOND.match(line.text) for line in lines[i + 1 :])


def _signed_below(text: str, line: Line, after: Line | None) -> bool:
    """Whether right below the page's first line stands who wrote it: "H. J. Wit, Wit & Partners"."""
    return (
        after is not None and _gap(text, line, after) == 1 and "," in after.text and is_person(after.text.split(",")[0])
    )


def _gap(text: str, a: Line, b: Line) -> int:
    return text.count("\n", a.end, b.start)


def _gap_is_enough(line: Line, after: Line | None) -> bool:
    """Where every line is a paragraph, a title has no blank line below it."""
    return after is not None and len(after.text) > 110 and len(after.text) > 1.5 * len(line.text)


def _dated_right_above(text: str, lines: list[Line], i: int) -> bool:
    """Whether the line above is a date that stands apart from what is above it, and right on this one; or this one
    stands alone between a date and the text: what stands above such a date is the page's name."""
    if i == 0 or not title_like(lines[i].text) or not _may_be(lines[i].text):
        return False
    right_on = _gap(text, lines[i - 1], lines[i]) == 1 and (i == 1 or _gap(text, lines[i - 2], lines[i - 1]) > 1)
    after = lines[i + 1] if i + 1 < len(lines) else None
    signed = i > 1 and _gap(text, lines[i - 2], lines[i - 1]) == 1 and is_person(lines[i - 2].text)
    alone = (
        after is not None
        and not signed  # then name and date are those of a title above
        and min(_gap(text, lines[i - 1], lines[i]), _gap(text, lines[i], after)) > 1
        and len(words(after.text)) >= _PROSE
        and not _HEADING.match(lines[i].text)
    )
    return (right_on or alone) and date_line(lines[i - 1].text, ANY_ORDER) is not None


def _meta_follows(text: str, lines: list[Line], i: int) -> bool:
    """Whether a date or byline stands on one of the next two lines, but for an author's mere name."""
    for j, line in enumerate(lines[i + 1 : i + 3], start=i + 1):
        if _is_meta(line.text):
            return j + 1 >= len(lines) or not _dated_right_above(text, lines, j + 1)
        if not (is_furniture(line.text) or is_person(line.text.split(",")[0]) or _may_be_a_firm(line.text)):
            return False
    return False


def _may_be_a_firm(text: str) -> bool:
    """One or two words with capitals: who wrote it, when it stands between a title and its date."""
    return len(text.split()) <= 2 and text[:1].isupper() and text[-1:].isalnum()


def _same(line: str, told: str) -> bool:
    """Whether a trail's last element is the line, or the beginning of it."""
    a, b = words(line), words(told)
    return a == b or (len(b) >= 4 and a[: len(b)] == b)
