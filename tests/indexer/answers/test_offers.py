from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from indexer.answers.names import Names
from indexer.answers.offers import CODES
from indexer.engines.protocol import Engine
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from tests.helpers import answering, article

ARTICLES = [
    article(1, "Giao thông và giáo dục.", authors=("Chí Kiên",), tags=("vỉa hè",)),
    article(2, "Vỉa hè của phố.", authors=("Chí Kiên",)),
    article(3, "Hàng rong trên hè phố, giáo dục.", authors=("Nguyễn Quỳnh Dung",)),
    article(4, "Kẹt xe, chị kiên trì giáo dục.", authors=("Bảo Châu", "Bảo")),
    article(5, "Ùn tắc và tắc đường.", authors=("Bao Chau",)),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return answering(tmp_path_factory.mktemp("offers"), ARTICLES)


def offered(engine: Engine, request: SearchRequest) -> list[tuple[str, dict[str, Any], int]]:
    return [(one["code"], one["query"], one["total"]) for one in engine.search(request).page(1, 1)["offers"]]


@pytest.mark.parametrize(
    ("typed", "code", "meant"),
    [
        ("chi kien giao duc", "author_with", SearchRequest(q="giao duc", authors=("Chí Kiên",))),
        ("bài của Chí Kiên về giáo dục", "author_with", SearchRequest(q="giáo dục", authors=("Chí Kiên",))),
        ("giáo dục, Chí Kiên viết", "author_with", SearchRequest(q="giáo dục", authors=("Chí Kiên",))),
        ("Kien Chi", "author", SearchRequest(authors=("Chí Kiên",))),
        ("quynh dung", "author", SearchRequest(authors=("Nguyễn Quỳnh Dung",))),
        ("via he", "tag", SearchRequest(tags=("vỉa hè",))),
        ("author:Bảo Châu", "name_quoted", SearchRequest(q='author:"Bảo Châu"')),
        ("tác giả: bao chau xe", "name_quoted", SearchRequest(q='author:"Bao Chau" xe')),
        ("vỉa hè or hàng rong", "or", SearchRequest(q="vỉa hè OR hàng rong")),
        ("vỉa hè hoặc hàng rong", "or", SearchRequest(q="vỉa hè OR hàng rong")),
        (
            "tháng 3/2021 giao thông",
            "period",
            SearchRequest(q="giao thông", since=date(2021, 3, 1), until=date(2021, 3, 31)),
        ),
        (
            "vỉa hè từ 2020 đến 2021",
            "period",
            SearchRequest(q="vỉa hè", since=date(2020, 1, 1), until=date(2021, 12, 31)),
        ),
        ("ùn tắc", "synonym", SearchRequest(q="kẹt xe")),
    ],
)
def test_what_was_probably_meant_is_offered(engine: Engine, typed: str, code: str, meant: SearchRequest) -> None:
    found = offered(engine, SearchRequest(q=typed))
    assert (code, meant.to_dict(), len(engine.search(meant))) in found
    assert all(total > 0 for *_, total in found)


@pytest.mark.parametrize(
    "typed", ["", "giao thông", '"chí kiên" -x', "author:kiên", "giáo dục 2021", "chỉ kiến thức", "Quỳnh Dung xe buýt"]
)
def test_nothing_is_offered_that_nobody_meant(engine: Engine, typed: str) -> None:
    assert offered(engine, SearchRequest(q=typed)) == []


def test_a_literal_query_is_left_alone(engine: Engine) -> None:
    assert offered(engine, SearchRequest(q="chí kiên", literal=True)) == []


def test_an_author_is_no_slip_of_other_words(engine: Engine) -> None:
    assert engine.search(SearchRequest(q="bài của Chí Kiên")).page(1, 1)["suggestion"] is None


def test_the_public_shape(engine: Engine) -> None:
    request = SearchRequest(q="chí kiên giáo dục", until=date(2021, 12, 31), sort="newest")
    (offer,) = engine.search(request).page(1, 10)["offers"]
    asked = {"q": "giáo dục", "from": None, "to": "2021-12-31", "authors": ["Chí Kiên"], "tags": [], "sort": "newest"}
    assert (offer["code"], offer["query"], offer["total"]) == ("author_with", asked, 1)
    assert offer["message"] == "by Chí Kiên, about giáo dục"
    assert all(CODES.values())


@pytest.mark.parametrize(
    ("given", "found", "note"),
    [
        ("chi kien", [2, 1], Note.of("name_unmarked", typed="chi kien", found="Chí Kiên")),
        ("-chi kien", [5, 4, 3], Note.of("name_unmarked", typed="chi kien", found="Chí Kiên")),
        ("bao chau", [5], None),
        ("chí kiên", [2, 1], None),
        ("Quỳnh Dung Nguyên", [], None),
        ("Chí Kiêm", [], Note.of("name_unknown", typed="Chí Kiêm", nearest="Chí Kiên")),
    ],
)
def test_a_filter_finds_a_name_without_its_marks(
    engine: Engine, given: str, found: list[int], note: Note | None
) -> None:
    answer = engine.search(SearchRequest(authors=(given,)))
    assert answer.ids() == found
    assert answer.page(1, 1)["notes"] == ([note.to_dict()] if note else [])


def test_names_by_their_forms(engine: Engine) -> None:
    names = Names(dict(engine.counts("author")))
    assert [names.typed(words.split()) for words in ("chi kien", "kiên chí", "quỳnh dung", "quynh dúng", "dung")] == [
        "Chí Kiên",
        "Chí Kiên",
        "Nguyễn Quỳnh Dung",
        None,
        None,
    ]
