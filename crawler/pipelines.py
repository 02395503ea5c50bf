"""Scrapy's item pipelines: what was read is validated, then put into the archive. Other spiders' items pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from crawler.article import Article
from crawler.errors import BadArticle
from crawler.items import ArticleItem
from crawler.responses import raw_page
from crawler.runs.captured import Captured
from crawler.spiders.goc_nhin import GocNhinSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

KEPT = ("new", "revised", "amended", "unchanged")
"""Outcomes of a page whose article is in the archive."""


class ValidationPipeline:
    """Turns an article that could not be exported and imported again into an error."""

    def process_item(self, item: Any) -> Any:
        """The item; its article is one that the public shape can hold."""
        if isinstance(item, ArticleItem) and item.article is not None:
            try:
                Article.from_dict(item.article.to_dict())
            except BadArticle as error:
                item.article, item.error = None, error
        return item


class ArchivePipeline:
    """Puts each page into the archive of the spider's run; what is no article there is dropped, its page kept."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """The item with its outcome. Raises DropItem for a page that is no article of ours."""
        spider = self.crawler.spider
        if not isinstance(item, ArticleItem):
            return item
        if isinstance(spider, GocNhinSpider) and spider.run:
            redirects = tuple(item.response.meta.get("redirect_urls", ()))
            page = raw_page(item.response)
            captured = Captured(item.number, page, redirects, item.validators, item.reading, item.error)
            item.outcome = spider.run.intake.capture(captured)
        if item.article is None or item.outcome not in ("", *KEPT):
            raise DropItem(f"{item.response.url}: {item.error or item.outcome}", log_level="INFO")
        return item
