"""Articles that hold not all of a query's words but most of its weight, as `indexer.answers.near` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.answers.near import COMMON, FEW, HALF, HANDFUL, MOST, as_meant, is_fixed
from indexer.answers.take import is_unmarked
from indexer.index.rank import runs
from indexer.opensearch.markings import Markings
from indexer.opensearch.queries import NEWEST, Query, all_of, any_of, counted, matching, ranking
from indexer.query.questions import without_questions
from indexer.query.tree import EVERYTHING, And, Node, Phrase
from indexer.query.variants import expand

if TYPE_CHECKING:
    from indexer.opensearch.engine import Clustered

LOOKED_AT = 200
"""Articles with the most weight, of which those with the best scores are shown."""
_UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Near:
    """Hits, the nearest first, with their scores and the words each lacks; and how the query was taken for them."""

    hits: tuple[tuple[Any, float, tuple[str, ...]], ...]
    tree: Node
    opened: bool

    def __len__(self) -> int:
        return len(self.hits)

    @classmethod
    def none(cls) -> Near:
        """Where nothing is near, or enough matches."""
        return cls((), EVERYTHING, False)


def nearest(engine: Clustered, typed: Node, query: Query, allowed: Sequence[Query]) -> Near:
    """What is nearest to a query, as it was typed, and is not found by `query`; `allowed` are the filters."""
    opened = is_unmarked(typed)
    parts = typed.parts if isinstance(typed, And) else (typed,)
    row = expand(And(tuple(without_questions([part for part in parts if not is_fixed(part)], opened))), opened)
    row = as_meant(Markings(engine), row) if opened else row
    units = [matching(unit, opened) for unit in (row.parts if isinstance(row, And) else (row,))]
    if len(units) < 2:
        return Near.none()
    among = [*(matching(part, opened) for part in parts if is_fixed(part)), *allowed]
    holding = counted(engine.snapshot, units)
    weights = [_weight(len(engine), count) for count in holding]
    telling = [unit for unit, count in zip(units, holding, strict=True) if count <= max(COMMON * len(engine), MOST)]
    heavy = {"bool": {"filter": [any_of(telling), *among], "must_not": [query], "should": _weighed(units, weights)}}
    hits = _heavy(engine, heavy) if telling else []
    scores = _scores(engine, [hit["_source"]["id"] for hit in hits], ranking(row, opened))
    held = [(hit, hit["_score"] * scores[hit["_source"]["id"]]) for hit in hits]
    held.sort(key=lambda one: (-round(one[1], 9), -one[0]["sort"][1], -one[0]["sort"][2]))
    names = [str(unit).strip('"') for unit in (row.parts if isinstance(row, And) else (row,))]
    return Near(tuple((hit, score, _lacking(hit, names)) for hit, score in held[:MOST]), row, opened)


def are_few(engine: Clustered, tree: Node, opened: bool, query: Query, total: int) -> bool:
    """Whether what is near is worth showing, beside the `total` articles that `query` finds for `tree`."""
    if total < FEW or total > HANDFUL:
        return total < FEW
    pairs = [pair for row in runs(tree) for pair in pairwise(row)]
    rows = [
        matching(Phrase((one, other)), opened)
        for one, other in pairs
        if isinstance(one, str) and isinstance(other, str)
    ]
    found = [(count, row) for count, row in zip(counted(engine.snapshot, rows), rows, strict=True) if count]
    return bool(found) and not engine.count(all_of([min(found, key=lambda one: one[0])[1], query]))


def _weight(articles: int, count: int) -> float:
    return float(np.log1p((articles - count + 0.5) / (count + 0.5))) if count else 0.0


def _weighed(units: Sequence[Query], weights: Sequence[float]) -> list[Query]:
    """Each unit is worth its share of the weight of all."""
    total = sum(weights) or 1.0
    return [
        {"constant_score": {"filter": unit, "boost": weight / total, "_name": f"{_UNIT}{number}"}}
        for number, (unit, weight) in enumerate(zip(units, weights, strict=True))
        if weight
    ]


def _heavy(engine: Clustered, query: Query) -> Any:
    body = {"query": query, "min_score": HALF - 1e-6, "sort": [{"_score": "desc"}, *NEWEST], "size": LOOKED_AT}
    return engine.snapshot.search({**body, "track_total_hits": False})["hits"]["hits"]


def _scores(engine: Clustered, ids: Sequence[int], ranked: Sequence[Query]) -> dict[int, float]:
    if not ids:
        return {}
    query = {"bool": {"filter": [{"terms": {"id": list(ids)}}], "should": list(ranked)}}
    body = {"query": query, "size": len(ids), "_source": ["id"], "track_total_hits": False}
    return {hit["_source"]["id"]: hit["_score"] for hit in engine.snapshot.search(body)["hits"]["hits"]}


def _lacking(hit: Any, names: Sequence[str]) -> tuple[str, ...]:
    held = set(hit.get("matched_queries", ()))
    return tuple(name for number, name in enumerate(names) if f"{_UNIT}{number}" not in held)
