"""Crawls of a replica whose sources fail, are cut short, or lead astray: what is found, and what is asked for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Response

from crawler.archive.archive import Archive
from crawler.listings.section import more_path
from tests.crawler.crawls.test_crawl import archived, crawl, expected
from tests.replica.pieces import Piece, many, specimens
from tests.replica.site import PAGE, Running, serving

LARGE = 110


@pytest.fixture(scope="module")
def large() -> list[Piece]:
    return many(LARGE)


def report(data: Path) -> dict[str, object]:
    with Archive.open(data, create=False) as archive:
        last = archive.crawls.last()
    assert last is not None
    return last.report


def listings(asked: Counter[str]) -> list[str]:
    return [path for path in asked if "getMoreArticle" in path]


def others(running: Running) -> Iterator[Piece]:
    return (piece for piece in running.site.pieces if piece.section != "Góc nhìn")


@pytest.mark.parametrize("path", ["/rss/goc-nhin", "/sitemap.xml"])
def test_a_side_source_that_fails_is_noted_and_the_rest_goes_on(tmp_path: Path, path: str) -> None:
    with serving() as running:
        running.site.refused_paths.add(path)
        done = crawl(running.url, tmp_path, "--report", str(tmp_path / "report.json"))
    assert done.returncode == 0
    assert f"{path} answered 403" in done.stderr
    assert archived(tmp_path) == expected(running.site.pieces)
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    source = "rss" if "rss" in path else "sitemap"
    assert "answered 403" in told["sources"][source]["error"]
    assert told["sources"]["section"]["error"] is None
    assert told["finished"]


def test_sitemaps_stand_in_for_a_section_page_that_cannot_be_read(tmp_path: Path) -> None:
    with serving() as running:
        running.site.missing_paths.add("/goc-nhin")
        done = crawl(running.url, tmp_path, "--full")
        again = crawl(running.url, tmp_path)
        asked = running.site.asked
    assert done.returncode == 3
    assert "sitemaps stood in" in done.stderr
    assert archived(tmp_path) == expected(running.site.pieces)
    assert f"{len(list(others(running)))} elsewhere" in done.stderr
    assert again.returncode == 3
    assert all(asked[piece.path] == 1 for piece in others(running))


def test_a_section_page_that_is_refused_is_not_gone_round(tmp_path: Path) -> None:
    with serving() as running:
        running.site.refused_paths.add("/goc-nhin")
        done = crawl(running.url, tmp_path)
        assert not [path for path in running.site.asked if "sitemap" in path]
    assert done.returncode == 3
    assert archived(tmp_path) == expected(running.site.section[:PAGE])


def test_the_days_asked_for_bound_what_sitemaps_stand_in_for(tmp_path: Path) -> None:
    with serving() as running:
        running.site.missing_paths.add("/goc-nhin")
        crawl(running.url, tmp_path, "--since", "2025-01", "--until", "2025-06")
        asked = [path for path in running.site.asked if path.startswith("/sitemap-article-")]
    assert asked
    assert all("2025-01" <= path.removeprefix("/sitemap-article-")[:7] <= "2025-06" for path in asked)
    some = [p for p in specimens() if date(2025, 1, 1) <= p.published_at.date() <= date(2025, 6, 30)]
    assert archived(tmp_path) == expected(some)


def test_new_articles_are_held_against_the_sitemaps_of_their_days(tmp_path: Path) -> None:
    with serving() as running:
        crawl(running.url, tmp_path, "--limit", "5")
        assert not [path for path in running.site.asked if "sitemap" in path]
        crawl(running.url, tmp_path)
        first = dict(running.site.asked)
        crawl(running.url, tmp_path)
    assert 1 <= len([path for path in first if "sitemap-article" in path]) <= 7
    assert all(running.site.asked[path] == count for path, count in first.items() if "sitemap" in path)


def test_an_interrupted_walk_goes_on_where_it_was(tmp_path: Path, large: list[Piece]) -> None:
    with serving(large) as running:
        running.site.failing_after = 5
        broken = crawl(running.url, tmp_path, "--full")
        assert broken.returncode == 1
        assert 60 < len(archived(tmp_path)) < LARGE
        running.site.failing_after = None
        running.site.asked.clear()
        done = crawl(running.url, tmp_path, "--full")
        asked = running.site.asked
    assert done.returncode == 0, done.stderr
    assert archived(tmp_path) == expected(large)
    assert len(listings(asked)) < LARGE / PAGE - 3
    with Archive.open(tmp_path) as archive:
        assert archive.crawls.walked("full", "goc-nhin") is None


def test_a_walk_to_days_long_ago_starts_from_what_is_known(tmp_path: Path, large: list[Piece]) -> None:
    with serving(large) as running:
        crawl(running.url, tmp_path, "--full")
        old = running.site.section[85]
        with Archive.open(tmp_path) as archive:
            archive.frontier.settle(old.id, "wanted")
            archive._db.execute("UPDATE frontier SET state = 'gone' WHERE article = ?", (old.id,))
            archive._db.execute("DELETE FROM frontier WHERE article = ?", (old.id,))
            archive._db.execute("DELETE FROM revision WHERE article = ?", (old.id,))
            archive._db.execute("DELETE FROM article WHERE id = ?", (old.id,))
        running.site.asked.clear()
        day = old.published_at.date().isoformat()
        done = crawl(running.url, tmp_path, "--since", day, "--until", day)
        asked = running.site.asked
    assert "1 new" in done.stderr
    assert asked[old.path] == 1
    assert len(listings(asked)) <= 2
    assert not [path for path in asked if "rss" in path or "sitemap" in path]


def test_a_shortcut_that_leads_nowhere_is_no_shortcut(tmp_path: Path, large: list[Piece]) -> None:
    with serving(large) as running:
        crawl(running.url, tmp_path, "--limit", "55")
        until = running.site.section[80].published_at.date()
        since = running.site.section[100].published_at.date()
        with Archive.open(tmp_path) as archive:
            landing = archive.frontier.landing(until, "goc-nhin")
        assert landing is not None
        running.site.instead[more_path(463, landing[0])] = Response("[]", mimetype="application/json")
        done = crawl(running.url, tmp_path, "--until", until.isoformat(), "--since", since.isoformat())
        assert running.site.asked[more_path(463, landing[0])] == 1
    assert done.returncode == 0
    assert "21 new" in done.stderr


def test_an_interrupted_first_run_does_not_hide_how_far_a_full_one_came(tmp_path: Path, large: list[Piece]) -> None:
    with serving(large) as running:
        running.site.failing_after = 2
        crawl(running.url, tmp_path)
        running.site.failing_after = 5
        crawl(running.url, tmp_path, "--full")
        with Archive.open(tmp_path) as archive:
            walked = archive.crawls.walked("full", "goc-nhin")
        assert walked is not None
        running.site.failing_after = None
        crawl(running.url, tmp_path)
        with Archive.open(tmp_path) as archive:
            assert archive.crawls.walked("full", "goc-nhin") == walked
        running.site.asked.clear()
        assert crawl(running.url, tmp_path, "--full").returncode == 0
        assert len(listings(running.site.asked)) < LARGE / PAGE - 3
    assert archived(tmp_path) == expected(large)


def test_a_listing_that_never_ends_is_left(tmp_path: Path) -> None:
    with serving(specimens()[:10]) as running:
        last = running.site.section[-1].id
        same = json.dumps([{"PublisherId": last, "LinktoMe": running.site.section[-1].path}])
        running.site.instead[more_path(463, last)] = Response(same, mimetype="application/json")
        done = crawl(running.url, tmp_path, "--full")
    assert done.returncode == 0
    assert len(listings(running.site.asked)) == 2, "asked once more another way"


def test_a_site_that_lost_its_bylines_raises_a_hand(tmp_path: Path) -> None:
    pieces = [
        piece for piece in specimens() if piece.layout == "classic" and piece.section == "Góc nhìn" and piece.authors
    ]
    with serving(pieces[4:]) as running:
        assert crawl(running.url, tmp_path).returncode == 0
        today = pieces[4].published_at
        running.site.pieces[:0] = [replace(piece, authors=(), published_at=today) for piece in pieces[:4]]
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert f"classic: authors on 0 of 4 pages, before on {len(pieces) - 4} of {len(pieces) - 4}" in done.stderr


def test_dates_that_listings_tell_otherwise_raise_a_hand(tmp_path: Path) -> None:
    with serving() as running:
        running.site.clock = timedelta(days=31)
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert "date in section on 0 of" in done.stderr
    assert "sources disagree" in done.stderr
    assert any("the date in section differs from the page's" in line for line in report(tmp_path)["disagreements"])  # type: ignore[attr-defined]


def test_the_report_tells_where_everything_came_from(tmp_path: Path) -> None:
    with serving() as running:
        crawl(running.url, tmp_path, "--report", str(tmp_path / "report.json"))
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert told["statuses"] == {"200": told["requests"]}
    assert told["sources"]["section"]["chosen"] == told["new"] == len(running.site.section)
    assert told["coverage"]["classic"]["title"][0] > 0
    assert set(told["rules"]["longform"]["title"]) == {"h1.block-sc-title"}
    assert told == report(tmp_path)
    with Archive.open(tmp_path) as archive:
        assert archive.rules(running.site.section[0].id, 1)["title"]
