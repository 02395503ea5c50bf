"""How a crawl behaves towards a site: what is asked for, and whether Scrapy's settings in force keep to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from crawler.config import setting
from crawler.errors import GocNhinError
from crawler.urls import is_loopback, parse_site

MIDDLEWARES = ("crawler.middlewares.SiteMiddleware", "crawler.middlewares.PolitenessMiddleware")
"""What keeps requests on the site's hosts, and to its refusals."""
SLOWEST_ALLOWED = 3600.0
LOOPBACK_CONNECTIONS = 4
"""At once, to this machine and without a delay only: every other site gets one."""
POLITE_SECONDS = 1.0
"""The least delay between requests to a host that is not this machine."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a crawl behaves towards one site. Raises GocNhinError for what would be rude."""

    site: str
    delay: float
    contact: str

    @classmethod
    def read(cls, site: str | None = None, delay: str | float | None = None) -> Manners:
        """From options where given, else from the environment."""
        origin = parse_site(site or setting("GOC_NHIN_SITE"))
        contact = setting("GOC_NHIN_CONTACT").strip()
        manners = cls(origin, _seconds(setting("GOC_NHIN_DELAY") if delay is None else delay), contact)
        if not is_loopback(origin):
            if manners.delay < POLITE_SECONDS:
                raise GocNhinError(
                    f"a delay of {manners.delay:g} s is under {POLITE_SECONDS:g} s, allowed on loopback only"
                )
            if not manners.contact or not manners.contact.isprintable():
                raise GocNhinError("set GOC_NHIN_CONTACT to an e-mail address where the site's owners can reach you")
        return manners

    @property
    def connections(self) -> int:
        """How many requests may be under way at once."""
        return LOOPBACK_CONNECTIONS if is_loopback(self.site) and self.delay == 0 else 1

    def apply(self, settings: Any) -> None:
        """Set them as Scrapy's settings, for one spider."""
        for name, value in (
            ("USER_AGENT", self.user_agent),
            ("DOWNLOAD_DELAY", self.delay),
            ("CONCURRENT_REQUESTS", self.connections),
            ("CONCURRENT_REQUESTS_PER_DOMAIN", self.connections),
            ("AUTOTHROTTLE_START_DELAY", self.delay),
            ("AUTOTHROTTLE_ENABLED", self.delay > 0),
        ):
            settings.set(name, value, "spider")

    def check(self, settings: Any) -> None:
        """Hold the settings that are in force against them, whoever set them. Raises GocNhinError for what is rude.

        A site on this machine may be treated in any way.
        """
        if is_loopback(self.site):
            return
        jitter = settings.getfloat("DOWNLOAD_DELAY_JITTER") if settings.getbool("RANDOMIZE_DOWNLOAD_DELAY") else 0.0
        least = settings.getfloat("DOWNLOAD_DELAY") * (1 - jitter)
        if least < POLITE_SECONDS:
            raise _rude(f"requests might be {least:g} s apart, under {POLITE_SECONDS:g} s", "DOWNLOAD_DELAY")
        if not settings.getbool("ROBOTSTXT_OBEY") or settings["ROBOTSTXT_USER_AGENT"]:
            raise _rude("robots.txt would not be obeyed", "ROBOTSTXT_OBEY", "ROBOTSTXT_USER_AGENT")
        if 1 not in (settings.getint("CONCURRENT_REQUESTS"), settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")):
            raise _rude("several requests would be under way at once", "CONCURRENT_REQUESTS")
        if settings.getdict("DOWNLOAD_SLOTS"):
            raise _rude("a slot of its own would have other manners", "DOWNLOAD_SLOTS")
        if self.contact not in settings["USER_AGENT"]:
            raise _rude(f"the user agent would not name {self.contact}", "USER_AGENT")
        enabled = settings.getdict("DOWNLOADER_MIDDLEWARES")
        missing = [name for name in MIDDLEWARES if enabled.get(name) is None]
        if missing:
            raise _rude(f"{' and '.join(missing)} would be off", "DOWNLOADER_MIDDLEWARES")

    @property
    def user_agent(self) -> str:
        """Names the project and whom to write to."""
        return user_agent(self.contact)


def user_agent(contact: str) -> str:
    """The product and whom to write to."""
    return f"goc-nhin/0.1 (+{contact or 'replica on this machine'})"


def _rude(what: str, *names: str) -> GocNhinError:
    return GocNhinError(f"{what}, allowed on loopback only: leave {' and '.join(names)} as the project has it")


def _seconds(text: str | float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= SLOWEST_ALLOWED:
        raise GocNhinError(f"“{text}” is no delay: write seconds from 0 to {SLOWEST_ALLOWED:g}, like 3.0")
    return value
