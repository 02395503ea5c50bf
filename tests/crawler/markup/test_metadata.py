from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import HANOI
from crawler.markup.document import Document
from crawler.markup.metadata import Metadata, may_mean, moments, names_title, read_metadata, same_time, same_title
from tests.helpers import NOON

TIME = datetime(2021, 3, 5, 6, 11, tzinfo=HANOI)
ARTICLE = '{"@type": "NewsArticle", "headline": "M&#250;a", "datePublished": "2021-03-05T06:11:00+07:00"}'


def read(script: str) -> Metadata:
    return read_metadata(Document(f'<script type="application/ld+json">{script}</script>'))


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "WebPage"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        ARTICLE + ";",
        ARTICLE.replace('"NewsArticle"', '["Thing", "NewsArticle"]'),
        ARTICLE.replace("M&#250;a", "M&#250;a\n"),
        f'{{"broken": </script><script type="application/ld+json">{ARTICLE}',
    ],
)
def test_an_article_is_found_wherever_it_stands(script: str) -> None:
    found = read(script)
    assert found.published == {"JSON-LD": (TIME,)}
    assert same_title(found.titles["JSON-LD"], "Múa")


@pytest.mark.parametrize("script", ["", "{", "[" * 100_000, "null", '"Article"', '{"@type": "BreadcrumbList"}', "NaN"])
def test_broken_json_is_passed_over(script: str) -> None:
    assert read(script) == Metadata()


def test_fields_of_the_wrong_kind_are_passed_over() -> None:
    assert read('{"@type": "Article", "headline": ["x"], "datePublished": 5, "dateModified": "soon"}') == Metadata()


def test_meta_elements() -> None:
    page = Document(
        '<meta property="article:published_time" content="2021-03-05T06:11:00+07:00">'
        '<meta property="article:modified_time" content="2021-03-05T07:11:00+07:00">'
    )
    assert read_metadata(page) == Metadata(published={"meta": (TIME,)}, modified={"meta": TIME + timedelta(hours=1)})


def test_a_meta_element_named_by_name_is_read_too() -> None:
    page = Document('<meta name="article:published_time" content="3/5/2021 6:11:00 AM">')
    assert read_metadata(page).published == {"meta": (TIME, TIME.replace(month=5, day=3))}


def test_of_two_blocks_that_of_this_page_counts() -> None:
    related = ARTICLE.replace("M&#250;a", "Bài khác").replace("2021", "2019")
    named = ARTICLE.replace('{"@type"', '{"mainEntityOfPage": {"@id": "https://hanoimoi.vn/mua-77.html"}, "@type"')
    script = f'<script type="application/ld+json">[{related}, {named}]</script>'
    assert read_metadata(Document(script), 77).published == {"JSON-LD": (TIME,)}
    titled = f'<title>Múa</title><script type="application/ld+json">[{related}, {ARTICLE}]</script>'
    assert read_metadata(Document(titled)).published == {"JSON-LD": (TIME,)}


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("2021-03-05T06:11:00+07:00", [TIME]),
        ("2021-03-05T06:11:00Z", [TIME + timedelta(hours=7), TIME]),
        ("3/5/2021 6:11:00 AM", [TIME, TIME.replace(month=5, day=3)]),
        ("3/15/2021 6:11:00 PM", [TIME.replace(day=15, hour=18)]),
        ("soon", []),
        ("", []),
    ],
)
def test_what_a_time_for_machines_may_mean(text: str, may: list[datetime]) -> None:
    assert list(moments(text)) == may
    assert may_mean(moments(text), TIME) == (TIME in may)


def test_a_slug_is_made_of_its_title() -> None:
    assert names_title("tao-suc-lan-toa-manh-me", "Tạo sức lan tỏa mạnh mẽ")
    assert not names_title("mot-bai-khac-han", "Tạo sức lan tỏa mạnh mẽ")


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
