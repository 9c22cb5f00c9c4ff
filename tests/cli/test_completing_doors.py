"""The quick door of completion and click complete alike, to the byte, in every shell."""

from __future__ import annotations

import pathlib
import random
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from coachkb.cli import app, completing_door
from coachkb.jobs.naming import situation_ids

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "completion_table.py"
SHELLS = ("bash", "zsh", "fish")
ROWS = completing_door.table()
#: Lines that stand for what people are in the midst of; the end is where the cursor is.
LINES = [
    "coachkb ",
    "coachkb b",
    "coachkb zzz",
    "coachkb -",
    "coachkb --",
    "coachkb --k",
    "coachkb --kb ",
    "coachkb --kb=",
    "coachkb --kb=x",
    "coachkb --kb x ",
    "coachkb --kb x --",
    "coachkb --color a",
    "coachkb --color=n",
    "coachkb --color always browse --color ",
    "coachkb _",
    "coachkb show",
    "coachkb show ",
    "coachkb show te",
    "coachkb show tell-them-the-price-early ",
    "coachkb show tell-them-the-price-early --",
    "coachkb show --full --",
    "coachkb show --full te",
    "coachkb show --kb nowhere te",
    "coachkb --kb nowhere show te",
    "coachkb --kb nowhere show --kb  te",
    "coachkb say they we",
    "coachkb say --lang nl --lang sv te",
    "coachkb say --lang ",
    "coachkb say --lang=",
    "coachkb say --lang = n",
    "coachkb say --lang =",
    "coachkb say --full=n",
    "coachkb browse --situation t",
    "coachkb browse --situation=t",
    "coachkb browse --situation --",
    "coachkb browse --situation -- t",
    "coachkb browse --lang --only-lang n",
    "coachkb browse --lang n --lang",
    "coachkb review --id a --id ",
    "coachkb review --id a --",
    "coachkb review --lang nl --",
    "coachkb review --batch ",
    "coachkb export -",
    "coachkb export -o ",
    "coachkb export -o x -",
    "coachkb export -ox -",
    "coachkb export -o=",
    "coachkb ingest ",
    "coachkb ingest a b",
    "coachkb ingest - ",
    "coachkb check --only ids --only ",
    "coachkb check --only ids --o",
    "coachkb completion ",
    "coachkb completion bash ",
    "coachkb new --situation a --situation t",
    "coachkb undo 3 ",
    "coachkb info x ",
    "coachkb lookup --limit ",
    "coachkb lookup för dy",
    "coachkb lookup\tte\tdu",
    "coachkb show --help --",
    "coachkb --version ",
    "coachkb lookup -- --la",
    "coachkb lookup --nope x ",
    "coachkb lookup --full=yes --",
    "coachkb list ",
    "coachkb show 'te",
    "coachkb show te\\",
    'coachkb --kb "a b" show te',
]


def random_lines(count: int) -> Iterator[str]:
    """Lines of words that the commands know, and of some that they do not."""
    dice = random.Random(7)
    values = ("te", "nl", "t", "", "x y", "-", "json", "en")
    for _ in range(count):
        name = dice.choice(list(app.COMMANDS))
        words = ["coachkb", *dice.choice(([], [], ["--kb", "x"], ["--color=never"])), name]
        for row in dice.sample(ROWS[name], min(len(ROWS[name]), dice.randrange(4))):
            option = dice.choice(row.names)
            if not option.startswith("-"):
                words.append(dice.choice(values))
            elif row.how == "flag":
                words.append(option)
            else:
                words += dice.choice(([option, dice.choice(values)], [f"{option}={dice.choice(values)}"], [option]))
        yield " ".join([*words, dice.choice(("", "-", "--", "--l", "t", "n", "--lang=", "--format=j"))])


def ask(monkeypatch: pytest.MonkeyPatch, shell: str, line: str) -> dict[str, str]:
    words = line.split(" ")
    cursor = words[-1] if shell == "fish" else str(len([word for word in words[:-1] if word]))
    asked = {"_COACHKB_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": cursor}
    for name, value in asked.items():
        monkeypatch.setenv(name, value)
    return asked


