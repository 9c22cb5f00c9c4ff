"""A knowledge base to look after, in this process."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from coachkb.kb import KnowledgeBase

ID = "when-the-buyer-says-it-is-too-dear"


@pytest.fixture
def kb(home: pathlib.Path, article: str, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A knowledge base with one lesson, ``ID``."""
    monkeypatch.setenv("COACHKB_USER", "Ann")
    (home / "dear.txt").write_text(article, encoding="utf-8")
    with KnowledgeBase.open(home / "kb", create=True) as made:
        (result,) = made.ingest(["dear.txt"])
    assert result.lessons == (ID,)
    return home / "kb"


@pytest.fixture
def lesson(kb: pathlib.Path) -> Callable[..., pathlib.Path]:
    """lesson("x", "situations: [trust]"): writes a lesson file by hand, with what every lesson must have."""

    def write(id_: str, *more: str, language: str = "en", file: str | None = None) -> pathlib.Path:
        path = kb / (file or f"lessons/{language}/{id_}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = ["format: 1", f"id: {id_}", f"title: Title of {id_}", f"language: {language}"]
        if not any(row.startswith("situations:") for row in more):
            rows.append("situations: [trust]")
        if not any(row.startswith(("problem", "tactic", "script")) for row in more):
            rows.append("script:\n  - Ask, and then be quiet.")
        path.write_text("\n".join([*rows, *more]) + "\n", encoding="utf-8")
        return path

    return write
