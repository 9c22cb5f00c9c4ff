#!/usr/bin/env python3
"""Makes the data that ingest tags lessons by, or measures the tagging.

coachkb/data/field_terms.json: the glossary as stems, and how common each term is; label_terms.json: what the
vocabulary's labels are made of.

    train_situations.py [GOLD_FOLDER] [--articles FOLDER] [-o FOLDER]  count and write both
    train_situations.py --labels [-o FOLDER]                           write label_terms.json only
    train_situations.py [GOLD_FOLDER] --cross                          measure each source without its own counts

Counting takes the text of the annotated lessons and nothing that is said of it; the articles that are kept apart in
GOLD_FOLDER/sources.tsv are left out. --cross tags every post twice: as ingest finds and labels it ("ingest"), and as
annotated ("gold"), where neither the splitting of posts nor roles can be wrong. "first": the first situation is among
the annotated; "any": one of three is.
"""

from __future__ import annotations

import argparse
import json
import pathlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import yaml
from arguments import ARTICLES, GOLD, folder, gold_folder
from train_roles import split

from coachkb.data.load import DATA, profile, profiles, vocabulary
from coachkb.ingest.extract import extract
from coachkb.ingest.field_terms import FieldData, FieldTerms, Glossary, Met, stemmed
from coachkb.ingest.read import read_document
from coachkb.ingest.situations import Tag, Tagger, concept_shares, label_shares

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Sample:
    """One annotated lesson: its pairs as annotated, and those of the post of ingest that overlaps it most."""

    source: str
    language: str
    tags: list[str]
    gold: Pairs
    ingest: Pairs


class _Listener(Tagger):
    """Takes down what ingest would have tagged."""

    def __init__(self) -> None:
        self.heard: Pairs = []

    def tag(self, sentences: object) -> list[Tag]:
        self.heard = list(sentences)  # type: ignore[call-overload]
        return []

    def selling(self, texts: object) -> float:
        """No page is refused: what is counted is what people annotated."""
        return 1.0


def samples(path: pathlib.Path, gold: dict[str, Any], source: str) -> list[Sample]:
    """The annotated lessons of one article."""
    document = read_document(path.read_bytes(), str(path))
    posts: list[tuple[int, int, Pairs]] = []
    for post in extract(document, {code: _Listener() for code in profiles()}):
        pairs = [("title", post.post.title)] if post.post.title else []
        pairs += [(x.role, x.sentence.text) for x in post.labelled]
        posts.append((post.post.start, post.post.end, pairs))
    found = []
    for lesson in gold["lessons"]:
        passages = lesson["passages"]
        if not lesson["tags"]:
            continue
        start, end = passages[0]["start"], passages[-1]["end"]
        best = max(posts, key=lambda post: min(end, post[1]) - max(start, post[0]))
        pairs = [("title", lesson["title"])] if lesson["title"] else []
        pairs += [(q["role"], " ".join(document.text[q["start"] : q["end"]].split())) for q in passages]
        found.append(Sample(source, lesson["language"], lesson["tags"], pairs, best[2]))
    return found


def count(data: FieldData, posts: list[Sample]) -> FieldData:
    """The data with its counts made anew from posts."""
    terms = {code: FieldTerms(profile, data.glossary[code]) for code, profile in profiles().items()}
    words: dict[str, Counter[str]] = {code: Counter() for code in terms}
    concepts: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    for post in posts:
        articles[post.language] += 1
        read = [terms[post.language].read(text) for _, text in post.gold]
        words[post.language].update({term for text in read for term in text.content})
        concepts.update({concept for text in read for concept in text.concepts})
    return replace(
        data,
        words={code: Met(articles[code], _more_than_once(own)) for code, own in words.items()},
        concepts=Met(sum(articles.values()), _more_than_once(concepts)),
    )


def _more_than_once(counts: Counter[str]) -> dict[str, int]:
    return {term: n for term, n in sorted(counts.items()) if n > 1}


