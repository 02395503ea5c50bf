"""Where a cluster's index is built and opened, and held against the archive."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from crawler.archive.archive import Archive
from crawler.archive.reader import ArchiveReader
from crawler.errors import GocNhinError
from indexer.engines.comparing import differences
from indexer.engines.protocol import Built, Engine, Generation
from indexer.opensearch.building import build
from indexer.opensearch.cluster import Cluster
from indexer.opensearch.engine import Clustered
from indexer.opensearch.published import published
from indexer.opensearch.queries import EVERYTHING
from indexer.opensearch.snapshot import Snapshot
from indexer.opensearch.where import Where

ASKED_EVERY = 0.5
"""Seconds for which the name of the newest generation is believed."""


class Remote:
    """A Store on a cluster."""

    def __init__(self, where: Where) -> None:
        self._cluster = Cluster(where)
        self._lock = threading.Lock()
        self._newest, self._asked = "", float("-inf")

    def opened(self) -> Engine:
        return Clustered(Snapshot(self._cluster))

    def newest(self) -> str:
        with self._lock:
            if time.monotonic() - self._asked > ASKED_EVERY:
                self._newest = published(self._cluster).generation.name
                self._asked = time.monotonic()
            return self._newest

    def build(self, archive: Archive, rebuild: bool = False) -> Built:
        return build(self._cluster, archive, rebuild)

    def described(self) -> tuple[Generation, int]:
        found = published(self._cluster)
        return found.generation, found.card.articles

    def problems(self, archive: ArchiveReader) -> Iterator[str]:
        try:
            snapshot = Snapshot(self._cluster)
            body = {"query": EVERYTHING, "sort": [{"id": "asc"}], "_source": ["id", "digest"]}
            stored = ((hit["_source"]["id"], hit["_source"]["digest"]) for hit in snapshot.rows(body))
            card = snapshot.published.card
            yield from differences(archive, card.change, card.mark, stored)
        except GocNhinError as error:
            yield str(error)
