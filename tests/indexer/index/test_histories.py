"""Any history of puts, revisions, changes of id, builds, broken builds, rebuilds: the index is what the archive is."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crawler.archive.archive import Archive
from indexer.answers.page import facets
from indexer.answers.page import page as shown_page
from indexer.answers.search import search
from indexer.index import generation
from indexer.index.build import build
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from indexer.verify import problems
from tests.helpers import article, page

PARAGRAPHS = st.lists(st.sampled_from(["chợ", "quê", "hồ", "cho", "HĐND"]), min_size=1, max_size=4).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=2).map("\n\n".join)
NUMBERS = st.integers(1, 6)
BREAKS = (
    "indexer.index.build.write",
    "indexer.index.generation.copy",
    "indexer.index.build.generation.digests",
    "indexer.index.generation.write_atomically",
    "indexer.index.generation.sync_directory",
    "indexer.index.generation._drop_others",
)
"""What a build that is broken off has not done any more."""
QUERIES = ("", "chợ quê", "cho", '"hội đồng"', "-hồ")


class Killed(BaseException):
    """Stands for the end of the process."""


class Changes(RuleBasedStateMachine):
    """What happens to an archive; whoever inherits it says what has to hold then."""

    def open_archive(self) -> None:
        self.open = ExitStack()
        self.data = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.archive = self.open.enter_context(Archive.open(self.data))

    @rule(number=NUMBERS, text=TEXTS, author=st.sampled_from(["", "Lê Hoa", "Chí Kiên"]))
    def put(self, number: int, text: str, author: str) -> None:
        self.archive.put(article(number, text, authors=(author,) if author else ()), page())

    @rule(number=NUMBERS, text=TEXTS)
    def put_legacy(self, number: int, text: str) -> None:
        self.archive.put(article(-number, text), page())

    @rule(number=NUMBERS, text=TEXTS)
    def join(self, number: int, text: str) -> None:
        """The legacy id gives way to the new one."""
        self.archive.put(article(number, text, aliases=(-number,)), page())


class Histories(Changes):
    @initialize()
    def begin(self) -> None:
        self.open_archive()
        self.built: list[Any] = []

    def teardown(self) -> None:
        if hasattr(self, "open"):
            with self.open:
                self.index()

    @rule()
    def index(self) -> None:
        """Incremental, and then the same as built anew and as the archive."""
        build(self.data, self.archive)
        assert list(problems(self.data, self.archive)) == []
        grown = self.answers()
        build(self.data, self.archive, rebuild=True)
        assert list(problems(self.data, self.archive)) == []
        assert self.answers() == grown
        self.built = grown

    @rule(stage=st.sampled_from(BREAKS), rebuild=st.booleans())
    def break_off(self, stage: str, rebuild: bool) -> None:
        """What is served is the old or the new index, and neither a mixture nor nothing."""

        def die(*_: object, **__: object) -> None:
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stage, die)
            with suppress(Killed):
                build(self.data, self.archive, rebuild)
        if generation.names(self.data) and self.built:
            found = self.answers()
            if found != self.built:
                build(self.data, self.archive)
                assert self.answers() == found
                self.built = found

    @invariant()
    def no_more_generations_than_are_kept(self) -> None:
        assert len(generation.names(self.data)) <= generation.KEPT + 1 if hasattr(self, "data") else True

    def answers(self) -> list[Any]:
        reader = Reader.open(self.data)
        found: list[Any] = []
        for q in QUERIES:
            answer = search(reader, SearchRequest(q=q))
            shown = [{**hit, "score": round(hit["score"], 6)} for hit in shown_page(answer, 1, 20)["results"]]
            found.append((shown, facets(answer), str(answer.correction), answer.accents, answer.relaxed))
        reader.close()
        return found


Histories.TestCase.settings = settings(max_examples=settings().max_examples // 5, stateful_step_count=15)
TestHistories = Histories.TestCase
