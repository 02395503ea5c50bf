"""A query's tree, a request's filters and an order → OpenSearch's query language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from crawler.dates import HANOI
from crawler.periods import Period
from indexer.answers.names import Names, parted
from indexer.engines.protocol import Name
from indexer.index.match import Spelt, Word
from indexer.index.rank import HEAD, PAIR, PHRASE, SYLLABLE, TITLE, Weighting, runs
from indexer.language.vietnamese import is_marked
from indexer.opensearch.documents import TOGETHER, same, token
from indexer.opensearch.snapshot import Snapshot
from indexer.query.parameters import SearchRequest, Sort
from indexer.query.tree import And, Dates, Node, Not, Or, Phrase, Prefix, Ways

Query = dict[str, Any]
EVERYTHING: Query = {"match_all": {}}
NEWEST: list[Any] = [{"published": "desc"}, {"id": "desc"}]
ORDERS: dict[Sort, list[Any]] = {
    "relevance": [{"_score": "desc"}, *NEWEST],
    "newest": NEWEST,
    "oldest": [{"published": "asc"}, {"id": "asc"}],
}
_PREFIXES = "top_terms_blended_freqs_50"


def matching(node: Node, opened: bool) -> Query:
    """What a tree matches; `opened`: what was typed without marks stands for every marking."""
    match node:
        case Phrase():
            return _row([token(key, opened) for key in node.keys], node.field)
        case Ways():
            return any_of(matching(phrase, opened) for phrase in node.phrases)
        case Prefix():
            return {"prefix": {node.field: {"value": token(node.key, opened)}}}
        case Dates():
            return published(node.period)
        case Not():
            return {"bool": {"must_not": [matching(node.part, opened)]}}
        case Or():
            return any_of(matching(part, opened) for part in node.parts)
        case And():
            return all_of(matching(part, opened) for part in node.parts)


def any_of(queries: Iterable[Query]) -> Query:
    """What any of them matches."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def all_of(queries: Iterable[Query]) -> Query:
    """What all of them match; without any, everything."""
    found = list(queries)
    return {"bool": {"filter": found}} if found else EVERYTHING


def published(period: Period) -> Query:
    """What was published on these days, in Hanoi."""
    span = {}
    if period.first > date.min:
        span["gte"] = _midnight(period.first)
    if period.last < date.max:
        span["lt"] = _midnight(period.last + timedelta(1))
    return {"range": {"published": span}} if span else EVERYTHING


def filters(request: SearchRequest, names: Callable[[Name], Names]) -> Iterator[Query]:
    """What each filter of a request lets through."""
    if request.since or request.until:
        yield published(Period(request.since or date.min, request.until or date.max))
    if request.since_change is not None:
        yield {"range": {"arrived": {"gt": request.since_change}}}
    yield from _chosen(request.authors, lambda given: _named("author", names("author").meant(given)))
    for tag in request.tags:
        yield from _chosen([tag], lambda given: _named("tag", names("tag").meant(given)))
    yield from _chosen(request.sections, lambda given: {"terms": {"section_is": [same(name) for name in given]}})
    yield from _chosen(request.years, lambda given: {"terms": {"year": given}})


def _chosen(given: Sequence[str], holding: Callable[[list[str]], Query]) -> Iterator[Query]:
    """Any of what is wanted, and nothing of what stands behind a minus."""
    wanted, unwanted = parted(given)
    if wanted:
        yield holding(wanted)
    if unwanted:
        yield {"bool": {"must_not": [holding(unwanted)]}}


def _named(field: Name, wanted: Iterable[tuple[str, ...]]) -> Query:
    return {"terms": {f"{field}_is": sorted(" ".join(own) for own in wanted)}}


def counted(snapshot: Snapshot, queries: Iterable[Query], among: Query = EVERYTHING) -> list[int]:
    """How many articles, of those `among` matches, match each of some queries, asked for at once."""
    filters = {str(number): query for number, query in enumerate(queries)}
    if not filters:
        return []
    body = {"size": 0, "query": among, "track_total_hits": False, "aggs": {"each": {"filters": {"filters": filters}}}}
    buckets = snapshot.search(body)["aggregations"]["each"]["buckets"]
    return [buckets[number]["doc_count"] for number in filters]


def ranking(tree: Node, opened: bool) -> list[Query]:
    """What a document's score is the sum of: a row's words, its pairs of neighbours, and the whole of it."""
    return [one for row in runs(tree) for one in _of_row(row, opened)]


def _of_row(row: Sequence[Word], opened: bool) -> Iterator[Query]:
    for word in row:
        yield _weighted(_word(word, "text", opened), SYLLABLE)
        yield _weighted(_word(word, "title", opened), TITLE)
    for one, other in pairwise(row):
        if isinstance(one, str) and isinstance(other, str):
            yield from _pair(one, other, opened)
    if len(row) > 2 and (keys := [word for word in row if isinstance(word, str)]) == list(row):
        yield _weighted(_row([token(key, opened) for key in keys], "text"), PHRASE)


def _word(word: Word, field: str, opened: bool) -> Query:
    if isinstance(word, Ways):
        return {"dis_max": {"queries": [_row([token(k, opened) for k in one.keys], field) for one in word.phrases]}}
    if isinstance(word, Prefix):
        return {"prefix": {field: {"value": token(word.key, opened), "rewrite": _PREFIXES}}}
    return {"term": {field: {"value": word.key if isinstance(word, Spelt) else token(word, opened)}}}


def _pair(one: str, other: str, opened: bool) -> Iterator[Query]:
    """Two neighbours; where only one of them is typed with marks there is no token of the pair, but a row of two."""
    if opened and is_marked(one) != is_marked(other):
        yield _weighted(_row([token(one, opened), token(other, opened)], "text"), PAIR)
        return
    together = TOGETHER.join((token(one, opened), token(other, opened)))
    yield _weighted({"term": {"pair": {"value": together}}}, PAIR)
    yield _weighted({"term": {"head": {"value": together}}}, HEAD)


def _row(tokens: Sequence[str], field: str) -> Query:
    if len(tokens) == 1:
        return {"term": {field: {"value": tokens[0]}}}
    return {"match_phrase": {field: {"query": " ".join(tokens), "analyzer": "whitespace"}}}


def _weighted(query: Query, weighting: Weighting) -> Query:
    """With a weight. Lucene's BM25 has no k1 + 1 above the line, ours has. Source: LUCENE-8563."""
    ((kind, said),) = query.items()
    boost = weighting.weight * (weighting.k1 + 1)
    if kind == "dis_max":
        return {kind: {**said, "boost": boost}}
    ((field, value),) = said.items()
    return {kind: {field: {**value, "boost": boost}}}


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), HANOI).timestamp()
