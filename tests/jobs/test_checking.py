"""Every check finds what it is there for, at its line, and mends what it can without touching the rest."""

from __future__ import annotations

import difflib
import pathlib
import re
from collections.abc import Callable, Sequence

import pytest
import yaml

from coachkb.errors import UnusableKB, UsageError
from coachkb.jobs.checking import Report
from coachkb.jobs.checks import CHECKS
from coachkb.jobs.checks.base import Finding
from coachkb.jobs.checks.content import places
from coachkb.jobs.checks.ids import looks
from coachkb.kb import KnowledgeBase
from coachkb.store.lesson_file import parse_lesson

ID = "when-the-buyer-says-it-is-too-dear"
Write = Callable[..., pathlib.Path]


def check(kb: pathlib.Path, paths: Sequence[str] = (), **options: object) -> Report:
    with KnowledgeBase.open(kb, lenient=True) as opened:
        return opened.check(paths, **options)  # type: ignore[arg-type]


def found(kb: pathlib.Path, check_id: str) -> list[Finding]:
    return list(check(kb, only=[check_id]).findings)


def only_one(kb: pathlib.Path, check_id: str) -> Finding:
    (finding,) = found(kb, check_id)
    return finding


def line_of(path: pathlib.Path, text: str) -> int:
    rows = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, row in enumerate(rows, 1) if text in row)


