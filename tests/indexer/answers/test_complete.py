from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.protocol import Engine
from indexer.language.vietnamese import fold, keys
from tests.helpers import answering, article

ARTICLES = [
    article(1, "Chuyển đổi số ở Hà Nội.", title="Chuyển đổi số", authors=("Lê Hoa",)),
    article(2, "Lại chuyển đổi số. Chuyển động mới.", title="Chuyện phố", authors=("Lê Hoa", "Trần An")),
    article(3, "Những gì phải chuyển, đến nay đã chuyển.", title="Phố cổ", authors=("Hoàng Lê",)),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return answering(tmp_path_factory.mktemp("complete"), ARTICLES)


def told(engine: Engine, typed: str, kind: str) -> list[tuple[str, int]]:
    return [(found.text, found.count) for found in engine.completions(typed) if found.kind == kind]


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("chuyển đ", [("chuyển đổi", 2), ("Chuyển động", 1)]),
        ("chuyen do", [("chuyển đổi", 2), ("Chuyển động", 1)]),
        ("chuyển ", [("chuyển đổi", 2), ("Chuyển động", 1)]),
        ("chuyển đổi s", [("chuyển đổi số", 2)]),
        ("chuyên", []),
        ("hà n", [("Hà Nội", 1)]),
        ("", []),
        ("?!", []),
    ],
)
def test_phrases_that_occur(engine: Engine, typed: str, phrases: list[tuple[str, int]]) -> None:
    assert told(engine, typed, "phrase") == phrases


def test_titles_and_authors_that_occur(engine: Engine) -> None:
    assert told(engine, "chuyển", "title") == [("Chuyển đổi số", 1)]
    assert told(engine, "chuyen", "title") == [("Chuyện phố", 1), ("Chuyển đổi số", 1)]
    assert told(engine, "lê", "author") == [("Lê Hoa", 2), ("Hoàng Lê", 1)]
    assert told(engine, "le h", "author") == [("Lê Hoa", 2)]


@given(st.text("chuyểndoổsốhàniệ ", min_size=1, max_size=8))
def test_every_completion_begins_with_what_was_typed(engine: Engine, typed: str) -> None:
    for found in engine.completions(typed):
        words = " ".join(map(fold, keys(found.text)))
        assert " ".join(map(fold, keys(typed))) in words


def test_titles_lead_to_their_article(engine: Engine) -> None:
    (found,) = [found for found in engine.completions("phố c") if found.kind == "title"]
    assert (found.text, found.id) == ("Phố cổ", 3)
