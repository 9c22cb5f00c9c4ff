"""A lesson as the index holds it: a light record, for importing dataclasses would cost the look-up path too much."""

from __future__ import annotations

from coachkb.model.terms import ROLES

_FIELD, _ROW = "\x1f", "\x1e"  # separate a passage's fields, and passages; text never holds them


class Hit:
    """One lesson found: ``id``, ``title``, ``language``; ``date``, ``author`` and ``group``, None when unknown.

    ``situations``: ids, best first. ``score``: 0 to 1; ``sure``: whether such a score is more than a guess. ``parts``:
    ``problem``, ``diagnosis``, ``tactic``, ``script``, each a list of passages (text, start, end, key).
    ``translations``: the other lessons of its group, (id, language).
    ``own``: the KB's, not the starter's. ``source``: path, origin, sha256, start, end. ``review``: status, by, on,
    until. ``unsure``: a draft of whose parts the machine is not sure. ``second``: it is third for being on the second
    likeliest situation.
    """

    __slots__ = (
        "author",
        "date",
        "group",
        "id",
        "language",
        "own",
        "parts",
        "review",
        "score",
        "second",
        "situations",
        "source",
        "sure",
        "title",
        "translations",
        "unsure",
    )

    id: str
    title: str
    language: str
    date: str | None
    author: str | None
    situations: tuple[str, ...]
    group: str | None
    own: bool
    source: dict[str, object]
    review: dict[str, object]
    parts: dict[str, list[tuple[str, int | None, int | None, bool]]]
    unsure: bool
    score: float
    sure: bool
    second: bool
    translations: list[tuple[str, str]]

    def __init__(self, row: tuple[object, ...]) -> None:
        """``row``: one row of the index's ``lesson`` table, in the order of ``COLUMNS``."""
        named = dict(zip(COLUMNS, row, strict=True))
        self.id = str(named["id"])
        self.title = str(named["title"])
        self.language = str(named["language"])
        self.date = _text(named["date"])
        self.author = _text(named["author"])
        self.situations = tuple(str(named["situations"]).split())
        self.group = _text(named["grp"])
        self.own = bool(named["own"])
        self.source = {
            key: named[column]
            for key, column in (
                ("path", "article"),
                ("origin", "origin"),
                ("sha256", "sha256"),
                ("start", "start"),
                ("end", "stop"),
            )
        }
        self.review = {key: named[f"review_{key}"] for key in ("status", "by", "on", "until")}
        self.parts = {role: unpack(str(named[role] or "")) for role in ROLES}
        self.unsure = bool(named["unsure"])  # a draft whose parts the machine is less sure of than UNSURE
        self.score = 0.0
        self.sure = True
        self.second = False
        self.translations = []

    def __repr__(self) -> str:
        return f"<Hit {self.id} ({self.language}) {self.score:.2f}{'' if self.sure else ', a guess'}: {self.title!r}>"


#: The columns of the index's ``lesson`` table that make a Hit.
COLUMNS = (
    "id",
    "title",
    "language",
    "date",
    "author",
    "situations",
    "grp",
    "own",
    "article",
    "origin",
    "sha256",
    "start",
    "stop",
    "review_status",
    "review_by",
    "review_on",
    "review_until",
    "unsure",
    *ROLES,
)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def pack(passages: list[tuple[str, int | None, int | None, bool]]) -> str:
    """Passages (text, start, end, key) as one column of the index."""
    rows = []
    for text, start, end, key in passages:
        clean = text.replace(_FIELD, " ").replace(_ROW, " ")
        rows.append(
            _FIELD.join(
                (clean, "" if start is None else str(start), "" if end is None else str(end), "k" if key else "")
            )
        )
    return _ROW.join(rows)


def unpack(column: str) -> list[tuple[str, int | None, int | None, bool]]:
    """The passages in a column of the index."""
    found: list[tuple[str, int | None, int | None, bool]] = []
    for row in column.split(_ROW) if column else ():
        text, start, end, key = row.split(_FIELD)
        found.append((text, int(start) if start else None, int(end) if end else None, key == "k"))
    return found
