from __future__ import annotations

import gzip
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import HANOI
from crawler.errors import BadListing
from crawler.listings.feeds import MOST_LISTED, Child, read_rss, read_sitemap, read_sitemap_index
from crawler.periods import Period
from tests.replica.site import Running, create_site

MIRROR = "http://127.0.0.1:1"
URL = "https://hanoimoi.vn/a-1.html"


def served(path: str) -> bytes:
    app: Flask = create_site()
    return bytes(app.test_client().get(path).data)


def rss(items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def urlset(urls: str) -> bytes:
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def index(*names: str) -> bytes:
    sitemaps = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    return f"<sitemapindex>{sitemaps}</sitemapindex>".encode()


def test_the_replicas_feeds_are_read(replica: Running) -> None:
    newest = replica.site.section[0]
    first = read_rss(served("/rss/goc-nhin"), MIRROR)[0]
    assert (first.address.url, first.title, first.published_at) == (newest.url, newest.title, newest.published_at)
    days = read_sitemap_index(served("/sitemap.xml"))
    assert days[0].days.last >= days[-1].days.last
    listed = read_sitemap(served(days[0].path))
    assert newest.published_at + timedelta(seconds=1) in [item.published_at for item in listed]


def test_the_real_feeds_are_read(shared: Path) -> None:
    pages = shared / "site/pages"
    expected = json.loads((pages / "article.json").read_text("utf-8"))
    published = datetime.fromisoformat(expected["published_at"])
    (item,) = read_rss((pages / "rss.xml").read_bytes())
    assert (item.address.url, item.title, item.published_at) == (expected["url"], expected["title"], published)
    children = read_sitemap_index((pages / "sitemap.xml").read_bytes())
    assert Child("/sitemap-article-2021-03-05.xml", Period(date(2021, 3, 5), date(2021, 3, 5))) in children
    listed = read_sitemap((pages / "sitemap-article-2021-03-05.xml").read_bytes())
    assert expected["id"] in [item.address.id for item in listed]


@pytest.mark.parametrize("date", ["Fri, 05 Mar 2021 06:11:00 +0700", "05/03/2021 06:11", "2021-03-05T06:11:00+07:00"])
def test_rss_dates_come_in_more_than_one_form(date: str) -> None:
    (item,) = read_rss(rss(f"<item><title>T</title><guid>{URL}</guid><pubDate> {date} </pubDate></item>"))
    assert item.published_at == datetime(2021, 3, 5, 6, 11, tzinfo=HANOI)


def test_what_a_feed_leaves_out_or_misspells_is_passed_over() -> None:
    broken = "<item/><item><link>https://evil.example/a-1.html</link></item><item><link>javascript:1</link></item>"
    whole = f"<item><title>&lt;b&gt;M&amp;#250;a</title><link>{URL}</link></item>"
    (item,) = read_rss(b"\n " + rss(broken + whole + whole))
    assert (item.title, item.published_at) == ("<b>Múa", None)
    assert read_rss(rss("")) == ()


def test_a_sitemap_of_a_month_and_only_of_articles_of_the_site() -> None:
    names = [f"{MIRROR}/sitemap-article-2021-02.xml", "https://hanoimoi.vn/sitemap-category.xml"]
    strange = ["https://evil.example/sitemap-article-2021-03.xml", "https://hanoimoi.vn/sitemap-article-2021-13.xml"]
    (month,) = read_sitemap_index(index(*names, *strange), MIRROR)
    assert month.days == Period(date(2021, 2, 1), date(2021, 2, 28))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not the XML"),
        (b"<html><h1>Access Denied</h1></html>", "a html where"),
        (b"<rss><channel><item>", "not the XML"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>', "DTD"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE rss SYSTEM "file:///x"><rss/>'.encode("utf-16"), "DTD"),
        (b"<rss>&nbsp;</rss>", "undefined entity"),
        (b'<?xml version="1.0" encoding="no-such"?><rss/>', "encoding"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(BadListing, match=said):
        read_rss(body)


def test_an_index_within_a_sitemap_is_refused() -> None:
    with pytest.raises(BadListing, match="a sitemapindex where a urlset"):
        read_sitemap(index("https://hanoimoi.vn/sitemap.xml"))
    with pytest.raises(BadListing, match="a urlset where a sitemapindex"):
        read_sitemap_index(urlset(""))


def test_a_sitemap_has_an_end() -> None:
    with pytest.raises(BadListing, match=f"more than {MOST_LISTED}"):
        read_sitemap(urlset("<url><loc>x</loc></url>" * (MOST_LISTED + 1)))


@given(st.binary() | st.text(alphabet="<>/&;urlsetocimp! [\"'", max_size=80).map(str.encode))
def test_any_bytes_are_a_feed_or_a_named_error(body: bytes) -> None:
    for read in (read_rss, read_sitemap_index, read_sitemap):
        try:
            assert isinstance(read(body), tuple)
        except BadListing:
            continue


@pytest.mark.parametrize("declared", ["utf-16", "iso-8859-1", "UTF-8"])
def test_what_is_utf_8_is_read_as_that_whatever_is_declared(declared: str) -> None:
    item = f"<item><title>Góc nhìn</title><link>{URL}</link></item>"
    feed = rss(item).replace(b'version="1.0"?', f'version="1.0" encoding="{declared}"?'.encode())
    assert [listed.title for listed in read_rss(feed)] == ["Góc nhìn"]


def test_gzip_is_unpacked_whatever_its_name() -> None:
    assert [item.address.url for item in read_sitemap(gzip.compress(urlset(f"<url><loc>{URL}</loc></url>")))] == [URL]
    names = [f"https://hanoimoi.vn/sitemap-article-2021-03-0{day}.xml{end}" for day, end in ((5, ""), (4, ".gz"))]
    children = read_sitemap_index(index(*names))
    assert [child.path for child in children] == [
        "/sitemap-article-2021-03-05.xml",
        "/sitemap-article-2021-03-04.xml.gz",
    ]


@pytest.mark.parametrize("body", [b"\x1f\x8bnot gzip", gzip.compress(b" " * 30_000_000)])
def test_gzip_that_is_none_or_far_too_large_is_refused(body: bytes) -> None:
    with pytest.raises(BadListing):
        read_sitemap(body)
