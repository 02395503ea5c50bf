from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.replica.site import Running

Visit = Callable[..., Page]
Screen = Callable[[Page, str], None]


@pytest.mark.parametrize("javascript", [True, False])
def test_search_read_and_come_back(visit: Visit, screen: Screen, javascript: bool) -> None:
    page = visit(javascript=javascript)
    page.get_by_label("Từ cần tìm").fill("via he")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("mọi cách thêm dấu")
    assert page.locator("mark").first.inner_text()
    title = page.locator(".hits h2").first.inner_text()
    page.locator(".hits h2 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    screen(page, "article")
    page.go_back()
    expect(page.get_by_label("Từ cần tìm")).to_have_value("via he")
    page.go_back()
    expect(page.get_by_label("Từ cần tìm")).to_have_value("")
    page.go_forward()
    expect(page.get_by_label("Từ cần tìm")).to_have_value("via he")


def test_the_address_bar_holds_the_search_and_nothing_else(visit: Visit) -> None:
    page = visit()
    page.get_by_label("Từ cần tìm").fill("xe")
    page.get_by_label("Từ ngày").fill("5/3/2015")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.wait_for_url("**/?q=xe&from=2015-03-05")
    shown = page.locator(".hits h2").all_inner_texts()
    page.reload()
    assert page.locator(".hits h2").all_inner_texts() == shown != []


def test_dates_filter_the_result(visit: Visit, replica: Running) -> None:
    page = visit()
    page.get_by_label("Từ ngày").fill("2020")
    page.get_by_label("đến ngày").fill("31/12/2021")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expected = [piece.title for piece in replica.site.section if piece.published_at.year in (2020, 2021)]
    expect(page.locator(".hits h2")).to_have_text(expected)
    expect(page.get_by_label("Từ ngày")).to_have_value("1/1/2020")


def test_facets_narrow_and_can_be_taken_back(visit: Visit, replica: Running) -> None:
    page = visit()
    page.get_by_role("region", name="Tác giả").get_by_role("link", name="Minh Khuê", exact=True).click()
    expected = [piece.title for piece in replica.site.section if "Minh Khuê" in piece.authors]
    expect(page.locator(".hits h2")).to_have_text(expected[:10])
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
    assert download.value.suggested_filename == "giao-thông.json"


def test_nothing_found_helps(visit: Visit) -> None:
    page = visit("/?q=xyzzy&from=2020")
    expect(page.get_by_role("status")).to_contain_text("Không tìm thấy bài nào")
    expect(page.get_by_role("link", name="Tìm lại trong toàn bộ kho")).to_be_visible()
    assert page.locator(".hits li").count() == 0


LONG = f"/compare?q={'x' * 300}&q=xe"


NARROW = ["/", "/?q=hà+nội", "/compare?q=ha+noi&q=xe", "/help", "/api", "/authors", "/follow?q=xe", LONG]


@pytest.mark.parametrize("path", [*NARROW, "article", "revisions", "dossier"])
def test_a_phone_never_scrolls_sideways(visit: Visit, revised: tuple[Path, int], path: str) -> None:
    for width, locale in ((320, "vi-VN"), (360, "en-GB")):
        page = visit(place(path, revised[1]), width=width, dark=path == "/?q=hà+nội", locale=locale)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_comparing_words_over_time(visit: Visit) -> None:
    page = visit()
    page.get_by_role("link", name="So sánh", exact=True).click()
    page.get_by_label("Cụm từ 1").fill("hà nội")
    page.get_by_label("Cụm từ 2").fill("xe buýt")
    page.get_by_role("button", name="So sánh").click()
    expect(page.locator("polyline:not(.unfinished)")).to_have_count(4)
    expect(page.locator("polyline.unfinished")).to_have_count(4)
    page.get_by_role("link", name="Đếm cả bài có các từ rời nhau").click()
    page.wait_for_url("**/compare?*words=1*")
    expect(page.get_by_role("link", name="Đếm theo cụm từ")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "so-sanh.csv"


def test_what_is_near_is_listed_with_the_words_it_lacks(visit: Visit) -> None:
    page = visit("/?q=sông+Tô+Lịch+bao+giờ+hết+xyz")
    near = page.get_by_role("region", name="Gần với câu tìm, nhưng thiếu từ")
    expect(near.locator(".lacks s").first).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Không có bài nào chứa đủ các từ đã gõ")


def test_a_phrase_and_an_offer_narrow_the_result(visit: Visit) -> None:
    page = visit("/?q=minh+khue+giao+thong")
    page.get_by_role("link", name="Của Minh Khuê, về giao thong").click()
    expect(page.get_by_role("link", name="tác giả Minh Khuê ✕")).to_be_visible()
    page.goto("/?q=hà+nội")
    told = page.get_by_role("region", name="Những cụm từ nổi bật của kết quả này so với cả kho").locator("li").first
    phrase, count = told.get_by_role("link").inner_text(), told.locator(".count").inner_text()
    told.get_by_role("link").click()
    expect(page.get_by_label("Từ cần tìm")).to_have_value(f'hà nội "{phrase}"')
    expect(page.get_by_role("status").locator("strong")).to_have_text(count)


def test_a_bar_leads_to_its_year(visit: Visit) -> None:
    page = visit("/?q=ha+noi")
    bar = page.locator(".chart a").first
    year = (bar.locator("title").text_content() or "")[:4]
    bar.click()
    expect(page.get_by_label("Từ ngày")).to_have_value(f"1/1/{year}")


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit("/?q=ha+noi")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".hits h2 a").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".hits h2 a").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Từ cần tìm")).to_be_focused()
    page.get_by_label("Từ cần tìm").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trợ giúp")


