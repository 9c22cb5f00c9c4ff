"""Tagging: from invented sentences, in every language, and what a knowledge base's own situations change."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
import yaml

from coachkb.data.load import DATA, profiles, vocabulary
from coachkb.ingest.field_terms import FieldTerms, Glossary, field_data, stemmed
from coachkb.ingest.situations import Tag, Tagger, concept_shares, label_shares, taggers
from coachkb.model.situation import Labels, Situation


@pytest.fixture(scope="module")
def built_in() -> dict[str, Tagger]:
    return taggers(vocabulary(), profiles())


TEXTS = {
    "too-expensive": {
        "en": [
            ("problem", "You name the price and he gasps: that is far too expensive for us."),
            ("tactic", "Ask what he compares the cost with before you defend the price."),
        ],
        "nl": [
            ("problem", "Je noemt de prijs en hij schrikt: dat is veel te duur voor ons."),
            ("tactic", "Vraag waarmee hij de kosten vergelijkt voordat je de prijs verdedigt."),
        ],
        "sv": [
            ("problem", "Du nämner priset och han rycker till: det är alldeles för dyrt för oss."),
            ("tactic", "Fråga vad han jämför kostnaden med innan du försvarar priset."),
        ],
    },
    "gatekeeper": {
        "en": [
            ("problem", "The receptionist will not put you through to the director."),
            ("tactic", "Treat the secretary as an ally and ask her for help with the appointment."),
        ],
        "nl": [
            ("problem", "De receptioniste wil je niet doorverbinden met de directeur."),
            ("tactic", "Behandel de secretaresse als bondgenoot en vraag haar om hulp."),
        ],
        "sv": [
            ("problem", "Receptionisten vill inte koppla dig vidare till direktören."),
            ("tactic", "Behandla sekreteraren som en bundsförvant och be henne om hjälp i växeln."),
        ],
    },
    "referrals": {
        "en": [
            ("tactic", "Ask a happy customer for a referral: which two people should I call, and may I use your name?")
        ],
        "nl": [
            ("tactic", "Vraag een tevreden klant om een aanbeveling: wie moet ik bellen, en mag ik uw naam noemen?")
        ],
        "sv": [("tactic", "Be en nöjd kund om en rekommendation: vem ska jag ringa, och får jag nämna ditt namn?")],
    },
}


@pytest.mark.parametrize("language", ["en", "nl", "sv"])
@pytest.mark.parametrize("situation", TEXTS)
def test_the_situation_comes_first(built_in: dict[str, Tagger], situation: str, language: str) -> None:
    assert built_in[language].tag(TEXTS[situation][language])[0].situation == situation


@pytest.mark.parametrize("language", ["en", "nl", "sv"])
def test_every_situation_is_known_by_its_own_names(built_in: dict[str, Tagger], language: str) -> None:
    for situation in vocabulary().values():
        labels = situation.labels[language]
        ranked = built_in[language].rank([("title", labels.name), *(("problem", text) for text in labels.also)])
        assert situation.id in [tag.situation for tag in ranked[:2]]


def test_words_that_every_article_has_decide_nothing(built_in: dict[str, Tagger]) -> None:
    about = [("title", "The brochure"), ("problem", "They want a brochure by e-mail.")]
    padding = [("tactic", "The customer and the seller talk about the product and the sales call.")] * 4
    assert built_in["en"].tag([*about, *padding])[0].situation == "send-me-information"


def test_tags_are_few_best_first_and_leave_out_what_is_far_behind(built_in: dict[str, Tagger]) -> None:
    tags = built_in["en"].tag(TEXTS["too-expensive"]["en"])
    scores = [tag.score for tag in tags]
    assert 1 <= len(tags) <= 3
    assert scores == sorted(scores, reverse=True)
    assert all(score >= 0.4 * scores[0] for score in scores)


def test_labels_are_those_that_a_sentence_holds(built_in: dict[str, Tagger]) -> None:
    pairs = [("problem", "Please send me a brochure and I'll have a look at it."), ("story", "It rained.")]
    tags = built_in["en"].with_labels(built_in["en"].tag(pairs), [text for _, text in pairs])
    assert "send me a brochure and I'll have a look" in tags[0].labels
    assert len(tags[0].labels) <= 3


@pytest.mark.parametrize("pairs", [[], [("title", "")], [("none", "zzz qqq 123 …")], [("problem", "the and of")]])
def test_a_text_that_no_situation_knows_has_no_tags(built_in: dict[str, Tagger], pairs: list[tuple[str, str]]) -> None:
    assert built_in["en"].tag(pairs) == []
    assert built_in["en"].rank(pairs) == []


def test_an_unknown_field_counts_like_any_sentence(built_in: dict[str, Tagger]) -> None:
    assert built_in["en"].tag([("heading", "They say it is too expensive")])[0].situation == "too-expensive"


def test_a_narrower_situation_follows_its_broader() -> None:
    narrower = Situation(
        "too-expensive-freight",
        "objections",
        {"en": Labels("Freight too expensive", ("freight rate",))},
        "too-expensive",
    )
    tagger = Tagger({**vocabulary(), narrower.id: narrower}, profiles()["en"])
    pairs = [("title", "Freight, freight, freight"), ("problem", "They say the freight rate is too expensive.")]
    names = [tag.situation for tag in tagger.tag(pairs)]
    assert names.index("too-expensive") < names.index("too-expensive-freight")


def test_a_situation_with_one_label_does_not_take_every_article() -> None:
    own = Situation("tender-portal", "own", {"en": Labels("Customer uses a tender portal")})
    tagger = Tagger({**vocabulary(), own.id: own}, profiles()["en"])
    assert tagger.tag(TEXTS["gatekeeper"]["en"])[0].situation == "gatekeeper"
    assert tagger.tag([("title", "The tender portal"), ("problem", "They point to the portal.")])[0].situation == own.id


def test_labels_of_one_language_speak_in_another_through_concepts() -> None:
    only_english = {
        "price": Situation("price", "own", {"en": Labels("Discount", ("rebate",)), "sv": Labels("Aaa")}),
        "post": Situation("post", "own", {"en": Labels("Invoice", ("bill",)), "sv": Labels("Bbb")}),
    }
    tagger = Tagger(only_english, profiles()["sv"])
    assert tagger.tag([("problem", "Han vill ha rabatt.")])[0].situation == "price"
    assert tagger.tag([("problem", "Han väntar på en faktura.")])[0].situation == "post"


def test_a_language_without_labels_has_no_tags_of_words() -> None:
    own = {"price": Situation("price", "own", {"en": Labels("Zebra")})}
    assert Tagger(own, profiles()["nl"]).tag([("problem", "zebra")]) == []


def test_the_same_text_is_tagged_the_same(built_in: dict[str, Tagger]) -> None:
    again = Tagger(vocabulary(), profiles()["nl"])
    assert again.tag(TEXTS["referrals"]["nl"]) == built_in["nl"].tag(TEXTS["referrals"]["nl"])
    assert all(isinstance(tag, Tag) for tag in again.rank(TEXTS["referrals"]["nl"]))


def test_compounds_and_phrases_of_the_glossary() -> None:
    entries = {
        "discount": {"sv": ["rabatt"]},
        "volume-discount": {"sv": ["mängd|rabatt", "rabatt på mängd"]},
    }
    glossary = stemmed(entries, profiles()["sv"])
    terms = FieldTerms(profiles()["sv"], glossary)
    found = terms.read("Han vill ha mängdrabatt")
    assert "rabat" in {word[:5] for word in found.content}
    assert found.concepts == ("volume-discount",)
    assert terms.read("en rabatt på mängd").concepts == ("volume-discount",)
    assert terms.read("en rabatt på annat").concepts == ("discount",)
    assert terms.read("rabatt").concepts == ("discount",)


def test_the_stemmed_glossary_is_that_of_the_glossary_file() -> None:
    """When this fails: scripts/train_situations.py makes field_terms.json anew."""
    with open(os.path.join(DATA, "glossary.yaml"), encoding="utf-8") as file:
        entries = yaml.safe_load(file)
    assert field_data().glossary == {code: stemmed(entries, profile) for code, profile in profiles().items()}


def test_what_labels_hold_is_that_of_the_vocabulary() -> None:
    """When this fails: scripts/train_situations.py --labels makes label_terms.json anew."""
    data = field_data()
    assert data.shares == {code: label_shares(profiles()[code], own) for code, own in data.glossary.items()}


def test_a_changed_situation_is_not_taken_from_what_was_made_before() -> None:
    situation = vocabulary()["too-expensive"]
    english = replace(situation.labels["en"], said=("zebra crossing",))
    own = {**vocabulary(), situation.id: replace(situation, labels={**situation.labels, "en": english})}
    assert Tagger(own, profiles()["en"]).tag([("title", "A zebra crossing")])[0].situation == "too-expensive"


def test_counts_never_pass_the_number_of_articles() -> None:
    for met in (*field_data().words.values(), field_data().concepts):
        assert met.articles > 0
        assert all(1 < n <= met.articles for n in met.terms.values())


def test_shares_are_shares() -> None:
    shares = concept_shares(vocabulary(), profiles(), field_data())
    assert set(shares) == set(vocabulary())
    assert all(0 < share < 1 for own in shares.values() for share in own.values())
    assert isinstance(field_data().glossary["nl"], Glossary)


OWN = Situation(
    "green",
    "objections",
    {"sv": Labels("Hållbarhetsfrågor", ("klimatavtryck",), ("hur ser ert klimatavtryck ut",))},
    "objection-handling",
)
PRICED = [("tactic", text) for _, text in TEXTS["too-expensive"]["sv"]]


@pytest.mark.parametrize(
    ("sentences", "tags"),
    [
        ([("title", "Klimatavtrycket kommer upp sent"), *PRICED], ["objection-handling", "green", "too-expensive"]),
        (
            [("problem", "”Hur ser ert klimatavtryck ut?” frågar hon."), *PRICED],
            ["too-expensive", "objection-handling", "green"],
        ),
        ([("none", "Läs även: Klimatavtryck"), *PRICED], ["too-expensive"]),
    ],
)
def test_a_situation_of_ones_own_was_never_tagged(sentences: list[tuple[str, str]], tags: list[str]) -> None:
    """Its few labels never added up to what the hundreds of a built-in one did, though the title named it."""
    tagger = Tagger({**vocabulary(), "green": OWN}, profiles()["sv"])
    found = [tag.situation for tag in tagger.tag(sentences)]
    assert found[: len(tags)] == tags and ("green" in found) == ("green" in tags)
