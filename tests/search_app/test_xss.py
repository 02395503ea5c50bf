"""Two hundred payloads through every field and parameter: no page gets an element or attribute it does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

import pytest
from flask.testing import FlaskClient
from parsel import Selector

from crawler.archive.archive import Archive
from crawler.article import Image
from indexer.index.build import build
from indexer.query.parameters import PAGING, PARAMETERS
from search_app import create_app
from tests.helpers import article, page

INNER = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<style>@import '//evil.example'</style>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input autofocus onfocus=alert(1)>",
    "<math><mtext></mtext><script>alert(1)</script>",
    "<!--><img src onerror=alert(1)>",
    "<![CDATA[<img src onerror=alert(1)>]]>",
    "&lt;img src onerror=alert(1)&gt;",
    "{{ 7 * 7 }}{% raw %}<b>x</b>",
    "onmouseover=alert(1) x=",
    "javascript:alert(1)",
    "\u2028<b onclick=alert(1)>x</b>",
    "＜script＞alert(1)＜/script＞",
    "<object data='data:text/html,<b>x</b>'>",
]
AROUND = ["{}", '"{}', "'{}", '">{}', "'>{}", "</title>{}", "</script>{}", "</textarea>--!>{}", "]]>{}", '\\"{}']
PAYLOADS = [around.format(inner) for around, inner in product(AROUND, INNER)]
NEAR = ("/", {"q": "details ontoggle zzz"})
"""A page of articles that lack a word."""
HARMLESS = "Chợ quê"
KINDS = {"text/html": "html", "image/svg+xml": "xml", "application/atom+xml": "xml"}
SEARCHED = (*(one.name for one in (*PARAMETERS, *PAGING)), "lang")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    data = tmp_path_factory.mktemp("xss")
    with Archive.open(data) as archive:
        for number, text in enumerate([HARMLESS, *PAYLOADS], 1):
            fields = {
                "title": text,
                "lead": text,
                "authors": (text, HARMLESS),
                "tags": (text, HARMLESS),
                "images": (Image("https://hanoimoi.vn/x.jpg", text),),
            }
            archive.put(article(number, f"{text}\n\nchung", **fields), page())
            archive.put(article(number, f"{text} đã sửa\n\nchung", **fields), page())
        build(data, archive)
    return create_app(data).test_client()


def shape(client: FlaskClient, path: str, **query: str) -> set[tuple[str, str]]:
    """Each kind of element in a page, with each kind of attribute."""
    answer = client.get(path, query_string=query)
    assert answer.status_code < 500
    kind = KINDS.get(answer.mimetype or "")
    if kind is None:
        return set()
    elements = Selector(body=answer.data, type=kind).root.iter("*")
    return {pair for element in elements for pair in _pairs(element.tag, element.attrib)}


def _pairs(name: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield name, ""
    for attribute, value in attributes.items():
        yield name, attribute
        if attribute in ("href", "src", "action", "formaction"):
            assert value.startswith(("https://", "http://", "/", "#")), value


def test_no_payload_gets_into_a_page(attacked: FlaskClient) -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 200
    allowed = set()
    for path, query in [
        *everywhere(1, HARMLESS),
        *_beside(1, HARMLESS),
        ("/", {"q": "chung", "size": "2"}),
        ("/", {"q": '"chung'}),
        NEAR,
    ]:
        allowed |= shape(attacked, path, **query)
    for number, payload in enumerate(PAYLOADS, 2):
        for path, query in everywhere(number, payload):
            assert shape(attacked, path, **query) - allowed == set(), (path, query)


def everywhere(number: int, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Pages that show an article's fields, and pages that are given a text in each of their parameters."""
    yield f"/article/{number}", {"q": text}
    yield "/", {"q": text}
    # The others take turns: the parameters, so that each is given some twenty payloads, and the pages, a third of them.
    yield "/", {SEARCHED[number % len(SEARCHED)]: text}
    yield from islice(_beside(number, text), number // len(INNER) % 3, None, 3)


def _beside(number: int, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield "/", {"q": "chung", "author": text}
    yield f"/article/{number}", {}
    yield f"/article/{number}/revisions", {}
    yield "/dossier", {"id": str(number)}
    yield "/", {"q": "zzz", "from": "2021", "author": HARMLESS, "tag": HARMLESS}
    for parameter in ("a", "b"):
        yield f"/article/{number}/revisions", {parameter: text}
    for parameter in ("q", "from"):
        yield "/compare", {"q": "chung", parameter: text}
    yield "/compare.svg", {"q": text}
    yield "/feed.atom", {"q": "chung", "author": text}
    yield "/dossier", {"id": text}
    yield "/", {"no": text}
    yield "/", {text: "1"}
    yield f"/{text}", {}
