"""An answer in the public shape: a page of results, facets, a timeline."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from crawler.article import Article
from indexer.answers.about import Phrase
from indexer.answers.asked import Asked, Hit
from indexer.answers.offers import offers
from indexer.engines.protocol import Facet

FACET_VALUES = 100
"""Authors and tags named in facets, those with the most articles."""
ANY: Mapping[Facet, str] = {"year": "years", "author": "authors", "section": "sections"}
"""Facets of which any of several values will do, and their attribute of SearchRequest."""
BRIEF = ("id", "url", "title", "lead", "authors", "section", "tags", "published_at")
"""An article's fields in lists of articles."""


def page(answer: Asked, number: int, size: int) -> dict[str, Any]:
    """Page `number` (from 1) of `size` results, as `/api/v1/search` answers."""
    started = time.perf_counter()
    results = [_result(hit) for hit in answer.hits((number - 1) * size, number * size)]
    return {
        **head(answer),
        "phrase_total": answer.phrase_total,
        "notes": [note.to_dict() for note in answer.said],
        "page": number,
        "size": size,
        "took_ms": round((answer.seconds + time.perf_counter() - started) * 1000, 1),
        "results": results,
        "near": [{**_result(hit), "lacks": list(hit.lacks)} for hit in answer.nearest()] if number == 1 else [],
        "facets": facets(answer),
        "offers": [offer.to_dict() for offer in offers(answer)],
        "suggestion": str(answer.correction) if answer.correction else None,
    }


def head(answer: Asked) -> dict[str, Any]:
    """What every answer says first: what was asked, how it was taken, how much there is."""
    return {
        "query": answer.request.to_dict(),
        "accents": answer.accents,
        "relaxed": answer.relaxed,
        "total": len(answer),
        "generation": answer.generation.name,
        "change": answer.generation.change,
    }


def facets(answer: Asked) -> dict[str, list[dict[str, Any]]]:
    """Counts over the whole result: every year, the newest first; the most frequent authors and tags.

    Sections where the index has more than one. A count is the total that asking for the value gives: of tags besides
    those asked for, of anything else in the place of what was asked for.
    """
    found = {
        "year": _shown(_counted(answer, "year")[::-1]),
        "author": _shown(sorted(_counted(answer, "author"), key=_most_first)[:FACET_VALUES]),
        "tag": _shown(sorted(_counted(answer, "tag"), key=_most_first)[:FACET_VALUES]),
    }
    if len(answer.of_all("section")) > 1:
        found["section"] = _shown(sorted(_counted(answer, "section"), key=_most_first))
    return found


def _counted(answer: Asked, facet: Facet) -> list[tuple[str, int]]:
    """A facet's values over the result without its own filter, where any of several values will do."""
    attribute = ANY.get(facet)
    given: tuple[str, ...] = getattr(answer.request, attribute) if attribute else ()
    left_out = tuple(name for name in given if name.startswith("-"))
    if not attribute or given == left_out:
        return answer.counts(facet)
    wider = replace(answer.request, **{attribute: left_out, "sort": "newest"})  # type: ignore[arg-type]
    return answer.again(wider).counts(facet)


def timeline(answer: Asked) -> dict[str, Any]:
    """Counts over the whole result for each month that has any, as `/api/v1/timeline` answers; the oldest first."""
    return {**head(answer), "months": _shown(answer.counts("month"))}


def phrases(answer: Asked, found: Iterable[Phrase]) -> dict[str, Any]:
    """What sets the whole result apart from the collection, as `/api/v1/phrases` answers; the most telling first."""
    return {**head(answer), "phrases": [asdict(phrase) for phrase in found]}


def brief(article: Article) -> dict[str, Any]:
    """An article without its text, in the public shape."""
    record = article.to_dict()
    return {name: record[name] for name in BRIEF}


def _result(hit: Hit) -> dict[str, Any]:
    title, text = hit.highlighter.whole(hit.article.title), hit.highlighter.passages(hit.article.text)
    score = round(hit.score, 4)
    return {
        **brief(hit.article),
        "arrived": hit.arrived,
        "score": score,
        "highlights": {"title": title, "text": text},
    }


def _shown(counted: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"value": value, "count": count} for value, count in counted]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
