"""Reading every archived page again with today's layouts, without a network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from urllib.parse import urlsplit

from tqdm import tqdm

from crawler.archive import Archive
from crawler.article import SECTION, Article
from crawler.errors import GocNhinError
from crawler.frontier import Frontier
from crawler.page import Reading, read_page
from crawler.warc import RawPage

_THE_ARCHIVES = frozenset({"id", "url", "aliases", "captured_at", "revision"})
"""Fields that a page read alone does not settle."""


@dataclass
class Replay:
    """What came of it: pages read as before, revisions mended (and by field), pages freed from quarantine.

    `lost` names pages that were readable once and are no longer; what was read from them then is kept.
    """

    same: int = 0
    mended: int = 0
    freed: int = 0
    by_field: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """One line for people."""
        changed = ", ".join(f"{count} {name}" for name, count in sorted(self.by_field.items()))
        mended = f"{self.mended} mended ({changed})" if self.mended else "none mended"
        return f"{self.same} read as before, {mended}, {self.freed} freed from quarantine, {len(self.lost)} lost"


def replay(archive: Archive) -> Replay:
    """Read all raw pages again. Revisions stay: what is mended is how they were read, not what was printed."""
    result = Replay()
    _read_revisions(archive, result)
    _read_quarantine(archive, result)
    return result


def read_again(page: RawPage) -> Reading:
    """What a page kept from any site says today. Raises GocNhinError."""
    parts = urlsplit(page.url)
    return read_page(page.body, page.url, page.header("Content-Type"), f"{parts.scheme}://{parts.netloc}")


def _read_revisions(archive: Archive, result: Replay) -> None:
    kept = [(number, one.revision) for number in archive.ids() for one in archive.revisions(number)]
    for number, revision in tqdm(kept, desc="replay", unit=" pages", disable=None, leave=False):
        old = next(one for one in archive.revisions(number) if one.revision == revision)
        page = None
        try:
            page = archive.raw_page(number, revision)
            if page is None:
                continue
            reading = read_again(page)
        except GocNhinError as error:
            result.lost.append(f"{page.url if page else old.url}: {error}")
            continue
        new = replace(reading.article, **{name: getattr(old, name) for name in _THE_ARCHIVES})
        changed = [entry.name for entry in fields(Article) if getattr(new, entry.name) != getattr(old, entry.name)]
        result.by_field.update(changed)
        result.mended += bool(changed)
        result.same += not changed
        if changed:
            archive.mend(new, reading.rules)


def _read_quarantine(archive: Archive, result: Replay) -> None:
    frontier = Frontier(archive)
    for number, page in frontier.quarantined_pages():
        try:
            reading = read_again(page)
        except GocNhinError:
            continue
        ours = reading.article.section.casefold() == SECTION.casefold()
        frontier.release(number, reading if ours else None, page)
        result.freed += 1
