from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import HtmlResponse, Request, Response
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler, get_reactor_settings

from crawler.middlewares import PolitenessMiddleware
from crawler.runs.refusals import LONGEST_BACKOFF, are_rules, backoff, is_cut_short, is_refusal, retry_after
from crawler.spiders.goc_nhin import GocNhinSpider

ADDRESS = "http://127.0.0.1/bai-1.html"


@pytest.mark.parametrize(("times", "least"), [(1, 15.0), (2, 30.0), (3, 60.0), (4, 120.0), (7, 120.0)])
def test_waits_double_up_to_a_limit(times: int, least: float) -> None:
    waits = [backoff(times, delay=3.0) for _ in range(50)]
    assert all(least <= wait <= 1.5 * least for wait in waits)
    assert len(set(waits)) > 1, "crawlers that were refused together must not come back together"
    assert max(waits) <= 1.5 * LONGEST_BACKOFF


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *((b"120", 120.0), (b" 7 ", 7.0), (b"9" * 9, 999_999_999.0)),
        *((b"", None), (None, None), (b"soon", None), (b"-3", None), (b"9" * 10, None)),
    ],
)
def test_retry_after_in_seconds(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_retry_after_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True).encode()
    assert 110 < (retry_after(later) or 0) <= 120
    assert retry_after(b"Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"<html><title>Just a moment...</title>", True),
        (b"<HTML><TITLE>\nAccess Denied</TITLE>", True),
        (b"<title>Just a moment</title>" + b" " * 60_000, False),
        (b"<title>A moment of history</title>", False),
        (b"<title>Just a moment</title>".ljust(50_000), True),
        (b"<title>Just a moment</title>".ljust(50_001), False),
        (b"<title>Just a moment".rjust(4000), True),
        (b"<title>Just a moment".rjust(4001), False),
    ],
)
def test_a_protection_page_is_known_by_its_title(body: bytes, refused: bool) -> None:
    assert is_refusal(body) == refused


@pytest.mark.parametrize(
    ("status", "body", "rules"),
    [
        *(
            (200, b"User-agent: *", True),
            (200, b"", True),
            (200, b"X<", True),
            (404, b"", True),
            (410, b"<html>", True),
        ),
        *((200, b"\n<html>", False), (200, b"\xef\xbb\xbf\r\n\t <p>", False)),
        *((503, b"", False), (500, b"Allow: /", False)),
        *((200, "User-agent: *\nDisallow: /".encode("utf-16"), False), (200, b"User-agent: *\0", False)),
    ],
)
def test_what_counts_as_rules(status: int, body: bytes, rules: bool) -> None:
    assert are_rules(status, body) == rules


def test_a_page_without_its_end_is_cut_short() -> None:
    assert is_cut_short(b"<html><body><p>Half")
    assert not is_cut_short(b"<html><body><p>Whole</body></html>")
    assert not is_cut_short(b'{"json": 1}')
    assert is_cut_short(b"<HTML>".rjust(2000))
    assert not is_cut_short(b"<html>".rjust(2002))


def waited(response: Response, monkeypatch: pytest.MonkeyPatch, **meta: int) -> list[float]:
    """The seconds that the middleware waits before it hands a response back."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("crawler.middlewares.asyncio.sleep", sleep)
    settings = Settings()
    settings.setmodule("crawler.settings")
    asked = {"GOC_NHIN_SITE": "http://127.0.0.1:1", "GOC_NHIN_DELAY": "3", **get_reactor_settings()}
    crawler = get_crawler(GocNhinSpider, {**settings, **asked})
    crawler.spider = crawler._create_spider()
    politeness = PolitenessMiddleware.from_crawler(crawler)
    # In a thread of its own: Playwright keeps a loop running in the one that the tests share.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, politeness.process_response(Request(response.url, meta=meta), response)).result()
    return slept


def test_a_refused_request_waits_before_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = waited(Response(ADDRESS, 403), monkeypatch)
    (third,) = waited(Response(ADDRESS, 503), monkeypatch, retry_times=2)
    assert 15 <= first <= 22.5
    assert 60 <= third <= 90
    (named,) = waited(Response(ADDRESS, 429, {"Retry-After": b"300"}), monkeypatch)
    assert named == 300
    assert waited(HtmlResponse(ADDRESS, 200, body=b"<html></html>"), monkeypatch) == []
