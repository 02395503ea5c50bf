"""The whole result of a request on a cluster: each part of it is asked for when it is wanted, in one snapshot."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crawler.article import Article
from indexer.answers import page as pages
from indexer.answers.asked import Hit
from indexer.answers.highlight import NO_WORDS, Highlighter, narrowed
from indexer.answers.names import Names, notes_on
from indexer.answers.near import near_notes
from indexer.answers.spelling import meant
from indexer.answers.take import literally, openly, read_as, row_of
from indexer.engines.protocol import Accents, Facet, Generation, Name, Piece
from indexer.opensearch.about import about
from indexer.opensearch.counting import aggregations
from indexer.opensearch.markings import Markings
from indexer.opensearch.near import Near, are_few, nearest
from indexer.opensearch.queries import NEWEST, ORDERS, Query, all_of, filters, matching, ranking
from indexer.opensearch.snapshot import ROWS
from indexer.opensearch.spellings import highlighter
from indexer.opensearch.words import ClusterWords
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.parser import parse
from indexer.query.tree import Node

if TYPE_CHECKING:
    from indexer.opensearch.engine import Clustered

LATEST: list[Any] = [{"archived": "desc"}, *NEWEST]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many articles match, as its length."""

    total: int

    def __len__(self) -> int:
        return self.total


