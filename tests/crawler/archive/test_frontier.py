from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.crawls import Crawls
from crawler.archive.frontier import Frontier, Validators
from crawler.archive.waiting import LONGEST_WAIT, PATIENCE
from crawler.listings.section import Listed
from crawler.urls import Address
from tests.helpers import NOON, page

DAY = timedelta(1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def frontier(archive: Archive) -> Frontier:
    return archive.frontier


def stored(frontier: Frontier, number: int, published: datetime, checked: datetime) -> None:
    frontier.want(
        Crawls(frontier._db).begin(NOON),
        [Listed(Address(number, f"https://hanoimoi.vn/a-{number}.html"), "", published)],
    )
    frontier.settle(number, "stored")
    frontier.checked(number, checked, Validators(f'"{number}"', None))


def due(frontier: Frontier, now: datetime, most: int | None = 50) -> list[int]:
    crawl = Crawls(frontier._db).begin(now)
    count = frontier.recheck(crawl, now, most)
    taken = frontier.take(crawl, 99)
    assert len(taken) == count
    return sorted(one.address.id for one in taken)


def test_the_young_are_asked_for_often_and_the_old_seldom(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    stored(frontier, 2, NOON - 100 * DAY, NOON)
    assert due(frontier, NOON) == []
    assert due(frontier, NOON + timedelta(minutes=61)) == [1]
    assert due(frontier, NOON + 11 * DAY) == [1]
    assert due(frontier, NOON + 12 * DAY) == [1, 2]


def test_a_full_run_asks_for_all_and_an_ordinary_one_for_the_most_overdue(frontier: Frontier) -> None:
    for number in range(1, 6):
        stored(frontier, number, NOON, NOON + number * timedelta(minutes=1))
    assert due(frontier, NOON, None) == [1, 2, 3, 4, 5]
    assert due(frontier, NOON + DAY, 2) == [1, 2]


def test_an_unchanged_page_keeps_its_validators_and_its_turn_is_over(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    frontier.checked(1, NOON + DAY)
    assert due(frontier, NOON + DAY) == []
    frontier.recheck(7, NOON, None)
    assert frontier.take(7, 1)[0].validators == Validators('"1"', None)


def test_what_is_not_stored_is_not_rechecked(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    frontier.settle(1, "elsewhere")
    frontier.want(Crawls(frontier._db).begin(NOON), [Listed(Address(2, "https://hanoimoi.vn/a-2.html"))])
    assert due(frontier, NOON + 999 * DAY, None) == []
    assert frontier.wanted() == 1


def test_what_failed_too_often_is_let_wait_ever_longer(frontier: Frontier) -> None:
    crawl, now, asked = Crawls(frontier._db).begin(NOON), NOON, 0
    frontier.want(crawl, [Listed(Address(1, "https://hanoimoi.vn/a-1.html"))])
    while now < NOON + 10 * DAY:
        now += timedelta(minutes=30)
        if frontier.resume(crawl, now):
            asked += 1
            assert [one.address.id for one in frontier.take(crawl, 9)] == [1]
            frontier.missed(1, now)
    assert PATIENCE < asked < 20
    assert frontier.waits(crawl, 1, now)
    assert frontier.resume(crawl, now + LONGEST_WAIT) == 1


def test_a_list_is_taken_in_parts_the_new_before_the_archived(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    crawl = Crawls(frontier._db).begin(NOON)
    frontier.recheck(crawl, NOON + DAY, None)
    frontier.want(crawl, [Listed(Address(n, f"https://hanoimoi.vn/a-{n}.html"), "", NOON - n * DAY) for n in (2, 3, 4)])
    assert frontier.waits(crawl, 2, NOON)
    taken = [[one.address.id for one in frontier.take(crawl, 2)] for _ in range(3)]
    assert taken == [[2, 3], [4, 1], []]
    assert not frontier.waits(crawl, 2, NOON)


def test_only_what_was_asked_for_is_resumed(frontier: Frontier) -> None:
    crawl = Crawls(frontier._db).begin(NOON)
    listed = [Listed(Address(n, f"https://hanoimoi.vn/a-{n}.html"), "", NOON + n * DAY) for n in range(5)]
    frontier.want(crawl, [*listed, Listed(Address(9, "https://hanoimoi.vn/a-9.html"))])
    day = NOON.date()
    assert frontier.resume(crawl + 1, NOON, day + DAY, day + 2 * DAY) == 3
    assert [one.address.id for one in frontier.take(crawl + 1, 9)] == [2, 1, 9]
    assert frontier.resume(crawl + 2, NOON, most=2) == 2


def test_a_walk_can_land_on_the_article_after_the_days_asked_for(frontier: Frontier) -> None:
    crawl = Crawls(frontier._db).begin(NOON)
    listed = [Listed(Address(n, f"https://hanoimoi.vn/a-{n}.html"), "", NOON + n * DAY) for n in range(1, 6)]
    frontier.want(crawl, listed, "section", "goc-nhin")
    for number in (1, 2, 4, 5):
        frontier.settle(number, "stored")
    assert frontier.landing((NOON + 2 * DAY).date(), "goc-nhin") == (4, NOON + 4 * DAY)
    assert frontier.landing((NOON + 5 * DAY).date(), "goc-nhin") is None


def test_what_is_gone_and_still_listed_is_asked_for_again_after_a_day(frontier: Frontier) -> None:
    crawl = Crawls(frontier._db).begin(NOON)
    item = Listed(Address(1, "https://hanoimoi.vn/a-1.html"))
    frontier.want(crawl, [item])
    frontier.gone(1, NOON)
    assert frontier.known(1, NOON + DAY / 2)
    assert not frontier.known(1, NOON + 2 * DAY)
    frontier.want(crawl, [item])
    assert frontier.wanted() == 1


def test_what_was_archived_before_it_was_taken_down_may_be_back(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    frontier.gone(1, NOON + DAY)
    assert due(frontier, NOON + DAY + timedelta(minutes=1)) == []
    assert due(frontier, NOON + 2 * DAY) == [1]


def test_an_article_that_moved_is_asked_for_at_its_new_address_alone(frontier: Frontier) -> None:
    stored(frontier, -5, NOON, NOON)
    frontier.moved(-5, Address(7, "https://hanoimoi.vn/a-7.html"))
    frontier.checked(7, NOON, Validators('"7"', None))
    frontier.recheck(9, NOON + DAY, None)
    assert [(one.address.id, one.validators.etag) for one in frontier.take(9, 9)] == [(7, '"7"')]


def test_what_is_in_quarantine_is_asked_for_again_and_is_news_once(archive: Archive, frontier: Frontier) -> None:
    crawl = Crawls(frontier._db).begin(NOON)
    frontier.want(crawl, [Listed(Address(1, "https://hanoimoi.vn/a-1.html"), "", NOON)])
    assert frontier.quarantine(1, page(NOON), "no date")
    assert not frontier.quarantine(1, page(NOON), "no date")
    assert len(archive.pages.rows()) == 1
    assert frontier.quarantine(1, page(NOON), "no text")
    assert due(frontier, NOON + timedelta(minutes=61)) == [1]
    assert frontier.known(1, NOON)
