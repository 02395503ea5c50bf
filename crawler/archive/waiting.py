"""When an article is asked for again: corrections after a share of its age, failures ever later. Pure."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

YOUNGEST_RECHECK = timedelta(hours=1)
RECHECK_SHARE = 0.1
"""An article is asked for again after a tenth of its age, but not within the hour: what is old is seldom corrected."""

PATIENCE = 3
"""Runs that ask for an article in vain before it is let wait: two hours, then four, at most LONGEST_WAIT."""
LONGEST_WAIT = timedelta(days=7)


def waits(attempts: int, tried_at: str | None, now: str) -> bool:
    """Whether an article that failed so often is not to be asked for yet."""
    if attempts <= PATIENCE or tried_at is None:
        return False
    wait = min(LONGEST_WAIT, timedelta(hours=2 ** min(attempts - PATIENCE, 10)))
    passed = datetime.fromisoformat(now) - datetime.fromisoformat(tried_at)
    return timedelta(0) <= passed < wait  # a time to come was noted by a clock that was wrong


def overdue(checked_at: str, listed_at: str | None, now: str) -> float:
    """How long ago an article was asked for, in spans after which it is due."""
    moment = datetime.fromisoformat(now)
    if datetime.fromisoformat(checked_at) > moment:
        return math.inf  # noted by a clock that was wrong
    age = moment - datetime.fromisoformat(listed_at or now)
    return (moment - datetime.fromisoformat(checked_at)) / max(YOUNGEST_RECHECK, age * RECHECK_SHARE)
