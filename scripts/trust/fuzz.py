#!/usr/bin/env python3
"""Feeds coachkb's readers with mutations of real files, and looks for what none of them may do.

    fuzz.py [--seconds 60] [--seed 1] [--only article,lesson,query,call] [--keep FOLDER]

Targets: an article (text, Markdown, HTML) through reading and extraction; a lesson file through both of PyYAML's
loaders, the checks, and being written anew; a query; a call's transcript. Found: any exception that is not one of ours,
the two loaders disagreeing, a passage that does not stand in its article, a lesson that comes back as another, an input
that takes longer than ten CPU seconds. Each is told once, with its input kept (``--keep``), and the fuzzing goes on.

With atheris installed (``pip install atheris``) the mutations are led by what code they reach; without it, they are
blind, which reaches less.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SLOW = 10.0  # CPU seconds that one input may take; none is larger than LARGEST
LARGEST = 4000  # bytes
TARGETS = ("article", "lesson", "query", "call")


def _atheris() -> ModuleType | None:
    with contextlib.suppress(ImportError):
        return importlib.import_module("atheris")
    return None


# ------------------------------------------------------------------------------------------------------- targets


def _article() -> Callable[[bytes], None]:
    from coachkb.data.load import vocabulary
    from coachkb.errors import UnreadableFile
    from coachkb.ingest.extract import extract
    from coachkb.ingest.read import read_document
    from coachkb.ingest.text import plain
    from coachkb.jobs.extracting import taggers_of
    from coachkb.model.terms import ROLES

    taggers = taggers_of(vocabulary())

    def one(data: bytes) -> None:
        suffix = (".txt", ".md", ".html")[data[0] % 3] if data else ".txt"
        try:
            document = read_document(data[1:], f"page{suffix}")
            document.text.encode("utf-8")
        except (UnreadableFile, UnicodeEncodeError):
            return
        for post in extract(document, taggers):
            for role in ROLES:
                for passage in post.parts[role]:
                    start, end = passage.start or 0, passage.end or 0
                    said = plain(document.text[start:end], document.suffix == ".md")
                    assert said == passage.text, "a passage is not where it says"

    return one


def _lesson() -> Callable[[bytes], None]:
    import yaml

    from coachkb.errors import UnreadableFile
    from coachkb.jobs.checks.files import conflict_lines
    from coachkb.store.lesson_faults import faults, unknown_keys
    from coachkb.store.lesson_file import as_read, parse_lesson, render_lesson
    from coachkb.store.rewrite import update_text
    from coachkb.store.strict_yaml import load_tree
    from coachkb.store.yaml_readings import other_readings, quoted

    def read(text: str, loader: Any) -> Any:
        try:
            return parse_lesson(text, "x.yaml", loader)
        except UnreadableFile:
            return None

    def one(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape" if data[:1] == b"\xff" else "replace")
        lesson = read(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        other = read(text, yaml.SafeLoader)
        told = other is None and lesson is not None and bool(other_readings(text, (), (), ()))
        assert lesson == other or told, "the two loaders disagree, and the check does not say so"
        conflict_lines(text)
        try:
            tree = load_tree(text, "x.yaml")
        except UnreadableFile:
            return
        assert (lesson is None) == bool(faults(tree, "x.yaml")), "the check and the reader disagree"
        list(unknown_keys(tree))
        again = read(quoted(text, other_readings(text, (), (), ("extraction",))), None)
        assert lesson is None or again == lesson, "quoting changed what is said"
        if lesson is None:
            return
        assert parse_lesson(render_lesson(lesson), "x.yaml") == as_read(lesson), "written, it says something else"
        from dataclasses import replace

        for changed in (replace(lesson, title="Another title"), replace(lesson, tactic=lesson.tactic[1:])):
            now = parse_lesson(update_text(text, "x.yaml", changed), "x.yaml")
            assert now == as_read(changed), "written anew, it says something else"

    return one


def _query() -> Callable[[bytes], None]:
    from coachkb.errors import UsageError
    from coachkb.kb import KnowledgeBase

    kb = KnowledgeBase.open()
    kb.lookup("too expensive")

    def one(data: bytes) -> None:
        with contextlib.suppress(UsageError):
            kb.lookup(data.decode("utf-8", "surrogateescape")[:2000])

    return one


def _call() -> Callable[[bytes], None]:
    from coachkb.errors import CoachkbError
    from coachkb.kb import KnowledgeBase

    kb = KnowledgeBase.open()
    kb.lookup("too expensive")

    def one(data: bytes) -> None:
        suffix = (".txt", ".vtt", ".srt")[data[0] % 3] if data else ".txt"
        with contextlib.suppress(CoachkbError):
            kb.spot(data[1:], f"call{suffix}")

    return one


def seeds(target: str) -> list[bytes]:
    """Real inputs to begin with."""
    articles = sorted((ROOT / "articles").iterdir(), key=lambda path: (path.stat().st_size, path.name))
    if target == "article":
        kinds = {".txt": b"\0", ".md": b"\1", ".html": b"\2", ".htm": b"\2"}
        chosen = [path for end in kinds for path in [x for x in articles if x.suffix == end][:25]]
        body = b"Ask him what it costs, when the buyer says no. " * 8
        fronts = (b"---\ntitle: A\ntags: [a, b]\n---\n", b"+++\ntitle = 'A'\ndate = 2011-02-03\nx = {a = 1.5}\n+++\n")
        return [
            *(kinds[path.suffix] + path.read_bytes()[: LARGEST - 1] for path in chosen),
            *(b"\1" + front + body for front in fronts),
        ]
    if target == "lesson":
        lessons = (ROOT / "coachkb/data/starter/lessons").rglob("*.yaml")
        whole = sorted((path.read_bytes() for path in lessons), key=len)[:30]
        short = b"format: 1\nid: a\ntitle: A\nlanguage: en\nsituations: [x]\nscript:\n  - text: Ask.\n    key: true\n"
        return [short, *(data[: data.rfind(b"\n", 0, LARGEST) + 1] for data in whole)]
    if target == "query":
        rows = [path.read_text(encoding="utf-8").splitlines() for path in (ROOT / "tests/queries").glob("*.tsv")]
        return [cell.encode() for row in rows for line in row[:80] for cell in line.split("\t")[:2]]
    talk = "Rep: Eleven thousand, installed.\nBuyer: That is far too expensive for us.\nRep: I can take ten off.\n"
    cue = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\n<v Buyer>Just send me some information\n"
    srt = "1\n00:00:01,000 --> 00:00:04,000\nKoper: Dat is te duur.\n"
    return [b"\0" + talk.encode(), b"\1" + cue.encode(), b"\2" + srt.encode()]


# ------------------------------------------------------------------------------------------------------- one target


class Run:
    """One target's fuzzing: counts, and keeps each kind of fault once."""

    def __init__(self, target: str, seconds: float, folder: str) -> None:
        self.target, self.folder = target, pathlib.Path(folder)
        self.one = {"article": _article, "lesson": _lesson, "query": _query, "call": _call}[target]()
        self.until = time.monotonic() + seconds
        self.executions = 0
        self.slowest = 0.0
        self.found: dict[str, str] = {}

    def __call__(self, data: bytes) -> None:
        """Tries one input. Ends the process when the time is up."""
        began = time.process_time()
        try:
            self.one(data)
        except Exception as error:
            frames = [x for x in traceback.extract_tb(error.__traceback__) if "coachkb" in x.filename]
            where = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
            self._keep(f"{type(error).__name__} {error if isinstance(error, AssertionError) else ''} {where}", data)
        took = time.process_time() - began
        self.slowest = max(self.slowest, took)
        if took > SLOW:
            self._keep("slow", data)
        self.executions += 1
        if time.monotonic() > self.until:
            told = {"executions": self.executions, "slowest": round(self.slowest, 2), "found": self.found}
            (self.folder / f"{self.target}.json").write_text(json.dumps(told), encoding="utf-8")
            os._exit(0)

    def _keep(self, kind: str, data: bytes) -> None:
        if kind not in self.found:
            path = self.folder / f"{self.target}-{len(self.found)}"
            path.write_bytes(data)
            self.found[kind] = str(path)


