"""What a crawl did, as numbers and as a sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

QUARANTINE_SHARE = 0.05
"""Share of a run's pages in quarantine beyond which a person should look."""

_SAID = ("new", "revised", "amended", "unchanged", "elsewhere", "gone", "quarantined", "failed")


@dataclass
class Report:
    """Counts of one run. `trouble` is why it could not be finished, `refusals` the pages the site kept to itself.

    `refused`: the run was given up because the site said no.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    trouble: str | None = None
    refusals: int = 0
    refused: bool = False
    requests: int = 0
    seconds: float = 0.0

    @property
    def stored(self) -> int:
        """Articles new, revised or amended."""
        return self.counts["new"] + self.counts["revised"] + self.counts["amended"]

    @property
    def needs_person(self) -> str | None:
        """Why somebody should look at the run, None if all is well."""
        if self.refused:
            return self.trouble
        pages = sum(self.counts.values()) - self.counts["failed"]
        if self.counts["quarantined"] > QUARANTINE_SHARE * pages:
            return f"{self.counts['quarantined']} of {pages} pages could not be read as articles: has the site changed?"
        if self.refusals:
            return f"the site refused {self.refusals} pages even when asked again later; they stay on the list"
        return None

    def to_dict(self) -> dict[str, Any]:
        """The report's JSON."""
        return {
            "finished": self.trouble is None,
            "trouble": self.trouble,
            "needs_person": self.needs_person,
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            **{name: self.counts[name] for name in _SAID},
            "reasons": self.reasons,
        }

    def summary(self) -> str:
        """One line for people."""
        said = ", ".join(f"{self.counts[name]} {name}" for name in _SAID if self.counts[name])
        nothing = "nothing new" if not self.stored else ""
        return f"{'; '.join(filter(None, (nothing, said)))} ({self.requests} requests, {self.seconds:.1f} s)"
