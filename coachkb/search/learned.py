"""What was learned from the vocabulary's labels, as it lies in an index: written, and taken over from another index."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from math import exp

from coachkb.data.load import elsewhere
from coachkb.data.stems import stem
from coachkb.model.profile import LanguageProfile
from coachkb.model.situation import Situation
from coachkb.search.analysis import INDEX_VERSION, LANGUAGE_SCALE, WEIGHT_SCALE, tokens
from coachkb.search.meaning import Example, Model, Rows, language_numbers, rows_of, train
from coachkb.search.query import Index

#: When labels were added to learned ones, this share (one in so many) of the old is learned again beside them.
REPLAYED = 130
#: And the new ones, few beside what was learned of the old, are gone over so often in each round.
NEW_TIMES = 10
#: Each is learned amid so many old ones, too: that its own words count for more than those around them.
AMID = 20

_INSERT = "INSERT INTO feature VALUES (?, ?, ?)"
#: A feature's key, its idf in hundredths, and its numbers (bytes): one a class, one a language.
_Row = tuple[str, int, bytes]


def write_learned(
    db: sqlite3.Connection,
    vocabulary: Mapping[str, Situation],
    profiles: Mapping[str, LanguageProfile],
    base: str,
    enlarge: bool,
    before: str = "",
) -> None:
    """Fills the ``feature`` table. Learns as little as it must: ``base`` and ``before`` are indexes that may have
    learned the same; where ``enlarge`` is set, ``db`` is a copy of ``base``.

    ``enlarge``: what ``base`` learned of fewer labels will do to learn on from. Else everything is learned anew, so
    that what comes out depends on the labels alone.

    The classes are the situations in their order, then "elsewhere"; after them stand the languages.
    """
    codes = sorted(profiles)
    classes = list(vocabulary)
    examples = _examples(vocabulary, profiles)
    small = {code: profile.stopwords for code, profile in profiles.items()}
    taught = f"{INDEX_VERSION} {' '.join(codes)} {len(examples)} {_checksum(sorted(map(repr, examples)))}"
    for path in filter(None, (base, before)):
        known = _known(path)
        if known.get("taught") == taught and ((enlarge and path == base) or _copied(db, path)):
            unknown = known["unknown"]
            break
    else:
        known = _known(base)
        unknown = known.get("unknown", "")

        def stemmed(word: str, code: str) -> str:
            return stem(word, profiles[code].stemmer)

        if enlarge and known and _holds(known, classes, codes):
            _enlarge(db, base, known, classes, codes, examples, small, stemmed)
        else:
            model = train(rows_of(examples, stemmed), len(classes) + 1)
            unknown = str(round(100 * model.unknown))
            db.execute("DELETE FROM feature")
            db.executemany(_INSERT, _rows(model, codes))
    texts = "\n".join(sorted({example.text for example in examples}))
    meta = {
        "taught": taught,
        "languages": " ".join(codes),
        "classes": "\n".join(classes),
        "labels": texts,
        "unknown": unknown,
    }
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(meta.items()))


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
        db.execute("DELETE FROM feature")
        db.executemany(_INSERT, other.db.execute("SELECT key, idf, weights FROM feature ORDER BY key"))
        return True
    return False


def _holds(known: Mapping[str, str], classes: list[str], codes: list[str]) -> bool:
    """Whether classes and languages are those of an index, or more."""
    return set(known["classes"].split("\n")) <= set(classes) and set(known["languages"].split()) <= set(codes)


def _enlarge(
    db: sqlite3.Connection,
    base: str,
    known: Mapping[str, str],
    classes: list[str],
    codes: list[str],
    examples: list[Example],
    small: Mapping[str, Collection[str]],
    stemmed: Callable[[str, str], str],
) -> None:
    """Learns on from the features of an index with the labels that are new to it, for these classes and languages.

    Only the features of what is learned are taken apart; the rest, most of them, are moved as they are.
    """
    old = set(known["labels"].split("\n"))
    new = [replace(example, times=NEW_TIMES) for example in examples if example.text not in old]
    new = [*new, *_amid(new, [example for example in examples if example.text in old], small)]
    # An old label is taken with few others, lest the new ones draw everything to themselves; and these are few beside
    # what was learned of the old, so they are gone over more often.
    again = [e for e in examples if e.text in old and zlib.crc32(e.text.encode()) % REPLAYED == 0]
    rows: Rows = rows_of(new, stemmed)
    learned = {**rows_of(again, stemmed), **rows}
    touched = {feature for _, kinds, _ in learned.values() for kind in kinds for feature in kind}
    model = Model(len(classes) + 1, unknown=int(known["unknown"]) / 100)
    before, spoken = known["classes"].split("\n"), known["languages"].split()
    place = [classes.index(id_) for id_ in before] + [len(classes)]
    with contextlib.closing(Index(base)) as index:
        for key in touched:
            for idf, blob in index.db.execute("SELECT idf, weights FROM feature WHERE key = ?", (key,)):
                numbers = array("b", blob)
                row = [0.0] * model.classes
                for n, value in zip(place, numbers, strict=False):
                    row[n] = value / WEIGHT_SCALE
                model.weights[key] = row
                model.idf[key] = idf / 100
                model.languages[key] = _counts(model, key, numbers[len(place) :], spoken)
        train(learned, len(classes) + 1, model, counted=rows)
        changed = list(_rows(model, codes))
        taken = [before.index(id_) if id_ in before else -2 for id_ in classes] + [len(before)]
        taken += [len(place) + spoken.index(code) if code in spoken else -1 for code in codes]

        def moved(blob: bytes) -> bytes:
            # A class that is new knows nothing of it; a new language has it no more than those that lack it.
            numbers = array("b", blob)
            numbers += array("b", [0, min(numbers[len(place) :])])
            return array("b", [numbers[n] for n in taken]).tobytes()

        if taken != list(range(len(place) + len(spoken))):
            end, more = len(before), bytes(len(classes) - len(before))
            if classes[:end] == before and spoken == codes:  # as it mostly is, and ten times as quick
                db.create_function("moved", 1, lambda blob: blob[:end] + more + blob[end:], deterministic=True)
            else:
                db.create_function("moved", 1, moved, deterministic=True)
            db.execute("UPDATE feature SET weights = moved(weights)")
        db.executemany(
            f"{_INSERT} ON CONFLICT (key) DO UPDATE SET idf = excluded.idf, weights = excluded.weights", changed
        )


def _amid(new: list[Example], others: list[Example], small: Mapping[str, Collection[str]]) -> Iterator[Example]:
    """New labels without their small words, alone and amid other labels of their language.

    Some few labels are all that is known of a new situation. Learned as they are, their small words would count as much
    as the others, and any phrase that begins as a hundred old labels do ("waiting for ...") would be one of those.
    """
    spoken: dict[str, list[str]] = {}
    for other in others:
        spoken.setdefault(other.language, []).append(other.text)
    for example in new:
        said = " ".join(word for word in tokens(example.text) if word not in small[example.language])
        if said:
            yield replace(example, text=said)
            around = spoken.get(example.language, [])
            for n in range(AMID if around else 0):
                amid = around[zlib.crc32(f"{said} {n}".encode()) % len(around)]
                yield replace(example, text=f"{said} {amid}" if n % 2 else f"{amid} {said}", times=1)


def _counts(model: Model, key: str, numbers: array[int], codes: list[str]) -> Counter[str]:
    """How often a feature occurred in each language, about: its idf says how often in all, the numbers in what shares.

    The other way round of ``train`` and ``language_numbers``.
    """
    total = (exp(model.unknown) - 1) / max(exp(model.idf[key]) - 1, 1e-9) + 0.5 * len(codes)
    shares = [exp(value / LANGUAGE_SCALE) / len(codes) for value in numbers]
    return Counter({code: max(0, round(share * total - 0.5)) for code, share in zip(codes, shares, strict=True)})


def _rows(model: Model, codes: list[str]) -> Iterator[_Row]:
    languages = language_numbers(model, codes)

    def small(value: float, scale: float) -> int:
        return max(-127, min(127, round(value * scale)))

    for key, row in sorted(model.weights.items()):
        numbers = [small(value, WEIGHT_SCALE) for value in row]
        numbers += [small(value, LANGUAGE_SCALE) for value in languages[key]]
        yield key, round(100 * model.idf[key]), array("b", numbers).tobytes()
