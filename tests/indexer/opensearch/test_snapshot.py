"""What is read of a snapshot while nodes end and the index changes, on a cluster of dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from indexer.errors import IndexMoved
from indexer.opensearch import snapshot
from indexer.opensearch.cluster import Cluster, ClusterRefused
from indexer.opensearch.documents import fingerprint
from indexer.opensearch.snapshot import ROWS, Snapshot

ORDERS = {"one": list(range(1300)), "two": list(range(1299, -1, -1))}
"""Scores differ from node to node, here as much as they can."""
GONE = 404
FULL = 429


class Nodes:
    """A cluster of two nodes, each with a copy; points in time are numbered and lie on one of them."""

    alias = "articles"

    def __init__(self) -> None:
        self.change, self.asked, self.opened = 1, 0, 0
        self.pits: dict[str, str] = {}
        self.dies_after = 10**9
        self.full = False

    def call(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        if path.endswith("/_mapping"):
            card = {"schema": fingerprint(), "archive": "a", "change": self.change, "mark": "m", "articles": 1300}
            return {"i": {"mappings": {"_meta": {**card, "built_at": "", "following": None, "program": "goc-nhin"}}}}
        if path.endswith("/_search_shards"):
            return {"shards": [[{"node": node} for node in ORDERS]]}
        if method == "DELETE":
            for one in body["pit_id"]:
                self.pits.pop(one, None)
            return {}
        if self.full:
            raise ClusterRefused(FULL, "too many points in time")
        self.opened += 1
        pit = str(self.opened)
        self.pits[pit] = params["preference"].removeprefix("_prefer_nodes:")
        return {"pit_id": pit, "_shards": {"failed": 0}}

    def search(self, body: Mapping[str, Any]) -> Any:
        self.asked += 1
        if self.asked == self.dies_after:
            self.die(body["pit"]["id"])
        if body["pit"]["id"] not in self.pits:
            raise ClusterRefused(GONE, "no such point in time")
        order = ORDERS[self.pits[body["pit"]["id"]]]
        start = order.index(body["search_after"][-1]) + 1 if "search_after" in body else 0
        return {"hits": {"hits": [{"sort": [number]} for number in order[start : start + body["size"]]]}}

    def die(self, pit: str) -> None:
        """The node of a point in time ends, and all of its points in time with it."""
        node = self.pits[pit]
        self.pits = {one: where for one, where in self.pits.items() if where != node}


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> Nodes:
    monkeypatch.setattr(snapshot, "_PAUSE", 0.0)
    return Nodes()


def taken(nodes: Nodes) -> Snapshot:
    return Snapshot(cast(Cluster, nodes))


@pytest.mark.parametrize("dies_after", range(1, 7))
def test_a_ranking_is_one_nodes_wherever_the_other_ends(nodes: Nodes, dies_after: int) -> None:
    found = taken(nodes)
    nodes.change, nodes.dies_after = 2, dies_after
    assert found.ranked({}) in ORDERS.values()


def test_what_is_lost_on_every_node_is_told_once_the_index_is_another(nodes: Nodes) -> None:
    found = taken(nodes)
    nodes.pits.clear()
    assert found.ranked({}) in ORDERS.values(), "nothing has changed: the same moment again"
    nodes.change = 2
    nodes.pits.clear()
    with pytest.raises(IndexMoved):
        found.search({"size": 1})
    assert nodes.pits == {}, "what was opened in vain was not let go of"


def test_a_long_result_begins_with_a_second_node_that_is_there(nodes: Nodes) -> None:
    found = taken(nodes)
    spare = [*nodes.pits][1]
    nodes.die(spare)
    rows = found.rows({})
    first = next(rows)
    assert len(nodes.pits) == 2, "what was lost unseen is held anew"
    nodes.die(next(iter(nodes.pits)))
    assert len({hit["sort"][0] for hit in (first, *rows)}) > ROWS


def test_a_long_result_goes_on_with_one_node_where_no_second_can_be_had(nodes: Nodes) -> None:
    found = taken(nodes)
    nodes.die([*nodes.pits][1])
    nodes.full = True
    assert len(list(found.rows({}))) == 1300


def test_points_in_time_are_let_go_of_with_the_snapshot(nodes: Nodes) -> None:
    found = taken(nodes)
    assert sorted(nodes.pits.values()) == ["one", "two"]
    del found
    assert nodes.pits == {}
