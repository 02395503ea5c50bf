"""Addresses that lead off the site, and answers that would fill the memory: what leaves this machine, what is kept."""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Response

from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.urls import article_address, in_scope
from tests import forkserver
from tests.replica.pieces import specimens
from tests.replica.site import Running, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ADDRESSES = (Path(__file__).parent / "out-of-scope.txt").read_text("utf-8").splitlines()
GIGABYTE = 1 << 30
PIECE = bytes(1 << 24)
MEMORY = 50 * 1024 * 1024


class Raw(Response):
    """An answer whose headers go out as they are, however wrong."""

    def get_wsgi_headers(self, environ: Any) -> Any:  # noqa: ARG002 - Werkzeug's signature
        return self.headers


def crawl(running: Running, data: Path) -> dict[str, Any]:
    """Crawl; whom it reached, its memory, and what it said."""
    told = data / "audit.json"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GOC_NHIN_")}
    options = ["--full", "--site", running.url, "--delay", "0", "--data", str(data)]
    done = forkserver.run("tests.audited", [str(told), "crawl", *options], clean, timeout=120)
    assert told.exists(), done.stderr
    return {**json.loads(told.read_text("utf-8")), "code": done.returncode, "said": done.stderr}


def filled(running: Running, trap: Running) -> list[str]:
    ports = {"site": running.url.rsplit(":", 1)[1], "trap": trap.url.rsplit(":", 1)[1]}
    return [address.replace("{site}", ports["site"]).replace("{trap}", ports["trap"]) for address in ADDRESSES]


@pytest.fixture
def trap() -> Iterator[Running]:
    """Another server on this machine: nothing may ask it anything."""
    with serving(specimens()[:1]) as running:
        yield running
        assert not running.site.asked


def only_the_site(found: dict[str, Any], running: Running) -> bool:
    return set(found["reached"]) <= {running.url.removeprefix("http://"), "'127.0.0.1' looked up"}


def listed_everywhere(running: Running, addresses: list[str]) -> None:
    """The addresses in each kind of listing."""
    cards = "".join(f'<li pid="{n}"><h3><a href="{escape(a)}">x</a></h3></li>' for n, a in enumerate(addresses, 1))
    items = "".join(f"<item><link>{escape(a)}</link><guid>{escape(a)}</guid></item>" for a in addresses)
    urls = "".join(f"<url><loc>{escape(a)}</loc></url>" for a in addresses)
    maps = "".join(
        f"<sitemap><loc>{escape(a.replace('/a-', '/sitemap-article-2021-03-05.xml#'))}</loc></sitemap>"
        for a in addresses
    )
    more = [{"PublisherId": n, "LinktoMe": a, "LinktoMe2": a} for n, a in enumerate(addresses, 1)]
    instead = running.site.instead
    instead["/goc-nhin"] = Response(f"<html>channelId: 463 {cards}")
    instead[f"/api/getMoreArticle/channel_empty_{len(addresses)}_463_0"] = Response(json.dumps(more))
    instead["/rss/goc-nhin"] = Response(f"<rss><channel>{items}</channel></rss>")
    own = "<sitemap><loc>https://hanoimoi.vn/sitemap-article-2021-03-05.xml</loc></sitemap>"
    instead["/sitemap.xml"] = Response(f"<sitemapindex>{maps}{own}</sitemapindex>")
    instead["/sitemap-article-2021-03-05.xml"] = Response(f"<urlset>{urls}</urlset>")


@pytest.mark.parametrize("readable", [True, False], ids=["section", "sitemaps standing in"])
def test_listed_addresses_out_of_scope_are_never_asked_for(tmp_path: Path, trap: Running, readable: bool) -> None:
    with serving() as running:
        listed_everywhere(running, filled(running, trap))
        if not readable:
            running.site.missing_paths.add("/goc-nhin")
        found = crawl(running, tmp_path)
        assert only_the_site(found, running)
        assert not [path for path in running.site.asked if path.endswith(".html")]


@pytest.mark.parametrize("way", ["redirect", "meta refresh", "canonical link"])
def test_pages_that_lead_out_of_scope_are_not_followed(tmp_path: Path, trap: Running, way: str) -> None:
    with serving() as running:
        lures = {f"/loi-di-{n}.html": address for n, address in enumerate(filled(running, trap), 500)}
        listed_everywhere(running, [running.url + path for path in lures])
        for path, address in lures.items():
            if way == "redirect":
                answer: Response = Raw("", 302, {"Location": address.encode().decode("latin-1")})
            elif way == "meta refresh":
                answer = Response(f'<meta http-equiv="refresh" content="0; url={escape(address)}">')
            else:
                answer = Response(f'<link rel="canonical" href="{escape(address)}"><h1 class="caption">x</h1>')
            running.site.instead[path] = answer
        found = crawl(running, tmp_path)
        assert only_the_site(found, running), found["reached"]
        assert [path for path in running.site.asked if path.startswith("/loi-di-")]


