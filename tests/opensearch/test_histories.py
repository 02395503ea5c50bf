"""Any history of puts, revisions, changes of id, builds, broken builds: the cluster's index is the embedded one's."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from indexer.engines.directory import Directory
from indexer.engines.protocol import Engine
from indexer.errors import IndexMissing
from indexer.opensearch import building
from indexer.opensearch.store import Remote
from indexer.opensearch.where import Where
from indexer.query.parameters import SearchRequest
from tests.indexer.index.test_histories import QUERIES, Changes, Killed
from tests.opensearch.nodes import Cluster
from tests.opensearch.test_engine import STAGES

_ALIASES = (f"history-{number}" for number in itertools.count())


class Histories(Changes):
    urls: ClassVar[tuple[str, ...]] = ()

    @initialize()
    def begin(self) -> None:
        self.open_archive()
        self.remote, self.seen = Remote(Where(self.urls, next(_ALIASES))), dict[int, Any]()

    def teardown(self) -> None:
        if hasattr(self, "open"):
            with self.open:
                self.index(rebuild=False)

    @rule(rebuild=st.booleans())
    def index(self, rebuild: bool) -> None:
        """Both are what the archive is, and give the same answers."""
        self.remote.build(self.archive, rebuild)
        assert list(self.remote.problems(self.archive)) == []
        embedded = Directory(self.data)
        embedded.build(self.archive)
        expected = list(told(embedded.opened()))
        assert list(told(self.remote.opened())) == expected
        self.seen[self.archive.last_change()] = expected

    @rule(stage=st.sampled_from(STAGES), rebuild=st.booleans())
    def break_off(self, stage: str, rebuild: bool) -> None:
        """What is served is the index of before or the one that was being built, and neither a mixture nor nothing."""

        def die(*_: object, **__: object) -> None:
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(building, stage, die)
            with suppress(Killed):
                self.remote.build(self.archive, rebuild)
        with suppress(IndexMissing):
            found = self.remote.opened()
            answers = list(told(found))
            assert answers == self.seen.setdefault(found.generation.change, answers)


def told(engine: Engine) -> Iterator[Any]:
    """What is the same whichever engine answers; scores are not."""
    yield len(engine)
    for q in QUERIES:
        result = engine.search(SearchRequest(q=q, sort="newest"))
        shown = result.page(1, 20)
        yield [{**hit, "score": 0} for hit in shown["results"]], shown["facets"], shown["total"], shown["accents"]
        yield result.ids(), result.timeline()["months"], shown["suggestion"], shown["relaxed"]


def test_histories(cluster: Cluster) -> None:
    Histories.urls = tuple(cluster.urls)
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=12, stateful_step_count=12, deadline=None, report_multiple_bugs=False)
    )
