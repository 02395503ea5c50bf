"""Scrapy's own tools on this project: crawl, shell, parse, feeds, settings given by hand, other spiders."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.database import locked
from tests import forkserver
from tests.crawler.crawls.test_crawl import archived, expected
from tests.helpers import ROOT
from tests.replica.site import Running

PAPER = "GOC_NHIN_SITE=https://hanoimoi.vn"


def scrapy(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GOC_NHIN_", "SCRAPY_"))}
    return forkserver.run("scrapy", [*arguments], {**clean, **environment}, timeout=60)


@pytest.fixture
def site(replica: Running, tmp_path: Path) -> dict[str, str]:
    """The environment of a crawl of the replica into `tmp_path`/data."""
    return {"GOC_NHIN_SITE": replica.url, "GOC_NHIN_DELAY": "0", "GOC_NHIN_DATA": str(tmp_path / "data")}


def test_crawl_writes_items_to_a_feed_and_counts_into_the_stats(
    tmp_path: Path, replica: Running, site: dict[str, str]
) -> None:
    feed = tmp_path / "items.jl"
    done = scrapy("crawl", "goc_nhin", "-a", "limit=3", "-o", str(feed), **site)
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in feed.read_text("utf-8").splitlines()]
    assert archived(tmp_path / "data") == expected(replica.site.section[:3])
    assert sorted(item["article"]["title"] for item in items) == sorted(
        piece.title for piece in replica.site.section[:3]
    )
    assert {tuple(item) for item in items} == {("article", "layout", "rules", "doubts", "error")}
    assert "'goc_nhin/new': 3" in done.stderr
    assert "crawl: 3 new" in done.stderr


def test_parse_shows_the_item_and_touches_no_archive(tmp_path: Path, replica: Running, site: dict[str, str]) -> None:
    piece = replica.site.section[0]
    url = replica.url + piece.path
    done = scrapy("parse", "--spider", "goc_nhin", "-c", "parse_article", url, "--nocolour", "--pipelines", **site)
    assert done.returncode == 0, done.stderr
    assert piece.title in done.stdout
    assert f"'response': <200 {url}>" in done.stdout
    assert "'validators': {" in done.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("options", [(), ("--spider", "goc_nhin")])
def test_shell_fetches_a_page_and_touches_no_archive(
    tmp_path: Path, replica: Running, site: dict[str, str], options: tuple[str, ...]
) -> None:
    url = replica.url + replica.site.section[0].path
    code = "(response.status, response.css('title::text').get(), spider.name)"
    done = scrapy("shell", url, *options, "-c", code, "-s", "DOWNLOAD_DELAY=0", **site)
    status, title, spider = ast.literal_eval(done.stdout.strip().splitlines()[-1])
    assert (status, spider) == (200, "goc_nhin" if options else "default")
    assert replica.site.section[0].title in title
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("DOWNLOAD_DELAY=0", "ROBOTSTXT_OBEY=0"), "0 s apart"),
        (("ROBOTSTXT_OBEY=0",), "robots.txt would not be obeyed"),
        (("ROBOTSTXT_USER_AGENT=Googlebot",), "robots.txt would not be obeyed"),
        (("DOWNLOAD_DELAY_JITTER=0.9",), "0.3 s apart"),
        (("CONCURRENT_REQUESTS=8", "CONCURRENT_REQUESTS_PER_DOMAIN=8"), "several requests"),
        (("USER_AGENT=Mozilla/5.0",), "dev@example.org"),
        (("DOWNLOADER_MIDDLEWARES={}",), "PolitenessMiddleware would be off"),
        (('DOWNLOAD_SLOTS={"hanoimoi.vn": {"delay": 0}}',), "slot of its own"),
        (("GOC_NHIN_DELAY=0",), "under 1 s"),
        (("GOC_NHIN_DELAY=soon",), "is no delay"),
        (("GOC_NHIN_SITE=hanoimoi",), "is no site"),
    ],
)
def test_settings_that_would_be_rude_are_refused_in_one_line(
    tmp_path: Path, settings: tuple[str, ...], said: str
) -> None:
    given = [part for setting in (PAPER, *settings) for part in ("-s", setting)]
    done = scrapy("crawl", "goc_nhin", *given, GOC_NHIN_CONTACT="dev@example.org", GOC_NHIN_DATA=str(tmp_path / "data"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("tool", [("parse", "--spider", "goc_nhin"), ("shell", "--spider", "goc_nhin")])
def test_parse_and_shell_refuse_them_too(tool: tuple[str, ...]) -> None:
    given = ("-s", PAPER, "-s", "ROBOTSTXT_OBEY=0", "https://hanoimoi.vn/")
    done = scrapy(*tool, *given, GOC_NHIN_CONTACT="dev@example.org")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "robots.txt would not be obeyed" in done.stderr


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("since=soon", "“soon” is no date"),
        ("limit=0", "write 1 or more"),
        ("full=perhaps", "neither yes nor no"),
        ("untill=2021", "the spider takes since, until, full, limit"),
    ],
)
def test_a_mistaken_argument_is_one_line(site: dict[str, str], argument: str, said: str) -> None:
    done = scrapy("crawl", "goc_nhin", "-a", argument, **site)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr


def test_a_directory_that_another_run_holds_is_told_in_one_line(tmp_path: Path, site: dict[str, str]) -> None:
    with locked(tmp_path / "data"):
        done = scrapy("crawl", "goc_nhin", "-L", "WARNING", **site)
    assert done.returncode == 75
    assert len(done.stderr.splitlines()) == 1
    assert "another run is working" in done.stderr


def test_a_second_spider_in_the_project_runs_unharmed(tmp_path: Path, replica: Running, site: dict[str, str]) -> None:
    """It yields dicts, goes where it likes, and neither archive nor manners of ours touch it."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/__init__.py").write_text("", "utf-8")
    (tmp_path / "other/titles.py").write_text(
        "import scrapy\n\n\nclass Titles(scrapy.Spider):\n"
        "    name = 'titles'\n"
        f"    start_urls = ['{replica.url}/goc-nhin', '{replica.url.replace('127.0.0.1', 'localhost')}/no-such-page']\n"
        "    custom_settings = {'DOWNLOAD_DELAY': 0}\n"
        "    handle_httpstatus_list = [404]\n\n"
        "    def parse(self, response):\n"
        "        yield {'status': response.status, 'title': response.css('title::text').get()}\n",
        "utf-8",
    )
    feed = tmp_path / "titles.jl"
    settings = ("-s", "SPIDER_MODULES=crawler.spiders,other", "-s", "AUTOTHROTTLE_ENABLED=0")
    done = scrapy("crawl", "titles", "-O", str(feed), *settings, **site, PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert done.returncode == 0, done.stderr
    assert not re.search(r"Traceback|\bERROR\b", done.stderr)
    items: list[dict[str, Any]] = [json.loads(line) for line in feed.read_text("utf-8").splitlines()]
    assert sorted(item["status"] for item in items) == [200, 404]
    assert all(set(item) == {"status", "title"} for item in items)
    assert not (tmp_path / "data").exists()
