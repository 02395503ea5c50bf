"""The settings: one table, read from the environment, overruled by options."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import GocNhinError
from crawler.reading.layouts import Layouts, read_layouts
from crawler.sections import GOC_NHIN, Section, parse_sections
from crawler.urls import PAPER, is_loopback, parse_site

SLOWEST_ALLOWED = 3600.0
LOOPBACK_CONNECTIONS = 4
"""At once, to this machine and without a delay only: every other site gets one."""
POLITE_SECONDS = 1.0
"""The least delay between requests to a host that is not this machine."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default, its unit or form, and what it is for."""

    name: str
    default: str
    form: str
    purpose: str

    @property
    def value(self) -> str:
        """What the environment says, else the default."""
        return os.environ.get(self.name) or self.default


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("GOC_NHIN_DATA", "data", "directory", "where archive and index live"),
        Setting("GOC_NHIN_SITE", PAPER, "scheme://host[:port]", "the site to crawl"),
        Setting("GOC_NHIN_CONTACT", "", "e-mail or address", "goes into the user agent; needed for any real site"),
        Setting("GOC_NHIN_DELAY", "3.0", "seconds", "between two requests; under 1 only on this machine"),
        Setting("GOC_NHIN_SECTIONS", GOC_NHIN.slug, "names in addresses, between commas", "the sections to crawl"),
        Setting("GOC_NHIN_LAYOUTS", "", "TOML file", "adds to or overrides the layouts, see docs/layouts.md"),
        Setting("GOC_NHIN_RATE_LIMIT", "60/minute", "rate, or off", "requests the app answers to one address"),
        Setting("GOC_NHIN_HOSTS", "", "names between commas", "host names the app answers to; empty: any"),
        Setting("GOC_NHIN_PROXIES", "0", "number", "proxies before the app whose X-Forwarded headers are believed"),
        Setting("GOC_NHIN_SEARCH", "whoosh", "whoosh", "what searches; nothing else is there yet"),
        Setting("GOC_NHIN_FULLTEXT", "all", "all or local", "who is given full texts; local: private networks only"),
    )
}


def setting(name: str) -> str:
    """The value of one of SETTINGS."""
    return SETTINGS[name].value


def data_directory() -> Path:
    """Where archive and index live."""
    return Path(setting("GOC_NHIN_DATA"))


def sections() -> tuple[Section, ...]:
    """The sections to crawl. Raises GocNhinError."""
    return parse_sections(setting("GOC_NHIN_SECTIONS"))


def layouts() -> Layouts:
    """The package's layouts with those of GOC_NHIN_LAYOUTS. Raises BadLayouts."""
    extra = setting("GOC_NHIN_LAYOUTS")
    return read_layouts(Path(extra)) if extra else read_layouts()


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
        manners = cls(
            origin, _seconds(setting("GOC_NHIN_DELAY") if delay is None else delay), setting("GOC_NHIN_CONTACT")
        )
        if not is_loopback(origin):
            if manners.delay < POLITE_SECONDS:
                raise GocNhinError(
                    f"a delay of {manners.delay:g} s is under {POLITE_SECONDS:g} s, allowed on loopback only"
                )
            if not manners.contact:
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

    @property
    def user_agent(self) -> str:
        """Names the project and whom to write to."""
        return f"goc-nhin/0.1 (+{self.contact or 'replica on this machine'})"


def _seconds(text: str | float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= SLOWEST_ALLOWED:
        raise GocNhinError(f"“{text}” is no delay: write seconds from 0 to {SLOWEST_ALLOWED:g}, like 3.0")
    return value
