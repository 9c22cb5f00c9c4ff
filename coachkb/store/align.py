"""Which passage of one version of a part is which of another: by its words, by its place, by its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import SequenceMatcher

from coachkb.model.lesson import Passage
from coachkb.store.wrote import Trace, digest

#: Two wordings of one passage share more than that (difflib's ratio over words).
_ALIKE = 0.5


def mine_to_base(mine: Sequence[Passage], base: Sequence[Trace]) -> dict[int, int]:
    """Passages of a file to those of the machine that they were.

    By words (what a person is known to have made of one comes first), else by place, else by what lies between the same
    two.
    """
    digests = [digest(p.text) for p in mine]
    found = {digests.index(b.words): j for j, b in enumerate(base) if b.words in digests}
    taken = set(found.values())
    rest, left = [i for i in range(len(mine)) if i not in found], [j for j in range(len(base)) if j not in taken]
    equal = _by_words([digests[i] for i in rest], [base[j].digest for j in left])
    found.update((rest[i], left[j]) for i, j in equal.items())
    wanted = {j for j, b in enumerate(base) if not (b.out or b.waits)}
    places = {base[j].place: j for j in wanted - set(found.values()) if base[j].start is not None}
    for i, p in enumerate(mine):
        if i not in found and (p.start, p.end) in places:
            found[i] = places.pop((p.start, p.end))
    for gap, held in _gaps(len(mine), len(base), found, wanted.__contains__):
        free = [i for i in gap if mine[i].start is None]  # one with a place of its own came from elsewhere
        found.update(zip(free, held, strict=False))
    return found


def theirs_to_base(
    theirs: Sequence[Passage],
    base: Sequence[Trace],
    added: Collection[str],
    known: Mapping[int, str],
    reworded: Mapping[int, str],
    same_article: bool,
) -> dict[int, int]:
    """Passages that the machine writes now to those it wrote: by words, else place (in the same article), else gaps.

    ``added``: what a person added to the file: that is nothing else's new wording. Index in ``base`` to the
    words of it that are still ``known``, or to what a person ``reworded`` it to: a passage of the same gap is that
    one's new wording when it resembles it, or when its words are not known and it could be nothing else.
    """
    found = _by_words([digest(p.text) for p in theirs], [b.digest for b in base])
    if same_article:
        for i, p in enumerate(theirs):
            there = [j for j in range(len(base)) if j not in found.values() and _overlap(p, base[j])]
            if i not in found and there:
                found[i] = there[0]
    for gap, held in _gaps(len(theirs), len(base), found, lambda j: not base[j].gone):
        gap = [i for i in gap if theirs[i].text not in added]
        for j in list(held):
            text = known.get(j, reworded.get(j, ""))
            score, i = max(((_likeness(theirs[i].text, text), i) for i in gap), default=(0.0, -1))
            if score > _ALIKE:
                found[i] = j
                gap.remove(i)
                held.remove(j)
        if len(gap) == len(held):
            found.update((i, j) for i, j in zip(gap, held, strict=True) if j not in known)
    return found


def uncertain(n: int, base: Sequence[Trace], found: dict[int, int], touched: Collection[int]) -> set[int]:
    """Which of ``n`` passages that the machine writes now may be new wordings of what a person ``touched``: they stand
    where one of those stood that nothing is known to have become. ``found`` is of ``theirs_to_base``."""
    gaps = _gaps(n, len(base), found, lambda j: j in touched and not base[j].gone)
    return {i for gap, held in gaps if held for i in gap}


def of_one(a: str, b: str) -> bool:
    """Whether a text may be another wording of a passage, or of a piece of it: most of its words stand there, in their
    order."""
    words = a.casefold().split()
    blocks = SequenceMatcher(None, words, b.casefold().split(), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) > _ALIKE * len(words)


def _by_words(mine: Sequence[str], base: Sequence[str]) -> dict[int, int]:
    """Equal ones, first those in the same order, then those that moved."""
    found: dict[int, int] = {}
    for i, j, size in SequenceMatcher(None, mine, base, autojunk=False).get_matching_blocks():
        found.update(zip(range(i, i + size), range(j, j + size), strict=True))
    left: dict[str, list[int]] = {}
    for j, name in enumerate(base):
        if j not in found.values():
            left.setdefault(name, []).append(j)
    for i, name in enumerate(mine):
        if i not in found and left.get(name):
            found[i] = left[name].pop(0)
    return found


def _gaps(
    n: int, m: int, found: dict[int, int], counts: Callable[[int], bool] = lambda _: True
) -> list[tuple[list[int], list[int]]]:
    """The runs of unmatched ones with the unmatched ones of the base that lie between the same matched neighbours."""
    taken = set(found.values())
    gaps = []
    i = 0
    while i < n:
        if i in found:
            i += 1
            continue
        end = next((k for k in range(i, n) if k in found), n)
        low = found[i - 1] if i else -1
        high = found[end] if end < n else m
        gaps.append((list(range(i, end)), [j for j in range(low + 1, high) if j not in taken and counts(j)]))
        i = end
    return gaps


def _overlap(passage: Passage, held: Trace) -> bool:
    if passage.start is None or passage.end is None or held.start is None or held.end is None:
        return False
    shared = min(passage.end, held.end) - max(passage.start, held.start)
    return shared > 0.5 * min(passage.end - passage.start, held.end - held.start)


def _likeness(a: str, b: str) -> float:
    return SequenceMatcher(None, a.casefold().split(), b.casefold().split(), autojunk=False).ratio()
