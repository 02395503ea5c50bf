"""An index as it stood at one moment, whatever is written meanwhile."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from crawler.errors import GocNhinError
from indexer.errors import IndexMoved
from indexer.opensearch.cluster import PATIENCE, Cluster, ClusterRefused, ClusterUnavailable
from indexer.opensearch.copies import preferences
from indexer.opensearch.published import Published, published, readable, visible

KEPT = "10m"
"""How long a point in time is kept by the cluster after it was last asked."""
ROWS = 500
"""Documents fetched at once."""
_PAUSE = 0.1
_LOST = (404, 500, 502, 503, 504)
"""Statuses that a search has whose point in time, or the node that kept it, is gone."""


class Snapshot:
    """The published index at one moment: points in time on different nodes, of which the first is read.

    Safe to share between threads; let go of with the last reference.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._lock = cluster, threading.Lock()
        # A list, so that what is let go of in the end is what is held then.
        self.published, self._pits = _taken(cluster)
        weakref.finalize(self, _let_go, cluster, self._pits)

    def search(self, body: Mapping[str, Any]) -> Any:
        """A search's answer. Raises IndexMoved, ClusterUnavailable."""
        until, tries = time.monotonic() + PATIENCE, 0
        while True:
            held = [*self._pits]
            try:
                return self._read(held[0], body)
            except (ClusterRefused, ClusterUnavailable) as error:
                if not _is_lost(error) or time.monotonic() > until:
                    raise
            tries += 1
            if tries % len(held):
                self._turned(held)
            else:
                time.sleep(_PAUSE)
                self._again(held)

    def rows(self, body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Every hit of a search, in its order, each once; the next are fetched while some are read.

        What is sorted by score is another order on another node: see `ranked`.
        """
        asked = {**body, "size": ROWS, "track_total_hits": False}
        with ThreadPoolExecutor(1) as ahead:
            hits = self.search(asked)["hits"]["hits"]
            if len(hits) == ROWS:
                self._held_on()
            while len(hits) == ROWS:
                fetched = ahead.submit(self.search, {**asked, "search_after": hits[-1]["sort"]})
                yield from hits
                hits = fetched.result()["hits"]["hits"]
            yield from hits

    def ranked(self, body: Mapping[str, Any]) -> list[int]:
        """The ids of a search's hits in its order, last in what it sorts by, all as one node has it."""
        while True:
            held = [*self._pits]
            ids = [hit["sort"][-1] for hit in self.rows({**body, "_source": False})]
            if self._pits == held:
                return ids

    def _read(self, pit: str, body: Mapping[str, Any]) -> Any:
        return self._cluster.search({**body, "pit": {"id": pit, "keep_alive": KEPT}})

    def _held_on(self) -> None:
        """Ask all that is held, so that none is forgotten while one is read; renew it where one is gone.

        Where it cannot be renewed, what is being read goes on with what there is.
        """
        held = [*self._pits]
        try:
            for pit in held[1:]:
                self._read(pit, {"size": 0, "track_total_hits": False})
        except (ClusterRefused, ClusterUnavailable):
            with suppress(GocNhinError):
                self._again(held)

    def _turned(self, held: list[str]) -> None:
        """Read the next of what is held, if nobody has turned to it yet."""
        with self._lock:
            if self._pits == held:
                self._pits[:] = [*held[1:], held[0]]

    def _again(self, lost: list[str]) -> None:
        """The same moment once more, if nothing has changed since."""
        with self._lock:
            if self._pits != lost:
                return
            found, pits = _taken(self._cluster)
            if found.generation != self.published.generation:
                _let_go(self._cluster, pits)
                raise IndexMoved("the index was exchanged while it was being read: ask again")
            self._pits[:] = pits
        _let_go(self._cluster, lost)


def _is_lost(error: ClusterRefused | ClusterUnavailable) -> bool:
    """Whether a point in time may have gone: a node that ends takes its own along."""
    return isinstance(error, ClusterUnavailable) or error.status in _LOST


def _taken(cluster: Cluster) -> tuple[Published, list[str]]:
    """The published index and points in time of it, in which it is what it says. Raises as `published` does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = readable(published(cluster))
        path = f"/{found.index}/_search/point_in_time"
        made = [cluster.call("POST", path, keep_alive=KEPT, **one) for one in preferences(cluster, found.index)]
        pits = [one["pit_id"] for one in made]
        failed = any(one["_shards"]["failed"] for one in made)
        if not found.card.following and not failed and published(cluster) == found:
            return found, pits
        _let_go(cluster, pits)
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
