"""Machine and person in one lesson file: who wrote what is told apart, and no edit is ever lost."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkb.model.lesson import Lesson, Passage, Review, Source
from coachkb.model.terms import ROLES
from coachkb.store.lesson_file import parse_lesson, render_lesson
from coachkb.store.merge import merged, new_conflicts, owned_words
from coachkb.store.proposals import Proposal, proposals, settled
from coachkb.store.rewrite import update_text
from coachkb.store.wrote import FIELDS, digest, edited_fields, fingerprint, signed, trace, traces_of


def machine(*texts: str, sha: str = "a", **fields: Any) -> Lesson:
    """A lesson as the machine writes it, the texts in its tactic, one after the other in the article ``sha``."""
    passages, at = [], 0
    for text in texts:
        passages.append(Passage(text.rstrip("*"), at, at + len(text), text.endswith("*")))
        at += len(text) + 1
    return signed(
        Lesson(
            "x", **{"title": "T", "language": "en", "tactic": tuple(passages), "source": Source(sha256=sha), **fields}
        )
    )


def on_file(lesson: Lesson) -> Lesson:
    """A lesson as it comes back from its file."""
    return parse_lesson(render_lesson(lesson), "x.yaml")


def texts(lesson: Lesson, role: str = "tactic") -> list[str]:
    return [p.text + "*" * p.key for p in lesson.part(role)]


def with_tactic(lesson: Lesson, *passages: Passage | str) -> Lesson:
    """The lesson on file as a person left it: passages of it by their words, others as given."""
    held = {p.text: p for p in lesson.tactic}
    return replace(
        on_file(lesson),
        tactic=tuple(held.get(p, Passage(p)) if isinstance(p, str) else p for p in passages),
    )


# --------------------------------------------------------------------------------------------------- whole fields


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_follows_the_machine_until_a_person_edits_it(field: str) -> None:
    values = {"situations": (("a",), ("b",), ("c",)), "date": ("2011-02-09", "2012-02-09", "2013-02-09")}
    value, second, third = values.get(field, ("T2", "T3", "T4"))
    old = machine("a", **{field: value})
    now = merged(on_file(old), machine("a", sha="b", **{field: second}))
    assert getattr(now, field) == second and edited_fields(on_file(now)) == []
    hand = replace(on_file(now), **{field: third})
    assert edited_fields(hand) == [field]
    again = merged(hand, machine("a", sha="c", **{field: value}))
    assert getattr(again, field) == third
    open_ = {} if field == "situations" else {field: value}
    assert proposals(on_file(again)) == open_
    assert new_conflicts(hand, again) == list(open_)
    assert new_conflicts(again, merged(on_file(again), machine("a", sha="d", **{field: value}))) == []


def test_situations_that_a_person_set_are_no_conflict_when_the_machine_guesses_anew() -> None:
    hand = replace(on_file(machine(A, B, situations=("price",))), situations=("trust",))
    now = on_file(merged(hand, machine(A, C, sha="b", situations=("closing", "price"))))
    assert (now.situations, proposals(now), new_conflicts(hand, now)) == (("trust",), {}, [])
    held_by_an_older_coachkb = {**now.extraction, "proposed": {"situations": ["closing"]}}
    assert proposals(replace(now, extraction=held_by_an_older_coachkb)) == {}


def test_an_edit_stays_a_persons_though_the_machine_came_to_write_the_same() -> None:
    hand = replace(on_file(machine("a", author="Ann")), author="Me")
    now = merged(hand, machine("a", sha="b", author="Me"))
    assert proposals(now) == {}
    later = merged(on_file(now), machine("a", sha="c", author="Other"))
    assert (later.author, proposals(on_file(later))) == ("Me", {"author": "Other"})


def test_a_proposal_goes_when_the_machine_comes_round() -> None:
    hand = replace(on_file(machine("a", author="Ann")), author="Me")
    now = merged(hand, machine("a", sha="b", author="Other"))
    assert proposals(on_file(now)) == {"author": "Other"}
    assert "proposed" not in merged(on_file(now), machine("a", sha="c", author="Me")).extraction


def test_a_lesson_without_the_machines_signature_is_all_a_persons() -> None:
    hand = Lesson("x", "Mine", "en", tactic=(Passage("Ask."),))
    now = merged(hand, machine("No.", title="Other", author="A"))
    assert (now.title, texts(now), now.author, proposals(now)) == ("Mine", ["Ask."], None, {})
    assert texts(merged(on_file(now), machine("No.", "New.", sha="b"))) == ["Ask.", "New."]


# ------------------------------------------------------------------------------------------------------- passages

A, B, C, D = "Alpha one two", "Beta one two", "Gamma one two", "Delta one two"


@pytest.mark.parametrize(
    ("person", "now", "result", "open_"),
    [
        pytest.param([A, "mine", C], [A, B, C, D], [A, "mine", C, D], 0, id="reworded, one added"),
        pytest.param([A, "mine", C], [A + " new", B, C], [A + " new", "mine", C], 0, id="reworded, another changed"),
        pytest.param([A, "mine", C], [A, B + " new", C], [A, "mine", C], 1, id="reworded and changed"),
        pytest.param([A, "mine", C], [A, C], [A, "mine", C], 1, id="reworded and gone"),
        pytest.param([A, "mine", C], [A, "b1", "b2", C], [A, "mine", C], 3, id="reworded and split"),
        pytest.param([A, C], [A, "b1", "b2", C], [A, C], 2, id="taken out and split"),
        pytest.param([A, "mine", C], [A, "b1", "b2", C, D], [A, "mine", C, D], 3, id="reworded and split, one added"),
        pytest.param([A, "mine", C], [A, "mine", C], [A, "mine", C], 0, id="both came to the same"),
        pytest.param([A, "Beta one three", C], [A, D, B + " x", C], [A, D, "Beta one three", C], 1, id="one before it"),
        pytest.param([A, C], [A, B, C, D], [A, C, D], 0, id="taken out, one added"),
        pytest.param([A, C], [A, B + " new", C], [A, C], 1, id="taken out and changed"),
        pytest.param([A, C], [A, C], [A, C], 0, id="taken out by both"),
        pytest.param([A, "mine", B, C], [D, A, B, C], [D, A, "mine", B, C], 0, id="added, one added before"),
        pytest.param([A, B, C, "mine"], [A, B], [A, B, "mine"], 0, id="added after one that went"),
        pytest.param([A, B, "mine", C], [A, B, C, "mine"], [A, B, C, "mine"], 0, id="added what the machine adds"),
        pytest.param([C, A, B], [A, B, C, D], [C, D, A, B], 0, id="moved, one added"),
        pytest.param([], [A, B, C, D], [D], 0, id="all taken out"),
        pytest.param([A, B, C], [C, B, A], [C, B, A], 0, id="untouched, turned round"),
    ],
)
def test_parts_merge_passage_by_passage(person: list[str], now: list[str], result: list[str], open_: int) -> None:
    hand = with_tactic(machine(A, B, C), *person)
    after = merged(hand, machine(*now, sha="b"))
    assert texts(after) == result
    assert len(proposals(on_file(after)).get("tactic", [])) == open_
    again = merged(on_file(after), machine(*now, sha="b"))
    assert on_file(again) == on_file(after)
    assert new_conflicts(on_file(after), again) == []


def test_a_key_mark_that_a_person_moved_stays_and_the_words_follow() -> None:
    held = machine(A + "*", B).tactic
    hand = with_tactic(machine(A + "*", B), replace(held[0], key=False), replace(held[1], key=True))
    now = merged(hand, machine(A + " new*", B, C + "*", sha="b"))
    assert texts(now) == [A + " new", B + "*", C + "*"]
    gone = merged(on_file(now), machine(A + " new", sha="c"))
    assert texts(gone) == [A + " new", B + "*"]
    assert proposals(on_file(gone)) == {"tactic": [Proposal(digest(B))]}
    assert gone.tactic[1].start is None


def test_offsets_follow_the_article_where_a_person_left_them() -> None:
    held = machine(A, B).tactic
    hand = with_tactic(machine(A, B), replace(held[0], text="mine"), replace(held[1], key=True))
    now = merged(hand, machine("In front", A, B, sha="b"))
    assert [(p.text, p.start) for p in now.tactic] == [("In front", 0), ("mine", None), (B, 23)]


def test_words_of_a_persons_stand_nowhere_in_the_article_and_are_known_again() -> None:
    held = machine(A, B, C).tactic
    hand = with_tactic(machine(A, B, C), A, replace(held[1], text="mine"), C)
    owned = on_file(owned_words(hand))
    assert [p.start for p in owned.tactic] == [0, None, held[2].start]
    assert owned_words(owned) == owned
    turned = replace(owned, tactic=(owned.tactic[1], owned.tactic[0], owned.tactic[2]))
    now = merged(turned, machine(A, B + " new", C, sha="b"))
    assert texts(now) == ["mine", A, C]
    assert [x.digest for x in proposals(on_file(now))["tactic"]] == [digest(B + " new")]


def test_what_was_taken_out_does_not_come_back_by_a_detour() -> None:
    """Once gone from the article and back again; or moved by the machine to another part."""
    hand = with_tactic(machine(A, B, C), A, C)
    away = merged(hand, machine(A, C, sha="b"))
    assert texts(merged(on_file(away), machine(A, B, C, sha="c"))) == [A, C]
    other = machine(A, C, sha="b", script=(Passage(B, 20, 30),))
    moved = merged(hand, other)
    assert (texts(moved), texts(moved, "script")) == ([A, C], [])
    assert texts(merged(on_file(moved), other), "script") == []


def test_a_passage_that_a_person_moved_to_another_part_stays_there() -> None:
    first = machine(A, B)
    hand = replace(with_tactic(first, A), script=(first.tactic[1],))
    now = merged(hand, machine(A, B, C, sha="b"))
    assert (texts(now), texts(now, "script")) == ([A, C], [B])
    later = merged(on_file(now), machine(A, C, sha="c", diagnosis=(Passage(B, 3, 9),)))
    assert [texts(later, role) for role in ("tactic", "script", "diagnosis")] == [[A, C], [B], []]


@pytest.mark.parametrize("now", [[A, "Beta one", "two"], [A, "b1", "b2"], [A, "Beta one new"]], ids=str)
def test_a_moved_passage_that_the_article_rewords_is_a_conflict(now: list[str]) -> None:
    first = machine(A, B)
    hand = replace(with_tactic(first, A), script=(first.tactic[1],))
    after = merged(hand, machine(*now, sha="b"))
    assert (texts(after), texts(after, "script"), new_conflicts(hand, after)) == ([A], [B], ["tactic"])
    assert [x.digest for x in proposals(on_file(after))["tactic"]] == [digest(text) for text in now[1:]]
    again = merged(on_file(after), machine(*now, sha="b"))
    assert on_file(again) == on_file(after)


def test_what_was_reworded_is_not_doubled_by_another_part() -> None:
    """A person rewords a passage; the article changes it so that the machine takes it for another part's."""
    first = machine(A, B)
    hand = with_tactic(first, A, "Beta one two, then wait")
    after = merged(hand, machine(A, sha="b", script=(Passage("Beta one two, wait", 3, 9), Passage(D, 10, 20))))
    assert (texts(after), texts(after, "script")) == ([A, "Beta one two, then wait"], [D])
    assert new_conflicts(hand, after) == ["tactic", "script"]


