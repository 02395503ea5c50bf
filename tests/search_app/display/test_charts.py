from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search_app.display.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, chart

YEARS = st.dictionaries(st.integers(1990, 2030).map(str), st.integers(1, 900), min_size=1)


def test_periods_without_articles_are_there_too() -> None:
    drawn = chart([{"2019": 2}], {"2019": 4, "2022": 1})
    (series,) = drawn.series
    assert [(point.period, point.count, point.share) for point in series] == [
        ("2019", 2, 0.5),
        ("2020", 0, 0.0),
        ("2021", 0, 0.0),
        ("2022", 0, 0.0),
    ]
    assert drawn.top == 2


def test_months_go_over_the_turn_of_the_year() -> None:
    (series,) = chart([{}], {"2020-11": 1, "2021-02": 1}).series
    assert [point.period for point in series] == ["2020-11", "2020-12", "2021-01", "2021-02"]


def test_nothing_gives_an_empty_chart() -> None:
    drawn = chart([{}], {})
    assert (drawn.series, drawn.labels) == (((),), ())


@given(YEARS, st.booleans(), st.integers(1, 4))
def test_everything_is_drawn_within_its_frame(everything: dict[str, int], shares: bool, series: int) -> None:
    drawn = chart([everything] * series, everything, shares=shares)
    for points in drawn.series:
        for point in points:
            assert LEFT <= point.x < point.x + point.width <= WIDTH - RIGHT + 0.001
            assert TOP - 0.001 <= point.y <= HEIGHT - BOTTOM
            assert abs(point.y + point.height - drawn.base) < 0.001
            assert 0 <= point.share <= 1
    assert len(drawn.labels) <= 12