def write(data: FieldData, path: pathlib.Path) -> None:
    """The data as JSON, a term a line."""
    raw = {
        "words": {code: {"articles": met.articles, "terms": met.terms} for code, met in data.words.items()},
        "concepts": {"articles": data.concepts.articles, "terms": data.concepts.terms},
        "glossary": {
            code: {"phrases": dict(sorted(own.phrases.items())), "parts": dict(sorted(own.parts.items()))}
            for code, own in data.glossary.items()
        },
    }
    text = json.dumps(raw, ensure_ascii=False, indent=0)
    text = text.replace("[\n", "[").replace('",\n"', '", "').replace("\n]", "]")
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_labels(glossary: Mapping[str, Glossary], path: pathlib.Path) -> None:
    """What the labels of the built-in situations hold, as JSON, a situation a line."""
    raw = {code: asdict(label_shares(profile(code), own)) for code, own in glossary.items()}
    text = json.dumps(raw, ensure_ascii=False).replace("}, ", "},\n")
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def measure(data: FieldData, posts: list[Sample]) -> None:
    """Prints how many of the posts are tagged rightly, with counts made without the post's own source."""
    shares = concept_shares(vocabulary(), profiles(), data)
    right: dict[tuple[str, str], Counter[str]] = {}
    for source in sorted({post.source for post in posts}):
        counted = count(data, [post for post in posts if post.source != source])
        taggers = {code: Tagger(vocabulary(), profile, counted, shares) for code, profile in profiles().items()}
        for post in (post for post in posts if post.source == source):
            for kind, pairs in (("gold", post.gold), ("ingest", post.ingest)):
                got = [tag.situation for tag in taggers[post.language].tag(pairs)]
                for key in ((kind, "all"), (kind, post.language)):
                    cell = right.setdefault(key, Counter())
                    cell["posts"] += 1
                    cell["first"] += bool(got) and got[0] in post.tags
                    cell["any"] += bool(set(got) & set(post.tags))
                    cell["tags"] += len(got)
                    cell["right"] += len(set(got) & set(post.tags))
                    cell["wanted"] += len(post.tags)
    for (kind, language), cell in sorted(right.items()):
        n = cell["posts"]
        precision, recall = cell["right"] / max(1, cell["tags"]), cell["right"] / cell["wanted"]
        print(
            f"{kind:6} {language:3}  first {cell['first'] / n:.3f}  any {cell['any'] / n:.3f}  "
            f"precision {precision:.3f}  recall {recall:.3f}  ({n} posts)"
        )


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=gold_folder, default=GOLD)
    parser.add_argument("--articles", type=folder, default=ARTICLES)
    parser.add_argument("--cross", action="store_true")
    parser.add_argument("--labels", action="store_true")
    parser.add_argument("-o", "--output", type=pathlib.Path, default=pathlib.Path(DATA))
    args = parser.parse_args()
    with open(pathlib.Path(DATA) / "glossary.yaml", encoding="utf-8") as file:
        entries = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    glossary = {code: stemmed(entries, profile) for code, profile in profiles().items()}
    if not args.cross:
        write_labels(glossary, args.output / "label_terms.json")
    if args.labels:
        return 0
    by_stem = {path.stem: path for path in args.articles.iterdir()}
    gold = {path.name.removesuffix(".gold.json"): path for path in sorted(args.gold.glob("*.gold.json"))}
    source_of, apart = split(args.gold, list(gold))
    posts: list[Sample] = []
    for stem, path in gold.items():
        if stem not in apart:
            posts += samples(by_stem[stem], json.loads(path.read_text(encoding="utf-8")), source_of[stem])
    data = FieldData({}, Met(), glossary)
    if args.cross:
        measure(data, posts)
        return 0
    write(count(data, posts), args.output / "field_terms.json")
    print(f"{len(posts)} posts of {len(gold) - len(apart)} articles -> {args.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
