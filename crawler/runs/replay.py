"""Reading every archived page again with today's layouts, without a network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace

from tqdm import tqdm

from crawler.archive.archive import Archive
from crawler.article import Article
from crawler.errors import GocNhinError
from crawler.listings.sections import Section
from crawler.reading.layouts import Layouts
from crawler.runs.captured import Captured
from crawler.runs.keeping import Keeper

_THE_ARCHIVES = frozenset({"id", "url", "aliases", "captured_at", "revision"})
"""Fields that a page read alone does not settle."""


@dataclass
class Replay:
    """What came of it: pages read as before, revisions mended (and by field), pages freed from quarantine.

    `cleared` and `doubted` count revisions that lost their last doubt, or got a first one.

    `lost` names pages that were readable once and are no longer; what was read from them then is kept.
    """

    same: int = 0
    mended: int = 0
    freed: int = 0
    cleared: int = 0
    doubted: int = 0
    by_field: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """One line for people."""
        changed = ", ".join(f"{count} {name}" for name, count in sorted(self.by_field.items()))
        mended = f"{self.mended} mended ({changed})" if self.mended else "none mended"
        said = [f"{self.same} read as before", mended, f"{self.freed} freed from quarantine", f"{len(self.lost)} lost"]
        said += [f"{self.cleared} without doubt now"] if self.cleared else []
        said += [f"{self.doubted} in doubt now"] if self.doubted else []
        return ", ".join(said)


def replay(archive: Archive, sections: tuple[Section, ...], layouts: Layouts) -> Replay:
    """Read all raw pages again. Revisions stay: what is mended is how they were read, not what was printed."""
    result, keeper = Replay(), Keeper(archive, sections, layouts)
    _read_revisions(archive, keeper, result)
    _read_kept(keeper, result)
    return result


def _read_revisions(archive: Archive, keeper: Keeper, result: Replay) -> None:
    kept = [(number, one.revision) for number in archive.ids() for one in archive.revisions(number)]
    for number, revision in tqdm(kept, desc="replay", unit=" pages", disable=None, leave=False):
        old = next(one for one in archive.revisions(number) if one.revision == revision)
        page = None
        try:
            page = archive.pages.of(number, revision)
            if page is None:
                continue
            reading = keeper.read(page)
        except GocNhinError as error:
            result.lost.append(f"{page.url if page else old.url}: {error}")
            continue
        new = replace(reading.article, **{name: getattr(old, name) for name in _THE_ARCHIVES})
        if not new.section:
            new = replace(new, section=old.section)
        changed = [entry.name for entry in fields(Article) if getattr(new, entry.name) != getattr(old, entry.name)]
        before, after = archive.doubts(number, revision), keeper.outside.read_again(reading, new, page)
        result.by_field.update(changed)
        result.mended += bool(changed)
        result.same += not changed
        result.cleared += bool(before and not after)
        result.doubted += bool(after and not before)
        if changed or before != after:
            archive.mend(new, reading.rules, after)


def _read_kept(keeper: Keeper, result: Replay) -> None:
    for number, page in keeper.frontier.kept_pages():
        try:
            kept = keeper.keep(Captured(number, page))
        except GocNhinError:
            continue
        result.freed += kept.reading is not None or kept.outcome == "elsewhere"
