"""Who wrote a page, beside bylines and letters: taglines, labels, handles, degrees, first names, last lines."""

from __future__ import annotations

import pytest
from pages import EN, NL, SV, only, posts

from coachkb.ingest.dates import byline, date_line
from coachkb.ingest.names import is_firm, opening_name


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"Margins: book notes by Bea Hollis\n\nWhat a nod of theirs means\n\n{EN}\n", "Bea Hollis"),
        (f"Ask the Trainer with Bea Hollis\n\nWhat a nod of theirs means\n\n{EN}\n", "Bea Hollis"),
        (
            f"The Nod\nYour questions on print, answered by Bea Hollis, nine years on the road\n\nWhat a nod of theirs means\n\n{EN}\n",
            "Bea Hollis",
        ),
        (f"A nod\n\nEach month our panel member Bea Hollis answers readers' questions.\n\n{EN}\n", "Bea Hollis"),
        (f"De knik\nde wekelijkse brief van Koen Hollis, verkooptrainer\n\nEen knik\n\n{NL}\n", "Koen Hollis"),
        (f"Vad en nick säger dig\n\nGuiden är skriven av Stina Klint, rådgivare i Lund\n\n{SV}\n", "Stina Klint"),
        (f"En nick\n\nVarje månad svarar Stina Klint, säljare i Lund, på läsarnas frågor.\n\n{SV}\n", "Stina Klint"),
    ],
)
def test_a_tagline_names_the_author(text: str, author: str) -> None:
    assert only(text).author == author


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"# Mejl till kunder\n\n- Skapad: 2019\n- Ansvarig: Stina\n\n{SV}\n", "Stina"),
        (f"# Mails\n\n| Eigenaar | Koen |\n|---|---|\n\n{NL}\n", "Koen"),
        (f"# Mejl som du skickar\n\n> Sidansvarig: @stinak · ändrad ofta\n\n{SV}\n", "@stinak"),
        (f"A talk in the yard\n\nInterview: Bea Hollis | Photography: supplied\n\n{EN}\n", "Bea Hollis"),
    ],
)
def test_a_label_names_the_author(text: str, author: str) -> None:
    assert only(text, "page.md" if text.startswith("#") else "page.txt").author == author


def test_the_sender_of_a_mail_is_its_author() -> None:
    assert byline('From: "Bea Hollis" <bea@hollis.example>') == "Bea Hollis"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Posted on 3 May 2010 by salesguy in Tips // 7 Comments", "salesguy"),
        ("Publicerat 3 maj 2010 av säljräven i Tips", "säljräven"),
        ("from Bea Hollis - 03.05.2010", "Bea Hollis"),
    ],
)
def test_a_line_with_a_date_names_a_nickname(line: str, author: str) -> None:
    assert only(f"A nod\n\n{line}\n\n{EN}\n").author == author


def test_one_post_of_an_archive_that_is_signed_elsewhere_is_the_same_authors() -> None:
    post = "{}\n{} 2017\n\n{}\n\n{}\n\n{}\n\n"
    signed = "Postat av Ann-Marie kl. 20.14   2 kommentarer"
    last = "Om mig: gymägare i Ånge\nBloggar jag läser: tre"
    page = post.format("En nick", "29 maj", SV, SV, signed) + post.format("Två nick", "21 maj", SV, SV, signed)
    page += post.format("Tre nick", "4 maj", SV, SV, signed + "\n" + last)
    assert [post.author for post in posts(page)] == ["Ann-Marie"] * 3


def test_lines_above_an_archive_name_its_author() -> None:
    page = "Med öronen\nEn blogg av Tommy Rydh om livet på vägen\n\n"
    page += "".join(f"{title}\n{date} maj 2017\n\n{SV}\n\n{SV}\n\n" for title, date in (("En nick", 29), ("Två", 4)))
    assert {post.author for post in posts(page)} == {"Tommy Rydh"}


@pytest.mark.parametrize(
    "head",
    ["{0}\nJoined: Feb 2012\n", "#1  {0}   2013-05-06 20:14\n", "{0}        6 May 2013 20:31\n"],
    ids=["badge", "number", "time"],
)
def test_a_thread_is_its_first_posters(head: str) -> None:
    others = "".join(head.replace("#1", f"#{i + 2}").format(f"seller_{i}") + f"\n{EN}\n\n" for i in range(5))
    page = "Sellers Forum > Closing > Help\n\nbuyer nods and then nothing, help\n\n"
    first = head.format("nod_man")
    page += f"{first}\n{EN}\n\n{others}" + first.replace("#1", "#9") + f"\n{EN}\n"
    assert only(page).author == "nod_man"


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"A nod\n\nDr. Bea Hollis\nNotes on print\n\n{EN}\n", "Dr. Bea Hollis"),
        (f"Een knik\n\nDoor drs. Koen Hollis | 3 mei 2010\n\n{NL}\n", "drs. Koen Hollis"),
        (f"Een knik\n\nAuteur: Dipl.-Ing. Koen Hollis | Leestijd: 5 min\n\n{NL}\n", "Dipl.-Ing. Koen Hollis"),
        (f"En nick\n\nAv ekon. dr h.c. Stina Klint\n\n{SV}\n", "Stina Klint"),  # a heap of honours is no name
    ],
)
def test_a_degree_before_a_name_is_kept(text: str, author: str) -> None:
    assert only(text).author == author


