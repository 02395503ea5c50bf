from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from crawler.dates import HANOI
from crawler.errors import GocNhinError
from crawler.listings.listed import Listed
from crawler.listings.plan import FIRST_TIME, LOOK_BACK, Options, Plan
from crawler.urls import Address

TODAY = datetime(2021, 6, 1, 8, tzinfo=HANOI)


def listed(*days_ago: int | None) -> list[Listed]:
    return [
        Listed(Address(place + 1, ""), published_at=None if days is None else TODAY - timedelta(days))
        for place, days in enumerate(days_ago)
    ]


NO_WISHES = Options()


def plan(options: Options = NO_WISHES, baseline: datetime | None = None, known: tuple[int, ...] = ()) -> Plan:
    return Plan(options, baseline, known.__contains__)


def test_the_first_time_takes_the_newest() -> None:
    first = plan()
    assert len(first.choose(listed(*range(FIRST_TIME + 50)))) == FIRST_TIME
    assert not first.goes_on(listed(1))


def test_a_full_walk_has_no_end_of_its_own() -> None:
    full = plan(Options(full=True), baseline=TODAY)
    assert len(full.choose(listed(*range(1000)))) == 1000
    assert full.goes_on(listed(9999))


def test_later_runs_stop_where_the_last_one_began() -> None:
    later = plan(baseline=TODAY - timedelta(3), known=(3,))
    chosen = later.choose(listed(0, 1, 2, 5, 3 + LOOK_BACK.days + 1))
    assert [item.address.id for item in chosen] == [1, 2, 4]
    assert later.goes_on(listed(5))
    assert not later.goes_on(listed(3 + LOOK_BACK.days + 1))


def test_since_and_until_are_included() -> None:
    days = plan(Options(since=date(2021, 5, 30), until=date(2021, 5, 31)))
    assert [item.address.id for item in days.choose(listed(0, 1, 2, 3))] == [2, 3]
    assert not days.goes_on(listed(3))


def test_an_article_listed_without_a_time_is_asked_for() -> None:
    assert len(plan(baseline=TODAY).choose(listed(None))) == 1


def test_a_limit_counts_what_is_asked_for() -> None:
    limited = plan(Options(limit=2), known=(1,))
    assert [item.address.id for item in limited.choose(listed(0, 0, 0, 0))] == [2, 3]
    assert limited.is_full()


def test_the_newest_listed_time_is_noticed_whatever_is_chosen() -> None:
    seen = plan(known=(1, 2))
    seen.choose(listed(4, 2))
    assert seen.newest == TODAY - timedelta(2)


def test_dates_the_wrong_way_round() -> None:
    with pytest.raises(GocNhinError, match="swap them"):
        Options(since=date(2021, 2, 1), until=date(2021, 1, 1))


def test_what_earlier_runs_owe_counts_towards_the_limit() -> None:
    some = plan(Options(limit=3))
    some.asked = 2
    assert (some.room(), len(some.choose(listed(1, 2))), some.room()) == (1, 1, 0)
    assert plan(baseline=TODAY).room() is None


def test_a_listing_without_times_ends_where_everything_is_known() -> None:
    later = plan(baseline=TODAY, known=(2, 4))
    assert later.goes_on(listed(None, None)) is True
    assert plan(baseline=TODAY, known=tuple(range(9))).goes_on(listed(None, None)) is False


def test_an_older_piece_pinned_to_the_end_is_not_the_end() -> None:
    later = plan(baseline=TODAY)
    assert later.goes_on(listed(1, 2, 3, 900))
    assert not later.goes_on(listed(1, 2, 3, 900, 901, 902))
