"""What was learned from the vocabulary's labels, as it lies in an index: written, and taken over from another index."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import exp

from coachkb.data.load import elsewhere
from coachkb.data.stems import stem
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.search.analysis import INDEX_VERSION, LANGUAGE_SCALE, WEIGHT_SCALE
from coachkb.search.meaning import Example, Model, count_languages, language_numbers, train
from coachkb.search.query import Index

#: When labels were added to learned ones, this share (one in so many) of the old is learned again beside them.
REPLAYED = 24
#: And the new ones, few beside what was learned of the old, are gone over so often in each round.
NEW_TIMES = 4


def write_learned(
    db: sqlite3.Connection,
    vocabulary: Mapping[str, Situation],
    profiles: Mapping[str, LanguageProfile],
    base: str,
    enlarge: bool,
) -> None:
    """Fills the ``feature`` table. Learns as little as it must: ``base`` is an index that may have learned the same.

    ``enlarge``: what it learned of fewer labels will do to learn on from. Else everything is learned anew, so that what
    comes out depends on the labels alone.

    The classes are the situations in their order, then "elsewhere"; after them stand the languages.
    """
    codes = sorted(profiles)
    examples = _examples(vocabulary, profiles)
    known = _known(base)
    taught = f"{INDEX_VERSION} {' '.join(codes)} {len(examples)} {_checksum(sorted(map(repr, examples)))}"
    if known.get("taught") != taught or not _copied(db, base):
        model = None
        if enlarge and known and set(known["languages"].split()) <= set(codes):
            model = _enlarged(base, known, list(vocabulary))
        old = set(known["labels"].split("\n")) if model else set()
        # An old label is taken with few others, lest the new ones draw everything to themselves; and these are few
        # beside what was learned of the old, so they are gone over more often.
        chosen = [
            replace(e, times=1 if not old or e.text in old else NEW_TIMES)
            for e in examples
            if e.text not in old or zlib.crc32(e.text.encode()) % REPLAYED == 0
        ]
        model = train(chosen, len(vocabulary) + 1, lambda word, code: stem(word, profiles[code].stemmer), model)
        if old and known["languages"] != " ".join(codes):
            count_languages(model, examples, lambda word, code: stem(word, profiles[code].stemmer))
        _write(db, model, codes)
        db.execute("INSERT OR REPLACE INTO meta VALUES ('unknown', ?)", (str(round(100 * model.unknown)),))
    else:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('unknown', ?)", (known["unknown"],))
    texts = "\n".join(sorted({example.text for example in examples}))
    rows = {"taught": taught, "languages": " ".join(codes), "classes": "\n".join(vocabulary), "labels": texts}
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(rows.items()))


def _checksum(parts: list[str]) -> int:
    return zlib.crc32("\n".join(parts).encode())


def _examples(vocabulary: Mapping[str, Situation], profiles: Mapping[str, LanguageProfile]) -> list[Example]:
    found = []
    for n, situation in enumerate(vocabulary.values()):
        for code, labels in situation.labels.items():
            if code in profiles:
                found += [Example(text, n, code) for text in (labels.name, *labels.also, *labels.said)]
    for code, phrases in elsewhere().items():
        if code in profiles:
            found += [Example(text, len(vocabulary), code) for text in phrases]
    return found


def _known(base: str) -> dict[str, str]:
    """What the meta table of an index says of its learning; nothing where there is no such index."""
    wanted = {"taught", "languages", "classes", "labels", "unknown"}
    with contextlib.suppress(sqlite3.Error), contextlib.closing(Index(base)) as index:
        meta = dict(index.db.execute("SELECT key, value FROM meta").fetchall())
        if wanted <= set(meta) and meta.get("version") == INDEX_VERSION:
            return {key: str(meta[key]) for key in wanted}
    return {}


def _copied(db: sqlite3.Connection, base: str) -> bool:
    with contextlib.suppress(sqlite3.Error), contextlib.closing(Index(base)) as other:
        db.executemany(
            "INSERT INTO feature VALUES (?, ?, ?)", other.db.execute("SELECT key, idf, weights FROM feature")
        )
        return True
    return False


def _enlarged(base: str, known: Mapping[str, str], classes: list[str]) -> Model | None:
    """The model of an index, its columns in the order of these classes; None when one of its classes is gone."""
    before, codes = known["classes"].split("\n"), known["languages"].split()
    if not set(before) <= set(classes):
        return None
    place = [classes.index(id_) for id_ in before] + [len(classes)]
    model = Model(len(classes) + 1, unknown=int(known["unknown"]) / 100)
    with contextlib.closing(Index(base)) as index:
        for key, idf, blob in index.db.execute("SELECT key, idf, weights FROM feature"):
            numbers = array("b", blob)
            row = [0.0] * model.classes
            for n, value in zip(place, numbers, strict=False):
                row[n] = value / WEIGHT_SCALE
            model.weights[key] = row
            model.idf[key] = idf / 100
            shares = [exp(value / LANGUAGE_SCALE) for value in numbers[len(place) :]]
            # How often it occurred is not kept: three times, about, in the languages that it speaks for.
            model.languages[key] = Counter({c: round(3 * s) for c, s in zip(codes, shares, strict=True) if s > 0.9})
    return model


def _write(db: sqlite3.Connection, model: Model, codes: list[str]) -> None:
    languages = language_numbers(model, codes)

    def small(value: float, scale: float) -> int:
        return max(-127, min(127, round(value * scale)))

    rows = []
    for key, row in sorted(model.weights.items()):
        numbers = [small(value, WEIGHT_SCALE) for value in row]
        numbers += [small(value, LANGUAGE_SCALE) for value in languages[key]]
        rows.append((key, round(100 * model.idf[key]), array("b", numbers).tobytes()))
    db.executemany("INSERT INTO feature VALUES (?, ?, ?)", rows)