@pytest.mark.parametrize(
    "end",
    [
        "{0}",
        "- {0}",
        "x {0}",
        "{0} x",
        "Hugs/{0}",
        "Your old colleague\n{0}",
        "Have a good week. {0}",
        "({0})",
        "{0}, 3 May 2010",
    ],
)
@pytest.mark.parametrize("name", ["Annika", "Joanie"])
def test_a_first_name_on_the_last_line_signs(end: str, name: str) -> None:
    assert only(f"A nod\n\n{EN}\n\n{end.format(name)}\n").author in ((name, None) if "3 May" in end else (name,))


@pytest.mark.parametrize(
    "end",
    [
        "Reykjavik, 3 May 2010",
        "Bring along:\n- Vodka\n- Joanie",
        "Xander's list",
        "Summary",
        "## Rollout",
    ],
)
def test_what_is_no_first_name_signs_nothing(end: str) -> None:
    assert only(f"A nod\n\n{EN}\n\n{end}\n").author is None


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (
            f"What a nod of theirs means\n\n{EN}\n\nBea Hollis sells lifts in Hull and has four fillings.\n",
            "Bea Hollis",
        ),
        (f"Een knik\n\n{NL}\n\nKoen ter Hollis verkoopt liften in Gouda.\n", "Koen ter Hollis"),
        (f"En nick\n\n{SV}\n\nStina Klint har varit inköpare i nio år.\n", "Stina Klint"),
        (
            f"What a nod of theirs means\n\n{EN}\n\nB. Hollis, Sales Training for the Paint Trade. Handout 12.\n",
            "B. Hollis",
        ),
        (f"Anna Hollisberg\n\nWhat a nod of theirs means\n\n{EN}\n", "Anna Hollisberg"),
        (f"A nod\nBea Hollisberg, Hull\n\n{EN}\n", "Bea Hollisberg"),
    ],
)
def test_a_name_in_the_first_or_last_lines(text: str, author: str) -> None:
    assert only(text).author == author


def test_a_first_name_is_made_whole() -> None:
    assert (
        only(f"Jetty talk - Stefan Lillholm on boats\n\nWhat a nod of theirs means\n\n{EN}\n\n/Stefan\n").author
        == "Stefan Lillholm"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"Print Insights Hub\n\nWhat a nod of theirs means\n\n{EN}\n",
        f"What a nod of theirs means\n\n{EN}\n\nWEEKS QUOTAS\n\nSell more.\n",
        f"An interview with a buyer\n\nAnna Hollisberg, Hull\n\n{EN}\n",
        f"Interview with Bea Hollis\n\nWhat a nod of theirs means\n\n{EN}\n",
        f"A nod\n\nI got a letter from Bea Hollis.\n\n{EN}\n",
        f"What a nod of theirs means\n\n{EN} Bea was tired, and so she nodded at me all day long, as people do.\n\nBea Hollis sells lifts in Hull.\n",
        f"What a nod of theirs means\n\n{EN}\n\nBea Hollis wrote: “He nods, too.”\n",
        f"# A page\n\nOwner: Revenue Ops\n\n{EN}\n",
    ],
)
def test_papers_departments_and_people_of_stories_wrote_nothing(text: str) -> None:
    assert only(text).author is None


def test_a_paper_beside_its_columnist_is_not_the_author() -> None:
    assert only(f"A nod\nTrade Talk, with Bea Hollis\n3 May 2010\n\n{EN}\n").author == "Bea Hollis"


@pytest.mark.parametrize(
    "line", ["TEXT BEA HOLLIS  PHOTO BO EK", "Text: Bea Hollis   Photo: Bo Ek", "Text: Bea Hollis Photo: Bo Ek"]
)
def test_a_label_beside_a_name_is_none_of_it(line: str) -> None:
    assert (byline(line) or "").title() == "Bea Hollis"


def test_a_label_in_capitals_before_a_name_is_none_of_it() -> None:
    found = date_line("TEXT Anders Granvik | 3 maj 2010")
    assert found is not None
    assert found.author == "Anders Granvik"


@pytest.mark.parametrize("name", ["Evelien D.P", 'Bo "Ace" Ek'])
def test_names_with_initials_after_and_what_one_is_called(name: str) -> None:
    assert opening_name(name) == (name, "")


def test_words_of_firms_are_data() -> None:
    assert is_firm("Commercial Ops")
    assert not is_firm("Bea Hollis")
