"""Feeds → the articles they name: RSS and sitemaps. Pure; XML is read without DTDs, so without entities of its own."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.parsers import expat

from crawler.errors import BadDate, BadListing, OutOfScope
from crawler.listings.listed import Listed
from crawler.listings.section import moment
from crawler.markup.body import clean
from crawler.periods import Period, parse_period
from crawler.urls import PAPER, article_address, in_scope

MOST_LISTED = 50_000
"""Addresses that one sitemap may hold (sitemaps.org, protocol)."""
MOST_IN_RSS = 1_000
DEEPEST = 20
"""Elements within each other."""
LONGEST_TEXT = 10_000
"""Characters of one element that are looked at."""
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{1,40})[\"']")
LARGEST = 20_000_000
"""Bytes of a feed once it is unpacked."""
_DAY_OR_MONTH = re.compile(r"/sitemap-article-(\d{4}-\d{2}(?:-\d{2})?)\.xml(?:\.gz)?")


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap of a day's or a month's articles: its path on the site, and the days."""

    path: str
    days: Period


def read_rss(body: bytes, site: str = PAPER) -> tuple[Listed, ...]:
    """The articles of an RSS 2.0 channel, in its order. Raises BadListing when it is none."""
    return _unique(
        listed
        for item in _records(body, "rss", "item", MOST_IN_RSS)
        if (listed := _listed((item.get("link"), item.get("guid")), site, item.get("title", ""), item.get("pubDate")))
    )


def read_sitemap_index(body: bytes, site: str = PAPER) -> tuple[Child, ...]:
    """The sitemaps of single days or months, the newest first. Raises BadListing when it is no sitemap index."""
    children = {}
    for record in _records(body, "sitemapindex", "sitemap"):
        location = record.get("loc", "").strip()
        found = _DAY_OR_MONTH.fullmatch(urlsplit(location).path) if in_scope(location, site) else None
        if found:
            try:
                children[found[0]] = Child(found[0], parse_period(found[1]))
            except BadDate:
                continue
    return tuple(sorted(children.values(), key=lambda child: child.days.last, reverse=True))


def read_sitemap(body: bytes, site: str = PAPER) -> tuple[Listed, ...]:
    """The articles of a sitemap, of every section, in its order. Raises BadListing when it is none."""
    return _unique(
        listed
        for record in _records(body, "urlset", "url")
        if (listed := _listed((record.get("loc"),), site, "", record.get("lastmod")))
    )


def _listed(locations: tuple[str | None, ...], site: str, title: str, time: str | None) -> Listed | None:
    for location in locations:
        try:
            return Listed(article_address(location or "", site), clean(title), moment([time]))
        except OutOfScope:
            continue
    return None


def _unique(found: Iterator[Listed]) -> tuple[Listed, ...]:
    return tuple({listed.address.id: listed for listed in found}.values())


def _records(body: bytes, root: str, element: str, most: int = MOST_LISTED) -> list[dict[str, str]]:
    """The texts of each `element`'s children by their local names."""
    body = _unpacked(body, root)
    reader = _Reader(root, element, most)
    parser = expat.ParserCreate(_encoding(body))
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body.lstrip(), True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter for encodings
        raise BadListing(f"not the XML of a {root}: {error}") from None
    return reader.records


def _unpacked(body: bytes, root: str) -> bytes:
    """The feed, unpacked if it is gzip, whatever its name."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, LARGEST + 1)
    except zlib.error as error:
        raise BadListing(f"not the gzip of a {root}: {error}") from None
    if len(unpacked) > LARGEST:
        raise BadListing(f"a {root} of more than {LARGEST} bytes")
    return unpacked


def _encoding(body: bytes) -> str | None:
    """UTF-8 where the bytes are that and another encoding is declared; else None, for what the feed says itself."""
    declared = _DECLARED.match(body.lstrip())
    try:
        body.decode("utf-8")
        codecs.lookup(declared[1].decode("ascii")) if declared else None
    except (UnicodeDecodeError, LookupError):
        return None
    return "utf-8" if declared and b"\0" not in body[:100] else None


class _Reader:
    """Expat's handlers."""

    def __init__(self, root: str, element: str, most: int) -> None:
        self.root, self.element, self.most = root, element, most
        self.records: list[dict[str, str]] = []
        self._open: list[str] = []
        self._record: dict[str, str] | None = None

    def doctype(self, *_: Any) -> None:
        raise BadListing("a DTD, which could define entities, is not read")

    def start(self, name: str, _: dict[str, str]) -> None:
        name = name.split(":")[-1]
        if not self._open and name != self.root:
            raise BadListing(f"a {name[:40]} where a {self.root} should be")
        if len(self._open) == DEEPEST:
            raise BadListing(f"elements within each other more than {DEEPEST} times")
        self._open.append(name)
        if name == self.element and self._record is None:
            if len(self.records) == self.most:
                raise BadListing(f"more than {self.most} addresses")
            self._record = {}
            self.records.append(self._record)
            self._depth = len(self._open)

    def end(self, _: str) -> None:
        if self._record is not None and len(self._open) == self._depth:
            self._record = None
        self._open.pop()

    def text(self, text: str) -> None:
        if self._record is not None and len(self._open) == self._depth + 1:
            known = self._record.get(self._open[-1], "")
            self._record[self._open[-1]] = (known + text)[:LONGEST_TEXT]
