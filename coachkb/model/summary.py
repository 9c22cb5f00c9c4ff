"""Which passages of a part stand in a summary, and how what is cut shows: for the card and the playbook alike.

On the look-up path: passages are plain tuples here, as the index has them.
"""

from __future__ import annotations

from coachkb.model.quotation import scan

#: Text, start, end, key.
Told = tuple[str, int | None, int | None, bool]

_UNMARKED = 3  # passages shown of a part in which none is key
_AFTER = ".)"  # what stands behind the number of a list's item
_DIGITS = 2  # of such a number, at the most
_GAP = 4  # characters between passages that are spoken in one go
#: Passages that a key one brings with it at most, so that a quotation is whole; a longer one is cut, and shows it.
_ALONG = 4
#: How many more than asked for that may make; where fewer are asked for than usual, room is short, and it is none.
_OVER = 2


def follows(a: Told, b: Told) -> bool:
    """Whether a passage stands right behind another one in the article."""
    return a[2] is not None and b[1] is not None and 0 <= b[1] - a[2] <= _GAP


def goes_on(a: Told, b: Told) -> bool:
    """Whether a passage and the next one of the part are spoken in one go; what a person wrote has no place to say."""
    return follows(a, b) or a[2] is None or b[1] is None


def key_ones(part: list[Told], most: int | None = None) -> list[int]:
    """The numbers of the passages of a part that a summary shows: the key ones, else the first three.

    With them comes the rest of a quotation that they are cut out of, and what their colon announces, as far as that
    is in the part. ``most``: about so many.
    """
    wanted = [n for n, passage in enumerate(part) if passage[3]] or list(range(len(part))[:_UNMARKED])
    first_of, last_of = _quotations(part)
    room = len(part) if most is None else most + _OVER if most >= _UNMARKED else most
    found: set[int] = set()
    for n in wanted[:most]:
        if most is not None and len(found) >= most:
            break
        if n in found:
            continue
        first, last = first_of.get(n, n), last_of.get(n, n)
        if announces(part[last][0]) and last + 1 < len(part) and goes_on(part[last], part[last + 1]):
            last = last_of.get(last + 1, last + 1)
        whole = set(range(first, last + 1))
        fits = len(whole) - 1 <= _ALONG and len(found | whole) <= room
        found |= whole if fits else {n}
    return sorted(found)


def announces(text: str) -> bool:
    """Whether a text ends with a colon: what it announces is still to come."""
    return text.rstrip().endswith(":")


def with_cuts(part: list[Told], shown: list[int], texts: list[str]) -> list[str]:
    """The ``texts`` of the passages ``shown``, with an ellipsis where a quotation begins before one, or goes on after
    it, unseen; or where what a colon announces is not there."""
    out: list[str] = []
    open_, cut = "", False  # the mark of a quotation that goes on from the passage before; whether it was cut there
    for i, (n, text) in enumerate(zip(shown, texts, strict=True)):
        next_one = i + 1 < len(shown) and shown[i + 1] == n + 1
        joined = next_one and goes_on(part[n], part[n + 1])
        found = scan(text, open_)
        told, cut = cut, bool(found.open) and not joined
        more = cut or (announces(text) and not next_one)
        began_before = found.first and not open_
        out.append(f"{'… ' if began_before and not told else ''}{text}{' …' if more else ''}")
        open_ = found.open if joined else ""
    return out


def numbers_alone(texts: list[str]) -> list[int]:
    """Of each of the texts that are shown together, how many characters at its head are the number of a list that is
    not whole among them, from its first item on: a reader wonders what is missing."""
    heads = [_number(text) for text in texts]
    whole = f" {' '.join(texts)} "
    run = 0  # how far the list goes without a gap; in an e-mail the first item may stand within a text
    while any(f" {run + 1}{mark} " in whole for mark in _AFTER):
        run += 1
    complete = run > 1 and all(number <= run for number, _ in heads)
    return [0 if complete else length for _, length in heads]


def _number(text: str) -> tuple[int, int]:
    """The number at the head of a list's item, and how long it is with what follows it; 0, 0 when there is none."""
    digits, _, rest = text.partition(" ")
    number = digits.lstrip("(").rstrip(_AFTER)
    if not (rest.strip() and digits[-1:] in _AFTER and number.isdecimal() and len(number) <= _DIGITS):
        return 0, 0
    return int(number), len(digits) + 1


def _quotations(part: list[Told]) -> tuple[dict[int, int], dict[int, int]]:
    """By the number of each passage in a quotation of several: the numbers of its first and its last one.

    One that is not closed in the part is none: nobody knows how far it goes.
    """
    first_of: dict[int, int] = {}
    last_of: dict[int, int] = {}
    begin, open_ = 0, ""  # where the quotation that is open began, and its mark
    for n, passage in enumerate(part):
        if open_ and not goes_on(part[n - 1], passage):
            open_ = ""
        found = scan(passage[0], open_)
        if found.first and open_:
            for one in range(begin, n + 1):
                first_of[one], last_of[one] = begin, n
        if found.open and (found.at >= 0 or not open_):
            begin = n
        open_ = found.open
    return first_of, last_of
