"""Where articles are, and where they went: the same text from somewhere new, renamed, moved, or gone."""

from __future__ import annotations

import bisect
import itertools
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coachkb.ingest.extract import Extracted
from coachkb.jobs.matching import resembling
from coachkb.model.lesson import Lesson
from coachkb.model.situation import Situation
from coachkb.store.articles import FOLDER, Known, is_there, origin_known, stored
from coachkb.store.folder import OnFile

if TYPE_CHECKING:
    from coachkb.kb import Ingested


#: Two texts of like names are versions of one article when they share so many of their sentences. No two articles of
#: ours share more than a fifth, a translation shares none.
_ONE_ARTICLE = 0.6
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|\n+")


@dataclass(slots=True)
class Work:
    """The lessons on file, and what this run makes of them."""

    kb_path: str
    files: dict[str, OnFile]  # by lesson id
    broken: dict[str, OnFile]  # by file
    known: dict[str, Known]
    vocabulary: Callable[[], Mapping[str, Situation]]
    own_situations: bool  # whether there are any; the built-in ones are not read for an article that did not change
    now: dict[str, Lesson] = field(default_factory=dict)  # by lesson id, as they shall be
    articles: dict[str, bytes] = field(default_factory=dict)  # stored path to bytes, to be written
    lost: set[str] = field(default_factory=set)  # known articles that were not there at the start
    origins: frozenset[str | None] = frozenset()  # of the articles known at the start
    given: frozenset[str] = frozenset()  # origins of all that this run reads
    names: list[tuple[str, str]] = field(default_factory=list)  # known articles at the start: stem and path, sorted
    stems: set[str] = field(default_factory=set)  # of the lesson files at the start: one need not be named after its id

    def __post_init__(self) -> None:
        """Looks once which articles are gone, and how files are called: every new one is held against them."""
        self.origins = frozenset(article.origin for article in self.known.values())
        self.names = sorted((_stem(path), path) for path in self.known)
        self.lost = {path for path in self.known if not is_there(self.kb_path, path)}
        files = [*self.broken, *(item.file for item in self.files.values())]
        self.stems = {os.path.splitext(os.path.basename(file))[0].casefold() for file in files}

    def called_alike(self, stem: str) -> list[str]:
        """The articles known at the start whose name begins with this one, or is the beginning of it."""
        begin = bisect.bisect_left(self.names, (stem, ""))
        longer = itertools.takewhile(lambda known: known[0].startswith(stem), self.names[begin:])
        found = [place for _, place in longer]
        for shorter in {stem[:end] for end in range(1, len(stem))}:
            begin = bisect.bisect_left(self.names, (shorter, ""))
            end = bisect.bisect_right(self.names, (shorter, "\U0010ffff"))
            found += [place for _, place in self.names[begin:end]]
        return found


def twin(work: Work, origin: str, digest: str) -> str | None:
    """Where the very same text is stored already, when it comes from somewhere new: nobody needs its lessons twice.

    One that is gone from its place comes first: it is there under another name.
    """
    if any(article.origin == origin for article in work.known.values()):
        return None
    same = sorted(path for path, article in work.known.items() if digest in article.shas)
    return next((path for path in same if not is_there(work.kb_path, path)), same[0] if same else None)


def renamed(work: Work, old: str, place: str) -> str | None:
    """Takes an article of the KB's own folder for the one with the same text that is gone from there."""
    if is_there(work.kb_path, old):
        return None
    origin = work.known[old].origin
    _follow(work, old, place, place if origin == old else origin)
    return f"was {old} before; its lessons follow"


def moved(work: Work, place: str, origin: str) -> str | None:
    """Takes a page of the KB's own folder for the one that a stored text was made from, when that is gone."""
    old = work.known[place].origin
    own = old and old.startswith(f"{FOLDER}/") and origin.startswith(f"{FOLDER}/")
    if not own or is_there(work.kb_path, old or ""):
        return None
    _follow(work, place, place, origin)
    return f"was {old} before; its lessons follow"


def called_otherwise(work: Work, place: str, path: str) -> str | None:
    """Takes a file from elsewhere for the source of a stored article with the same text that lay beside it and is gone:
    what changes in it from now on is a new version."""
    old = work.known[place].origin or ""
    before = os.path.join(os.path.dirname(path), os.path.basename(old))
    if not old or os.path.lexists(before) or origin_known(before, work.kb_path, {old}) != old:
        return None
    _follow(work, place, place, f"{old.removesuffix(os.path.basename(old))}{os.path.basename(path)}")
    return f"was {old} before; its lessons follow"


def _follow(work: Work, old: str, place: str, origin: str | None) -> None:
    for lesson in [x for x in work.now.values() if x.source.path == old]:
        work.now[lesson.id] = replace(lesson, source=replace(lesson.source, path=place, origin=origin))
    work.known[place] = replace(work.known.pop(old), path=place, origin=origin)


