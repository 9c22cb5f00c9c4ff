"""A fourth language is data alone: Danish, added to a copy of the installed package as three files, and no code."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import coachkb
from coachkb.data.load import profiles

DANISH = pathlib.Path(__file__).with_name("danish")
ARTICLE = DANISH / "article.txt"
PACKAGE = pathlib.Path(coachkb.__file__).parent
LESSON = "bare-send-mig-noget-information"
#: Articles of the starter in the languages that were there before.
OTHERS = {
    "sv": "sjalvklart-skickar-jag-det.txt",
    "nl": "natuurlijk-stuur-ik-wat.txt",
    "en": "pop-something-in-an-email.txt",
}
NORWEGIAN = """Bare send meg litt informasjon

Kunden sier at han vil ha litt informasjon på e-post, og etterpå hører du aldri noe mer fra ham. Det skjer hver eneste
uke, og det er ikke din skyld. Du må spørre hva han egentlig er ute etter, og hvorfor han ikke har tid til å snakke nå.
Ikke send noe før du vet hvilket spørsmål du skal svare på. De fleste selgere sender en brosjyre og håper det beste.
Gjør heller slik: still ett spørsmål til, og vent på svaret.
"""
CALL = """Sælger: Goddag, det er Mette fra Nordluft. Jeg ringer, fordi vi hjælper håndværksfirmaer med ventilation.
Kunde: Kan du ikke bare sende mig noget information på mail?
Sælger: Det vil jeg gerne. Hvad skal der stå i den?
"""


@dataclass(frozen=True)
class Copy:
    """A copy of the package, and a home of its own to run it in."""

    folder: pathlib.Path

    @property
    def data(self) -> pathlib.Path:
        return self.folder / "lib" / "coachkb" / "data"

    def run(self, *arguments: str | os.PathLike[str], fails: int = 0) -> str:
        """What ``python -m coachkb`` prints, warnings last; ``fails``: the exit code that it must end with."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("COACHKB_", "XDG_", "LC_", "LANG"))}
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "coachkb", *map(os.fspath, arguments)],
            cwd=home,
            env={
                **kept,
                "PYTHONPATH": str(self.folder / "lib"),
                "HOME": str(home),
                "COACHKB_TODAY": "2026-01-15",
                "LC_ALL": "C.UTF-8",
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=600,
        )
        assert done.returncode == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def json(self, *arguments: str | os.PathLike[str]) -> Any:
        return json.JSONDecoder().raw_decode(self.run(*arguments, "--format", "json"))[0]


def copied(folder: pathlib.Path) -> Copy:
    shutil.copytree(PACKAGE, folder / "lib" / "coachkb", ignore=shutil.ignore_patterns("__pycache__"))
    return Copy(folder)


