from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import HANOI, parse_time
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
    assert parse_time(text) == MOMENT


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
