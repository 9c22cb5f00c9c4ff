"""Reads the data files of a language, and says in one line which field of which file is wrong.

A language need not have every table. A text that it lacks (a heading, a label) is English's, a list of words is empty.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import string
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from coachkb.errors import BadData
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Labels

_ENGLISH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "languages", "en.yaml")
_FIELDS = tuple(LanguageProfile.__dataclass_fields__)
_ORDERS = ("dmy", "mdy", None)


def read_data(path: str) -> Any:
    """What a YAML file of ours holds. Raises BadData when it is no YAML; OSError when it cannot be read."""
    import yaml  # where used: a look-up in the starter reads no YAML

    try:
        with open(path, encoding="utf-8-sig") as file:
            return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else path
        raise BadData(f"{where}: is not valid YAML: {getattr(error, 'problem', None) or 'cannot be parsed'}") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: is not UTF-8 (byte {error.start}): save it as UTF-8") from error


def read_profile(path: str) -> LanguageProfile:
    """The language profile in a file. Raises BadData with the file and the field; FileNotFoundError without a file."""
    told = _Told(path)
    return LanguageProfile(
        code=told.code(),
        name=told.text("name"),
        english=told.text("english"),
        stemmer=told.shipped("stemmer", told.text("stemmer"), "snowballstemmer", "{}_stemmer.py"),
        langdetect=told.shipped("langdetect", told.text("langdetect"), "langdetect", "profiles", "{}"),
        rivals=tuple(
            told.shipped("rivals", code, "langdetect", "profiles", "{}") for code in told.words("rivals", needed=False)
        ),
        headings=told.texts("headings"),
        labels=told.texts("labels"),
        months=told.months(),
        weekdays=told.words("weekdays", needed=False),
        date_order=told.date_order(),
        date_lead=told.words("date_lead", needed=False),
        byline=told.words("byline", needed=False),
        biography=told.words("biography", needed=False),
        abbreviations=frozenset(told.words("abbreviations", needed=False)),
        abbreviations_final=frozenset(told.words("abbreviations_final", needed=False)),
        said_after=told.words("said_after", needed=False),
        quotes=told.quotes(),
        stopwords=frozenset(told.words("stopwords")),
        noise=told.table("noise"),
        sections=told.table("sections"),
        front_matter=told.table("front_matter"),
        fields=told.table("fields"),
        not_after={name: frozenset(words) for name, words in told.table("not_after").items()},
        cues=told.table("cues", needed=True),
        own_turns=told.words("own_turns", needed=False),
        talk=told.table("talk"),
        spot=told.texts("spot"),
    )


def read_labels(path: str, situations: Collection[str]) -> dict[str, Labels]:
    """The labels in a vocabulary file by situation; none where there is no such file. Raises BadData.

    ``situations``: the ids that there are; a language need not have labels for each.
    """
    if not os.path.exists(path):
        return {}
    found = {}
    for id_, entry in _mapping(read_data(path), path, "the file").items():
        if id_ not in situations:
            raise BadData(f"{path}: {id_!r} is no situation of situations.yaml")
        entry = _mapping(entry, path, id_)
        _known(entry, ("name", "also", "said"), path, id_)
        if not entry.get("name"):
            raise BadData(f"{path}: {id_}: has no name")
        name, *_ = _words([entry["name"]], path, f"{id_}.name")
        also, said = (_words(entry.get(key), path, f"{id_}.{key}") for key in ("also", "said"))
        found[id_] = Labels(name, also, said)
    return found


@functools.cache
def _english() -> Mapping[str, Any]:
    """English's file as it stands: it has every table, and every name in it."""
    return _mapping(read_data(_ENGLISH), _ENGLISH, "the file")


