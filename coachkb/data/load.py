"""Reads the data files that ship with coachkb, and a knowledge base's additions to the vocabulary."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

from coachkb.errors import UnreadableFile
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
        cues=tables(raw["cues"]),
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


def with_additions(base: Mapping[str, Situation], path: str) -> dict[str, Situation]:
    """The vocabulary with a knowledge base's own ``situations.yaml`` laid over it.

    An entry of a known id adds labels; a new id is a new situation, narrower than its ``broader``.
    Raises UnreadableFile with what is wrong, and where.
    """
    import yaml

    try:
        raw = _read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path, f"cannot be read ({type(error).__name__})") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise UnreadableFile(path, "is not valid YAML", mark.line + 1 if mark else None) from error
    merged = dict(base)
    if raw is None:
        return merged
    if not isinstance(raw, dict):
        raise UnreadableFile(path, "should be a mapping of situation ids")
    for id_, entry in raw.items():
        if not isinstance(id_, str) or not isinstance(entry, dict):
            raise UnreadableFile(path, f"{id_!r} should be a situation id with its labels under it")
        broader = entry.get("broader")
        if broader is not None and broader not in base:
            raise UnreadableFile(path, f"{id_}: broader {broader!r} is no situation")
        old = merged.get(id_)
        labels = dict(old.labels) if old else {}
        for code, new in (entry.get("labels") or {}).items():
            if not isinstance(new, dict) or not (new.get("name") or code in labels):
                raise UnreadableFile(path, f"{id_}: the labels in {code!r} need a name")
            added = _labels({"name": labels[code].name, **new} if code in labels else new)
            before = labels.get(code, Labels(added.name))
            labels[code] = Labels(added.name, before.also + added.also, before.said + added.said)
        if not labels:
            raise UnreadableFile(path, f"{id_}: has no labels (labels: {{en: {{name: …}}}})")
        family = old.family if old else base[broader].family if broader else str(entry.get("family", "own"))
        merged[id_] = Situation(id_, family, labels, old.broader if old else broader)
    return merged
