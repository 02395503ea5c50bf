from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from search_app import create_app
from search_app.parameters.params import PAGING, SEARCH

EXAMPLES = 300
PATHS = [
    "/api/v1/articles/{number}",
    "/api/v1/articles/{number}/similar",
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/timeline",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_api_keeps_what_it_describes(specimens: Path, path: str) -> None:
    """Schemathesis' own plugin does not go with pytest 9.2, its cases and checks do."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", create_app(specimens))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=described[path]["GET"].as_strategy())
    def keeps(case: Any) -> None:
        # What a query may say and which days there are is beyond JSON Schema.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    keeps()


def test_every_operation_is_described(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json or {}
    assert sorted(document["paths"]) == PATHS
    search = document["paths"]["/api/v1/search"]["get"]
    assert [one["name"] for one in search["parameters"]] == [one.name for one in (*SEARCH, *PAGING)]


def test_an_answer_is_given_once_a_generation(client: FlaskClient) -> None:
    for path in ("/api/v1/search?q=r%C3%A1c", "/api/v1/timeline", "/api/v1/suggest?q=r"):
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(f"{path}&size=x", headers={"If-None-Match": tag}).status_code != 304
    for path, status in (("/api/v1/articles/777", 404), ("/api/v1/search?bogus=1", 400)):
        assert client.get(path, headers={"If-None-Match": "*"}).status_code == status


def test_errors_are_in_english_whatever_the_browser_speaks(client: FlaskClient) -> None:
    for path in ("/api/v1/articles/777", "/api/v1/search?bogus=1", "/dossier.json?id=7", "/compare.csv?q=ch*"):
        english, vietnamese = (client.get(path, headers={"Accept-Language": code}).json for code in ("en", "vi"))
        assert english == vietnamese
        assert english


def test_other_sites_may_not_read_answers(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