def test_chosen_articles_become_a_dossier(visit: Visit) -> None:
    page = visit("/?q=ha+noi")
    titles = page.locator(".hits h2").all_inner_texts()
    for place in (0, 2):
        page.locator(".hits input[type=checkbox]").nth(place).check()
    page.get_by_role("button", name="Mở hồ sơ").click()
    expect(page.locator("article h2")).to_have_text([titles[0], titles[2]])


def test_english_by_the_browser_and_by_a_link(visit: Visit, screen: Screen) -> None:
    page = visit("/?q=ha+noi", locale="en-GB")
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_visible()
    screen(page, "english")
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.get_by_role("button", name="Tìm", exact=True)).to_be_visible()
    page.locator(".hits h2 a").first.click()
    expect(page.get_by_role("heading", name="Cách trích dẫn")).to_be_visible()


def test_what_a_word_stands_for_can_be_left_out_again(visit: Visit) -> None:
    page = visit("/?q=ha+noi")
    page.get_by_role("link", name="Tìm đúng như đã gõ").click()
    expect(page.get_by_role("status")).to_contain_text("Không tìm thấy bài nào")
    page.get_by_role("link", name="đúng như đã gõ ✕").click()
    assert page.locator(".hits li").count() > 0


def test_a_year_and_an_author_can_be_left_out(visit: Visit) -> None:
    page = visit("/?q=ha+noi+OR+xe")
    page.get_by_role("link", name="Bỏ Minh Khuê").click()
    expect(page.get_by_role("region", name="Tác giả")).not_to_contain_text("Minh Khuê")
    page.get_by_role("link", name="Bỏ 2025").click()
    expect(page.get_by_label("Từ cần tìm")).to_have_value("ha noi OR xe")
    expect(page.get_by_role("link", name="Bỏ năm 2025 ✕")).to_be_visible()
    page.get_by_role("link", name="Bỏ tác giả Minh Khuê ✕").click()
    expect(page.get_by_role("region", name="Tác giả")).to_contain_text("Minh Khuê")


def test_revisions_are_compared_word_by_word(visit: Visit, revised: tuple[Path, int]) -> None:
    page = visit(f"/article/{revised[1]}")
    page.get_by_role("link", name="xem chỗ đã sửa").click()
    expect(page.locator(".changes ins").first).to_be_visible()
    assert " ".join(page.locator(".changes ins").all_inner_texts()).split() == ["đã", "đính", "chính"]


def test_from_one_article_to_the_next(visit: Visit) -> None:
    page = visit("/?q=ha+noi")
    titles = page.locator(".hits h2").all_inner_texts()
    page.locator(".hits h2 a").first.click()
    page.get_by_role("link", name="Bài sau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])


def test_paper_gets_the_article_and_nothing_around_it(visit: Visit, revised: tuple[Path, int]) -> None:
    page = visit(f"/article/{revised[1]}")
    page.emulate_media(media="print")
    for gone in (".places", ".around", ".similar", ".skip"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".record")).to_be_visible()


PAGES = [
    "/",
    "/?q=ha+noi",
    "/?q=kh%C3%B4ng+th%E1%BB%83+c%C3%B3+xyz",
    "/?q=ha+noi&author=Minh+Khu%C3%AA&literal=1",
    "/compare?q=ha+noi&q=xe",
    "/authors",
    "/follow?q=xe",
    "/tag?name=giao+th%C3%B4ng",
    "dossier",
    "/dossier",
    "/help",
    "/api",
    "/nowhere",
    "/?q=ch*",
    "/?q=sông+Tô+Lịch+bao+giờ+hết+xyz",
    "article",
    "revisions",
]


