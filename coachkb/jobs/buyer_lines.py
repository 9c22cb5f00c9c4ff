"""What comes up in a call that a lesson answers: a quotation in the lesson, else labels of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachkb.data.load import profile, signs
from coachkb.ingest.cues import quoted_spans
from coachkb.jobs.spotting import judge
from coachkb.model.situation import narrowest
from coachkb.spotting.moments import in_turn
from coachkb.spotting.signs import Signs, signs_of

if TYPE_CHECKING:
    from coachkb.model.hit import Hit
    from coachkb.model.profile import LanguageProfile
    from coachkb.model.situation import Situation
    from coachkb.readable import ReadableKB

_LONGEST = 40  # words of a line: more is a story, not a remark
_LABELS = 3  # labels of a situation that come up
_READ = 40  # the commonest labels of a situation, which come first
_SENTENCE = 3  # words of a remark; fewer are a keyword, and so are just as many without an end
_ENDS = ".?!…"
_DASHES = "–—-"


@dataclass(frozen=True, slots=True)
class Line:
    """``text``: a remark. ``quoted``: a lesson quotes it as a buyer's; else it is a label, maybe a seller's words."""

    text: str
    quoted: bool


class BuyerLines:
    """The lines that lessons answer. One object reads the vocabulary and each language's signs once.

    A quotation in an article may be anybody's. It counts as the buyer's when the rules that read calls hear one of the
    lesson's situations in it.
    """

    def __init__(self, kb: ReadableKB) -> None:
        self._kb = kb
        self._vocabulary, self._broader = kb.vocabulary(), kb.index().broader()
        self._judge = judge()
        self._signs: dict[str, tuple[LanguageProfile, Signs]] = {}

    def of(self, hit: Hit) -> list[Line]:
        """The lines of a lesson, always the same ones in the same order; none when its situations have no labels.

        One quotation of its problem: of those that tell what it is on first of all (else its next situation), the
        surest.
        """
        quotations = _quotations(hit, self._known(hit.language)[0])
        ranked = sorted((*rank, n, text) for n, text in enumerate(quotations) if (rank := self._rank(text, hit)))
        if ranked:
            return [Line(ranked[0][-1], True)]
        found = labels(hit, self._vocabulary, self._broader)
        heard = [text for text in found if self._rank(text, hit)]  # what a buyer says rather than what a rep asks
        return [Line(text, False) for text in (heard or found)[:_LABELS]]

    def _rank(self, text: str, hit: Hit) -> tuple[int, float] | None:
        """Which situation of the lesson a remark tells, and how surely (least is surest); None when it tells none."""
        _, its_signs = self._known(hit.language)
        found = in_turn(text, self._understand, its_signs, self._judge)
        told = [(n, -found[id_].confidence) for n, id_ in enumerate(_in_order(hit, self._broader)) if id_ in found]
        return min(told, default=None)

    def _understand(self, sentence: str) -> Sequence[tuple[str, float]]:
        return self._kb.index().understand(sentence)[0]

    def _known(self, language: str) -> tuple[LanguageProfile, Signs]:
        if language not in self._signs:
            its_profile = profile(language)
            self._signs[language] = its_profile, signs_of(its_profile, signs(language))
        return self._signs[language]


def labels(hit: Hit, vocabulary: Mapping[str, Situation], broader: Mapping[str, str]) -> tuple[str, ...]:
    """What is said, in a lesson's language, in the first of its situations that has labels of that kind there: whole
    remarks rather than keywords, the commonest first. ``broader``: as ``narrowest`` takes it."""
    for id_ in _in_order(hit, broader):
        found = vocabulary[id_].labels.get(hit.language) if id_ in vocabulary else None
        if found and found.said:
            remarks = tuple(text for text in found.said[:_READ] if len(text.split()) >= _SENTENCE)
            return remarks or found.said[:_READ]
    return ()


def _in_order(hit: Hit, broader: Mapping[str, str]) -> Sequence[str]:
    """A lesson's situations, what it is on first of all before the others."""
    return list(dict.fromkeys((narrowest(hit.situations, broader), *hit.situations)))


def _quotations(hit: Hit, its_profile: LanguageProfile) -> Iterator[str]:
    """What is quoted in the problem, without its marks: between quotation marks, or a line of talk behind a dash."""
    for text, *_ in sorted(hit.parts["problem"], key=lambda passage: not passage[3]):
        if text[:1] in _DASHES and text[1:2].isspace():
            spans = [(1, len(text))]
        else:
            spans = quoted_spans(text, 0, len(text), its_profile)
        for start, end in spans:
            words = text[start:end].strip(" \"'“”„‘’‚«»,").split()
            ended = bool(words) and words[-1][-1] in _ENDS
            if _SENTENCE - ended < len(words) <= _LONGEST:
                yield " ".join(words)
