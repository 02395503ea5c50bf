"""Calls to the cluster: tried again on another node where one does not answer, and never half an answer."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import responses
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException, SSLError, TransportError

from crawler.errors import GocNhinError
from indexer.opensearch.where import Where

SECONDS = 10.0
"""What one node may take for an answer; then the next one is asked."""
PATIENCE = 4.0
"""Seconds in which is asked again: a cluster needs about one to notice that a node is gone."""
_PAUSE = 0.2
_WHOLE = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": "false"}
_BUSY, *_ELSEWHERE = 429, 502, 503, 504
"""Statuses with which another try may do."""
_FULL = "cluster_block_exception"


class ClusterUnavailable(GocNhinError):
    """No node answers, or none in full."""


class ClusterRefused(GocNhinError):
    """A call that the cluster refuses; `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class ClusterFull(ClusterRefused):
    """The index takes nothing more, because a node's disk is full."""


class Cluster:
    """A client of all nodes. Safe to share between threads."""

    def __init__(self, where: Where) -> None:
        self.alias, self._named = where.alias, ", ".join(where.hosts)
        # What the client says of failed tries is said once, by us, if all of them fail.
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)
        self._client = OpenSearch(
            list(where.hosts),
            headers={"authorization": _basic(where)} if where.user else None,
            ca_certs=str(where.ca) if where.ca else None,
            timeout=SECONDS,
            max_retries=2 * len(where.hosts) + 1,
            retry_on_timeout=True,
            retry_on_status=_ELSEWHERE,
        )

    def call(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        """The JSON of an answer. Raises ClusterUnavailable, ClusterRefused."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self._told():
                    return self._client.transport.perform_request(method, path, params=params, body=body)
            except ClusterRefused as error:
                if error.status != _BUSY or time.monotonic() > until:
                    raise
            time.sleep(_PAUSE)

    def search(self, body: Mapping[str, Any]) -> Any:
        """A search's answer, of every shard. `body` has a point in time. Raises ClusterUnavailable, ClusterRefused."""
        found = self.call("POST", "/_search", body, **_WHOLE)
        if found["timed_out"] or found["_shards"]["failed"]:
            raise ClusterUnavailable(f"the search cluster at {self._named} answers only in part")
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SSLError as error:
            untrusted = f"{self._named}: its certificate is not one that GOC_NHIN_SEARCH_CA or this system believes"
            raise ClusterUnavailable(f"the search cluster at {untrusted}") from error
        except TransportError as error:
            if not isinstance(error.status_code, int):
                raise ClusterUnavailable(f"the search cluster at {self._named} does not answer") from error
            kind = ClusterFull if error.error == _FULL else ClusterRefused
            raise kind(error.status_code, f"the search cluster refuses: {_reason(error)}") from error
        except OpenSearchException as error:
            raise ClusterUnavailable(f"the search cluster at {self._named}: {error}") from error


def _basic(where: Where) -> str:
    """User and password in UTF-8. Source: RFC 7617."""
    return f"Basic {base64.b64encode(f'{where.user}:{where.password}'.encode()).decode()}"


def _reason(error: TransportError) -> str:
    """In a line, the innermost reason that was given; of what stands between and speaks no JSON, the status."""
    if not isinstance(error.info, Mapping):
        return f"{error.status_code} {responses.get(int(error.status_code), '')}"
    said = error.info.get("error", {})
    causes = (said.get("root_cause") or [said]) if isinstance(said, Mapping) else [{"reason": said}]
    return f"{error.status_code} {error.error}: {causes[0].get('reason')}"
