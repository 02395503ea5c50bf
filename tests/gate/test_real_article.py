"""The whole chain on a real opinion article: it goes in as a page and comes out of each door, word for word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_app import create_app
from tests.helpers import SHARED, run
from tests.replica.pieces import from_article, specimens
from tests.replica.site import serving

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="shared/ is not beside this checkout")
LAYOUTS = ["longform", *(pytest.param(name, marks=pytest.mark.thorough) for name in ("classic", "legacy"))]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((SHARED / "site/pages/article.json").read_text("utf-8"))
    return record


@pytest.fixture(scope="module", params=LAYOUTS)
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, expected: dict[str, Any]) -> Path:
    """The real page among the specimens, crawled and indexed; then the same once more."""
    place = tmp_path_factory.mktemp("real")
    html = (SHARED / f"site/pages/article-{request.param}.html").read_bytes()
    with serving([*specimens(), from_article(expected, request.param, html)]) as running:
        options = ("--site", running.url, "--delay", "0", "--data", str(place))
        first, second = run("update", *options), run("update", *options)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "crawl: nothing new" in second.stderr
    assert "index: nothing to do" in second.stderr
    return place


@pytest.fixture
def client(data: Path) -> FlaskClient:
    return create_app(data).test_client()


def exported(data: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run("export", *arguments, "--format", "ndjson", "--data", data)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def ours(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in articles if abs(one["id"]) == 991478]


@pytest.mark.parametrize("query", ["lan tỏa", "lan toả", "lan toa", '"nhiệm vụ kép"', 'author:"Chí Kiên"'])
def test_it_is_found_and_comes_out_word_for_word(data: Path, expected: dict[str, Any], query: str) -> None:
    (found,) = ours(exported(data, query))
    assert found["text"].encode() == expected["text"].encode()
    for name in ("title", "lead", "authors", "section", "tags", "published_at", "images"):
        assert found[name] == expected[name]


def test_its_day_holds_it_and_the_next_does_not(data: Path) -> None:
    assert ours(exported(data, "thi đua", "--from", "2021-03-05", "--to", "2021-03-05"))
    assert not ours(exported(data, "thi đua", "--from", "2021-03-06"))


@pytest.mark.parametrize("query", ["lan tỏa", "thi đua", "lan toa", ""])
def test_page_api_and_export_agree(data: Path, client: FlaskClient, query: str) -> None:
    ids = [one["id"] for one in exported(data, query)]
    answer = client.get("/api/v1/search", query_string={"q": query, "size": 100}).json
    assert answer
    assert [hit["id"] for hit in answer["results"]] == ids
    shown = client.get("/", query_string={"q": query, "size": 100}).text.partition('<section class="near"')[0]
    assert [f'<h2><a href="/article/{number}' in shown for number in ids] == [True] * len(ids)
    assert shown.count('<h2><a href="/article/') == len(ids)
