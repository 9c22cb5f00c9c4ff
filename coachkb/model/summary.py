"""Which passages of a part stand in a summary, and how what is cut shows: for the card and the playbook alike.

On the look-up path: passages are plain tuples here, as the index has them.
"""

from __future__ import annotations

#: Text, start, end, key.
Told = tuple[str, int | None, int | None, bool]

_UNMARKED = 3  # passages shown of a part in which none is key
_GAP = 4  # characters between passages that are spoken in one go
_QUOTES = '"“”„«»'
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
    open_ = cut = False  # whether a quotation goes on from the passage before; whether it was cut there
    for i, (n, text) in enumerate(zip(shown, texts, strict=True)):
        next_one = i + 1 < len(shown) and shown[i + 1] == n + 1
        joined = next_one and goes_on(part[n], part[n + 1])
        began_before, open_ = _quotation(text, open_)
        told, cut = cut, open_ and not joined
        more = cut or (announces(text) and not next_one)
        out.append(f"{'… ' if began_before and not told else ''}{text}{' …' if more else ''}")
        open_ = open_ and joined
    return out


def _quotations(part: list[Told]) -> tuple[dict[int, int], dict[int, int]]:
    """By the number of each passage in a quotation of several: the numbers of its first and its last one.

    One that is not closed in the part is none: nobody knows how far it goes.
    """
    first_of: dict[int, int] = {}
    last_of: dict[int, int] = {}
    begin: int | None = None  # where the quotation that is open began
    for n, passage in enumerate(part):
        if begin is not None and not goes_on(part[n - 1], passage):
            begin = None
        _, open_ = _quotation(passage[0], begin is not None)
        if open_:
            begin = n if begin is None else begin
        elif begin is not None:
            for one in range(begin, n + 1):
                first_of[one], last_of[one] = begin, n
            begin = None
    return first_of, last_of


def _quotation(text: str, open_: bool) -> tuple[bool, bool]:
    """Whether a quotation ends in a text that did not begin in it (nor is ``open_``), and whether one is left open.

    Languages use the same marks in other ways: one that stands before a word opens, one behind it closes.
    """
    before = False
    for i, char in enumerate(text):
        if char not in _QUOTES:
            continue
        left, right = text[i - 1 : i], text[i + 1 : i + 2]
        if (not left or left.isspace() or left in "([–—-'‘") and right and (char == "«" or not right.isspace()):
            open_ = True  # French puts a blank behind «
        elif left.isdigit() and not open_ and char == '"':
            continue  # inches
        else:
            before = before or not open_
            open_ = False
    return before, open_
