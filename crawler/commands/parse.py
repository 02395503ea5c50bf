"""`scrapy parse`, which opens no archive."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.commands import parse


class Command(parse.Command):
    """As Scrapy's own, with the archive left alone."""

    default_settings: ClassVar[dict[str, Any]] = {**parse.Command.default_settings, "GOC_NHIN_ARCHIVE": False}
