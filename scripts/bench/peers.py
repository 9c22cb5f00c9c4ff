#!/usr/bin/env python3
"""Against what one would pick instead, on the same lessons and queries: time of a cold query and nDCG@10.

    peers.py [--install | --venv PATH] [--runs N]

The lessons are the starter's, with the situations people gave them; each peer gets them as one text a lesson (title and
passages). The queries are the table's rows that are not kept apart, as far as a lesson answers them; relevance as in
score_queries.py. Every peer is asked as its users would ask it: for any of the query's words.

- ripgrep: files by how many of their lines match (-i -c); words of three letters and more; with rg on the PATH.
- SQLite FTS5: its defaults, BM25, best ten.
- tantivy: its defaults (the en_stem tokenizer), BM25, best ten.
- Recoll: recollq, best ten; with recollindex and recollq on the PATH.
- papis, tldr: as many entries; time only, for they do not search like this.

Peers run from a virtual environment of their own: --install makes one in a temporary folder, from the registry; --venv
names one that has them. What is not there is told as missing. CPU time is user + sys of a finished process, the median
over queries; the peers take turns, and the ratio is coachkb's time against the peer's.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cold_lookup import compiled
from score_queries import ROOT, Query, gold_tags, grade, ndcg, read_queries, retagged

from coachkb import locate
from coachkb.data.load import profiles, vocabulary
from coachkb.model.lesson import Lesson
from coachkb.model.terms import ROLES
from coachkb.search.analysis import tokens
from coachkb.search.index import build
from coachkb.search.query import Index
from coachkb.search.rows import LessonFile
from coachkb.store.folder import lesson_files

PACKAGES = ("tantivy", "papis", "tldr")
FTS = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
match = " OR ".join('"%s"' % word for word in sys.argv[2].split())
for (name,) in db.execute("SELECT name FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (match,)):
    print(name)
"""
TANTIVY = """
import sys, tantivy
index = tantivy.Index.open(sys.argv[1])
query, _ = index.parse_query_lenient(sys.argv[2], ["title", "body"])
searcher = index.searcher()
for _, address in searcher.search(query, 10).hits:
    print(searcher.doc(address)["name"][0])
"""
TANTIVY_BUILD = """
import json, sys, tantivy
schema = tantivy.SchemaBuilder()
schema.add_text_field("name", stored=True, tokenizer_name="raw")
schema.add_text_field("title", tokenizer_name="en_stem")
schema.add_text_field("body", tokenizer_name="en_stem")
index = tantivy.Index(schema.build(), path=sys.argv[2])
writer = index.writer()
for name, title, body in json.load(open(sys.argv[1], encoding="utf-8")):
    writer.add_document(tantivy.Document(name=name, title=title, body=body))
writer.commit()
writer.wait_merging_threads()
"""

#: What a peer prints for a query is turned into ids, best first; None: time only.
Command = Callable[[str], list[str]]
Ranking = Callable[[str], list[str]] | None


class Bench:
    """The lessons, the folder that everything is made in, and the peers that are there."""

    def __init__(self, folder: pathlib.Path, tools: pathlib.Path | None) -> None:
        self.folder, self.tools = folder, tools
        gold = gold_tags(ROOT / "tests" / "gold")
        self.lessons = [retagged(item.lesson, gold) for item in lesson_files(locate.STARTER) if item.lesson]
        self.peers: dict[str, tuple[Command, Ranking]] = {}
        self.missing: dict[str, str] = {}
        self.texts = folder / "texts"
        self.texts.mkdir()
        for lesson in self.lessons:
            (self.texts / f"{lesson.id}.txt").write_text(f"{lesson.title}\n\n{body(lesson)}\n", encoding="utf-8")

    def tool(self, name: str) -> str | None:
        """A program of the peers' environment, else of the PATH."""
        own = self.tools / "bin" / name if self.tools else None
        return str(own) if own and own.exists() else shutil.which(name)

    def add(self, name: str, make: Callable[[], tuple[Command, Ranking]]) -> None:
        """Adds a peer, or why it is missing."""
        try:
            self.peers[name] = make()
        except (OSError, subprocess.CalledProcessError, LookupError) as error:
            told = error.stderr.strip().splitlines() if isinstance(error, subprocess.CalledProcessError) else []
            self.missing[name] = told[-1] if told else str(error)


