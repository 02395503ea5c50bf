from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.errors import BadQuery
from indexer.query.request import Request
from search_app.parameters.params import Asked, BadParameter, read

TEXT = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    since, until = sorted([draw(DAYS), draw(DAYS)])
    values = st.lists(TEXT, max_size=3, unique=True).map(tuple)
    request = Request(
        q=draw(TEXT | st.just("")),
        since=draw(st.sampled_from([None, since])),
        until=draw(st.sampled_from([None, until])),
        authors=draw(values),
        tags=draw(values),
        sort=draw(st.sampled_from([None, "relevance", "newest", "oldest"])),
    )
    return Asked(request, draw(st.integers(1, 999)), draw(st.integers(1, 100)))


@given(asked())
def test_a_request_survives_its_url(one: Asked) -> None:
    assert read(MultiDict(parse_qsl(one.query_string(), keep_blank_values=True))) == one


def test_the_canonical_url_leaves_defaults_out() -> None:
    assert Asked(Request()).query_string() == ""
    assert Asked(Request(q="a b"), page=2).query_string() == "q=a+b&page=2"


def test_empty_parameters_count_as_absent() -> None:
    assert read(MultiDict([("q", ""), ("from", ""), ("sort", ""), ("author", "")])) == Asked(Request())


def test_dates_in_every_form() -> None:
    request = read(MultiDict([("from", "2021"), ("to", "5/3/2021")])).request
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
        read(MultiDict(parameters))


def test_an_export_has_no_pages() -> None:
    with pytest.raises(BadParameter, match="page"):
        read(MultiDict([("page", "2")]), paged=False)


@given(st.lists(st.tuples(st.sampled_from(["q", "from", "to", "page", "size", "tag", "x"]), st.text()), max_size=5))
def test_any_parameters_are_read_or_refused(parameters: list[tuple[str, str]]) -> None:
    try:
        assert read(MultiDict(parameters)).page >= 1
    except BadQuery as error:
        assert str(error)  # noqa: PT017
