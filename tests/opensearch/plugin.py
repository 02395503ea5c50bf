"""`pytest -p tests.opensearch.plugin`: every app, batch, export and alert of the tests is answered by a real node.

What a test builds as a Whoosh index is built on the node as well, from the same archive, whenever it is opened; so the
tests are the same ones. Commands that tests run in a process of their own keep to Whoosh.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.database import locked
from indexer.engines import directory
from indexer.engines.protocol import Engine
from indexer.opensearch.store import Remote
from indexer.opensearch.where import Where
from tests.opensearch.nodes import Cluster

NOT_HERE = {
    "test_revisions_of_an_article_that_was_joined_since_the_index_was_built": "here the index is built when opened",
    "test_a_new_generation_is_taken_up_and_a_damaged_one_is_not": "damages files of a Whoosh index",
    "test_the_terminal_answers_as_the_api_does": "starts a command, which is answered by Whoosh",
}
_CLUSTERS: list[Cluster] = []


class OnNode(directory.Directory):
    """The Store of a data directory whose answers come from the node, once there is a Whoosh index to be asked."""

    def opened(self) -> Engine:
        super().opened()
        remote = _remote(self._data)
        with locked(self._data), Archive.open(self._data, create=False) as archive:
            remote.build(archive)
        return remote.opened()


@cache
def _remote(data: Path) -> Remote:
    return Remote(Where((_CLUSTERS[0].urls[0],), f"test-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"))


@pytest.fixture(autouse=True, scope="session")
def on_node() -> Iterator[None]:
    """A node for all tests of this process."""
    with tempfile.TemporaryDirectory() as folder, Cluster(Path(folder)) as node, pytest.MonkeyPatch.context() as patch:
        _CLUSTERS.append(node)
        patch.setattr(directory, "Directory", OnNode)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is about files of a Whoosh index, or about commands that keep to it."""
    for item in items:
        if reason := NOT_HERE.get(item.name):
            item.add_marker(pytest.mark.skip(reason=reason))
