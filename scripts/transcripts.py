#!/usr/bin/env python3
"""Runs every command that README.md and docs/ show, and holds what they show against what they print.

    transcripts.py            exit 1 when a shown transcript is not what the program prints
    transcripts.py --write    put into the documents what the program prints

Blocks fenced as ```console hold lines ``$ command`` with their output below; they run in order in one scratch folder a
document, with articles/ of the checkout beside it. Blocks fenced as ```sh hold commands whose output is not shown: they
must succeed, and so must ```python blocks. ``sh setup…`` blocks are the set-up commands, the two of which in README.md
.ci/run runs; ```bash blocks need a terminal, or more than a minute, and tests/test_docs_terminal.py tries them.
"""

from __future__ import annotations

import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FEW = 12  # one article in so many lies beside those that a document names: all of them would only take time
BLOCK = re.compile(r"^```(console|sh|python)[ \t]*\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)


def environment(folder: str) -> dict[str, str]:
    """A home of its own, a fixed day, no settings from outside; the coachkb beside the running Python comes first."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COACHKB_", "XDG_", "LC_")) and k != "LANG"}
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), kept.get("PATH", "")])
    return {**kept, "HOME": folder, "PATH": path, "COACHKB_TODAY": "2026-01-15", "LC_ALL": "C.UTF-8", "COLUMNS": "100"}


def run(command: str, folder: str) -> tuple[str, int]:
    """What a command prints (stdout, then stderr) in a folder, and its exit code."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=os.path.join(folder, "here"),
        env=environment(folder),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    return done.stdout + done.stderr, done.returncode


def played(text: str, problems: list[str], name: str) -> str:
    """The document with every transcript as the program prints it today."""
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "here"))
        articles = os.path.join(folder, "here", "articles")
        os.makedirs(articles)
        for n, path in enumerate(sorted((ROOT / "articles").iterdir())):
            if n % FEW == 0 or path.stem in text:
                shutil.copy(path, articles)

        def replay(block: re.Match[str]) -> str:
            kind, body = block.groups()
            if kind == "python":
                out, code = run(f"python - <<'END'\n{body}END", folder)
                if code:
                    problems.append(f"{name}: a block of Python exits with {code}: {out.strip()[-300:]}")
                return block.group()
            if kind == "sh":
                for command in body.replace("\\\n", "").splitlines():
                    if command.strip() and not command.lstrip().startswith("#"):
                        out, code = run(command, folder)
                        if code:
                            problems.append(f"{name}: {command!r} exits with {code}: {out.strip()[-300:]}")
                return block.group()
            lines = []
            for command in re.findall(r"^\$ (.*)$", body, re.MULTILINE):
                out, _ = run(command, folder)
                lines.append(f"$ {command}\n{out.replace(folder, '/home/you')}")
            return f"```{kind}\n{''.join(lines)}```"

        return BLOCK.sub(replay, text)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    problems: list[str] = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        now = played(text, problems, path.name)
        if now == text:
            continue
        if args.write:
            path.write_text(now, encoding="utf-8")
        else:
            diff = difflib.unified_diff(
                text.splitlines(), now.splitlines(), f"{path.name}", "what it prints", lineterm="", n=1
            )
            problems.append("\n".join(diff))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
