"""The files that an ingest reads: those it was given, those in a folder, the knowledge base's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence

from coachkb import locate
from coachkb.ingest.read import SUFFIXES
from coachkb.store.articles import FOLDER, Known, stored
from coachkb.store.files import leads_out

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://|www\.", re.IGNORECASE)
_EMPTY_KB = "is a knowledge base with no articles of its own; to ingest into it: coachkb ingest --kb {} FILES"
_NOT_READ = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".pages")


def inputs(kb: str, paths: Sequence[str], known: Mapping[str, Known]) -> Iterator[tuple[str, str | None]]:
    """The files to read, in order, each once; with a reason where a path is refused unread."""
    own = not paths
    seen: set[str] = set()
    for given in paths or [os.path.join(kb, FOLDER)]:
        if given == "-":
            yield "-", None
        elif _ADDRESS.match(given) and not os.path.exists(given):
            yield given, "is an address: coachkb works offline; save the page as .html and ingest that file"
        elif os.path.isdir(given):
            found = False
            for path, refused in _below(given, kb, known):
                found = True
                real = os.path.realpath(path)
                if real not in seen:
                    seen.add(real)
                    yield path, refused
            if not found:
                what = "holds no articles yet" if own else "holds no articles"
                yield given, _EMPTY_KB.format(given) if locate.is_kb(given) else f"{what} (.txt, .md, .html)"
        elif own:
            yield given, "holds no articles yet (.txt, .md, .html)"
        else:
            real = os.path.realpath(given)
            if real not in seen:
                seen.add(real)
                yield given, _link_out(given, kb)


def _below(folder: str, kb: str, known: Mapping[str, Known]) -> Iterator[tuple[str, str | None]]:
    origins = {path: article.origin for path, article in known.items()}
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(root, name)
            suffix = os.path.splitext(name)[1].lower()
            if name.startswith("."):
                continue
            if suffix in (*SUFFIXES, *_NOT_READ) and (refused := _link_out(path, kb)):
                yield path, refused
            elif suffix in _NOT_READ:
                yield path, f"is a {suffix[1:].upper()} file: save its text as .txt and ingest that"
            elif suffix in SUFFIXES:
                inside = path_in_kb(path, kb)
                origin = origins.get(inside or "") or ""
                own = origin != inside and origin.startswith(f"{FOLDER}/")
                if own and os.path.exists(os.path.join(kb, origin)) and not _edited(kb, known[inside or ""]):
                    continue  # the stored text of a page that lies beside it
                yield path, None


def _edited(kb: str, article: Known) -> bool:
    """Whether a stored article is no longer what its lessons were made from."""
    return stored(kb, article.path).sha256 not in article.shas


def _link_out(path: str, kb: str) -> str | None:
    """Why a file of the KB is not read: whoever made the KB could have named any file of this machine."""
    if os.path.islink(path) and not leads_out(kb, os.path.dirname(path)) and leads_out(kb, path):
        return "is a link that leads out of the knowledge base: put a copy in its place"
    return None


def path_in_kb(path: str, kb: str) -> str | None:
    """The path below the KB of a file that lies directly in its articles folder, else None."""
    real = os.path.realpath(path)
    if os.path.dirname(real) == os.path.realpath(os.path.join(kb, FOLDER)):
        return f"{FOLDER}/{os.path.basename(real)}"
    return None
