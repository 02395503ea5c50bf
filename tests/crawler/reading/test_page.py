from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Article
from crawler.errors import GocNhinError, NotAnArticle, OutOfScope
from crawler.reading.page import read_page
from tests import forkserver
from tests.crawler.reading.hostile_pages import PAGES
from tests.helpers import ROOT

CASES = sorted((ROOT / "tests/pages").iterdir())
NO_ARTICLES = sorted((ROOT / "tests/not_articles").iterdir())
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


def test_control_characters_are_no_text() -> None:
    head = '<h1 class="caption">T\x01í&#2;t</h1><div class="definfo">1/2/2020</div>\x03'
    body = '<div class="article"><p>Hà\x0bNội<script>x</script>\x04 ta</p></div>'
    article = read_page((head + body).encode(), ADDRESS).article
    assert (article.title, article.text) == ("Tít", "Hà Nội ta")


@pytest.mark.parametrize("last", ["(Còn nữa)", "Câu dài " * 200])
def test_a_last_paragraph_that_names_no_one_is_text(last: str) -> None:
    body = (
        '<h1 class="block-sc-title">Tít</h1><i class="block-sc-publish-time">05/03/2021</i><i class="block-sc-author">'
        f'An Bình</i><article class="entry"><p>Một.</p><p>{last}</p></article>'
    )
    article = read_page(body.encode(), ADDRESS).article
    assert (article.authors, article.text) == (("An Bình",), f"Một.\n\n{last.strip()}")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A page with pieces cut out, doubled, moved, or replaced by noise."""
    page = bytearray((draw(st.sampled_from(CASES)) / "page.html").read_bytes())
    for _ in range(draw(st.integers(1, 8))):
        start, length = draw(st.integers(0, len(page))), draw(st.integers(0, 200))
        piece = bytes(page[start : start + length])
        noise = draw(st.binary(max_size=20) | st.sampled_from([piece * 2, b"", b"<", b">", b"&amp;#", b'"', b"<!--"]))
        page[start : start + length] = noise
        if draw(st.booleans()):
            elsewhere = draw(st.integers(0, len(page)))
            page[elsewhere:elsewhere] = piece
    return bytes(page)


@settings(max_examples=6 * settings().max_examples)
@given(mutated() | st.binary())
def test_any_bytes_are_an_article_or_a_named_error(body: bytes) -> None:
    try:
        article = read_page(body, ADDRESS).article
    except GocNhinError:
        return
    assert article.title
    assert article.text
    assert Article.from_dict(article.to_dict()) == article


@pytest.mark.thorough
@pytest.mark.parametrize("name", PAGES)
def test_five_megabytes_of_page_take_little_memory(name: str) -> None:
    done = forkserver.run("tests.crawler.reading.hostile_pages", [name], dict(os.environ), timeout=60)
    assert done.returncode == 0, done.stderr
    _seconds, memory, came = done.stdout.strip().split("\t")
    assert came.endswith("characters") or came.split(":")[0] in ("NotAnArticle", "Incomplete")
    assert int(memory) < 200_000_000
