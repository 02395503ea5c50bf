"""Spans of days as people write them, in figures and in Vietnamese words, with or without marks; days are Hanoi's."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crawler.errors import BadDate

YEARS = range(1000, 3000)
"""Years a period may be of; any other number of four digits is none."""
CENTURY_TURNS = 70
"""A year of two digits from here on is of the twentieth century."""

_DAY, _MONTH, _YEAR = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", r"(?P<y>\d{4})"
_QUARTER = r"quy\s+(?P<q>iv|i{1,3}|[1-4])\s*(?:[/-]|nam\b)?\s*"
_NAMED_MONTH = rf"thang\s+{_MONTH}"
_SAID = (
    rf"(?:ngay\s+)?{_DAY}(?P<sign>[/.-]){_MONTH}(?P=sign){_YEAR}",
    rf"(?:ngay\s+)?{_DAY}\s+{_NAMED_MONTH}(?:\s*[/,-]\s*|,?\s+nam\s+){_YEAR}",
    rf"{_NAMED_MONTH}(?:\s*[/,.-]\s*|,?\s+nam\s+){_YEAR}",
    rf"{_MONTH}/{_YEAR}",
    rf"{_QUARTER}{_YEAR}",
    rf"nam\s+{_YEAR}",
)
"""Forms that can only be a date, wherever they stand."""
_GIVEN = (
    *_SAID,
    rf"{_YEAR}(?P<sign>[/.-]){_MONTH}(?P=sign){_DAY}",
    rf"{_DAY}(?P<sign>[/.-]){_MONTH}(?P=sign)(?P<yy>\d{{2}})",
    r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})",
    rf"{_YEAR}[/.-]{_MONTH}",
    rf"{_MONTH}[.-]{_YEAR}",
    _YEAR,
)
"""Forms that are a date where one is expected."""
_FORMS = tuple(re.compile(form, re.ASCII) for form in _GIVEN)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def _unnamed(form: str) -> str:
    """A form for use within another, without names of groups."""
    return re.sub(r"\(\?P<\w+>", "(?:", form.replace("(?P<sign>[/.-])", "[/.-]").replace("(?P=sign)", "[/.-]"))


_ANY = "|".join(map(_unnamed, _SAID))
_TO = r"(?:den|toi)(?:\s+het)?"
_BETWEEN = re.compile(rf"(?:tu\s+|giai\s+doan\s+)?(?P<first>.*?\S)(?:\s*(?:\.\.|–)\s*|\s+{_TO}\s+)(?P<last>\S.*)")
_TWO_YEARS = re.compile(r"(?:giai\s+doan\s+)?(?P<first>(?:nam\s+)?\d{4})\s*[-–]\s*(?P<last>\d{4})")
_FOUND = re.compile(
    rf"(?<![\w/.-])(?:"
    rf"tu\s+(?:{_ANY}|\d{{4}})\s+{_TO}\s+(?:{_ANY}|\d{{4}})"
    rf"|(?:giai\s+doan\s+|nam\s+)?(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d"
    rf"|{_ANY})(?![\w/-]|\.\d)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in Hanoi, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Mention:
    """A period named in a text, from `start` to `end`."""

    start: int
    end: int
    period: Period


def parse_period(text: str) -> Period:
    """The days that a text names; raises BadDate, which says what can be written.

    `2021-03-05`, `2021/03/05`, `5/3/2021` (day first), `5/3/21`, `05032021`; `2021-03`, `3/2021`, `03-2021`, “tháng 3
    năm 2021”; “quý I/2021”; `2021`, “năm 2021”; and from one to another: `2019-2021`, “từ 2019 đến 2021”.
    """
    plain = _plain(" ".join(text.split())[:80])
    between = _TWO_YEARS.fullmatch(plain) or _BETWEEN.fullmatch(plain)
    period = _between(between["first"], between["last"]) if between else _one(plain)
    if period is None:
        raise BadDate(f"“{text[:40]}” is no date: write YYYY-MM-DD, YYYY-MM, YYYY or 5/3/2021 (day first)")
    return period


def find_periods(text: str) -> Iterator[Mention]:
    """Every period that a text names in a way that can mean nothing else, in order."""
    for found in _FOUND.finditer(_plain(text)):
        try:
            yield Mention(found.start(), found.end(), parse_period(found[0]))
        except BadDate:
            continue


def period_end(text: str, start: int) -> int | None:
    """Where a period ends that is named from `start` on in words or figures; None where none begins there."""
    found = _FOUND.match(_plain(text), start)
    return found.end() if found else None


def meant_date(text: str) -> str | None:
    """A date that was probably meant by one that is none; None where nothing is close.

    That is day and month exchanged where the month came first, else the month alone, else the year.
    """
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text.strip()) if text.isascii() else None
    if found is None:
        return None
    day, month, year = found.groups()
    for other in (f"{month}/{day}/{year}", f"{int(month)}/{year}", year):
        if _one(other):
            return other
    return None


def _between(first: str, last: str) -> Period | None:
    ends = _one(first), _one(last)
    if not ends[1] or not ends[0] or ends[0].first > ends[1].last:
        return None
    return Period(ends[0].first, ends[1].last)


def _one(plain: str) -> Period | None:
    for form in _FORMS:
        if found := form.fullmatch(plain):
            part = {name: value for name, value in found.groupdict().items() if value}
            if "yy" in part:
                part["y"] = f"{19 if int(part['yy']) >= CENTURY_TURNS else 20}{part['yy']}"
            try:
                return _period(part)
            except ValueError:
                return None
    return None


def _period(part: dict[str, str]) -> Period:
    """Raises ValueError for a day that is not in the calendar."""
    year = int(part["y"])
    if year not in YEARS:
        raise ValueError(year)
    if "d" in part:
        day = date(year, int(part["m"]), int(part["d"]))
        return Period(day, day)
    if "q" in part:
        quarter = _ROMAN.get(part["q"]) or int(part["q"])
        months = 3 * quarter - 2, 3 * quarter
    else:
        months = (int(part["m"]),) * 2 if "m" in part else (1, 12)
    return Period(date(year, months[0], 1), date(year, months[1], calendar.monthrange(year, months[1])[1]))


def _plain(text: str) -> str:
    """Lower case without marks, letter for letter: places in it are places in the NFC text."""
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    lower = unicodedata.normalize("NFD", letter)[0].lower()
    return lower if len(lower) == 1 else letter
