#!/usr/bin/env python3
"""Articles ingested a second, everything included, against langdetect alone; and what each step costs.

    ingest.py [--articles N] [--jobs N]

The articles are those of the repository, cut or joined to about 4 KB each and made different from one another. CPU
seconds of this process (the children's too, with --jobs), in one run: a ratio tells, for machines differ.
"""

from __future__ import annotations

import argparse
import functools
import os
import pathlib
import resource
import tempfile
import time
from collections.abc import Callable
from typing import Any

from coachkb.ingest import extract
from coachkb.ingest.language import _factory
from coachkb.ingest.situations import Tagger
from coachkb.kb import KnowledgeBase

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIZE = 4096  # bytes
STEPS = (
    ("posts and titles", extract, "split_posts"),
    ("blocks", extract, "blocks_of"),
    ("language", extract, "detect"),
    ("web noise", extract, "clean"),
    ("sentences", extract, "sentences_of"),
    ("cues", extract, "observe"),
    ("roles", extract, "label"),
    ("situations", Tagger, "tag"),
    ("of selling or not", Tagger, "selling"),
    ("shape for groups", extract, "shape_of"),
)


def write_articles(folder: pathlib.Path, n: int) -> list[pathlib.Path]:
    """``n`` articles of about 4 KB, each in one language and unlike the others."""
    sources = [path for path in sorted((ROOT / "articles").glob("*.txt")) if path.stat().st_size > 1500]
    made = []
    for i in range(n):
        text = sources[i % len(sources)].read_text(encoding="utf-8")
        paragraphs = text.split("\n\n")
        turn = i // len(sources) % max(1, len(paragraphs) - 3)
        text = "\n\n".join([paragraphs[0], *paragraphs[1 + turn :], *paragraphs[1 : 1 + turn]])
        data = f"{text}\n\n{i}".encode()[:SIZE].decode("utf-8", "ignore")
        path = folder / f"article-{i:05}.txt"
        path.write_text(data, encoding="utf-8")
        made.append(path)
    return made


def cpu() -> float:
    """CPU seconds of this process and of its children that ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(spent: dict[str, float], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, its CPU seconds added up under ``name``."""

    @functools.wraps(function)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        start = time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - start

    return wrapped


def ingest(folder: str, paths: list[pathlib.Path], jobs: int) -> tuple[float, float]:
    """CPU and wall seconds of ingesting the articles into a new knowledge base."""
    with KnowledgeBase.open(os.path.join(folder, f"kb{time.monotonic_ns()}"), create=True) as kb:
        start, clock = cpu(), time.perf_counter()
        kb.ingest(paths, jobs=jobs)
        return cpu() - start, time.perf_counter() - clock


def detect_all(texts: list[str]) -> float:
    """CPU seconds of langdetect alone, on whole texts."""
    start = time.process_time()
    for text in texts:
        detector = _factory().create()
        detector.append(text.lower())
        detector.get_probabilities()
    return time.process_time() - start


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = os.path.join(folder, name.lower())
        source = pathlib.Path(folder, "source")
        source.mkdir()
        paths = write_articles(source, args.articles)
        texts = [path.read_text(encoding="utf-8") for path in paths]
        ingest(folder, paths[:5], 1)  # what is read once is read
        detect_all(texts[:3])
        alone = detect_all(texts) / len(texts)
        seconds, wall = ingest(folder, paths, args.jobs)
        each = seconds / len(paths)
        print(f"{len(paths)} articles of {sum(map(len, texts)) / len(texts) / 1000:.1f} thousand characters")
        print(f"langdetect alone      {1000 * alone:7.2f} ms an article {1 / alone:7.0f} a second")
        print(f"ingest, everything    {1000 * each:7.2f} ms an article {1 / each:7.0f} a second   x {each / alone:.2f}")
        if args.jobs > 1:
            print(f"  with {args.jobs} jobs, by the clock {len(paths) / wall:7.0f} a second")
            return 0
        spent: dict[str, float] = {}
        for name, owner, function in STEPS:
            setattr(owner, function, timed(spent, name, getattr(owner, function)))
        seconds, _ = ingest(folder, paths, 1)
        rest = seconds - sum(spent.values())
        for name, value in [*spent.items(), ("files, merging, index and the rest", rest)]:
            print(f"  {name:36}{1000 * value / len(paths):7.2f} ms {100 * value / seconds:5.0f} %")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
