"""Post splitting, titles and authors, on small invented pages such as blogs, columns and forums have them."""

from __future__ import annotations

import itertools

import pytest
from pages import EN, NL, SV, only, posts

from coachkb.ingest.posts import split_posts
from coachkb.model.document import Document


def test_text_where_every_line_is_a_paragraph() -> None:
    """Without blank lines, the short first line above long ones is the title."""
    assert only(f"Wait before you talk\n{EN}\n{EN}\n{EN}\n").title == "Wait before you talk"


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"A nod\n\nWords: Bea Hollis. Reading time: 5 minutes\n\n{EN}\n", "Bea Hollis"),
        (f"A nod\n\nBy Bea Hollis | 4 May 2019\n\n{EN}\n", "Bea Hollis"),
        (f"Een knik\n\nDoor Koen van der Veen (vertaling: de redactie)\n4 mei 2019\n\n{NL}\n", "Koen van der Veen"),
        (f"En nick\n\nPublicerat 4 maj 2019 av Stina af Klint i Avslut\n\n{SV}\n", "Stina af Klint"),
        (f"A nod\n\nDr Bea Hollis\n4 May 2019\n\n{EN}\n", "Dr Bea Hollis"),
        (f"A nod\n\n{EN}\n\nWith kind regards,\nBea\n\nP.S. Bring cake.\n", "Bea"),
        (f"Een knik\n\n{NL}\n\nHartelijke groet,\nKoen\n", "Koen"),
        (f"En nick\n\n{SV}\n\n/Stina\n", "Stina"),
        (f"Een knik\n\n{NL}\n\nMet zonnige groet,\n\nPetra van Dam\nVan Dam Training\n0612345678\n", "Petra van Dam"),
        (
            f"A nod\n\n{EN}\n\nBea Hollis was a buyer until 2015 and now helps sellers. She lives in Hull.\n",
            "Bea Hollis",
        ),
        (
            f"A nod\n\n{EN}\n\nBea K. Hollis, Founder & President of Nod Ltd, brings calm. Her book sold well.\n",
            "Bea K. Hollis",
        ),
        (f"En nick\n\n{SV}\n\nOm skribenten: Stina Klint är säljare i Lund. Hon skriver varje vecka.\n", "Stina Klint"),
        (
            f"The Nod, a blog by Bea Hollis\n\nA nod\n\n{EN}\n\n© 2011-2014 Bea Hollis. Copy what you like.\n",
            "Bea Hollis",
        ),
    ],
)
def test_author_is_found(text: str, author: str) -> None:
    """Bylines, sign-offs, author boxes and the owner of a page name the author."""
    assert only(text).author == author


@pytest.mark.parametrize(
    "text",
    [
        f"A nod\n\nBy Friday she had signed.\n\n{EN}\n",
        f"A nod\n\n{EN}\n\nTom Baker still has the contract. He lives in Leeds and sells houses.\n\n{EN}\n",
        f"A nod\n\n{EN} Tom Baker sat there and nodded all day, he told me afterwards, because he was tired.\n\n"
        "Tom Baker is the owner of a bakery in Hull. He has more than ten shops.\n",
        f"Een mail\n\n{NL}\n\n{NL}\n\nBeste Jo,\n\nIk hoor graag.\n\nMet vriendelijke groet,\nKoen\n",
        f"A nod\n\nPosted by admin\n\n{EN}\n",
        f"En nick\n\nAv redaktionen\n\n{SV}\n",
        f"A nod\n\n{EN}\n\n(c) 2014 Nod Training Ltd. All rights reserved.\n",
        f"A nod\n\n{EN}\n\nComments\n\nBea Hollis says:\nI am a buyer and she is right.\n",
    ],
)
def test_no_author_rather_than_a_wrong_one(text: str) -> None:
    """People in stories, model letters, firms and desks are no authors."""
    assert only(text).author is None


def test_a_blog_page_as_copied_from_the_browser() -> None:
    """Menu a line each, then the title with the byline right below it."""
    page = f"""Hoppa till innehåll
Säljbloggen
Tankar om försäljning

Start Om mig Föreläsningar Kontakt
Sluta jaga – börja lyssna
Publicerat den 14 mars 2015 av Karin Ekdahl

{SV}
{SV}
"""
    post = only(page)
    assert (post.title, post.author, post.date) == ("Sluta jaga – börja lyssna", "Karin Ekdahl", "2015-03-14")


