"""A node for the tests of one process, and a store of its own for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from indexer.opensearch.store import Remote
from indexer.opensearch.where import Where
from tests.helpers import missing
from tests.opensearch.nodes import Cluster, NoNode

_NAMES = (f"test-{number}" for number in itertools.count())


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One node. `.ci/run` makes its absence a failure."""
    try:
        with Cluster(tmp_path_factory.mktemp("node")) as found:
            yield found
    except NoNode as error:
        missing(str(error))


@pytest.fixture
def where(cluster: Cluster) -> Where:
    """An alias that names nothing yet."""
    return Where(tuple(cluster.urls), next(_NAMES))


@pytest.fixture
def remote(where: Where) -> Remote:
    """A store without an index."""
    return Remote(where)


@pytest.fixture
def another(where: Where) -> Callable[[], Remote]:
    """Another program's view of the same index."""
    return lambda: Remote(where)
