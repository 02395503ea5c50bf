from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from indexer.query.parameters import PAGING, PARAMETERS
from search_app import create_app
from search_app.views.api import digest
from tests.helpers import article, indexed

PATHS = [
    "/api/v1/articles/{number}",
    "/api/v1/articles/{number}/similar",
    "/api/v1/phrases",
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/timeline",
]


@pytest.mark.hypothesis
@pytest.mark.parametrize("path", PATHS)
def test_the_api_keeps_what_it_describes(specimens: Path, path: str) -> None:
    """Schemathesis' own plugin does not go with pytest 9.2, its cases and checks do."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", create_app(specimens))

    @settings(suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=described[path]["GET"].as_strategy())
    def keeps(case: Any) -> None:
        # What a query may say and which days there are is beyond JSON Schema.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    keeps()


def test_every_operation_is_described(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json or {}
    assert sorted(document["paths"]) == PATHS
    search = document["paths"]["/api/v1/search"]["get"]
    assert [one["name"] for one in search["parameters"]] == [one.name for one in (*PARAMETERS, *PAGING)]


def test_an_answer_is_given_once_a_generation(client: FlaskClient) -> None:
    for path in ("/api/v1/search?q=r%C3%A1c", "/api/v1/timeline", "/api/v1/suggest?q=r"):
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(f"{path}&size=x", headers={"If-None-Match": tag}).status_code != 304
    for path, status in (("/api/v1/articles/777", 404), ("/api/v1/search?bogus=1", 400)):
        assert client.get(path, headers={"If-None-Match": "*"}).status_code == status


def test_another_generation_is_another_answer(tmp_path: Path) -> None:
    data = tmp_path / "data"
    indexed(data, [article(1, "chợ quê")]).close()
    client = create_app(data).test_client()
    paths = ("/api/v1/search?q=ch%E1%BB%A3", "/api/v1/suggest?q=ch", "/api/v1/articles/1")
    before = [client.get(path).headers["ETag"] for path in paths]
    indexed(data, [article(2, "chợ phố")]).close()
    answers = [client.get(path, headers={"If-None-Match": tag}) for path, tag in zip(paths, before, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (answers[0].json or {})["total"] == 2


def test_who_may_read_full_texts_is_given_another_answer(specimens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOC_NHIN_FULLTEXT", "local")
    client = create_app(specimens).test_client()
    inside, outside = (
        client.get("/api/v1/search?q=r%C3%A1c", environ_base={"REMOTE_ADDR": address})
        for address in ("192.168.1.2", "203.0.113.7")
    )
    assert inside.json != outside.json
    assert inside.headers["ETag"] != outside.headers["ETag"]


def test_an_edited_table_of_abbreviations_is_another_program(tmp_path: Path) -> None:
    table = tmp_path / "indexer/query/abbreviations.tsv"
    table.parent.mkdir(parents=True)
    digests = set()
    for text in ("HĐND\tHội đồng nhân dân", "UBND\tUỷ ban nhân dân"):
        table.write_text(text, "utf-8")
        digests.add(digest(tmp_path))
    assert len(digests) == 2


def test_errors_are_in_english_whatever_the_browser_speaks(client: FlaskClient) -> None:
    for path in ("/api/v1/articles/777", "/api/v1/search?bogus=1", "/dossier.json?id=7", "/compare.csv?q=ch*"):
        english, vietnamese = (client.get(path, headers={"Accept-Language": code}).json for code in ("en", "vi"))
        assert english == vietnamese
        assert english


def test_other_sites_may_not_read_answers(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
