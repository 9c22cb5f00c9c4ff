#!/usr/bin/env python3
"""Gives coachkb hostile input and looks at what it does: refused or made harmless, in one line, in bounded time.

    hostile.py [--size BYTES] [--only KIND] [--growth]

Each input is ingested (or put in a lesson file, or asked as a query) by a process of its own, with a ceiling on memory
and CPU time. Lost: a traceback, an exit code that is none of ours, control characters in what a terminal would get, a
file outside the knowledge base, a talkative refusal, a process that was killed. ``--growth`` runs each input at a size,
twice and four times that, and prints how CPU seconds grow: linear is 2.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MEMORY = 1 << 30  # bytes a process may take
SECONDS = 120  # CPU seconds a process may take
LINES = 6  # lines that a refusal may have
CODES = (0, 1, 2, 3)
ADVICE = "When the buyer says it is too dear, ask him what he compares it with. Then be quiet and listen to him. "
LESSON = "format: 1\nid: {id}\ntitle: {title}\nlanguage: en\nsituations: [too-expensive]\ntactic:\n  - {text}\n"
#: What may not reach a terminal: C0 but line end and tab, DEL and C1, bidirectional controls, and invisible marks.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Input:
    """Bytes for an article (``file`` is its name), a lesson file or a query, made for a size in bytes."""

    name: str
    kind: str
    make: Callable[[int], bytes]
    file: str = "page.txt"


def _advice(n: int) -> str:
    return ADVICE * max(3, n // len(ADVICE))


def _unit(text: str) -> Callable[[int], bytes]:
    return lambda n: (text * max(1, n // len(text.encode()))).encode()


def _yaml(text: str) -> Callable[[int], bytes]:
    return lambda n: text.encode()


def _aliases(n: int) -> bytes:
    deep = min(60, max(10, n // 10_000))
    rows = ["x0: &x0 [lol, lol]"] + [f"x{i}: &x{i} [*x{i - 1}, *x{i - 1}]" for i in range(1, deep)]
    return ("\n".join(rows) + "\n" + LESSON.format(id="bomb", title="Bomb", text="ask")).encode()


INPUTS = (
    Input("escape codes", "article", lambda n: (_advice(n) + "\x1b[31mred\x1b]0;title\x07\x9b2J\n" * (n // 99)).encode()),
    Input("bidirectional controls", "article", lambda n: ("\u202eToo dear\u2066\n\n" + _advice(n)).encode()),
    Input("NUL", "article", lambda n: ("Too dear\0\n\n" + _advice(n)).encode()),
    Input("lone surrogates", "article", lambda n: b"\xed\xa0\x80 Too dear\n\n" + _advice(n).encode()),
    Input("one line", "article", lambda n: _advice(n).encode()),
    Input("one word", "article", _unit("a")),
    Input("no words", "article", _unit("-.!?\"'([{ ")),
    Input("headings", "article", _unit("# Ask\n"), "page.md"),
    Input("short lines", "article", _unit("Ask.\n\n")),
    Input("dates", "article", _unit("Ask first\n3 May 2011\n\n")),
    Input("speakers", "article", _unit("You: Ask.\nBuyer: No.\n")),
    Input("open quotes", "article", _unit("“ask ‘him ")),
    Input("open brackets", "article", _unit("[(*_`<"), "page.md"),
    Input("links", "article", _unit("[a](b "), "page.md"),
    Input("bytes of chance", "article", lambda n: bytes((i * 7919 + i // 256) % 256 for i in range(n))),
    Input("nested tags", "article", _unit("<div><p>"), "page.html"),
    Input("open tags", "article", _unit("<a href='"), "page.html"),
    Input("tags closed once", "article", lambda n: ("<a href='x " * (n // 11) + ">").encode(), "page.html"),
    Input("comments closed once", "article", lambda n: ("<!-- " * (n // 5) + "-->").encode(), "page.html"),
    Input("marked sections", "article", lambda n: ("<![CDATA[ <!a <? </" * (n // 19) + ">").encode(), "page.html"),
    Input("entities", "article", _unit("&amp;&#x1b;&#0;"), "page.html"),
    Input("scripts", "article", _unit("<script>x</script><p>Ask."), "page.html"),
    Input("comments", "article", _unit("<!-- "), "page.html"),
    Input("front matter bomb", "article", lambda n: b"---\n" + _aliases(n) + b"---\n" + _advice(999).encode(), "page.md"),
    Input("long front matter", "article", lambda n: ("---\n" + "k: [a]\n" * (n // 7) + "---\n" + _advice(999)).encode(), "page.md"),
    Input("markup in a title", "article", lambda n: f"<b>[x](javascript:1)</b> =cmd|1\n\n{_advice(n)}".encode()),
    Input("aliases", "lesson", _aliases),
    Input("deep YAML", "lesson", _unit("[")),
    Input("deep YAML mappings", "lesson", _unit("{a: ")),
    Input("many keys", "lesson", lambda n: "".join(f"k{i}: 1\n" for i in range(n // 8)).encode()),
    Input("a YAML tag", "lesson", _yaml("!!python/object/apply:os.system ['touch /tmp/coachkb-was-here']\n")),
    Input("an id with dots", "lesson", _yaml(LESSON.format(id="../../out", title="Out", text="ask"))),
    Input("an absolute source", "lesson", _yaml(LESSON.format(id="a", title="A", text="ask") + "source: {path: /etc/passwd}\n")),
    Input("a source above", "lesson", _yaml(LESSON.format(id="a", title="A", text="ask") + "source: {path: ../../x}\n")),
    Input("a device's name", "lesson", _yaml(LESSON.format(id="con", title="Con", text="ask"))),
    Input("escape codes in a field", "lesson", _yaml(LESSON.format(id="e", title='"\\e[31mred\\u202e"', text='"\\x9b2J"'))),
    Input("merge markers", "lesson", _yaml("<<<<<<< ours\n" + LESSON.format(id="m", title="M", text="ask") + ">>>>>>> theirs\n")),
    Input("a long query", "query", lambda n: _advice(min(n, 100_000)).encode()[:100_000]),
    Input("a query of operators", "query", lambda n: ("NEAR( AND OR * : ^ \" - " * 400).encode()),
    Input("a query of controls", "query", lambda n: "\x1b[31m\u202e too dear \x07".encode()),
    Input("a query of one letter", "query", lambda n: b"a" * min(n, 100_000)),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a process did: its exit code, CPU seconds, and what was wrong (nothing: fine)."""

    code: int
    seconds: float
    wrong: tuple[str, ...]


