"""A crawl of many articles of which one answer in four fails, and a crawl after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.archive.archive import Archive
from tests.helpers import run
from tests.replica.faults import Faults
from tests.replica.pieces import many
from tests.replica.site import Running, serving

REQUESTS_AN_ARTICLE = 1.5
MORE = 40
"""Requests that a crawl of whatever size may need besides: robots.txt, listings, sitemaps, each tried again."""
SECOND_SHARE = 0.02
LOOKS = 3
"""What a crawl asks for at least: robots.txt, the section page, RSS."""


def crawl(running: Running, data: Path, *options: str) -> dict[str, Any]:
    """The report of a crawl, its exit code added."""
    report = data.parent / f"{data.name}.json"
    done = run(
        "crawl", "--site", running.url, "--delay", "0", "--data", data, "--report", report, *options, timeout=900
    )
    return {**json.loads(report.read_text("utf-8")), "code": done.returncode}


def lost(running: Running, data: Path) -> Iterator[str]:
    """What the archive lacks, has wrongly or should not have."""
    expected = {-(p.legacy_id or 0) if p.layout == "legacy" else p.id: p.text for p in running.site.section}
    with Archive.open(data, create=False) as archive:
        found = {article.id: article.text for article in archive.current(archive.ids())}
    for what, numbers in (
        ("missing", expected.keys() - found.keys()),
        ("of another section", found.keys() - expected.keys()),
        ("with another text", {n for n in expected.keys() & found.keys() if expected[n] != found[n]}),
    ):
        if numbers:
            yield f"{len(numbers)} {what}, such as {min(numbers)}"


def full_of_faults(data: Path, articles: int) -> Iterator[str]:
    """403=20%, 503=5%, bodies cut short 2%."""
    faults = Faults(refused=0.2, unavailable=0.05, truncated=0.02, retry_after=0, seed=1)
    with serving(many(articles), faults) as running:
        told = crawl(running, data, "--full")
        yield from lost(running, data)
    share = told["requests"] / articles
    print(f"     {told['new']} articles, {share:.2f} requests an article, {told['seconds']:.0f} s, {told['statuses']}")
    if told["code"] != 0 or told["requests"] > REQUESTS_AN_ARTICLE * articles + MORE:
        yield f"code {told['code']}, {share:.2f} requests an article"


def quiet_second(data: Path, articles: int) -> Iterator[str]:
    """After a finished crawl, one of the same site."""
    with serving(many(articles)) as running:
        first = crawl(running, data.parent / "first", "--full")
        running.site.bodies = 0
        second = crawl(running, data.parent / "first")
        print(f"     {first['requests']} requests, then {second['requests']}; {running.site.bodies} bodies")
        if running.site.bodies or second["requests"] > SECOND_SHARE * first["requests"] + LOOKS:
            yield f"{second['requests']} requests, {running.site.bodies} bodies"
