"""The data that coachkb understands by: nothing missing in a language, nothing that says two things unawares."""

from __future__ import annotations

import csv
import pathlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from coachkb.data.load import DATA, language_codes, vocabulary
from coachkb.search.analysis import fold, tokens

#: The ids that lessons are tagged with. They are not renamed; narrower ones may be added.
IDS = """
send-me-information too-expensive discount-demand no-budget think-it-over bad-timing not-interested no-need
happy-with-supplier competitor-comparison objection-handling wrong-contact gatekeeper reach-decision-maker bypassed-boss
many-stakeholders champion difficult-customer procurement prospecting cold-call getting-the-meeting qualification
discovery talking-too-much presentation value-selling negotiation closing gone-silent follow-up lost-deal after-sale
referrals assumptions buyer-motivation trust motivation time-management practice sales-management
""".split()  # noqa: SIM905
CODES = ("en", "nl", "sv")
#: Labels that stand under two situations on purpose: language, label, situations (ids, a space between) and why.
SHARED = pathlib.Path(__file__).with_name("labels_shared.tsv")


def data(*names: str) -> Any:
    return yaml.safe_load(pathlib.Path(DATA, *names).read_text(encoding="utf-8"))


def labels(entry: Mapping[str, Any]) -> list[str]:
    return [entry["name"], *entry["also"], *entry["said"]]


def normal(label: str) -> str:
    """A label as the index tells labels apart: its words, case, punctuation and accents off."""
    return " ".join(fold(word) for word in tokens(label))


def doubles(by_language: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[tuple[str, str], set[str]]:
    """Labels (language, normalised) that stand under more than one situation."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, situations in by_language.items():
        for id_, entry in situations.items():
            for label in labels(entry):
                found[code, normal(label)].add(id_)
    return {key: ids for key, ids in found.items() if len(ids) > 1}


def shared() -> dict[tuple[str, str], set[str]]:
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert all(row["reason"].strip() for row in rows), "a label under two situations needs a reason"
    return {(row["language"], normal(row["label"])): set(row["situations"].split()) for row in rows}


def test_the_languages() -> None:
    assert set(language_codes()) >= set(CODES)


def test_no_situation_is_renamed_or_missing() -> None:
    known = data("situations.yaml")
    assert [id_ for id_ in IDS if id_ not in known] == []
    for id_, entry in known.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", id_)
        assert entry["family"]
        narrows = (
            f"{id_}: a situation that is added narrows one that was there: give it `broader: ID` in situations.yaml"
        )
        assert id_ in IDS or entry.get("broader") in IDS, narrows


@pytest.mark.parametrize("code", CODES)
def test_every_situation_has_its_labels(code: str) -> None:
    own = data("vocabulary", f"{code}.yaml")
    assert set(own) == set(data("situations.yaml"))
    for id_, entry in own.items():
        assert list(entry) == ["name", "also", "said"], id_
        assert entry["name"] and entry["also"] and entry["said"], id_
        assert len({normal(label) for label in labels(entry)}) >= 25, id_


@pytest.mark.parametrize("code", CODES)
def test_labels_are_clean_text(code: str) -> None:
    faults = []
    for id_, entry in data("vocabulary", f"{code}.yaml").items():
        for label in labels(entry):
            assert isinstance(label, str), f"{id_}: {label!r} is no text: put it in quotes"
            clean = unicodedata.is_normalized("NFC", label) and label == " ".join(label.split()) and label.isprintable()
            if not clean or not normal(label) or len(label) > 160:
                faults.append((id_, label))
        normals = [normal(label) for label in labels(entry)]
        faults += [(id_, label) for label in set(normals) if normals.count(label) > 1]
    assert faults == []


def test_no_label_is_under_two_situations_without_a_reason() -> None:
    found = doubles({code: data("vocabulary", f"{code}.yaml") for code in CODES})
    assert found == shared()


def test_no_label_means_one_thing_in_one_language_and_another_in_the_next() -> None:
    """A query does not say what language it is in."""
    allowed = {label for _, label in shared()}
    found: dict[str, set[str]] = defaultdict(set)
    for code in CODES:
        for id_, entry in data("vocabulary", f"{code}.yaml").items():
            for label in labels(entry):
                found[normal(label)].add(id_)
    assert {label: ids for label, ids in found.items() if len(ids) > 1 and label not in allowed} == {}


def test_no_language_is_a_copy_of_another() -> None:
    """Labels are what people say in a language; loan words aside they differ."""
    said = {code: {normal(x) for e in data("vocabulary", f"{code}.yaml").values() for x in e["said"]} for code in CODES}
    for a, b in (("en", "nl"), ("en", "sv"), ("nl", "sv")):
        assert len(said[a] & said[b]) <= 0.02 * min(len(said[a]), len(said[b])), (a, b, said[a] & said[b])


def test_the_lint_finds_a_double() -> None:
    """Case, accents and punctuation do not tell two labels apart."""
    entries = {
        "no-budget": {"name": "No budget", "also": [], "said": ["Det är för dyrt!"]},
        "too-expensive": {"name": "Too dear", "also": ["det ar for dyrt"], "said": []},
    }
    assert doubles({"sv": entries}) == {("sv", "det ar for dyrt"): {"no-budget", "too-expensive"}}


def test_the_vocabulary_as_it_is_read_is_the_one_on_file() -> None:
    for code in CODES:
        for id_, entry in data("vocabulary", f"{code}.yaml").items():
            own = vocabulary()[id_].labels[code]
            assert [own.name, *own.also, *own.said] == labels(entry)


# ------------------------------------------------------------------------------------------------------ glossary


def test_the_glossary_is_large_and_has_every_language() -> None:
    glossary = data("glossary.yaml")
    assert len(glossary) >= 400
    assert [id_ for id_, entry in glossary.items() if set(entry) != set(CODES) or not all(entry.values())] == []


def test_glossary_words_are_clean_and_their_parts_well_marked() -> None:
    faults = []
    for id_, entry in data("glossary.yaml").items():
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_):
            faults.append((id_, "id"))
        for code, words in entry.items():
            plain = [word.replace("|", "").casefold() for word in words if isinstance(word, str)]
            if len(plain) != len(words) or len(set(plain)) != len(plain):
                faults.append((id_, code))
            for word in map(str, words):
                clean = unicodedata.is_normalized("NFC", word) and word == " ".join(word.split()) and normal(word)
                marked = re.fullmatch(r"[^|]+(\|[^|]+)*", word) and not re.search(r"\s\||\|\s", word)
                if not clean or not marked or (code == "en" and "|" in word):
                    faults.append((id_, word))
    assert faults == []


@pytest.mark.parametrize("code", ["nl", "sv"])
def test_the_parts_of_compounds_are_marked(code: str) -> None:
    words = [word for entry in data("glossary.yaml").values() for word in entry[code]]
    assert sum("|" in word for word in words) >= 0.2 * len(words)
