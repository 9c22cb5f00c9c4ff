"""Titles of pages that are one post, on small invented pages."""

from __future__ import annotations

import textwrap

import pytest
from pages import EN, NL, SV, only, posts

HTML = """<html lang="en"><head><title>{title}</title></head><body><h1><a href="/">The Nod</a></h1>
<div class="motto">For those who wait</div>{posts}<div class="comments"><span class="author">Tom Baker</span> says:
<p>I nod too.</p></div></body></html>"""


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Home   About us   Podcast   Contact\n\nWait before you talk", "Wait before you talk"),
        (
            "We use cookies to improve your visit. [Accept all] [Settings]\n\nWait before you talk",
            "Wait before you talk",
        ),
        ("THE FRIDAY CALL\nA column for people with a target\n\nWhy does she nod?", "Why does she nod?"),
        ("Home / Blog / Closing / Wait before you talk\n\nWait before you talk", "Wait before you talk"),
        ("Home » Blog » Wait before you talk\n\n5 min read\n\nWait before you talk", "Wait before you talk"),
        ("Sellers' Corner » Closing » Help\nThread: buyer nods, then nothing\nPage 1 of 2", "buyer nods, then nothing"),
        ("Wait before you talk\n\nProf. Anna Bergkvist\n4 May 2019", "Wait before you talk"),
        ("Wait before you talk\nBy Anna Bergkvist\n4 May 2019", "Wait before you talk"),
        ("4 May 2019\n\nWait before you talk", "Wait before you talk"),
        ("Wait before you talk", "Wait before you talk"),
        ("She nodded. She never signed.\n\nBy Anna Bergkvist", "She nodded. She never signed."),
        ("Wait before you talk\nWhat silence is for", "Wait before you talk"),
        ("“Let me sleep on it”\n\nDear Clara,", "“Let me sleep on it”"),
        ("Title: Wait before you talk", "Wait before you talk"),
        ("The Counter Handbook\nModule 6\n\nCLOSING THE SALE\n\n6.1 Wait before you talk", "CLOSING THE SALE"),
        ("#sales #closing\n\nWait before you talk\n\n[Photo: a desk. Image: own archive]", "Wait before you talk"),
    ],
)
def test_title_amid_a_pages_furniture(head: str, title: str) -> None:
    """Menus, notices, mastheads, trails and names of authors are no titles."""
    assert only(f"{head}\n\n{EN}\n\n{EN}\n").title == title


@pytest.mark.parametrize("body", [EN, NL, SV])
def test_an_untitled_text_stays_untitled(body: str) -> None:
    """No line of a text is made its title, wrapped or not."""
    assert only(f"{body}\n\n{body}\n").title is None
    assert only(textwrap.fill(body, 62) + "\n").title is None
    assert only(f"Home | Blog | Contact\n\n{body}\n\n{body}\n").title is None


def test_a_trail_gives_the_title_when_no_line_does() -> None:
    """The last element of a breadcrumb is the page's title."""
    assert only(f"Home / Blog / What a nod really means\n\n{EN}\n\n{EN}\n").title == "What a nod really means"


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ("Mo Lindqvister\n\n12 March 2014\n\nWait before you talk", "Mo Lindqvister"),
        ("Wait before you talk\n\nGetaway\nJuly 12, 2018", None),
        ("Quay talk - a boat builder on boats and business\n\n18.8.2014\nWait before you talk", None),
        ("# 🔥 Wait before you talk", None),
        ('+++\ntitle = "Wait before you talk"\ndate = 2020-01-13T07:00:00Z\nauthor = "Mo"\n+++', "Mo"),
        ("# Chapter 4\n\n## Wait before you talk", None),
    ],
)
def test_what_stands_beside_the_title_was_taken_for_it(head: str, author: str | None) -> None:
    """The name of a page's owner or of a firm, a page's motto, a byline, a chapter's number."""
    post = only(f"{head}\n\n{EN}\n\n{EN}", "page.md" if head.startswith(("#", "+")) else "page.txt")
    assert (post.title, post.author) == ("Wait before you talk", author)


