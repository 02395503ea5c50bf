"""A site unlike its description, crawled by the command a user types: articles come in, or the reader is told why."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Response

from crawler.archive.archive import Archive
from crawler.listings.section import more_path
from tests.crawler.crawls.test_crawl import archived, crawl, expected
from tests.helpers import run
from tests.replica.pieces import LAST, Piece, many, specimens
from tests.replica.site import PAGE, create_site, serving

FOUR_LINES = '[longform]\nbody = ["section.body-v2"]\n[classic]\ntitle = ["h1.headline-v2"]\n'


def changed(pieces: Sequence[Piece]) -> list[Piece]:
    """Longform pages have another body container, classic ones another headline."""
    client = create_site(pieces).test_client()
    made = []
    for piece in pieces:
        page = client.get(piece.path).text
        if piece.layout == "longform":
            page = page.replace('<article class="entry entry-no-padding">', '<section class="body-v2">')
            page = page.replace("</article>", "</section>")
        page = page.replace('class="c-detail-head__title"', 'class="headline-v2"')
        made.append(replace(piece, html=page.encode()))
    return made


def test_a_changed_site_is_archived_exactly_marked_and_mended_by_a_file_of_four_lines(tmp_path: Path) -> None:
    pieces = specimens()
    with serving(changed(pieces)) as running:
        running.site.missing_paths.add("/rss/goc-nhin")
        done = crawl(running.url, tmp_path, "--full")
    assert done.returncode == 3, done.stderr
    assert "longform: text on" in done.stderr
    assert "classic: title on" in done.stderr
    assert archived(tmp_path) == expected(pieces)
    with Archive.open(tmp_path) as archive:
        ours = [piece for piece in pieces if piece.section == "Góc nhìn" and piece.layout != "legacy"]
        assert set(archive.doubtful()) == {piece.id for piece in ours}
    (tmp_path / "mine.toml").write_text(FOUR_LINES, "utf-8")
    mended = run("replay", "--data", tmp_path, GOC_NHIN_LAYOUTS=str(tmp_path / "mine.toml"))
    assert mended.returncode == 0, mended.stderr
    assert f"{len(ours)} without doubt now" in mended.stderr
    with Archive.open(tmp_path) as archive:
        assert archive.doubtful() == {}
    assert archived(tmp_path) == expected(pieces)
    assert json.loads(run("status", "--json", "--data", tmp_path).stdout)["doubtful"] == 0


def test_status_lists_what_is_in_doubt(tmp_path: Path) -> None:
    pieces = [piece for piece in specimens() if piece.layout == "longform"][:3]
    with serving(changed(pieces)) as running:
        crawl(running.url, tmp_path)
    shown = run("status", "--doubts", "--data", tmp_path)
    assert shown.returncode == 0
    assert len(re.findall(r"^\d+ https://hanoimoi.vn/", shown.stderr, re.MULTILINE)) == 3
    told = json.loads(run("status", "--doubts", "--json", "--data", tmp_path).stdout)
    assert {doubt["field"] for one in told for doubt in one["doubts"]} == {"text"}


def test_articles_whose_label_is_gone_are_not_lost(tmp_path: Path) -> None:
    pieces = [replace(piece, section="") for piece in specimens() if piece.section == "Góc nhìn"][:12]
    with serving(specimens()[:0]) as running:
        running.site.pieces = [replace(piece, section="Góc nhìn") for piece in pieces]
        running.site.printed_section = " "
        done = crawl(running.url, tmp_path)
    assert "12 new" in done.stderr
    assert done.returncode == 3


@pytest.mark.parametrize("answer", ["500", "loop"])
def test_a_site_none_of_whose_pages_can_be_had_raises_a_hand(tmp_path: Path, answer: str) -> None:
    with serving(specimens()[:6]) as running:
        for piece in running.site.section:
            location = {"Location": piece.path} if answer == "loop" else {}
            running.site.instead[piece.path] = Response("", 302 if location else 500, location)
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert "pages could not be had" in done.stderr


def test_a_page_cut_short_is_asked_for_again_and_then_put_aside(tmp_path: Path) -> None:
    with serving(specimens()[:3]) as running:
        piece = running.site.section[0]
        whole = create_site([piece]).test_client().get(piece.path).data
        running.site.instead[piece.path] = Response(whole[: len(whole) // 2], mimetype="text/html")
        done = crawl(running.url, tmp_path)
        assert running.site.asked[piece.path] == 3
    assert done.returncode == 3
    assert "cut short" in done.stderr
    assert piece.id not in archived(tmp_path)


def test_fifty_unreadable_pages_in_a_row_are_enough(tmp_path: Path) -> None:
    blank = b"<html><head><title>x</title></head><body>?</body></html>"
    with serving([replace(piece, html=blank) for piece in many(90)]) as running:
        done = crawl(running.url, tmp_path)
        asked = sum(running.site.asked[piece.path] for piece in running.site.section)
    assert done.returncode == 3
    assert "50 pages in a row could not be read" in done.stderr
    assert asked < 60


def test_an_article_of_the_future_hides_nothing_new(tmp_path: Path) -> None:
    pieces = specimens()
    early = replace(pieces[0], published_at=LAST + timedelta(days=3650))
    with serving([early, *pieces[2:]]) as running:
        assert crawl(running.url, tmp_path).returncode in (0, 3)
        with Archive.open(tmp_path) as archive:
            baseline = archive.crawls.baseline("goc-nhin", LAST + timedelta(days=9999))
        assert baseline is not None
        assert baseline < LAST + timedelta(days=1)
        running.site.pieces.insert(1, pieces[1])
        assert "1 new" in crawl(running.url, tmp_path).stderr


def test_what_the_rules_forbid_has_no_substitute(tmp_path: Path) -> None:
    with serving() as running:
        running.site.robots = Response("User-agent: *\nDisallow: /goc-nhin\n", mimetype="text/plain")
        done = crawl(running.url, tmp_path)
        assert set(running.site.asked) == {"/robots.txt"}
    assert done.returncode != 0
    assert "robots.txt forbids" in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def listing(pieces: Sequence[Piece]) -> Response:
    """What getMoreArticle answers with just these."""
    items = [
        {"PublisherId": piece.id, "Title": piece.title, "LinktoMe": piece.path,
         "TimeX2": f"{piece.published_at:%Y-%m-%d %H:%M:%S}"}
        for piece in pieces
    ]  # fmt: skip
    return Response(json.dumps(items), mimetype="application/json")


def newer(count: int) -> list[Piece]:
    """Articles of the section with addresses of the new kind."""
    return [piece for piece in many(2 * count) if piece.section == "Góc nhìn" and piece.layout != "legacy"][:count]


def test_one_empty_listing_in_the_middle_is_not_the_end(tmp_path: Path) -> None:
    with serving(newer(60)) as running:
        second = running.site.section[2 * PAGE - 1]
        running.site.instead[more_path(463, second.id)] = listing([])
        assert crawl(running.url, tmp_path, "--full").returncode == 0
        assert len(archived(tmp_path)) == len(running.site.section)


def test_an_old_piece_pinned_to_the_end_does_not_end_the_walk(tmp_path: Path) -> None:
    with serving(newer(60)) as running:
        section = running.site.section
        pinned = replace(section[-1], published_at=section[-1].published_at - timedelta(days=9000))
        first = more_path(463, section[PAGE - 1].id)
        running.site.instead[first] = listing([*section[PAGE : 2 * PAGE], pinned])
        assert crawl(running.url, tmp_path, "--full").returncode == 0
        assert len(archived(tmp_path)) == len(section)


def test_a_more_that_ignores_where_to_go_on_is_told_and_sitemaps_stand_in(tmp_path: Path) -> None:
    with serving(newer(40)) as running:
        section = running.site.section
        for piece in section:
            running.site.instead[more_path(463, piece.id)] = listing(section[:PAGE])
        done = crawl(running.url, tmp_path, "--full")
        assert len(archived(tmp_path)) == len(section)
    assert done.returncode == 3
    assert "brings nothing new after 15 articles" in done.stderr


def test_an_article_listed_under_another_address_is_asked_for_there(tmp_path: Path) -> None:
    with serving(specimens()[:5]) as running:
        assert crawl(running.url, tmp_path).returncode == 0
        place = next(n for n, piece in enumerate(running.site.pieces) if piece.layout == "longform")
        old = running.site.pieces[place]
        new = replace(old, title="Một tiêu đề đã sửa cho đúng", body=(*old.body, "Một câu đính chính."))
        running.site.pieces[place] = new
        assert new.path != old.path
        done = crawl(running.url, tmp_path)
        assert running.site.asked[new.path] == 1
    assert "1 revised" in done.stderr
    with Archive.open(tmp_path) as archive:
        kept = archive.get(old.id)
        assert kept is not None
        assert (kept.url, kept.revision) == (new.url, 2)


def test_two_sections_are_crawled_each_with_its_own_cursor(tmp_path: Path) -> None:
    pieces = specimens()
    with serving(pieces[:20]) as running:
        others = [piece for piece in pieces[20:30] if piece.layout != "legacy"]
        neighbour = [replace(one, id=800_000 + n, section="Mỗi ngày một chuyện") for n, one in enumerate(others)]
        running.site.pieces += neighbour
        shown = create_site([replace(piece, section="Góc nhìn") for piece in neighbour])
        page = shown.test_client().get("/goc-nhin").data
        running.site.instead["/moi-ngay-mot-chuyen"] = Response(page, mimetype="text/html")
        command = ("update", "--site", running.url, "--delay", "0", "--data", tmp_path)
        done = run(*command, GOC_NHIN_SECTIONS="goc-nhin,moi-ngay-mot-chuyen")
        assert "new" in done.stderr
    with Archive.open(tmp_path) as archive:
        sections = {article.section for article in archive.current(archive.ids())}
        assert sections == {"Góc nhìn", "Mỗi ngày một chuyện"}
        now = LAST + timedelta(days=9)
        cursors = {archive.crawls.baseline(slug, now) for slug in ("goc-nhin", "moi-ngay-mot-chuyen")}
        assert len(cursors) == 2
    found = json.loads(run("search", "", "--json", "--section", "Mỗi ngày một chuyện", "--data", tmp_path).stdout)
    assert found["total"] == len(neighbour)
    assert [value["value"] for value in found["facets"]["section"]] == ["Góc nhìn", "Mỗi ngày một chuyện"]
