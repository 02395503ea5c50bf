from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import url_for
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from crawler.characters import nfc
from indexer.answers.filters import FILTERS
from indexer.errors import BadParameter, BadQuery
from indexer.query.parameters import PAGING, PARAMETERS, SearchRequest, read_values
from search_app import live
from search_app.parameters.params import Asked

TEXT = st.text(min_size=1, max_size=20).map(nfc).map(str.strip).filter(bool)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    since, until = sorted([draw(DAYS), draw(DAYS)])
    values = st.lists(TEXT, max_size=3, unique=True).map(tuple)
    request = SearchRequest(
        q=draw(TEXT | st.just("")),
        since=draw(st.sampled_from([None, since])),
        until=draw(st.sampled_from([None, until])),
        authors=draw(values),
        tags=draw(values),
        sections=draw(values),
        literal=draw(st.booleans()),
        sort=draw(st.sampled_from([None, "relevance", "newest", "oldest"])),
    )
    return Asked(request, draw(st.integers(1, 999)), draw(st.integers(1, 100)))


def read(parameters: list[tuple[str, str]]) -> Asked:
    return Asked.of(read_values(dict(MultiDict(parameters).lists()), (*PARAMETERS, *PAGING)))


@given(asked())
def test_a_request_survives_its_url(one: Asked) -> None:
    assert read(parse_qsl(one.query_string(), keep_blank_values=True)) == one


def test_the_canonical_url_leaves_defaults_out() -> None:
    assert Asked(SearchRequest()).query_string() == ""
    assert Asked(SearchRequest(q="a b"), page=2).query_string() == "q=a+b&page=2"


def test_empty_parameters_count_as_absent() -> None:
    assert read([("q", ""), ("from", ""), ("sort", ""), ("author", "")]) == Asked(SearchRequest())


def test_dates_in_every_form() -> None:
    request = read([("from", "2021"), ("to", "5/3/2021")]).request
    assert (request.since, request.until) == (date(2021, 1, 1), date(2021, 3, 5))


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ([("frobnicate", "1")], "frobnicate"),
        ([("from", "2021-13-45")], "“from”"),
        ([("sort", "up")], "“sort”"),
        ([("page", "0")], "“page”"),
        ([("page", "x")], "“page”"),
        ([("page", "9" * 50)], "“page”"),
        ([("size", "101")], "“size”"),
        ([("size", "١")], "“size”"),
        ([("q", "a"), ("q", "b")], "“q”"),
        ([("author", str(number)) for number in range(21)], "“author”"),
        ([("tag", "x" * 201)], "“tag”"),
    ],
)
def test_a_bad_parameter_is_named(parameters: list[tuple[str, str]], named: str) -> None:
    with pytest.raises(BadParameter, match=named):
        read(parameters)


def test_an_export_has_no_pages() -> None:
    with pytest.raises(BadParameter, match="page"):
        read_values({"page": ["2"]}, PARAMETERS)


@given(st.lists(st.tuples(st.sampled_from(["q", "from", "to", "page", "size", "tag", "x"]), st.text()), max_size=5))
def test_any_parameters_are_read_or_refused(parameters: list[tuple[str, str]]) -> None:
    try:
        assert read(parameters).page >= 1
    except BadQuery as error:
        assert str(error)  # noqa: PT017


def addresses(client: FlaskClient) -> list[str]:
    """An address of every view, ending with a parameter's beginning."""
    endings = {"exports.download": "json", "exports.citation": "bib", "exports.comparison": "csv"}
    endings["exports.dossier_citations"] = "ris"
    found = []
    with client.application.test_request_context():
        number = live.served().answer(SearchRequest()).ids()[0]
        for rule in client.application.url_map.iter_rules():
            values: dict[str, Any] = {"number": number} if "number" in rule.arguments else {}
            if "form" in rule.arguments:
                values["form"] = endings[rule.endpoint]
            if rule.endpoint in ("names.author", "names.tag"):
                values["name"] = {"names.author": "Minh Khuê", "names.tag": "giao thông"}[rule.endpoint]
            if "dossier" in rule.endpoint:
                values["id"] = number
            if rule.endpoint != "static":
                address = url_for(rule.endpoint, **values)
                found.append(f"{address}{'&' if '?' in address else '?'}")
    return found


def test_pages_pass_over_what_others_put_behind_a_link_and_programs_are_told(client: FlaskClient) -> None:
    known = addresses(client)
    assert len(known) > 20
    for address in known:
        shown = client.get(f"{address}fbclid=1&utm_source=zalo")
        if is_page(address):
            assert (shown.status_code, "utm_source" in shown.text.partition("<main")[2]) == (200, False), address
        else:
            assert (shown.status_code, "fbclid" in shown.text) == (400, True), address


def is_page(address: str) -> bool:
    path = address.partition("?")[0]
    pages = ("/", "/compare", "/help", "/api", "/dossier", "/authors", "/author", "/tags", "/tag")
    return path in pages or (path.startswith("/article/") and "." not in path)


def test_people_choose_a_language_and_programs_do_not(client: FlaskClient) -> None:
    for address in addresses(client):
        programs = address.startswith(("/api/", "/healthz", "/readyz", "/metrics"))
        assert client.get(f"{address}lang=en").status_code == (400 if programs else 200), address
        assert client.get(f"{address}lang=klingon").status_code == 400, address


def test_every_filter_is_applied() -> None:
    """A parameter that selects articles is a filter, the query, or how the query is taken."""
    assert {one.attribute for one in PARAMETERS if one.selects} == {*FILTERS, "q", "literal"}
