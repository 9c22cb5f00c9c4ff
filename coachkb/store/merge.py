"""The machine's new writing laid over a lesson on file: three ways, field by field and passage by passage.

What the machine wrote last (``extraction.wrote``) tells who changed what since. Only the machine did: it is followed.
Only a person did: that stays. Both did: the person's stays, and the machine's is kept beside (see ``proposals``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import ROLES
from coachkb.store.align import mine_to_base, of_one, theirs_to_base, uncertain
from coachkb.store.proposals import PROPOSED, Proposal, proposals, still_open, with_proposals
from coachkb.store.wrote import FIELDS, Trace, digest, fingerprint, mark_of, owned, trace, traces_of, wrote_of


def merged(old: Lesson, new: Lesson) -> Lesson:
    """``new`` from the machine laid over ``old`` on file: what a person edited, id, review and notes stay a person's.

    An approval was given to what stood there: where the words of a part change, the lesson is a draft again.
    """
    before = proposals(old)
    values: dict[str, Any] = {}
    wrote: dict[str, object] = dict(wrote_of(new))
    open_: dict[str, Any] = {}
    for name in FIELDS:
        values[name], wrote[name] = _field(old, new, name)
        if values[name] != getattr(new, name) and name in PROPOSED:
            if mark_of(old, name)[0] not in (None, fingerprint(new, name)):
                open_[name] = getattr(new, name)
            elif name in before:
                open_[name] = before[name]
    same_article = old.source.sha256 is not None and old.source.sha256 == new.source.sha256
    parts = {role: _Part(old, new, role, same_article) for role in ROLES}
    contested = [text for part in parts.values() for text in part.contested()]
    for role, part in parts.items():
        others = [other for name, other in parts.items() if name != role]
        part.merge(set().union(*(x.claimed() for x in others)), set().union(*(x.unmarked() for x in others)), contested)
        values[role], wrote[role] = tuple(part.result()), [str(t) for t in part.traces]
        told = still_open([*before.get(role, []), *part.proposed], part.traces, values[role])
        if told:
            now = {digest(p.text): p for p in new.part(role)}
            open_[role] = [replace(x, passage=now.get(x.digest, x.passage)) if x.passage else x for x in told]
    result = replace(new, id=old.id, language=old.language, review=old.review, notes=old.notes, **values)
    result = as_draft_if_reworded(old, result)
    return with_proposals(replace(result, extraction={**new.extraction, "wrote": wrote}), open_)


def as_draft_if_reworded(old: Lesson, new: Lesson) -> Lesson:
    """``new``, a draft again where its approval was of other words than it now has."""
    if old.review.status == "approved" and _words(new) != _words(old):
        return replace(new, review=replace(old.review, status="draft"))
    return new


def owned_words(lesson: Lesson) -> Lesson:
    """The lesson with passages that a person reworded no longer said to stand where the machine's stood.

    Which one it was is remembered, so that the next ingest need not guess.
    """
    values: dict[str, Any] = {}
    wrote = dict(wrote_of(lesson))
    for role in ROLES:
        traces = traces_of(lesson, role)
        if traces is None:
            continue
        passages = list(lesson.part(role))
        for i, j in mine_to_base(passages, traces).items():
            p = passages[i]
            if digest(p.text) != traces[j].digest and p.start is not None and (p.start, p.end) == traces[j].place:
                passages[i] = replace(p, start=None, end=None)
                traces[j] = replace(traces[j], words=digest(p.text))
                values[role], wrote[role] = tuple(passages), [str(t) for t in traces]
    return replace(lesson, extraction={**lesson.extraction, "wrote": wrote}, **values) if values else lesson


def new_conflicts(old: Lesson, now: Lesson) -> list[str]:
    """The fields where the machine came to propose something since ``old``."""
    before, after = proposals(old), proposals(now)
    return [name for name in after if _said(after[name]) != _said(before.get(name))]


def _said(value: Any) -> Any:
    """A proposal without where its passages stand."""
    return [(x.digest, x.passage is None) for x in value] if isinstance(value, list) else (value,)


def _words(lesson: Lesson) -> list[list[str]]:
    return [[passage.text for passage in lesson.part(role)] for role in ROLES]


def _field(old: Lesson, new: Lesson, name: str) -> tuple[Any, str]:
    print_, is_owned = mark_of(old, name)
    now = fingerprint(new, name)
    if not is_owned and print_ == fingerprint(old, name):
        return getattr(new, name), now
    return getattr(old, name), owned(now)


@dataclass(slots=True)
class _Item:
    """A passage of the merged part, with its number in the file and in what the machine writes now."""

    passage: Passage
    mine: int | None
    theirs: int | None


@dataclass(slots=True)
class _Part:
    """One part, merged passage by passage."""

    old: Lesson
    new: Lesson
    role: str
    same_article: bool
    mine: Sequence[Passage] = ()
    theirs: Sequence[Passage] = ()
    base: list[Trace] | None = None
    mine_of: dict[int, int] = field(default_factory=dict)  # number in base to number in mine
    theirs_of: dict[int, int] = field(default_factory=dict)
    items: list[_Item] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    left: list[tuple[int, Trace]] = field(default_factory=list)  # what is remembered though the machine left it out
    proposed: list[Proposal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mine, self.theirs = self.old.part(self.role), self.new.part(self.role)
        self.base = traces_of(self.old, self.role)
        if self.base is None:
            return
        base = self.base
        self.mine_of = {j: i for i, j in mine_to_base(self.mine, base).items()}
        stand = {j: self.mine[i].text for j, i in self.mine_of.items()}
        added = {p.text for i, p in enumerate(self.mine) if i not in self.mine_of.values()}
        known = {j: text for j, text in stand.items() if digest(text) == base[j].digest}
        reworded = {j: text for j, text in stand.items() if j not in known}
        elsewhere = {digest(p.text): p.text for role in ROLES if role != self.role for p in self.old.part(role)}
        reworded |= {j: elsewhere[b.digest] for j, b in enumerate(base) if j not in stand and b.digest in elsewhere}
        found = theirs_to_base(self.theirs, base, added, known, reworded, self.same_article)
        self.theirs_of = {j: i for i, j in found.items()}

    def _edited(self, j: int) -> bool:
        """Whether a person owns the words of a passage of the base that still stands in the file."""
        assert self.base is not None
        b, m = self.base[j], self.mine[self.mine_of[j]]
        put_back = b.out or b.gone
        return bool(b.words) or put_back or digest(m.text) != b.digest or (m.start, m.end) != b.place

    def _mark(self, j: int) -> bool:
        """Whether a person owns the key mark of a passage of the base that still stands in the file."""
        assert self.base is not None
        return self.base[j].mark or self.base[j].key != self.mine[self.mine_of[j]].key

    def _kept(self, j: int) -> bool:
        """Whether a person did something to a passage of the base that keeps it, should the machine leave it out."""
        return self._edited(j) or (self._mark(j) and self.mine[self.mine_of[j]].key)

    def claimed(self) -> set[str]:
        """Digests that a person took out of this part, edited in it or added to it: their place is settled."""
        if self.base is None:
            return {digest(p.text) for p in self.mine}
        out = {b.digest for j, b in enumerate(self.base) if (self._kept(j) if j in self.mine_of else not b.waits)}
        placed = set(self.mine_of.values())
        return out | {digest(p.text) for i, p in enumerate(self.mine) if i not in placed}

    def unmarked(self) -> set[str]:
        """Digests that a person took the key mark from."""
        stand = {j for j in self.mine_of if self._mark(j) and not self.mine[self.mine_of[j]].key}
        return {b.digest for j, b in enumerate(self.base or ()) if j in stand or (j not in self.mine_of and b.waits)}

    def contested(self) -> list[str]:
        """Words that a person wrote, or brought from another part, where the machine writes something else now."""
        if self.base is None:
            return []
        now = {digest(p.text) for role in ROLES for p in self.new.part(role)}
        here = {i: self.base[j].digest for j, i in self.mine_of.items() if self._edited(j)}
        wrote = {t.digest for role in ROLES for t in traces_of(self.old, role) or () if not t.gone}
        added = {i: digest(p.text) for i, p in enumerate(self.mine) if i not in set(self.mine_of.values())}
        here |= {i: name for i, name in added.items() if name in wrote}
        return [self.mine[i].text for i, name in here.items() if name not in now]

    def merge(self, elsewhere: set[str], unmarked: set[str], contested: Sequence[str]) -> None:
        """Decides on every passage. ``elsewhere``: digests whose place a person settled in another part;
        ``unmarked``: those that a person took the key mark from there; ``contested``: see there, of all parts."""
        if self.base is None:  # all a person's, and nobody knows what the machine wrote before
            here = {p.text for p in self.mine}
            self.items = [_Item(p, i, None) for i, p in enumerate(self.mine)]
            self.traces = [
                replace(trace(p), words=digest(p.text) if p.text in here else None, out=p.text not in here)
                for p in self.theirs
            ]
            return
        for j, i in list(self.theirs_of.items()):  # words that a person took out elsewhere come back under no other
            words = digest(self.theirs[i].text)
            if words != self.base[j].digest and words in elsewhere:
                del self.theirs_of[j]
        base_of = {i: j for j, i in self.theirs_of.items()}
        touched = {j for j, b in enumerate(self.base) if (self._edited(j) if j in self.mine_of else not b.waits)}
        open_ = uncertain(len(self.theirs), self.base, base_of, touched)
        added = {i for i in range(len(self.mine)) if i not in set(self.mine_of.values())}
        for i, theirs in enumerate(self.theirs):
            if i in base_of:
                self._both(base_of[i], i, theirs, elsewhere)
            else:
                self._new(
                    i, theirs, added, elsewhere, unmarked, i in open_ or any(of_one(theirs.text, x) for x in contested)
                )
        for j in range(len(self.base)):
            if j not in self.theirs_of:
                self._gone(j)
        for j, told in reversed(self.left):  # each after what stood before it, so that neighbours stay neighbours
            before = max((self.theirs_of[k] for k in range(j) if k in self.theirs_of), default=-1)
            self.traces.insert(before + 1, told)
        self.items += [_Item(self._placed(self.mine[i]), i, None) for i in sorted(added)]

    def _placed(self, passage: Passage) -> Passage:
        """A passage that a person brought from another part, where it stands in the article as it is now."""
        if self.same_article or passage.start is None:
            return passage
        now = next((p for role in ROLES for p in self.new.part(role) if p.text == passage.text), None)
        return replace(passage, start=now.start if now else None, end=now.end if now else None)

    def _both(self, j: int, i: int, theirs: Passage, elsewhere: set[str]) -> None:
        """A passage that the machine wrote before and writes now."""
        assert self.base is not None
        b = self.base[j]
        changed = digest(theirs.text) != b.digest
        told = trace(theirs)
        if changed and (j not in self.mine_of or self._edited(j)):  # the words that were rejected stay so
            self.left.append((j, Trace(b.digest, out=True, gone=True)))
        if j not in self.mine_of and b.waits and told.digest not in elsewhere:
            self.items.append(_Item(replace(theirs, key=False), None, i))
            self.traces.append(replace(told, mark=True))
            return
        if j not in self.mine_of:  # a person took it out
            self.traces.append(replace(told, out=True))
            if changed:
                self.proposed.append(Proposal(told.digest, theirs))
            return
        m = self.mine[self.mine_of[j]]
        words = self._edited(j)
        mark = words or self._mark(j)  # a passage whose words are a person's is so whole
        place = (theirs.start, theirs.end) if (m.start, m.end) == b.place else (m.start, m.end)
        if words and m.text != theirs.text and (m.start, m.end) == b.place:
            place = (None, None)  # other words than the article's stand nowhere in it
        if words and changed and m.text != theirs.text:
            self.proposed.append(Proposal(told.digest, theirs))
        text, key = m.text if words else theirs.text, m.key if mark else theirs.key
        self.items.append(_Item(Passage(text, *place, key=key), self.mine_of[j], i))
        self.traces.append(replace(told, words=digest(m.text) if words else None, mark=mark))

    def _new(
        self, i: int, theirs: Passage, added: set[int], elsewhere: set[str], unmarked: set[str], asked: bool
    ) -> None:
        """A passage that the machine did not write before. ``asked``: it may be what became of one that a person
        touched; then it waits beside the lesson, for both in it would say one thing twice."""
        told = trace(theirs)
        same = next((k for k in sorted(added) if digest(self.mine[k].text) == told.digest), None)
        if same is not None:  # a person had put it in already
            added.remove(same)
            self.items.append(_Item(self.mine[same], same, i))
            self.traces.append(replace(told, words=told.digest, mark=True))
            return
        own = {digest(self.mine[k].text) for j, k in self.mine_of.items() if self._edited(j)}
        wanted = told.digest not in elsewhere | own
        if wanted and asked:
            self.traces.append(replace(told, out=True))
            self.proposed.append(Proposal(told.digest, theirs))
            return
        mark = wanted and told.digest in unmarked
        self.traces.append(replace(told, mark=mark, out=not wanted))
        if wanted:
            self.items.append(_Item(replace(theirs, key=theirs.key and not mark), None, i))

    def _gone(self, j: int) -> None:
        """A passage that the machine writes no more: it goes, unless a person did something to it."""
        assert self.base is not None
        b = self.base[j]
        place = b.place if self.same_article else (None, None)
        told = replace(b, gone=True, out=False, start=place[0], end=place[1])
        if j not in self.mine_of:
            self.left.append((j, replace(told, words=None, out=not b.waits)))
            return
        m = self.mine[self.mine_of[j]]
        if self._kept(j) or self._mark(j):
            words = digest(m.text) if self._kept(j) else None
            self.left.append((j, replace(told, key=m.key, words=words, mark=self._mark(j))))
        if self._kept(j):
            stands = place if (m.start, m.end) == b.place else (m.start, m.end)
            self.items.append(_Item(Passage(m.text, *stands, key=m.key), self.mine_of[j], None))
            if not b.gone:
                self.proposed.append(Proposal(b.digest))

    def result(self) -> list[Passage]:
        """The passages in order: the machine's, or a person's own where a person moved some."""
        order = [self.mine_of[j] for j in sorted(self.mine_of)]
        moved = order != sorted(order) or self.base is None
        first, second = ("mine", "theirs") if moved else ("theirs", "mine")
        laid = sorted((x for x in self.items if getattr(x, first) is not None), key=lambda x: getattr(x, first))
        rest = sorted((x for x in self.items if getattr(x, first) is None), key=lambda x: getattr(x, second))
        for item in rest:
            at = [k for k, x in enumerate(laid) if (n := getattr(x, second)) is not None and n < getattr(item, second)]
            laid.insert(max(at, key=lambda k: getattr(laid[k], second)) + 1 if at else 0, item)
        return [x.passage for x in laid]
