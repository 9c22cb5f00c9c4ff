"""``coachkb show`` with several ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
IDS = ("tell-them-the-price-early", "the-price-conversation")


@pytest.mark.parametrize(
    "more",
    [(), ("--format", "markdown"), ("--format", "card"), ("--explain",)],
    ids=["plain", "markdown", "card", "explain"],
)
def test_lessons_stand_one_after_the_other_with_a_blank_line_between(call: Call, more: tuple[str, ...]) -> None:
    one, other = (call("show", id_, *more) for id_ in IDS)
    assert call("show", *IDS, *more) == (0, f"{one.out}\n{other.out}", "")
    assert not one.out.endswith("\n\n")


@pytest.mark.parametrize("more", [(), ("--explain",)])
def test_the_json_of_one_is_a_lesson_and_of_several_a_list(call: Call, more: tuple[str, ...]) -> None:
    one, other = (json.loads(call("show", id_, "--format", "json", *more).out) for id_ in IDS)
    assert one["id"] == IDS[0]
    assert json.loads(call("show", *IDS, "--format", "json", *more).out) == [one, other]


def test_an_id_that_is_none_is_told_and_the_others_are_shown(call: Call) -> None:
    done = call("show", "no-such-lesson", *IDS[:1])
    assert (done.code, done.out) == (1, call("show", *IDS[:1]).out)
    assert done.err.startswith("coachkb: no lesson has the id 'no-such-lesson'")
    listed = call("show", "no-such-lesson", *IDS[:1], "--format", "json")
    assert (listed.code, [lesson["id"] for lesson in json.loads(listed.out)]) == (1, list(IDS[:1]))
    neither = call("show", "no-such-lesson", "nor-this-one")
    assert (neither.code, neither.out, len(neither.err.splitlines())) == (1, "", 2)
