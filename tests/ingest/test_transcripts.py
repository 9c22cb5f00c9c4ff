"""The reader of call transcripts: who says what, when, on which line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.errors import UnreadableFile
from coachkb.ingest.transcripts import MAX_BYTES, read_call, seconds


def said(text: str) -> list[tuple[str | None, float | None, str]]:
    return [(turn.speaker, turn.time, turn.text) for turn in read_call(text.encode(), "call")]


def test_webvtt_with_voices_notes_styles_and_entities() -> None:
    text = (
        "WEBVTT - a call\n\nNOTE made by hand\n\nSTYLE\n::cue { color: red }\n\n1\n"
        "00:00:01.000 --> 00:00:04.000 align:start\n<v Anna Smith>Hi &amp; thanks</v>\n\n"
        "00:04.500 --> 00:07.000\n<v.loud Bob>It's <i>fine</i>.</v>\n<v Anna Smith>When suits?\n\n"
        "01:00:05.000 --> 01:00:07.000\nBob: Monday.\n"
    )
    assert said(text) == [
        ("Anna Smith", 1.0, "Hi & thanks"),
        ("Bob", 4.5, "It's fine."),
        ("Anna Smith", 4.5, "When suits?"),
        ("Bob", 3605.0, "Monday."),
    ]


def test_a_cue_without_a_name_went_to_nobody_though_the_speaker_went_on() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:04,000\nAnna: It is the price that\n\n2\n00:00:04,000 --> 00:00:06,000\nworries us.\n\n"
        "3\n00:00:06,000 --> 00:00:08,000\nBob: Is it?\n\n4\n00:00:08,000 --> 00:00:09,000\n- Hello?\n\n"
        "5\n00:00:09,000 --> 00:00:10,000\nAnna: Yes.\n"
    )
    assert said(text) == [
        ("Anna", 1.0, "It is the price that worries us."),
        ("Bob", 6.0, "Is it?"),
        (None, 8.0, "Hello?"),
        ("Anna", 9.0, "Yes."),
    ]


def test_subrip_without_names_dashes_are_other_speakers_and_sentences_go_on() -> None:
    text = (
        "1\r\n00:00:01,000 --> 00:00:04,000\r\n- Goedemorgen, met Jan.\r\n- Dag Jan.\r\n\r\n"
        "2\r\n00:00:05,000 --> 00:00:08,000\r\nWij zijn tevreden met\r\nonze leverancier.\r\n"
    )
    assert said(text) == [
        (None, 1.0, "Goedemorgen, met Jan."),
        (None, 1.0, "Dag Jan."),
        (None, 5.0, "Wij zijn tevreden met onze leverancier."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "[00:12] Rep: Hello there.",
        "00:12 Rep: Hello there.",
        "(0:12) - Rep: Hello there.",
        "Rep (00:12): Hello there.",
        "**Rep** [00:12]: Hello there.",
        "Rep 00:12\nHello there.",
        "00:12 Rep\nHello there.",
        "Rep 00:12: Hello there.",
        "- [00:12] Rep: Hello there.",
    ],
)
def test_plain_text_with_times_in_many_places(line: str) -> None:
    assert said(f"{line}\nKaren: Hi.\nRep: So.\nKaren: Well.\n")[0] == ("Rep", 12.0, "Hello there.")


#: Name, time and words of a small call, for the forms below.
TALK = (
    ("Lisa Berg", "0:11", "Vi ses om en vecka."),
    ("Tomas Ek (Gäst)", "0:15", "Det blir bra."),
    ("Lisa Berg", "1:02", "Då säger vi så. Hej."),
    ("Tomas Ek (Gäst)", "1:10", "Hej då."),
)


@pytest.mark.parametrize(
    ("form", "opening"),
    [
        ("{name}\n{time}\n{words}\n", "Avstämning-20260502-Inspelning\nMay 2, 2026, 8:00AM\n12m 4s\n\n"),  # Teams
        ("{name}\n\n{time}\n\n{words}\n\n", ""),
        ("{name}   {time}\n{words}\n\n", ""),
        ("0:{time}.0 --> 0:{time}.45\n{name}\n{words}\n\n", ""),  # documents of Teams
        ("{time}\n{name}\n{words}\n\n", ""),
        ("{name}  00:0{time}\n{words}\n", ""),  # Zoom
        ("[{name}] 00:0{time}\n{words}\n\n", ""),
        ("[00:0{time}] {name}: {words}\n", ""),
        ("{name}  {time} AM\n{words}\n\n", ""),
        (
            "00:0{time}\n \n{name}: {words}\n",
            "Möte (2026-05-02) - Transcript\nAttendees\nLisa Berg, Tomas Ek\n",
        ),  # Meet
        ("### 00:0{time}\n\n**{name}:** {words}\n\n", "# Möte\n\n## Transcript\n\n"),
        ("00:0{time}.000,00:0{time}.900\n{name}: {words}\n\n", ""),
        ("{name}\n{words}\n", ""),  # captions that were copied
        ("{name}\n\n{words}\n\n", ""),
    ],
)
def test_forms_of_meeting_tools_that_named_no_speakers(form: str, opening: str) -> None:
    text = opening + "".join(form.format(name=name, time=time, words=words) for name, time, words in TALK)
    told = [turn for turn in said(text) if turn[0]]
    assert [(name, words) for name, _, words in told] == [(name, words) for name, _, words in TALK]
    if "{time}" in form and "\n \n" not in form and "#" not in form:
        assert [time for _, time, _ in told] == [11, 15, 62, 70]


@pytest.mark.parametrize(
    "text",
    [
        "0:11\nHello Tom\n0:15\nYes\n0:17\nHello Tom\n0:20\nYes\n",  # times and words, no room for names
        "0:11\nso I said that\nit may rain\n0:15\nand then it\nrained all day\n",
        "Yes\nit is a long way\nand we went there\nby the old road\nin the rain\nYes\nit is a long way back\n",
        "1\n00:00:01,000 --> 00:00:04,000\nHello Tom\nhow is it\n\n2\n00:00:05,000 --> 00:00:08,000\nFine Ann\nall well\n",
    ],
)
def test_lines_of_words_are_not_taken_for_names(text: str) -> None:
    assert {speaker for speaker, _, _ in said(text)} == {None}


def test_words_before_a_colon_are_no_speaker_unless_they_speak_again() -> None:
    text = (
        "Anna: Well.\nThe point is: you decide.\nNote: it is late.\n\nSo to say.\nAs it were.\nBo: Yes.\nAnd no.\n"
        "Or both.\nOr none.\nAnna: So.\nBo: See https://a.b/c: ok\nand more\n"
    )
    assert [(speaker, text) for speaker, _, text in said(text)] == [
        ("Anna", "Well. The point is: you decide. Note: it is late. So to say. As it were."),
        ("Bo", "Yes. And no. Or both. Or none."),
        ("Anna", "So."),
        ("Bo", "See https://a.b/c: ok and more"),
    ]


def test_a_side_is_a_name_even_once_and_lines_are_counted() -> None:
    turns = read_call(b"Verslag\n\nKlant: te duur\nmeer woorden\n\nVerkoper: ja\n", "call")
    assert [(t.speaker, t.line, t.text) for t in turns] == [
        (None, 1, "Verslag"),
        ("Klant", 3, "te duur meer woorden"),
        ("Verkoper", 6, "ja"),
    ]


def test_old_encodings_are_read() -> None:
    assert read_call("Säljare: hej på er\nKund: för dyrt".encode("cp1252"), "call")[0].speaker == "Säljare"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n\n", "empty"), (b"%PDF-1.7 x", "PDF"), (bytes(range(32)) * 50, "not text")],
)
def test_what_is_no_transcript_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"call\.txt: .*{reason}"):
        read_call(data, "call.txt")


def test_one_that_is_too_large_is_named_with_the_limit() -> None:
    with pytest.raises(UnreadableFile, match="20 MB"):
        read_call(b"x" * (MAX_BYTES + 1), "call.txt")


def test_clock_times_in_seconds() -> None:
    assert [seconds("1:02:03.5"), seconds("02:03,500"), seconds("02:03")] == [3723.5, 123.5, 123.0]


@given(
    st.lists(
        st.sampled_from(
            ["<v ", "00:01.000 --> 00:02.000", "[", "A: ", "- ", ":", "1:2:", "\n", "ok. ", "é", "Al\n", "0:11\n"]
        )
    )
)
def test_no_words_are_lost_or_made_up_and_nothing_raises(parts: list[str]) -> None:
    text = "x\n" + "".join(parts)
    for turn in read_call(text.encode(), "call"):
        assert turn.line <= text.count("\n") + 1
        assert turn.text == " ".join(turn.text.split())


def test_a_name_with_small_words_in_it_was_none() -> None:
    """ "Ann van den Berg:" opened no turn, and what she said was the seller's."""
    turns = read_call(b"Mark: Hello.\nAnn van den Berg: Send me something.\nMark: I will.\n", "call")
    assert [turn.speaker for turn in turns] == ["Mark", "Ann van den Berg", "Mark"]


