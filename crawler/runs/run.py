"""One crawl's hold on a data directory: its lock, its archive and its report."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.archive.database import locked
from crawler.archive.frontier import Due
from crawler.dates import now
from crawler.errors import ArchiveError
from crawler.listings.listed import Source
from crawler.listings.plan import Options
from crawler.listings.sections import Section
from crawler.reading.layouts import Layouts
from crawler.runs.choice import Choice
from crawler.runs.coverage import fallen
from crawler.runs.intake import Intake
from crawler.runs.keeping import Keeper
from crawler.runs.report import Report


class Run:
    """A run from lock to report: what it asks for (`choice`), what becomes of the answers (`intake`), and the end.

    Raises Locked when another run holds the directory, ArchiveError when it cannot be used.
    """

    def __init__(
        self, data: Path, site: str, options: Options, sections: tuple[Section, ...], layouts: Layouts
    ) -> None:
        with ExitStack() as unfinished:
            unfinished.enter_context(locked(data))
            archive = unfinished.enter_context(Archive.open(data))
            self.site, self.archive, self.report = site, archive, Report()
            self._history = archive.crawls.history(now())
            self._crawl = archive.crawls.begin(now())
            self.choice = Choice(archive, self._crawl, options, sections, self.report)
            self.intake = Intake(archive, Keeper(archive, sections, layouts), self.report)
            self._started = time.monotonic()
            self._held = unfinished.pop_all()

    @property
    def stopped(self) -> str | None:
        """Why nothing more is asked; None while the run goes on."""
        return self.report.stopped

    def stop(self, reason: str) -> None:
        """Ask for nothing more in this run."""
        self.report.stop(reason)

    def refuse(self, reason: str) -> None:
        """Ask for nothing more, because the site wants it so: a person should know."""
        self.report.refuse(reason)

    def next_articles(self) -> list[Due]:
        """The next articles to ask for; empty when there are no more, or the run was stopped."""
        self.intake.save()
        return [] if self.stopped else self.choice.take()

    def source_failed(self, source: Source, reason: str) -> None:
        """A listing could not be had or read. Without the section's own a run is not finished."""
        self.report.failed(source, reason)
        if source == Source.SECTION:
            self.report.note_trouble(reason)

    def source_refused(self, source: Source) -> None:
        """A listing was refused even when asked again later. Without the section's own, a person should know."""
        self.report.refused = self.report.refused or source == Source.SECTION

    def close(self, requests: int, statuses: Mapping[str, int], interrupted: bool = False) -> None:
        """Write the report and let go of the lock; only an untroubled, uninterrupted run counts as finished."""
        report = self.report
        if interrupted:
            report.note_trouble("interrupted; the next run goes on from here")
        self.intake.save()
        report.requests, report.statuses = requests, dict(statuses)
        report.seconds = time.monotonic() - self._started
        report.fallen = fallen(report.coverage, self._history)
        report.first = not any(one.pages for one in self._history)
        try:
            with self._held:
                if report.trouble is None:
                    self.archive.crawls.finish(self._crawl, now(), self.choice.baselines())
                self.archive.crawls.keep_report(self._crawl, report.to_dict())
        except ArchiveError as error:
            report.note_trouble(str(error))
