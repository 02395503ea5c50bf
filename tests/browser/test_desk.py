"""What a journalist does between searches: collect, cite, follow, come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crawler.archive.archive import Archive
from crawler.dates import HANOI
from indexer.index.build import build
from tests.helpers import NOON, article, page

Visit = Callable[..., Page]
RESULTS = {"desk": (1366, 768, 400), "phone": (360, 640, 360)}
"""Width and height of a screen, and within how many pixels the first result begins."""
STOPS = 15


def test_eight_articles_from_three_searches_become_one_dossier(visit: Visit) -> None:
    window = visit("/?q=hà+nội&size=10")
    header = window.get_by_role("link", name=re.compile("^Hồ sơ"))
    boxes = window.get_by_role("checkbox", name=re.compile("Chọn vào hồ sơ"))
    for place in range(3):
        boxes.nth(place).check()
    expect(header).to_have_text("Hồ sơ (3)")
    window.get_by_role("link", name="Trang sau →").click()
    boxes.nth(0).check()
    window.goto("/?q=giao+thông")
    ticked = [box.is_checked() for box in boxes.all()]
    for place in [place for place, there in enumerate(ticked) if not there][:2]:
        boxes.nth(place).check()
    window.goto("/?q=rác")
    ticked = [box.is_checked() for box in boxes.all()]
    for place in [place for place, there in enumerate(ticked) if not there][:2]:
        boxes.nth(place).check()
    window.reload()
    expect(header).to_have_text("Hồ sơ (8)")
    header.click()
    titles = window.locator("article h2")
    expect(titles).to_have_count(8)
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()
    window.get_by_role("link", name=f"Xuống: {first}").click()
    expect(titles.nth(0)).to_have_text(second)
    expect(titles.nth(1)).to_have_text(first)
    note = window.get_by_label("Ghi chú, chỉ lưu trong trình duyệt này").nth(0)
    note.fill("hỏi lại tòa soạn")
    window.get_by_role("link", name=re.compile("^Bỏ ra")).nth(7).click()
    expect(header).to_have_text("Hồ sơ (7)")
    expect(window.get_by_label("Ghi chú, chỉ lưu trong trình duyệt này").nth(0)).to_have_value("hỏi lại tòa soạn")
    expect(window.get_by_text("Tìm bằng").nth(0)).to_be_visible()
    expect(window.locator(".bibliography li")).to_have_count(14)
    with window.expect_download() as saved:
        window.get_by_role("link", name="Word").click()
    assert saved.value.suggested_filename == "ho-so-7.docx"
    window.emulate_media(media="print")
    expect(window.locator("textarea").nth(0)).to_be_hidden()
    expect(window.locator("article .note p").nth(0)).to_have_text("hỏi lại tòa soạn")


def test_a_colleagues_dossier_becomes_mine_only_when_asked(visit: Visit) -> None:
    window = visit("/?q=hà+nội")
    ids = [box.get_attribute("value") for box in window.locator("input[name=id]").all()][:2]
    window.locator("input[name=id]").nth(4).check()
    window.goto(f"/dossier?id={ids[0]}&id={ids[1]}")
    header = window.get_by_role("link", name=re.compile("^Hồ sơ"))
    expect(header).to_have_text("Hồ sơ (1)")
    window.get_by_role("button", name="Thêm vào hồ sơ của tôi").click()
    expect(header).to_have_text("Hồ sơ (3)")
    expect(window.get_by_role("button", name="Thêm vào hồ sơ của tôi")).to_be_hidden()


def test_two_windows_lose_nothing_of_each_other(visit: Visit) -> None:
    window = visit("/?q=hà+nội")
    for place in range(2):
        window.locator("input[name=id]").nth(place).check()
    window.get_by_role("link", name=re.compile("^Hồ sơ")).click()
    other = window.context.new_page()
    other.goto("/?q=hà+nội")
    other.locator("input[name=id]").nth(2).check()
    expect(window.get_by_role("link", name=re.compile("^Hồ sơ"))).to_have_text("Hồ sơ (3)")
    other.goto(window.url)
    other.locator("textarea").nth(0).fill("ghi ở cửa sổ kia")
    expect(window.locator("textarea").nth(0)).to_have_value("ghi ở cửa sổ kia")
    window.get_by_role("link", name=re.compile("^Xuống")).nth(0).click()
    expect(window.locator("article h2")).to_have_count(3)
    expect(window.locator("textarea").nth(1)).to_have_value("ghi ở cửa sổ kia")


def test_a_dossier_is_full_at_fifty_and_says_so(visit: Visit) -> None:
    window = visit("/?size=100")
    boxes = window.locator("input[name=id]")
    for place in range(50):
        boxes.nth(place).check()
    boxes.nth(50).click()
    expect(boxes.nth(50)).not_to_be_checked()
    assert boxes.nth(50).evaluate("box => box.validationMessage") == "Một hồ sơ có nhiều nhất 50 bài."
    expect(window.get_by_role("link", name=re.compile("^Hồ sơ"))).to_have_text("Hồ sơ (50)")


def test_what_the_archive_no_longer_has_can_be_taken_out(visit: Visit) -> None:
    window = visit("/?q=hà+nội")
    window.locator("input[name=id]").nth(0).check()
    window.evaluate("stored.write('dossier', [...stored.read('dossier', []), {id: 1, title: 'x'}])")
    window.reload()
    window.get_by_role("link", name="Hồ sơ (2)").click()
    expect(window.get_by_text("Không có trong kho này: 1")).to_be_visible()
    window.locator("[role=note] a").click()
    expect(window.get_by_role("link", name="Hồ sơ (1)")).to_be_visible()


def test_where_nothing_can_be_kept_one_pages_ticks_still_make_a_dossier(visit: Visit) -> None:
    window = visit("/help")
    window.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden') }})")
    window.goto("/?q=hà+nội")
    for place in range(2):
        window.locator("input[name=id]").nth(place).check()
    window.get_by_role("button", name="Mở hồ sơ").click()
    expect(window.locator("article h2")).to_have_count(2)


def test_in_english_ways_back_stay_english(visit: Visit) -> None:
    window = visit("/?q=hà+nội&lang=en")
    window.locator("input[name=id]").nth(0).check()
    window.get_by_role("link", name=re.compile("^Dossier")).click()
    window.locator("[data-matched] a").click()
    expect(window.get_by_role("button", name="Search", exact=True)).to_be_visible()
    assert "q=h%C3%A0+n%E1%BB%99i" in window.url
    box = window.get_by_role("combobox", name="Words to search for")
    box.fill("")
    box.press_sequentially("minh kh")
    window.locator("#suggestions li").nth(0).click()
    expect(window).to_have_url(re.compile(r"\?author=Minh\+Khu%C3%AA&lang=en$"))


@pytest.mark.parametrize("query", ["q=bến+đò", "q=bến+đò&year=2021"])
def test_what_is_new_since_last_time(visit: Visit, revised: tuple[Path, int], query: str) -> None:
    data = revised[0]
    window = visit(f"/?{query}")
    window.get_by_role("button", name="Lưu lần tìm này").click()
    window.goto("/")
    kept = window.locator("[data-kept] li")
    expect(kept).to_contain_text("chưa có bài mới từ lần trước")
    with Archive.open(data) as archive:
        number = max(archive.ids()) + 1
        new = article(number, "Bến đò cũ vắng khách.", title=f"Bến đò {number}", published_at=NOON)
        archive.put(new, page(datetime.now(HANOI)))
        build(data, archive)
    window.goto("/")
    expect(kept).to_contain_text("1 bài mới từ lần trước")
    kept.get_by_role("link").nth(0).click()
    expect(window.locator(".new:visible")).to_have_count(1)
    window.goto("/")
    kept.get_by_role("link", name="1 bài mới từ lần trước").click()
    marked = window.locator(".hits li", has=window.locator(".new:visible"))
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text(f"Bến đò {number}")
    window.goto("/")
    expect(kept).to_contain_text("chưa có bài mới từ lần trước")
    window.goto(f"/?{query}")
    window.get_by_role("button", name="Thôi lưu lần tìm này").click()
    window.goto("/")
    expect(window.locator("[data-kept]")).to_be_hidden()


def test_a_name_is_completed_by_the_keyboard_alone(visit: Visit) -> None:
    window = visit("/")
    box = window.get_by_role("combobox", name="Từ cần tìm")
    box.press_sequentially("minh kh")
    expect(box).to_have_attribute("aria-expanded", "true")
    first = window.get_by_role("option").nth(0)
    expect(first).to_contain_text("Minh Khuê")
    expect(first).to_contain_text("tác giả")
    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    box.press("Enter")
    expect(window).to_have_url(re.compile(r"\?author=Minh\+Khu%C3%AA$"))


def test_suggestions_go_away_and_leave_what_is_being_composed_alone(visit: Visit) -> None:
    window = visit("/")
    box = window.get_by_role("combobox", name="Từ cần tìm")
    box.press_sequentially("giao th")
    expect(window.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(window.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("giao th")
    box.dispatch_event("compositionstart")
    box.press_sequentially("o")
    window.wait_for_timeout(400)
    expect(window.get_by_role("listbox")).to_be_hidden()
    box.dispatch_event("compositionend")
    expect(window.get_by_role("listbox")).to_be_visible()
    box.press("Enter")
    expect(window).to_have_url(re.compile(r"\?q=giao\+tho$"))


def test_a_preset_and_an_order_act_at_once_and_keep_what_was_typed(visit: Visit) -> None:
    window = visit("/?q=hà+nội&fbclid=abc")
    window.get_by_role("combobox", name="Từ cần tìm").fill("giao thông")
    window.get_by_role("link", name="Năm nay").click()
    year = datetime.now(HANOI).year
    expect(window).to_have_url(re.compile(rf"q=giao\+th%C3%B4ng&from={year}-01-01&to={year}-12-31$"))
    window.goto("/?q=hà+nội")
    window.get_by_label("Xếp theo").select_option("oldest")
    expect(window).to_have_url(re.compile("sort=oldest"))
    window.get_by_label("Số bài mỗi trang").select_option("20")
    expect(window).to_have_url(re.compile("sort=oldest.*size=20"))


def test_the_way_back_leads_to_the_page_and_the_place(visit: Visit) -> None:
    window = visit("/?q=hà+nội&size=20&page=2")
    hit = window.locator(".hits h2 a").nth(2)
    title = hit.inner_text()
    hit.click()
    window.get_by_role("link", name=re.compile("← Danh sách kết quả")).click()
    expect(window).to_have_url(re.compile(r"page=2&size=20#a-?\d+$"))
    expect(window.locator(".hits li:target h2")).to_have_text(title)


def test_keys_go_on_after_a_tick_and_can_be_switched_off(visit: Visit) -> None:
    window = visit("/?q=hà+nội")
    window.keyboard.press("j")
    window.locator("input[name=id]").nth(0).check()
    window.keyboard.press("j")
    expect(window.locator(".hits h2 a").nth(1)).to_be_focused()
    window.goto("/help")
    window.get_by_label("Dùng các phím này trong trình duyệt này").uncheck()
    window.goto("/?q=hà+nội")
    window.keyboard.press("j")
    expect(window.locator(".hits h2 a").nth(0)).not_to_be_focused()


@pytest.mark.parametrize("screen", RESULTS)
@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
@pytest.mark.parametrize("query", ["q=h%C3%A0+n%E1%BB%99i", "q=via+he"])
def test_results_come_first(visit: Visit, screen: str, locale: str, query: str) -> None:
    width, height, most = RESULTS[screen]
    window = visit(f"/?{query}", width=width, locale=locale)
    window.set_viewport_size({"width": width, "height": height})
    for what in (".count-line", ".hits h2"):
        box = window.locator(what).nth(0).bounding_box()
        assert box is not None
        assert box["y"] + min(box["height"], 24) <= most, what
    stops = 0
    for _ in range(STOPS + 5):
        window.keyboard.press("Tab")
        stops += 1
        if window.evaluate("document.activeElement.matches('.hits h2 a')"):
            break
    assert stops <= STOPS


def test_the_skip_link_leads_to_the_first_result(visit: Visit) -> None:
    window = visit("/?q=hà+nội")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    window.keyboard.press("Tab")
    expect(window.locator(".hits h2 a").nth(0)).to_be_focused()


def test_without_script_a_dossier_is_made_of_one_pages_ticks(visit: Visit) -> None:
    window = visit("/?q=hà+nội", javascript=False)
    for place in range(2):
        window.locator("input[name=id]").nth(place).check()
    window.get_by_role("button", name="Mở hồ sơ").click()
    expect(window.locator("article h2")).to_have_count(2)
    window.get_by_role("link", name=re.compile("^Bỏ ra")).nth(0).click()
    expect(window.locator("article h2")).to_have_count(1)
