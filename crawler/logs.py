"""What is said while a command runs: plain lines for people, or JSON for machines, a line each; always to stderr."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from typing import Literal

from crawler.dates import HANOI

Format = Literal["text", "json"]
OURS = "goc_nhin"
"""The logger of what commands say; Scrapy's own lines come from others."""
ACCESS = f"{OURS}.access"
"""The logger of the search app's requests."""


class JsonLines(logging.Formatter):
    """`{"time": ISO 8601, "level": …, "logger": …, "message": …}`, with `exception` and `fields` if any."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "time": datetime.fromtimestamp(record.created, HANOI).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(form: Format = "text") -> None:
    """Set up what `say` writes to, anew if need be."""
    _replace_handler(logging.getLogger(OURS), JsonLines() if form == "json" else logging.Formatter("%(message)s"))
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.getLogger(OURS).propagate = False


def configure_scrapy(form: Format, level: int) -> None:
    """Let Scrapy's lines from `level` on through, in this form."""
    people = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    _replace_handler(logging.getLogger(), JsonLines() if form == "json" else people).setLevel(level)


def say(text: str, level: int = logging.INFO) -> None:
    """A line for people."""
    logging.getLogger(OURS).log(level, "%s", text)


def _replace_handler(logger: logging.Logger, formatter: logging.Formatter) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logger.handlers[:] = [handler]
    return handler