def test_a_split_by_a_new_extractor_is_told_by_its_place() -> None:
    first = machine(A, B, C)
    hand = with_tactic(first, A, "mine", C)
    start = first.tactic[1].start or 0
    halves = (Passage("Beta one", start, start + 9), Passage("two", start + 10, start + 12))
    now = merged(hand, replace(signed(replace(first, tactic=(first.tactic[0], *halves, first.tactic[2])))))
    assert texts(now)[:2] == [A, "mine"]
    assert proposals(on_file(now))["tactic"][0].passage == halves[0]


@pytest.mark.parametrize(
    "told",
    [["x"], ["0123456789@1"], [["a"]], "0123456789ab", {"a": "b"}, None],
    ids=["word", "place", "list", "print", "map", "none"],
)
def test_a_meddled_signature_makes_the_part_a_persons(told: object) -> None:
    first = machine(A, B)
    wrote = {**first.extraction["wrote"], "tactic": told}  # type: ignore[dict-item]
    hand = replace(first, extraction={"wrote": wrote})
    assert texts(merged(on_file(hand), machine(C, sha="b"))) == [A, B]


def test_the_signature_of_the_first_version_told_parts_by_one_print() -> None:
    first = machine(A, B)
    wrote = {**first.extraction["wrote"], "tactic": fingerprint(first, "tactic")}  # type: ignore[dict-item]
    old = on_file(replace(first, extraction={"wrote": wrote}))
    assert edited_fields(old) == []
    assert texts(merged(old, machine(A, C, sha="b"))) == [A, C]
    hand = with_tactic(old, A, "mine")
    assert texts(merged(hand, machine(A, C, sha="b"))) == [A, "mine"]


