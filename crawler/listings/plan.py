"""Which listed articles a crawl asks for, and when it has walked far enough. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from crawler.dates import HANOI
from crawler.errors import GocNhinError
from crawler.listings.listed import Listed

FIRST_TIME = 200
"""Articles the first crawl takes when nothing else is asked."""
LOOK_BACK = timedelta(days=7)
"""How far before the last finished crawl's newest article a run still looks: listings lag behind publishing times."""


PINNED = 3
"""So many of a listing's last times must lie before what is looked for: an older piece may be pinned among them."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a crawl was asked for. Both dates are included; `limit` counts article pages."""

    since: date | None = None
    until: date | None = None
    full: bool = False
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise GocNhinError(f"--since {self.since} is later than --until {self.until}: swap them")

    @property
    def restricted(self) -> bool:
        """Whether a run leaves newer articles out on purpose, so that no later run may start from it."""
        return bool(self.since or self.until or self.limit is not None)


@dataclass
class Plan:
    """One crawl's choices in one section.

    `known` tells whether an id needs no fetching; `baseline` is the last finished crawl's. `asked` counts the articles
    chosen, `asked_elsewhere` those of other sections that count towards the same limit.
    """

    options: Options
    baseline: datetime | None
    known: Callable[[int], bool]
    asked: int = 0
    asked_elsewhere: int = 0
    newest: datetime | None = field(default=None)

    def choose(self, listed: Iterable[Listed]) -> list[Listed]:
        """Those to fetch, as many as the limit leaves room for."""
        chosen = []
        for item in listed:
            self._notice(item.published_at)
            if not self.is_full() and self._wanted(item):
                chosen.append(item)
                self.asked += 1
        return chosen

    def room(self) -> int | None:
        """How many more articles the run may ask for; None: as many as there are."""
        limit = self.options.limit
        if limit is None and self.baseline is None and not self.options.full and not self.options.since:
            limit = FIRST_TIME
        return None if limit is None else max(0, limit - self.asked - self.asked_elsewhere)

    def is_full(self) -> bool:
        """Whether the run has asked for as many articles as it may."""
        return self.room() == 0

    def goes_on(self, listed: Iterable[Listed]) -> bool:
        """Whether what comes after these, the listing being newest first, may still be wanted."""
        if self.is_full():
            return False
        listed = tuple(listed)
        times = [item.published_at for item in listed if item.published_at]
        horizon = self.horizon()
        if horizon is None:
            return True
        if not times:
            return any(not self.known(item.address.id) for item in listed)
        return max(times[-PINNED:]) >= horizon

    def horizon(self) -> datetime | None:
        """The time before which nothing is looked for; None: back to the first article."""
        if self.options.since:
            return midnight(self.options.since)
        if self.options.full or self.baseline is None:
            return None
        return self.baseline - LOOK_BACK

    def _wanted(self, item: Listed) -> bool:
        if self.known(item.address.id):
            return False
        horizon = self.horizon()
        moment, until = item.published_at, self.options.until
        if moment is None:
            return True
        return (horizon is None or moment >= horizon) and (until is None or moment.date() <= until)

    def _notice(self, moment: datetime | None) -> None:
        if moment and (self.newest is None or moment > self.newest):
            self.newest = moment


def midnight(day: date) -> datetime:
    """When a day begins in Hanoi."""
    return datetime.combine(day, datetime.min.time(), HANOI)
