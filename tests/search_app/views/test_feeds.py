from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from crawler.archive.archive import Archive
from indexer.index.build import build
from search_app import create_app
from search_app.views.feeds import ATOM, ENTRIES, OPENSEARCH
from tests.helpers import NOON, article, page

A = f"{{{ATOM}}}"


def entries(client: FlaskClient, query: str = "") -> list[ET.Element]:
    answer = client.get(f"/feed.atom{query}")
    assert answer.status_code == 200
    assert answer.content_type.startswith("application/atom+xml")
    return ET.fromstring(answer.data).findall(f"{A}entry")


def ids(found: list[ET.Element]) -> list[str]:
    return [entry.findtext(f"{A}id", "").rpartition("/")[2] for entry in found]


def test_what_came_last_comes_first(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for days, number in ((0, 3), (1, 1), (2, 2), (2, 5), (2, 4)):
            archive.put(article(number, "Chợ quê.", lead="Chợ & quê"), page(NOON + timedelta(days, minutes=-number)))
        archive.put(article(3, "Chợ quê, đã sửa."), page(NOON + timedelta(9)))
        build(tmp_path, archive)
    client = create_app(tmp_path).test_client()
    came = ["5", "4", "2", "1", "3"]
    assert ids(entries(client, "?q=ch%E1%BB%A3")) == came, "by the day of first capture; of one day the newest first"
    assert ids(entries(client, "?sort=oldest")) == ["1", "2", "3", "4", "5"]
    assert entries(client)[0].findtext(f"{A}summary") == "Chợ & quê"
    assert entries(client, "?q=kh%C3%B4ng+c%C3%B3") == []


def test_pages_offer_the_feed_in_its_own_order(client: FlaskClient) -> None:
    assert client.get("/?q=r%C3%A1c&sort=newest").text.count('href="/feed.atom?q=r%C3%A1c"') == 2


def test_a_page_shows_what_the_feed_tells(client: FlaskClient) -> None:
    shown = client.get("/follow?q=giao+th%C3%B4ng&sort=oldest").text
    told = entries(client, "?q=giao+th%C3%B4ng")
    assert re.findall(r'<h2><a href="/article/(-?\d+)\?', shown) == ids(told)
    assert "http://localhost/feed.atom?q=giao+th%C3%B4ng</code>" in shown
    assert 'href="/follow?q=giao+th%C3%B4ng"' in client.get("/?q=giao+th%C3%B4ng&sort=oldest").text
    filtered = client.get("/follow?author=Minh+Khu%C3%AA&from=2019").text
    assert ">Tất cả các bài · tác giả Minh Khuê · từ 1/1/2019</a></h1>" in filtered
    assert "Chưa có bài nào" in client.get("/follow?q=kh%C3%B4ng+c%C3%B3+xyz").text


def test_an_article_keeps_its_id_under_a_new_number(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(-592454), page())
        build(tmp_path, archive)
        client = create_app(tmp_path).test_client()
        before = ids(entries(client))
        archive.put(article(991478, aliases=(-592454,)), page())
        build(tmp_path, archive)
    assert ids(entries(client)) == before


def test_the_feed_holds_what_the_search_finds(client: FlaskClient) -> None:
    found = (client.get("/api/v1/search?q=h%C3%A0+n%E1%BB%99i&size=100").json or {})["results"]
    assert sorted(ids(entries(client, "?q=h%C3%A0+n%E1%BB%99i"))) == sorted(str(hit["id"]) for hit in found)[:ENTRIES]
    assert client.get("/feed.atom?page=2").status_code == 400


def test_browsers_can_search_here(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml")
    root = ET.fromstring(answer.data)
    template = root.findall(f"{{{OPENSEARCH}}}Url")[0].get("template", "")
    assert template == "http://localhost/?q={searchTerms}"
    (link,) = re.findall(r'<link rel="search"[^>]*>', client.get("/").text)
    assert 'type="application/opensearchdescription+xml"' in link
    assert 'href="/opensearch.xml"' in link


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_what_xml_cannot_hold_is_left_out(client: FlaskClient, letter: str) -> None:
    for path in ("/feed.atom", "/compare.svg"):
        answer = client.get(path, query_string={"q": f"hà{letter} nội"})
        assert answer.status_code == 200
        ET.fromstring(answer.data)


def test_who_has_the_feed_already_is_told_so(client: FlaskClient) -> None:
    first = client.get("/feed.atom?q=h%C3%A0+n%E1%BB%99i")
    again = client.get("/feed.atom?q=h%C3%A0+n%E1%BB%99i", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/feed.atom?q=giao+th%C3%B4ng", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_the_browsers_address_bar_gets_suggestions(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/opensearch.xml").data)
    templates = {url.get("type"): url.get("template") for url in root if url.tag.endswith("Url")}
    assert templates["application/x-suggestions+json"] == "http://localhost/feed/suggest.json?q={searchTerms}"
    typed, found = json.loads(client.get("/feed/suggest.json?q=minh+kh").text)
    assert typed == "minh kh"
    assert "Minh Khuê" in found
