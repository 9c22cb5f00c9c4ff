"""Dates, date lines, bylines and names."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.data.load import profiles
from coachkb.ingest.dates import byline, date_line, date_order, find_date, is_person, opening_name
from coachkb.ingest.posts import split_posts
from coachkb.ingest.read import read_document

DAYS = st.dates(datetime.date(1995, 1, 1), datetime.date(2024, 12, 31))


@given(DAYS, st.sampled_from(sorted(profiles())))
def test_every_month_name_reads_back(day: datetime.date, language: str) -> None:
    """A day written in a language's own words is that day."""
    for name, number in profiles()[language].months.items():
        if number == day.month:
            assert find_date(f"{day.day} {name} {day.year}") == (
                day.isoformat(),
                0,
                len(f"{day.day} {name} {day.year}"),
                "d-month",
            )


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    """No text raises, and a name is part of its text."""
    date_line(text)
    byline(text)
    name, rest = opening_name(text)
    assert name is not None or rest == text


@pytest.mark.parametrize(
    ("line", "date", "author"),
    [
        ("Posted on 5 October 2021 by Ann Prew", "2021-10-05", "Ann Prew"),
        ("6 March 2018 | Words: Roy Beng", "2018-03-06", "Roy Beng"),
        ("dinsdag 17 maart 2009, door Gé Host. Uit het Engels vertaald door W. Tol", "2009-03-17", "Gé Host"),
        ("Geplaatst op 6 maart 2018 · leestijd 4 min. · uit het Zweeds", "2018-03-06", None),
        ("Publicerat 22 september 2016 av Mona Hall i Mötet", "2016-09-22", "Mona Hall"),
        ("Av Roy Beng, 14 november 2017", "2017-11-14", "Roy Beng"),
        ("2011-11-21, 22:47", "2011-11-21", None),
        ("Posted on: 14-Jul-2011     Views: 2,318     Rating: 4.2/5", "2011-07-14", None),
        ("THE DRY DOCK                    No. 112    November 16, 2004", "2004-11-16", None),
        ("Karin Voss-Hagström | 12 mars 2017 | 3 kommentarer", "2017-03-12", "Karin Voss-Hagström"),
        ("Gepost door Admin op Dinsdag, Mei 4, 2010 in Koude Roeping, Uiteinden", "2010-05-04", None),
        ("Genom: Rick D. Sollberg | Skriven på: 12 maj 2010 | Ord räkna: 566", "2010-05-12", "Rick D. Sollberg"),
        ("// Micke, 3/11-08", "2008-11-03", None),
        ("Sales Management | 12 March 2017", "2017-03-12", None),
        ("Posted 28 July 2014 by Dr. Ann Wit | Filed under: Closing", "2014-07-28", "Ann Wit"),
        ("door Dipl.-Kfm. Hartmut Brennhuis - 09.09.2010", "2010-09-09", None),
    ],
)
def test_date_lines(line: str, date: str, author: str | None) -> None:
    """A date with lead words, a byline and a page's counts around it."""
    found = date_line(line)
    assert found is not None
    assert (found.date, found.author) == (date, author)


@pytest.mark.parametrize(
    "line",
    [
        "On 6 October 2016 Jan rang me back.",
        "We lost it in May 2019",
        "3/4/2010",
        "I 2019 års budget fanns inga pengar.",
    ],
)
def test_sentences_are_no_date_lines(line: str) -> None:
    """Nor is a date that can be read in two ways."""
    assert date_line(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ann Prew", "Ann Prew"),
        ("Words: Ann Prew. Reading time: 5 minutes", "Ann Prew"),
        ("Door Koen van der Veen (vertaling: redactie)", "Koen van der Veen"),
        ("Text: Dirk V.", "Dirk V."),
        ("Geschreven door: Marleen T. Wit", "Marleen T. Wit"),
        ("By Friday", None),
        ("By admin", None),
        ("Words That Sell", None),
        ("By the time she rang I had left the building", None),
        ("Door te bellen kom je verder", None),
    ],
)
def test_bylines(line: str, name: str | None) -> None:
    """Lead words with a name behind them, and what only begins alike."""
    assert byline(line) == name


def test_names() -> None:
    """A person's name has two words or more, and no sentence in it."""
    assert is_person("Gunnar af Ekenborg") and is_person("Dr Ann Prew") and is_person("B. N. Ten Haken")
    assert not is_person("Ann") and not is_person("Ann rang") and not is_person("The Meeting")


@pytest.mark.parametrize(
    ("text", "usual", "order"),
    [
        ("Posted 3/4/2010", None, None),
        ("Geplaatst 3/4/2010", "dmy", "dmy"),
        ("Posted 3/4/2010. Comment of 12/25/2010", None, "mdy"),
        ("Posted 3/4/2010. Comment of 25/12/2010", None, "dmy"),
        ("12/25/2010 and 25/12/2010", "dmy", "dmy"),
        ("see /2010/13/40/2010/ and 99/99/2010", None, None),
    ],
)
def test_the_order_of_all_digit_dates_is_what_the_page_shows_else_what_is_usual(text, usual, order) -> None:
    assert date_order(text, usual) == order


@pytest.mark.parametrize(
    ("page", "date"),
    [
        (
            "Bel op tijd\n\n3/4/2010\n\nAls de klant niet belt, dan moet je zelf bellen en niet wachten op een mail die niet komt.",
            "2010-04-03",
        ),
        (
            "Ring i tid\n\n3/4/2010\n\nNär kunden inte ringer så måste du ringa själv och inte vänta på ett mejl som inte kommer.",
            "2010-04-03",
        ),
        (
            "Call in time\n\n3/4/2010\n\nWhen the customer does not call you should call, and not wait for a mail that will not come.",
            None,
        ),
        (
            "Call in time\n\n3/14/2010\n\nWhen the customer does not call you should call, and not wait for a mail that will not come.",
            "2010-03-14",
        ),
    ],
)
def test_a_page_in_a_language_with_one_order_of_dates_is_read_in_it(page, date) -> None:
    [post] = split_posts(read_document(page.encode(), "page.txt"))
    assert post.date == date


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Av ekon. dr h.c. Folke Lind, Lind & Berg Rådgivning", "Folke Lind"),
        ("Door ir. Jan de Wit", "Jan de Wit"),
        ("By Dr. Ann Lee, Leeds", "Ann Lee"),
        ("By Tom Baker", "Tom Baker"),
        ("From: J. Wit", "J. Wit"),
        ('From: "Ann Lee" <ann@here.example>', "Ann Lee"),
        ("From: Ann Lee [mailto:ann@here.example]", "Ann Lee"),
    ],
)
def test_what_stands_round_a_name_hid_the_author(line: str, name: str) -> None:
    assert byline(line) == name


def test_a_date_with_its_lead_words_is_one_whoever_posted_it() -> None:
    found = date_line("Posted 14 January 2016 by the team at a firm of sales trainers, Bristol")
    assert found is not None
    assert found.date == "2016-01-14"
    assert date_line("We met on 14 January 2016 with the whole team of a firm of sales trainers") is None
