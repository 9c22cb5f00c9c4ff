#!/usr/bin/env python3
"""Annotating articles by hand: numbered sentences out, gold files in.

    annotate.py list ARTICLE...              print every sentence of an article with its number
    annotate.py gold LABELS... -o FOLDER     turn label files into gold files for scripts/score_lessons.py

A label file NAME.lab belongs to the article whose stored name has the stem NAME; --articles names their folder.
It holds one section a lesson (none for a page that teaches nothing):

    lesson: The title as it stands, or nothing when there is none
    language: en
    date: 2011-02-09
    author: A. Name
    tags: cold-call, gatekeeper
    3-7 P
    8 D*
    9 S ?

P problem, D diagnosis, T tactic, S script, Y story; unlisted sentences are of no part. ``*`` marks a key passage,
``?`` one that two annotators labelled differently.
A sentence has one role, its main clause's; where a split is bad, label the pieces alike.
A page that teaches nothing has the one line ``nothing: en``.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import sys

from arguments import ARTICLES, folder

from coachkb.data.load import profile, profiles
from coachkb.ingest.blocks import blocks_of
from coachkb.ingest.language import detect
from coachkb.ingest.read import read_document
from coachkb.ingest.sentences import spans
from coachkb.model.document import Document, Post

ROLES = {"P": "problem", "D": "diagnosis", "T": "tactic", "S": "script", "Y": "story"}


def sentences(document: Document) -> list[tuple[int, int]]:
    """Start and end of every sentence of the stored text, furniture and all."""
    language = detect(document.text)[0] or "en"
    found: list[tuple[int, int]] = []
    for block in blocks_of(document, Post(0, len(document.text))):
        found += spans(document.text, block.start, block.end, profile(language))
    return found


def load(path: pathlib.Path) -> Document:
    """The document of one article file."""
    return read_document(path.read_bytes(), str(path))


def to_gold(labels: str, document: Document, source: str) -> dict[str, object]:
    """A label file's text as a gold annotation. Raises ValueError naming the line that cannot be read."""
    spans_ = sentences(document)
    lessons: list[dict[str, object]] = []
    gold: dict[str, object] = {"source": source, "lessons": lessons}
    passages: dict[int, dict[str, object]] = {}
    for number, raw in enumerate(labels.splitlines(), 1):
        line = raw.split("#")[0].strip() if not raw.startswith("lesson:") else raw.strip()
        if not line:
            continue
        field = re.match(r"(lesson|language|date|author|tags|nothing):\s*(.*)$", line)
        if field:
            key, value = field.groups()
            if key == "nothing":
                gold["language"] = value
            elif key == "lesson":
                passages = {}
                lessons.append(
                    {"title": value, "language": "", "date": None, "author": None, "tags": [], "passages": passages}
                )
            elif key == "tags":
                lessons[-1]["tags"] = [tag.strip() for tag in value.split(",") if tag.strip()]
            else:
                lessons[-1][key] = value if value not in ("", "null") else None
            continue
        row = re.match(r"(\d+)(?:-(\d+))?\s+([PDTSY])\s*(\*?)\s*(\??)$", line)
        if not row or not lessons:
            raise ValueError(f"line {number}: cannot be read: {raw!r}")
        first, last = int(row.group(1)), int(row.group(2) or row.group(1))
        if not 0 <= first <= last < len(spans_):
            raise ValueError(f"line {number}: there is no sentence {last}")
        for i in range(first, last + 1):
            start, end = spans_[i]
            passage: dict[str, object] = {"start": start, "end": end, "role": ROLES[row.group(3)]}
            if row.group(4) and row.group(3) != "Y":
                passage["key"] = True
            if row.group(5):
                passage["disputed"] = True
            passages[i] = passage
    for lesson in lessons:
        if lesson["language"] not in profiles():
            raise ValueError(f"{lesson['title']!r}: language {lesson['language']!r} is none of ours")
        held = lesson["passages"]
        assert isinstance(held, dict)
        lesson["passages"] = [held[i] for i in sorted(held)]
    return gold


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(dest="what", required=True)
    listing = sub.add_parser("list")
    listing.add_argument("articles", nargs="+", type=pathlib.Path)
    build = sub.add_parser("gold")
    build.add_argument("labels", nargs="+", type=pathlib.Path)
    build.add_argument("--articles", type=folder, default=ARTICLES)
    build.add_argument("-o", "--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    if args.what == "list":
        for path in args.articles:
            document = load(path)
            print(f"== {path.name}")
            for i, (start, end) in enumerate(sentences(document)):
                gap = "\n" if "\n\n" in document.text[max(0, start - 2) : start] else ""
                print(f"{gap}{i}| {' '.join(document.text[start:end].split())}")
        return 0
    args.output.mkdir(parents=True, exist_ok=True)
    bad = 0
    for path in args.labels:
        found = [p for p in args.articles.iterdir() if p.stem == path.stem and p.suffix != path.suffix]
        if len(found) != 1:
            print(f"{path}: {len(found)} articles have this stem in {args.articles}", file=sys.stderr)
            bad += 1
            continue
        document = load(found[0])
        try:
            gold = to_gold(path.read_text(encoding="utf-8"), document, path.stem + document.suffix)
        except (ValueError, IndexError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            bad += 1
            continue
        out = args.output / f"{path.stem}.gold.json"
        out.write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
