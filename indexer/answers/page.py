"""An answer in the public shape: a page of results, facets, a timeline."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from crawler.article import Article
from indexer.answers.about import about
from indexer.answers.answer import Answer
from indexer.answers.highlight import Highlighter
from indexer.answers.offers import offers
from indexer.answers.search import search
from indexer.engines.protocol import Facet
from indexer.index.reader import Reader

FACET_VALUES = 100
"""Authors and tags named in facets, those with the most articles."""
ANY: Mapping[Facet, str] = {"year": "years", "author": "authors", "section": "sections"}
"""Facets of which any of several values will do, and their attribute of SearchRequest."""
BRIEF = ("id", "url", "title", "lead", "authors", "section", "tags", "published_at")
"""An article's fields in lists of articles."""


def page(answer: Answer, number: int, size: int) -> dict[str, Any]:
    """Page `number` (from 1) of `size` results, as `/api/v1/search` answers."""
    started = time.perf_counter()
    window = slice((number - 1) * size, number * size)
    highlighter = Highlighter(answer.matcher, answer.tree)
    shown = zip(answer.docs[window].tolist(), answer.scores[window].tolist(), strict=True)
    results = [_result(answer.reader, doc, score, highlighter) for doc, score in shown]
    return {
        **head(answer),
        "phrase_total": None if answer.phrase is None else len(answer.phrase),
        "notes": [note.to_dict() for note in (*answer.notes, *answer.near_notes)],
        "page": number,
        "size": size,
        "took_ms": round((answer.seconds + time.perf_counter() - started) * 1000, 1),
        "results": results,
        "near": _near(answer) if number == 1 else [],
        "facets": facets(answer),
        "offers": [offer.to_dict() for offer in offers(answer)],
        "suggestion": str(answer.correction) if answer.correction else None,
    }


def head(answer: Answer) -> dict[str, Any]:
    """What every answer says first: what was asked, how it was taken, how much there is."""
    return {
        "query": answer.request.to_dict(),
        "accents": answer.accents,
        "relaxed": answer.relaxed,
        "total": len(answer),
        "generation": answer.reader.manifest.name,
        "change": answer.reader.manifest.change,
    }


def facets(answer: Answer) -> dict[str, list[dict[str, Any]]]:
    """Counts over the whole result: every year, the newest first; the most frequent authors and tags.

    Sections where the index has more than one. A count is the total that asking for the value gives: of tags besides
    those asked for, of anything else in the place of what was asked for.
    """
    reader = answer.reader
    found = {
        "year": _shown(_counted(answer, "year")[::-1]),
        "author": _shown(sorted(_counted(answer, "author"), key=_most_first)[:FACET_VALUES]),
        "tag": _shown(sorted(_counted(answer, "tag"), key=_most_first)[:FACET_VALUES]),
    }
    if len(reader.facet_counts("section", reader.everything)) > 1:
        found["section"] = _shown(sorted(_counted(answer, "section"), key=_most_first))
    return found


def _counted(answer: Answer, facet: Facet) -> list[tuple[str, int]]:
    """A facet's values over the result without its own filter, where any of several values will do."""
    attribute = ANY.get(facet)
    given: tuple[str, ...] = getattr(answer.request, attribute) if attribute else ()
    left_out = tuple(name for name in given if name.startswith("-"))
    if not attribute or given == left_out:
        return answer.reader.facet_counts(facet, answer.docs)
    wider = replace(answer.request, **{attribute: left_out, "sort": "newest"})  # type: ignore[arg-type]
    return answer.reader.facet_counts(facet, search(answer.reader, wider).docs)


def timeline(answer: Answer) -> dict[str, Any]:
    """Counts over the whole result for each month that has any, as `/api/v1/timeline` answers; the oldest first."""
    return {**head(answer), "months": _shown(answer.reader.facet_counts("month", answer.docs))}


def phrases(answer: Answer) -> dict[str, Any]:
    """What sets the whole result apart from the collection, as `/api/v1/phrases` answers; the most telling first."""
    return {**head(answer), "phrases": [asdict(phrase) for phrase in about(answer)]}


def brief(article: Article) -> dict[str, Any]:
    """An article without its text, in the public shape."""
    record = article.to_dict()
    return {name: record[name] for name in BRIEF}


def _result(reader: Reader, doc: int, score: float, highlighter: Highlighter) -> dict[str, Any]:
    article = reader.article(doc)
    return {
        **brief(article),
        "arrived": int(reader.arrived[doc]),
        "score": round(score, 4),
        "highlights": {"title": highlighter.whole(article.title), "text": highlighter.passages(article.text)},
    }


def _near(answer: Answer) -> list[dict[str, Any]]:
    """What is near, each with the words it lacks."""
    near, highlighter = answer.near, Highlighter(answer.near.matcher, answer.near.tree)
    rows = zip(near.docs.tolist(), near.scores.tolist(), near.lacks, strict=True)
    return [{**_result(answer.reader, doc, score, highlighter), "lacks": list(lacks)} for doc, score, lacks in rows]


def _shown(counted: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"value": value, "count": count} for value, count in counted]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
