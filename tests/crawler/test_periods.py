from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BadDate
from crawler.periods import find_periods, meant_date, parse_period, period_end

MARCH = (date(2021, 3, 1), date(2021, 3, 31))
FIFTH = (date(2021, 3, 5), date(2021, 3, 5))
YEARS = (date(2019, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2021-03-05", FIFTH),
        ("2021/03/05", FIFTH),
        ("5/3/2021", FIFTH),
        (" 05-03-2021 ", FIFTH),
        ("5.3.2021", FIFTH),
        ("5/3/21", FIFTH),
        ("05032021", FIFTH),
        ("ngày 5 tháng 3 năm 2021", FIFTH),
        ("NGÀY 5/3/2021", FIFTH),
        ("20/3/75", (date(1975, 3, 20), date(1975, 3, 20))),
        ("2021-03", MARCH),
        ("3/2021", MARCH),
        ("03-2021", MARCH),
        ("tháng 3/2021", MARCH),
        ("thang 3 nam 2021", MARCH),
        ("tha\u0301ng 3-2021", MARCH),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2023", (date(2023, 1, 1), date(2023, 12, 31))),
        ("năm 2023", (date(2023, 1, 1), date(2023, 12, 31))),
        ("quý I/2017", (date(2017, 1, 1), date(2017, 3, 31))),
        ("quý 4 năm 2018", (date(2018, 10, 1), date(2018, 12, 31))),
        ("2019-2021", YEARS),
        ("2019..2021", YEARS),
        ("từ 2019 đến 2021", YEARS),
        ("từ năm 2019 tới hết năm 2021", YEARS),
        ("giai đoạn 2019-2021", YEARS),
        ("từ tháng 3/2021 đến tháng 3/2021", MARCH),
    ],
)
def test_a_period_is_whole_days(text: str, days: tuple[date, date]) -> None:
    period = parse_period(text)
    assert (period.first, period.last) == days


@pytest.mark.parametrize(
    "text",
    [
        *("2021-13-45", "0000", "hôm qua", "", "31/2/2021", "2021-3-5-6", "٢٠٢١"),
        *("30/4", "2021..2019", "quý 5/2020", "từ 2019"),
    ],
)
def test_what_is_no_period_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(BadDate, match="write YYYY-MM-DD"):
        parse_period(text)


@given(st.text() | st.text("0123456789/.- ngàythángnămquýIVđếntừ"))
def test_any_text_is_a_period_or_refused_and_periods_lie_within_it(text: str) -> None:
    with suppress(BadDate):
        period = parse_period(text)
        assert period.first <= period.last
    for mention in find_periods(text):
        assert 0 <= mention.start < mention.end


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("tháng 3/2021 giao thông", ["tháng 3/2021"]),
        ("giao thông năm 2019", ["năm 2019"]),
        ("vỉa hè từ 2015 đến 2017 và năm 2020", ["từ 2015 đến 2017", "năm 2020"]),
        ("hội nghị 2019", []),
        ("nghị định 46/2014/NĐ-CP", []),
        ("lễ 30/4", []),
        ("ngày 31/2/2021", []),
    ],
)
def test_periods_named_in_a_text(text: str, named: list[str]) -> None:
    assert [text[mention.start : mention.end] for mention in find_periods(text)] == named


def test_where_a_period_ends() -> None:
    assert period_end("date:tháng 3 năm 2021 thi", 5) == len("date:tháng 3 năm 2021")
    assert period_end("date:hôm qua", 5) is None


@pytest.mark.parametrize(
    ("text", "meant"), [("31/2/2021", "2/2021"), ("5/13/2021", "13/5/2021"), ("45/45/2021", "2021"), ("hôm qua", None)]
)
def test_what_was_meant_by_a_date_that_is_none(text: str, meant: str | None) -> None:
    assert meant_date(text) == meant
