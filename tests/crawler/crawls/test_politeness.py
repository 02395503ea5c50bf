"""A site that refuses, asks to wait, or says nothing of its rules: what is asked for, and when."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from flask import Response

from crawler.archive.archive import Archive
from crawler.middlewares import REFUSALS_IN_A_ROW
from tests.crawler.crawls.test_crawl import archived, crawl, expected
from tests.replica.faults import REFUSAL, Faults
from tests.replica.pieces import specimens
from tests.replica.site import serving


def test_refusals_now_and_then_are_asked_again(tmp_path: Path) -> None:
    with serving(faults=Faults(refused=0.25, unavailable=0.05, retry_after=0, seed=3)) as running:
        done = crawl(running.url, tmp_path)
        for _ in range(3):
            done = crawl(running.url, tmp_path)
    assert done.returncode == 0, done.stderr
    assert archived(tmp_path) == expected(running.site.pieces)


def test_a_refusal_with_status_200_is_a_refusal(tmp_path: Path) -> None:
    with serving() as running:
        path = running.site.section[1].path
        running.site.instead[path] = Response(REFUSAL, 200)
        done = crawl(running.url, tmp_path)
        assert done.returncode == 3
        assert "the site refused 1 pages" in done.stderr
        assert running.site.asked[path] == 8
        running.site.instead.clear()
        assert crawl(running.url, tmp_path).returncode == 0
    assert archived(tmp_path) == expected(running.site.pieces)


def test_what_is_refused_stays_on_the_list_and_a_person_is_asked(tmp_path: Path) -> None:
    with serving() as running:
        crawl(running.url, tmp_path, "--limit", "1")
        path = running.site.section[1].path
        running.site.refused_paths.add(path)
        done = crawl(running.url, tmp_path)
        assert done.returncode == 3
        assert "the site refused 1 pages" in done.stderr
        running.site.refused_paths.clear()
        assert crawl(running.url, tmp_path).returncode == 0
    assert archived(tmp_path) == expected(running.site.pieces)


@pytest.mark.parametrize(
    "robots",
    [Response(REFUSAL, 403), Response(REFUSAL, 200), Response("", 503), Response("<html>", 200)],
    ids=["403", "refusal with 200", "503", "html"],
)
def test_without_its_rules_a_site_is_not_asked_for_anything(tmp_path: Path, robots: Response) -> None:
    with serving() as running:
        running.site.robots = robots
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert "without rules: they are not known" in done.stderr
    assert set(running.site.asked) == {"/robots.txt"}
    assert archived(tmp_path) == {}


def test_a_site_without_rules_forbids_nothing(tmp_path: Path) -> None:
    with serving(specimens()[:2]) as running:
        running.site.robots = Response("", 404)
        assert crawl(running.url, tmp_path).returncode == 0
    assert len(archived(tmp_path)) == len(running.site.section)


def test_what_the_rules_forbid_is_not_asked_for(tmp_path: Path) -> None:
    with serving() as running:
        running.site.robots = Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
        done = crawl(running.url, tmp_path)
    assert done.returncode == 1
    assert "robots.txt" in done.stderr
    assert set(running.site.asked) == {"/robots.txt"}


def test_a_run_stops_when_the_site_says_no_again_and_again(tmp_path: Path) -> None:
    with serving() as running:
        running.site.refused_paths.update(piece.path for piece in running.site.section)
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert f"the site refused {REFUSALS_IN_A_ROW} requests in a row" in done.stderr
    listings = [path for path in running.site.asked if not path.endswith(".html")]
    assert sum(running.site.asked.values()) <= REFUSALS_IN_A_ROW + len(listings)
    with Archive.open(tmp_path) as archive:
        assert archive.frontier.wanted() == len(running.site.section)


def test_retry_after_is_kept(tmp_path: Path) -> None:
    with serving(specimens()[:4], Faults(too_many=0.3, retry_after=1, seed=1)) as running:
        started = time.monotonic()
        done = crawl(running.url, tmp_path)
        refused = sum(count - 1 for count in running.site.asked.values())
    assert done.returncode == 0
    assert refused > 0
    assert time.monotonic() - started >= refused / 2


def test_a_long_retry_after_means_another_day(tmp_path: Path) -> None:
    with serving(faults=Faults(unavailable=1.0, retry_after=86400)) as running:
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert "left alone for 86400 s" in done.stderr
    assert sum(running.site.asked.values()) == 1


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    with serving(specimens()[:3]) as running:
        running.site.robots = Response("User-agent: *\nCrawl-delay: 0.5\n", mimetype="text/plain")
        done = crawl(running.url, tmp_path, "--report", str(tmp_path / "report.json"))
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert done.returncode == 0
    assert told["seconds"] >= 0.5 * (told["requests"] - 2)


def test_a_crawl_delay_of_hours_is_no_crawl(tmp_path: Path) -> None:
    with serving(specimens()[:3]) as running:
        running.site.robots = Response("User-agent: *\nCrawl-delay: 7200\n", mimetype="text/plain")
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert "7200 s between requests" in done.stderr
    assert set(running.site.asked) == {"/robots.txt"}
