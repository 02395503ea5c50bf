from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.replica.site import Running

Visit = Callable[..., Page]
Screen = Callable[[Page, str], None]


@pytest.mark.parametrize("javascript", [True, False])
def test_search_read_and_come_back(visit: Visit, screen: Screen, javascript: bool) -> None:
    page = visit(javascript=javascript)
    screen(page, "home")
    page.get_by_label("Từ cần tìm").fill("via he")
    page.get_by_role("button", name="Tìm").click()
    expect(page.get_by_role("status")).to_contain_text("mọi cách bỏ dấu")
    assert page.locator("mark").first.inner_text()
    screen(page, "results")
    title = page.locator(".hits h2").first.inner_text()
    page.locator(".hits h2 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    screen(page, "article")
    page.go_back()
    expect(page.get_by_label("Từ cần tìm")).to_have_value("via he")


def test_dates_filter_the_result(visit: Visit, replica: Running) -> None:
    page = visit()
    page.get_by_label("Từ ngày").fill("2020")
    page.get_by_label("đến ngày").fill("31/12/2021")
    page.get_by_role("button", name="Tìm").click()
    expected = [piece.title for piece in replica.site.section if piece.published_at.year in (2020, 2021)]
    expect(page.locator(".hits h2")).to_have_text(expected)
    expect(page.get_by_label("Từ ngày")).to_have_value("1/1/2020")


def test_facets_narrow_and_can_be_taken_back(visit: Visit, screen: Screen, replica: Running) -> None:
    page = visit()
    page.get_by_role("region", name="Tác giả").get_by_role("link", name="Minh Khuê", exact=True).click()
    expected = [piece.title for piece in replica.site.section if "Minh Khuê" in piece.authors]
    expect(page.locator(".hits h2")).to_have_text(expected[:10])
    screen(page, "filtered")
    page.get_by_role("link", name="tác giả Minh Khuê ✕").click()
    expect(page.get_by_role("status")).to_contain_text(f"{len(replica.site.section)} bài")


def test_paging_shows_every_article_once(visit: Visit, replica: Running) -> None:
    page = visit("/?size=20")
    titles = [piece.title for piece in replica.site.section]
    for start in range(0, len(titles), 20):
        expect(page.locator(".hits h2")).to_have_text(titles[start : start + 20])
        if start + 20 < len(titles):
            page.get_by_role("link", name="Trang sau").click()
    expect(page.get_by_role("link", name="Trang sau")).to_have_count(0)


def test_the_result_can_be_taken_away(visit: Visit) -> None:
    page = visit("/?q=giao+thông")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON", exact=True).click()
    content = json.loads(download.value.path().read_text("utf-8"))
    assert content["complete"] is True
    assert download.value.suggested_filename == f"goc-nhin-{content['count']}.json"


def test_nothing_found_helps(visit: Visit, screen: Screen) -> None:
    page = visit("/?q=xyzzy&from=2020")
    expect(page.get_by_role("status")).to_contain_text("Không có bài nào")
    expect(page.get_by_role("link", name="Tìm lại trong toàn bộ kho")).to_be_visible()
    screen(page, "nothing")
    assert page.locator(".hits li").count() == 0


@pytest.mark.parametrize("path", ["/", "/?q=hà+nội"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_never_scrolls_sideways(visit: Visit, screen: Screen, path: str, dark: bool) -> None:
    page = visit(path, width=360, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    screen(page, f"phone-{'results' if 'q=' in path else 'home'}-{'dark' if dark else 'light'}")
