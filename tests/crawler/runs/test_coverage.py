from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Incomplete
from crawler.listings.listed import Mention
from crawler.reading.page import Reading
from crawler.runs.coverage import FLOOR_FROM, Coverage, compare, fallen
from tests.helpers import article


def run(pages: int, with_authors: int, layout: str = "classic") -> Coverage:
    coverage = Coverage()
    for number in range(pages):
        authors = ("An",) if number < with_authors else ()
        coverage.observe(Reading(article(number + 1, layout=layout, authors=authors), {"authors": ".a"}, {}))
    return coverage


def test_a_field_that_vanishes_is_named_with_its_layout() -> None:
    (line,) = fallen(run(4, 0), [run(30, 29)])
    assert line == "classic: authors on 0 of 4 pages, before on 29 of 30"


def test_a_field_that_was_never_there_is_not_missed() -> None:
    assert fallen(run(50, 0), [run(300, 0)]) == []
    assert fallen(run(50, 0), []) == []


def test_chance_is_no_fall() -> None:
    assert fallen(run(1, 0), [run(30, 29)]) == []
    assert fallen(run(10, 5), [run(30, 20)]) == []
    assert fallen(run(1000, 950), [run(1000, 1000)]) == []


def test_runs_of_one_article_add_up() -> None:
    history = [run(40, 40)]
    while not fallen(history[0], history[1:]):
        history.insert(0, run(1, 0))
    assert len(history) <= 4


def test_layouts_are_told_apart() -> None:
    past = run(30, 30) + run(30, 0, "legacy")
    assert fallen(run(5, 0, "legacy"), [past]) == []
    assert fallen(run(5, 0), [past]) != []


def test_nothing_new_is_no_news() -> None:
    assert fallen(Coverage(), [run(30, 30)]) == []


def test_pages_in_quarantine_count_for_the_field_they_lack() -> None:
    now = Coverage()
    for _ in range(5):
        now.observe_incomplete(Incomplete("classic", "published_at", "no date"))
    assert fallen(now, [run(30, 30)]) == ["classic: published_at on 0 of 5 pages, before on 30 of 30"]


def test_a_listing_that_says_otherwise_is_named() -> None:
    coverage, one = Coverage(), article(1, layout="classic")
    other = Mention("section", "Một tiêu đề khác hẳn", one.published_at + timedelta(days=1))
    assert coverage.observe(Reading(one, {}, compare(one, other))) == ["date in section", "title in section"]
    same = Mention("section", one.title, one.published_at + timedelta(seconds=30))
    assert coverage.observe(Reading(one, {}, {"date in meta": False, **compare(one, same)})) == ["date in meta"]
    assert coverage.to_dict()["classic"]["date in section"] == [1, 2]


def test_without_a_history_listings_must_agree_at_least() -> None:
    coverage = Coverage()
    for _ in range(FLOOR_FROM):
        coverage.agree("classic", {"date in section": False, "title in section": False})
    assert fallen(coverage, []) == [f"classic: date in section on 0 of {FLOOR_FROM} pages agrees"]


def test_which_rule_gave_which_field_is_counted() -> None:
    assert run(3, 3).rules_to_dict() == {"classic": {"authors": {".a": 3}}}


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 400), st.integers(0, 400))
def test_only_a_fall_is_a_fall(pages: int, found: int, known: int, usual: int) -> None:
    found, usual = min(pages, found), min(known, usual)
    said = fallen(run(pages, found), [run(known, usual)])
    if said:
        assert found / pages < usual / known
    assert Coverage.from_dict(run(pages, found).to_dict()).pages == run(pages, found).pages
