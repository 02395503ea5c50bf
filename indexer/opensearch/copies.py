"""Which copies of an index's shards to read, so that no node's end takes all that is being read along."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count

from indexer.opensearch.cluster import Cluster


def apart(shards: Sequence[Collection[str]]) -> list[list[str]]:
    """Sets of nodes, from the nodes that have a copy of each shard: there is a set without any node.

    Each holds a copy of every shard that has more than one; an empty set where no shard has.
    """
    nodes = sorted({node for copies in shards for node in copies})
    colours: dict[str, int] = {}
    for node in nodes:
        beside = {other for copies in shards if node in copies for other in copies}
        taken = {colours[other] for other in beside if other in colours}
        colours[node] = next(colour for colour in count() if colour not in taken)
    return [[node for node in nodes if colours[node] != colour] for colour in sorted(set(colours.values()))]


def preferences(cluster: Cluster, index: str) -> list[dict[str, str]]:
    """For each point in time to be held at once, the parameter of its opening that chooses where it is.

    Source: OpenSearch's documentation, "Search", `preference`.
    """
    shards = cluster.call("GET", f"/{index}/_search_shards")["shards"]
    found = apart([{copy["node"] for copy in copies} for copies in shards])
    return [{"preference": f"_prefer_nodes:{','.join(nodes)}"} if nodes else {} for nodes in found]
