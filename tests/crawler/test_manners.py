from __future__ import annotations

from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.errors import GocNhinError, OutOfScope
from crawler.manners import MIDDLEWARES, SLOWEST_ALLOWED, Manners

PAPER = Manners("https://hanoimoi.vn", 3.0, "dev@example.org")
HERE, SLOW = Manners("http://127.0.0.1:1", 0.0, ""), Manners("http://127.0.0.1:1", 1.0, "")


def in_force(manners: Manners, **others: Any) -> Settings:
    """The project's settings with a site's manners, and with what somebody else has set."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    manners.apply(settings)
    settings.update(others, priority="cmdline")
    return settings


def test_the_paper_needs_a_contact_and_gets_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOC_NHIN_CONTACT", raising=False)
    with pytest.raises(GocNhinError) as refused:
        Manners.read()
    asked = "set GOC_NHIN_CONTACT to an e-mail address where the site's owners can reach you"
    assert str(refused.value) == asked
    for nobody in ("  ", "a\nb"):
        monkeypatch.setenv("GOC_NHIN_CONTACT", nobody)
        with pytest.raises(GocNhinError, match=asked):
            Manners.read()
    monkeypatch.setenv("GOC_NHIN_CONTACT", " dev@example.org ")
    assert Manners.read() == PAPER
    assert PAPER.user_agent == "goc-nhin/0.1 (+dev@example.org)"
    assert HERE.user_agent == "goc-nhin/0.1 (+replica on this machine)"


def test_only_this_machine_may_be_asked_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOC_NHIN_CONTACT", "dev@example.org")
    with pytest.raises(GocNhinError) as refused:
        Manners.read(delay=0.75)
    assert str(refused.value) == "a delay of 0.75 s is under 1 s, allowed on loopback only"
    assert Manners.read(delay=1).delay == 1
    assert Manners.read("http://127.0.0.1:9", 0).delay == 0


def test_an_option_overrules_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOC_NHIN_SITE", "http://127.0.0.1:1")
    monkeypatch.setenv("GOC_NHIN_DELAY", "2")
    assert Manners.read().delay == 2
    assert Manners.read("http://127.0.0.1:2", 0).site == "http://127.0.0.1:2"


@pytest.mark.parametrize("delay", ["x", "-1", "nan", "inf", "99999"])
def test_a_delay_is_seconds(delay: str) -> None:
    with pytest.raises(GocNhinError) as refused:
        Manners.read("http://127.0.0.1:1", delay)
    assert str(refused.value) == f"“{delay}” is no delay: write seconds from 0 to 3600, like 3.0"


def test_the_longest_delay_is_an_hour() -> None:
    assert Manners.read("http://127.0.0.1:1", SLOWEST_ALLOWED).delay == SLOWEST_ALLOWED


@pytest.mark.parametrize(
    ("site", "delay", "connections"),
    [("http://127.0.0.1:1", 0.0, 4), ("http://127.0.0.1:1", 0.1, 1), ("https://hanoimoi.vn", 0.0, 1)],
)
def test_only_this_machine_is_asked_over_several_connections(site: str, delay: float, connections: int) -> None:
    assert Manners(site, delay, "").connections == connections


@pytest.mark.parametrize(("manners", "throttled", "connections"), [(PAPER, True, 1), (SLOW, True, 1), (HERE, False, 4)])
def test_manners_are_the_settings_of_a_spider(manners: Manners, throttled: bool, connections: int) -> None:
    settings = in_force(manners)
    expected = {
        "USER_AGENT": manners.user_agent,
        "DOWNLOAD_DELAY": manners.delay,
        "CONCURRENT_REQUESTS": connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": connections,
        "AUTOTHROTTLE_START_DELAY": manners.delay,
        "AUTOTHROTTLE_ENABLED": throttled,
    }
    assert {name: settings[name] for name in expected} == expected
    assert {settings.getpriority(name) for name in expected} == {30}
    manners.check(settings)


LEAVE = "allowed on loopback only: leave"


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"DOWNLOAD_DELAY": 0.5}, f"requests might be 0.5 s apart, under 1 s, {LEAVE} DOWNLOAD_DELAY"),
        (
            {"DOWNLOAD_DELAY": 1.6, "DOWNLOAD_DELAY_JITTER": 0.5},
            f"requests might be 0.8 s apart, under 1 s, {LEAVE} DOWNLOAD_DELAY",
        ),
        ({"ROBOTSTXT_OBEY": False}, f"robots.txt would not be obeyed, {LEAVE} ROBOTSTXT_OBEY and ROBOTSTXT_USER_AGENT"),
        (
            {"ROBOTSTXT_USER_AGENT": "x"},
            f"robots.txt would not be obeyed, {LEAVE} ROBOTSTXT_OBEY and ROBOTSTXT_USER_AGENT",
        ),
        (
            {"CONCURRENT_REQUESTS": 2, "CONCURRENT_REQUESTS_PER_DOMAIN": 2},
            f"several requests would be under way at once, {LEAVE} CONCURRENT_REQUESTS",
        ),
        (
            {"DOWNLOAD_SLOTS": {"hanoimoi.vn": {"delay": 0}}},
            f"a slot of its own would have other manners, {LEAVE} DOWNLOAD_SLOTS",
        ),
        ({"USER_AGENT": "Mozilla/5.0"}, f"the user agent would not name dev@example.org, {LEAVE} USER_AGENT"),
        (
            {"DOWNLOADER_MIDDLEWARES": {MIDDLEWARES[0]: 50, MIDDLEWARES[1]: None}},
            f"{MIDDLEWARES[1]} would be off, {LEAVE} DOWNLOADER_MIDDLEWARES",
        ),
        (
            {"DOWNLOADER_MIDDLEWARES": {}},
            f"{MIDDLEWARES[0]} and {MIDDLEWARES[1]} would be off, {LEAVE} DOWNLOADER_MIDDLEWARES",
        ),
    ],
)
def test_whatever_is_set_it_is_not_rude_to_the_paper(others: dict[str, Any], said: str) -> None:
    settings = in_force(PAPER, **others)
    with pytest.raises(GocNhinError) as refused:
        PAPER.check(settings)
    assert str(refused.value) == f"{said} as the project has it"
    HERE.check(settings)


@pytest.mark.parametrize(
    "others",
    [
        {"DOWNLOAD_DELAY": 1},
        {"DOWNLOAD_DELAY": 2, "DOWNLOAD_DELAY_JITTER": 0.5},
        {"DOWNLOAD_DELAY": 1, "DOWNLOAD_DELAY_JITTER": 0.5, "RANDOMIZE_DOWNLOAD_DELAY": False},
        {"CONCURRENT_REQUESTS": 2},
        {"CONCURRENT_REQUESTS_PER_DOMAIN": 2},
    ],
)
def test_what_is_not_rude_may_be_set(others: dict[str, Any]) -> None:
    PAPER.check(in_force(PAPER, **others))


def test_a_site_is_an_origin() -> None:
    with pytest.raises(OutOfScope):
        Manners.read("hanoimoi")
