from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.crawls import Crawls
from crawler.archive.frontier import NO_VALIDATORS, Due, Frontier, Validators
from crawler.archive.waiting import LONGEST_WAIT, PATIENCE
from crawler.listings.listed import Listed, Mention, Source
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


def listed(number: int, title: str = "", at: datetime | None = None, path: str = "a") -> Listed:
    return Listed(Address(number, f"https://hanoimoi.vn/{path}-{number}.html"), title, at)


def want(frontier: Frontier, items: list[Listed], source: str = "", section: str = "") -> int:
    crawl = Crawls(frontier._db).begin(NOON)
    frontier.want(crawl, items, source, section)
    return crawl


def test_what_no_listing_named_has_no_section_and_no_address(frontier: Frontier) -> None:
    want(frontier, [listed(1)], section="goc-nhin")
    assert (frontier.section(1), frontier.url(1)) == ("goc-nhin", "https://hanoimoi.vn/a-1.html")
    assert (frontier.section(2), frontier.url(2)) == ("", "")


def test_a_section_once_named_is_kept_where_the_next_listing_names_none(frontier: Frontier) -> None:
    want(frontier, [listed(1)], section="goc-nhin")
    want(frontier, [listed(1)])
    assert frontier.section(1) == "goc-nhin"


def test_what_is_wanted_anew_is_asked_for_without_conditions(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    frontier.checked(1, NOON, Validators('"1"', "Fri, 05 Mar 2021 05:00:00 GMT"))
    address = Address(1, "https://hanoimoi.vn/a-1.html")
    frontier.recheck(7, NOON, None)
    assert frontier.take(7, 9) == [Due(address, Validators('"1"', "Fri, 05 Mar 2021 05:00:00 GMT"))]
    crawl = want(frontier, [listed(1)])
    assert frontier.take(crawl, 9) == [Due(address, NO_VALIDATORS)]


def test_a_walk_lands_on_the_day_after_if_it_can(frontier: Frontier) -> None:
    want(frontier, [listed(1, at=NOON), listed(2, at=NOON + DAY)], "section", "goc-nhin")
    for number in (1, 2):
        frontier.settle(number, "stored")
    assert frontier.landing(NOON.date(), "goc-nhin") == (2, NOON + DAY)
    assert frontier.landing(NOON.date(), "xa-hoi") is None


def test_what_moved_to_a_known_address_is_stored_there(frontier: Frontier) -> None:
    stored(frontier, -5, NOON, NOON)
    want(frontier, [listed(7, at=NOON)])
    frontier.moved(-5, Address(7, "https://hanoimoi.vn/a-7.html"))
    assert frontier.wanted() == 0
    frontier.checked(7, NOON)
    assert due(frontier, NOON + DAY) == [7]


def test_pages_in_quarantine_have_their_reasons_and_others_have_none(frontier: Frontier) -> None:
    want(frontier, [listed(1), listed(2), listed(3)])
    frontier.quarantine(1, page(NOON), "no date")
    frontier.quarantine(2, page(NOON), "of another section", "elsewhere")
    assert frontier.quarantined() == {page().url: "no date"}
    assert [number for number, _ in frontier.kept_pages()] == [1, 2]
    frontier.settle(1, "stored")
    assert frontier.quarantined() == {}


def test_changes_in_a_row_are_counted(frontier: Frontier) -> None:
    assert frontier.changes(1) == 0
    want(frontier, [listed(1)])
    for changed, count in ((True, 1), (True, 2), (False, 0), (True, 1)):
        frontier.steady(1, changed)
        assert frontier.changes(1) == count


def test_what_a_listing_said_first_is_remembered(frontier: Frontier) -> None:
    want(frontier, [listed(1, "Tít", NOON)], Source.SECTION)
    want(frontier, [listed(2, "Tít")], Source.RSS)
    frontier.want(want(frontier, []), [listed(3, "Tít", NOON)])
    assert frontier.mention(1) == Mention(Source.SECTION, "Tít", NOON)
    assert frontier.mention(2) == Mention(Source.RSS, "Tít", None)
    assert frontier.mention(3) is None
    assert frontier.mention(4) is None


def test_a_known_article_listed_under_another_address_is_asked_for_there(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    stored(frontier, 2, NOON, NOON)
    assert frontier.relisted(9, [listed(1), listed(2, path="b"), listed(3)], "goc-nhin") == 1
    assert frontier.take(9, 9) == [Due(Address(2, "https://hanoimoi.vn/b-2.html"), NO_VALIDATORS)]
    assert frontier.section(2) == "goc-nhin"


def test_each_that_moved_is_counted_and_one_that_is_waited_for_is_not(frontier: Frontier) -> None:
    stored(frontier, 1, NOON, NOON)
    stored(frontier, 2, NOON, NOON)
    want(frontier, [listed(3)])
    moved = [listed(number, path="b") for number in (4, 1, 3, 2)]
    assert frontier.relisted(9, moved, "goc-nhin") == 2


def test_what_was_put_aside_is_asked_for_once_another_section_lists_it(frontier: Frontier) -> None:
    want(frontier, [listed(1), listed(2)], section="xa-hoi")
    frontier.settle(1, "elsewhere")
    assert frontier.relisted(9, [listed(1)], "xa-hoi") == 0
    assert frontier.relisted(9, [listed(1), listed(2)], "goc-nhin") == 1
    assert frontier.section(1) == "goc-nhin"
    assert [one.address.id for one in frontier.take(9, 9)] == [1]


def test_a_title_that_a_listing_changed_is_the_new_one(frontier: Frontier) -> None:
    want(frontier, [listed(1, "Tít")], Source.SECTION)
    frontier.settle(1, "stored")
    for told, kept in (("", "Tít"), ("Tít mới", "Tít mới"), ("Tít mới", "Tít mới")):
        assert frontier.relisted(9, [listed(1, told)], "goc-nhin") == 0
        assert frontier.mention(1) == Mention(Source.SECTION, kept, None)