def fuzz(target: str, seconds: float, seed: int, folder: str) -> None:
    """Fuzzes one target in this process, and ends it."""
    atheris = _atheris()
    inputs = seeds(target)
    if atheris is None:
        run = Run(target, seconds, folder)
        dice = random.Random(f"{seed} {target}")
        while True:
            run(_mutated(dice, inputs))
    with atheris.instrument_imports(include=["coachkb"]):
        run = Run(target, seconds, folder)
    corpus = pathlib.Path(folder) / f"{target}-corpus"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(inputs):
        (corpus / f"seed-{number}").write_bytes(data)
    limits = [f"-max_len={LARGEST}", f"-seed={seed}", "-timeout=300", "-rss_limit_mb=2000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(corpus)], run)
    atheris.Fuzz()


_HARD = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    "\u202e".encode(),
    "\u2028".encode(),
    b"\r",
    b"\n",
    b"\t",
    b"#",
    b"---\n",
    b"<<<<<<< ",
]
_HARD += [
    b"'",
    b'"',
    b"|-\n",
    b">",
    b"[",
    b"{",
    b"&a ",
    b"*a",
    b"!!",
    b": ",
    b"- ",
    b"? ",
    b"<",
    b"</p>",
    b"<!--",
    b"\xf0\x9f\x98\x80",
]


