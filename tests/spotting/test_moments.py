"""Signs, sides and moments: what is spotted in a call, and what is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from coachkb.data.load import profile, profiles, signs, spotting, telling_words, vocabulary
from coachkb.model.call import BUYER, SELLER, UNKNOWN, Moment, Turn
from coachkb.spotting.moments import ALONE, Judge, evidence, heard, moments, sentences
from coachkb.spotting.sides import sides
from coachkb.spotting.signs import MANNERS, Signs, signs_of


def call(*lines: str) -> tuple[Turn, ...]:
    pairs = [line.split(": ", 1) for line in lines]
    return tuple(Turn(name or None, None, n, text) for n, (name, text) in enumerate(pairs, 1))


def side_of(language: str, *lines: str) -> dict[str, str]:
    return sides(call(*lines), profile(language), profiles().values(), telling_words(language))


# ---------------------------------------------------------------------------------------------------------- signs


def test_a_pattern_takes_alternatives_endings_and_gaps() -> None:
    some = Signs({"a": ["send|mail ~ info*"], "b": ["too dear"]})
    assert some.found(["just", "send", "me", "some", "information", "please"]) == {"a": 1}
    assert some.found(["mail", "info"]) == {"a": 1}
    assert some.found(["send", "one", "two", "three", "four", "five", "info"]) == {}
    assert some.found(["that", "is", "too", "dear", "now", "mail", "it", "info"]) == {"a": 1, "b": 1}
    assert some.found([]) == {}


def test_words_that_stand_together_are_one_alternative() -> None:
    some = Signs({"a": ["call|ring ~ later|next_year"], "b": ["right_now|today no"]})
    assert some.found(["call", "me", "next", "year"]) == some.found(["ring", "later"]) == {"a": 1}
    assert some.found(["call", "me", "next", "week"]) == some.found(["right", "no"]) == {}
    assert some.found(["right", "now", "no"]) == some.found(["today", "no"]) == {"b": 1}


@pytest.mark.parametrize(
    ("language", "remark", "situation"),
    [
        ("en", "call me next quarter", "bad-timing"),
        ("en", "there is nothing we can do this year", "bad-timing"),
        ("nl", "ik laat je niet in de steek", "happy-with-supplier"),
        ("sv", "det är inte aktuellt just nu", "bad-timing"),
    ],
)
def test_patterns_whose_alternatives_were_phrases_matched_nothing(language: str, remark: str, situation: str) -> None:
    assert situation in signs_of(profile(language), signs(language)).found(remark.split())


def test_a_word_of_a_pattern_is_a_whole_word() -> None:
    assert Signs({"a": ["ear now"]}).found(["too", "dear", "now"]) == {}


def test_a_pattern_is_words_and_no_regular_expression() -> None:
    assert Signs({"a": [".* (x"]}).found(["any", "words", "at", "all"]) == {}


@pytest.mark.parametrize("language", list(profiles()))
def test_the_signs_of_a_language_name_situations_that_there_are(language: str) -> None:
    told = signs(language)
    assert set(told) - {"-idle"} <= set(vocabulary())
    assert set(told) == set(signs("en"))
    signs_of(profile(language), told)


def test_every_language_has_the_words_of_a_call() -> None:
    for known in profiles().values():
        assert set(known.talk) == {"buyer", "seller", "pitch", "need"}
        assert set(known.spot) == set(profile("en").spot)
        assert "{n}" in known.spot["line"]
        assert "{n}" in known.spot["sure"]


def test_the_data_of_the_judge_fits_the_evidence() -> None:
    told = spotting()
    assert set(told["ignored"]) <= set(vocabulary())
    assert {name[1:] for name in MANNERS} <= set(told["weights"])


# ---------------------------------------------------------------------------------------------------------- sides


@pytest.mark.parametrize(
    ("buyer", "seller"),
    [("Customer", "Rep"), ("Klant (Jan)", "Verkoper"), ("Kund", "Säljare"), ("Purchasing manager", "Tom - Sales")],
)
def test_labels_in_any_language_tell_the_sides(buyer: str, seller: str) -> None:
    found = side_of("en", f"{buyer}: Hm.", f"{seller}: Hm.")
    assert found == {buyer: BUYER, seller: SELLER}


def test_one_label_tells_the_other_side_too() -> None:
    assert side_of("nl", "Jan: Hallo.", "Klant: Dag.") == {"Jan": SELLER, "Klant": BUYER}
    assert side_of("en", "Rep: Hi.", "Karen: Hi.", "Sue: Hi.") == {"Rep": SELLER, "Karen": BUYER, "Sue": BUYER}
    assert side_of("en", "Customer: Hi.", "Rep: Hi.", "Mr Lee: Hi.")["Mr Lee"] == BUYER


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            ("Anna: Hi, I'm calling because we help firms like yours. How do you handle it?", "Bo: What does it cost?"),
        ),
        (
            "nl",
            ("Anna: Ik bel u over onze oplossing. Hoe doen jullie dat nu?", "Bo: Wat kost dat? Wij hebben al iemand."),
        ),
        ("sv", ("Anna: Jag ringer om vår lösning. Hur gör ni i dag?", "Bo: Vad kostar det? Vi har redan någon.")),
    ],
)
def test_without_labels_the_one_who_pitches_sells(language: str, lines: Sequence[str]) -> None:
    assert side_of(language, *lines) == {"Anna": SELLER, "Bo": BUYER}


@pytest.mark.parametrize(
    ("language", "seller", "buyer"),
    [
        ("sv", "Hej, då ses vi på torsdag om du vill.", "Kan du gå ner tjugo procent? Vår ledning vill aldrig betala."),
        ("sv", "Säg vad det skulle gälla, då kommer jag på torsdag.", "Är det dyrt? Chefen vill aldrig ge oss nåt."),
        (
            "en",
            "You would get it on Friday, and twenty of these if it helps.",
            "Really? Nobody on our team ever wants it.",
        ),
        ("nl", "Eerlijk is eerlijk, dan hebt u het straks samen.", "Duurt dat lang? Onze klanten bellen mijn baas."),
    ],
)
def test_two_turns_without_set_phrases_told_the_sides_the_wrong_way_round(
    language: str, seller: str, buyer: str
) -> None:
    assert side_of(language, f"Lisa: {seller}", f"Tom: {buyer}") == {"Lisa": SELLER, "Tom": BUYER}
    assert side_of(language, f"Tom: {buyer}", f"Lisa: {seller}") == {"Lisa": SELLER, "Tom": BUYER}


def test_a_wife_who_asks_as_much_as_the_seller_was_taken_for_a_second_one() -> None:
    talk = ["Anna: I'm calling because we help firms like yours. How do you heat it?", "Bo: With oil."]
    couple = [
        *talk,
        "Anna: And who fills it?",
        "Eve: My mother. Do you? Would you? Is it dear?",
        "Anna: We help there.",
    ]
    assert side_of("en", *couple) == {"Anna": SELLER, "Bo": BUYER, "Eve": BUYER}


def test_of_three_who_talk_alike_the_one_with_a_turn_to_each_of_the_others_sells() -> None:
    lines = [f"{name}: Which day do you want it, Friday?" for name in ("Bo", "Anna", "Eve", "Anna") * 3]
    assert side_of("en", *lines) == {"Bo": BUYER, "Anna": SELLER, "Eve": BUYER}


def test_two_who_talk_alike_are_of_no_side() -> None:
    assert side_of("en", "Anna: It rains.", "Bo: It does.") == {"Anna": UNKNOWN, "Bo": UNKNOWN}


# -------------------------------------------------------------------------------------------------------- moments

#: A judge who believes signs, and an understanding that likes one situation a little.
JUDGE = Judge({"base": -2.0, "sign": 4.0}, threshold=0.5, unknown=0.4, window=4, ignored=frozenset({"practice"}))
DEAR = Signs({"too-expensive": ["too dear"], "practice": ["role play"]})


def understand(_: str) -> list[tuple[str, float]]:
    return [("too-expensive", 0.3), ("practice", 0.2)]


def found(turns: Sequence[Turn], who: dict[str, str], judge: Judge) -> list[Moment]:
    return moments(turns, who, heard(turns, who, understand, DEAR, judge), judge)


def spotted(*lines: str, who: dict[str, str] | None = None) -> list[tuple[int, str | None]]:
    told = who if who is not None else {"Rep": SELLER, "Ann": BUYER}
    return [(m.line, m.answer) for m in found(call(*lines), told, JUDGE)]


def test_a_moment_has_the_sellers_answer() -> None:
    assert spotted("Rep: Ten.", "Ann: Well. It is too dear.", "Rep: Is it?", "Rep: Why?", "Ann: Yes.") == [
        (2, "Is it? Why?")
    ]


def test_nobody_answers() -> None:
    assert spotted("Rep: Ten.", "Ann: It is too dear.") == [(2, None)]


def test_what_a_sentence_stands_in_counts() -> None:
    likes = Judge({"base": -1.0, "answers": 2.0}, threshold=0.5, unknown=0.4, window=4, ignored=frozenset())
    who = {"Rep": SELLER, "Ann": BUYER}
    talk = call("Ann: It is dear.", "Rep: Is it?", "Ann: It is dear, so dear.", "Ann: It is dear.")
    assert [m.line for m in found(talk, who, likes)] == [3]


def test_every_piece_of_evidence_has_a_weight() -> None:
    known = evidence("It is too dear. Why?", ALONE, understand, DEAR, frozenset())
    assert {name for _, found in known for values in found.values() for name in values} - {"of-practice"} <= set(
        spotting()["weights"]
    )


def test_what_the_seller_says_is_no_moment() -> None:
    assert spotted("Rep: You may find it too dear.", "Ann: It may rain.") == []


def test_the_same_within_a_few_turns_is_one_moment() -> None:
    again = ["Ann: That is too dear.", "Rep: Hm."] * 3
    assert [line for line, _ in spotted(*again)] == [1]
    later = ["Ann: It is too dear.", *["Rep: Hm.", "Ann: Go on."] * 3, "Ann: Still too dear."]
    assert [line for line, _ in spotted(*later)] == [1, 8]


def test_what_nobody_brings_up_is_ignored() -> None:
    assert spotted("Ann: Let us do a role play.") == []


def test_of_somebody_who_may_be_the_seller_it_must_be_surer() -> None:
    assert spotted("X: It is too dear.", who={"X": UNKNOWN}) == []
    assert spotted("X: It is too dear.", who={"X": BUYER}) == [(1, None)]


def test_a_sentence_without_an_end_is_cut() -> None:
    assert [len(s.split()) for s in sentences("word " * 95)] == [40, 40, 15]
