"""Web noise is dropped, and advice that merely sounds like it stays."""

from __future__ import annotations

import pytest

from coachkb.data.load import profile
from coachkb.ingest.blocks import blocks_of
from coachkb.ingest.clean import clean
from coachkb.ingest.posts import split_posts
from coachkb.ingest.read import read_document

EN = (
    "The buyer nods and says nothing. Most reps take that for a yes and start to talk about delivery. "
    "Ask what would have to be true before she signs, and then wait until she has answered you in full. "
    "Silence is not agreement, and a nod costs her nothing at all, so do not put the deal in your forecast yet."
)


def kept(text: str, name: str = "page.txt", language: str = "en") -> str:
    """What is left of a page, a line a block."""
    document = read_document(text.encode(), name)
    post = split_posts(document)[0]
    blocks, _ = clean(document.text, post, blocks_of(document, post), profile(language))
    return "\n".join(document.text[b.start : b.end] for b in blocks if b.kind not in ("noise", "title"))


NOISE = [
    "We use cookies to see which pages are read. Fine by you? [Yes] [No]",
    "Deze site gebruikt cookies om te zien welke stukken je leest.",
    "Vi använder kakor för att ge dig en bättre upplevelse.",
    "[Accept] [Decline]",
    "Your e-mail: ____________ [Sign up]",
    "Share this: Facebook · X · LinkedIn",
    "Dela: LinkedIn · Facebook · Skriv ut",
    "Tags: closing, silence, nods",
    "Filed under: Closing | 2 comments",
    "Name *",
    "© 2014 Nod Training Ltd, Hull. Registered in England and Wales.",
    "This entry was posted on Monday, May 6th, 2013 at 4:51 pm. You can follow any responses to this entry.",
    "Lees ook: Stilte die werkt",
    "#closing #silence",
    "[Photo: a desk. Image: own archive]",
    "★ ★ ★ ☆ ☆ Rate this article (12 votes)",
]


@pytest.mark.parametrize("line", NOISE)
def test_noise_is_dropped(line: str) -> None:
    """Wherever it stands on the page."""
    for text in (f"A nod\n\n{line}\n\n{EN}\n\n{EN}\n", f"A nod\n\n{EN}\n\n{EN}\n\n{line}\n"):
        assert line not in kept(text)
        assert kept(text).count(EN) == 2


ADVICE = [
    "Leave a message with her name in it.",
    "Share your numbers before she asks.",
    "Follow up within two days, never in one hour.",
    "Comment on something she wrote, and mean it.",
    "Subscribe to the trade paper she reads.",
    "3. Stay in touch",
    "Source of the doubt",
    "Volgende week bel ik u terug.",
    "Dag mevrouw De Wit,",
    "Laat een bericht achter met haar naam erin.",
    "Ämne: fönstren på Storgatan",
    "Lämna ett meddelande med hennes namn i.",
    "C – it will not happen",
    "Did you like the demo?",
]


@pytest.mark.parametrize("line", ADVICE)
def test_advice_that_sounds_like_noise_stays(line: str) -> None:
    """Phrases match whole lines, labels want their colon, numbered headings end nothing."""
    assert line in kept(f"A nod\n\n{EN}\n\n{line}\n\n{EN}\n")


def test_turns_are_never_furniture() -> None:
    """What somebody says in a dialogue is no button."""
    text = f"En nick\n\n{EN}\n\n– Skicka.\n\n– Vart?\n\n– Hem.\n\n{EN}\n"
    assert "– Skicka." in kept(text) and "– Hem." in kept(text)


def test_comments_end_the_post_however_long() -> None:
    """What follows the head of the comments is dropped, advice or not."""
    comments = "\n\n".join(f"Tom {i} says:\n{EN}" for i in range(6))
    assert kept(f"A nod\n\n{EN}\n\n{EN}\n\n{EN}\n\n6 comments\n\n{comments}\n").count(EN) == 3


def test_a_link_amid_the_text_ends_nothing() -> None:
    """ "Read also" in the middle is dropped alone."""
    text = f"A nod\n\n{EN}\n\n{EN}\n\nRelated articles\n\n{EN}\n\n{EN}\n\n{EN}\n"
    assert kept(text).count(EN) == 5
    assert kept(text.replace("Related articles", "Lees ook: Waarom zij knikt")).count(EN) == 5


def test_markdown_tables_check_lists_and_letters_stay() -> None:
    """Bars, brackets and quotation signs are Markdown there, and no page's furniture."""
    table = "| Sign | Means |\n|---|---|\n| Nod | Nothing |"
    checks = "- [ ] Asked twice\n- [ ] Waited\n- [x] Wrote it down\n- [ ] Rang her back\n- [ ] Told the boss"
    letter = "> **Subject:** your windows\n>\n> Dear Ms Wit,\n>\n> Shall I hold Tuesday for you?"
    found = kept(f"# A nod\n\n{EN}\n\n{table}\n\n{letter}\n\n{EN}\n\n## Check\n\n{checks}\n", "page.md")
    assert "Nothing" in found and "your windows" in found and "Told the boss" in found


def test_author_box_and_links_below_are_dropped() -> None:
    """A list of other posts, and who wrote this one."""
    tail = "Bea Hollis was a buyer until 2015 and now helps sellers. She lives in Hull.\n\nMore posts\n- One\n- Two\n"
    assert kept(f"A nod\n\n{EN}\n\n{EN}\n\n{tail}") == f"{EN}\n{EN}"


def test_what_stands_below_a_signature_is_dropped() -> None:
    """A firm's name, a number, how to unsubscribe."""
    tail = "Kind regards,\n\nBea Hollis\nNod Training\n01482 555\n\nClick here to unsubscribe\n"
    assert kept(f"A nod\n\n{EN}\n\n{EN}\n\n{tail}") == f"{EN}\n{EN}"


def test_comments_below_a_count_of_thoughts_are_dropped() -> None:
    """The heading that blog engines put above comments counts them; one without a number is the author's."""
    tail = "2 tankar om “En nick”\nBengt skriver:\n15 mars 2015 kl. 09:14\nSå sant!\nSvara\n"
    assert kept(f"En nick\n\n{EN}\n\n{EN}\n\n{tail}") == f"{EN}\n{EN}"
    assert "Tankar om pris" in kept(f"En nick\n\n{EN}\n\n{EN}\n\nTankar om pris\n\n{EN}\n")


def test_forum_furniture_is_dropped() -> None:
    """Nicknames, badges and dates go, what people write stays."""
    badge = "{}\nJoined: Feb 2012 Posts: 14\nPosted: Mon May 06, 2013 4:51 pm\n\n{}\n\n"
    page = "Sellers Forum > Closing > Help\n\nbuyer nods, help\n\n"
    page += "".join(badge.format(f"seller_{i}", f"{i} {EN}") for i in range(5))
    found = kept(page)
    assert "seller_1" not in found and "Joined" not in found and found.count(EN) == 5


def test_long_lines_take_no_time() -> None:
    """Nothing here grows with the square of a line."""
    for piece in ("a. ", "[x ", "By Tom ", "– ", "| ", "12 May 2019 ", "__", "> ", "Home / "):
        kept(piece * 20000)
