"""How a site says no, and what answers are worth asking for again. Pure."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.reading.page import is_whole

NO_ROBOTS = (404, 410)
"""Answers that mean a site has no rules (RFC 9309, 2.3.1.3); any other failure means its rules are not known."""
REFUSED = (401, 403, 429, 451)
LONGEST_REFUSAL = 50_000
"""Bytes; an article's page is longer and never entitled so."""
BACKOFF = 5
"""The first wait before trying again, in delays between requests; doubled each time, and up to half as much more."""
LONGEST_BACKOFF = 120.0
"""Seconds."""
_REFUSAL = re.compile(
    rb"<title>\s*(?:access denied|just a moment|attention required|403 forbidden|request (?:unsuccessful|rejected))",
    re.IGNORECASE,
)


def is_refusal(body: bytes) -> bool:
    """Whether a protection layer's page came in the place of what was asked for, whatever its status."""
    return len(body) <= LONGEST_REFUSAL and _REFUSAL.search(body[:4000]) is not None


def is_cut_short(body: bytes) -> bool:
    """Whether a page that begins as HTML does not end so: servers and proxies break off without saying."""
    return b"<html" in body[:2000].lower() and not is_whole(body)


def are_rules(status: int, body: bytes) -> bool:
    """Whether an answer to robots.txt is rules: a refusal page may come in their place, with status 200 too.

    What holds NUL is no text in UTF-8, as rules are (RFC 9309, 2.3), and would be read as if it allowed everything.
    """
    if status in NO_ROBOTS:
        return True
    return status == 200 and b"\0" not in body and not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def retry_after(header: bytes | None) -> float | None:
    """Seconds that a Retry-After header asks to wait; None where it does not say (RFC 9110, 10.2.3)."""
    text = (header or b"").decode("latin-1").strip()
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def backoff(times: int, delay: float) -> float:
    """Seconds to wait before asking for the `times`th time again, where requests are `delay` seconds apart."""
    wait = delay * BACKOFF * 2.0 ** (times - 1)
    return min(LONGEST_BACKOFF, wait) * random.uniform(1, 1.5)  # noqa: S311 - no secret
