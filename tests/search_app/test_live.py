"""One request, one generation; and what happens when that cannot be read any more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from crawler.archive.archive import Archive
from crawler.errors import GocNhinError
from indexer.engines.choice import store
from indexer.engines.protocol import Engine, Result
from indexer.errors import IndexMoved
from indexer.index.build import build
from indexer.query.parameters import SearchRequest
from search_app import create_app
from tests.helpers import article, page


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Archive.open(tmp_path) as archive:
        archive.put(article(1, "chợ quê"), page())
        build(tmp_path, archive)
    return tmp_path


@pytest.fixture
def client(data: Path) -> FlaskClient:
    return create_app(data).test_client()


@pytest.fixture
def kind(data: Path) -> type[Any]:
    """The class of the engine that answers, on a node or here."""
    return type(store(data).opened())


def failing(times: int, error: GocNhinError, call: Callable[..., object]) -> Callable[..., object]:
    """The same, but for the first so many calls."""
    left = [times]

    def called(*arguments: object) -> object:
        left[0] -= 1
        if left[0] >= 0:
            raise error
        return call(*arguments)

    return called


@pytest.mark.parametrize("address", ["/api/v1/search?q=chợ", "/?q=chợ", "/export.json?q=chợ", "/api/v1/timeline?q=chợ"])
@pytest.mark.parametrize(("times", "status"), [(0, 200), (1, 200), (2, 200), (3, 503)])
def test_a_request_whose_index_moved_is_answered_anew(
    client: FlaskClient, kind: type[Any], monkeypatch: pytest.MonkeyPatch, address: str, times: int, status: int
) -> None:
    monkeypatch.setattr(kind, "search", failing(times, IndexMoved("moved"), kind.search))
    assert client.get(address).status_code == status
    assert client.get(address).status_code == 200


def test_what_it_is_answered_from_then_was_opened_since(
    client: FlaskClient, kind: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, search = list[Engine](), kind.search

    def moved(engine: Engine, request: SearchRequest) -> Result:
        first.append(engine)
        if engine is first[0]:
            raise IndexMoved("moved")
        found: Result = search(engine, request)
        return found

    monkeypatch.setattr(kind, "search", moved)
    assert [client.get(f"/api/v1/search?q={q}").status_code for q in ("chợ", "quê")] == [200, 200]
    assert [engine is first[0] for engine in first] == [True, False, False]


@pytest.mark.parametrize("address", ["/api/v1/article/99", "/api/v1/search?q=ch*", "/no-such-page"])
def test_errors_of_the_second_time_are_the_askers(
    client: FlaskClient, kind: type[Any], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    expected = client.get(address)
    monkeypatch.setattr(kind, "article", failing(1, IndexMoved("moved"), kind.article))
    monkeypatch.setattr(kind, "search", failing(1, IndexMoved("moved"), kind.search))
    found = client.get(address)
    assert (found.status_code, found.get_json()) == (expected.status_code, expected.get_json())
    assert expected.status_code in (400, 404)


def test_a_generation_that_could_not_be_opened_is_tried_again(
    client: FlaskClient, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def total() -> int:
        found: int = client.get("/api/v1/search").get_json()["total"]
        return found

    assert total() == 1
    with Archive.open(data) as archive:
        archive.put(article(2), page())
        build(data, archive)
    place = type(store(data))
    monkeypatch.setattr(place, "opened", failing(1, GocNhinError("no answer at the moment"), place.opened))
    assert [total(), total()] == [1, 2]
