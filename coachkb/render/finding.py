"""Why a look-up found what it found, in words: ``coachkb lookup --explain``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from coachkb.jobs.finding import Explained, Tagged, Why
from coachkb.model.visible import safe
from coachkb.render.reviewing import Row

_NAMED = 3  # situations of the query that are named
_INDENT = "   "


def finding_rows(told: Explained, name_of: Callable[[str], str]) -> Iterator[Row]:
    """The explanation as rows. ``name_of``: a situation's name by its id."""
    meant = [f"{safe(name_of(id_))} {share:.2f}" for id_, share in told.answer.situations[:_NAMED]]
    if told.understood:
        yield "", "", f"Understood as: {', '.join(meant)}"
    else:
        nearest = f" (nearest: {', '.join(meant)})" if meant else ""
        yield "", "", f"Understood as no situation{nearest}: only titles that have all its words count."
    yield "", "", f"Language of the query: {told.answer.language or 'not sure'}"
    for number, why in enumerate(told.hits, 1):
        yield "", "", ""
        yield from _rows(number, why, told, name_of)
    if not told.hits:
        yield from (("", "", ""), ("", "", "Nothing here answers that."))


def _rows(number: int, why: Why, told: Explained, name_of: Callable[[str], str]) -> Iterator[Row]:
    hit = why.hit
    status = f"{safe(hit.review['status'])}, {'your own' if hit.own else 'built in'}, {safe(hit.language)}"
    if why.counts < 1 and told.reader:
        status += f": counts {why.counts:.2f} of that, not being in {safe(told.reader)}"
    yield "title", f"{number}. ", f"{safe(hit.title)}  ({safe(hit.id)})"
    yield "quiet", _INDENT, f"score {hit.score:.2f}; {status}"
    if why.wordless < 1:
        yield "", _INDENT, f"no words to say: what it answers counts {why.wordless:.2f}"
    if why.hit.second:
        yield "", _INDENT, "third, though others score more: the query may mean its situation as well"
    if told.understood:
        for tag in why.situations:
            yield "", _INDENT, f"situation: {safe(name_of(tag.situation))} {tag.share:.2f}{_like(tag)}"
    matched = [f"{part}: {safe(', '.join(found))}" for part, found in why.words.items() if found]
    for line in matched:
        yield "", _INDENT, f"words in {line}"
    if not matched:
        yield "", _INDENT, "words: none of the query's"


def _like(tag: Tagged) -> str:
    if tag.phrase is None or tag.likeness is None:
        return ""
    return f", {'it is its phrase' if tag.likeness > 0.99 else 'its nearest phrase is'} '{safe(tag.phrase)}'"


def finding_data(told: Explained) -> dict[str, Any]:
    """The explanation as plain data: every key present, unknown is null."""
    return {
        "query": told.answer.query,
        "language": told.answer.language,
        "understood": told.understood,
        "situations": [{"id": id_, "score": round(score, 4)} for id_, score in told.answer.situations],
        "hits": [
            {
                "id": why.hit.id,
                "title": why.hit.title,
                "language": why.hit.language,
                "score": round(why.hit.score, 4),
                "counts": why.counts,
                "wordless": why.wordless,
                "second_meaning": why.hit.second,
                "status": why.hit.review["status"],
                "starter": not why.hit.own,
                "situations": [
                    {
                        "id": tag.situation,
                        "score": round(tag.share, 4),
                        "phrase": tag.phrase,
                        "likeness": None if tag.likeness is None else round(tag.likeness, 4),
                    }
                    for tag in why.situations
                ],
                "words": {part: list(found) for part, found in why.words.items()},
            }
            for why in told.hits
        ],
    }
