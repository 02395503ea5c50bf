from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import OutOfScope
from crawler.urls import Address, absolute, article_address, fetch_url, in_scope, is_loopback, parse_site

MIRROR, PAPER = "http://127.0.0.1:9999", "https://hanoimoi.vn"


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
    assert fetch_url("https://www.hanoimoi.vn/tim?a=1&b=2#c", MIRROR) == f"{MIRROR}/tim?a=1&b=2"
    assert fetch_url("https://evil.example/a", MIRROR) == "https://evil.example/a"


@pytest.mark.parametrize(
    ("url", "site", "said"),
    [
        ("https://evil.example/a-1.html", PAPER, "https://evil.example/a-1.html is not at https://hanoimoi.vn"),
        (
            "https://evil.example/a-1.html",
            MIRROR,
            f"https://evil.example/a-1.html is not at {MIRROR} or https://hanoimoi.vn",
        ),
        (f"{PAPER}/{'a' * 300}", PAPER, f"{PAPER}/{'a' * 180} is not the address of an article"),
        (f"ftp://{'e' * 300}", PAPER, f"ftp://{'e' * 194} is not at {PAPER}"),
        (f"http://h:x{'y' * 300}", PAPER, f"“http://h:x{'y' * 190}” is no address"),
        ("\ud800", PAPER, "“\ufffd” is no address"),
    ],
)
def test_what_is_out_of_scope_is_quoted(url: str, site: str, said: str) -> None:
    with pytest.raises(OutOfScope) as refused:
        article_address(url, site)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://hanoimoi.vn:443/", True),
        ("http://hanoimoi.vn:80/", True),
        ("http://www.hanoimoi.com.vn", True),
        ("https://hanoimoi.vn:80/", False),
        ("http://hanoimoi.vn:443/", False),
        ("https://HANOIMOI.vn/", True),
        (f"{MIRROR}/x", True),
        ("https://127.0.0.1:9999/x", False),
        ("http://127.0.0.1:9998/x", False),
        ("http://127.0.0.1/x", False),
        ("https://hanoimoi.vn:0/", False),
        ("https://hànoimoi.vn/", False),
        ("https://@hanoimoi.vn/", False),
        ("ws://hanoimoi.vn/", False),
        ("https://[::1", False),
    ],
)
def test_scope_is_scheme_host_and_port(url: str, inside: bool) -> None:
    assert in_scope(url, MIRROR) == inside


def test_a_link_of_a_page_is_the_site_s_own() -> None:
    assert absolute("/goc-nhin") == f"{PAPER}/goc-nhin"
    assert absolute("/goc-nhin", MIRROR) == f"{MIRROR}/goc-nhin"
    for href in ("//evil.example/a", "https://hanoimoi.vn/a", "goc-nhin", ""):
        assert absolute(href) == href


@pytest.mark.parametrize(("text", "site"), [("https://hanoimoi.vn/", "https://hanoimoi.vn"), (MIRROR, MIRROR)])
def test_a_site_is_an_origin(text: str, site: str) -> None:
    assert parse_site(text) == site


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            (text, "is no site: write it like https://hanoimoi.vn")
            for text in ("", "hanoimoi.vn", "file:///etc/passwd")
        ),
        *((text, "is no site: write it like https://hanoimoi.vn") for text in ("https://", "https://u@h", "http://@h")),
        *((f"https://h{rest}", "is more than a site: leave out what follows the host") for rest in ("/X", "?q", "#f")),
    ],
)
def test_a_site_is_nothing_else(text: str, said: str) -> None:
    with pytest.raises(OutOfScope) as refused:
        parse_site(text)
    assert str(refused.value) == f"“{text}” {said}"


@pytest.mark.parametrize("text", [f"x{'y' * 300}", f"https://h/{'y' * 300}"])
def test_of_what_is_no_site_the_beginning_is_quoted(text: str) -> None:
    with pytest.raises(OutOfScope, match=f"^“{text[:200]}” is"):
        parse_site(text)


def test_loopback() -> None:
    assert is_loopback(MIRROR)
    assert is_loopback("http://localhost:1")
    assert is_loopback("http://[::1]:1")
    assert not is_loopback("https://hanoimoi.vn")
