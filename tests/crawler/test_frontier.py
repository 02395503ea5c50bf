from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.frontier import Frontier, Validators
from crawler.listing import Listed
from crawler.urls import Address
from tests.helpers import NOON

DAY = timedelta(1)


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Frontier]:
    with Archive.open(tmp_path) as archive:
        yield Frontier(archive)


def stored(frontier: Frontier, number: int, published: datetime, checked: datetime) -> None:
    frontier.want(
        frontier.begin(NOON), [Listed(Address(number, f"https://hanoimoi.vn/a-{number}.html"), "", published)]
    )
    frontier.settle(number, "stored")
    frontier.checked(number, checked, Validators(f'"{number}"', None))


def due(frontier: Frontier, now: datetime, most: int | None = 50) -> list[int]:
    return [recheck.address.id for recheck in frontier.rechecks(now, most)]


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
    assert frontier.rechecks(NOON, None)[0].validators == Validators('"1"', None)


def test_what_is_not_stored_is_not_rechecked(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    frontier.settle(1, "gone")
    frontier.want(frontier.begin(NOON), [Listed(Address(2, "https://hanoimoi.vn/a-2.html"))])
    assert due(frontier, NOON + 999 * DAY, None) == []
    assert [item.address.id for item in frontier.wanted()] == [2]


def test_only_a_finished_crawl_is_a_baseline(frontier: Frontier) -> None:
    first = frontier.begin(NOON)
    assert frontier.baseline() is None
    frontier.finish(first, NOON + DAY, NOON)
    frontier.finish(frontier.begin(NOON), NOON + 2 * DAY, None)
    frontier.begin(NOON + 3 * DAY)
    assert frontier.baseline() == NOON
    last = frontier.last()
    assert last is not None
    assert last.finished_at is None
