"""The figures on how far two annotators agree, and the marks they left in the gold."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import subprocess
import sys
from typing import Any

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
_SPEC = importlib.util.spec_from_file_location("agreement", ROOT / "scripts" / "agreement.py")
assert _SPEC and _SPEC.loader
agreement = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(agreement)


def gold(*rows: tuple[int, int, str]) -> dict[str, Any]:
    return {"source": "a.txt", "lessons": [{"passages": [{"start": a, "end": b, "role": r} for a, b, r in rows]}]}


def test_kappa_is_that_of_the_textbook() -> None:
    """Cohen 1960, a two by two table: 20 and 15 agreed, 5 and 10 not; kappa 0.4."""
    yes, no = "tactic", "none"
    pairs = [(yes, yes)] * 20 + [(yes, no)] * 5 + [(no, yes)] * 10 + [(no, no)] * 15
    assert agreement.kappa(pairs) == pytest.approx(0.4)


def test_the_ends_of_the_scale() -> None:
    both = [("problem", "problem"), ("tactic", "tactic")]
    crossed = [("problem", "tactic"), ("tactic", "problem")]
    assert (agreement.kappa(both), agreement.macro_f1(both)) == (1, 1)
    assert (agreement.kappa(crossed), agreement.macro_f1(crossed)) == (-1, 0)
    assert (agreement.kappa([]), agreement.macro_f1([("story", "none")])) == (None, None)


def test_letters_count_and_white_space_does_not() -> None:
    letters, sentences = agreement.compare(
        "Ask. Wait!  So.", gold((0, 4, "tactic"), (5, 10, "tactic")), gold((0, 10, "tactic"))
    )
    assert letters == [("tactic", "tactic")] * 7 + [("none", "none")] * 2
    assert sentences == [("tactic", "tactic")] * 2


def test_a_sentence_only_one_hand_labelled_is_counted_once() -> None:
    _, sentences = agreement.compare("Ask. Wait.", gold((0, 4, "tactic")), gold((0, 4, "script"), (5, 10, "problem")))
    assert sentences == [("tactic", "script"), ("none", "problem")]


def test_two_hands_agree_on_at_least_ten_articles() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "agreement.py"), "--json"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    table = json.loads(done.stdout)
    assert len(table) - 1 >= 10
    assert table["all"]["macro_f1"] >= 0.9
    assert table["all"]["kappa_sentences"] >= 0.85


def test_what_the_hands_differ_on_is_marked_and_nothing_else() -> None:
    for second in sorted((GOLD / "second").glob("*.gold.json")):
        one, two = (json.loads(path.read_text(encoding="utf-8")) for path in (GOLD / second.name, second))
        text = agreement.article_text(ROOT / "articles", one["source"])
        other = agreement.labels(two, len(text))
        for passage in agreement.passages(one):
            span = range(passage["start"], passage["end"])
            differs = any(other[i] != passage["role"] for i in span if text[i].isalnum())
            assert passage.get("disputed", False) == differs, (second.name, passage)
