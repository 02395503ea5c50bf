"""Whose article a page is: under which id it is kept, and what it was known by before."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.archive.reader import ArchiveReader
from crawler.article import Article
from crawler.characters import letters
from crawler.errors import OtherArticle, OutOfScope
from crawler.markup.metadata import names_title, same_title
from crawler.reading.doubts import Doubt
from crawler.reading.page import Reading
from crawler.runs.captured import Captured, origin
from crawler.urls import article_address

FEWEST_WORDS = 3
"""Words of an address' slug that tell a headline."""
_SAME_BEGINNING = 200
"""Letters at the beginning of two texts by which they are the same article's."""


class Identity:
    """Tells whose articles pages are, by what an archive knows."""

    def __init__(self, archive: ArchiveReader) -> None:
        self._archive = archive

    def identified(self, reading: Reading, captured: Captured) -> tuple[Article, tuple[Doubt, ...]]:
        """The article under its own id, joined with what it was before only where title or text agree."""
        article, doubts, number = reading.article, reading.doubts, captured.number
        stated, own = reading.stated, article.id
        if stated is not None and own < 0 < stated.id and self._agrees(stated.id, article):
            article = replace(article, id=stated.id, url=stated.url, aliases=(own,))
            doubts = tuple(doubt for doubt in doubts if doubt.code != "other_address")
        elif article.aliases and self._denies(article.id, article):
            other = article_address(captured.page.url, origin(captured.page.url))
            doubts = (*doubts, Doubt("url", "other_address", article.url))
            article = replace(article, id=other.id, url=other.url, aliases=())
        if article.id != number and number not in article.aliases and self._led_wrongly(number, article):
            raise OtherArticle(f"asked for as {number}, it leads to a different article, {article.url}")
        former = {alias for alias in self._former_ids(captured, article) if self._led_rightly(alias, article)}
        aliases = tuple(alias for alias in dict.fromkeys((*article.aliases, *sorted(former))) if alias != article.id)
        return replace(article, aliases=aliases), doubts

    def _agrees(self, number: int, article: Article) -> bool:
        """Whether the archive knows an id as this article."""
        known = self._archive.get(number)
        return known is not None and _same(known, article)

    def _denies(self, number: int, article: Article) -> bool:
        """Whether the archive knows an id as a different article."""
        known = self._archive.get(number)
        return known is not None and not _same(known, article)

    def _led_rightly(self, number: int, article: Article) -> bool:
        """Whether an address that was left by a redirect is known to be this article's."""
        known = self._archive.get(number)
        if known is not None:
            return _same(known, article)
        title, slug = self._said_of(number)
        return same_title(title, article.title) or names_title(slug, article.title)

    def _led_wrongly(self, number: int, article: Article) -> bool:
        """Whether it is known to be another's. Of an old address that is a bare number nothing may be known."""
        known = self._archive.get(number) is not None or any(self._said_of(number))
        return known and not self._led_rightly(number, article)

    def _said_of(self, number: int) -> tuple[str, str]:
        """The title under which an address was listed, and its slug; "" for one too short to tell anything."""
        mention, url = self._archive.frontier.mention(number), self._archive.frontier.url(number)
        slug = re.sub(r"-?\d+$", "", url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html"))
        title = mention.title if mention else ""
        telling = [said if len(re.findall(r"[^\W_]+", said)) >= FEWEST_WORDS else "" for said in (title, slug)]
        return telling[0], telling[1]

    def _former_ids(self, captured: Captured, article: Article) -> set[int]:
        ids = {captured.number} if captured.number < 0 else set()
        for url in captured.redirects:
            try:
                ids.add(article_address(url, origin(url)).id)
            except OutOfScope:
                continue
        return {number for number in ids if number < 0} - {article.id, *article.aliases}


def _same(one: Article, other: Article) -> bool:
    first, second = letters(one.text), letters(other.text)
    return same_title(one.title, other.title) or first[:_SAME_BEGINNING] == second[:_SAME_BEGINNING]
