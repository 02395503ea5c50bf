"""An index as it stood at one moment, whatever is written meanwhile."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.errors import GocNhinError
from indexer.errors import IndexMoved
from indexer.opensearch.cluster import PATIENCE, Cluster, ClusterRefused, ClusterUnavailable
from indexer.opensearch.published import Published, published, readable, visible

KEPT = "10m"
"""How long a point in time is kept by the cluster after it was last asked."""
ROWS = 500
"""Documents fetched at once."""
_PAUSE = 0.1
_LOST = (404, 500, 502, 503, 504)
"""Statuses that a search has whose point in time, or the node that kept it, is gone."""


class Snapshot:
    """A point in time of the published index. Safe to share between threads; let go of with the last reference."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._lock = cluster, threading.Lock()
        self.published, pit = _taken(cluster)
        self._pits = [pit]  # a list, so that what is let go of in the end is the one that is held then
        weakref.finalize(self, _let_go, cluster, self._pits)

    def search(self, body: Mapping[str, Any]) -> Any:
        """A search's answer. Raises IndexMoved, ClusterUnavailable."""
        until = time.monotonic() + PATIENCE
        while True:
            (pit,) = self._pits
            try:
                return self._cluster.search({**body, "pit": {"id": pit, "keep_alive": KEPT}})
            except (ClusterRefused, ClusterUnavailable) as error:
                # A node that ends takes its points in time along.
                lost = isinstance(error, ClusterUnavailable) or error.status in _LOST
                if not lost or time.monotonic() > until:
                    raise
            time.sleep(_PAUSE)
            self._again(pit)

    def rows(self, body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Every hit of a search, in its order, each once."""
        after: list[Any] = []
        while True:
            asked = {**body, "size": ROWS, "track_total_hits": False, **({"search_after": after} if after else {})}
            hits = self.search(asked)["hits"]["hits"]
            yield from hits
            if len(hits) < ROWS:
                return
            after = hits[-1]["sort"]

    def _again(self, lost: str) -> None:
        """The same moment once more, if nothing has changed since."""
        with self._lock:
            if self._pits != [lost]:
                return
            found, pit = _taken(self._cluster)
            if found.generation != self.published.generation:
                _let_go(self._cluster, [pit])
                raise IndexMoved("the index was exchanged while it was being read: ask again")
            self._pits[:] = [pit]


def _taken(cluster: Cluster) -> tuple[Published, str]:
    """The published index and a point in time of it, in which it is what it says. Raises as `published` does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = readable(published(cluster))
        made = cluster.call("POST", f"/{found.index}/_search/point_in_time", keep_alive=KEPT)
        if not found.card.following and not made["_shards"]["failed"] and published(cluster) == found:
            return found, made["pit_id"]
        _let_go(cluster, [made["pit_id"]])
        if found.card.following:
            # All of the update is there; whoever sent it may have been broken off.
            visible(cluster, found)
        time.sleep(_PAUSE)
    raise IndexMoved(f"{cluster.alias} changes too fast to be opened: try again")


def _let_go(cluster: Cluster, pits: list[str]) -> None:
    try:
        cluster.call("DELETE", "/_search/point_in_time", {"pit_id": pits})
    except GocNhinError:
        return  # the cluster forgets it by itself, after KEPT
