from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from crawler.dates import HANOI
from crawler.metadata import Metadata, read_metadata, same_time, same_title
from tests.helpers import NOON

TIME = datetime(2021, 3, 5, 6, 11, tzinfo=HANOI)
ARTICLE = '{"@type": "NewsArticle", "headline": "M&#250;a", "datePublished": "2021-03-05T06:11:00+07:00"}'


def read(script: str) -> Metadata:
    return read_metadata(Selector(f'<script type="application/ld+json">{script}</script>'))


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "WebPage"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        ARTICLE.replace('"NewsArticle"', '["Thing", "NewsArticle"]'),
        ARTICLE.replace("M&#250;a", "M&#250;a\n"),
        f'{{"broken": </script><script type="application/ld+json">{ARTICLE}',
    ],
)
def test_an_article_is_found_wherever_it_stands(script: str) -> None:
    found = read(script)
    assert found.ld_published == TIME
    assert same_title(found.ld_title, "Múa")


@pytest.mark.parametrize("script", ["", "{", "[" * 100_000, "null", '"Article"', '{"@type": "BreadcrumbList"}', "NaN"])
def test_broken_json_is_passed_over(script: str) -> None:
    assert read(script) == Metadata()


def test_fields_of_the_wrong_kind_are_passed_over() -> None:
    assert read('{"@type": "Article", "headline": ["x"], "datePublished": 5, "dateModified": "soon"}') == Metadata()


def test_meta_elements() -> None:
    page = Selector(
        '<meta property="article:published_time" content="2021-03-05T06:11:00+07:00">'
        '<meta property="article:modified_time" content="2021-03-05T07:11:00+07:00">'
    )
    assert read_metadata(page) == Metadata(published=TIME, modified=TIME + timedelta(hours=1))


def test_times_and_titles_agree_where_they_mean_the_same() -> None:
    assert same_time(NOON, NOON + timedelta(seconds=61))
    assert not same_time(NOON, NOON + timedelta(minutes=3))
    assert same_title("“Nhiệm vụ kép” - và Ý thức", "&quot;Nhiệm vụ k&eacute;p&quot; – và ý thức")
    assert same_title("Một tiêu đề dài bị cắt ở...", "Một tiêu đề dài bị cắt ở giữa")
    assert not same_title("Một", "Một tiêu đề khác hẳn")
    assert not same_title("", "x")


@given(st.text(max_size=200))
def test_any_script_is_read_or_passed_over(script: str) -> None:
    assert isinstance(read(script), Metadata)
