"""What the spider yields: a page as it was read. ItemAdapter understands it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from scrapy.http import Response

from crawler.archive.frontier import NO_VALIDATORS, Validators
from crawler.article import Article
from crawler.listings.sections import Section
from crawler.reading.doubts import Doubt
from crawler.reading.page import Reading
from crawler.urls import Address

EXPORTED = ("article", "layout", "rules", "doubts", "error")
"""The fields that `-o` writes: what `goc-nhin read` prints of a page."""


def _shown(article: Article | None) -> dict[str, Any] | None:
    return article.to_dict() if article else None


def _listed(doubts: Iterable[Doubt]) -> list[dict[str, str]]:
    return [doubt.to_dict() for doubt in doubts]


def _told(error: Exception | None) -> str | None:
    return str(error) if error else None


@dataclass(slots=True)
class ArticleItem:
    """A page, the article read from it and how it was read.

    `number` is the article that was asked for, `response` the page as it came, `validators` the ETag and Last-Modified
    it came with. `article` is None where the page is not to be read as one; `error` then says why. `rules`, `checks`,
    `doubts`, `section` and `stated` are as in `reading.page.Reading`. `outcome` is the name under which the archive
    counted the page, "" before it was put there.
    """

    number: int
    response: Response
    validators: Validators = NO_VALIDATORS
    article: Article | None = field(default=None, metadata={"serializer": _shown})
    layout: str = ""
    rules: Mapping[str, str] = field(default_factory=dict, metadata={"serializer": dict})
    checks: Mapping[str, bool] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = field(default=(), metadata={"serializer": _listed})
    section: Section | None = None
    stated: Address | None = None
    error: Exception | None = field(default=None, metadata={"serializer": _told})
    outcome: str = ""

    @classmethod
    def read(cls, number: int, response: Response, validators: Validators, reading: Reading) -> Self:
        """A page that was read as an article."""
        return cls(
            number,
            response,
            validators,
            reading.article,
            reading.article.layout,
            reading.rules,
            reading.checks,
            reading.doubts,
            reading.section,
            reading.stated,
        )

    @property
    def reading(self) -> Reading | None:
        """The same without the page; None where it was not read."""
        if self.article is None:
            return None
        return Reading(self.article, self.rules, self.checks, self.doubts, self.section, self.stated)