def archive(titles: list[str], dates: list[str], body: str, above: bool, md: bool = False) -> str:
    """An archive page; ``above``: the dates stand above the titles."""
    mark = "## " if md else ""
    heads = [f"{d}\n\n{mark}{t}" if above else f"{mark}{t}\n{d}" for t, d in zip(titles, dates, strict=True)]
    return "Archive for the category Closing\n\n" + "\n\n".join(f"{head}\n\n{body}\n\n{body}" for head in heads) + "\n"


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize(
    ("body", "dates"),
    [
        (EN, ["May 4, 2019", "April 11, 2019", "March 2, 2019"]),
        (EN, ["Tuesday 4 June 2019", "Posted on 11 April 2019", "2 March 2019"]),
        (NL, ["zaterdag 4 mei 2019", "donderdag 11 april 2019", "zaterdag 2 maart 2019"]),
        (SV, ["4 maj 2019", "11 april 2019", "2 mars 2019"]),
        (SV, ["2019-05-04", "2019-04-11", "2019-03-02"]),
    ],
)
def test_archive_is_cut(above: bool, body: str, dates: list[str]) -> None:
    """Titles with dates below or above them cut an archive, in every language, in text and in Markdown."""
    titles = ["Wait, then ask", "”Not now :)”", "Three nods"]
    for name in ("page.txt", "page.md"):
        found = posts(archive(titles, dates, body, above, md=name.endswith("md")), name)
        assert [post.title for post in found] == titles
        assert found[0].date in ("2019-05-04", "2019-06-04")
        assert all(a.end == b.start for a, b in itertools.pairwise(found))


def test_archives_owner_wrote_every_post() -> None:
    """A box below the last post speaks of the author of all of them."""
    page = archive(["One nod", "Two nods"], ["4 May 2019", "2 May 2019"], EN, above=False)
    page += "\nFiled under: Closing | 2 comments\n\nBea Hollis has sold print since 1979. She lives in Hull.\n"
    assert [post.author for post in posts(page)] == ["Bea Hollis", "Bea Hollis"]


def test_archive_with_bylines_gives_each_post_its_own() -> None:
    """One post's author is not another's."""
    page = f"One nod\nBy Bea Hollis\n4 May 2019\n\n{EN}\n\n{EN}\n\nTwo nods\nBy Tom Baker\n2 May 2019\n\n{EN}\n\n{EN}\n"
    assert [(post.title, post.author) for post in posts(page)] == [("One nod", "Bea Hollis"), ("Two nods", "Tom Baker")]


def test_forum_thread_is_one_post() -> None:
    """People answer one another; badges and dates cut nothing."""
    badge = "{}\nJoined: Feb 2012 Posts: 14\nPosted: Mon May 06, 2013 4:51 pm\n\n{}\n\n"
    page = "Sellers Forum > Closing > Help\n\nbuyer nods and then nothing, help\n\n"
    page += "".join(badge.format(f"seller_{i}", EN) for i in range(5))
    assert only(page).title == "buyer nods and then nothing, help"


@pytest.mark.parametrize("date", ["2021-09-03", "2021-09-03T07:00:00Z", "03-09-2021", "3 september 2021"])
def test_dates_in_front_matter_are_told_as_iso_dates(date: str) -> None:
    assert only(f"---\ntitel: Wacht even\ndatum: {date}\n---\n\n{NL}", "page.md").date == "2021-09-03"


@pytest.mark.parametrize("number", ["Answer {}", "Svar nr {}", "Reactie #{}"])
def test_numbered_answers_below_a_question_are_one_post(number: str) -> None:
    answers = "\n\n".join(
        f"{number.format(n)}\n\n • posted by: Finn on 2011-08-1{n}\n • score: {n}\n\n{EN}" for n in (2, 5)
    )
    assert only(f"I dread the telephone. What can I do?\n\n • asked: Mo on 2011-08-11\n\n{EN}\n\n{answers}").title


def test_dated_headings_within_one_post_do_not_cut_it() -> None:
    """A diary is one post: it has a title and an introduction of its own."""
    days = "\n\n".join(f"{day} March 2019\n\nA call in the morning\n\n{EN}" for day in (4, 5, 6))
    page = f"My week with the nodding buyer\n\n10 March 2019\n\n{EN}\n\n{EN}\n\n{EN}\n\n{days}\n"
    assert only(page).title == "My week with the nodding buyer"


def test_comments_with_dates_do_not_cut_a_post() -> None:
    """Comments are dated with a time, or signed by others."""
    page = f"A nod\n4 May 2019\n\n{EN}\n\n{EN}\n\nComments\n\n"
    page += "".join(f"Tom B.   {day} May 2019 at 08:12\n{EN}\n\n" for day in (5, 6, 7))
    assert only(page).title == "A nod"


