from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from indexer.index.build import build
from search_app import create_app
from search_app.security import HEADERS
from search_app.views.feeds import ENTRIES
from tests.helpers import article, page, run
from tests.hostile import hostile_queries
from tests.replica.site import Running


def ask(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/search", query_string=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json or {}
    return found


def test_the_shape_of_an_answer(client: FlaskClient) -> None:
    found = ask(client, q="ha noi", size=2)
    assert set(found) == {
        *("query", "accents", "relaxed", "notes", "total", "page", "size", "took_ms", "generation", "change"),
        *("results", "near", "facets", "suggestion", "offers", "phrase_total"),
    }
    assert found["query"] == {"q": "ha noi", "from": None, "to": None, "authors": [], "tags": [], "sort": "relevance"}
    assert found["accents"] == "folded"
    assert len(found["results"]) == 2 < found["total"]
    hit = found["results"][0]
    assert set(hit) == {
        *("id", "url", "title", "lead", "authors", "section", "tags", "published_at", "score", "highlights"),
        "arrived",
    }
    whole = client.get(f"/api/v1/articles/{hit['id']}").json
    assert whole
    assert "".join(piece for piece, _ in hit["highlights"]["title"]) == whole["title"]
    for passage in hit["highlights"]["text"]:
        assert "".join(piece for piece, _ in passage) in whole["text"]


def test_the_timeline_counts_the_whole_result(client: FlaskClient) -> None:
    page = ask(client, q="hà nội", size=1)
    timeline = client.get("/api/v1/timeline", query_string={"q": "hà nội"}).get_json()
    assert (timeline["total"], timeline["generation"]) == (page["total"], page["generation"])
    assert sum(month["count"] for month in timeline["months"]) == page["total"] > 0
    years: dict[str, int] = {}
    for month in timeline["months"]:
        years[month["value"][:4]] = years.get(month["value"][:4], 0) + month["count"]
    assert years == {year["value"]: year["count"] for year in page["facets"]["year"]}


def test_an_answer_given_again_is_the_same(client: FlaskClient) -> None:
    first, again = ask(client, q="thủ đô", size=3), ask(client, q="thủ đô", size=3)
    del first["took_ms"], again["took_ms"]
    assert first == again


def test_an_article_in_full(client: FlaskClient, replica: Running) -> None:
    piece = next(piece for piece in replica.site.section if piece.layout != "legacy")
    found = client.get(f"/api/v1/articles/{piece.id}").json
    assert found
    assert (found["text"], found["url"], found["revision"]) == (piece.text, piece.url, 1)
    shown = client.get(f"/article/{piece.id}")
    assert shown.status_code == 200
    assert piece.title in shown.text
    assert found["sha256"] in shown.text


@pytest.mark.parametrize("path", [f"/article/{10**30}", f"/article/{10**30}/revisions", f"/api/v1/articles/-{10**30}"])
def test_numbers_no_database_holds_are_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/articles/1", "/article/1", "/nowhere", "/api/v1/nowhere", "/export.xml"])
def test_what_is_not_there_is_a_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    if path.startswith("/api"):
        assert answer.json
        assert answer.json["error"]["code"] == "not_found"


def test_an_old_id_leads_to_the_new_one(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(991478, aliases=(-592454,)), page())
        build(tmp_path, archive)
    client = create_app(tmp_path).test_client()
    assert client.get("/article/-592454").location == "/article/991478"
    assert client.get("/api/v1/articles/-592454").location == "/api/v1/articles/991478"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [({"size": 0}, "bad_parameter"), ({"from": "2021-13-45"}, "bad_parameter"), ({"q": "ch*"}, "bad_query")],
)
def test_bad_requests_are_400_and_say_why(client: FlaskClient, parameters: dict[str, str], code: str) -> None:
    answer = client.get("/api/v1/search", query_string=parameters)
    assert answer.status_code == 400
    assert answer.json
    assert set(answer.json["error"]) == {"code", "message", "position", "suggestion", "reason", "values"}
    assert answer.json["error"]["code"] == code
    shown = client.get("/", query_string=parameters)
    assert shown.status_code == 400
    assert 'role="alert"' in shown.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["/api/v1/search", "/", "/static/style.css"])
def test_nothing_can_be_sent(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, sorted(answer.allow)) == (405, ["GET", "HEAD"])


def test_who_asks_for_the_headers_of_an_export_takes_no_place(client: FlaskClient) -> None:
    for _ in range(3):
        with client.head("/export.json") as answer:
            assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/nowhere", "/?size=0", "/healthz", "/export.csv", "/static/style.css"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_health(client: FlaskClient, replica: Running) -> None:
    assert client.get("/healthz").json == {
        "status": "ok",
        "generation": ask(client)["generation"],
        "articles": len(replica.site.section),
    }


def test_without_an_index_it_says_so_and_then_serves(tmp_path: Path) -> None:
    client = create_app(tmp_path).test_client()
    assert client.get("/healthz").status_code == 503
    assert client.get("/").status_code == 503
    with Archive.open(tmp_path) as archive:
        archive.put(article(), page())
        build(tmp_path, archive)
    assert client.get("/").status_code == 200


