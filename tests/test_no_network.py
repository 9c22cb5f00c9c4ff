"""No command opens a connection, and nothing of coachkb imports what could."""

from __future__ import annotations

import ast
import pathlib
import subprocess
import sys

import coachkb

FOLDER = pathlib.Path(coachkb.__file__).resolve().parent
OPEN_CONNECTIONS = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "asyncio", "requests", "httpx", "xmlrpc"}


def imported(path: pathlib.Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


def test_nothing_imports_what_opens_connections() -> None:
    found = {path.name: imported(path) & OPEN_CONNECTIONS for path in FOLDER.rglob("*.py")}
    assert {name: names for name, names in found.items() if names} == {}


def test_no_command_opens_a_connection(article: str) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    script = (
        "import sys\n"
        "def told(event, arguments):\n"
        "    if event.startswith(('socket.connect', 'socket.getaddrinfo', 'socket.sendto')):\n"
        "        raise SystemExit(f'{event} {arguments}')\n"
        "sys.addaudithook(told)\n"
        "from coachkb.cli.app import run\n"
        "for line in sys.argv[1:]:\n"
        "    print(line, run(line.split()))\n"
    )
    commands = [
        "ingest --kb kb dear.txt https://example.org/a.html",
        "lookup --kb kb too expensive",
        "review --kb kb --batch accept --all",
        "check --kb kb --stale",
        "export --kb kb -o book",
        "undo --kb kb",
        "info --kb kb",
    ]
    done = subprocess.run([sys.executable, "-c", script, *commands], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"{command} 0" in done.stdout for command in commands), done.stdout
