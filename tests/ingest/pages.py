"""A paragraph in each language, and what becomes of a page, for the tests of posts and titles."""

from __future__ import annotations

from coachkb.ingest.posts import split_posts
from coachkb.ingest.read import read_document
from coachkb.model.document import Post

BODY = {
    "en": "The buyer nods and says nothing. Most reps take that for a yes and start to talk about delivery. "
    "Ask what would have to be true before she signs, and then wait until she has answered you in full.",
    "nl": "De koper knikt en zwijgt. De meeste verkopers houden dat voor een ja en beginnen over de levering. "
    "Vraag wat er geregeld moet zijn voordat ze tekent, en wacht dan tot ze helemaal uitgepraat is.",
    "sv": "Köparen nickar och säger ingenting. De flesta säljare tar det för ett ja och börjar tala om leveransen. "
    "Fråga vad som måste vara på plats innan hon skriver på, och vänta sedan tills hon har svarat färdigt.",
}
EN, NL, SV = BODY["en"], BODY["nl"], BODY["sv"]


def posts(text: str, name: str = "page.txt") -> list[Post]:
    """The posts of a page."""
    return split_posts(read_document(text.encode(), name))


def only(text: str, name: str = "page.txt") -> Post:
    """The one post of a page that is no archive."""
    found = posts(text, name)
    assert len(found) == 1
    return found[0]