@pytest.fixture(scope="module")
def danish(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A knowledge base that was used before Danish came; then the data, the article, and one in each other language."""
    copy = copied(tmp_path_factory.mktemp("danish"))
    articles = [copy.data / "starter" / "articles" / name for name in OTHERS.values()]
    copy.run("ingest", "--kb", "team", *articles)
    copy.run("lookup", "--kb", "team", "send me information")
    for name in ("languages", "vocabulary", "spotting"):
        shutil.copy(DANISH / name / "da.yaml", copy.data / name)
    copy.run("ingest", "--kb", "team", ARTICLE)
    return copy


@pytest.fixture(scope="module")
def lesson(danish: Copy) -> dict[str, Any]:
    found: dict[str, Any] = danish.json("show", "--kb", "team", LESSON)
    return found


def texts(lesson: dict[str, Any], part: str) -> list[str]:
    return [passage["text"] for passage in lesson[part]]


def test_without_the_data_danish_is_another_language(run: Callable[..., Any]) -> None:
    done = run("ingest", "--kb", "team", "--format", "json", ARTICLE)
    refused = json.loads(done.out)["articles"][0]
    assert refused["lessons"] == []
    assert "another language (da)" in refused["reason"]


def test_a_danish_article_gives_a_lesson_with_its_facts(lesson: dict[str, Any]) -> None:
    assert lesson["language"] == "da"
    assert lesson["title"] == "»Bare send mig noget information«"
    assert (lesson["date"], lesson["author"]) == ("2019-03-12", "Mette Højgaard Riis")
    assert lesson["situations"][0] == "send-me-information"


def test_its_parts_are_what_the_article_says(lesson: dict[str, Any]) -> None:
    assert "»Kan du ikke bare sende mig noget information på mail?«" in texts(lesson, "problem")
    assert any(text.startswith("Kunden beder om materiale, fordi") for text in texts(lesson, "diagnosis"))
    advice = texts(lesson, "tactic")
    assert {"Sig ja med det samme, og mén det.", "Lad være med at vedhæfte noget."} <= set(advice)
    script = texts(lesson, "script")
    assert {"»Det vil jeg gerne.", "Når du åbner mailen, hvad håber du så at finde?«"} <= set(script)
    assert not set(script) & set(advice)


def test_the_page_s_furniture_is_left_out(lesson: dict[str, Any]) -> None:
    said = " ".join(text for part in ("problem", "diagnosis", "tactic", "script") for text in texts(lesson, part))
    for noise in ("Forside", "Udskriv", "Læs også", "Lønguide", "rettigheder", "Læsetid"):
        assert noise not in said


def test_it_is_found_by_what_a_dane_types_and_shown_under_danish_headings(danish: Copy) -> None:
    for words in (["send mig noget information", "--lang", "da"], ["kan du ikke bare maile lidt materiale"]):
        shown = danish.run("lookup", "--kb", "team", "--format", "plain", *words)
        assert shown.startswith("»Bare send mig noget information«\nSend noget information (udkast")
        assert all(heading in shown for heading in ("HVORFOR\n", "GØR SÅDAN\n", "SIG SÅDAN\n", "\nKilde: af Mette"))


def test_a_query_in_another_language_is_still_that_language_s(danish: Copy) -> None:
    for query, language in (
        ("skicka lite info på mejlen så tittar jag", "sv"),
        ("stuur maar wat informatie op", "nl"),
        ("just email me something and i'll have a look", "en"),
    ):
        found = danish.json("lookup", "--kb", "team", query)
        assert (found["language"], found["hits"][0]["language"]) == (language, language)


def test_articles_in_the_other_languages_keep_theirs(danish: Copy) -> None:
    assert {hit["language"] for hit in danish.json("browse", "--kb", "team")} == {"da", *OTHERS}
    articles = [danish.data / "starter" / "articles" / name for name in OTHERS.values()]
    ids = [
        article["lessons"] for article in danish.json("ingest", "--kb", "second", "--dry-run", *articles)["articles"]
    ]
    assert [len(some) for some in ids] == [1, 1, 1]


def test_what_is_nearly_danish_is_not_taken_for_it(danish: Copy, tmp_path: pathlib.Path) -> None:
    """It is refused, or read as Norwegian where that is a language of ours."""
    (tmp_path / "norsk.txt").write_text(NORWEGIAN, encoding="utf-8")
    ours = {known.langdetect: known.code for known in profiles().values()}
    if "no" in ours:
        (article,) = danish.json("ingest", "--kb", "second", tmp_path / "norsk.txt")["articles"]
        read = {danish.json("show", "--kb", "second", id_)["language"] for id_ in article["lessons"]}
        assert read <= {ours["no"]}, "none where its cues are not those of Norwegian yet"
    else:
        refused = danish.run("ingest", "--kb", "second", "--dry-run", tmp_path / "norsk.txt", fails=3)
        told = refused.partition("another language (no): coachkb reads ")[2].splitlines()[0]
        assert set(told.split(", ")) == {"Danish", *(known.english for known in profiles().values())}


def test_every_other_command_knows_the_language(danish: Copy, tmp_path: pathlib.Path) -> None:
    assert danish.run("browse", "--kb", "team", "--only-lang", "da").startswith("Dansk (1)\n  Send noget information")
    named = {row["id"]: row["names"] for row in danish.json("situations", "--kb", "team")}
    assert named["too-expensive"]["da"] == "For dyrt"
    assert named["procurement"]["da"] is None
    assert " da " in danish.run("coverage", "--kb", "team").splitlines()[0]
    assert "## »Bare send mig noget information«" in danish.run("export", "--kb", "team", "--only-lang", "da")
    assert "nothing found" in danish.run("check", "--kb", "team")
    (tmp_path / "opkald.txt").write_text(CALL, encoding="utf-8")
    spotted = danish.run("spot", "--kb", "team", tmp_path / "opkald.txt")
    assert spotted.startswith("linje 2  Kunde: Send noget information")


def test_a_situation_without_danish_labels_keeps_its_english_name(danish: Copy) -> None:
    shown = danish.run("situations", "--kb", "team", "--lang", "da")
    assert "Procurement" in shown
    assert "For dyrt" in shown


def test_the_language_alone_will_do(tmp_path: pathlib.Path) -> None:
    """No label in the language, and of its profile only what nothing can do without."""
    copy = copied(tmp_path)
    profile = (DANISH / "languages" / "da.yaml").read_text(encoding="utf-8")
    kept = [table(profile, name) for name in ("code", "name", "english", "stemmer", "langdetect", "stopwords", "cues")]
    (copy.data / "languages" / "da.yaml").write_text("".join(kept), encoding="utf-8")
    told = copy.json("ingest", "--kb", "team", "--dry-run", ARTICLE)["articles"][0]
    assert (told["status"], len(told["lessons"])) == ("new", 1)


def table(profile: str, name: str) -> str:
    """A top-level field of a YAML file, as it stands there."""
    lines = profile.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{name}:"))
    end = next((n for n in range(start + 1, len(lines)) if lines[n][0] not in " "), len(lines))
    return "".join(lines[start:end])


def test_a_fault_in_the_data_is_told_in_one_line(tmp_path: pathlib.Path) -> None:
    copy = copied(tmp_path)
    file = copy.data / "languages" / "da.yaml"
    file.write_text((DANISH / "languages" / "da.yaml").read_text(encoding="utf-8").replace("stemmer: danish", ""))
    told = copy.run("ingest", "--kb", "team", ARTICLE, fails=3)
    assert told == f"coachkb: {file}: stemmer: is missing; see en.yaml beside it\n"