class _Told:
    """What a language's file says, field by field; each method raises BadData when a field says what it cannot mean."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._english = _english()
        own = path == _ENGLISH
        self._raw = self._english if own else _mapping(read_data(path), path, "the file")
        _known(self._raw, _FIELDS, path, "")

    def _needed(self, name: str) -> Any:
        if self._raw.get(name) in (None, "", [], {}):
            raise BadData(f"{self._path}: {name}: is missing; see {os.path.basename(_ENGLISH)} beside it")
        return self._raw[name]

    def text(self, name: str) -> str:
        return _words([self._needed(name)], self._path, name)[0]

    def code(self) -> str:
        """The language's code, which is the file's name: "da" of languages/da.yaml."""
        code, file = self.text("code"), os.path.splitext(os.path.basename(self._path))[0]
        if code != file:
            raise BadData(f"{self._path}: code: {code!r} should be as the file is named, {file!r}")
        return code

    def shipped(self, name: str, value: str, package: str, *below: str) -> str:
        """``value``, which names a file that a library ships: a stemmer's module, a profile of langdetect's."""
        spec = importlib.util.find_spec(package)  # finds it without importing it
        for folder in (spec.submodule_search_locations if spec else None) or ():
            if os.path.exists(os.path.join(folder, *(part.format(value) for part in below))):
                return value
        raise BadData(f"{self._path}: {name}: {package} has nothing called {value!r}")

    def words(self, name: str, needed: bool = True) -> tuple[str, ...]:
        return _words(self._needed(name) if needed else self._raw.get(name), self._path, name)

    def table(self, name: str, needed: bool = False) -> dict[str, tuple[str, ...]]:
        """Lists of words by name; one that English has and this language lacks is empty."""
        raw = _mapping(self._needed(name) if needed else self._raw.get(name) or {}, self._path, name)
        _known(raw, self._english[name], self._path, name)
        found = {key: _words(items, self._path, f"{name}.{key}") for key, items in raw.items()}
        return {**found, **{key: () for key in self._english[name] if key not in found}}

    def texts(self, name: str) -> dict[str, str]:
        """Texts by name; one that English has and this language lacks is English's."""
        english = self._english[name]
        raw = _mapping(self._raw.get(name) or {}, self._path, name)
        _known(raw, english, self._path, name)
        for key, text in raw.items():
            _words([text], self._path, f"{name}.{key}")
            if _blanks(text) != _blanks(english[key]):
                wanted = ", ".join(f"{{{blank}}}" for blank in sorted(_blanks(english[key]))) or "nothing in braces"
                raise BadData(f"{self._path}: {name}.{key}: should hold {wanted}, as English's does")
        return {**raw, **{key: text for key, text in english.items() if key not in raw}}

    def months(self) -> dict[str, int]:
        raw = _mapping(self._raw.get("months") or {}, self._path, "months")
        _words(list(raw), self._path, "months")
        for name, number in raw.items():
            if not isinstance(number, int) or not 1 <= number <= 12:
                raise BadData(f"{self._path}: months.{name}: {number!r} should be a number from 1 to 12")
        return dict(raw)

    def date_order(self) -> str | None:
        order: str | None = self._raw.get("date_order")
        if order not in _ORDERS:
            raise BadData(f"{self._path}: date_order: {order!r} should be dmy, mdy or null")
        return order

    def quotes(self) -> tuple[tuple[str, str], ...]:
        """Pairs of quotation marks; English's where a language names none."""
        pairs = self._raw.get("quotes") or self._english["quotes"]
        if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise BadData(f"{self._path}: quotes: should be a list of pairs, an opening mark and a closing one")
        marks = [_words(pair, self._path, "quotes") for pair in pairs]
        return tuple((opening, closing) for opening, closing in marks)


def _mapping(value: Any, path: str, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadData(f"{path}: {what}: should be a mapping (name: value)")
    return value


def _known(raw: Mapping[str, Any], names: Iterable[str], path: str, what: str) -> None:
    """Raises BadData when there is a name that nothing reads: it is a typing error, and would be missed silently."""
    for name in raw:
        if name not in names:
            raise BadData(f"{path}: {f'{what}: ' if what else ''}nothing reads {name!r}: one of {', '.join(names)}")


def _words(value: Any, path: str, what: str) -> tuple[str, ...]:
    """A list of texts; None is an empty one. YAML reads a bare ``no`` or ``on`` as a truth value: such want quotes."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadData(f"{path}: {what}: should be a list")
    for item in value:
        if not isinstance(item, str):
            raise BadData(f"{path}: {what}: {item!r} is no text for YAML: put it in quotes")
    return tuple(value)


def _blanks(text: str) -> set[str]:
    """The names in braces that are filled in when a text is shown."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:  # a brace that is never closed
        return {"?"}
