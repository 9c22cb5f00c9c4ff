"""Look-ups and lists as JSON: every key present, unknown is null."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coachkb.jobs.saying import Said
from coachkb.kb import Ingested
from coachkb.model.hit import Hit
from coachkb.model.terms import ROLES
from coachkb.readable import Answer


def browse_data(hit: Hit) -> dict[str, Any]:
    """A lesson without its passages."""
    return {
        "id": hit.id,
        "title": hit.title,
        "language": hit.language,
        "date": hit.date,
        "author": hit.author,
        "situations": list(hit.situations),
        "group": hit.group,
        "translations": [{"id": id_, "language": language} for id_, language in hit.translations],
        "source": hit.source,
        "review": hit.review,
        "starter": not hit.own,
    }


def answer_data(answer: Answer) -> dict[str, Any]:
    """What a look-up found."""
    return {
        "query": answer.query,
        "language": answer.language,
        "situations": [{"id": id_, "score": round(score, 4)} for id_, score in answer.situations],
        "hits": [
            {
                **browse_data(hit),
                "score": round(hit.score, 4),
                "sure": hit.sure,
                **{
                    role: [{"text": t, "start": s, "end": e, "key": k} for t, s, e, k in hit.parts[role]]
                    for role in ROLES
                },
            }
            for hit in answer.hits
        ],
    }


def ingest_data(results: Iterable[Ingested]) -> dict[str, Any]:
    """What became of each article."""
    return {
        "articles": [
            {
                "path": r.path,
                "origin": r.origin,
                "status": r.status,
                "reason": r.reason,
                "lessons": list(r.lessons),
            }
            for r in results
        ]
    }


def said_data(said: Said) -> list[dict[str, Any]]:
    """The lessons with words to say, each with its passages."""
    return [
        {
            "id": hit.id,
            "title": hit.title,
            "language": hit.language,
            "review": hit.review,
            "sure": hit.sure,
            "script": [text for text, *_ in hit.parts["script"]],
        }
        for hit in said.lessons
    ]
