"""Moments as the newspaper prints them, in Hanoi time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from crawler.characters import nfc
from crawler.errors import BadDate

HANOI = timezone(timedelta(hours=7))
"""UTC+7 without daylight saving, so since 13 June 1975 (IANA tz database, Asia/Ho_Chi_Minh)."""

EARLIEST, LATEST = 1990, 2099
"""Years an article may carry; anything else is a slip of the page."""

_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*(?:[:hg]|giờ)\s*(\d{2})(?::(\d{2}))?(?!\d)(?:\s*(AM|PM|SA|CH)\b)?")
"""The last part is the half of the day: SA (sáng) is AM, CH (chiều) PM."""
_BARE_OFFSET = re.compile(r"([+-]\d{2})$")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_MILLISECONDS = re.compile(r"/Date\((-?\d{1,15})\)/")


def now() -> datetime:
    """The time in Hanoi, to the second."""
    return datetime.now(HANOI).replace(microsecond=0)


def parse_time(text: str) -> datetime:
    """A moment from any form the site is known to use, as Hanoi time.

    ISO 8601, `/Date(ms)/`, RFC 822, and day-month-year with the hour before or after it and noise around both
    ("Ngày đăng : 06:11, 05/03/2021 |"). Only what is left goes to dateparser. Raises BadDate.
    """
    text = nfc(" ".join(text.split()))
    try:
        moment = _iso(text) or _day_and_clock(text) or _milliseconds(text) or _rfc822(text) or _in_words(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not EARLIEST <= moment.year <= LATEST:
        raise BadDate(f"no date in “{text[:80]}”")
    return moment


def has_clock(text: str) -> bool:
    """Whether a line names a day and an hour in figures, in whichever order."""
    day = _DAY.search(text)
    return bool(day and _CLOCK.search(text[: day.start()] + " " + text[day.end() :]))


def _local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=HANOI) if moment.tzinfo is None else moment.astimezone(HANOI)


def _iso(text: str) -> datetime | None:
    return _local(datetime.fromisoformat(text)) if _ISO.fullmatch(text) else None


def _day_and_clock(text: str) -> datetime | None:
    day = _DAY.search(text)
    if not day:
        return None
    clock = _CLOCK.search(text[: day.start()] + " " + text[day.end() :])
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3]) if clock else (0, 0, 0)
    if clock and clock[4] and hour <= 12:
        hour = hour % 12 + (12 if clock[4] in ("PM", "CH") else 0)
    return datetime(int(day[4]), int(day[3]), int(day[1]), hour, minute, second, tzinfo=HANOI)


def _milliseconds(text: str) -> datetime | None:
    found = _MILLISECONDS.fullmatch(text)
    return datetime.fromtimestamp(int(found[1]) / 1000, UTC).astimezone(HANOI) if found else None


def _rfc822(text: str) -> datetime | None:
    try:
        return _local(parsedate_to_datetime(_BARE_OFFSET.sub(r"\g<1>00", text)))  # "+07" is read as seven minutes
    except (ValueError, TypeError, IndexError):
        return None


def _in_words(text: str) -> datetime | None:
    if not text or len(text) > 80:
        return None
    settings = {"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    import dateparser  # takes longer to load than anything else here, and is seldom asked

    moment = dateparser.parse(text, languages=["vi"], settings=settings)
    return _local(moment) if moment else None