@pytest.mark.parametrize(
    "name",
    [
        "Mevr. Wessels",
        "Dhr. De Wit",
        "dhr. v.d. Berg",
        "J. Smith",
        "Dr. J.P. O’Neill",
        "Hr. Ek",
        "Klant (mw. Bos)",
        "**Ms. Poole**",
        "Smith, John (Guest)",
        "J. Bos (Oven B.V. Zuid)",
    ],
)
def test_a_full_stop_in_a_name_made_one_turn_of_a_whole_call(name: str) -> None:
    """ "Mevr. Wessels:" named nobody, so that the call was one turn of whoever had a name without one."""
    text = f"{name}: Hello.\nAnna: It is ten. Or was: nine.\n{name}: Too much. By far.\nAnna: So.\n"
    assert [speaker for speaker, _, _ in said(text)] == [name.strip("*"), "Anna"] * 2


@pytest.mark.parametrize("form", ["{name}\n{time}\n{words}\n\n", "{name} {time}\n{words}\n\n", "{name}\n{words}\n"])
def test_a_name_on_its_own_line_was_none_for_its_full_stop(form: str) -> None:
    talk = (
        ("Mevr. Bos", "0:01", "Dag."),
        ("Ek, Ann", "0:04", "Ja?"),
        ("Mevr. Bos", "0:09", "Nee."),
        ("Ek, Ann", "0:12", "O."),
    )
    text = "".join(form.format(name=name, time=time, words=words) for name, time, words in talk)
    assert [(name, words) for name, _, words in said(text)] == [(name, words) for name, _, words in talk]