def body(lesson: Lesson) -> str:
    """All passages of a lesson, a line each."""
    return "\n".join(passage.text for role in ROLES for passage in lesson.part(role))


def ours(bench: Bench) -> tuple[Command, Ranking]:
    """coachkb itself: the starter that ships, for time; with right situations on the lessons, for the ranking."""
    path = str(bench.folder / "index.sqlite")
    shutil.copyfile(locate.STARTER_INDEX, path)
    files = [LessonFile(lesson, f"{lesson.id}.yaml", 0, 0) for lesson in bench.lessons]
    build(path, files, vocabulary(), profiles(), own=True)
    index = Index(path)

    def ranking(query: str) -> list[str]:
        return [hit.id for hit in index.search(query, limit=10, all_languages=True)[0]]

    return lambda query: [sys.executable, "-m", "coachkb", "lookup", "--format", "plain", "--", query], ranking


def ripgrep(bench: Bench) -> tuple[Command, Ranking]:
    """Files by the number of lines that have one of the words."""
    program = bench.tool("rg")
    if not program:
        raise LookupError("no rg on the PATH (it is in most systems' packages: ripgrep)")

    def command(query: str) -> list[str]:
        some = [word for word in query.split() if len(word) > 2] or [query]
        words = [part for word in some for part in ("-e", word)]
        return [program, "-i", "-c", "-F", "--no-config", *words, str(bench.texts)]

    def ranking(query: str) -> list[str]:
        rows = [line.rsplit(":", 1) for line in output(command(query)).splitlines()]
        return [pathlib.Path(path).stem for path, _ in sorted(rows, key=lambda row: (-int(row[1]), row[0]))][:10]

    return command, ranking


def fts5(bench: Bench) -> tuple[Command, Ranking]:
    """SQLite's full-text search as it comes."""
    path = str(bench.folder / "fts.sqlite")
    with sqlite3.connect(path) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5 (name UNINDEXED, title, body)")
        rows = [(lesson.id, lesson.title, body(lesson)) for lesson in bench.lessons]
        db.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)

    def command(query: str) -> list[str]:
        return [sys.executable, "-c", FTS, path, " ".join(tokens(query))]

    return command, lambda query: output(command(query)).split()


