"""The engine on a cluster: a snapshot of its index, asked over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from crawler.article import Article
from crawler.reading.doubts import Doubt
from indexer.answers.names import Names
from indexer.engines.protocol import Completion, Facet, Generation, Name
from indexer.language.vietnamese import Tokens
from indexer.opensearch.completing import completions
from indexer.opensearch.counting import COUNTED, WRITTEN, aggregations, terms
from indexer.opensearch.documents import same
from indexer.opensearch.queries import EVERYTHING, NEWEST, Query, any_of
from indexer.opensearch.result import Found
from indexer.opensearch.snapshot import Snapshot
from indexer.opensearch.words import Lexicon
from indexer.query.parameters import SearchRequest

LIKE, TELLING = 5, 40
"""Articles shown as most like one, and pairs of neighbours by which they are found."""
LARGEST = 2**63 - 1
"""The largest number that a field of numbers takes."""


class Clustered:
    """An Engine over a snapshot; safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._articles = snapshot.published.card.articles
        self.all_counts = lru_cache(len(COUNTED))(self._all_counts)
        self.known = lru_cache(2)(self._known)

    @property
    def generation(self) -> Generation:
        return self.snapshot.published.generation

    def __len__(self) -> int:
        return self._articles

    def prepare(self) -> None:
        _ = self.known("author"), self.known("tag"), self.shown

    def check(self) -> None:
        self.snapshot.search({"size": 0, "query": EVERYTHING, "track_total_hits": False})

    def search(self, request: SearchRequest) -> Found:
        return Found(self, request)

    def counts(self, facet: Facet) -> list[tuple[str, int]]:
        return self.all_counts(facet)

    def article(self, number: int) -> Article | None:
        found = self._one(number)
        return None if found is None else Article.from_dict(found["article"])

    def doubts(self, number: int) -> tuple[Doubt, ...]:
        found = self._one(number)
        return tuple(Doubt(**said) for said in found["doubts"]) if found else ()

    def similar(self, number: int) -> list[Article]:
        found = self._one(number)
        if found is None:
            return []
        article = Article.from_dict(found["article"])
        pairs = _pairs([article.title, *article.paragraphs])
        like = {"fields": ["pair"], "like": [" ".join(pairs)], "min_term_freq": 1, "min_doc_freq": 2}
        asked = {**like, "max_query_terms": TELLING, "minimum_should_match": 1}
        itself = {"term": {"id": article.id}}
        query = {"bool": {"must": [{"more_like_this": asked}], "must_not": [itself]}}
        return [Article.from_dict(hit["_source"]["article"]) for hit in self._first(query, LIKE)]

    def completions(self, typed: str) -> list[Completion]:
        return completions(self, typed)

    def count(self, query: Query) -> int:
        """How many articles match."""
        found = self.snapshot.search({"size": 0, "query": query, "track_total_hits": True})
        total: int = found["hits"]["total"]["value"]
        return total

    def has_name(self, kind: Name, name: str) -> bool:
        return self.known(kind).has(name)

    @cached_property
    def lexicon(self) -> Lexicon:
        """All words there are."""
        return Lexicon(self.snapshot)

    @cached_property
    def shown(self) -> dict[Facet, dict[str, str]]:
        """By each facet that has them, what names have in common → how they are most often written."""
        return {kind: self._written(field) for kind, field in WRITTEN.items()}

    def _written(self, field: str) -> dict[str, str]:
        asked = {"size": 0, "track_total_hits": False, "aggs": {"all": terms(field)}}
        buckets = self.snapshot.search(asked)["aggregations"]["all"]["buckets"]
        found: dict[str, str] = {}
        for bucket in sorted(buckets, key=lambda one: (-one["doc_count"], one["key"])):
            found.setdefault(same(bucket["key"]), bucket["key"])
        return found

    def _all_counts(self, facet: Facet) -> list[tuple[str, int]]:
        return self.counted(EVERYTHING, [facet])[facet]

    def counted(self, query: Query, facets: Sequence[Facet]) -> dict[Facet, list[tuple[str, int]]]:
        """How many of the articles that match each value of some facets has, in the values' own order."""
        asked = {"size": 0, "query": query, "track_total_hits": False, "aggs": aggregations(facets)}
        found = self.snapshot.search(asked)
        return {facet: self.values(facet, found["aggregations"][facet]) for facet in facets}

    def values(self, facet: Facet, aggregation: Any) -> list[tuple[str, int]]:
        """A facet's values as people write them, and their counts."""
        shown = self.shown.get(facet, {}) if facet in WRITTEN else {}
        return sorted((shown.get(one["key"], one["key"]), one["doc_count"]) for one in aggregation["buckets"])

    def _known(self, kind: Name) -> Names:
        return Names(dict(self.all_counts(kind)))

    def _one(self, number: int) -> Any:
        """The document of an id, or of an id it was known by before."""
        if abs(number) > LARGEST:
            return None
        query = any_of([{"term": {"id": number}}, {"term": {"aliases": number}}])
        hits = self._first(query, 2)
        return next((hit["_source"] for hit in hits), None)

    def _first(self, query: Query, most: int) -> Any:
        body = {"size": most, "query": query, "sort": [{"_score": "desc"}, *NEWEST], "track_total_hits": False}
        return self.snapshot.search(body)["hits"]["hits"]


def _pairs(parts: Sequence[str]) -> list[str]:
    found = []
    for part in parts:
        own = Tokens(part).keys
        found += [f"{one}_{other}" for one, other in pairwise(own)]
    return found