HTML = """<html lang="en"><head><title>{title}</title></head><body><h1><a href="/">The Nod</a></h1>
<div class="motto">For those who wait</div>{posts}<div class="comments"><span class="author">Tom Baker</span> says:
<p>I nod too.</p></div></body></html>"""


def test_html_archive_is_cut() -> None:
    """Several posts with marked titles and dates are several posts."""
    one = '<h2 class="date">{}</h2><h3 class="post-title">{}</h3><div class="post-body">{}<br/><br/>{}</div>'
    body = one.format("4 May 2019", "One nod", EN, EN) + one.format("2 May 2019", "Two nods", EN, EN)
    found = posts(HTML.format(title="The Nod: closing", posts=body), "page.html")
    assert [post.title for post in found] == ["One nod", "Two nods"]


def test_offsets_hold_for_any_page() -> None:
    """A title's offsets are those of its line."""
    page = f"Home | Blog | Contact\n\nWait before you talk\n\n{EN}\n"
    post = split_posts(Document(page, ".txt"))[0]
    assert page[post.title_start : post.title_end] == post.title


def test_the_contributions_to_a_thread_were_posts_of_their_own() -> None:
    """Each is numbered from one, dated and long enough to be a post."""
    page = "".join(f"#{n}  user_{n}  (Member)\n1{n} Apr 2022 10:42\n\n{EN} {EN}\n\n" for n in (1, 2, 3))
    assert len(posts("Subject: Nobody rings back\n\n" + page)) == 1


@pytest.mark.parametrize(
    ("page", "name", "date"),
    [
        (f"# A talk\n\n*Posted 2019-05-24 by ann. My own notes; mistakes are mine.*\n\n{EN}\n", "a.md", "2019-05-24"),
        (f"# A talk\n\n{EN}\n\nOn 3 May 2020 we lost the deal. It was bad.\n", "a.md", None),
        (f"---\ntitle: Een zin\npublished: true\nwritten: 2017-02-19\n---\n\n{NL}\n", "a.md", "2017-02-19"),
        (f"# Sida\n\n{SV}\n\n| Datum | Vem |\n|---|---|\n| 2022-11-21 | Amir |\n", "a.md", None),
        (
            f"Een zin\n\n{NL}\n\nGeplaatst: 8 juni 2022 | Categorie: geld | 23 reacties\n\nReacties\n\nJa!\n",
            "a.txt",
            "2022-06-08",
        ),
        (f"# Sidan\n\n| Sist | |\n|---|---|\n| Senast ändrad | 3 juni 2024 |\n\n{SV}\n", "a.md", "2024-06-03"),
        (f"Avsnitt 9: Vänta\n\nPodden Handel på allvar · 47 min · släppt 9 maj 2023\n\n{SV}\n", "a.txt", "2023-05-09"),
        (
            f"THE TRADE LIST   Vol 4 : No 7   Thursday 17 November 2005\nIn this issue:\n1. Nods\n\n{EN}\n",
            "a.txt",
            None,
        ),
    ],
)
def test_dates_that_were_missed_or_invented(page: str, name: str, date: str | None) -> None:
    """In a note, in front matter under another name, in a table of changes or of facts, on the line that counts the
    comments, at the end of a show's line; in a list's head."""
    assert only(page, name).date == date


def test_the_articles_of_a_letter_stand_between_rules() -> None:
    """They were one lesson with three titles in it; the diary below them is too short to be one."""
    rule = "-" * 60
    items = (("ASK FOR IT", EN + " " + EN), ("WAIT FOR IT", EN + " " + EN), ("DIARY", "12 May: a course in Leeds."))
    letter = "".join(f"{rule}\n{n}. {title}\n{rule}\n\n{text}\n\n" for n, (title, text) in enumerate(items, start=1))
    found = posts(
        "THE MONDAY PAPER\nNo. 9, 20 November 2006\n\nIn this issue:\n1. Ask for it\n2. Wait for it\n\n" + letter
    )
    assert [post.title for post in found] == ["1. ASK FOR IT", "2. WAIT FOR IT"]
    assert {post.date for post in found} == {"2006-11-20"}
    assert len(posts(letter.replace(rule, ""))) == 1


def test_when_a_member_joined_is_no_date_of_a_thread() -> None:
    """A forum shows it above the first contribution, and before the day of that."""
    rank = "Moderator\nPosts: 12\nMember since: 4 Feb 2006\nTue 8 Mar 2011, 20:14"
    assert only(f"Silence\n\nAnn88\n{rank}\n\n{EN}\n\nBo77\n{rank}\n\n{EN}\n").date == "2011-03-08"