@pytest.mark.parametrize("edit", [{"key": True}, {"text": "Wait."}, {"start": None, "end": None}], ids=str)
def test_an_edit_of_one_passage_counts(edit: dict[str, Any]) -> None:
    lesson = machine("Ask.", "Stop.")
    assert edited_fields(lesson) == []
    touched = replace(lesson, tactic=(lesson.tactic[0], replace(lesson.tactic[1], **edit)))
    assert edited_fields(touched) == ["tactic"]


def test_an_approval_is_of_the_words_that_stood_there() -> None:
    held = replace(on_file(machine(A, B)), review=Review("approved", "Els", "2026-01-01"))
    assert merged(held, machine(A, B + "*", sha="b", author="A")).review.status == "approved"
    assert merged(held, machine(A, C, sha="b")).review == Review("draft", "Els", "2026-01-01")


# ------------------------------------------------------------------------------------------------------- settling


@pytest.mark.parametrize("take", ["machine", "mine"])
@pytest.mark.parametrize(
    ("person", "now", "machines"),
    [
        ([A, "mine", C], [A, B + " new", C], [A, B + " new", C]),
        ([A, "mine", C], [A, C], [A, C]),
        ([A, "mine", C], [A, "b1", "b2", C], [A, "b1", "b2", C]),
        ([A, C], [A, B + " new", C], [A, B + " new", C]),
        ([B, C, D], [A + " new", B, C], [A + " new", B, C, D]),
    ],
)
def test_settling_a_part(take: str, person: list[str], now: list[str], machines: list[str]) -> None:
    hand = with_tactic(machine(A, B, C), *person)
    both = on_file(merged(hand, machine(*now, sha="b")))
    done = on_file(settled(both, take, ["tactic"]))
    assert texts(done) == (machines if take == "machine" else person)
    assert proposals(done) == {}
    assert "proposed" not in done.extraction
    later = merged(done, machine(*now, sha="c"))
    assert texts(later) == texts(done)
    assert proposals(on_file(later)) == {}


