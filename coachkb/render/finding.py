"""Why a look-up found what it found, in words: ``coachkb lookup --explain``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coachkb.jobs.finding import Explained, Tagged, Why
from coachkb.model.visible import safe

_NAMED = 3  # situations of the query that are named


def finding_text(told: Explained, name_of: Callable[[str], str]) -> str:
    """The explanation as plain lines. ``name_of``: a situation's name by its id."""
    meant = [f"{safe(name_of(id_))} {share:.2f}" for id_, share in told.answer.situations[:_NAMED]]
    if told.understood:
        out = [f"Understood as: {', '.join(meant)}"]
    else:
        nearest = f" (nearest: {', '.join(meant)})" if meant else ""
        out = [f"Understood as no situation{nearest}: only titles that have all its words count."]
    out.append(f"Language of the query: {told.answer.language or 'not sure'}")
    for number, why in enumerate(told.hits, 1):
        out += ["", *_lines(number, why, told, name_of)]
    if not told.hits:
        out += ["", "Nothing here answers that."]
    return "\n".join(out) + "\n"


def _lines(number: int, why: Why, told: Explained, name_of: Callable[[str], str]) -> list[str]:
    hit = why.hit
    status = f"{safe(hit.review['status'])}, {'your own' if hit.own else 'built in'}, {safe(hit.language)}"
    if why.counts < 1 and told.reader:
        status += f": counts {why.counts:.2f} of that, not being in {safe(told.reader)}"
    out = [f"{number}. {safe(hit.title)}  ({safe(hit.id)})", f"   score {hit.score:.2f}; {status}"]
    if why.wordless < 1:
        out.append(f"   no words to say: what it answers counts {why.wordless:.2f}")
    if why.hit.second:
        out.append("   third, though others score more: the query may mean its situation as well")
    if told.understood:
        out += [f"   situation: {safe(name_of(tag.situation))} {tag.share:.2f}{_like(tag)}" for tag in why.situations]
    matched = [f"{part}: {safe(', '.join(found))}" for part, found in why.words.items() if found]
    out += [f"   words in {line}" for line in matched] or ["   words: none of the query's"]
    return out


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
