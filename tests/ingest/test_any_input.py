"""Whatever bytes an article has, they are read or refused; what is taken from it stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkb.data.load import vocabulary
from coachkb.errors import UnreadableFile
from coachkb.ingest.extract import extract
from coachkb.ingest.read import read_document
from coachkb.ingest.text import plain
from coachkb.jobs.extracting import taggers_of
from coachkb.model.terms import ROLES

_ADVICE = "When the buyer says it is too dear, ask him what he compares it with. Then be quiet and listen. "
_PIECES = [
    *(
        "\n",
        "\n\n",
        " ",
        "\t",
        "\r",
        "\0",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "\u00ad",
        "\ufeff",
        "\ud800",
        "🙂",
        "e\u0301",
    ),
    *(
        "# ",
        "## Problem\n",
        "- ",
        "1. ",
        "> ",
        "---\n",
        "```\n",
        "===\n",
        "| a | b |\n",
        "**",
        "_",
        "[a](b",
        "![",
        "<!--",
    ),
    *(
        "<p>",
        "</p>",
        "<div>",
        "<script>",
        "</script>",
        "<h1>",
        "<li>",
        "<a href='",
        "&#x1b;",
        "&amp",
        "<![CDATA[",
        "<?",
    ),
    *(
        "“",
        "”",
        "'",
        '"',
        "„",
        "«",
        "…",
        "...",
        "?!",
        "Mr. ",
        "e.g. ",
        "3 May 2011\n",
        "By John Smith\n",
        "Buyer: No.\n",
    ),
    *("---\ntitle: [a\n---\n", "https://x.nl/a?b=c ", "Tags: a, b\n", "Share this:\n", _ADVICE, _ADVICE * 3),
]
_texts = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=8)), max_size=40).map("".join)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ""])
@settings(max_examples=60, derandomize=True)
@given(
    data=st.one_of(
        _texts.map(lambda text: (_ADVICE * 4 + text).encode("utf-8", "surrogatepass")),
        _texts.map(lambda text: text.encode("utf-16", "surrogatepass")),
        _texts.map(lambda text: text.encode("cp1252", "replace")),
        st.binary(max_size=300),
    )
)
def test_any_bytes_are_read_or_refused(suffix: str, data: bytes) -> None:
    try:
        document = read_document(data, f"page{suffix}")
        document.text.encode("utf-8")
    except (UnreadableFile, UnicodeEncodeError) as told:
        assert "\n" not in str(told)
        return
    for post in extract(document, taggers_of(vocabulary())):
        for passage in (passage for role in ROLES for passage in post.parts[role]):
            there = document.text[passage.start : passage.end]
            assert plain(there, document.suffix == ".md") == passage.text