@pytest.mark.parametrize("words", ["Fine. Monday: ten.\nBo: Yes.\nFine. Monday: nine.", "Well, Bo: ten.\nBo: Yes."])
def test_words_before_a_colon_are_no_name_for_a_mark_in_them(words: str) -> None:
    text = f"Anna: Well.\n{words}\nAnna: So.\n"
    assert [speaker for speaker, _, _ in said(text)] == ["Anna", "Bo", "Anna"]


@pytest.mark.parametrize(
    "before", ["- ", "-", "* ", "• ", "1. ", "12) ", "> ", ">>", ">> ", "[2026-05-02 10:00] ", "5/2/26, 10:00:12 - "]
)
def test_a_mark_or_a_date_before_a_name_hid_it(before: str) -> None:
    text = f"{before}Ann: It is ten - or nine.\n{before}Bo: Too much.\n{before}Ann: So.\n"
    assert [(turn[0], turn[2]) for turn in said(text)] == [
        ("Ann", "It is ten - or nine."),
        ("Bo", "Too much."),
        ("Ann", "So."),
    ]


def test_captions_mark_another_speaker_with_two_signs() -> None:
    text = "00:01.000 --> 00:02.000\n&gt;&gt; Too much.\n\n00:02.000 --> 00:03.000\n&gt;&gt; Is it?\n"
    assert [(speaker, words) for speaker, _, words in said(text)] == [(None, "Too much."), (None, "Is it?")]