def tantivy(bench: Bench) -> tuple[Command, Ranking]:
    """tantivy from Python, as it comes."""
    python = bench.tool("python")
    if not bench.tools or not python:
        raise LookupError("not asked for: --install or --venv")
    where = bench.folder / "tantivy"
    where.mkdir()
    rows = [(lesson.id, lesson.title, body(lesson)) for lesson in bench.lessons]
    (bench.folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    arguments = [python, "-c", TANTIVY_BUILD, str(bench.folder / "rows.json"), str(where)]
    subprocess.run(arguments, check=True, capture_output=True, text=True)

    def command(query: str) -> list[str]:
        return [python, "-c", TANTIVY, str(where), " ".join(tokens(query))]

    return command, lambda query: output(command(query)).split()


def recoll(bench: Bench) -> tuple[Command, Ranking]:
    """Recoll over the folder of texts."""
    indexer, program = bench.tool("recollindex"), bench.tool("recollq")
    if not indexer or not program:
        raise LookupError("no recollindex and recollq on the PATH (packages: recollcmd or recoll)")
    config = bench.folder / "recoll"
    config.mkdir()
    (config / "recoll.conf").write_text(f"topdirs = {bench.texts}\n", encoding="utf-8")
    subprocess.run([indexer, "-c", str(config)], check=True, capture_output=True, text=True)

    def command(query: str) -> list[str]:
        return [program, "-c", str(config), "-o", "-b", "-n", "10", " ".join(tokens(query))]

    def ranking(query: str) -> list[str]:
        return [pathlib.Path(line).stem for line in output(command(query)).splitlines() if line.endswith(".txt")]

    return command, ranking


def papis(bench: Bench) -> tuple[Command, Ranking]:
    """papis with as many entries."""
    program = bench.tool("papis")
    if not program:
        raise LookupError("no papis")
    library = bench.folder / "papers"
    for lesson in bench.lessons:
        (library / lesson.id).mkdir(parents=True)
        info = {"title": lesson.title, "author": lesson.author or "", "abstract": body(lesson)[:500], "ref": lesson.id}
        (library / lesson.id / "info.yaml").write_text(json.dumps(info), encoding="utf-8")

    def command(query: str) -> list[str]:
        return [program, "-l", str(library), "list", "--all", (tokens(query) or ["x"])[0]]

    output(command("price"))  # makes its cache
    return command, None


def tldr(bench: Bench) -> tuple[Command, Ranking]:
    """The tldr client in Python with as many pages in its cache, asked for one of them."""
    program = bench.tool("tldr")
    if not program:
        raise LookupError("no tldr")
    for name in ("pages", "pages.en"):
        pages = bench.folder / "home" / ".cache" / "tldr" / name / "common"
        pages.mkdir(parents=True)
        for lesson in bench.lessons:
            (pages / f"{lesson.id}.md").write_text(f"# {lesson.title}\n\n> {body(lesson)[:300]}\n", encoding="utf-8")
    first = bench.lessons[0].id
    subprocess.run([program, first], check=True, capture_output=True, text=True)
    return lambda _: [program, first], None


def output(command: Sequence[str]) -> str:
    """What a peer prints; nothing found may be told by any exit code."""
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8").stdout


def seconds(command: Sequence[str]) -> float:
    """User and system seconds of one finished process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def quality(bench: Bench, ranking: Callable[[str], list[str]], queries: Sequence[Query]) -> float:
    """The mean nDCG@10 over queries."""
    of = {lesson.id: lesson.situations for lesson in bench.lessons}
    values = []
    for query in queries:
        grades = [grade(query.situations, of[id_]) for id_ in ranking(query.text) if id_ in of]
        value = ndcg(grades, [grade(query.situations, situations) for situations in of.values()])
        if value is not None:
            values.append(value)
    return statistics.mean(values)


def installed(folder: pathlib.Path) -> pathlib.Path:
    """A virtual environment with those of the packages that can be had."""
    venv.create(folder, with_pip=True)
    for package in PACKAGES:
        arguments = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", package]
        subprocess.run(arguments, check=False, capture_output=True)
    return folder


def report(bench: Bench, queries: Sequence[Query], runs: int) -> None:
    """Prints the table."""
    times: dict[str, list[float]] = {name: [] for name in bench.peers}
    for query in [query for query in queries for _ in range(runs)][:: max(1, len(queries) * runs // 100)]:
        for name, (command, _) in bench.peers.items():
            times[name].append(seconds(command(query.text)))
    base = times["coachkb"]
    print(f"{len(bench.lessons)} lessons, {len(queries)} queries, {len(base)} timed")
    print(f"{'':14}{'cpu ms':>8}{'coachkb / it':>14}{'nDCG@10':>9}")
    for name, (_, ranking) in bench.peers.items():
        ratio = statistics.median(a / b for a, b in zip(base, times[name], strict=True) if b)
        mean = f"{quality(bench, ranking, queries):9.3f}" if ranking else f"{'-':>9}"
        print(f"{name:14}{statistics.median(times[name]) * 1000:8.1f}{ratio:14.2f}{mean}")
    for name, why in bench.missing.items():
        print(f"{name:14} missing: {why}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--venv", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=1)
    args = parser.parse_args()
    compiled()
    queries = [q for q in read_queries(ROOT / "tests" / "queries" / "dev.tsv") if not q.apart and q.situations]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tools = installed(folder / "venv") if args.install else args.venv and args.venv.resolve()
        for variable in [v for v in os.environ if v.startswith(("COACHKB_", "XDG_"))]:
            del os.environ[variable]
        os.environ.update(HOME=str(folder / "home"), LC_ALL="C.UTF-8")
        (folder / "home").mkdir()
        os.chdir(folder)
        bench = Bench(folder, tools)
        peers = {"coachkb": ours, "ripgrep": ripgrep, "SQLite FTS5": fts5, "tantivy": tantivy, "Recoll": recoll}
        for title, make in {**peers, "papis": papis, "tldr": tldr}.items():
            bench.add(title, lambda make=make: make(bench))  # type: ignore[misc]
        report(bench, queries, args.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
