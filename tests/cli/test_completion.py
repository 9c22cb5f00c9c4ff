"""What shells complete: click's protocol, as its scripts speak it."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest

Call = Callable[..., tuple[int, str, str]]
LESSON = "format: 1\nid: {id}\ntitle: {title}\nlanguage: en\nsituations: [too-expensive]\n"


def complete(line: str, **env: str) -> list[str]:
    """What zsh is offered for the last word of a line: its value and, when there is one, what it is."""
    done = subprocess.run(
        [sys.executable, "-m", "coachkb"],
        env={
            **os.environ,
            **env,
            "_COACHKB_COMPLETE": "zsh_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return list(filter(None, done.stdout.split("\n")[1::3]))


def test_commands_and_options() -> None:
    assert {"lookup", "say", "browse", "completion"} <= set(complete("coachkb "))
    assert complete("coachkb br") == ["browse"]
    assert {"--only-lang", "--situation", "--kb"} <= set(complete("coachkb browse --"))


def test_ids_of_the_starter() -> None:
    assert complete("coachkb show tell-them") == ["tell-them-the-price-early"]
    assert complete("coachkb say --lang nl tell-them") == ["tell-them-the-price-early"]
    assert len(complete("coachkb show ")) > 80
    assert complete("coachkb show zzz") == []


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("coachkb browse --situation too-e", "too-expensive"),
        ("coachkb browse --only-lang n", "nl"),
        ("coachkb lookup --lang s", "sv"),
        ("coachkb show --format j", "json"),
        ("coachkb review --batch ac", "accept"),
        ("coachkb completion z", "zsh"),
    ],
)
def test_situations_languages_and_formats(line: str, first: str) -> None:
    assert complete(line)[0] == first


def test_ids_of_a_kb_with_what_was_added_since_and_without_what_was_dropped(
    call: Call, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb = tmp_path / "kb"
    call("init", str(kb))
    (kb / "lessons" / "en").mkdir(parents=True)

    def write(id_: str) -> None:
        (kb / "lessons" / "en" / f"{id_}.yaml").write_text(LESSON.format(id=id_, title="T"), encoding="utf-8")

    write("one-a")
    write("one-b")
    assert complete(f"coachkb show --kb {kb} one") == ["one-a", "one-b"]  # there is no index yet
    call("review", "--kb", str(kb), "--batch", "drop", "--id", "one-b")
    call("browse", "--kb", str(kb))
    assert complete(f"coachkb --kb {kb} show one") == ["one-a"]
    write("one-c")
    assert "one-c" in complete("coachkb show one", COACHKB_KB=str(kb))
    monkeypatch.chdir(kb)
    call("browse")
    assert "tell-them-the-price-early" in complete("coachkb edit tell")  # the starter lies under it here


def test_a_kb_that_is_none_completes_nothing_and_says_nothing() -> None:
    assert complete("coachkb show --kb nowhere on") == []
    assert complete("coachkb browse --situation too-exp", COACHKB_KB="nowhere") == ["too-expensive"]


def test_an_id_that_could_act_on_the_terminal_is_left_out(tmp_path: pathlib.Path) -> None:
    (tmp_path / "coachkb.yaml").write_text("", encoding="utf-8")
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "a\x1b[2Jb.yaml").write_text("", encoding="utf-8")
    (tmp_path / "lessons" / "ab.yaml").write_text("", encoding="utf-8")
    assert complete(f"coachkb show --kb {tmp_path} a") == ["ab"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_says_how_to_install_it(call: Call, shell: str) -> None:
    code, out, err = call("completion", shell)
    assert (code, err) == (0, "")
    assert f"coachkb completion {shell}" in out and f"_COACHKB_COMPLETE={shell}_complete" in out
    assert out.startswith("#compdef coachkb\n") == (shell == "zsh")
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=out, text=True, check=False).returncode == 0


def test_an_unknown_shell_is_refused_with_those_there_are(call: Call) -> None:
    code, _, err = call("completion", "tcsh")
    assert code == 2
    assert "bash" in err and "fish" in err


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not here")
def test_fish_completes_an_id_and_a_situation(tmp_path: pathlib.Path) -> None:
    (tmp_path / "coachkb").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coachkb "$@"\n', encoding="utf-8")
    (tmp_path / "coachkb").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    for line, first in (("show tell-them", "tell-them-the-price-early"), ("browse --situation too-", "too-expensive")):
        script = f'coachkb completion fish | source; complete -C "coachkb {line}"'
        done = subprocess.run(
            ["fish", "--no-config", "-c", script],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.split("\t")[0].strip() == first, done.stderr


def test_bash_completes_an_id(tmp_path: pathlib.Path) -> None:
    (tmp_path / "coachkb").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coachkb "$@"\n', encoding="utf-8")
    (tmp_path / "coachkb").chmod(0o755)
    script = (
        'eval "$(coachkb completion bash)"; COMP_WORDS=(coachkb show tell-them); COMP_CWORD=2; '
        '_coachkb_completion coachkb; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "tell-them-the-price-early\n"


@pytest.fixture
def shell(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What a shell prints of a script, in a folder with some files, where ``coachkb`` is a command."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "coachkb").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coachkb "$@"\n', encoding="utf-8")
    (tmp_path / "bin" / "coachkb").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "here" / "sub").mkdir(parents=True)
    (tmp_path / "here" / "sub" / "art.txt").touch()
    monkeypatch.chdir(tmp_path / "here")

    def run(*line: str) -> str:
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)
        assert done.stderr == ""
        return done.stdout

    return run


FISH = {
    "ingest ./sub/": ["./sub/art.txt"],
    "ingest sub/a": ["sub/art.txt"],
    "--kb ./su": ["./sub/"],
    "ingest --kb=./su": ["--kb=./sub/"],
    "export -o sub/": ["sub/art.txt"],
    "check --only dup": ["duplicate-ids"],
    "browse --situation=too-e": ["--situation=too-expensive"],
}


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not here")
def test_fish_completes_paths_with_a_folder_and_values_after_an_equals_sign(shell: Callable[..., str]) -> None:
    asked = "".join(f"echo '>' {line}; complete -C 'coachkb {line}';" for line in FISH)
    told = shell("fish", "--no-config", "-c", f"coachkb completion fish | source; {asked}")
    found = {one.splitlines()[0]: [row.split("\t")[0] for row in one.splitlines()[1:]] for one in told.split("> ")[1:]}
    assert found == FISH


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not here")
def test_zsh_completes_a_value_after_an_equals_sign(shell: Callable[..., str]) -> None:
    script = """compdef() { }; compset() { IPREFIX="${PREFIX%%=*}="; }; compadd() { print -r -- "$2 $3 $completions"; }
    eval "$(coachkb completion zsh)"; PREFIX=--format=js; words=(coachkb show $PREFIX); CURRENT=3; _coachkb_completion"""
    assert shell("zsh", "-f", "-c", script) == "-i --format= json\n"


def test_bash_completes_a_value_after_an_equals_sign(shell: Callable[..., str]) -> None:
    """Bash takes ``--situation=too`` for three words."""
    words = "coachkb browse --only-lang = en --situation = too-e"
    script = f'eval "$(coachkb completion bash)"; COMP_WORDS=({words}); COMP_CWORD=7; _coachkb_completion coachkb'
    assert shell("bash", "--norc", "-c", f'{script}; echo "${{COMPREPLY[@]}}"') == "too-expensive\n"


def test_checks_are_completed() -> None:
    from coachkb.jobs.checks import CHECKS

    assert complete("coachkb check --only ") == list(CHECKS)


def test_completing_an_id_loads_no_yaml_and_no_engine() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "coachkb"],
        env={
            **os.environ,
            "_COACHKB_COMPLETE": "bash_complete",
            "COMP_WORDS": "coachkb show tell",
            "COMP_CWORD": "2",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    modules = {row.rsplit("|", 1)[1].strip() for row in done.stderr.splitlines() if row.startswith("import time:")}
    assert "coachkb.jobs.naming" in modules
    assert {"yaml", "rich", "dataclasses", "coachkb.kb", "coachkb.store", "hashlib", "json"} & modules == set()
