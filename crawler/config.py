"""The settings: one table, read from the environment, overruled by options."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from crawler.listings.sections import GOC_NHIN, Section, parse_sections
from crawler.reading.layouts import Layouts, read_layouts
from crawler.urls import PAPER


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
        Setting(
            "GOC_NHIN_RATE_STORAGE", "memory://", "address", "where several app servers count them, redis://host:6379"
        ),
        Setting("GOC_NHIN_HOSTS", "", "names between commas", "host names the app answers to; empty: any"),
        Setting("GOC_NHIN_PROXIES", "0", "number", "proxies before the app whose X-Forwarded headers are believed"),
        Setting("GOC_NHIN_SEARCH", "whoosh", "whoosh, or addresses", "what searches; a cluster’s, see docs/scale.md"),
        Setting("GOC_NHIN_SEARCH_USER", "", "name", "who asks the cluster"),
        Setting("GOC_NHIN_SEARCH_PASSWORD", "", "text", "and with which password; never shown"),
        Setting("GOC_NHIN_SEARCH_CA", "", "file", "certificates by which the cluster is believed; empty: the system's"),
        Setting("GOC_NHIN_PAPER", "Hà Nội Mới", "name", "what citations call the newspaper; it writes itself Hànộimới"),
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