NUMBERED = f"1. ASK FOR IT\n\n{EN}\n\n\n2. WAIT FOR IT\n\n{EN}\n"


@pytest.mark.parametrize(
    ("page", "titles"),
    [
        (f"THE MONDAY PAPER\nNo. 9\n\nHello all,\n\n{EN}\n\n{NUMBERED}", ["1. ASK FOR IT", "2. WAIT FOR IT"]),
        (f"Two rules\n\n{EN}\n\n{NUMBERED}", ["Two rules"]),
        (
            f"THE MONDAY PAPER\nIssue 9 · for the trade\n\n*** ASK ***\n\n{EN}\n\n*** WAIT ***\n\n{EN}\n\n*** ADS ***\n\nDesk.",
            ["ASK", "WAIT"],
        ),
        (
            f"The Monday Paper\nIn short.\n\nNo. 12 — February 8\n\nAsk for it\n\n{EN}\n\nNo. 11 — February 1\n\nWait\n\n{EN}\n",
            ["Ask for it", "Wait"],
        ),
        (
            f"# Monday Paper no. 9\n\n## 1. Ask for it\n\n{EN}\n\n## 2. Wait for it\n\n{EN}\n",
            ["1. Ask for it", "2. Wait for it"],
        ),
        (f"Nr 12\n\n{SV}\n\nNr 40\n\nVem svarar?\n\n{SV}\n", None),
        (
            f"MONDAY PAPER nr 7\n\nContents\n1. Ask for it\n2. Wait for it\n\n{NUMBERED}",
            ["1. ASK FOR IT", "2. WAIT FOR IT"],
        ),
        (
            f"# Monday Paper\n\nIssue 9 | May\n\n- [Ask](#ask)\n- Wait\n\n---\n\nAsk\n---\n\n{EN}\n\nWait\n----\n\n{EN}\n",
            ["Ask", "Wait"],
        ),
        (
            f"MONDAY PAPER nr 7\n\nContents\nToday: silence\nAsk for it\nAds\n\nSILENCE\n\n{EN} {EN}\n\nAsk for it\n\n{EN}\n\nAds\n\n{EN}\n",
            None,
        ),
        (f"MONDAY PAPER nr 7\n\nContents\nAsk\nAds\n\nAsk\n\n{' '.join([EN] * 5)}\n\nAds\n\n{EN}\n", None),
        (f"# Two rules\n\n- Ask\n- Wait\n\n## Ask\n\n{EN}\n\n## Wait\n\n{EN}\n", ["Two rules"]),
    ],
)
def test_the_articles_of_a_letter_were_one_lesson(page: str, titles: list[str] | None) -> None:
    """Numbered in capitals, between stars, named in its contents, or issues that count on; a list of any other page is
    one lesson."""
    found = posts(page, "a.md" if page.startswith("#") else "a.txt")
    assert [post.title for post in found] == titles if titles else len(found) == 1


def test_a_byline_with_a_post_in_brackets_heads_a_post_as_others_do() -> None:
    """ "by Ronald (team lead)" was no byline, so its post was the tail of the one before it."""
    page = (
        f"Silence\nPosted on 9 May 2012 by Ann\n\n{EN}\n\nVoice\nPosted on 2 May 2012 by Ronald (team lead)\n\n{EN}\n"
    )
    assert [(post.title, post.author) for post in posts(page)] == [("Silence", "Ann"), ("Voice", "Ronald")]


def test_a_title_in_capitals_may_be_two_sentences() -> None:
    """An archive's post below "SHE NODS. SHE NEVER SIGNS." was the tail of the one before it."""
    page = f"WAIT\n9 May 2012\n\n{EN}\n\n\nSHE NODS, AS THEY ALL DO. SHE NEVER SIGNS.\n2 May 2012\n\n{EN}\n"
    assert [post.date for post in posts(page)] == ["2012-05-09", "2012-05-02"]


def test_the_numbered_mails_of_a_list_are_one_post() -> None:
    """A digest's mails, "Message: 1" and so on, were an archive's posts."""
    mail = "From: {}\nDate: Wed, 16 Nov 2005 21:0{}:44 +0100\nSubject: Re: silence\n\n" + EN
    assert only("\n\n".join(f"Message: {n}\n{mail.format(name, n)}" for n, name in ((1, "Ann"), (2, "Bo")))).author
