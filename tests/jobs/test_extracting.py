"""Helpers extract ahead of the one that writes: the same knowledge base, however many, and nothing lost with them."""

from __future__ import annotations

import functools
import multiprocessing
import os
import pathlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

from coachkb.errors import UsageError
from coachkb.jobs import extracting
from coachkb.kb import Ingested, KnowledgeBase

NAMES = ("anything-off-the-price.txt", "archief-maart-2014.html", "borra-fler-hal.txt", "chapter-6-quotes-we-price.md")
ARTICLES = [pathlib.Path(__file__).resolve().parents[2] / "articles" / name for name in NAMES]
forking = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="what a test puts in place of a function only a fork knows"
)


def files(kb: pathlib.Path) -> dict[str, bytes]:
    return {str(path.relative_to(kb)): path.read_bytes() for path in sorted(kb.rglob("*")) if path.is_file()}


def ingest(
    name: str, jobs: int, paths: Sequence[str | os.PathLike[str]] = (), own: str | None = None
) -> tuple[list[Ingested], dict[str, bytes]]:
    """What ingesting into a new knowledge base (or once more) told, and the files that are in it then."""
    with KnowledgeBase.open(name, create=True) as kb:
        if own:
            pathlib.Path(name, "situations.yaml").write_text(own, encoding="utf-8")
        return kb.ingest(paths, jobs=jobs), files(pathlib.Path(name))


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_the_same_knowledge_base_however_many_and_however_started(
    home: pathlib.Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "empty.txt").write_text(" \n")
    paths = [ARTICLES[0], "empty.txt", *ARTICLES[1:], "missing.txt"]
    started = functools.partial(ProcessPoolExecutor, mp_context=multiprocessing.get_context(method))
    monkeypatch.setattr(extracting, "ProcessPoolExecutor", started)
    alone, three = ingest("alone", 1, paths), ingest("three", 3, paths)
    assert three == alone
    assert [result.status for result in alone[0]] == ["new", "failed", "new", "new", "new", "failed"]


def test_helpers_know_the_situations_of_ones_own(home: pathlib.Path, article: str) -> None:
    own = "geyser-talk:\n  broader: objection-handling\n  labels:\n    en: {name: Geyser talk, said: [my geyser erupts]}\n"
    for n in range(2):
        text = article.replace("The reason", f"My geyser erupts {n}, my geyser erupts. The geyser erupts. The reason")
        (home / f"{n}.txt").write_text(text.replace("too dear", f"my geyser erupts {n}"), encoding="utf-8")
    alone, two = ingest("alone", 1, ["0.txt", "1.txt"], own), ingest("two", 2, ["0.txt", "1.txt"], own)
    assert two == alone
    assert any(b"geyser-talk" in data for name, data in two[1].items() if name.endswith(".yaml") and "lessons" in name)


def broken(happens: Callable[[], Any], real: Callable[..., Any] = extracting.extract) -> Callable[..., Any]:
    """``extract``, but that something happens when an article speaks of a geyser."""

    def extract(document: Any, taggers: Any) -> Any:
        if "geyser" in document.text:
            happens()
        return real(document, taggers)

    return extract


@forking
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bug_that_one_article_meets_leaves_the_others_alone(
    home: pathlib.Path, jobs: int, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "bad.txt").write_text(f"{article}\n\nThe geyser.\n", encoding="utf-8")
    monkeypatch.setattr(extracting, "extract", broken(lambda: {}["lost"]))
    (bad, good), written = ingest("kb", jobs, ["bad.txt", ARTICLES[0]])
    assert (bad.status, good.status) == ("failed", "new")
    assert (
        "bug" in str(bad.reason) and "KeyError: 'lost'" in str(bad.reason) and "test_extracting.py" in str(bad.reason)
    )
    assert [name for name in written if name.startswith("articles")] == [f"articles/{NAMES[0]}"]


@forking
def test_without_its_helpers_one_process_does_it_all(
    home: pathlib.Path, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A helper that the system kills takes the others with it; what they would have told is found out here."""
    (home / "large.txt").write_text(f"{article}\n\nThe geyser.\n", encoding="utf-8")
    killed = broken(lambda: multiprocessing.parent_process() and os._exit(9))
    monkeypatch.setattr(extracting, "extract", killed)
    paths = ["large.txt", *ARTICLES]
    assert ingest("two", 2, paths) == ingest("alone", 1, paths)


def test_where_there_can_be_no_helpers_there_are_none(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_semaphores(*_: Any, **__: Any) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(extracting, "ProcessPoolExecutor", no_semaphores)
    assert [result.status for result in ingest("kb", 2, ARTICLES[:2])[0]] == ["new", "new"]


@forking
def test_what_is_up_to_date_is_extracted_by_nobody(home: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ingest("kb", 2, ARTICLES)
    monkeypatch.setattr(extracting, "extract", None)
    again = ingest("kb", 2, ARTICLES)
    assert {result.status for result in again[0]} == {"unchanged"}
    assert again[1] == first[1]


def test_how_many_processes() -> None:
    assert extracting.processes(3) == 3
    assert extracting.processes(0) >= 1
    with pytest.raises(UsageError, match="jobs is -1"):
        extracting.processes(-1)
