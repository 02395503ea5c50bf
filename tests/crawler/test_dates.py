from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import HANOI, has_clock, now, parse_time
from crawler.errors import BadDate

MOMENT = datetime(2021, 3, 5, 6, 11, tzinfo=HANOI)


@pytest.mark.parametrize(
    "text",
    [
        "05/03/2021 06:11",
        "05/03/2021 - 06:11",
        "05-03-2021 06:11",
        "5.3.2021 6:11",
        "06:11 05/03/2021 |",
        "Ngày đăng : 06:11, 05/03/2021",
        "06:11 thứ sáu ngày 05/03/2021",
        " [06:11 thứ sáu ngày 05/03/2021 ]",
        "06h11\u00a005/03/2021",
        "2021-03-05 06:11:00",
        "2021-03-05T06:11:00+07:00",
        "2021-03-04T23:11:00Z",
        "/Date(1614899460000)/",
        "Fri, 05 Mar 2021 06:11:00 +0700",
        "Thu, 04 Mar 2021 23:11:00 GMT",
        "Fri, 05 Mar 2021 06:11:00 GMT+7",
        "Fri, 05 Mar 2021 06:11:00 +07",
        "05/03/2021 06:11 (GMT+7)",
        "Thứ Sáu, 05/03/2021 | 06:11",
        "05/03/2021 06:11 SA",
        "6:11 AM, 05/03/2021",
        "06 giờ 11 ngày 05/03/2021",
        "Thứ sáu, ngày 5 tháng 3 năm 2021 06:11",
    ],
)
def test_every_known_form_is_the_same_moment(text: str) -> None:
    assert parse_time(text).isoformat() == MOMENT.isoformat()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("05/03/2021", "2021-03-05T00:00:00+07:00"),
        ("05/03/2021 06:11:58", "2021-03-05T06:11:58+07:00"),
        ("2021-03-05", "2021-03-05T00:00:00+07:00"),
        ("2021-03-05T06:11:58.25Z", "2021-03-05T13:11:58.250000+07:00"),
        ("2021-03-05 06:11+09", None),
        ("2021-03-05 06:11 x", None),
        ("05/03/2021 13:11 CH", "2021-03-05T13:11:00+07:00"),
        ("05/03/2021 13:11 SA", "2021-03-05T13:11:00+07:00"),
        ("01:05 01/01/1990", "1990-01-01T01:05:00+07:00"),
        ("31/12/1989", None),
        ("31/12/2099 23:59", "2099-12-31T23:59:00+07:00"),
        ("01/01/2100", None),
        ("5 March 2021", None),
        ("Thu, 4 Mar 2021 23:11:09 -0000", "2021-03-04T23:11:09+07:00"),
    ],
)
def test_what_a_form_leaves_out_is_nought_and_what_it_says_is_kept(text: str, moment: str | None) -> None:
    if moment is None:
        with pytest.raises(BadDate, match="no date in “") as refused:
            parse_time(text)
        assert str(refused.value) == f"no date in “{text}”"
    else:
        assert parse_time(text).isoformat() == moment


def test_a_figure_of_the_day_is_no_clock_and_of_the_clock_no_day() -> None:
    assert has_clock("05/03/2021 06:11")
    assert has_clock("06h11, 05/03/2021")
    assert not has_clock("05/03/2021")
    assert not has_clock("06:11")
    assert not has_clock("06:1105/03/2021 ")
    assert not has_clock("1905/03/202106:11")


def test_a_refusal_quotes_the_beginning_only() -> None:
    with pytest.raises(BadDate) as refused:
        parse_time("y" * 500)
    assert str(refused.value) == f"no date in “{'y' * 80}”"


def test_it_is_now_in_hanoi_to_the_second() -> None:
    told = now()
    assert (told.utcoffset(), told.microsecond) == (HANOI.utcoffset(None), 0)
    assert abs(datetime.now(HANOI) - told) < timedelta(seconds=5)


def test_the_afternoon_is_told_from_the_morning() -> None:
    for text in ("05/03/2021 06:11 CH", "05/03/2021 6:11 PM", "18:11 05/03/2021", "18:11 PM 05/03/2021"):
        assert parse_time(text) == MOMENT + timedelta(hours=12)
    assert parse_time("05/03/2021 12:11 SA").hour == 0


def test_dates_in_words_go_to_dateparser_in_vietnamese() -> None:
    assert parse_time("ngày 5 tháng 3 năm 2021").date() == MOMENT.date()


@pytest.mark.parametrize("text", ["", "hôm nay", "45/13/2021", "31/02/2021 06:11", "05/03/0021", "x" * 500, "/Date(9)"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadDate):
        parse_time(text)


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    with suppress(BadDate):
        assert parse_time(text).utcoffset() == HANOI.utcoffset(None)
