from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import OutOfScope
from crawler.urls import Address, article_address, fetch_url, is_loopback, parse_site

MIRROR = "http://127.0.0.1:9999"


@pytest.mark.parametrize(
    ("url", "number", "canonical"),
    [
        ("https://hanoimoi.vn/a-b-991478.html", 991478, "https://hanoimoi.vn/a-b-991478.html"),
        ("http://www.hanoimoi.vn/nam-2021-7.html?utm=1#x", 7, "https://hanoimoi.vn/nam-2021-7.html"),
        (f"{MIRROR}/a-b-991478.html", 991478, "https://hanoimoi.vn/a-b-991478.html"),
        ("http://hanoimoi.com.vn/Tin-tuc/X/592454/s", -592454, "http://hanoimoi.com.vn/Tin-tuc/X/592454/s"),
        ("http://hanoimoi.com.vn/TIN-TUC/X-y/Z/592454", -592454, "http://hanoimoi.com.vn/TIN-TUC/X-y/Z/592454"),
        ("http://hanoimoi.com.vn/vn/53/199701", -199701, "http://hanoimoi.com.vn/vn/53/199701"),
    ],
)
def test_an_article_is_known_by_its_address(url: str, number: int, canonical: str) -> None:
    assert article_address(url, MIRROR) == Address(number, canonical)


@pytest.mark.parametrize(
    "url",
    [
        *("https://hanoimoi.vn/bai-0.html", "https://hanoimoi.vn/\ud800-7.html"),
        *("", "x", "https://hanoimoi.vn/", "https://hanoimoi.vn/goc-nhin", "https://hanoimoi.vn/x-event223.html"),
        *("https://hanoimoi.vn/tag/x-1.html", "https://hanoimoi.vn/podcast/x-1.html", "ftp://hanoimoi.vn/a-1.html"),
        *("https://evil.example/a-1.html", "https://hanoimoi.vn.evil.example/a-1.html"),
        *("https://hanoimoi.vn@evil.example/a-1.html", "https://u:p@hanoimoi.vn/a-1.html"),
        *("https://hanoimoi.vn:8443/a-1.html", "http://127.0.0.1:1/a-1.html", "http://2130706433:9999/a-1.html"),
        *("https://[::1/a-1.html", "http://hanoimoi.vn:x/a-1.html", "//hanoimoi.vn/a-1.html"),
        "https://hanoimoi.vn/a-1234567890123.html",
    ],
)
def test_everything_else_is_out_of_scope(url: str) -> None:
    with pytest.raises(OutOfScope):
        article_address(url, MIRROR)


@given(st.text())
def test_any_text_is_an_address_or_out_of_scope(text: str) -> None:
    for url in (text, f"https://hanoimoi.vn/{text}", f"https://{text}/a-1.html"):
        with suppress(OutOfScope):
            assert article_address(url).url.startswith(("https://hanoimoi.vn/", "http://hanoimoi.com.vn/"))


def test_a_mirror_is_asked_for_the_same_path() -> None:
    url = "http://hanoimoi.com.vn/Tin-tuc/X/1/s"
    assert fetch_url(url, MIRROR) == f"{MIRROR}/Tin-tuc/X/1/s"
    assert fetch_url(url) == url


@pytest.mark.parametrize(("text", "site"), [("https://hanoimoi.vn/", "https://hanoimoi.vn"), (MIRROR, MIRROR)])
def test_a_site_is_an_origin(text: str, site: str) -> None:
    assert parse_site(text) == site


@pytest.mark.parametrize("text", ["", "hanoimoi.vn", "file:///etc/passwd", "https://", "https://u@h", "https://h/x"])
def test_a_site_is_nothing_else(text: str) -> None:
    with pytest.raises(OutOfScope):
        parse_site(text)


def test_loopback() -> None:
    assert is_loopback(MIRROR)
    assert is_loopback("http://localhost:1")
    assert is_loopback("http://[::1]:1")
    assert not is_loopback("https://hanoimoi.vn")