def run(arguments: list[str], home: pathlib.Path) -> tuple[int, float, str, str]:
    """Exit code, CPU seconds, stdout and stderr of coachkb in a home of its own, under the ceilings."""

    def ceilings() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "coachkb", *arguments],
        capture_output=True,
        check=False,
        cwd=home,
        preexec_fn=ceilings,
        env={**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "c"), "XDG_STATE_HOME": str(home / "s")},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, seconds, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def judge(item: Input, size: int) -> Outcome:
    """Gives one input to coachkb, and says what was wrong with what it did."""
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        kb = home / "kb"
        for place in ("lessons/en", "articles"):
            (kb / place).mkdir(parents=True)
        (kb / "coachkb.yaml").write_text("format: 1\n", encoding="utf-8")
        good = LESSON.format(id="good", title="Good", text="Ask what he compares it with.")
        (kb / "lessons" / "en" / "good.yaml").write_text(good, encoding="utf-8")
        commands = [["lookup", "--kb", str(kb), "too expensive", "--format", "plain"]]
        if item.kind == "article":
            source = home / item.file
            source.write_bytes(item.make(size))
            commands = [["ingest", "--kb", str(kb), str(source)], *commands, ["export", "--kb", str(kb)]]
        elif item.kind == "lesson":
            (kb / "lessons" / "en" / "hostile.yaml").write_bytes(item.make(size))
            commands += [["export", "--kb", str(kb)], ["check", "--kb", str(kb)]]
        else:
            commands = [["lookup", "--kb", str(kb), "--format", "plain", "--", item.make(size).decode()]]
        seconds, code, wrong = 0.0, 0, []
        for command in commands:
            code, spent, out, err = run(command, home)
            seconds += spent
            wrong += [f"{command[0]}: {fault}" for fault in _faults(code, out, err)]
        if item.kind != "query" and "good" not in run(["browse", "--kb", str(kb)], home)[2]:
            wrong.append("the good lesson beside it is gone")
        known = {"kb", "c", "s", item.file}
        wrong += [f"wrote {path.name} outside the KB" for path in home.iterdir() if path.name not in known]
        if pathlib.Path("/tmp/coachkb-was-here").exists():
            wrong.append("ran what a file told it to")
        return Outcome(code, seconds, tuple(wrong))


def _faults(code: int, out: str, err: str) -> Iterator[str]:
    if code not in CODES:
        yield f"exit code {code}"
    if "Traceback" in err or "this is a bug" in err:
        yield "a traceback"
    if FORBIDDEN.search(out) or FORBIDDEN.search(err):
        yield "control characters in what it prints"
    if code and len(err.splitlines()) > LINES:
        yield f"{len(err.splitlines())} lines of refusal"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--only", help="inputs whose name or kind holds this")
    parser.add_argument("--growth", action="store_true")
    args = parser.parse_args()
    chosen = [item for item in INPUTS if not args.only or args.only in (item.name, item.kind)]
    lost = 0
    for item in chosen:
        sizes = (args.size, 2 * args.size, 4 * args.size) if args.growth else (args.size,)
        outcomes = [judge(item, size) for size in sizes]
        grown = "  ".join(f"{outcome.seconds:6.1f} s" for outcome in outcomes)
        wrong = "; ".join(dict.fromkeys(fault for outcome in outcomes for fault in outcome.wrong))
        lost += bool(wrong)
        print(f"{item.kind:8} {item.name:26} {grown}  {wrong or 'fine'}", flush=True)
    print(f"in all: {len(chosen)} trials, {lost} lost")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
