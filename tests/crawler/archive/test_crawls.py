from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.crawls import Crawls, Walked
from crawler.runs.coverage import HISTORY, Coverage
from tests.helpers import NOON

DAY = timedelta(1)


@pytest.fixture
def crawls(tmp_path: Path) -> Iterator[Crawls]:
    with Archive.open(tmp_path) as archive:
        yield archive.crawls


def test_only_a_finished_crawl_is_a_baseline(crawls: Crawls) -> None:
    first = crawls.begin(NOON)
    assert crawls.baseline("goc-nhin", NOON + DAY) is None
    crawls.finish(first, NOON + DAY, {"goc-nhin": NOON, "moi-ngay-mot-chuyen": NOON - DAY})
    crawls.finish(crawls.begin(NOON), NOON + 2 * DAY, {})
    crawls.begin(NOON + 3 * DAY)
    assert crawls.baseline("goc-nhin", NOON + DAY) == NOON
    assert crawls.baseline("moi-ngay-mot-chuyen", NOON + DAY) == NOON - DAY
    last = crawls.last()
    assert last is not None
    assert last.finished_at is None


def test_a_baseline_in_the_future_is_none(crawls: Crawls) -> None:
    crawls.finish(crawls.begin(NOON), NOON, {"goc-nhin": NOON})
    crawls.finish(crawls.begin(NOON), NOON, {"goc-nhin": NOON + 3650 * DAY})
    assert crawls.baseline("goc-nhin", NOON + DAY) == NOON


def test_a_walk_is_remembered_until_it_is_finished(crawls: Crawls) -> None:
    assert crawls.walked("full", "goc-nhin") is None
    for days in (1, 2):
        walked = Walked(NOON, NOON - days * DAY, 7)
        crawls.keep_walk("full", "goc-nhin", walked)
        assert crawls.walked("full", "goc-nhin") == walked
    crawls.keep_walk("full", "goc-nhin", None)
    assert crawls.walked("full", "goc-nhin") is None


def test_the_history_is_of_the_last_days_and_the_newest_comes_first(crawls: Crawls) -> None:
    for days, pages in ((40, 1), (20, 2), (10, 3)):
        coverage = Coverage()
        for _ in range(pages):
            coverage.agree("classic", {"authors": True})
        crawls.keep_report(crawls.begin(NOON - days * DAY), {"coverage": coverage.to_dict()})
    crawls.begin(NOON)
    assert [one.pages["classic", "authors"] for one in crawls.history(NOON)] == [3, 2]
    assert HISTORY == 30 * DAY
