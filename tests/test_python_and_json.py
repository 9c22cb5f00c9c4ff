"""Python and JSON as the documents tell of them: examples run anywhere, and no method and no key is left untold."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coachkb import KnowledgeBase
from coachkb.errors import CoachkbError, UnreadableFile, UnusableKB, UsageError

ROOT = pathlib.Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guides" / "python-and-json.md"
SCRIPT = ROOT / "scripts" / "api_reference.py"
CALL = "Rep: Eleven thousand, installed.\nBuyer: That is far too expensive for us.\nRep: I can take ten off.\n"
PARTS = ("problem", "diagnosis", "tactic", "script")
Ran = Callable[..., Any]


@pytest.mark.parametrize("page", [GUIDE, ROOT / "README.md"], ids=lambda page: page.name)
def test_the_examples_run_in_an_empty_folder(page: pathlib.Path, home: pathlib.Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert blocks
    for n, block in enumerate(blocks):
        (home / f"empty-{n}").mkdir()
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=home / f"empty-{n}", capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip(), block


def test_the_reference_is_what_the_code_says(tmp_path: pathlib.Path) -> None:
    def check(script: pathlib.Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)

    done = check(SCRIPT)
    assert done.returncode == 0, done.stdout + done.stderr
    for folder in ("scripts", "docs"):
        (tmp_path / folder).mkdir()
    copy = tmp_path / "scripts" / SCRIPT.name
    copy.write_bytes(SCRIPT.read_bytes())
    (copy.parent / "generated.py").write_bytes((SCRIPT.parent / "generated.py").read_bytes())
    assert check(copy).returncode == 1
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    (tmp_path / "docs" / "python.md").write_text(page.replace("limit: int = 5", "limit: int = 6"), encoding="utf-8")
    assert check(copy).returncode == 1
    for name in vars(KnowledgeBase):
        assert name.startswith("_") or f"\n### {name}\n" in page


# ---------------------------------------------------------------------------------------------------------- JSON


def shape(data: object, path: str = "") -> Iterator[tuple[str, str]]:
    """The keys of JSON, each with what it is."""
    if isinstance(data, dict):
        for key, value in data.items():
            if path.endswith(("names", "lessons", "languages")):
                key = "{}"
            key = "problem" if key in PARTS and path.endswith(("hits[]", "words")) else key
            yield from shape(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        for value in data:
            yield from shape(value, f"{path}[]")
    else:
        kinds = {str: "text", bool: "yes or no", int: "number", float: "number", type(None): "null"}
        yield path, kinds[type(data)]


def documented() -> dict[str, dict[str, str]]:
    rows = re.findall(r"^\| (?:`([\w -]+)`: )?`([^`]+)` \| ([^|]+) \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    found: dict[str, dict[str, str]] = {}
    for command, key, kind in rows:
        found.setdefault(command or "lookup", {})[key] = kind.strip()
    return {command: keys for command, keys in found.items() if len(keys) > 1}


def test_every_key_of_the_json_is_in_the_guide(run: Ran, article: str, home: pathlib.Path) -> None:
    (home / "dear.txt").write_text(article, encoding="utf-8")
    (home / "empty.txt").write_text("", encoding="utf-8")
    (home / "call.txt").write_text(CALL, encoding="utf-8")
    told = documented()
    seen: dict[str, dict[str, set[str]]] = {}
    for line in (
        ["ingest", "--kb", "kb", "dear.txt", "empty.txt"],
        ["lookup", "too dear", "--kb", "kb"],
        ["lookup", "send me information", "--limit", "30"],
        ["say", "te duur"],
        ["situations"],
        ["spot", "call.txt"],
        ["spot", "call.txt", "--kb", "bare"],
    ):
        if "bare" in line:
            run("init", "bare")
        done = run(*line, "--format", "json")
        for path, kind in shape(json.loads(done.out)):
            seen.setdefault(line[0], {}).setdefault(path, set()).add(kind)
    assert told.keys() == seen.keys() | OTHERS
    for command, keys in seen.items():
        listed = {key for key in keys if not (command == "say" and key.startswith("[].review."))}
        assert listed == told[command].keys() - {"[].review.status"}, command
        for key in listed:
            assert keys[key] <= kinds_of(told[command][key]), (command, key)


def kinds_of(told: str) -> set[str]:
    return {kind.replace("/", " or ") for kind in told.replace("yes or no", "yes/no").split(" or ")}


#: Commands that the next test asks.
OTHERS = {
    *("coverage", "check", "info", "log", "misses", "review --batch", "diff", "config", "progress", "undo"),
    *("lookup --explain", "show --explain", "check --explain"),
}


def test_every_key_of_the_json_about_a_knowledge_base_is_in_the_guide(
    run: Ran, article: str, home: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "dear.txt").write_text(article, encoding="utf-8")
    seen: dict[str, dict[str, set[str]]] = {name: {} for name in OTHERS}

    def ask(*line: str) -> None:
        done = run(*line, "--format", "json")
        name = line[0] + next((f" {word}" for word in line if f"{line[0]} {word}" in OTHERS), "")
        for path, kind in shape(json.loads(done.out)):
            seen[name].setdefault(path, set()).add(kind)

    run("ingest", "--kb", "kb", "dear.txt")
    (lesson,) = (home / "kb" / "lessons" / "en").glob("*.yaml")
    ask("show", "--kb", "kb", lesson.stem, "--explain")
    ask("check", "--explain")
    ask("review", "--kb", "kb", "--batch", "accept", "--all")
    ask("undo", "--kb", "kb")
    ask("coverage", "--kb", "kb")
    for line in (["info"], ["info", "--kb", "kb"], ["log", "--kb", "kb"], ["config"]):
        ask(*line)
    run("lookup", "carburettor purple elephant price")
    ask("misses")
    ask("lookup", "--explain", "tell them the price early")
    with KnowledgeBase.open("kb") as kb:
        session = kb.practice()
        turn = session.turn()
        assert turn
        session.grade(turn, "again")
    ask("progress", "--kb", "kb")
    monkeypatch.setenv("COACHKB_TODAY", "2026-06-01")
    ask("progress", "--kb", "kb")
    text = lesson.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^title: .*", "title: Mine", text).replace("So do not lower", "Never lower")
    text = text.replace("author: null", "author: Me").replace("  - too-expensive\n", "  - trust\n")
    lesson.write_text(text + "autor: x\n", encoding="utf-8")
    ask("diff", "--kb", "kb", lesson.stem)
    ask("show", "tell-them-the-price-early", "--explain")
    by_hand = re.sub(r"(?ms)^source:.*?^problem:.*", "problem:\n  - Mine.\n", text).replace(lesson.stem, "by-hand")
    lesson.with_name("by-hand.yaml").write_text(by_hand, encoding="utf-8")
    ask("show", "--kb", "kb", "by-hand", "--explain")
    lesson.with_name("by-hand.yaml").unlink()
    ask("check", "--kb", "kb")
    ask("check", "--kb", "kb", "--fix")
    told = documented()
    also = {
        "check": lambda key: key.startswith("fixed[].") and f"findings[].{key[8:]}" in told["check"],
        "undo": lambda key: key.startswith("of.") and f"[].{key[3:]}" in told["log"],
        "diff": lambda key: key.startswith("fields[].yours") or key.endswith(("[].start", "[].end", "[].key")),
        "progress": lambda key: key.startswith("due[].") and key[6:] in ("title", "language", "situations[]"),
    }
    wrong = []
    for command, keys in seen.items():
        for key, kinds in keys.items():
            listed = (
                kinds <= kinds_of(told[command][key])
                if key in told[command]
                else command in also and also[command](key)
            )
            wrong += [] if listed else [(command, key, kinds)]
        wrong += [(command, key, "is not there") for key in told[command].keys() - keys.keys()]
    assert wrong == []


def test_lists_and_single_lessons_have_the_keys_of_hits_as_the_guide_says(run: Ran) -> None:
    def keys(*line: str) -> set[str]:
        data = json.loads(run(*line, "--format", "json").out)
        data = data["hits"] if line[0] == "lookup" else data
        return set(data[0] if isinstance(data, list) else data)

    hit = keys("lookup", "too expensive")
    assert keys("browse") == hit - {"score", "sure", *PARTS}
    lesson = hit - {"score", "sure", "starter", "translations"} | {"notes"}
    assert keys("export") == lesson
    assert keys("show", "tell-them-the-price-early") == lesson


# -------------------------------------------------------------------------------------------------------- Python


def test_one_string_is_one_thing_and_not_its_letters(article: str, home: pathlib.Path) -> None:
    (home / "dear.txt").write_text(article, encoding="utf-8")
    with KnowledgeBase.open() as starter:
        said, same = starter.say("too expensive"), starter.say(["too", "expensive"])
        assert [hit.id for hit in said.lessons] == [hit.id for hit in same.lessons] != []
        assert starter.say("tell-them-the-price-early").lessons[0].id == "tell-them-the-price-early"
    with KnowledgeBase.open("kb", create=True) as kb:
        assert [item.status for item in kb.ingest(home / "dear.txt")] == ["new"]
        assert [item.status for item in kb.ingest("dear.txt")] == ["unchanged"]
        assert kb.check("kb/lessons/en", only="similar-ids").findings == ()
        (id_,) = (lesson.id for lesson in kb.lessons())
        assert [item.id for item in kb.review("accept", id_)] == [id_]
        assert "too-expensive" in kb.new("Own", "en", "too-expensive").text


def test_every_outcome_of_an_undo_is_in_the_guide(run: Ran, article: str, home: pathlib.Path) -> None:
    """``same`` was left out: of a file that is as it was before already."""
    (home / "dear.txt").write_text(article, encoding="utf-8")
    run("ingest", "--kb", "kb", "dear.txt")
    (lesson,) = (home / "kb" / "lessons" / "en").glob("*.yaml")
    lesson.unlink()
    told = json.loads(run("undo", "--kb", "kb", "--format", "json").out)
    outcomes = {file["outcome"] for file in told["files"]}
    row = next(row for row in GUIDE.read_text(encoding="utf-8").splitlines() if "`files[].outcome`" in row)
    assert outcomes == {"same", "removed"}
    assert outcomes <= set(re.findall(r"`(\w+)`", row))


def test_coverage_and_misses_are_in_the_api_too(run: Ran, article: str, home: pathlib.Path) -> None:
    (home / "dear.txt").write_text(article, encoding="utf-8")
    run("ingest", "--kb", "kb", "dear.txt")
    run("lookup", "--kb", "kb", "carburettor purple elephant price")
    with KnowledgeBase.open("kb") as kb:
        (lesson,) = kb.lessons()
        table = kb.coverage(starter=False)
        assert list(table) == list(kb.vocabulary())
        assert {id_ for id_, row in table.items() if row["en"].lessons} == set(lesson.situations)
        assert [miss.query for miss in kb.misses()] == ["carburettor purple elephant price"]


def test_a_call_is_text_bytes_or_a_path(home: pathlib.Path) -> None:
    (home / "call.txt").write_text(CALL, encoding="utf-8")
    with KnowledgeBase.open() as kb:
        found = kb.spot(CALL).moments
        assert found[0].situation == "too-expensive"
        assert kb.spot(CALL.encode()).moments[0].quote == found[0].quote
        assert kb.spot(home / "call.txt").moments[0].quote == found[0].quote
        with pytest.raises(UsageError, match="pathlib"):
            kb.spot("call.txt")
        with pytest.raises(UnreadableFile, match=r"none\.txt"):
            kb.spot(pathlib.Path("none.txt"))


def test_errors_name_arguments_in_python_and_options_to_who_types(run: Ran, home: pathlib.Path) -> None:
    with KnowledgeBase.open() as kb:
        wrong: list[tuple[Callable[[], object], list[str]]] = [
            (lambda: kb.ingest("x"), []),
            (kb.check, ["check"]),
            (lambda: KnowledgeBase.open("kb", create=True).check(only="xyz"), []),
            (lambda: kb.new("T", "en"), ["new", "T", "--lang", "en", "--no-edit"]),
            (lambda: kb.review("accept"), ["review", "--batch", "accept"]),
            (lambda: kb.review("accept", everything=True), ["review", "--batch", "accept", "--all"]),
            (lambda: kb.editable("tell-them-the-price-early"), ["edit", "tell-them-the-price-early"]),
            (lambda: kb.editable("tell-them-the-price-early", copy=True), []),
        ]
        for call, line in wrong:
            with pytest.raises((UsageError, UnusableKB)) as raised:
                call()
            error = raised.value
            assert isinstance(error, CoachkbError)
            assert "--" not in str(error) and "--" in error.typed
            if line:
                assert error.typed in run(*line, env={"EDITOR": "true"}).err
