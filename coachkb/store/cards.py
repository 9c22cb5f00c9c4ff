"""What a person has practised: a card a lesson, in one file a knowledge base, in the state folder of the machine.

The file is JSON: ``{"format": 1, "cards": {"<lesson id>": {"due": "YYYY-MM-DD", "stability": days, "difficulty": 1 to
10, "grades": [["YYYY-MM-DD", "again|hard|good|easy"], ...]}}}``. Cards of lessons that are gone stay: they may return.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable
from dataclasses import dataclass

from coachkb import locate
from coachkb.errors import UnusableKB
from coachkb.model.visible import safe
from coachkb.store.files import atomic_write, content, key_of, locked

FORMAT = 1
GRADES = ("again", "hard", "good", "easy")
_LEAST_STABILITY, _MOST_STABILITY = 0.001, 1_000_000  # days; FSRS gives no less
_STARTER = "starter"  # its folder lies with the program, and moves with it
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a lesson's place in memory since its last grade.

    ``stability``: days until the chance of recall falls to 0.9; ``difficulty``: 1 to 10; ``grades``: all of them, with
    their days, oldest first, at least one.
    """

    due: datetime.date
    stability: float
    difficulty: float
    grades: tuple[tuple[datetime.date, str], ...]

    @property
    def last(self) -> datetime.date:
        """The day of the last grade."""
        return self.grades[-1][0]


class Cards:
    """The cards of one knowledge base. ``tell`` is given a line when a broken file was put aside."""

    def __init__(self, kb_path: str | None, starter: bool, tell: Tell | None = None) -> None:
        """``kb_path``: None is the starter alone; ``starter``: whether it lies under the KB.

        Raises UnusableKB when there is no state folder.
        """
        state = locate.state_folder()
        if state is None:
            raise UnusableKB("there is no folder to keep what you practised in: set XDG_STATE_HOME or HOME")
        self._folder = os.path.join(state, "practice")
        self._start = os.path.join(self._folder, f"{_STARTER}.json") if starter else None
        self._tell = tell
        self.path = os.path.join(self._folder, f"{key_of(kb_path) if kb_path else _STARTER}.json")

    def read(self) -> dict[str, Card]:
        """The cards by lesson id. A KB over the starter begins with what was practised on the starter alone.

        A file that cannot be understood is put aside, and its cards are none. Raises UnusableKB when it cannot be read
        or put aside, or a newer coachkb wrote it.
        """
        found = self._read(self.path)
        if found is None and self._start:
            found = self._read(self._start)
        return found or {}

    def update(self, id_: str, change: Callable[[Card | None], Card]) -> Card:
        """Changes one card and saves it at once, beside what others saved meanwhile. Raises UnusableKB."""
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            with locked(None, self._folder):
                cards = self.read()
                cards[id_] = change(cards.get(id_))
                atomic_write(self.path, _written(cards))
        except OSError as error:
            raise UnusableKB(
                f"{self.path}: the grade cannot be saved ({error.strerror}): see that you may write there"
            ) from error
        return cards[id_]

    def _read(self, path: str) -> dict[str, Card] | None:
        try:
            data = content(path)
        except OSError as error:
            raise UnusableKB(f"{path}: what you practised cannot be read ({error.strerror})") from error
        if data is None:
            return None
        try:
            return _cards(data, path)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            aside = _put_aside(path)
            if self._tell:
                self._tell(f"{path}: is no file of practice cards ({safe(_reason(error))}); it is kept as {aside}, and "
                           "practice starts anew")  # fmt: skip
            return None


def _cards(data: bytes, path: str) -> dict[str, Card]:
    """The cards of a file. Raises ValueError, KeyError, TypeError, AttributeError, OverflowError or RecursionError when
    it holds none, UnusableKB for a newer format."""
    told = json.loads(data.decode("utf-8"))
    version = told["format"]
    if type(version) is int and version > FORMAT:
        raise UnusableKB(f"{path}: was written by a newer coachkb: update coachkb to go on practising")
    if version != FORMAT:
        raise ValueError(f"format should be {FORMAT}")
    return {id_: _card(id_, card) for id_, card in told["cards"].items()}


def _card(id_: str, told: dict[str, object]) -> Card:
    stability, difficulty, grades = told["stability"], told["difficulty"], told["grades"]
    if not isinstance(stability, int | float) or not _LEAST_STABILITY <= stability <= _MOST_STABILITY:
        raise ValueError(f"{id_}: stability should be {_LEAST_STABILITY} to {_MOST_STABILITY}")
    if not isinstance(difficulty, int | float) or not 1 <= difficulty <= 10:
        raise ValueError(f"{id_}: difficulty should be 1 to 10")
    if not isinstance(grades, list) or not grades or any(grade not in GRADES for _, grade in grades):
        raise ValueError(f"{id_}: grades should be a list of a day and one of {', '.join(GRADES)}")
    given = tuple((datetime.date.fromisoformat(day), str(grade)) for day, grade in grades)
    return Card(datetime.date.fromisoformat(str(told["due"])), float(stability), float(difficulty), given)


def _written(cards: dict[str, Card]) -> bytes:
    rows = {
        id_: {
            "due": card.due.isoformat(),
            "stability": card.stability,
            "difficulty": card.difficulty,
            "grades": [[day.isoformat(), grade] for day, grade in card.grades],
        }
        for id_, card in sorted(cards.items())
    }
    return (json.dumps({"format": FORMAT, "cards": rows}, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _put_aside(path: str) -> str:
    """Gives a file another name, which none has yet. Raises UnusableKB."""
    n = 1
    while os.path.lexists(aside := f"{path}.broken-{n}"):
        n += 1
    try:
        os.rename(path, aside)
    except OSError as error:
        raise UnusableKB(
            f"{path}: is no file of practice cards, and cannot be put aside ({error.strerror}): move it away"
        ) from error
    return aside


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error) if type(error) is ValueError else "not the shape it should have"
