"""The language of a text, or that it is none of ours.

langdetect with all its profiles is slow to load, random unless seeded, and takes short Dutch for Afrikaans. A factory
of our own holds our languages and the rivals that each profile names; it is seeded, and a text must also hold the
function words of its language, for a detector always answers something.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

from coachkb.data.load import profiles
from coachkb.ingest.text import words
from coachkb.model.profile import LanguageProfile

_SAMPLE = 600  # characters; more changes no answer and costs time
_END = 50  # characters of either end of a sample; where nothing else is in doubt, they will do
_FEW_TRIALS = 2
_PAGE = 6000  # characters of a page, menus and all
_SCRIPT_SHARE = 0.5  # of the letters must be Latin
_FEW_WORDS = 12  # under this, function words are no evidence
_FUNCTION_WORDS = 0.18  # share of words that are stop words: en, nl, sv prose has 0.35-0.55, rivals under 0.15


@functools.cache
def _factory() -> Any:
    import langdetect
    from langdetect.detector_factory import DetectorFactory

    folder = os.path.join(os.path.dirname(langdetect.__file__), "profiles")
    codes = sorted({code for p in profiles().values() for code in (p.langdetect, *p.rivals)})
    factory = DetectorFactory()
    factory.seed = 0
    texts = []
    for code in codes:
        with open(os.path.join(folder, code), encoding="utf-8") as file:
            texts.append(file.read())
    factory.load_json_profile(texts)
    return factory


def detect(text: str, declared: str | None = None) -> tuple[str | None, str]:
    """The code of the text's language, and what it seems to be: ("nl", "nl"), or (None, "de") when it is none of ours.

    ``declared`` is what the page says of itself; it decides only when the text is too short to tell.
    """
    found = _judge(text[:_SAMPLE], declared)
    if found == (None, "unknown") and len(text) > _SAMPLE:  # a list of names, or a mixture: more of it may tell
        found = _judge(text[_SAMPLE:_PAGE], declared)
    return found


def _judge(sample: str, declared: str | None) -> tuple[str | None, str]:
    ours = profiles()
    letters = [ch for ch in sample if ch.isalpha()]
    if not letters or sum(ch < "\u0250" for ch in letters) < _SCRIPT_SHARE * len(letters):
        return None, "another script"
    tokens = words(sample)
    shares = _shares(tokens)
    if len(tokens) < _FEW_WORDS:
        best = max(shares, key=lambda code: (shares[code], code == declared))
        return (declared if declared in ours else best), "short"
    if clear := _clear(sample, shares):
        return clear, clear
    likely = _likely(sample.lower())
    found = likely[0] if likely else "unknown"
    by_langdetect = {profile.langdetect: code for code, profile in ours.items()}
    code = by_langdetect.get(found)
    best = max(shares, key=lambda c: shares[c])
    if code is None:
        # A rough translation may look foreign to n-grams; its function words tell. They alone do not: half of Afrikaans
        # are Dutch words, so the n-grams must give our language a chance too.
        chance = ours[best].langdetect in likely
        return (best, best) if chance and shares[best] >= 2 * _FUNCTION_WORDS else (None, found)
    if shares[code] >= _FUNCTION_WORDS:
        return code, code
    return None, "unknown"


def probable(text: str) -> LanguageProfile | None:
    """The profile whose function words a text has most of, or None when it has few: enough to read its dates by."""
    shares = _shares(words(text[:_PAGE]))
    best = max(shares, key=lambda code: shares[code])
    return profiles()[best] if shares[best] >= _FUNCTION_WORDS / 2 else None


def _shares(tokens: list[str]) -> dict[str, float]:
    """By language, the share of the words that are its function words."""
    found = {code: sum(map(profile.stopwords.__contains__, tokens)) for code, profile in profiles().items()}
    return {code: n / len(tokens) if tokens else 0.0 for code, n in found.items()}


def _clear(sample: str, shares: Mapping[str, float]) -> str | None:
    """The language of a text that leaves no doubt: one alone has the function words, and little of the text will do
    for the detector to say the same. None in any other case: then all of the sample must tell."""
    best = max(shares, key=lambda code: shares[code])
    others = max((share for code, share in shares.items() if code != best), default=0.0)
    if shares[best] < _FUNCTION_WORDS or others >= shares[best] / 2:
        return None
    likely = _likely(f"{sample[:_END]} {sample[-_END:]}".lower(), trials=_FEW_TRIALS)
    return best if likely == [profiles()[best].langdetect] else None


def _likely(sample: str, trials: int | None = None) -> list[str]:
    """The languages with more than one chance in ten, the likeliest first; none when there is nothing to go by.

    ``trials``: how often the detector draws from the text before it takes the mean, other than its own seven.
    """
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    if trials:
        detector.n_trial = trials
    detector.append(sample)
    try:
        return [str(language.lang) for language in detector.get_probabilities()]
    except LangDetectException:
        return []
