"""A file to a document: by suffix and content, with everything that is no article refused in one line."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from typing import Any

import yaml

from coachkb.data.load import profiles
from coachkb.errors import UnreadableFile
from coachkb.ingest.decode import MAX_BYTES, decode
from coachkb.ingest.html import read_html
from coachkb.ingest.names import is_firm, is_person
from coachkb.model.document import Document

SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")
_LOOKS_HTML = re.compile(r"^\s*(?:<!doctype html|<html|<head|<body|<\?xml[^>]*>\s*<!doctype html)", re.IGNORECASE)
_LOOKS_MARKDOWN = re.compile(r"^(?:---\n|#{1,6} \S)", re.MULTILINE)
_MARKS = ("<<<<<<<", "=======", ">>>>>>>")  # what git writes round the sides of a conflict, in this order
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_LONGEST = 20_000  # characters of front matter: more is none, and parsing it would take its time
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FIELDS = re.compile(r"\A(?:[^\W\d_][\w -]{0,24}:(?:[ \t][^\n]*)?\n){2,}(?=[ \t]*\n)")  # as MultiMarkdown has them
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*\n", re.DOTALL)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?=$|[T ])")


def read_file(path: str) -> bytes:
    """A file's bytes. Raises UnreadableFile when it is none, may not be read, or is too large to be an article."""
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            raise UnreadableFile(path, "is a folder" if stat.S_ISDIR(info.st_mode) else "is not a file")
        if info.st_size > MAX_BYTES:
            size, limit = info.st_size / 1e6, MAX_BYTES / 1e6
            raise UnreadableFile(path, f"is {size:.1f} MB; an article may have {limit:.0f} MB: split it")
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UnreadableFile(path, "there is no such file") from error
    except PermissionError as error:
        raise UnreadableFile(path, "may not be read (permission denied)") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not usable"
        raise UnreadableFile(path, f"cannot be read ({reason})") from error


def read_document(data: bytes, path: str) -> Document:
    """The document in an article's bytes; ``path`` is for its suffix and for messages.

    Raises UnreadableFile with the reason and what to do instead.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix == ".pdf":
        raise UnreadableFile(path, "is a PDF: save its text (for example with pdftotext) as .txt and ingest that")
    text = decode(data, path, html=suffix in (".html", ".htm"))
    if line := merge_mark(text):
        reason = f"line {line}: git left a merge conflict here: settle the merge, then ingest it"
        raise UnreadableFile(path, reason)
    if suffix in (".html", ".htm") or (suffix != ".md" and _LOOKS_HTML.match(text)):
        document = read_html(text)
        if not document.text.strip():
            raise UnreadableFile(path, "has no text in it (a page filled in by scripts?): save the text itself")
        return document
    if suffix in (".md", ".markdown") or (not suffix and _LOOKS_MARKDOWN.match(text)):
        return _read_markdown(text)
    return Document(text=text, suffix=".txt")


def merge_mark(text: str) -> int | None:
    """The line where a conflict begins that git left in a text: its three marks, in their order. None: there is none.

    A line of equals signs alone underlines a heading, and marks between lines of ``` are quoted.
    """
    if not all(f"\n{mark}" in f"\n{text}" for mark in _MARKS):
        return None
    fence, begin, wanted = "", 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if found := _FENCE.match(line):
            mark = found.group(1)
            if not fence:
                fence = mark
            elif mark.startswith(fence) and not line.strip(" `~\r"):
                fence = ""
        if line[:7] != _MARKS[wanted] or (len(line.rstrip("\r")) > 7 and line[7] != " "):
            continue
        if wanted == 0 and fence:
            continue
        begin = number if wanted == 0 else begin
        if wanted == 2:
            return begin
        wanted += 1
    return None


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """A Markdown file's front matter and where the body starts; an unreadable one counts as none."""
    raw: Any = None
    if found := _FRONT_MATTER.match(text):
        with contextlib.suppress(yaml.YAMLError, RecursionError):
            raw = yaml.load(found.group(1), Loader=yaml.BaseLoader) if found.end() <= _LONGEST else None
    elif found := _TOML.match(text):
        import tomllib  # few pages need it

        with contextlib.suppress(ValueError, RecursionError):
            fields = tomllib.loads(found.group(1)) if found.end() <= _LONGEST else {}
            raw = {name: value if isinstance(value, list) else str(value) for name, value in fields.items()}
    elif (found := _FIELDS.match(text[:_LONGEST])) and (fields := _told_by_lines(found.group())):
        raw = fields
    else:
        found = None
    return (raw if isinstance(raw, dict) else {}), found.end() if found else 0


def _told_by_lines(block: str) -> dict[str, str]:
    """The fields of a block of lines without rules around it; nothing when no field is the title: a dialogue, say."""
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in block.splitlines())}
    titles = {name for profile in profiles().values() for name in profile.front_matter["title"]}
    return fields if titles & {name.lower() for name in fields} else {}


def _read_markdown(text: str) -> Document:
    raw, _ = front_matter(text)
    told = {re.sub(r"[- ]", "_", str(name).lower()): value for name, value in raw.items()}

    def field(*whats: str) -> str | None:
        names = (name for what in whats for p in profiles().values() for name in p.front_matter[what])
        for name in names:
            value = told.get(name)
            if isinstance(value, list) and value:
                value = value[0]
            if isinstance(value, str) and value.strip():
                return value.strip()
        return None

    language, owner = field("language"), field("owner")
    if not re.search(r"\d", str(told.get("published", ""))):  # true
        told.pop("published", None)
    date = field("date", "updated")
    iso = _ISO_DATE.match(date or "")
    return Document(
        text=text,
        suffix=".md",
        title=field("title"),
        date=iso.group() if iso else date,
        author=field("author") or (owner if owner and is_person(owner) and not is_firm(owner) else None),
        language=re.split(r"[-_]", language)[0].lower() if language else None,
    )