def test_settling_one_field_leaves_the_others_open() -> None:
    hand = replace(on_file(machine(A, author="Ann", title="T")), author="Me", title="Mine")
    both = on_file(merged(hand, machine(A, sha="b", author="Bo", title="U")))
    done = on_file(settled(both, "machine", ["author"]))
    assert (done.author, done.title, proposals(done)) == ("Bo", "Mine", {"title": "U"})
    assert edited_fields(done) == ["title"]


@pytest.mark.parametrize(
    "meddled",
    [
        "x",
        {"tactic": "x"},
        {"tactic": ["x"]},
        {"tactic": [{"text": ""}]},
        {"situations": "x"},
        {"title": None},
        {"a": "b"},
    ],
    ids=str,
)
def test_proposals_that_were_meddled_with_are_none(meddled: object) -> None:
    lesson = machine(A)
    assert proposals(on_file(replace(lesson, extraction={**lesson.extraction, "proposed": meddled}))) == {}


# ----------------------------------------------------------------------------------------- any edit, any re-ingest

WORDS = [f"{word}{n}" for word in ("ask", "wait", "stop") for n in range(8)]


def version(chance: random.Random) -> Lesson:
    """What the machine makes of some version of an article: no sentence twice."""
    pool, at, parts = chance.sample(WORDS, len(WORDS)), 0, {}
    for role in ROLES:
        n, shift = chance.randint(0, 5), chance.randint(0, 3)
        parts[role] = tuple(
            Passage(text, 100 * shift + 10 * k, 100 * shift + 10 * k + 8, chance.random() < 0.5)
            for k, text in enumerate(pool[at : at + n])
        )
        at += n
    return signed(
        Lesson(
            "x",
            chance.choice(["T1", "T2", "T3"]),
            "en",
            situations=tuple(chance.sample(["a", "b", "c"], chance.randint(0, 2))),
            date=chance.choice([None, "2011-02-09", "2012-02-09"]),
            author=chance.choice([None, "A", "B"]),
            source=Source("articles/x.txt", "x.txt", f"{chance.getrandbits(256):064x}"),
            **parts,
        )
    )