def swap(path: pathlib.Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


# ------------------------------------------------------------------------------------------------------ the whole


def test_what_ingest_wrote_has_no_fault(kb: pathlib.Path) -> None:
    report = check(kb)
    assert (report.findings, report.files, report.skipped) == ((), 1, 0)


def test_a_bad_file_never_hides_others(kb: pathlib.Path, lesson: Write) -> None:
    lesson("one", "date: soon")
    lesson("two", "situations: [nope]")
    (kb / "lessons/en/bad.yaml").write_bytes(b"a: [b\n")
    (kb / "lessons/en/latin.yaml").write_bytes(b"title: \xff\n")
    (kb / "coachkb.yaml").write_text("starter: perhaps\n", encoding="utf-8")
    (kb / "situations.yaml").write_text("green: {broader: nope}\n", encoding="utf-8")
    report = check(kb)
    assert {finding.file for finding in report.findings} == {
        "coachkb.yaml",
        "situations.yaml",
        *(f"lessons/en/{name}.yaml" for name in ("one", "two", "bad", "latin")),
    }
    assert report.skipped == 3


def test_every_finding_has_a_line_of_its_file(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson(
        "x", "date: 2026-13-01", "review: {status: approved, on: soon, untill: 12:30}", "situations: [nope, nope]"
    )
    report = check(kb)
    rows = len(path.read_text(encoding="utf-8").splitlines())
    assert len(report.findings) > 4
    assert all(1 <= finding.line <= rows for finding in report.findings)


def test_checking_writes_nothing(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "author: 12:30", file="lessons/nl/y.yaml")
    before = {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()}
    assert check(kb).findings
    assert {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()} == before


def test_findings_can_be_kept_to_files_and_folders(kb: pathlib.Path, lesson: Write) -> None:
    lesson("one", "situations: [nope]")
    lesson("two", "situations: [nope]", language="nl")
    assert {x.lesson for x in check(kb, [str(kb / "lessons/nl")]).findings} == {"two"}
    assert {x.lesson for x in check(kb, [str(kb / "lessons/en/one.yaml")]).findings} == {"one"}
    assert {x.lesson for x in check(kb, [str(kb / "coachkb.yaml")]).findings} == {"one", "two"}
    assert {x.lesson for x in check(kb, [str(kb.parent)]).findings} == {"one", "two"}
    (kb / "articles/dear.txt").unlink()
    with pytest.raises(UsageError, match="no such file"):
        check(kb, [str(kb / "articles/dear.txt")])
    assert {x.lesson for x in check(kb, [str(kb / "articles")]).findings} == {ID}
    with pytest.raises(UsageError, match="does not lie in"):
        check(kb, [str(kb.parent / "dear.txt")])


def test_an_unknown_check_is_refused_with_the_nearest(kb: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="did you mean situations"):
        check(kb, only=["situation"])


def test_without_a_knowledge_base_there_is_nothing_to_check(home: pathlib.Path) -> None:
    with pytest.raises(UnusableKB, match="no knowledge base"):
        KnowledgeBase.open(lenient=True).check()


@pytest.mark.parametrize("id_", CHECKS)
def test_every_check_is_explained(id_: str) -> None:
    entry = CHECKS[id_]
    assert entry.id == id_
    assert len(entry.explanation) > len(entry.about) > 15
    assert entry.stale or entry.always
    assert ("--fix" in entry.explanation) == (entry.mend is not None)


# ---------------------------------------------------------------------------------------------------- lesson files


def test_all_faults_of_a_file_are_told_with_line_and_field(kb: pathlib.Path) -> None:
    path = kb / "lessons/en/x.yaml"
    rows = [
        "format: 1",
        "id: Not_An_Id",
        "language: english",
        "situations: trust",
        "date: 2026-02-30",
        "source:",
        "  path: ../out.txt",
        "  start: x",
        "problem:",
        "  - text: fine",
        "    start: 9",
        "    end: 3",
        "  - text: fine",
        "    key: perhaps",
        "script: words",
        "review: {status: done, until: never}",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    told = {(finding.line, finding.field) for finding in found(kb, "schema")}
    assert told == {
        (1, "title"),
        (2, "id"),
        (3, "language"),
        (4, "situations"),
        (5, "date"),
        (7, "source.path"),
        (8, "source.start"),
        (10, "problem"),
        (14, "problem.key"),
        (15, "script"),
        (16, "review.status"),
        (16, "review.until"),
    }


def test_a_language_without_a_profile_is_told(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", language="fr")
    assert (only_one(kb, "schema").line, only_one(kb, "schema").field) == (4, "language")
    assert found(kb, "place") == []


def test_a_newer_coachkbs_file_is_left_alone(kb: pathlib.Path) -> None:
    path = kb / "lessons/en/x.yaml"
    path.write_text("format: 2\nid: x\nnovelty: no\n", encoding="utf-8")
    report = check(kb, fix=True)
    assert [(x.check, x.line) for x in report.findings] == [("schema", 1)]
    assert "newer coachkb" in report.findings[0].message
    assert path.read_text(encoding="utf-8") == "format: 2\nid: x\nnovelty: no\n"


def test_unknown_keys_name_the_nearest(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson(
        "x",
        "nots: my own",
        "review:",
        "  status: draft",
        "  untill: null",
        "tactic:",
        "  - text: Ask.",
        "    keys: true",
    )
    told = {finding.field: (finding.line, finding.message) for finding in found(kb, "unknown-keys")}
    assert {field: line for field, (line, _) in told.items()} == {
        "nots": line_of(path, "nots"),
        "review.untill": line_of(path, "untill"),
        "tactic.keys": line_of(path, "keys"),
    }
    assert "'notes'" in told["nots"][1] and "'until'" in told["review.untill"][1] and "'key'" in told["tactic.keys"][1]


def test_a_misspelt_key_is_mended_where_the_right_one_is_lacking(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson("x", "# what to do", "tactics:  # two", "  - Ask.", "  - text: Wait.", "nots: a", "notes: b")
    report = check(kb, fix=True)
    assert [finding.field for finding in report.fixed] == ["tactics"]
    assert [finding.field for finding in report.findings] == ["nots"], "there are notes already"
    assert "# what to do\ntactic:  # two\n  - Ask.\n" in path.read_text(encoding="utf-8")
    assert [p.text for p in KnowledgeBase.open(kb).lesson("x").tactic] == ["Ask.", "Wait."]


def test_a_check_of_files_counts_those_alone(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson("x", "nots: my own")
    (kb / "lessons/en/broken.yaml").write_text("a: [", encoding="utf-8")
    report = check(kb, [str(path)])
    assert (report.files, report.skipped) == (1, 0)
    assert (check(kb).files, check(kb).skipped) == (3, 1)


def test_an_emptied_lesson_says_how_to_get_it_back(kb: pathlib.Path) -> None:
    path = kb / f"lessons/en/{ID}.yaml"
    path.write_text("", encoding="utf-8")
    with KnowledgeBase.open(kb) as opened:
        opened.lookup("too expensive")
        (problem,) = opened.problems
    for told in (str(problem), only_one(kb, "schema").message):
        assert "is empty: bring it back (git checkout, coachkb undo), or delete it and ingest" in told


def test_a_key_of_ones_own_is_unknown_but_served(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "our-crm-number: seventeen")
    assert only_one(kb, "unknown-keys").message.endswith("text of your own goes into notes")
    assert KnowledgeBase.open(kb).lesson("x").id == "x"


def test_merge_conflict_marks_are_told_as_such_and_nothing_else(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson("x", "<<<<<<< HEAD", "author: A", "=======", "author: B", ">>>>>>> theirs")
    (finding,) = check(kb).findings
    assert (finding.check, finding.line) == ("merge", line_of(path, "<<<<<<<"))
    assert "lines 8, 10, 12" in finding.message


def test_a_line_of_equals_signs_is_no_conflict(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "notes: |-", "  Title", "  =======", "  text")
    assert check(kb).findings == ()


OTHERWISE = ["no", "on", "Yes", "y", "12:30", "1.10", "1e3", "0o17", "0x1f", "1_000", "2026-01-15", ".inf", "=", "007"]


@pytest.mark.parametrize("value", OTHERWISE)
def test_what_other_parsers_read_otherwise_is_found_and_quoted(kb: pathlib.Path, lesson: Write, value: str) -> None:
    path = lesson("x", f"author: {value}   # as typed", "notes: fine")
    before = path.read_text(encoding="utf-8")
    finding = only_one(kb, "other-parsers")
    assert (finding.line, finding.field, finding.fixable) == (line_of(path, "author"), "author", True)
    report = check(kb, fix=True)
    assert (report.findings, [x.check for x in report.fixed]) == ((), ["other-parsers"])
    text = path.read_text(encoding="utf-8")
    assert text == before.replace(f"author: {value} ", f'author: "{value}" ')
    assert yaml.safe_load(text)["author"] == value == parse_lesson(text, "x").author


@pytest.mark.parametrize("value", ["null", "~", "", "nobody", "1 000", "v1.10", "- x", "noon"])
def test_what_all_parsers_read_alike_is_no_finding(kb: pathlib.Path, lesson: Write, value: str) -> None:
    lesson("x", f"author: {value}" if value != "- x" else 'author: "- x"')
    assert found(kb, "other-parsers") == []


def test_a_key_that_others_take_for_true_is_quoted(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson("x", "review:", "  status: approved # by phone", "  by: Ann", '  on: "2026-01-01"')
    assert only_one(kb, "other-parsers").line == line_of(path, "  on:")
    assert check(kb, fix=True).findings == ()
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["review"]["on"] == "2026-01-01"
    assert "# by phone" in path.read_text(encoding="utf-8")


def test_what_stands_below_a_misspelt_key_is_left_alone(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson(
        "x",
        "no: 12:30",
        "revieuw:",
        "  on: 2026-01-01",
        "review: {status: draft, untill: 2026-01-01}",
        "tactic:",
        "  - text: Ask.",
        "    keys: yes",
        "author: 1.10",
    )
    before = path.read_text(encoding="utf-8")
    assert only_one(kb, "other-parsers").field == "author"
    report = check(kb, fix=True)
    assert {finding.check for finding in report.findings} == {"unknown-keys"}
    assert path.read_text(encoding="utf-8") == before.replace("1.10", '"1.10"')


def test_quotes_go_where_the_value_is_also_behind_odd_characters(kb: pathlib.Path, lesson: Write) -> None:
    """Offsets count characters, not bytes, whichever YAML loader there is."""
    path = lesson("x", "notes: 'åäö 😀 é'", "situations: [no, trust, 1.5]")
    check(kb, fix=True, only=["other-parsers"])
    assert 'situations: ["no", trust, "1.5"]' in path.read_text(encoding="utf-8")


def test_old_line_breaks_are_told(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", 'notes: "a\u2028b"')
    finding = only_one(kb, "other-parsers")
    assert "U+2028" in finding.message and not finding.fixable


# ------------------------------------------------------------------------------------------------- places and ids


def test_a_lesson_in_the_wrong_place_is_moved(kb: pathlib.Path, lesson: Write) -> None:
    text = lesson("one", file="lessons/en/other.yaml").read_bytes()
    lesson("two", language="nl", file="lessons/en/two.yaml")
    assert [(x.lesson, x.field, x.line) for x in found(kb, "place")] == [("one", "id", 2), ("two", "language", 4)]
    report = check(kb, fix=True)
    assert (report.findings, len(report.fixed)) == ((), 2)
    assert (kb / "lessons/en/one.yaml").read_bytes() == text
    assert {path.name for path in (kb / "lessons").rglob("*.yaml")} == {"one.yaml", "two.yaml", f"{ID}.yaml"}


@pytest.mark.parametrize("there", ["lessons/en/one.yaml", "lessons/en/One.yaml"])
def test_a_lesson_is_not_moved_over_another(kb: pathlib.Path, lesson: Write, there: str) -> None:
    """Also not where only capitals differ: some file systems take the two for one file."""
    lesson("one", file="lessons/en/other.yaml")
    other = lesson("three", file=there).read_bytes()
    finding = next(x for x in found(kb, "place") if x.lesson == "one")
    assert not finding.fixable
    check(kb, fix=True, only=["place"])
    assert (kb / "lessons/en/other.yaml").exists()
    assert other in {path.read_bytes() for path in (kb / "lessons/en").iterdir()}


def test_a_move_and_a_mend_of_the_same_file_go_together(kb: pathlib.Path, lesson: Write) -> None:
    lesson("one", "author: 12:30", "situations: [trust, trust]", file="lessons/en/other.yaml")
    report = check(kb, fix=True)
    assert (report.findings, len(report.fixed)) == ((), 3)
    kept = parse_lesson((kb / "lessons/en/one.yaml").read_text(encoding="utf-8"), "one")
    assert (kept.author, kept.situations) == ("12:30", ("trust",))
    assert not (kb / "lessons/en/other.yaml").exists()


def test_duplicate_ids(kb: pathlib.Path, lesson: Write) -> None:
    lesson("one")
    lesson("one", language="nl")
    assert (only_one(kb, "duplicate-ids").file, only_one(kb, "duplicate-ids").line) == ("lessons/nl/one.yaml", 2)
    assert check(kb).skipped == 1
    assert not any(x.fixable for x in check(kb).findings)


def test_a_copy_stood_for_its_original(kb: pathlib.Path, lesson: Write) -> None:
    """Under a name that came first it was served, and was told to lie where the original lies."""
    lesson("one", "author: Ann")
    lesson("one", "author: Bo", file="lessons/en/one-copy.yaml")
    (finding,) = check(kb, only=["duplicate-ids", "place"]).findings
    assert (finding.check, finding.file) == ("duplicate-ids", "lessons/en/one-copy.yaml")
    with KnowledgeBase.open(kb, lenient=True) as opened:
        assert opened.lesson("one").author == "Ann"


def test_a_file_whose_place_is_taken_is_told_to_wait(kb: pathlib.Path, lesson: Write) -> None:
    """ "should lie at ..." sent people to write over another lesson."""
    lesson("one", file="lessons/en/other.yaml")
    lesson("two", file="lessons/en/one.yaml")
    finding = next(x for x in found(kb, "place") if x.lesson == "one")
    assert finding.message == "should lie at lessons/en/one.yaml, by its id: move what lies there first"


@pytest.mark.parametrize(
    ("a", "b"), [("call-10", "call-lo"), ("corner", "comer"), ("call-back", "callback"), ("vvin", "win")]
)
def test_ids_that_look_alike(kb: pathlib.Path, lesson: Write, a: str, b: str) -> None:
    lesson(a)
    lesson(b)
    assert only_one(kb, "similar-ids").lesson in (a, b)


def test_ids_that_do_not_look_alike() -> None:
    assert len({looks(id_) for id_ in ("too-dear", "too-near", "two-dear", "call-2", "call-3")}) == 5


def test_a_group_of_one_is_broken(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson("one", "group: g")
    assert (only_one(kb, "groups").line, only_one(kb, "groups").field) == (line_of(path, "group"), "group")
    lesson("two", "group: g", language="nl")
    assert found(kb, "groups") == []


def test_a_dropped_or_broken_translation_does_not_break_its_group(kb: pathlib.Path, lesson: Write) -> None:
    lesson("one", "group: g")
    lesson("two", "group: g", "review: {status: dropped}", language="nl")
    assert found(kb, "groups") == []
    lesson("two", "group: g", "date: soon", language="nl")
    assert found(kb, "groups") == []


def test_a_group_with_two_lessons_of_a_language(kb: pathlib.Path, lesson: Write) -> None:
    for id_, language in (("one", "en"), ("two", "en"), ("three", "nl")):
        lesson(id_, "group: g", language=language)
    assert (only_one(kb, "groups").lesson, "and one" in only_one(kb, "groups").message) == ("two", True)


def test_a_group_whose_situations_have_nothing_in_common(kb: pathlib.Path, lesson: Write) -> None:
    lesson("one", "group: g", "situations: [trust]")
    lesson("two", "group: g", "situations: [closing, negotiation]", language="nl")
    assert (only_one(kb, "groups").lesson, "no situation" in only_one(kb, "groups").message) == ("two", True)


# ------------------------------------------------------------------------------------------------------- content


def test_a_passage_that_is_elsewhere_is_found_again(kb: pathlib.Path) -> None:
    path = kb / f"lessons/en/{ID}.yaml"
    before = path.read_text(encoding="utf-8")
    (start,) = re.findall(r"So do not lower your price\.\n    start: (\d+)", before)
    swap(path, f"    start: {start}\n", f"    start: {int(start) + 3} # counted by hand\n")
    finding = only_one(kb, "text")
    assert finding.fixable and finding.line == line_of(path, "So do not lower your price.") - 1
    report = check(kb, fix=True)
    assert (report.findings, len(report.fixed)) == ((), 1)
    text = path.read_text(encoding="utf-8")
    assert f"    start: {start}" in text
    assert "counted by hand" in text


def test_words_that_are_not_in_the_article_are_told_and_left(kb: pathlib.Path) -> None:
    path = kb / f"lessons/en/{ID}.yaml"
    (start,) = re.findall(r"So do not lower your price\.\n    start: (\d+)", path.read_text(encoding="utf-8"))
    swap(path, "So do not lower your price.", "So never lower your price.")
    swap(path, f"    start: {start}\n", f"    start: {int(start) - 1}\n")  # not where the machine had it, either
    before = path.read_bytes()
    finding = only_one(kb, "text")
    assert "is not in its article" in finding.message and not finding.fixable
    check(kb, fix=True)
    assert path.read_bytes() == before


def test_a_passage_reworded_in_any_editor_loses_its_place(kb: pathlib.Path) -> None:
    path = kb / f"lessons/en/{ID}.yaml"
    swap(path, "So do not lower your price.", "So never lower your price.")
    before = path.read_text(encoding="utf-8")
    finding = only_one(kb, "text")
    assert "was reworded" in finding.message and finding.fixable
    assert check(kb, fix=True).findings == ()
    changed = [
        x for x in difflib.ndiff(before.splitlines(), path.read_text(encoding="utf-8").splitlines()) if x[0] in "+-"
    ]
    assert [line.split()[1] for line in changed] == [
        "start:",
        "end:",
        "tactic:",
        "tactic:",
    ]  # nothing else was rewritten
    lesson = KnowledgeBase.open(kb).lesson(ID)
    assert [p.start for p in lesson.tactic if p.text == "So never lower your price."] == [None]


def test_what_may_stand_in_a_file_that_cannot_be_read_is_no_finding(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "group: g")
    (kb / "articles/other.txt").write_text("words", encoding="utf-8")
    assert {finding.check for finding in check(kb).findings} == {"groups", "unused-articles"}
    lesson("y", "<<<<<<< HEAD", "group: g", "=======", "group: h", ">>>>>>> theirs", language="nl")
    assert {finding.check for finding in check(kb).findings} == {"merge"}


def test_words_that_stand_twice_are_not_guessed_at(kb: pathlib.Path, lesson: Write) -> None:
    (kb / "articles/twice.txt").write_text("Ask him. Wait. Ask him.\n", encoding="utf-8")
    lesson("x", "source: {path: articles/twice.txt}", "problem:", "  - {text: Ask him., start: 3, end: 11}")
    finding = only_one(kb, "text")
    assert "2 places" in finding.message and not finding.fixable


def test_offsets_without_an_article_are_told(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "problem:", "  - {text: Ask., start: 3, end: 7}")
    assert "names no article" in only_one(kb, "text").message


def test_offsets_past_the_end_are_told(kb: pathlib.Path, lesson: Write) -> None:
    (kb / "articles/short.txt").write_text("Ask.\n", encoding="utf-8")
    lesson("x", "source: {path: articles/short.txt}", "problem:", "  - {text: Ask., start: 0, end: 999}")
    assert only_one(kb, "text").fixable


@pytest.mark.parametrize(
    ("article", "path", "text", "where"),
    [
        ("a  b\n c", "x.txt", "a b c", [(0, 7)]),
        ("x **bold** words", "x.md", "bold words", [(4, 16)]),
        ("x **bold** words", "x.txt", "bold words", []),
        ("no no no", "x.txt", "no", [(0, 2), (3, 5), (6, 8)]),
        ("anything", "x.txt", "", []),
    ],
)
def test_where_words_stand(article: str, path: str, text: str, where: list[tuple[int, int]]) -> None:
    got = places(article, path, text)
    assert [article[start:end].strip("*") for start, end in got] == [
        article[start:end].strip("*") for start, end in where
    ]


def test_a_changed_article_is_told_once(kb: pathlib.Path) -> None:
    article = kb / "articles/dear.txt"
    article.write_text("New first line.\n\n" + article.read_text(encoding="utf-8"), encoding="utf-8")
    (finding,) = check(kb).findings
    assert (finding.check, finding.article, finding.field) == ("articles", "articles/dear.txt", "source.sha256")
    assert re.search(r"\d+ passages no longer stand where they say", finding.message)
    assert not finding.fixable


def test_a_lost_article_is_told(kb: pathlib.Path) -> None:
    (kb / "articles/dear.txt").unlink()
    (finding,) = check(kb).findings
    assert (finding.check, finding.field) == ("articles", "source.path")
    assert "is not there" in finding.message


def test_an_article_that_leads_out_of_the_knowledge_base_is_not_read(kb: pathlib.Path, home: pathlib.Path) -> None:
    (kb / "articles/dear.txt").unlink()
    (kb / "articles/dear.txt").symlink_to(home / "dear.txt")
    assert "leads out" in only_one(kb, "articles").message


def test_an_article_that_no_lesson_comes_from(kb: pathlib.Path, lesson: Write) -> None:
    (kb / "articles/new.txt").write_text("Something.\n", encoding="utf-8")
    (kb / "articles/.hidden.txt").write_text("Something.\n", encoding="utf-8")
    assert only_one(kb, "unused-articles").file == "articles/new.txt"
    lesson("x", "source: {path: articles/new.txt}", "review: {status: dropped}")
    assert found(kb, "unused-articles") == []


def test_an_unknown_situation_names_the_nearest(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson("x", "situations:", "  - trust", "  - to-expensive")
    finding = only_one(kb, "situations")
    assert (finding.line, "too-expensive" in finding.message, finding.fixable) == (
        line_of(path, "to-expensive"),
        True,
        False,
    )


def narrow(kb: pathlib.Path) -> None:
    labels = "labels: {en: {name: Green questions}}"
    (kb / "situations.yaml").write_text(f"green:\n  broader: objection-handling\n  {labels}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("told", "mended"),
    [
        ("[green]", ("objection-handling", "green")),
        ("[green, objection-handling]", ("objection-handling", "green")),
        ("[trust, green]", ("trust", "objection-handling", "green")),
        ("[trust, closing, trust]", ("trust", "closing")),
    ],
)
def test_the_broader_situation_is_put_first(
    kb: pathlib.Path, lesson: Write, told: str, mended: tuple[str, ...]
) -> None:
    narrow(kb)
    path = lesson("x", f"situations: {told}", "notes: kept # too")
    assert only_one(kb, "situations").fixable
    assert check(kb, fix=True).findings == ()
    text = path.read_text(encoding="utf-8")
    assert parse_lesson(text, "x").situations == mended
    assert "notes: kept # too" in text


def test_no_situation_is_thrown_out_to_make_room(kb: pathlib.Path, lesson: Write) -> None:
    narrow(kb)
    path = lesson("x", "situations: [trust, closing, green]")
    before = path.read_bytes()
    assert not only_one(kb, "situations").fixable
    check(kb, fix=True)
    assert path.read_bytes() == before


def test_a_lesson_that_says_nothing(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "problem: []", "review: {status: approved}")
    lesson("y", "problem:", "  - '  '", "  - words")
    lesson("z", "problem: []", "source: {path: articles/dear.txt}")
    assert [(x.lesson, x.field) for x in found(kb, "empty")] == [("x", None), ("y", "problem.text"), ("z", None)]


def test_a_lesson_that_was_begun_by_hand_has_time(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "problem: []")
    assert check(kb).findings == ()
    assert [(x.check, x.lesson) for x in check(kb, stale=True).findings] == [("unfinished", "x")]


def test_dropped_lessons_need_not_be_right(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "problem: []", "situations: [nope]", "source: {path: articles/gone.txt}", "review: {status: dropped}")
    assert check(kb).findings == ()


# ------------------------------------------------------------------------------------------------- reviews, stale


def test_an_approval_says_who_and_when(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "review: {status: approved}")
    lesson("y", 'review: {status: approved, by: Ann, "on": "2026-01-10", until: "2026-01-20"}')
    lesson("z", 'review: {status: approved, by: Ann, "on": "2026-02-10", until: "2026-01-20"}')
    assert [(x.lesson, x.field) for x in found(kb, "review")] == [("x", "review.by"), ("z", "review.until")]


@pytest.mark.parametrize(("until", "past"), [("2026-01-14", True), ("2026-01-15", False)])
def test_an_approval_holds_on_its_last_day(kb: pathlib.Path, lesson: Write, until: str, past: bool) -> None:
    lesson("x", f'review: {{status: approved, by: Ann, "on": "2025-01-15", until: "{until}"}}')
    assert bool(found(kb, "expired")) is past


def test_stale_is_what_is_past_its_time(kb: pathlib.Path, lesson: Write) -> None:
    lesson("past", 'review: {status: approved, by: Ann, "on": "2024-01-15", until: "2025-01-15"}')
    lesson("wordless", "tactic:", "  - Ask.")
    lesson("lost", "source: {path: articles/gone.txt}")
    lesson("wrong", "situations: [nope]")
    (kb / "articles/dear.txt").write_text("Other words.\n", encoding="utf-8")
    told = {(finding.check, finding.lesson) for finding in check(kb, stale=True).findings}
    assert told == {("expired", "past"), ("no-script", "wordless"), ("articles", "lost"), ("articles", ID)}
    assert not any(finding.check == "no-script" for finding in check(kb).findings)


# -------------------------------------------------------------------------------------------------- the two files


@pytest.mark.parametrize(
    ("text", "line"),
    [("starter: perhaps\n", 1), ("# ours\nreview_months: long\n", 2), ("format: x\n", 1), ("a: [\n", 1), ("- a\n", 1)],
)
def test_a_fault_in_the_settings_is_told(kb: pathlib.Path, text: str, line: int) -> None:
    (kb / "coachkb.yaml").write_text(text, encoding="utf-8")
    assert found(kb, "settings")[0].line == line


def test_all_that_is_wrong_in_the_settings_is_told(kb: pathlib.Path) -> None:
    (kb / "coachkb.yaml").write_text("review_month: 3\nstarter: perhaps\n", encoding="utf-8")
    assert [finding.line for finding in found(kb, "settings")] == [1, 2]
    assert "'review_months'" in found(kb, "settings")[0].message


def test_labels_of_a_language_that_is_none_are_told(kb: pathlib.Path) -> None:
    (kb / "situations.yaml").write_text("trust:\n  labels:\n    sv: {said: [lita]}\n    de: {name: V}\n", "utf-8")
    finding = only_one(kb, "situations-file")
    assert (finding.line, finding.field) == (4, "trust.labels.de")
    assert finding.message == "trust: there is no language 'de', so its labels are never read: en, nl, sv"


def test_every_fault_in_the_situations_is_told(kb: pathlib.Path) -> None:
    rows = [
        "one:",
        "  broder: trust",
        "  labels: {en: {name: One, sad: [x]}}",
        "Two Words: {}",
        "three: {broader: nope}",
    ]
    (kb / "situations.yaml").write_text(
        "\n".join([*rows, "trust: {labels: {en: {said: [no]}}}"]) + "\n", encoding="utf-8"
    )
    told = [(finding.line, finding.message.split(":")[0]) for finding in found(kb, "situations-file")]
    assert [line for line, _ in told] == [2, 3, 4, 5, 6]


# ----------------------------------------------------------------------------------------------------------- fixing


def test_a_fix_is_one_step_that_undo_takes_back(kb: pathlib.Path, lesson: Write) -> None:
    path = lesson("x", "author: 12:30")
    other = lesson("y", "author: 1.10")
    before = path.read_bytes(), other.read_bytes()
    check(kb, fix=True)
    assert (path.read_bytes(), other.read_bytes()) != before
    with KnowledgeBase.open(kb) as opened:
        opened.undo()
    assert (path.read_bytes(), other.read_bytes()) == before


def test_nothing_is_mended_where_nothing_can_be(kb: pathlib.Path, lesson: Write) -> None:
    lesson("x", "situations: [nope]")
    report = check(kb, fix=True)
    assert (len(report.findings), report.fixed) == (1, ())


def test_a_fix_keeps_to_the_files_that_were_named(kb: pathlib.Path, lesson: Write) -> None:
    path, other = lesson("x", "author: 12:30"), lesson("y", "author: 1.10")
    before = other.read_bytes()
    report = check(kb, [str(path)], fix=True)
    assert len(report.fixed) == 1
    assert other.read_bytes() == before
