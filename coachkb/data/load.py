"""Reads the data files that ship with coachkb."""

from __future__ import annotations

import functools
import json
import os
from typing import Any

from coachkb.data.language_file import read_data, read_labels, read_profile
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation

DATA = os.path.dirname(os.path.abspath(__file__))


@functools.cache
def language_codes() -> tuple[str, ...]:
    """The languages there are profiles for, English first: it is the fallback of names."""
    codes = sorted(name[:-5] for name in os.listdir(os.path.join(DATA, "languages")) if name.endswith(".yaml"))
    return tuple(sorted(codes, key=lambda code: (code != "en", code)))


@functools.cache
def profile(code: str) -> LanguageProfile:
    """The profile of one language. Raises FileNotFoundError for a language without one; BadData for a faulty one."""
    return read_profile(os.path.join(DATA, "languages", f"{code}.yaml"))


@functools.cache
def profiles() -> dict[str, LanguageProfile]:
    """All language profiles by code, in the order of ``language_codes``."""
    return {code: profile(code) for code in language_codes()}


@functools.cache
def vocabulary() -> dict[str, Situation]:
    """The built-in situations by id, in the order of situations.yaml, with their labels in every language."""
    raw = read_data(os.path.join(DATA, "situations.yaml"))
    by_language = {
        code: read_labels(os.path.join(DATA, "vocabulary", f"{code}.yaml"), raw) for code in language_codes()
    }
    return {
        id_: Situation(
            id=id_,
            family=entry["family"],
            broader=entry.get("broader"),
            labels={code: labels[id_] for code, labels in by_language.items() if id_ in labels},
        )
        for id_, entry in raw.items()
    }


@functools.cache
def cue_meanings() -> dict[str, str]:
    """What each cue of the role weights says of a sentence, in English, by its name."""
    return {str(name): str(meaning) for name, meaning in read_data(os.path.join(DATA, "cues.yaml"))["cues"].items()}


def elsewhere() -> dict[str, tuple[str, ...]]:
    """Per language what people type that is not about selling."""
    raw = read_data(os.path.join(DATA, "elsewhere.yaml"))
    return {code: tuple(str(text) for texts in kinds.values() for text in texts) for code, kinds in raw.items()}


@functools.cache
def ranking() -> dict[str, Any]:
    """What counts how much when a look-up ranks lessons, and when it says that nothing fits."""
    return dict(read_data(os.path.join(DATA, "ranking.yaml")))


@functools.cache
def compounds() -> dict[str, dict[str, tuple[str, ...]]]:
    """Per language the compounds of the field glossary: their stems to the stems of their parts."""
    with open(os.path.join(DATA, "field_terms.json"), encoding="utf-8") as file:
        raw = json.load(file)["glossary"]
    return {code: {whole: tuple(parts) for whole, parts in own["parts"].items()} for code, own in raw.items()}


@functools.cache
def compound_links() -> dict[str, tuple[str, ...]]:
    """Per language the letters that link the parts of compounds (``s``), as the field glossary marks them."""
    found: dict[str, set[str]] = {}
    for entry in read_data(os.path.join(DATA, "glossary.yaml")).values():
        for code, phrases in entry.items():
            for compound in (word for phrase in phrases for word in str(phrase).split() if "|" in word):
                found.setdefault(code, set()).update(part for part in compound.split("|")[1:-1] if len(part) <= 2)
    return {code: tuple(sorted(links)) for code, links in found.items()}


def signs(code: str) -> dict[str, tuple[str, ...]]:
    """What gives each situation away in a call, in one language; nothing where nobody has written it yet."""
    path = os.path.join(DATA, "spotting", f"{code}.yaml")
    if not os.path.exists(path):
        return {}
    return {str(id_): tuple(str(text) for text in some) for id_, some in read_data(path).items()}


def telling_words(code: str) -> dict[str, float]:
    """Words of one language that sellers say more often (above 0) or less often than buyers, perhaps none."""
    told = read_data(os.path.join(DATA, "spotting_sides.yaml"))
    return {str(word): float(weight) for word, weight in told.get(code, {}).items()}


def spotting() -> dict[str, Any]:
    """How a call is judged: the weights of the evidence, the threshold, what is left out."""
    return dict(read_data(os.path.join(DATA, "spotting.yaml")))