versions = st.randoms(use_true_random=False).map(version)


class Person:
    """Somebody who edits a lesson file and remembers what must never be undone."""

    def __init__(self, seed: random.Random) -> None:
        self.random = seed
        self.fields: dict[str, Any] = {}
        self.there: set[tuple[str, str]] = set()  # role and words that shall stand
        self.away: set[str] = set()  # words that shall not come back
        self.keys: dict[tuple[str, str], bool] = {}  # role and words to the mark that it shall have
        self.count = self.edits = 0

    def own(self) -> str:
        self.count += 1
        return f"own{self.count}"

    def edit(self, lesson: Lesson) -> Lesson:
        self.turned: set[str] = set()
        held, stood = set(self.there), {(role, p.text) for role in ROLES for p in lesson.part(role)}
        for _ in range(self.random.randint(1, 4)):
            self.edits += 1
            lesson = self.random.choice([self.field, self.reword, self.drop, self.add, self.mark, self.move])(lesson)
        self.there -= stood - held  # moved and moved back is no edit
        return lesson

    def field(self, lesson: Lesson) -> Lesson:
        name = self.random.choice(["title", "date", "author", "situations", "notes"])
        value: Any = {"situations": (self.own(),), "date": "2020-01-01"}.get(name, self.own())
        self.fields[name] = value
        return replace(lesson, **{name: value})

    def pick(self, lesson: Lesson) -> tuple[str, int] | None:
        held = [(role, i) for role in ROLES for i in range(len(lesson.part(role)))]
        return self.random.choice(held) if held else None

    def lay(self, lesson: Lesson, role: str, passages: list[Passage]) -> Lesson:
        return replace(lesson, **{role: tuple(passages)})  # type: ignore[arg-type]

    def take_out(self, lesson: Lesson, role: str, i: int) -> Passage:
        passage = lesson.part(role)[i]
        self.there.discard((role, passage.text))
        self.keys.pop((role, passage.text), None)
        self.away.add(passage.text)
        return passage

    def reword(self, lesson: Lesson) -> Lesson:
        if not (at := self.pick(lesson)):
            return lesson
        role, i = at
        passages = list(lesson.part(role))
        was = self.take_out(lesson, role, i)
        place = {} if self.random.random() < 0.5 else {"start": None, "end": None}
        passages[i] = replace(was, text=self.own(), **place)  # type: ignore[arg-type]
        self.there.add((role, passages[i].text))
        return self.lay(lesson, role, passages)

    def drop(self, lesson: Lesson) -> Lesson:
        if not (at := self.pick(lesson)):
            return lesson
        role, i = at
        self.take_out(lesson, role, i)
        return self.lay(lesson, role, [p for k, p in enumerate(lesson.part(role)) if k != i])

    def add(self, lesson: Lesson) -> Lesson:
        role = self.random.choice(ROLES)
        passages = list(lesson.part(role))
        passages.insert(self.random.randint(0, len(passages)), Passage(self.own()))
        self.there |= {(role, p.text) for p in passages if p.text == f"own{self.count}"}
        return self.lay(lesson, role, passages)

    def mark(self, lesson: Lesson) -> Lesson:
        if not (at := self.pick(lesson)):
            return lesson
        role, i = at
        passages = list(lesson.part(role))
        if passages[i].text in self.turned:  # turned and turned back is no edit
            return lesson
        self.turned.add(passages[i].text)
        passages[i] = replace(passages[i], key=not passages[i].key)
        self.keys[role, passages[i].text] = passages[i].key
        return self.lay(lesson, role, passages)

    def move(self, lesson: Lesson) -> Lesson:
        if not (at := self.pick(lesson)):
            return lesson
        role, i = at
        to = self.random.choice([name for name in ROLES if name != role])
        passage = self.take_out(lesson, role, i)
        self.away.discard(passage.text)
        self.there.add((to, passage.text))
        lesson = self.lay(lesson, role, [p for k, p in enumerate(lesson.part(role)) if k != i])
        return self.lay(lesson, to, [*lesson.part(to), passage])

    def lost(self, lesson: Lesson) -> list[str]:
        """What of the edits the lesson no longer has."""
        wrong = [name for name, value in self.fields.items() if getattr(lesson, name) != value]
        stand = {(role, p.text) for role in ROLES for p in lesson.part(role)}
        wrong += [f"{role}: {text} is gone" for role, text in self.there - stand]
        wrong += [f"{role}: {text} is back" for role, text in stand if text in self.away]
        held = {(role, p.text): p.key for role in ROLES for p in lesson.part(role)}
        # an unmarked passage may go with the article; where the mark was set, or the passage stands, it holds
        return wrong + [f"{at}: key {key}" for at, key in self.keys.items() if held.get(at, False) != key]


