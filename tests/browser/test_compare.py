"""Comparing names and words: what leads on, and the picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

Visit = Callable[..., Page]


def test_a_point_leads_to_its_year_and_the_filters_stay(visit: Visit) -> None:
    window = visit("/?q=hà+nội&author=-Minh+Khuê&from=2005")
    window.get_by_role("link", name="So sánh với từ khác").click()
    expect(window.get_by_label("Từ ngày")).to_have_value("1/1/2005")
    point = window.locator("svg a").nth(0)
    year = re.search(r", (\d{4}):", point.locator("title").text_content() or "")
    assert year
    point.locator("circle").click()
    expect(window).to_have_url(re.compile(rf"author=-Minh\+Khu%C3%AA.*|from={year[1]}-01-01"))
    expect(window.get_by_label("Từ ngày")).to_have_value(f"1/1/{year[1]}")


def test_a_chart_is_downloaded_as_png(visit: Visit, tmp_path: Path) -> None:
    window = visit("/compare?by=author&q=Minh+Khuê&q=Vũ+An")
    with window.expect_download() as saved:
        window.get_by_role("button", name="PNG").click()
    assert saved.value.suggested_filename == "so-sanh.png"
    saved.value.save_as(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_a_phone_shows_the_latest_years_first(visit: Visit) -> None:
    page = visit("/compare?q=ha+noi&q=xe", width=360)
    latest = page.locator("figure .scroll .tick").last
    shown = "tick => { const { left, right } = tick.getBoundingClientRect(); return left > 0 && right <= innerWidth; }"
    assert latest.evaluate(shown)
