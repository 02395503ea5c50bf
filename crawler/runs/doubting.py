"""What is doubtful about an article from the outside: by its listing, the clock, and the other articles there are."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Iterator
from datetime import timedelta

from crawler.archive.paragraphs import with_digests
from crawler.archive.reader import ArchiveReader
from crawler.archive.warc import RawPage
from crawler.article import Article
from crawler.reading.doubts import Doubt, distinct
from crawler.reading.page import Reading
from crawler.runs.coverage import compare

AHEAD = timedelta(hours=1)
"""By how much the site's clock may be ahead of ours before a time is in the future."""
SEVERAL = 2
"""Other articles that hold the same paragraph from which it is taken for a box."""
USUAL_OF = 200
"""Articles whose length tells what is usual in a section…"""
USUAL_FROM = 20
"""…if there are so many."""
SHORT, LONG = 0.2, 6.0
"""Of the usual length: a text beyond these is in doubt."""


class OutsideDoubts:
    """Holds articles against what an archive knows."""

    def __init__(self, archive: ArchiveReader) -> None:
        self._archive = archive
        self._lengths: dict[str, deque[int]] = {}

    def read_again(self, reading: Reading, article: Article, page: RawPage) -> tuple[Doubt, ...]:
        """What is doubtful about an archived article whose page was read again."""
        mention = self._archive.frontier.mention(article.id) or next(
            (said for alias in article.aliases if (said := self._archive.frontier.mention(alias))), None
        )
        outside = self.of(article, page, compare(article, mention) if mention else {})
        kept = [doubt for doubt in self._archive.doubts(article.id, article.revision) if doubt.code == "unsteady"]
        own = [doubt for doubt in reading.doubts if doubt.field != "url" or article.id == reading.article.id]
        return distinct((*own, *outside, *kept))

    def of(self, article: Article, page: RawPage, listed: dict[str, bool]) -> Iterator[Doubt]:
        """The doubts about an article read from a page; `listed` tells whether its listing agrees (`compare`)."""
        for name, agrees in listed.items():
            if not agrees:
                field = "title" if name.startswith("title") else "published_at"
                yield Doubt(field, "listing", name.rsplit(" ", 1)[-1])
        if article.published_at > page.captured_at + AHEAD:
            yield Doubt("published_at", "future", f"{article.published_at:%d/%m/%Y}")
        if detail := self._unusual(article):
            yield Doubt("text", "length", detail)
        repeated = self.repeated(article)
        if repeated:
            yield Doubt("text", "repeated", next(iter(repeated))[:80])

    def _unusual(self, article: Article) -> str:
        lengths = self._lengths.get(article.section)
        if lengths is None:
            known = self._archive.lengths(article.section, USUAL_OF)
            lengths = self._lengths[article.section] = deque(known, USUAL_OF)
        usual = statistics.median(lengths) if len(lengths) >= USUAL_FROM else 0
        lengths.append(len(article.text))
        if usual and not SHORT * usual <= len(article.text) <= LONG * usual:
            return f"{len(article.text)} characters, usual are {usual:.0f}"
        return ""

    def repeated(self, article: Article) -> dict[str, list[int]]:
        """The paragraphs that stand in several other articles, and in which; nothing for a reprint of a whole one."""
        paragraphs = with_digests(article.text)
        found = {}
        for digest, paragraph in paragraphs.items():
            own = {article.id, *article.aliases}
            others = [number for number in self._archive.printing(digest, 20) if number not in own]
            if len(others) >= SEVERAL:
                found[paragraph] = others
        return found if 2 * len(found) < len(paragraphs) or len(paragraphs) == 1 else {}