def restyled(text: str, seed: random.Random) -> tuple[str, list[str]]:
    """A lesson file as people leave them: comments anywhere, fields in another order, keys of their own."""
    blocks: list[list[str]] = []
    head: list[str] = []
    for line in text.splitlines():
        if line[:1] not in (" ", "#", "") and ":" in line:
            blocks.append([line])
        elif not blocks:
            head.append(line)
        else:
            blocks[-1].append(line)
    comments = []
    for block in blocks:
        lines = list(block)
        for i in range(len(lines), -1, -1):
            plain = i == 0 or (i < len(lines) and lines[i].startswith(("  - text:", "  path:", "  status:")))
            if plain and seed.random() < 0.1:
                comments.append(f"# remark {seed.random()}")
                block.insert(i, ("" if i == 0 else "  ") + comments[-1])
        for i, line in enumerate(block):
            if (
                line.strip().startswith(("start:", "end:", "author:", "date:"))
                and "#" not in line
                and seed.random() < 0.1
            ):
                comments.append(f"# aside {seed.random()}")
                block[i] += f"  {comments[-1]}"
    if seed.random() < 0.5:
        seed.shuffle(blocks)
    if seed.random() < 0.5 and "colour:" not in text:
        blocks.insert(seed.randint(0, len(blocks)), ["colour: {deep: [blue, 'no']}"])
    return "\n".join([*head, *(line for block in blocks for line in block)]) + "\n", comments


def live(chance: random.Random, first: Lesson, later: list[Lesson]) -> tuple[list[str], int, int]:
    """A lesson file's life: a person edits, the machine writes another version, and so on, through the file's text.

    What was lost, and how many edits and comments there were (``scripts/try_edits.py`` prints them).
    """
    person, comments, coloured = Person(chance), [], False
    lost: list[str] = []
    text = render_lesson(first)
    for new in later:
        edited = person.edit(parse_lesson(text, "x.yaml"))
        text, more = restyled(update_text(text, "x.yaml", edited), chance)
        comments += more
        coloured = coloured or "colour:" in text
        assert parse_lesson(text, "x.yaml") == on_file(edited)
        now = merged(parse_lesson(text, "x.yaml"), new)
        text = update_text(text, "x.yaml", now)
        assert parse_lesson(text, "x.yaml") == on_file(now)
        lost += person.lost(now)
        lost += [f"{remark} is gone" for remark in comments if remark not in text]
        lost += ["colour is gone"] if coloured and "colour:" not in text else []
        again = merged(parse_lesson(text, "x.yaml"), new)
        lost += ["written anew without a change"] if update_text(text, "x.yaml", again) != text else []
    return lost, person.edits, len(comments)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(versions, st.lists(versions, min_size=1, max_size=5), st.integers(0, 10**9))
def test_no_edit_is_ever_lost(first: Lesson, later: list[Lesson], seed: int) -> None:
    """Random edits between random re-ingests of other versions, through the file's text each time."""
    assert live(random.Random(seed), first, later)[0] == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(versions, min_size=2, max_size=6))
def test_what_nobody_touched_follows_the_machine(readings: list[Lesson]) -> None:
    text = render_lesson(readings[0])
    for version in readings[1:]:
        text = update_text(text, "x.yaml", merged(parse_lesson(text, "x.yaml"), version))
        assert replace(parse_lesson(text, "x.yaml"), group=None) == on_file(version)
        assert edited_fields(parse_lesson(text, "x.yaml")) == []
        traced = parse_lesson(text, "x.yaml")
        assert all(traces_of(traced, role) == [trace(p) for p in version.part(role)] for role in ROLES)