@pytest.mark.parametrize("path", ["/robots.txt", "/goc-nhin", "/rss/goc-nhin", "/sitemap.xml"])
def test_listings_that_redirect_out_of_scope_are_not_followed(tmp_path: Path, trap: Running, path: str) -> None:
    with serving() as running:
        running.site.instead[path] = Raw("", 301, {"Location": trap.url + path})
        found = crawl(running, tmp_path)
        assert only_the_site(found, running)
        if path == "/robots.txt":
            assert set(running.site.asked) == {path}
            assert found["code"] == 1


def test_a_redirect_to_the_papers_own_host_is_followed_on_the_mirror(tmp_path: Path) -> None:
    with serving(specimens()[:6]) as running:
        target = running.site.section[0]
        running.site.instead["/cu-77.html"] = Raw("", 301, {"Location": target.url})
        listed_everywhere(running, ["https://hanoimoi.vn/cu-77.html"])
        found = crawl(running, tmp_path)
        assert only_the_site(found, running)
        assert running.site.asked[target.path] == 1
    assert "1 new" in found["said"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_scope_says_so_without_any_request(address: str) -> None:
    assert not in_scope(address.replace("{site}", "81").replace("{trap}", "82"), "http://127.0.0.1:80")


def test_what_is_in_scope_is() -> None:
    for own in (
        "https://hanoimoi.vn/x",
        "HTTP://WWW.HANOIMOI.COM.VN:80/x",
        "https://hanoimoi.vn:443/",
        " https://hanoimoi.vn",
    ):
        assert in_scope(own)
    assert in_scope("http://127.0.0.1:81/x", "http://127.0.0.1:81")
    assert article_address("http://www.hanoimoi.com.vn/TIN-TUC/Goc-nhin/592454/abc").id == -592454


def deflated(prefix: bytes) -> bytes:
    """A gigabyte of zeros: one flushed piece of a deflate stream, over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(PIECE) + packer.flush(zlib.Z_FULL_FLUSH)
    return prefix + piece * (GIGABYTE // len(PIECE))


def gzipped() -> bytes:
    return deflated(b"\x1f\x8b\x08" + bytes(6) + b"\xff")


def brotlied() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(bytes(packer.process(PIECE)) for _ in range(GIGABYTE // len(PIECE))) + bytes(packer.finish())


def zstded() -> bytes:
    return zstd.compress(PIECE) * (GIGABYTE // len(PIECE))


BOMBS = {"gzip": gzipped, "deflate": lambda: deflated(b"\x78\x9c"), "br": brotlied, "zstd": zstded}


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The memory of a crawl of three articles, in bytes."""
    with serving(specimens()[:3]) as running:
        return int(crawl(running, tmp_path_factory.mktemp("ordinary"))["memory"])


@pytest.mark.parametrize("where", ["article", "section"])
@pytest.mark.parametrize("encoding", BOMBS)
def test_a_decompression_bomb_goes_off_harmlessly(tmp_path: Path, ordinary: int, encoding: str, where: str) -> None:
    bomb = BOMBS[encoding]()
    assert len(bomb) < DOWNLOAD_MAXSIZE
    with serving(specimens()[:3]) as running:
        path = running.site.section[0].path if where == "article" else "/goc-nhin"
        running.site.instead[path] = Raw(bomb, 200, {"Content-Encoding": encoding, "Content-Type": "text/html"})
        found = crawl(running, tmp_path)
    assert found["memory"] - ordinary < MEMORY
    assert "Traceback" not in found["said"]
    assert "bytes" in found["said"] or "DOWNLOAD_MAXSIZE" in found["said"]


def million(item: str, before: str = "", after: str = "") -> bytes:
    return (before + item * 1_000_000 + after).encode()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/goc-nhin", lambda: million('<li pid="1"><h3><a href="/a-1.html">x</a></h3></li>')),
        ("/goc-nhin", lambda: million('<a href="/a-1.html">', before="channelId: 463")[: DOWNLOAD_MAXSIZE - 99]),
        ("/rss/goc-nhin", lambda: million("<item><link>/a-1.html</link></item>", "<rss><channel>", "</channel></rss>")),
        ("/sitemap.xml", lambda: million("<sitemap/>", "<sitemapindex>")[: DOWNLOAD_MAXSIZE - 99]),
        ("/rss/goc-nhin", lambda: b'<!DOCTYPE r [<!ENTITY a "' + b"b" * 99 + b'">' + b"".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">'.encode() for n in range(9)) + b"]><rss>&j;</rss>"),
        ("/rss/goc-nhin", lambda: b"<rss>" * 900_000),
        ("/api/getMoreArticle/channel_empty_{last}_463_0", lambda: b"[" * 4_000_000),
        ("/api/getMoreArticle/channel_empty_{last}_463_0", lambda: b"[" + b"{}," * 1_000_000 + b"{}]"),
    ],
    ids=["section", "links", "rss", "index", "entities", "depth", "json depth", "json"],
)  # fmt: skip
def test_listings_without_end_go_off_harmlessly(tmp_path: Path, ordinary: int, path: str, body: Any) -> None:
    with serving() as running:
        path = path.replace("{last}", str(running.site.section[14].id))
        running.site.instead[path] = Raw(body(), 200, {"Content-Type": "text/html"})
        found = crawl(running, tmp_path)
        assert running.site.asked[path]
    assert found["memory"] - ordinary < MEMORY
    assert "Traceback" not in found["said"]
