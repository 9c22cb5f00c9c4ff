"""The words to say of a lesson, and nothing around them: what ``say`` prints, to be read aloud.

Off the look-up path.
"""

from __future__ import annotations

import itertools
import re

from coachkb.model.hit import Hit
from coachkb.model.quotation import MARKS, scan
from coachkb.model.summary import Told, announces, follows, goes_on, key_ones, numbers_alone
from coachkb.model.visible import safe
from coachkb.render.view import ASIDE, SAID, spoken, told_apart, word_spans
from coachkb.render.voices import quoted

_SPEECH = 3  # words that a passage has which can be said by itself
_ENDS = '.?!…"”’»'
_CLOSING = "\"“”’'»"
_BEFORE_ANOTHER = f".?!…:,;){_CLOSING}"  # what ends a sentence, a line of an address or an item of a list
_ANSWER = 8  # and one that answers a question in a conversation
_TURNS = 3  # of a conversation, at the least
#: What opens an item of a list, or a turn of a dialogue: a dash, a dot, a tick; no mark that is read with the words.
_BULLET = re.compile(r"^(?:[^\w\s\"'“”‘’„«»()\[\]{}.?!…€$£¥+&@#%§]{1,3}\s+)+")


def at_once(hit: Hit, ui: dict[str, str]) -> list[int]:
    """The numbers of the passages of a script that can be said at once: the key ones, whole quotations rather than what
    stands around them, with what announces them; no cells of a table, no turns of the buyer's.

    ``ui``: with the names that turns of this language have."""
    part = hit.parts["script"]
    stretches = told_apart(hit, ui)
    apart = list(itertools.chain.from_iterable(stretches))
    speech = list(itertools.chain.from_iterable(quoted(spoken(hit))))
    words = [_letters(_without_asides(text)) for text in apart]
    keys = set(key_ones(part))
    small = _small_talk(stretches)
    able = [n for n, text in enumerate(apart) if words[n] >= _SPEECH or (words[n] and text[-1:] in _ENDS)]
    said = [n for n in able if n not in small]
    for wanted in (
        [n for n in said if n in keys and speech[n]],
        [n for n in said if n in keys],
        [n for n in said if speech[n]],
        said,
        able,
        [n for n in range(len(part)) if _letters(safe(part[n][0])) > 1],
        [n for n in range(len(part)) if _letters(safe(part[n][0]))],
    ):
        if wanted:
            leads = {n - 1 for n in wanted if n and announces(part[n - 1][0]) and goes_on(part[n - 1], part[n])}
            return _whole_sentences(part, {*wanted, *leads})
    return list(range(len(part)))


def _whole_sentences(part: list[Told], numbers: set[int]) -> list[int]:
    """These numbers of passages and those of the rest of their sentences, which the lines of an e-mail break."""
    runs: list[list[int]] = []
    for n, (text, *_) in enumerate(part):
        if n and follows(part[n - 1], part[n]) and text[:1].islower() and part[n - 1][0][-1:] not in _BEFORE_ANOTHER:
            runs[-1].append(n)
        else:
            runs.append([n])
    return [n for run in runs if not numbers.isdisjoint(run) for n in run]


def sayable(hit: Hit) -> list[int]:
    """The numbers of all passages of a script but cells of a table: single words, numbers; these where there is nothing
    else."""
    texts = [safe(text) for text, *_ in hit.parts["script"]]
    found = [n for n, text in enumerate(texts) if _letters(text) > 1 or text[-1:] in _ENDS]
    return found or [n for n, text in enumerate(texts) if _letters(text)] or list(range(len(texts)))


def bare(hit: Hit, ui: dict[str, str], numbers: list[int]) -> list[list[str]]:
    """The passages with these ``numbers`` in stretches that are spoken in one go, without what is not said: what the
    buyer says, narration, names of turns, bullets and numbers of a list, quotation marks that have lost the other one.

    As they are written where nothing would be left."""
    found = [lines for stretch in told_apart(hit, ui, numbers) if (lines := _bare(stretch))]
    return found or spoken(hit, numbers)


def _bare(stretch: list[str]) -> list[str]:
    """A stretch with markers around what is not said, without that."""
    pieces = [piece for text in stretch for piece in _without_asides(text).split("\n")]
    lines = [_quotation_alone(_BULLET.sub("", piece)) for piece in pieces]
    lines = [line[cut:] for line, cut in zip(lines, numbers_alone(lines), strict=True) if _letters(line)]
    leads = [announces(line) and after[:1] in {*MARKS} for line, after in itertools.pairwise([*lines, ""])]
    return _balanced([line for line, lead in zip(lines, leads, strict=True) if not lead])


def _balanced(lines: list[str]) -> list[str]:
    """Lines without the quotation marks that have no other."""
    if not lines:
        return []
    text = "\n".join(lines)
    found = scan(text)
    strays = {*found.strays, *([found.at] if found.open else [])}
    return [line.strip() for line in "".join(char for i, char in enumerate(text) if i not in strays).split("\n")]


def _quotation_alone(text: str) -> str:
    """A sentence in quotation marks without what is told of it, before a colon or a comma or behind its end; another
    text as it is."""
    pairs = scan(text).pairs
    if len(pairs) != 1:
        return text
    ((start, end),) = pairs
    quotation, before, behind = text[start:end], text[:start].rstrip(), text[end:].strip(" .,;")
    whole = _letters(quotation) >= _SPEECH and quotation.rstrip(MARKS + " ")[-1:] in ".?!…"
    told = (not before or before[-1] in ":,") and (not behind or behind[:1].islower())
    return quotation if whole and told and (before or behind) else text


def _small_talk(stretches: list[list[str]]) -> set[int]:
    """The numbers of the passages that are no script in a conversation without names, whose turns follow one another:
    a word or two, and short answers to a question. Who has a script says more."""
    found: set[int] = set()
    start = 0
    for stretch in stretches:
        turns = _turns(stretch, start)
        start += len(stretch)
        if len(turns) < _TURNS:
            continue
        before = ""
        for turn in turns:
            text = " ".join(text for _, text in turn)
            answers = before.rstrip(MARKS).endswith("?") and "?" not in text
            if _letters(text) < (_ANSWER if answers else _SPEECH):
                found.update(n for n, _ in turn)
            before = text
    return found


def _turns(stretch: list[str], start: int) -> list[list[tuple[int, str]]]:
    """The turns of a conversation, each opened by a quotation mark or a dash: numbers and words of their passages."""
    turns: list[list[tuple[int, str]]] = []
    for n, marked in enumerate(stretch, start):
        text = _without_asides(marked).strip()
        if not text:
            continue
        if text[0] in MARKS or _BULLET.match(text) or not turns:
            turns.append([])
        turns[-1].append((n, text))
    return turns


def _letters(text: str) -> int:
    """How many words of more than one letter a text has."""
    return sum(end - start > 1 and text[start:end].strip("0123456789") != "" for start, end in word_spans(text))


def _without_asides(text: str) -> str:
    """A text without what is not said. A quotation that a clause between commas broke off is one again; others have a
    line each."""
    first, *others = [piece.rpartition(SAID) for piece in text.split(ASIDE)]
    found = first[2].strip()
    for left_out, _, words in others:
        other = words.strip()
        again = found[-1:] in _CLOSING and other[:1] in MARKS
        if again and found[-2:-1] not in ".?!…" and other[1:2].islower() and "," in f"{found[-2:-1]}{left_out}":
            found = f"{found[:-1]} {other[1:]}"
        else:
            found = ("\n" if again else " ").join((found, other)).strip()
    return found
