"""A node ends while a result is read, and the index is another meanwhile: the result is that of its moment, whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from indexer.opensearch.cluster import Cluster as Client
from indexer.opensearch.store import Remote
from indexer.opensearch.where import Where
from indexer.query.parameters import SearchRequest, Sort
from tests.helpers import article, missing, page
from tests.opensearch.nodes import Cluster, NoNode

ARTICLES = 1_300


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Cluster]:
    """Three, of which two have a copy."""
    try:
        with Cluster(tmp_path / "nodes", 3, "256m") as found:
            yield found
    except NoNode as error:
        missing(str(error))


def text(number: int, times: int) -> str:
    """Of its own length, so that no two articles have one score."""
    return f"{'chợ ' * times}{'hồ nước ' * (number % 37)}."


@pytest.mark.parametrize("sort", ["oldest", "relevance"])
def test_a_result_outlives_any_node(nodes: Cluster, tmp_path: Path, sort: Sort) -> None:
    where = Where(tuple(nodes.urls), "dying")
    remote = Remote(where)
    with Archive.open(tmp_path / "data") as archive:
        for number in range(1, ARTICLES + 1):
            archive.put(article(number, text(number, 1 + number % 5)), page())
        remote.build(archive)
        nodes.wait()
        request = SearchRequest(q="chợ", sort=sort)
        expected = list(archive.current(archive.ids()))
        read = remote.opened().search(request).articles()
        found = [next(read)]
        for number in range(1, ARTICLES, 3):
            archive.put(article(number, text(number, 9)), page())
        remote.build(archive)
        nodes.kill(_read_on(Client(where)))
        found += read
    assert {one.id: one for one in found} == {one.id: one for one in expected}
    assert len(found) == len(expected) == ARTICLES


def _read_on(cluster: Client) -> int:
    """The node that was asked most."""
    told = cluster.call("GET", "/_nodes/stats/indices/search")["nodes"].values()
    most = max(told, key=lambda node: node["indices"]["search"]["query_total"])
    return int(most["name"].removeprefix("node"))