class Found:
    """A Result. Raises BadQuery when it is made, and ClusterUnavailable whenever the cluster is asked."""

    def __init__(self, engine: Clustered, request: SearchRequest) -> None:
        started = time.perf_counter()
        self.engine, self.request = engine, request
        self._facets: Any = None
        parsed = parse(request.q)
        self.typed = parsed.tree
        self._filters = list(filters(request, engine.known))
        standing = list(filters(replace(request, since_change=None), engine.known))
        take = literally if request.literal else openly
        taken = take(lambda tree, opened: self._counted(tree, opened, standing), parsed.tree)
        self.tree, self.opened = taken.tree, taken.opened
        self._found = taken.found if request.since_change is None else self._counted(self.tree, self.opened)
        self.notes = (*parsed.notes, *notes_on(request, engine.known), *self._read_as())
        self.seconds = time.perf_counter() - started

    def __len__(self) -> int:
        return self._found.total

    @property
    def generation(self) -> Generation:
        return self.engine.generation

    @property
    def accents(self) -> Accents:
        return "folded" if self.opened else "exact"

    @property
    def relaxed(self) -> bool:
        return not len(self) and len(self.near) > 0

    @property
    def said(self) -> tuple[Note, ...]:
        return (*self.notes, *near_notes(self.typed, self.request.literal, len(self), len(self.near), self.correction))

    @cached_property
    def correction(self) -> Node | None:
        if self.request.literal:
            return None
        return meant(
            ClusterWords(self.engine, self.opened), self.typed, len(self), self.names("author"), self._total_of
        )

    def _total_of(self, tree: Node) -> int:
        """How many articles a tree would find with the same filters."""
        return len(openly(lambda one, opened: self._counted(one, opened), tree).found)

    @cached_property
    def phrase_total(self) -> int | None:
        row = row_of(self.typed, self.opened, self.request.literal)
        return None if row is None else self.engine.count(all_of([matching(row, self.opened), self.query]))

    @cached_property
    def near(self) -> Near:
        if self.request.literal or not are_few(self.engine, self.tree, self.opened, self.query, len(self)):
            return Near.none()
        return nearest(self.engine, self.correction or self.typed, self.query, self._filters)

    @cached_property
    def query(self) -> Query:
        """What matches, filters and all."""
        return all_of([matching(self.tree, self.opened), *self._filters])

    def page(self, number: int, size: int) -> dict[str, Any]:
        return pages.page(self, number, size)

    def timeline(self) -> dict[str, Any]:
        return pages.timeline(self)

    def phrases(self) -> dict[str, Any]:
        return pages.phrases(self, about(self))

    def hits(self, start: int, end: int) -> Iterator[Hit]:
        if start >= len(self):
            return
        body = {**self._ordered, "from": start, "size": min(end, len(self)) - start, "track_total_hits": False}
        # A page shows both; asked for together they cost one call less.
        found = self.engine.snapshot.search({**body, "aggs": aggregations()})
        self._facets = found["aggregations"]
        yield from map(self._hit, found["hits"]["hits"])

    def nearest(self) -> Iterator[Hit]:
        near = self.near
        for hit, score, lacks in near.hits:
            article = Article.from_dict(hit["_source"]["article"])
            marks = highlighter(near.tree, near.opened, article.title, article.text)
            yield Hit(article, hit["_source"]["arrived"], score, marks, lacks)

    def counts(self, facet: Facet) -> list[tuple[str, int]]:
        if self._facets is None:
            body = {"size": 0, "query": self.query, "track_total_hits": False, "aggs": aggregations()}
            self._facets = self.engine.snapshot.search(body)["aggregations"]
        return self.engine.values(facet, self._facets[facet])

    def of_all(self, facet: Facet) -> list[tuple[str, int]]:
        return self.engine.counts(facet)

    def names(self, kind: Name) -> Names:
        return self.engine.known(kind)

    def again(self, request: SearchRequest) -> Found:
        return Found(self.engine, request)

    def ids(self) -> list[int]:
        return self.engine.snapshot.ranked(self._ordered)

    def articles(self) -> Iterator[Article]:
        for hit in self._rows():
            yield Article.from_dict(hit["_source"]["article"])

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        """Every hit in its order; by relevance, whose scores differ from node to node, by the ids of one of them."""
        snapshot = self.engine.snapshot
        if self.request.order != "relevance":
            yield from snapshot.rows(self._ordered)
            return
        ids = self.ids()
        for some in (ids[start : start + ROWS] for start in range(0, len(ids), ROWS)):
            found = snapshot.search({"query": {"terms": {"id": some}}, "size": ROWS, "track_total_hits": False})
            hits = {hit["_source"]["id"]: hit for hit in found["hits"]["hits"]}
            yield from (hits[number] for number in some)

    def latest(self, most: int) -> Iterator[Article]:
        yield from self._sorted(LATEST, most)

    def first(self) -> Article | None:
        return next(self._sorted(ORDERS["oldest"], 1), None)

    def neighbours(self, number: int) -> tuple[int, int | None, int | None] | None:
        before: int | None = None
        place = 0
        ids = iter(self.ids())
        for place, one in enumerate(ids, 1):
            if one == number:
                return place, before, next(ids, None)
            before = one
        return None

    def highlighted(self, text: str) -> list[Piece]:
        return self._marks(text).whole(text)

    def _marks(self, *texts: str) -> Highlighter:
        return highlighter(self.tree, self.opened, *texts, meant=self._narrowed)

    @cached_property
    def _narrowed(self) -> Mapping[str, frozenset[str]]:
        """Of words typed without marks the spellings that take part in what was meant."""
        return narrowed(Markings(self.engine), self.tree) if self.opened else NO_WORDS

    def _hit(self, hit: Any) -> Hit:
        article = Article.from_dict(hit["_source"]["article"])
        marks = self._marks(article.title, article.text)
        score = hit["_score"] if self.request.order == "relevance" else 0.0
        return Hit(article, hit["_source"]["arrived"], score, marks)

    @cached_property
    def _ordered(self) -> dict[str, Any]:
        """The search for all of it, in its order."""
        order = self.request.order
        query = self.query
        if order == "relevance":
            query = {"bool": {"filter": [query], "should": ranking(self.tree, self.opened)}}
        return {"query": query, "sort": ORDERS[order]}

    def _sorted(self, sort: list[Any], most: int) -> Iterator[Article]:
        body = {"query": self.query, "sort": sort, "size": most, "track_total_hits": False}
        for hit in self.engine.snapshot.search(body)["hits"]["hits"]:
            yield Article.from_dict(hit["_source"]["article"])

    def _counted(self, tree: Node, opened: bool, standing: list[Query] | None = None) -> Counted:
        among = self._filters if standing is None else standing
        return Counted(self.engine.count(all_of([matching(tree, opened), *among])))

    def _read_as(self) -> Iterator[Note]:
        if not self.request.literal:
            yield from read_as(self.typed, self.tree, len(self), lambda: len(self._counted(self.typed, self.opened)))
