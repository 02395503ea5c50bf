"""Floors for ranking, on the shared articles; docs/architecture.md says what was measured."""

from __future__ import annotations

import math
from itertools import islice

import pytest

from indexer.answers.search import search
from indexer.index.reader import Reader
from indexer.language.vietnamese import fold, keys
from indexer.query.parameters import SearchRequest
from tests.helpers import SHARED, run

RELEVANCE = SHARED / "relevance"
pytestmark = pytest.mark.skipif(not RELEVANCE.exists(), reason="the shared articles are not here")

TOP = 10


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    data = tmp_path_factory.mktemp("relevance")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # measured, it takes twice the time
        for command in (("import", RELEVANCE / "articles.jsonl.xz"), ("index",)):
            done = run(*command, "--data", data)
            assert done.returncode == 0, done.stderr
    return Reader.open(data)


def queries() -> list[tuple[str, set[int]]]:
    lines = (RELEVANCE / "queries.tsv").read_text("utf-8").splitlines()
    return [(query, set(map(int, ids.split()))) for query, ids in (line.split("\t") for line in lines)]


def gain(found: list[int], relevant: set[int]) -> float:
    """nDCG@10."""
    got = sum(1 / math.log2(rank + 2) for rank, number in enumerate(found) if number in relevant)
    return got / sum(1 / math.log2(rank + 2) for rank in range(min(TOP, len(relevant))))


@pytest.mark.parametrize(("unmarked", "floor"), [(False, 0.470), (True, 0.458)])
def test_ranking_holds_its_floor(reader: Reader, unmarked: bool, floor: float) -> None:
    gains = []
    for query, relevant in queries():
        q = " ".join(map(fold, keys(query))) if unmarked else query
        gains.append(gain(reader.ids[search(reader, SearchRequest(q=q)).docs[:TOP]].tolist(), relevant))
    assert sum(gains) / len(gains) >= floor


def test_the_first_page_is_the_head_of_the_full_ranking(reader: Reader) -> None:
    for query, _ in queries():
        answer = search(reader, SearchRequest(q=query))
        whole = zip(answer.reader.ids[answer.docs].tolist(), answer.scores.tolist(), strict=True)
        best = sorted(whole, key=lambda hit: (-hit[1], -answer.reader.published[answer.reader.doc_of(hit[0])], -hit[0]))
        shown = answer.reader.ids[answer.docs[:TOP]].tolist()
        assert shown == [number for number, _ in islice(best, TOP)], query
