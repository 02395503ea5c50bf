"""A text, a query, and whether it is found: our own cases and the shared ones; and shared queries that are equal."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from crawler.article import Article
from indexer.engines.protocol import Engine
from indexer.errors import BadQuery
from indexer.query.parameters import SearchRequest
from tests.helpers import SHARED, answering, article
from tests.ranking import RELEVANCE, shared_articles

SHARE = 60
"""Of the shared articles one in so many is indexed."""


def rows(file: Path) -> list[tuple[str, str, str]]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    parts = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(text, query, match) for text, query, match, *_ in parts]


def matches(data: Path, text: str, query: str) -> str:
    filler = article(2, "Không liên can.", title="Khác hẳn")
    try:
        result = answering(data, [article(1, text, title="Tít"), filler]).search(SearchRequest(q=query))
    except BadQuery:
        return "refused"
    return "yes" if not result.relaxed and 1 in result.ids() else "no"


@pytest.mark.parametrize(("text", "query", "expected"), rows(Path(__file__).parent / "cases.tsv"))
def test_our_own_cases(tmp_path: Path, text: str, query: str, expected: str) -> None:
    assert matches(tmp_path, text, query) == expected


@pytest.mark.parametrize(
    ("text", "query", "expected"), [*rows(SHARED / "cases/vietnamese.tsv"), *rows(SHARED / "cases/more.tsv")]
)
def test_the_shared_cases(tmp_path: Path, text: str, query: str, expected: str) -> None:
    assert matches(tmp_path, text, query) == expected


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine over a share of the shared articles."""
    if not RELEVANCE.exists():
        pytest.skip("the shared articles are not here")
    chosen = islice(shared_articles(), 0, None, SHARE)
    return answering(tmp_path_factory.mktemp("some"), [Article.from_dict(one) for one in chosen])


@pytest.mark.parametrize(("one", "other", "expected"), rows(SHARED / "asking/equal.tsv"))
def test_the_shared_queries_that_are_equal_or_not(some: Engine, one: str, other: str, expected: str) -> None:
    found, others = (set(some.search(SearchRequest(q=q)).ids()) for q in (one, other))
    if expected == "same":
        assert found == others
    else:
        assert found != others or not found
