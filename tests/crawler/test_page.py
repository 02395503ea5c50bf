from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import GocNhinError, NotAnArticle, OutOfScope
from crawler.page import read_page

CASES = sorted((Path(__file__).parent.parent / "pages").iterdir())
NO_ARTICLES = sorted((Path(__file__).parent.parent / "not_articles").iterdir())
ADDRESS = "https://hanoimoi.vn/a-1.html"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_is_read_as_expected(case: Path) -> None:
    expected = json.loads((case / "article.json").read_text("utf-8"))
    found = read_page((case / "page.html").read_bytes(), (case / "address.txt").read_text().strip()).article.to_dict()
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("file", NO_ARTICLES, ids=lambda file: file.stem)
def test_a_page_that_is_no_article_is_refused(file: Path) -> None:
    with pytest.raises(NotAnArticle):
        read_page(file.read_bytes(), ADDRESS)


def test_an_address_that_names_no_article_is_refused() -> None:
    with pytest.raises(OutOfScope):
        read_page(b"<h1 class=caption>x</h1>", "https://hanoimoi.vn/404")


@pytest.mark.parametrize("layout", ["longform", "classic", "legacy"])
def test_the_real_article(shared: Path, layout: str) -> None:
    expected = json.loads((shared / "site/pages/article.json").read_text("utf-8"))
    legacy = "http://hanoimoi.com.vn/Tin-tuc/Chinh-tri/592454/tao-suc-lan-toa-manh-me"
    address = legacy if layout == "legacy" else expected["url"]
    if layout == "legacy":
        expected |= {"id": -592454, "url": legacy}
    found = read_page((shared / f"site/pages/article-{layout}.html").read_bytes(), address).article.to_dict()
    assert {name: found[name] for name in expected} == expected
    assert found["layout"] == layout


def test_the_charset_of_the_header_counts() -> None:
    body = '<h1 class="caption">Tít</h1><div class="definfo">1/2/2020</div><div class="article"><p>Hà Nội</p></div>'
    article = read_page(body.encode("utf-16"), ADDRESS, "text/html; charset=utf-16").article
    assert article.text == "Hà Nội"


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A page with pieces cut out, doubled, or replaced by noise."""
    page = bytearray((draw(st.sampled_from(CASES)) / "page.html").read_bytes())
    for _ in range(draw(st.integers(1, 8))):
        start, length = draw(st.integers(0, len(page))), draw(st.integers(0, 200))
        noise = draw(st.binary(max_size=20) | st.just(bytes(page[start : start + length]) * 2))
        page[start : start + length] = noise
    return bytes(page)


@given(mutated() | st.binary())
def test_any_bytes_are_an_article_or_a_named_error(body: bytes) -> None:
    try:
        article = read_page(body, ADDRESS).article
    except GocNhinError:
        return
    assert article.title
    assert article.text
