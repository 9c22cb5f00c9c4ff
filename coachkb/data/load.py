"""Reads the data files that ship with coachkb."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Labels, Situation

DATA = os.path.dirname(os.path.abspath(__file__))


def _read(path: str) -> Any:
    import yaml  # where used: a look-up in the starter reads no YAML

    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def language_codes() -> tuple[str, ...]:
    """The languages there are profiles for, English first: it is the fallback of names."""
    codes = sorted(name[:-5] for name in os.listdir(os.path.join(DATA, "languages")) if name.endswith(".yaml"))
    return tuple(sorted(codes, key=lambda code: (code != "en", code)))


@functools.cache
def profile(code: str) -> LanguageProfile:
    """The profile of one language. Raises FileNotFoundError for a language without one."""
    return profile_from(os.path.join(DATA, "languages", f"{code}.yaml"))


def profile_from(path: str) -> LanguageProfile:
    """A language profile from a file of its own (a fourth language need not lie in the package)."""
    raw = _read(path)

    def phrases(value: Any) -> tuple[str, ...]:
        return tuple(str(item) for item in value or ())

    def tables(value: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        return {key: phrases(items) for key, items in value.items()}

    return LanguageProfile(
        code=raw["code"],
        name=raw["name"],
        english=raw["english"],
        stemmer=raw["stemmer"],
        langdetect=raw["langdetect"],
        rivals=phrases(raw["rivals"]),
        headings=dict(raw["headings"]),
        labels=dict(raw["labels"]),
        months={str(name): int(number) for name, number in raw["months"].items()},
        weekdays=phrases(raw["weekdays"]),
        date_order=raw["date_order"],
        date_lead=phrases(raw["date_lead"]),
        byline=phrases(raw["byline"]),
        biography=phrases(raw["biography"]),
        abbreviations=frozenset(phrases(raw["abbreviations"])),
        abbreviations_final=frozenset(phrases(raw["abbreviations_final"])),
        quotes=tuple((pair[0], pair[1]) for pair in raw["quotes"]),
        stopwords=frozenset(phrases(raw["stopwords"])),
        noise=tables(raw["noise"]),
        sections=tables(raw["sections"]),
        fields=tables(raw["fields"]),
        not_after={name: frozenset(phrases(items)) for name, items in raw["not_after"].items()},
        cues=tables(raw["cues"]),
        talk=tables(raw["talk"]),
        spot=dict(raw["spot"]),
    )


def profiles() -> dict[str, LanguageProfile]:
    """All language profiles by code, in the order of ``language_codes``."""
    return {code: profile(code) for code in language_codes()}


def _labels(raw: Mapping[str, Any]) -> Labels:
    return Labels(
        name=str(raw["name"]),
        also=tuple(str(x) for x in raw.get("also") or ()),
        said=tuple(str(x) for x in raw.get("said") or ()),
    )


@functools.cache
def vocabulary() -> dict[str, Situation]:
    """The built-in situations by id, in the order of situations.yaml, with their labels in every language."""
    raw = _read(os.path.join(DATA, "situations.yaml"))
    by_language = {code: _read(os.path.join(DATA, "vocabulary", f"{code}.yaml")) for code in language_codes()}
    return {
        id_: Situation(
            id=id_,
            family=entry["family"],
            broader=entry.get("broader"),
            labels={code: _labels(labels[id_]) for code, labels in by_language.items() if id_ in labels},
        )
        for id_, entry in raw.items()
    }


@functools.cache
def cue_meanings() -> dict[str, str]:
    """What each cue of the role weights says of a sentence, in English, by its name."""
    return {str(name): str(meaning) for name, meaning in _read(os.path.join(DATA, "cues.yaml"))["cues"].items()}


def elsewhere() -> dict[str, tuple[str, ...]]:
    """Per language what people type that is not about selling."""
    raw = _read(os.path.join(DATA, "elsewhere.yaml"))
    return {code: tuple(str(text) for texts in kinds.values() for text in texts) for code, kinds in raw.items()}


def signs(code: str) -> dict[str, tuple[str, ...]]:
    """What gives each situation away in a call, in one language; nothing where nobody has written it yet."""
    path = os.path.join(DATA, "spotting", f"{code}.yaml")
    if not os.path.exists(path):
        return {}
    return {str(id_): tuple(str(text) for text in some) for id_, some in _read(path).items()}


def spotting() -> dict[str, Any]:
    """How a call is judged: the weights of the evidence, the threshold, what is left out."""
    return dict(_read(os.path.join(DATA, "spotting.yaml")))
