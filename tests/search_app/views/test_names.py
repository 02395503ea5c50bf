from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient


def total(client: FlaskClient, **asked: str) -> int:
    found: int = (client.get(f"/api/v1/search?{urlencode(asked)}").json or {})["total"]
    return found


@pytest.mark.parametrize(("field", "path"), [("author", "/authors"), ("tag", "/tags")])
def test_every_name_is_listed_with_its_articles_and_leads_to_its_page(
    client: FlaskClient, field: str, path: str
) -> None:
    shown = client.get(path).text
    names = re.findall(r'<li><a href="([^"]+)" lang="vi">([^<]+)</a> <span class="count">(\d+)', shown)
    assert len(names) > 5
    counts = [int(count) for _, _, count in names]
    assert counts == sorted(counts, reverse=True)
    for link, name, count in names[:3]:
        assert total(client, **{field: unescape(name)}) == int(count)
        page = client.get(unescape(link)).text
        assert f'<h1 class="heading" lang="vi">{name}</h1>' in page
        assert f"<strong>{count}</strong>" in page


def test_a_name_is_found_by_a_part_without_marks(client: FlaskClient) -> None:
    shown = client.get("/authors?name=minh+kh").text
    assert re.findall(r'lang="vi">([^<]+)</a> <span', shown) == ["Minh Khuê"]
    assert re.search(r'role="status">1/\d+ tác giả</p>', shown)


def test_an_authors_page_has_span_years_tags_and_the_newest(client: FlaskClient) -> None:
    shown = client.get("/author?name=Minh+Khu%C3%AA").text
    hits = (client.get("/api/v1/search?author=Minh+Khu%C3%AA&size=100").json or {})["results"]
    years = re.findall(r'tabindex="-1"><title>(\d{4}): (\d+) bài', shown)
    assert sum(int(count) for _, count in years) == len(hits)
    assert re.findall(r"<h2><a [^>]+>([^<]+)</a></h2>", shown) == [hit["title"] for hit in hits[:10]]
    for link, count in re.findall(r'<li><a href="([^"]+)" lang="vi">[^<]+</a> <span class="count">(\d+)', shown):
        assert (client.get("/api/v1/search" + unescape(link)[1:]).json or {})["total"] == int(count)


@pytest.mark.parametrize("path", ["/author", "/author?name=Kh%C3%B4ng+Ai", "/tag?name=Minh+Khu%C3%AA"])
def test_a_name_that_nobody_has_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_authors_and_tags_are_compared_within_the_same_filters(client: FlaskClient) -> None:
    csv = client.get("/compare.csv?by=author&q=Minh+Khu%C3%AA&from=2019").text.splitlines()[1:]
    assert sum(int(line.split(",")[1]) for line in csv) == total(client, author="Minh Khuê", **{"from": "2019"})
    csv = client.get("/compare.csv?by=tag&q=giao+th%C3%B4ng&author=-Minh+Khu%C3%AA").text.splitlines()[1:]
    assert sum(int(line.split(",")[1]) for line in csv) == total(client, tag="giao thông", author="-Minh Khuê")
    shown = client.get("/compare?by=author&q=Minh+Khu%C3%AA&tag=giao+th%C3%B4ng").text
    assert 'name="tag" value="giao thông"' in shown
    assert "Tác giả 1" in shown
    shown = client.get("/compare?by=author&q=Minh+Khu%C3%AA&q=V%C5%A9+An").text
    linked = re.findall(r'<a href="([^"]+)" tabindex="-1"><title>Minh Khuê, [\d/]+: (\d+) bài', shown)
    for link, count in linked:
        assert (client.get("/api/v1/search" + unescape(link)[1:]).json or {})["total"] == int(count)
    assert linked