def missing(work: Work) -> list[Ingested]:
    """The articles that lessons name and that are no longer there; what was learned of them stays."""
    from coachkb.kb import Ingested

    found: dict[str, list[str]] = {}
    for lesson in work.now.values():
        path = lesson.source.path
        if path and lesson.served and path not in work.articles and not is_there(work.kb_path, path):
            found.setdefault(path, []).append(lesson.id)
    return [
        Ingested(path, work.known[path].origin or path, "unchanged", staying("is gone", ids), tuple(ids))
        for path, ids in sorted(found.items())
    ]


def version_of(work: Work, origin: str, name: str, text: str, suffix: str) -> str | None:
    """The stored article that one from somewhere new is a version of: its name is alike, and most of its sentences are
    the same. None: there is none, or its own source is read in this run, too, and so is no older version."""
    if any(article.origin == origin for article in work.known.values()):
        return None
    mine = _sentences(text)
    found: list[tuple[float, str]] = []
    for place in work.called_alike(_stem(name)):
        article = work.known.get(place)
        if article and os.path.splitext(place)[1] == suffix and article.origin not in work.given:
            theirs = _sentences(stored(work.kb_path, place).text or "")
            both = mine.total() + theirs.total()
            found.append((2 * (mine & theirs).total() / both if both else 0.0, place))
    share, place = max(found, default=(0.0, ""))
    return place if share >= _ONE_ARTICLE else None


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0].casefold()


def _sentences(text: str) -> Counter[str]:
    """How often each sentence stands in a text; only words count, and what is one word alone is no sentence."""
    found = (re.findall(r"\w+", sentence.casefold()) for sentence in _SENTENCE_END.split(text))
    return Counter(" ".join(words) for words in found if len(words) > 1)


def overtaken(work: Work, origin: str, digest: str) -> str | None:
    """The stored article that a text was a version of, until a newer one came from elsewhere."""
    if any(article.origin == origin for article in work.known.values()):
        return None
    return next((x.source.path for x in work.now.values() if digest in versions_before(x)), None)


def versions_before(lesson: Lesson) -> list[str]:
    """The digests of the article's versions that one from elsewhere took the place of."""
    told = lesson.extraction.get("versions")
    return [x for x in told if isinstance(x, str)] if isinstance(told, list | tuple) else []


def given_before(work: Work, place: str, inside: str | None, origin: str, digest: str) -> str | None:
    """The digest of what an article's source gave last, where the stored copy, which a person edited since, is read."""
    before = lessons_of(work, place)
    told = next((str(x.extraction["given"]) for x in before if x.extraction.get("given")), None)
    shas = sorted({x.source.sha256 for x in before if x.source.sha256})
    if inside != place or origin == place or not shas:
        return None
    given = told or (shas[0] if digest not in shas else None)
    return given if given != digest else None


def edit_stays(work: Work, place: str, origin: str, digest: str) -> Ingested | None:
    """What becomes of an article that comes from elsewhere while its stored copy was edited by hand; None: it was not.

    Nothing that a person wrote is lost: the copy stays as it is, and with it what was learned of it.
    """
    from coachkb.kb import Ingested

    before = lessons_of(work, place)
    there = stored(work.kb_path, place).sha256
    given = {x.extraction.get("given") for x in before} - {None}
    known = {x.source.sha256 for x in before}
    if not before or there is None or there == digest or (there in known and not given):
        return None
    ids = tuple(x.id for x in before)
    if digest in (known | given):
        unread = "" if there in known else "; 'coachkb ingest' without a path reads it"
        return Ingested(place, origin, "unchanged", f"its copy {place} was edited by hand, and stays{unread}", ids)
    why = f"has changed, but its copy {place} was edited by hand, and stays: to take this one, delete that first"
    return Ingested(place, origin, "failed", why, ids)


def lessons_of(work: Work, place: str) -> list[Lesson]:
    """The lessons that come from a stored article."""
    return [x for x in work.now.values() if x.source.path == place] if place in work.known else []


def beside(work: Work, inside: str | None, place: str) -> str | None:
    """That a page in the KB's own folder and the text of its name there may be one article, where nobody said so."""
    if inside is None or inside == place or os.path.splitext(inside)[1] in (".txt", ".md"):
        return None
    text = os.path.splitext(inside)[0] + os.path.splitext(place)[1]
    if place != text:
        told = f"{text} lies beside it and says something else: if it is its text, take one of the two away"
        return told if is_there(work.kb_path, text) else None
    known = work.known.get(place)
    return f"says what {place} says: one of the two is enough" if known and known.origin != inside else None


def staying(what: str, ids: Sequence[str]) -> str:
    """What happened to an article, and that its lessons stay."""
    return f"{what}; {'its lesson stays' if len(ids) == 1 else 'its lessons stay'}: {', '.join(ids)}"


def under_another_name(work: Work, place: str, posts: Sequence[Extracted]) -> list[Lesson]:
    """The lessons of articles that are gone, when a new one in the KB's own folder says the same."""
    if not work.lost or not is_there(work.kb_path, place):
        return []
    lost = [x for x in work.now.values() if x.source.path in work.lost and x.source.path not in work.articles]
    found = {like.id: like for post in posts if (like := resembling(post, lost))}
    paths = {like.source.path for like in found.values()}
    return [x for x in lost if x.source.path in paths]
