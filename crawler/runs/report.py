"""What a crawl did, as numbers and as a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from crawler.reading.doubts import Doubt
from crawler.runs.coverage import SURE, Coverage

QUARANTINE_SHARE = 0.05
"""Share of a run's pages in quarantine beyond which a person should look."""
MOST_REASONS = 200
"""Reasons, and disagreements, that a report lists; further ones are counted."""

DOUBTFUL_SHARE = 0.1
"""On a first crawl, which nothing can be held against: share of a layout's pages beyond which one should look."""
FAILED_SHARE = 0.05
"""Share of the pages asked for that could not be had, beyond which a person should look."""
CONTRADICTED_SHARE = 0.05
"""Share of the pages that the section lists and that say they are of another."""
MISSING_SHARE = 0.5
"""Share of the pages asked for that are listed, were never archived, and are gone."""

_SAID = ("new", "revised", "amended", "unchanged", "elsewhere", "gone", "quarantined", "failed")


@dataclass
class Report:
    """Counts of one run.

    `stopped` is why nothing more was asked, `trouble` why the run could not be finished. `refusals` are the pages the
    site kept to itself; `refused`: the run was given up because the site said no. `stood_in`: what was wrong with the
    section's own listings when sitemaps stood in for them. `fallen`: fields found much more seldom than in the month
    before. `doubts` counts by layout, field and code; `doubtful` lists articles with theirs. `first`: no earlier run
    covered any page. `listener` is told each name that is counted.
    """

    counts: Counter[str] = field(default_factory=Counter)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    fallen: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    unsaid: Counter[str] = field(default_factory=Counter)
    doubts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    doubtful: list[str] = field(default_factory=list)
    first: bool = False
    stopped: str | None = None
    trouble: str | None = None
    stood_in: str | None = None
    refusals: int = 0
    refused: bool = False
    requests: int = 0
    seconds: float = 0.0
    listener: Callable[[str], None] = lambda _: None

    def count(self, name: str) -> None:
        """Count one page, or one thing about it."""
        self.counts[name] += 1
        self.listener(name)

    def note_trouble(self, reason: str) -> None:
        """The run cannot do what it was asked; the first reason is the one told."""
        self.trouble = self.trouble or reason

    def stop(self, reason: str) -> None:
        """Ask for nothing more."""
        self.stopped = self.stopped or reason
        self.note_trouble(reason)

    def refuse(self, reason: str) -> None:
        """Ask for nothing more, because the site wants it so: a person should know."""
        self.stop(reason)
        self.refused = True

    def sitemaps_stood_in(self, complete: bool) -> None:
        """Sitemaps have been read in the place of the section's own listings."""
        found = self.sources.get("sitemap", {}).get("listed", 0)
        if found and complete and not self.stopped:
            self.stood_in, self.trouble = self.trouble, None

    def listed(self, source: str, listed: int, chosen: int) -> None:
        """Count what a source listed, and what of it was to be fetched."""
        told = self._source(source)
        told["listings"] += 1
        told["listed"] += listed
        told["chosen"] += chosen

    def failed(self, source: str, reason: str) -> None:
        """Note that a source failed; the first reason is the one told."""
        told = self._source(source)
        told["error"] = told["error"] or reason
        self.say(f"{source}: {reason}")

    def say(self, reason: str) -> None:
        """List a reason."""
        self._append("reasons", self.reasons, reason)

    def doubt(self, url: str, layout: str, doubts: Iterable[Doubt]) -> None:
        """Count what is doubtful about an article, and list it."""
        told = list(doubts)
        self.doubts.update((layout, doubt.field, doubt.code) for doubt in told)
        if told:
            self.counts["doubtful"] += 1
            self._append("doubtful", self.doubtful, f"{url}: {'; '.join(doubt.message for doubt in told)}")

    def disagree(self, difference: str) -> None:
        """List a difference between two sources."""
        self._append("disagreements", self.disagreements, difference)

    def _append(self, name: str, to: list[str], line: str) -> None:
        if len(to) < MOST_REASONS:
            to.append(line)
        else:
            self.unsaid[name] += 1

    def _source(self, name: str) -> dict[str, Any]:
        return self.sources.setdefault(name, {"listings": 0, "listed": 0, "chosen": 0, "error": None})

    @property
    def listings(self) -> int:
        """Listings read."""
        return sum(told["listings"] for told in self.sources.values())

    @property
    def pages(self) -> int:
        """Pages asked for, whatever became of them."""
        return sum(self.counts[name] for name in _SAID)

    @property
    def stored(self) -> int:
        """Articles new, revised or amended."""
        return self.counts["new"] + self.counts["revised"] + self.counts["amended"]

    @property
    def needs_person(self) -> str | None:
        """Why somebody should look at the run, None if all is well."""
        return "; ".join(self._complaints()) or None

    def _complaints(self) -> Iterator[str]:
        if self.refused and self.trouble:
            yield self.trouble
        asked = self.pages
        pages = asked - self.counts["failed"]
        failed, contradicted = self.counts["failed"], self.counts["contradicted"]
        if failed and not self.refused and (failed == asked or failed > FAILED_SHARE * asked):
            yield f"{failed} of {asked} pages could not be had; they stay on the list"
        if self.counts["missing"] > MISSING_SHARE * asked:
            yield f"{self.counts['missing']} of {asked} pages that are listed are said not to exist"
        if contradicted > CONTRADICTED_SHARE * pages:
            yield f"{contradicted} of {pages} pages that the section lists say they are of another: see their reasons"
        if self.counts["quarantined"] > QUARANTINE_SHARE * pages:
            yield f"{self.counts['quarantined']} of {pages} pages could not be read as articles: has the site changed?"
        if self.first and (doubted := list(self._doubted())):
            yield f"read with doubts: {'; '.join(doubted)}: see “goc-nhin status --doubts” and docs/layouts.md"
        if self.fallen:
            yield f"found more seldom than usual: has the site changed? {'; '.join(self.fallen)}"
        if self.stood_in:
            yield f"sitemaps stood in for the section's own listings: {self.stood_in}"
        if self.refusals:
            yield f"the site refused {self.refusals} pages even when asked again later; they stay on the list"

    def _doubted(self) -> Iterator[str]:
        """On a first crawl: layout and field of which more than a tenth is doubtful."""
        for (layout, name), pages in sorted(self.coverage.pages.items()):
            sure = self.coverage.found[layout, name]
            if name.endswith(SURE) and pages - sure > DOUBTFUL_SHARE * pages:
                yield f"{layout}: {name.removesuffix(SURE).strip()} on {pages - sure} of {pages} pages"

    def to_dict(self) -> dict[str, Any]:
        """The report's JSON."""
        return {
            "finished": self.trouble is None,
            "trouble": self.trouble,
            "needs_person": self.needs_person,
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            **{name: self.counts[name] for name in (*_SAID, "contradicted", "doubtful")},
            "sources": self.sources,
            "statuses": self.statuses,
            "coverage": self.coverage.to_dict(),
            "rules": self.coverage.rules_to_dict(),
            "fallen": self.fallen,
            "doubts": self.doubts_to_dict(),
            "doubts_of": self.doubtful,
            "disagreements": self.disagreements,
            "reasons": self.reasons,
            "unsaid": dict(self.unsaid),
        }

    def doubts_to_dict(self) -> dict[str, dict[str, dict[str, int]]]:
        """Layout → field → code → articles."""
        told: dict[str, dict[str, dict[str, int]]] = {}
        for (layout, name, code), articles in sorted(self.doubts.items()):
            told.setdefault(layout, {}).setdefault(name, {})[code] = articles
        return told

    def summary(self) -> str:
        """One line for people."""
        said = ", ".join(f"{self.counts[name]} {name}" for name in _SAID if self.counts[name])
        nothing = "nothing new" if not self.stored else ""
        differing = len(self.disagreements) + self.unsaid["disagreements"]
        differs = f"sources disagree {differing} times" if differing else ""
        doubtful = f"{self.counts['doubtful']} read with doubts" if self.counts["doubtful"] else ""
        said = "; ".join(filter(None, (nothing, said, doubtful, differs)))
        return f"{said} ({self.requests} requests, {self.seconds:.1f} s)"
