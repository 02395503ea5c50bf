from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import HANOI
from crawler.errors import BadListing
from crawler.listings.section import more_path, read_more, read_section
from tests.replica.pieces import specimens
from tests.replica.site import PAGE, Running, create_site

CARD = (
    '<li class="loadArticle" pid="{0}"><div class="b-grid">'
    '<h3 class="b-grid__title"><a href="/bai-{0}.html">Bài</a></h3>'
    '<span class="b-grid__time">05/03/2021 - 06:11</span></div></li>'
)


@pytest.mark.parametrize(
    "place",
    [
        "<script>var a = { channelId: 0 }; X.more = { channelId: 270 };</script>",
        "<script>X.loadmore_params = function () { return { type: 'channel', channelId: 270, eventId: 0 }; }</script>",
        '<div data-action="api/getarticlebychannel/270"></div>',
        '<div data-action="api/getarticletopread/270"></div>',
        '<button data-api-url="/api/getMoreArticle/channel_empty_10179233_270_0"></button>',
    ],
)
def test_the_channel_is_found_wherever_the_page_names_it(place: str) -> None:
    page = read_section(CARD.format(9) + CARD.format(7) + place)
    assert (page.channel, page.last_pid) == (270, 7)
    assert [item.address.id for item in page.listed] == [9, 7]
    assert page.listed[0].published_at == datetime(2021, 3, 5, 6, 11, tzinfo=HANOI)


def test_featured_cards_come_before_the_list_that_tells_where_to_go_on() -> None:
    featured = '<div class="b-grid big"><h2 class="b-grid__title"><a href="/moi-9.html">Mới</a></h2></div>'
    page = read_section(CARD.format(8) + featured + CARD.format(7))
    assert [item.address.id for item in page.listed] == [9, 8, 7]
    assert page.last_pid == 7


def test_side_boxes_are_not_the_section() -> None:
    page = read_section(CARD.format(9) + f'<aside data-view="mostRead">{CARD.format(5)}</aside>')
    assert [item.address.id for item in page.listed] == [9]


def test_a_page_without_articles_or_channel_is_no_section_page() -> None:
    with pytest.raises(BadListing, match="layout may have changed"):
        read_section("<h1>Xin chào</h1>")


def test_the_replicas_own_listings_walk_the_whole_section(replica: Running) -> None:
    client = create_site(specimens()).test_client()
    section = read_section(client.get("/goc-nhin").text)
    found = [item.address.id for item in section.listed]
    assert len(found) == PAGE
    pid, channel = section.last_pid, section.channel
    while pid is not None and channel is not None:
        more = read_more(client.get(more_path(channel, pid)).text)
        found += [item.address.id for item in more.listed]
        pid = more.last_pid
    assert len(found) == len(set(found)) == len(replica.site.section)


def test_sponsored_pieces_and_foreign_links_are_left_out() -> None:
    items = [
        {"PublisherId": 3, "LinktoMe": "/a-3.html", "BlockedInstantArticleCreate": True},
        {"PublisherId": 2, "LinktoMe2": "https://evil.example/a-2.html", "LinktoMe": ""},
        {"PublisherId": 1, "LinktoMe2": "", "LinktoMe": "/a-1.html", "TimeX2": "", "PublishedTime": "/Date(0)/"},
    ]
    more = read_more(json.dumps({"articles": items}))
    assert [(item.address.id, item.published_at) for item in more.listed] == [(1, None)]
    assert more.last_pid == 1


@pytest.mark.parametrize("text", ["[]", '{"articles": []}'])
def test_the_end(text: str) -> None:
    assert read_more(text).last_pid is None


@pytest.mark.parametrize("text", ["", "<html>", "3", '["x"]', '{"articles": 1}', "[" * 100_000])
def test_anything_else_is_no_listing(text: str) -> None:
    with pytest.raises(BadListing):
        read_more(text)


@given(st.text())
def test_any_text_is_a_listing_or_refused(text: str) -> None:
    for read in (read_section, read_more):
        with suppress(BadListing):
            assert isinstance(read(text).listed, tuple)


def test_the_papers_own_samples(shared: Path) -> None:
    section = read_section((shared / "site/pages/section.html").read_text("utf-8"))
    assert (section.channel, section.last_pid) == (463, 991478)
    assert [item.address.id for item in section.listed] == [991478]
    more = read_more((shared / "site/pages/getMoreArticle.json").read_text("utf-8"))
    assert more.listed[0].published_at == datetime(2021, 3, 5, 6, 11, tzinfo=HANOI)


def test_half_a_surrogate_pair_in_a_title_is_replaced() -> None:
    title = '{"PublisherId": 1, "Title": "\\ud800lone", "LinktoMe": "/a-1.html"}'
    address = '{"PublisherId": 2, "LinktoMe": "/\\ud800-2.html"}'
    found = read_more(f"[{title}, {address}]")
    assert [(item.address.id, item.title) for item in found.listed] == [(1, "\ufffdlone")]


def test_one_item_that_is_none_does_not_hide_the_others() -> None:
    found = read_more('[null, {"PublisherId": 1, "Title": "x", "LinktoMe": "/a-1.html"}, "x"]')
    assert [item.address.id for item in found.listed] == [1]