@pytest.mark.parametrize(
    "title", ["What a nod means | The Nod", "The Nod: What a nod means", "What a nod means « The Nod", "The Nod"]
)
def test_html_title_is_the_posts_and_not_the_sites(title: str) -> None:
    """The heading that the page's title names too is the post's, whichever side the site's name stands on."""
    body = f"<h2>What a nod means</h2><small>4 May 2019, by Bea Hollis</small><p>{EN}</p><p>{EN}</p>"
    post = only(HTML.format(title=title, posts=body), "page.html")
    assert (post.title, post.author, post.date) == ("What a nod means", "Bea Hollis", "2019-05-04")


@pytest.mark.parametrize(
    "below",
    ["H. J. Wit, Wit & Partners\nOccasional Paper", "Posted in: Straight Selling | 4 min read | 37 shares"],
)
def test_a_title_with_its_facts_right_below_it_was_taken_for_the_pages_name(below: str) -> None:
    [post] = posts(f"On the decline of good accounts\n{below}\n\n{EN}\n\n{EN}\n")
    assert post.title == "On the decline of good accounts"


def test_the_subject_of_a_mail_is_its_title() -> None:
    [post] = posts(f"From: J. Wit\nSubject: Re: quotes, and then nothing\nDate: 3 Feb 2005\n\n{EN}\n\n{EN}\n")
    assert (post.title, post.date, post.author) == ("Re: quotes, and then nothing", "2005-02-03", "J. Wit")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (f"The Long Podcast\nEpisode 9: He never rang back\nJan 19, 2022\n\n{EN}\n", "Episode 9: He never rang back"),
        (
            f"THE MONDAY PAPER\nA letter for the trade\nNo. 12\n\nGood morning all,\n\nI have {EN}\n\nWAIT FOR THE YES\n\n{EN}\n",
            "WAIT FOR THE YES",
        ),
        (f"Ann Wit • 2nd\n1w • Edited\n\nShe said no.\n\n{EN}\n", None),
        (
            f"Wachten op een ja\n\nBijgewerkt: 3 mei 2020\nVoor wie: het team\nNodig: een lijst\n\n{NL}\n",
            "Wachten op een ja",
        ),
        (
            "The Counter Society of Ghent\n\nBook notes: Why the buyer waits\nRead: 3 May 2020\nAuthor: A. Wit\n\n"
            f"The book in a sentence\n\n{EN}\n",
            "Book notes: Why the buyer waits",
        ),
        (
            f"The Trade Paper\n\nWhat a buyer's nod says\n\nBy the Team at Wit & Partners\n\n{EN}\n",
            "What a buyer's nod says",
        ),
        (f"why reps talk\n(notes, tidied up)\n\nDay 2. {EN}\n\nDay 6. {EN}\n", "why reps talk"),
        (f'"He Only Nods"\n\nAnna Wit\nDecember 12, 2020\n\nOn silence\n\n{EN}\n', '"He Only Nods"'),
    ],
)
def test_heads_that_gave_no_title_or_a_wrong_one(page: str, title: str | None) -> None:
    """Below a show's name; in capitals below a letter's greeting; a social network's own line; fields of a sheet; below
    the name of a page that its text never names again; above a team, a note in brackets, a name with a date."""
    assert only(page).title == title


def test_fields_above_a_markdown_text_need_no_rules_around_them() -> None:
    """ "title: ..." was the first line of the text; a dialogue's turns are no fields."""
    page = only(f"title: Wait before you talk\nauthor: Anna Wit\ncreated: 2014/01/11 10:14\nnote:\n\n{EN}\n", "a.md")
    assert (page.title, page.author, page.date) == ("Wait before you talk", "Anna Wit", "2014-01-11")
    assert only(f"You: Shall we?\nBuyer: No.\n\n{EN}\n", "a.md").start == 0


def test_the_first_of_several_sections_was_taken_for_the_title() -> None:
    """A page that begins with one has no title of its own."""
    sections = "".join(f"## {name}\n{EN}\n\n" for name in ("Budget", "Authority", "Need"))
    assert only(sections, "a.md").title is None
    assert only(f"1. Ask\n\n{EN}\n\n2. Wait\n\n{EN}\n").title is None
