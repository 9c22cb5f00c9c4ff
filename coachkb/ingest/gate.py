"""Whether a post teaches sellers anything. News, product pages and recipes give no lesson, and are told why."""

from __future__ import annotations

import functools

from coachkb.ingest.text import Phrases, words
from coachkb.model.document import Labelled
from coachkb.model.profile import LanguageProfile
from coachkb.model.terms import LABELS, ROLES

#: Shares of sentences that are of some part, with a lead of its situation and without.
_TAUGHT, _MOSTLY = 0.25, 0.5
_CLEARLY_TIED = 1.0
_FEW = 7  # sentences; with so many, one of advice is a slogan
_LIKELY = 2.0  # sentences of advice, each counted by how likely it is some: fewer are none
_ADVICE = tuple(LABELS.index(role) for role in ("tactic", "script"))
#: An essay or a story teaches by what it explains: sentences that explain or advise, and the share with its cues.
_SAID, _EXPLAINS = 6, 0.25
_ADDRESSED = frozenset(["you", "opens:imperative", "you+should"])
_EXPLAINED = frozenset(["trouble", "cause", "meaning", "hear", "stop"])
#: Under this lead over the average situation (``Tag.score``), nothing ties a page to a situation of selling.
_TIED = 0.8
#: Share of content words that are of selling: 0.17 and more in annotated articles, 0.10 and less in recipes, manuals.
OF_SELLING = 0.13

NO_ADVICE = "gives no advice to sellers"
NOT_SELLING = "is not about selling"


@functools.cache
def _selling(terms: tuple[str, ...]) -> Phrases:
    return Phrases(terms)


def teaches_nothing(
    labelled: list[Labelled], cues: list[list[str]], page: str, tied: float, selling: float, profile: LanguageProfile
) -> str | None:
    """Why a post holds no advice for sellers, or None when it does.

    ``page``: the text of the whole page, for a short post says "buyer" less often than the page it stands on.
    ``tied``: how surely its best situation was found (``Tag.score``). ``selling``: the share of its content words that
    the field glossary knows (``Tagger.selling``). The bounds part the annotated articles from the news, product pages,
    events, recipes and manuals in tests/ingest/test_gate.py.
    """
    n = len(labelled)
    advice = sum(x.role in ("tactic", "script") for x in labelled)
    addressed = sum(not _ADDRESSED.isdisjoint(row) for row in cues) / n
    explains = [not _EXPLAINED.isdisjoint(row) for row in cues]
    explained = sum(explains) / n
    minded = sum(own or "mind" in row for own, row in zip(explains, cues, strict=True)) / n
    told = sum(x.role in ROLES for x in labelled) / n
    teaches = explained >= _EXPLAINS and advice + sum(x.role == "diagnosis" for x in labelled) >= _SAID
    # Whether one sentence is advice is soon a matter of chance; what all of them may be is not.
    likely = sum(x.chances[i] for x in labelled for i in _ADVICE)
    loose = told < _TAUGHT or tied < _CLEARLY_TIED
    slogan = loose and n >= _FEW
    few = advice == 0 or (advice == 1 and slogan)
    if not teaches and few and (likely < _LIKELY or (slogan and not advice)):
        return NO_ADVICE
    if not teaches and told < _MOSTLY and loose:
        if advice < 0.12 * n and explained < 0.2:
            return NO_ADVICE
        if addressed < 0.08 and explained < 0.32 and advice < 0.3 * n:
            return NO_ADVICE
        if minded < 0.15 and addressed < 0.5 and advice < 0.3 * n:
            return NO_ADVICE
    if selling < OF_SELLING:
        return NOT_SELLING
    if tied < _TIED and not _selling((*profile.cues["buyer"], *profile.cues["seller"])).count(words(page)):
        return NOT_SELLING
    return None
