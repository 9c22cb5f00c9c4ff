"""A document to what its posts teach: every step of ingest in order, nothing known of any knowledge base."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from coachkb.data.load import profiles
from coachkb.ingest.blocks import blocks_of
from coachkb.ingest.clean import clean
from coachkb.ingest.cues import observe, section_of
from coachkb.ingest.gate import OF_SELLING, teaches_nothing
from coachkb.ingest.groups import Shape, shape_of
from coachkb.ingest.language import detect
from coachkb.ingest.posts import split_posts
from coachkb.ingest.roles import label
from coachkb.ingest.sentences import sentences_of
from coachkb.ingest.situations import Tag, Tagger
from coachkb.ingest.text import plain, words
from coachkb.model.document import Block, Document, Labelled, Post, Sentence
from coachkb.model.lesson import Passage
from coachkb.model.profile import LanguageProfile
from coachkb.model.terms import ROLES

_MIN_WORDS = 25  # a post with fewer teaches nothing
_TITLE_LENGTH = 70
_PAGE = 20_000  # characters of a page that tell what it is about


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one post teaches, or why it teaches nothing (``reason``; the parts are then empty)."""

    post: Post
    title: str
    date: str | None
    author: str | None
    language: str
    parts: Mapping[str, tuple[Passage, ...]]
    tags: tuple[Tag, ...]
    labelled: tuple[Labelled, ...]
    sureness: float
    shape: Shape
    reason: str | None = None


def extract(document: Document, taggers: Mapping[str, Tagger]) -> list[Extracted]:
    """The lessons in a document, a post each, in its order."""
    return [_post(document, post, taggers) for post in split_posts(document)]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A post made ready for roles: its language, blocks, sentences with their cues, and its author box's author."""

    language: str
    blocks: list[Block]
    sentences: list[Sentence]
    cues: list[list[str]]
    author: str | None


def prepare(document: Document, post: Post) -> Prepared | str:
    """Everything up to the roles, or the foreign language that the post seems to be in."""
    blocks = blocks_of(document, post)
    language, seems = detect(_running_text(document.text, blocks), document.language)
    if language is None:
        return seems
    profile = profiles()[language]
    blocks, author = clean(document.text, post, blocks, profile)
    sentences = [s for s in sentences_of(document, blocks, profile) if s.kind != "title"]
    sentences = _without_strays(document.text, sentences, document.suffix == ".md")
    cues = observe(document.text, sentences, blocks, profile)
    return Prepared(language, blocks, sentences, cues, author)


def _post(document: Document, post: Post, taggers: Mapping[str, Tagger]) -> Extracted:
    ready = prepare(document, post)
    if isinstance(ready, str):
        names = ", ".join(p.english for p in profiles().values())
        return _nothing(post, f"is written in another language ({ready}): coachkb reads {names}")
    language, blocks, cues, profile = ready.language, ready.blocks, ready.cues, profiles()[ready.language]
    if sum(len(words(s.text)) for s in ready.sentences) < _MIN_WORDS:
        return _nothing(post, "has too little text to teach anything", language)
    labelled = label(ready.sentences, cues)
    title = post.title or _own_title(labelled)
    fields = [("title", title)] if post.title else []
    fields += [(x.role, x.sentence.text) for x in labelled]
    tags = taggers[language].tag(fields)
    selling = taggers[language].selling(x.sentence.text for x in labelled)
    if selling < OF_SELLING:  # a short post may speak less of it than the page it stands on
        selling = max(selling, taggers[language].selling([document.text[:_PAGE]]))
    reason = teaches_nothing(labelled, cues, document.text, tags[0].score if tags else 0.0, selling, profile)
    if reason:
        return _nothing(post, reason, language)
    parts = {
        role: tuple(
            Passage(x.sentence.text, x.sentence.start, x.sentence.end, x.key)
            for x in labelled
            if x.role == role and not _announces(x.sentence, profile)
        )
        for role in ROLES
    }
    told = [x for x in labelled if x.role in ROLES]
    sureness = sum(x.sureness for x in told) / len(told) if told else 0.0
    return Extracted(
        post=post,
        title=title,
        date=post.date,
        author=post.author or ready.author,
        language=language,
        parts=parts,
        tags=tuple(tags),
        labelled=tuple(labelled),
        sureness=round(sureness, 2),
        shape=shape_of(document.text, blocks),
    )


def _nothing(post: Post, reason: str, language: str = "") -> Extracted:
    return Extracted(
        post,
        post.title or "",
        post.date,
        post.author,
        language,
        dict.fromkeys(ROLES, ()),
        (),
        (),
        0.0,
        Shape((), ()),
        reason,
    )


def _running_text(text: str, blocks: list[Block]) -> str:
    """The longer blocks of a post: menus and comment forms are often in another language than the text."""
    long = [text[b.start : b.end] for b in blocks if b.end - b.start >= 60]
    return "\n".join(long or [text[b.start : b.end] for b in blocks])


def _without_strays(text: str, sentences: list[Sentence], markdown: bool) -> list[Sentence]:
    """Drops words that a broken translation repeats through the page: the same scrap, no sentence, three times or more.

    Such a scrap also goes where it clings to the end of a sentence.
    """
    counts = Counter(scrap for s in sentences if (scrap := _scrap(s)))
    strays = {scrap for scrap, n in counts.items() if n >= 3}
    if not strays:
        return sentences
    kept = []
    for s in sentences:
        if _scrap(s) in strays:
            continue
        tail = words(s.text[-60:])
        for size in (1, 2, 3):
            if len(tail) > size and " ".join(tail[-size:]) in strays:
                first = re.split(r"\s+", s.text.rstrip(" .…"))[-size]
                end = text.rfind(first, s.start, s.end)
                if end > s.start:
                    end = s.start + len(text[s.start : end].rstrip())
                    s = replace(s, text=plain(text[s.start : end], markdown), end=end)
                break
        if s.text:
            kept.append(s)
    return kept


def _announces(s: Sentence, profile: LanguageProfile) -> bool:
    """Whether a sentence is a heading such as "What to do", or a table's: it names a part of the text and says nothing
    itself."""
    return s.kind == "header" or (s.kind == "heading" and section_of(s.text, profile) != "topic")


def _scrap(s: Sentence) -> str:
    tokens = words(s.text)
    ends = s.text.rstrip().endswith(("!", "?")) or (s.text.endswith(".") and ".." not in s.text)
    return " ".join(tokens) if len(tokens) <= 3 and not ends and s.kind != "turn" else ""


def _own_title(labelled: list[Labelled]) -> str:
    """A title for a post without one, of its own words: the opening clause of its first telling sentence."""
    sentence = next((x for x in labelled if x.role in ROLES and len(words(x.sentence.text)) >= 4), None)
    sentence = sentence or next((x for x in labelled if len(words(x.sentence.text)) >= 4), labelled[0])
    text = sentence.sentence.text.strip(" \"'“”„‘’«»–—-•*[]()")
    if len(text) > _TITLE_LENGTH:
        cut = [m.start() for m in re.finditer(r"[,;:–—(]\s|\s[–—]\s", text) if 20 <= m.start() <= _TITLE_LENGTH]
        if cut:
            text = text[: cut[-1]]
        else:
            text = text[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    return text.rstrip(" .,;:–—-")
