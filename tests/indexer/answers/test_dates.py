"""Both ends of a span of dates are part of it, by the days of Hanoi."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import HANOI
from indexer.engines.protocol import Engine
from indexer.query.parameters import SearchRequest
from tests.helpers import answering, article

FIRST, LAST = date(2000, 1, 1), date(2040, 12, 31)
ARTICLES = 300
EDGES = (timedelta(0), timedelta(seconds=1), timedelta(hours=7), timedelta(hours=17), timedelta(days=1, seconds=-1))
"""Moments of a day near which a day could be taken for its neighbour: in Hanoi it begins at 17:00 of the day before."""


def moments() -> dict[int, datetime]:
    """By id, when each article was published; every tenth day twice, at its first and its last second."""
    chance, found = random.Random(0), dict[int, datetime]()
    for number in range(1, ARTICLES + 1):
        day = FIRST + timedelta(chance.randrange((LAST - FIRST).days + 1))
        found[number] = datetime(day.year, day.month, day.day, tzinfo=HANOI) + chance.choice(EDGES)
    return found


MOMENTS = moments()
DAYS = {number: moment.astimezone(UTC).astimezone(HANOI).date() for number, moment in MOMENTS.items()}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    articles = [article(number, published_at=moment) for number, moment in MOMENTS.items()]
    return answering(tmp_path_factory.mktemp("dates"), articles)


def some_days() -> st.SearchStrategy[date]:
    """Any day, and often one on which something was published, or its neighbour."""
    near = st.builds(lambda day, by: day + timedelta(by), st.sampled_from(list(DAYS.values())), st.integers(-1, 1))
    return st.one_of(near, st.dates(FIRST, LAST))


@given(some_days(), some_days())
def test_a_span_holds_both_its_ends(engine: Engine, one: date, other: date) -> None:
    since, until = sorted((one, other))
    expected = {number for number, day in DAYS.items() if since <= day <= until}
    assert set(engine.search(SearchRequest(since=since, until=until)).ids()) == expected
    assert set(engine.search(SearchRequest(f"date:{since}..{until}")).ids()) == expected


@given(some_days())
def test_a_day_a_month_and_a_year(engine: Engine, day: date) -> None:
    for written, same in (
        (f"{day}", lambda other: other == day),
        (f"{day:%Y-%m}", lambda other: (other.year, other.month) == (day.year, day.month)),
        (f"{day.year}", lambda other: other.year == day.year),
    ):
        expected = {number for number, other in DAYS.items() if same(other)}
        assert set(engine.search(SearchRequest(f"date:{written}")).ids()) == expected
    found = engine.search(SearchRequest(years=(str(day.year),))).ids()
    assert set(found) == {number for number, other in DAYS.items() if other.year == day.year}
