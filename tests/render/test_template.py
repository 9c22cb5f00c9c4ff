"""One-line templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkb.errors import UsageError
from coachkb.render.template import template

FIELDS = {"id": "an id", "title": "a title"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{id}", "x\n"),
        ("{id}\\t{title}", "x\ta b\n"),
        ("{id}\t{title}", "x\ta b\n"),
        ("{{{id}}}", "{x}\n"),
        ("{id}\\\\t\\q\\", "x\\t\\q\\\n"),
        ("{title}\\0", "a b\0"),
        ("", "\n"),
    ],
)
def test_fields_and_escapes(text: str, line: str) -> None:
    assert template(text, FIELDS)({"id": "x", "title": "a\nb"}) == line


@pytest.mark.parametrize(
    "text", ["{nope}", "{}", "{id.x}", "{id[0]}", "{id!r}", "{id:>9}", "{__class__}", "{title{id}}"]
)
def test_what_is_no_field_is_refused_and_the_fields_are_named(text: str) -> None:
    with pytest.raises(UsageError, match=r"one of id, title|braces"):
        template(text, FIELDS)


@pytest.mark.parametrize("text", ["{id", "id}", "{"])
def test_a_lone_brace_is_explained(text: str) -> None:
    with pytest.raises(UsageError, match="braces of your own"):
        template(text, FIELDS)


@given(text=st.text(), value=st.text())
def test_any_template_is_filled_or_refused_and_values_cannot_act(text: str, value: str) -> None:
    try:
        filled = template(text, FIELDS)
    except UsageError:
        return
    line = filled({"id": value, "title": value})
    assert "\x1b" not in line or "\x1b" in text
    assert filled({"id": "{title}", "title": "y"}).count("y") == text.count("y") + text.count("{title}")