def compare(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shell: str, line: str) -> bool:
    """Whether the quick door answered; if so, it answered as click does."""
    asked = ask(monkeypatch, shell, line)
    capsys.readouterr()
    code = completing_door.complete(asked)
    quick = capsys.readouterr()
    if code is None:
        assert quick == ("", "")
        return False
    with pytest.raises(SystemExit) as end:
        app.run([])
    assert (code, quick) == (end.value.code, capsys.readouterr()), (shell, line)
    return True


@pytest.mark.parametrize("shell", SHELLS)
def test_both_doors_complete_alike(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = [line for line in LINES if compare(capsys, monkeypatch, shell, line)]
    assert set(LINES) - set(answered) <= {*LINES[-12:], "coachkb export -ox -", "coachkb browse --situation -- t"}
    assert sum(compare(capsys, monkeypatch, shell, line) for line in random_lines(150)) > 100


def test_both_doors_on_a_kb_and_in_a_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, article: str
) -> None:
    pathlib.Path("dear.txt").write_text(article, encoding="utf-8")
    assert app.run(["ingest", "--kb", "kb", "dear.txt"]) == 0
    pathlib.Path("kb/lessons/en/a:b.yaml").write_text("", encoding="utf-8")
    monkeypatch.setenv("COACHKB_LANG", "sv")
    for shell in SHELLS:
        assert compare(capsys, monkeypatch, shell, "coachkb show --kb kb when")
        assert compare(capsys, monkeypatch, shell, "coachkb --kb kb browse --situation ")
        assert compare(capsys, monkeypatch, shell, "coachkb --kb nowhere edit --kb kb w")
        assert not compare(capsys, monkeypatch, shell, "coachkb show --kb kb a")  # how a colon is escaped, click knows


@pytest.mark.parametrize(
    "changed",
    [
        {"_COACHKB_COMPLETE": "powershell_complete"},
        {"_COACHKB_COMPLETE": "bash_source"},
        {"COMP_CWORD": "x"},
        {"COMP_CWORD": "0"},
        {"COMP_CWORD": ""},
        {"COMP_WORDS": "coachkb list ", "COMP_CWORD": "2"},
    ],
    ids=str,
)
def test_the_quick_door_leaves_what_it_does_not_know(
    changed: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {**ask(monkeypatch, "bash", "coachkb show "), **changed}
    assert (completing_door.complete(asked), *capsys.readouterr()) == (None, "", "")


def test_the_table_is_what_the_commands_say(tmp_path: pathlib.Path) -> None:
    def check(script: pathlib.Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)

    done = check(SCRIPT)
    assert done.returncode == 0, done.stderr
    (tmp_path / "scripts").mkdir()
    (tmp_path / "coachkb" / "data").mkdir(parents=True)
    copy = tmp_path / "scripts" / SCRIPT.name
    copy.write_bytes(SCRIPT.read_bytes())
    (copy.parent / "generated.py").write_bytes((SCRIPT.parent / "generated.py").read_bytes())
    assert check(copy).returncode == 1
    table = (ROOT / "coachkb" / "data" / "completion.tsv").read_text(encoding="utf-8")
    (tmp_path / "coachkb" / "data" / "completion.tsv").write_text(table.replace("--limit", "--most"), encoding="utf-8")
    assert check(copy).returncode == 1


def test_completing_loads_no_click(call: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    for line in ("coachkb show tell", "coachkb browse --situation t", "coachkb say --lang ", "coachkb sho"):
        asked = ask(monkeypatch, "zsh", line)
        code = "import sys; from coachkb.__main__ import main; main(); sys.stderr.write(' '.join(sys.modules))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.startswith("plain\n"), asked
        assert {"click", "re", "json", "yaml", "rich", "dataclasses"} & set(done.stderr.split()) == set()


@pytest.mark.parametrize(
    "environment",
    [{"COACHKB_LANG": "Nederlands"}, {"COACHKB_LANG": "Dutch"}, {"LC_MESSAGES": "nl_BE.UTF-8", "LANG": "sv_SE.UTF-8"}],
)
def test_situations_are_completed_in_the_language_that_look_ups_have(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.delenv("LC_ALL")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert dict(situation_ids(None, "too-expensive")) == {"too-expensive": "Te duur"}
