"""Whatever articles and people write, the playbook shows their words and is marked up by coachkb alone."""

from __future__ import annotations

import json
import posixpath
import re
import string
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from coachkb.data.load import profile, vocabulary
from coachkb.export.json import lessons_json
from coachkb.export.markdown import escape, lesson_markdown, pages, playbook, visible
from coachkb.model.lesson import Lesson, Passage, Review, Source
from coachkb.model.situation import Labels, Situation
from coachkb.model.summary import key_ones, numbers_alone, with_cuts
from coachkb.model.terms import ROLES


def _parsers() -> Iterator[tuple[str, MarkdownIt]]:
    """CommonMark, and what common renderers add to it."""
    yield "commonmark", MarkdownIt("commonmark")
    yield "tables and strikethrough", MarkdownIt("commonmark").enable(["table", "strikethrough"])
    try:
        import linkify_it  # noqa: F401
    except ImportError:
        return
    yield "bare addresses", MarkdownIt("gfm-like", {"linkify": True})


PARSERS = dict(_parsers())

PIECES = """
# ###### ## - + * ** *** _ __ ~ ~~ ` ``` ~~~ > >> | || |-|-| :-: --- ___ *** ===
- 1. 12) 1234567890. : ::: \\ \\\\ ! ![ [ ] (
) ](x) [a](b) ![a](b.png) [a]: [a]:http://b [^1] <b> </b> <br/> <!-- --> <script> <?x?> <![CDATA[ &amp; &#35; &lt;
&copy http://a.example https://b.example/?q=1&r=(2) ftp://c.example www.d.example WWW.E.example f.com mailto:g@h.example
i@j.example //localhost <k@l.example> <http://m.example> $x$ ^2^ {#id} {: .c} == word Ord råd it's 5 % "quoted" – …
""".split()  # noqa: SIM905
SPACES = [" ", "  ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "\v", "\f", "\x85", "\u00a0", "\u2028", "\u3000"]
UNSEEN = ["\x00", "\x1b[31m", "\x07", "\x9b", "\u202e", "\u2066", "\u200f", "\u061c", "\ufeff", "\u200b", "\ud800"]

marked_up = st.lists(
    st.one_of(
        st.sampled_from(PIECES), st.sampled_from(SPACES), st.sampled_from(UNSEEN), st.sampled_from(string.punctuation)
    ),
    max_size=12,
).map("".join)
texts = st.one_of(marked_up, st.text(max_size=40), st.text(alphabet="#-+*>=_`~| \n1.)ab:\\", max_size=20))
slugs = st.from_regex(r"\A[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}\Z")
IDS = ("too-expensive", "no-budget", "own-one")


@st.composite
def vocabularies(draw: st.DrawFn) -> dict[str, Situation]:
    return {
        id_: Situation(id_, "own", {code: Labels(draw(texts)) for code in draw(st.sets(st.sampled_from(["en", "nl"])))})
        for id_ in IDS
    }


passages = st.lists(st.builds(Passage, text=texts, start=st.none(), end=st.none(), key=st.booleans()), max_size=3).map(
    tuple
)
lessons = st.builds(
    Lesson,
    id=slugs,
    title=texts,
    language=st.sampled_from(["en", "nl", "sv", "de"]),
    situations=st.lists(st.one_of(st.sampled_from(IDS), texts), max_size=3).map(tuple),
    date=st.one_of(st.none(), st.just("2011-02-09"), texts),
    author=st.one_of(st.none(), texts),
    group=st.none(),
    source=st.builds(Source, path=st.one_of(st.none(), texts), origin=st.one_of(st.none(), texts)),
    problem=passages,
    diagnosis=passages,
    tactic=passages,
    script=passages,
    review=st.just(Review()),
    notes=st.one_of(st.none(), texts),
    extraction=st.just({}),
)

Block = tuple[str, str, str]  # "h1".."h6", "p" or "li"; where it stands ("", "quote"); what is seen


def inline_text(token: Token) -> str:
    """What a reader sees of one line of text. Fails on any mark-up that coachkb does not write."""
    out = ""
    for child in token.children or ():
        if child.type == "text":
            out += child.content
        elif child.type == "hardbreak":
            out += "\n"
        else:
            assert child.type in ("em_open", "em_close", "link_open", "link_close"), (
                f"{child.type} in {token.content!r}"
            )
            if child.type == "link_open":
                out += f"⟨{child.attrs['href']}⟩"
    return out


def blocks(markdown: str, parser: MarkdownIt) -> list[Block]:
    """The document as its reader sees it."""
    found: list[Block] = []
    quoted, kind = 0, "p"
    allowed = {"heading", "paragraph", "blockquote", "bullet_list", "list_item"}
    for token in parser.parse(markdown):
        if token.type == "inline":
            found.append((kind, "quote" if quoted else "", inline_text(token)))
            continue
        name = token.type.removesuffix("_open").removesuffix("_close")
        assert name in allowed, f"{token.type} in {markdown!r}"
        quoted += token.nesting if name == "blockquote" else 0
        if token.nesting == 1 and name in ("heading", "paragraph", "list_item"):
            kind = token.tag if name == "heading" else "li" if name == "list_item" else kind if kind == "li" else "p"
        elif token.nesting == -1 and name in ("heading", "list_item"):
            kind = "p"
    return found


def expected(lesson: Lesson, names: dict[str, str], full: bool, level: int) -> list[Block]:
    """What a page of one lesson should show, said a second time and without Markdown."""
    labels, headings = profile_of(lesson).labels, profile_of(lesson).headings
    out = [(f"h{level}", "", visible(lesson.title) or lesson.id)]
    facts = [f"{labels['by']} {visible(lesson.author)}"] if visible(lesson.author or "") else []
    facts += [visible(lesson.date)] if visible(lesson.date or "") else []
    origin = visible(lesson.source.origin or lesson.source.path or "")
    facts += [f"{labels['source']}: {origin}"] if origin else []
    tags = ", ".join(n for n in (visible(names.get(id_, "")) or visible(id_) for id_ in lesson.situations) if n)
    draft = labels[lesson.review.status] if lesson.review.status in ("draft", "dropped") else ""
    head = [line for line in (" · ".join(facts), tags, draft) if line]
    out += [("p", "", "\n".join(head))] if head else []
    for role in ROLES:
        part = [(p.text, p.start, p.end, p.key) for p in lesson.part(role) if visible(p.text)]
        whole = full or not any(key for *_, key in part)
        numbers = list(range(len(part))) if whole else key_ones(part)  # tests/render/test_view.py holds these
        texts = with_cuts(part, numbers, [visible(part[n][0]) for n in numbers])
        shown = [text[number:] for text, number in zip(texts, numbers_alone(texts), strict=True)]
        if shown:
            out.append((f"h{level + 1}", "", headings[role]))
            items = [role != "script" and re.match(r"[-*+•·▪◦‣✓✔➤→] (?=\S)", text) for text in shown]
            out += [
                ("li", "", text[2:]) if item else ("p", "quote" if role == "script" else "", text)
                for item, text in zip(items, shown, strict=True)
            ]
    notes: list[list[str]] = [[]]
    for line in (lesson.notes or "").splitlines():
        if visible(line):
            notes[-1].append(visible(line))
        else:
            notes.append([])
    if any(notes):
        out.append((f"h{level + 1}", "", labels["notes"]))
    return out + [("p", "", " ".join(lines)) for lines in notes if lines]


def profile_of(lesson: Lesson):
    return profile(lesson.language if lesson.language in ("en", "nl", "sv") else "en")


def seen(found: list[Block]) -> list[Block]:
    """Empty paragraphs show nothing."""
    return [block for block in found if block[2]]


@pytest.mark.parametrize("flavour", PARSERS)
@given(text=texts)
@example("# not a heading #")
@example("- - -")
@example("1986. A great year")
@example("write to a.b@example.com or see www.example.com/x_y_z.")
@example("=== \t ---")
@example("a\\")
@example(": a definition")
def test_escaped_text_is_one_paragraph_of_that_text(flavour: str, text: str) -> None:
    parser = PARSERS[flavour]
    for markdown, kind in ((escape(text), "p"), (f"# {escape(text)}", "h1"), (f"> {escape(text)}", "p")):
        assert seen(blocks(markdown, parser)) == seen([(kind, "quote" if markdown[:2] == "> " else "", visible(text))])


@given(text=texts)
def test_escaped_text_stays_in_its_table_cell(text: str) -> None:
    """The coverage table has situation names in it."""
    parser = PARSERS["tables and strikethrough"]
    inline = [t for t in parser.parse(f"| a | b |\n| --- | --- |\n| {escape(text)} | 2 |\n") if t.type == "inline"]
    assert [inline_text(token) for token in inline] == ["a", "b", visible(text), "2"]


@pytest.mark.parametrize("flavour", PARSERS)
@given(lesson=lessons, known=vocabularies(), full=st.booleans(), level=st.integers(1, 2))
def test_a_lesson_shows_its_words_and_no_mark_up_of_theirs(
    flavour: str, lesson: Lesson, known: dict[str, Situation], full: bool, level: int
) -> None:
    names = {id_: situation.name(lesson.language) for id_, situation in known.items()}
    markdown = lesson_markdown(lesson, names, full=full, level=level)
    assert blocks(markdown, PARSERS[flavour]) == expected(lesson, names, full, level)


def test_a_control_character_at_the_end_of_a_line_ate_the_next_ones_first() -> None:
    """Joined by a blank, the two lines held an escape sequence that neither of them does."""
    assert "0 \\@" in lesson_markdown(Lesson("a", "A", "en", notes="0\x9b\n@"), {}, full=True)


@pytest.mark.parametrize("flavour", PARSERS)
@given(many=st.lists(lessons, max_size=4, unique_by=lambda lesson: lesson.id), known=vocabularies())
def test_a_playbook_is_its_languages_and_its_lessons(
    flavour: str, many: list[Lesson], known: dict[str, Situation]
) -> None:
    found = blocks(playbook(many, known, full=False), PARSERS[flavour])
    languages = list(dict.fromkeys(lesson.language for lesson in many))
    assert [text for kind, _, text in found if kind == "h1"] == [
        profile(code).name if code != "de" else "de" for code in languages
    ]
    parts = [expected(lesson, {id_: s.name(lesson.language) for id_, s in known.items()}, False, 3) for lesson in many]
    around = ("h1", "h2")  # languages, situations
    told = [block for part in parts for block in part]
    contents = sum(kind in ("h2", "h3") for kind, _, _ in found)
    listed = [b for b in found if b[0] == "li" and b not in told]
    assert sorted(b for b in found if b[0] not in around and b not in listed) == sorted(told)
    assert len(listed) == contents


@pytest.mark.parametrize("flavour", PARSERS)
@given(many=st.lists(lessons, max_size=5, unique_by=lambda lesson: lesson.id), known=vocabularies())
def test_the_index_links_every_page_and_nothing_else(
    flavour: str, many: list[Lesson], known: dict[str, Situation]
) -> None:
    found = pages(many, known, full=True)
    items = [text for kind, _, text in blocks(found["index.md"], PARSERS[flavour]) if kind == "li"]
    wanted = []
    for lesson in many:
        status = lesson.review.status
        draft = profile_of(lesson).labels[status] if status in ("draft", "dropped") else ""
        link = f"⟨{lesson.language}/{lesson.id}.md⟩{visible(lesson.title) or lesson.id}"
        wanted.append(" — ".join(filter(None, (link, visible(lesson.author or ""), draft))))
    assert sorted(items) == sorted(wanted)
    assert {posixpath.normpath(item[1 : item.index("⟩")]) for item in items} == set(found) - {"index.md"}
    for name, text in found.items():
        assert text.endswith("\n") and not text.endswith("\n\n"), name


def test_a_summary_holds_the_key_passages_and_full_holds_all() -> None:
    lesson = Lesson("a", "A", "en", tactic=(Passage("Ask."), Passage("Then be quiet.", key=True)))
    assert "Ask." not in lesson_markdown(lesson, {}, full=False)
    assert "Then be quiet." in lesson_markdown(lesson, {}, full=False)
    assert "Ask." in lesson_markdown(lesson, {}, full=True)


def test_a_quotation_is_whole_and_what_a_colon_announces_is_there() -> None:
    told = [
        ('They say: "Thirty thousand?', False),
        ("My word.", False),
        ('That is far too dear."', True),
        ("Ask them this:", True),
        ('"Dear beside what?"', False),
        ("Then wait.", False),
    ]
    lesson = Lesson("a", "A", "en", tactic=tuple(Passage(text, key=key) for text, key in told))
    text = lesson_markdown(lesson, {}, full=False)
    assert [t for t, _ in told if t in text] == [t for t, _ in told[:5]]


def test_numbers_of_a_list_of_which_items_are_missing_are_left_out() -> None:
    told = (Passage("1. Wait.", key=True), Passage("2. Ask."), Passage("3. Listen.", key=True))
    lesson = Lesson("a", "A", "en", tactic=told)
    assert "What to do\n\nWait.\n\nListen.\n" in lesson_markdown(lesson, {}, full=False)
    assert "1\\. Wait.\n\n2\\. Ask.\n\n3\\. Listen.\n" in lesson_markdown(lesson, {}, full=True)


def test_a_quotation_of_several_passages_is_one_blockquote() -> None:
    lesson = Lesson(
        "a", "A", "en", script=(Passage('"Dear?', 0, 6), Passage('Beside what?"', 7, 20), Passage("Bye.", 90, 94))
    )
    assert '> "Dear?  \n> Beside what?"\n\n> Bye.\n' in lesson_markdown(lesson, {}, full=True)


def test_items_of_a_list_are_a_list_in_the_playbook_too() -> None:
    """ "- Ask." was a paragraph with a hyphen before it; what goes on in an item's line stays with it."""
    told = (
        Passage("Do this:", 0, 8),
        Passage("- Ask.", 9, 15),
        Passage("Then wait.", 16, 26),
        Passage("• Go.", 27, 32),
    )
    lesson = Lesson("a", "A", "en", tactic=(*told, Passage("Done.", 34, 39)), script=(Passage("- Hello?"),))
    text = lesson_markdown(lesson, {}, full=True)
    assert "Do this:\n\n- Ask. Then wait.\n- Go.\n\nDone.\n" in text
    assert "> \\- Hello?" in text


def test_notes_are_called_so() -> None:
    assert "## Notities\n\nVraag het Jan." in lesson_markdown(
        Lesson("a", "A", "nl", notes="Vraag het Jan."), {}, full=False
    )


def test_a_playbook_begins_with_its_contents_by_situation() -> None:
    known = {
        "b": Situation("b", "own", {"en": Labels("Too dear!")}),
        "a": Situation("a", "own", {"en": Labels("Later")}),
    }
    many = [Lesson(id_, "Wait, then", "en", (tag,), tactic=(Passage("Ask."),)) for id_, tag in (("x", "a"), ("y", "b"))]
    text = playbook(many, known, full=False)
    assert text.startswith(
        "# English\n\n- [Too dear!](#too-dear)\n  - [Wait, then](#wait-then) — draft, not yet reviewed\n"
        "- [Later](#later)\n  - [Wait, then](#wait-then-1) — draft, not yet reviewed\n\n## Too dear!\n\n### Wait, then\n"
    )


@pytest.mark.parametrize("code", ["en", "nl", "sv"])
def test_a_draft_says_so_in_its_language_and_an_approved_lesson_does_not(code: str) -> None:
    label = profile(code).labels["draft"]
    draft, approved = Lesson("a", "A", code), Lesson("b", "B", code, review=Review("approved"))
    assert f"*{label}*" in lesson_markdown(draft, {}, full=False)
    assert label not in lesson_markdown(approved, {}, full=True)
    assert [line for line in pages([draft, approved], {}, full=False)["index.md"].splitlines() if label in line] == [
        f"- [A]({code}/a.md) — {label}"
    ]


def test_plain_prose_is_left_readable() -> None:
    """What needs no escape has none: people read the source as well."""
    prose = "Prices start at 5.50, e.g. for \"starters\" (or less): it's what they said - 3 times! Don't, 'kay?"
    assert escape(prose).replace("\\", "") == prose
    assert escape(prose).count("\\") == 0


def test_a_lesson_in_a_language_without_a_profile_is_not_called_english() -> None:
    text = playbook([Lesson("a", "Zu teuer", "de")], vocabulary(), full=False)
    assert text.startswith("# de\n")


@given(many=st.lists(lessons, max_size=3))
def test_json_has_every_key_and_every_passage(many: list[Lesson]) -> None:
    data = json.loads(lessons_json(many))
    keys = ["id", "title", "language", "date", "author", "situations", "group", "source", *ROLES, "review", "notes"]
    for row, lesson in zip(data, many, strict=True):
        assert list(row) == keys
        assert list(row["source"]) == ["path", "origin", "sha256", "start", "end"]
        assert list(row["review"]) == ["status", "by", "on", "until"]
        for role in ROLES:
            assert row[role] == [
                {"text": p.text, "start": p.start, "end": p.end, "key": p.key} for p in lesson.part(role)
            ]


def test_a_narrower_situation_has_a_chapter_of_its_own() -> None:
    """Its broader one stands before it in the lesson, and took the lesson into its own chapter."""
    green = Situation("green", "objections", {"en": Labels("Green questions")}, "objection-handling")
    lesson = Lesson("a", "A title", "en", situations=("objection-handling", "green"), tactic=(Passage("Wait."),))
    text = playbook([lesson], {**vocabulary(), "green": green}, full=True)
    assert "## Green questions" in text and "## Objection handling" not in text