def place(path: str, number: int) -> str:
    """A page's path; those of an article are named for what they show."""
    known = {
        "article": f"/article/{number}?q=ha+noi",
        "revisions": f"/article/{number}/revisions",
        "dossier": f"/dossier?id={number}",
    }
    return known.get(path, path)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_anyones_way(visit: Visit, revised: tuple[Path, int], path: str) -> None:
    """Every rule at a desk in the light and on a phone in the dark; colours and sizes the other ways round as well."""
    page = visit(place(path, revised[1]), width=1280)
    for closed in page.locator("details").all():
        closed.evaluate("details => details.open = true")
    page.evaluate(Axe().axe_script)
    every, seen = "wcag2a wcag2aa wcag21aa wcag22aa best-practice", "color-contrast target-size"
    for width, scheme, kind, rules in (
        (1280, "light", "tag", every),
        (1280, "dark", "rule", seen),
        (360, "light", "rule", seen),
        (360, "dark", "tag", every),
    ):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        options = {"runOnly": {"type": kind, "values": rules.split()}, "resultTypes": ["violations"]}
        assert page.evaluate("options => axe.run(options)", options)["violations"] == [], (width, scheme)


SHIFTS = """new Promise((tell) => new PerformanceObserver((list) =>
    tell(list.getEntries().reduce((sum, entry) => sum + (entry.hadRecentInput ? 0 : entry.value), 0)))
    .observe({type: "layout-shift", buffered: true}) || setTimeout(() => tell(0), 300))"""


@pytest.mark.parametrize("path", ["article", "/?q=hà+nội", "/compare?q=ha+noi&q=xe"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_under_the_readers_eyes(visit: Visit, revised: tuple[Path, int], path: str, width: int) -> None:
    page = visit(place(path, revised[1]), width=width)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    assert page.evaluate(SHIFTS) < 0.1


@pytest.mark.parametrize("path", ["/?q=ha+noi", "/compare?q=ha+noi&q=xe", "article"])
def test_a_page_is_light(visit: Visit, revised: tuple[Path, int], path: str) -> None:
    page = visit(place(path, revised[1]))
    page.evaluate("document.fonts.ready")
    sizes = page.evaluate("performance.getEntries().map(entry => entry.transferSize || 0)")
    assert 0 < sum(sizes) < 150_000


PAINTED = """new Promise((tell) => new PerformanceObserver((list) => tell(list.getEntries().at(-1).element.tagName))
    .observe({type: "largest-contentful-paint", buffered: true}))"""


@pytest.mark.parametrize("path", ["/?q=ha+noi", "article"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_largest_thing_painted_first_is_text(
    visit: Visit, revised: tuple[Path, int], path: str, width: int
) -> None:
    page = visit(place(path, revised[1]), width=width)
    assert page.evaluate(PAINTED) in ("P", "H1", "H2", "A", "SPAN")


def test_an_example_of_the_api_is_answered_where_it_stands(visit: Visit) -> None:
    page = visit("/api")
    answer = page.locator("details[data-answer^='/api/v1/search']")
    answer.get_by_text("Kết quả trả về").click()
    expect(answer.locator("pre")).to_contain_text('"total": ')
    assert json.loads(answer.locator("pre").inner_text())["total"] > 0


BEYOND = """getSelection().setBaseAndExtent(
    [...document.querySelectorAll("article p[data-text]")].at(-1), 0, document.querySelector("footer"), 1)"""
"""A selection that begins in an article's last paragraph and ends below the page."""


def test_a_passage_is_copied_as_a_quotation(visit: Visit, revised: tuple[Path, int]) -> None:
    page = visit(place("article", revised[1]))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    quote = page.locator("button[data-quote]")
    quote.click()
    expect(quote).to_have_text("Hãy chọn một đoạn trước")
    page.clock.fast_forward(2_000)
    paragraph = page.locator("article.reading p[data-text]:not([class])").first
    paragraph.select_text()
    quote.click()
    expect(quote).to_have_text("Đã chép")
    page.clock.fast_forward(2_000)
    assert quote.inner_text() == "Đã chép", "what is said of the click before is not to wipe this one's out"
    copied = page.evaluate("navigator.clipboard.readText()")
    title, link = page.get_by_role("heading", level=1).inner_text(), page.locator(".record dd a").first.inner_text()
    assert copied.startswith(f"“{paragraph.inner_text()}” (")
    assert copied.endswith(")")
    assert f"“{title}”" in copied
    page.evaluate(BEYOND)
    page.clock.fast_forward(1_000)
    expect(quote).to_have_text("Chép đoạn đang chọn thành trích dẫn")
    quote.click()
    last = page.locator("article.reading p[data-text]").last.inner_text()
    expect(quote).to_have_text("Đã chép")
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"“{last}” (")
    assert link in copied
