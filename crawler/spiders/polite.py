"""What our spiders share: the site's manners as Scrapy's settings."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.exceptions import UsageError

from crawler.errors import GocNhinError
from crawler.manners import Manners


class PoliteSpider(Spider):
    """A spider of one site, which is not opened with settings that would be rude to it."""

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """Set the site's manners, and check those in force. Raises UsageError, which Scrapy tells in one line."""
        super().update_settings(settings)
        try:
            manners = Manners.read(settings["GOC_NHIN_SITE"], settings["GOC_NHIN_DELAY"])
            manners.apply(settings)
            manners.check(settings)
        except GocNhinError as error:
            raise UsageError(str(error), print_help=False) from error
