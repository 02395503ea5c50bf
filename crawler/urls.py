"""Addresses: what an article's is, which id it names, and where to fetch it. No I/O."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from crawler.characters import well_formed
from crawler.errors import OutOfScope

PAPER = "https://hanoimoi.vn"
"""Every article's own origin, wherever it was fetched from."""
LEGACY = "http://hanoimoi.com.vn"
SITEMAP_PATH = "/sitemap.xml"
HOSTS = frozenset({"hanoimoi.vn", "www.hanoimoi.vn", "hanoimoi.com.vn", "www.hanoimoi.com.vn"})

_PORTS = {"http": 80, "https": 443}
_ARTICLE = re.compile(r"/[^/]+-(\d{1,12})\.html")
_LEGACY_ARTICLE = re.compile(r"/(?:tin-tuc/(?:[^/]*[^/\d][^/]*/)+|vn/\d{1,4}/)(\d{1,12})(?:/[^/]*)?/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """An article's id (negative for a legacy number) and its canonical address."""

    id: int
    url: str


def article_address(url: str, site: str = PAPER) -> Address:
    """The article that `url` names, on the paper's hosts or on `site`. Raises OutOfScope.

    The answer is always at the paper's own origin, so that a crawl of a mirror makes the same articles.
    """
    parts = _split(url)
    if not in_scope(url, site):
        raise OutOfScope(f"{url[:200]} is not at {site if site == PAPER else f'{site} or {PAPER}'}")
    for pattern, origin, sign in ((_ARTICLE, PAPER, 1), (_LEGACY_ARTICLE, LEGACY, -1)):
        if (found := pattern.fullmatch(parts.path)) and int(found[1]):
            return Address(sign * int(found[1]), origin + parts.path)
    raise OutOfScope(f"{url[:200]} is not the address of an article")


def parse_site(text: str) -> str:
    """The origin `scheme://host[:port]` of a site's address. Raises OutOfScope."""
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise OutOfScope(f"“{text[:200]}” is no site: write it like {PAPER}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise OutOfScope(f"“{text[:200]}” is more than a site: leave out what follows the host")
    return f"{parts.scheme}://{parts.netloc}"


def fetch_url(url: str, site: str = PAPER) -> str:
    """Where to fetch an address of the paper's: there, or the same path on a mirror. Others stay as they are."""
    parts = _split(url)
    if _split(site).hostname in HOSTS or parts.hostname not in HOSTS:
        return url
    return site + parts.path + (f"?{parts.query}" if parts.query else "")


def is_loopback(site: str) -> bool:
    """Whether the site is on this machine, where no one's server needs sparing."""
    host = _split(site).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def absolute(href: str, site: str = PAPER) -> str:
    """A link of one of the site's pages as an address: a path is the site's own."""
    return site + href if href.startswith("/") and not href.startswith("//") else href


def in_scope(url: str, site: str = PAPER) -> bool:
    """Whether `url` is at the paper's own hosts or at `site`: that scheme, host and port, and no user name."""
    try:
        parts = _split(url)
    except OutOfScope:
        return False
    if parts.scheme not in _PORTS or "@" in parts.netloc or not parts.netloc.isascii():
        return False
    origin = _origin(parts)
    return origin == _origin(_split(site)) or (origin[1] in HOSTS and origin[2] == _PORTS[parts.scheme])


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    port = parts.port if parts.port is not None else _PORTS.get(parts.scheme)
    return parts.scheme, parts.hostname, port


def _split(url: str) -> SplitResult:
    try:
        url.encode()  # half a surrogate pair, which JSON can hold, is no part of an address
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        raise OutOfScope(f"“{well_formed(url[:200])}” is no address") from None
    return parts