def test_a_new_generation_is_taken_up_and_a_damaged_one_is_not(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(1), page())
        build(tmp_path, archive)
        client = create_app(tmp_path).test_client()
        assert ask(client)["total"] == 1
        archive.put(article(2), page())
        build(tmp_path, archive)
        assert ask(client)["total"] == 2
        archive.put(article(3), page())
        built = build(tmp_path, archive)
    for file in (tmp_path / "index" / built.generation).glob("*.seg"):
        file.write_bytes(b"")
    assert ask(client)["total"] == 2


REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["hà nội", "ha noi", "vỉa hè OR xe buýt", '"Hà Nội"', "rac", "-tet", "date:2021", ""]),
        "from": st.sampled_from(["2008", "2020-01", "2022-04-12"]),
        "to": st.sampled_from(["2023", "2025-06"]),
        "author": st.lists(st.sampled_from(["Minh Khuê", "Lê Tố", "Vũ An", "-Vũ An"]), max_size=2),
        "tag": st.lists(st.sampled_from(["giao thông", "môi trường", "bài mẫu", "-văn hóa"]), max_size=2),
        "sort": st.sampled_from(["relevance", "newest", "oldest"]),
        "literal": st.just("1"),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REQUESTS)
def test_page_api_and_exports_give_the_same_articles(client: FlaskClient, parameters: dict[str, Any]) -> None:
    ids = [hit["id"] for hit in ask(client, **parameters, size=100)["results"]]
    shown = client.get("/", query_string={**parameters, "size": 100}).text
    assert [int(number) for number in re.findall(r'<h2><a href="/article/(-?\d+)[?"]', shown)] == ids
    whole = client.get("/export.json", query_string=parameters).json
    assert whole
    assert ([one["id"] for one in whole["articles"]], whole["count"]) == (ids, len(ids))
    lines = client.get("/export.ndjson", query_string=parameters).text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    rows = list(csv.reader(io.StringIO(client.get("/export.csv", query_string=parameters).text)))[1:]
    assert [int(row[0]) for row in rows] == ids
    feed = ET.fromstring(client.get("/feed.atom", query_string=parameters).data)
    entries = [entry.findtext("{*}id", "").rpartition("/")[2] for entry in feed.findall("{*}entry")]
    came = [one["id"] for one in sorted(whole["articles"], key=first_indexed, reverse=True)]
    assert list(map(int, entries)) == (ids if "sort" in parameters else came)[:ENTRIES]


def first_indexed(record: dict[str, Any]) -> tuple[str, str, int]:
    """The feed's own order, backwards: day of capture, then time of publication."""
    return record["captured_at"][:10], record["published_at"], record["id"]


def test_the_form_shows_what_was_asked(client: FlaskClient) -> None:
    shown = client.get("/?q=h%C3%A0+n%E1%BB%99i&from=2021-03-05&to=2025&sort=newest&author=L%C3%AA+T%E1%BB%91").text
    for part in (
        'value="hà nội"',
        'value="5/3/2021"',
        'value="31/12/2025"',
        'value="newest" selected',
        'value="Lê Tố"',
    ):
        assert part in shown


def test_an_export_is_a_file_with_a_name(client: FlaskClient) -> None:
    answer = client.get("/export.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="goc-nhin.json"'
    named = client.get("/export.csv?q=v%E1%BB%89a+h%C3%A8&from=2021&to=2021&sep=semicolon")
    shown = "attachment; filename=\"via-he-2021.csv\"; filename*=UTF-8''v%E1%BB%89a-h%C3%A8-2021.csv"
    assert named.headers["Content-Disposition"] == shown
    assert named.text.startswith("\ufeffid;url;")
    assert client.get("/export.csv?sep=tab").status_code == 400
    for query, name in (("author=-Vu", "goc-nhin.csv"), ("q=%E4%B8%AD%E6%96%87", "goc-nhin.csv")):
        assert f'filename="{name}"' in client.get(f"/export.csv?{query}").headers["Content-Disposition"]
    assert answer.json
    assert answer.json["complete"] is True


def test_hostile_queries_get_an_answer_or_a_clear_refusal(client: FlaskClient) -> None:
    for query in hostile_queries():
        q = query.encode("utf-8", "replace").decode()
        for path in ("/", "/api/v1/search"):
            assert client.get(path, query_string={"q": q}).status_code in (200, 400), query[:100]


def test_markup_in_a_query_or_an_article_stays_text(tmp_path: Path) -> None:
    attack = '"><img src=x onerror=alert(1)>'
    with Archive.open(tmp_path) as archive:
        archive.put(article(1, attack, title=attack, authors=(attack,), tags=(attack,), lead=attack), page())
        build(tmp_path, archive)
    client = create_app(tmp_path).test_client()
    for path in ("/", "/article/1", "/?q=img", f"/?author={attack}", f"/?q={attack}", f"/?from={attack}"):
        assert "<img" not in client.get(path).text


def test_the_terminal_answers_as_the_api_does(specimens: Path, client: FlaskClient) -> None:
    done = run("search", "ha noi", "--from", "2021", "--json", "--data", specimens)
    said = json.loads(done.stdout)
    asked = ask(client, q="ha noi", **{"from": "2021"})
    assert said | {"took_ms": 0} == asked | {"took_ms": 0}
