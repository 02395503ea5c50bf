"""`scrapy shell`, which opens no archive."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.commands import shell


class Command(shell.Command):
    """As Scrapy's own, with the archive left alone."""

    default_settings: ClassVar[dict[str, Any]] = {**shell.Command.default_settings, "GOC_NHIN_ARCHIVE": False}
