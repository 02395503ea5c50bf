"""What tests share: the product's commands as a user runs them, and articles made in a line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from crawler.archive.archive import Archive
from crawler.archive.warc import RawPage
from crawler.article import Article
from crawler.dates import HANOI
from indexer.engines.choice import store
from indexer.engines.protocol import Engine
from indexer.index.build import build
from indexer.index.reader import Reader
from tests import forkserver

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
"""What the measuring side provides; tests that need it skip without it."""
NOON = datetime(2021, 3, 5, 12, tzinfo=HANOI)


def run(*arguments: str | Path, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `goc-nhin` in a process of its own, with no variable of ours set but these."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GOC_NHIN_")}
    return forkserver.run("search_app", [*map(str, arguments)], {**clean, **environment}, timeout)


def missing(program: str) -> NoReturn:
    """Skip a test that needs a program; `.ci/run`, which installs them, makes its absence a failure."""
    if os.environ.get("GOC_NHIN_REQUIRE_PROGRAMS"):
        pytest.fail(f"{program} is not installed")
    pytest.skip(f"{program} is not installed")


def article(number: int = 1, text: str = "Một đoạn văn mẫu.", **fields: Any) -> Article:
    """An article with an address that fits its id."""
    given: dict[str, Any] = {
        "title": f"Bài mẫu số {number}",
        "url": f"https://hanoimoi.vn/bai-mau-{number}.html",
        "published_at": NOON + timedelta(minutes=number),
        **fields,
    }
    return Article(id=number, text=text, **given)


def page(captured_at: datetime = NOON, body: bytes = b"<p>trang</p>") -> RawPage:
    """A raw page."""
    return RawPage("https://hanoimoi.vn/bai-mau-1.html", captured_at, body, (("Content-Type", "text/html"),))


def answering(data: Path, articles: Iterable[Article]) -> Engine:
    """An engine over a new index of these articles; over a node's where the tests are run on one."""
    with Archive.open(data) as archive:
        for one in articles:
            archive.put(one, page())
        store(data).build(archive)
    return store(data).opened()


def indexed(data: Path, articles: Iterable[Article]) -> Reader:
    """A reader over a new index of these articles."""
    with Archive.open(data) as archive:
        for one in articles:
            archive.put(one, page())
        build(data, archive)
    return Reader.open(data)