def _mutated(dice: random.Random, inputs: list[bytes]) -> bytes:
    """One of the inputs with some of its bytes changed, cut, doubled, or taken from another."""
    data = bytearray(dice.choice(inputs))
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.choice((1, 1, 4, 40, 400)))
        kind = dice.randrange(5)
        if kind == 0:
            data[at:end] = b""
        elif kind == 1:
            data[at:at] = dice.choice(_HARD) * dice.choice((1, 1, 2, 50))
        elif kind == 2:
            data[at:at] = data[at:end] * dice.choice((1, 2, 20))
        elif kind == 3 and at < len(data):
            data[at] = dice.randrange(256)
        else:
            other = dice.choice(inputs)
            start = dice.randrange(len(other) + 1)
            data[at:end] = other[start : start + dice.choice((1, 20, 400))]
    return bytes(data[:LARGEST])


def main() -> int:
    """Fuzzes each target in a process of its own and prints the table; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(TARGETS))
    parser.add_argument("--keep", help="a folder for the inputs that found something")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        fuzz(args.one, args.seconds, args.seed, args.keep)
    rows = []
    with tempfile.TemporaryDirectory(prefix="trust-") as home:
        folder = args.keep or home
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        for target in [target for target in TARGETS if target in args.only.split(",")]:
            rows.append(_row(target, args.seconds, args.seed, folder, home))
    from world import table, verdict  # not above: what is imported before atheris is asked is not seen by it

    print(f"led by coverage (atheris), {args.seconds:g} s each" if _atheris() else f"blind, {args.seconds:g} s each")
    print(table(rows), end="")
    print(verdict(*(sum(int(str(row[key])) for row in rows) for key in ("executions", "crashes"))))
    return 1 if any(row["crashes"] for row in rows) else 0


def _row(target: str, seconds: float, seed: int, folder: str, home: str) -> dict[str, object]:
    places = {"HOME": home, "XDG_CACHE_HOME": f"{home}/c", "XDG_STATE_HOME": f"{home}/s", "PYTHONHASHSEED": "0"}
    command = [
        sys.executable,
        __file__,
        "--one",
        target,
        "--seconds",
        str(seconds),
        "--seed",
        str(seed),
        "--keep",
        folder,
    ]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **places}, cwd=home)
    told = pathlib.Path(folder) / f"{target}.json"
    if done.returncode or not told.exists():
        print(
            f"{target}: ended with {done.returncode}: {done.stderr.decode(errors='replace')[-1500:]}", file=sys.stderr
        )
        return {"target": target, "executions": 0, "crashes": 1, "slowest, s": 0}
    found = json.loads(told.read_text(encoding="utf-8"))
    for kind, path in found["found"].items():
        print(f"{target}: {kind}: {path}", file=sys.stderr)
    row = {"target": target, "executions": found["executions"], "crashes": len(found["found"])}
    return {**row, "slowest, s": found["slowest"]}


if __name__ == "__main__":
    raise SystemExit(main())
