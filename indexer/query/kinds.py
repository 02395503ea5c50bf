"""Kinds of search parameters: from the strings of an address, a terminal or a CSV cell to a value, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.characters import nfc
from crawler.errors import BadDate
from crawler.periods import Period, meant_date, parse_period
from indexer.errors import BadParameter
from indexer.query.limits import LIMITS

Schema = Mapping[str, Any]
_YEAR = re.compile("-?(19|20)[0-9]{2}")
_SHOWN = 40
"""Characters of a refused value that its error repeats."""


def _as_string(value: object) -> Iterable[str]:
    return (str(value),)


def _as_it_is(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """How a parameter's values are read and written; it may stand `most` times in an address.

    `read` takes the parameter's name and its strings, none of them empty, and raises BadParameter; `write` gives the
    strings back. `schema` is the JSON schema of one string, `json_schema` that of the value in JSON.
    """

    read: Callable[[str, Sequence[str]], Any]
    schema: Schema
    json_schema: Schema
    write: Callable[[Any], Iterable[str]] = _as_string
    to_json: Callable[[Any], Any] = _as_it_is
    most: int = 1


def choice(*among: str) -> Kind:
    """One of some words."""

    def read(name: str, given: Sequence[str]) -> str:
        if given[0] not in among:
            raise BadParameter("parameter_not_among", name=name, value=given[0][:_SHOWN], allowed=", ".join(among))
        return given[0]

    schema = {"enum": list(among)}
    return Kind(read, schema, schema)


def number(largest: int) -> Kind:
    """A whole number from 1."""

    def read(name: str, given: Sequence[str]) -> int:
        value = given[0]
        if not (value.isascii() and value.isdecimal() and len(value) <= 9 and 1 <= int(value) <= largest):
            raise BadParameter("parameter_not_number", name=name, value=value[:_SHOWN], most=largest)
        return int(value)

    schema = {"type": "integer", "minimum": 1, "maximum": largest}
    return Kind(read, schema, schema)


def _change(name: str, given: Sequence[str]) -> int:
    if not re.fullmatch("[0-9]{1,9}", given[0]):
        raise BadParameter("parameter_not_change", name=name, value=given[0][:_SHOWN])
    return int(given[0])


def _day(of: Callable[[Period], date]) -> Kind:
    def read(name: str, given: Sequence[str]) -> date:
        try:
            return of(parse_period(given[0]))
        except BadDate as error:
            meant = meant_date(given[0])
            raise BadParameter("parameter_not_date", 0, meant, name=name, value=given[0][:_SHOWN]) from error

    examples = ["2021-03-05", "2021-03", "2021", "5/3/2021", "tháng 3/2021", "quý I/2021"]
    schema = {"type": "string", "examples": examples}
    return Kind(read, schema, {"type": ["string", "null"]}, _iso, lambda day: day.isoformat() if day else None)


def _iso(day: date) -> Iterable[str]:
    return (day.isoformat(),)


def _names(name: str, given: Sequence[str]) -> tuple[str, ...]:
    if any(len(value) > LIMITS.value_length for value in given):
        raise BadParameter("parameter_too_long", name=name, most=LIMITS.value_length)
    return tuple(dict.fromkeys(map(nfc, given)))


FIRST_DAY = _day(lambda period: period.first)
"""A day, or the first one of a month or year."""
LAST_DAY = _day(lambda period: period.last)
"""A day, or the last one of a month or year."""
WORDS = Kind(lambda _, given: nfc(given[0].strip()), {"type": "string", "maxLength": LIMITS.length}, {"type": "string"})
"""A query. How long it may be is the parser's to say, which can suggest a shorter one."""
NAMES = Kind(
    _names,
    {"type": "string", "maxLength": LIMITS.value_length},
    {"type": "array", "items": {"type": "string"}},
    write=tuple,
    to_json=list,
    most=LIMITS.values,
)
"""Any of several names; those behind a minus are left out."""


def _years(name: str, given: Sequence[str]) -> tuple[str, ...]:
    for value in given:
        if not _YEAR.fullmatch(value):
            raise BadParameter("parameter_not_year", name=name, value=value[:_SHOWN])
    return tuple(dict.fromkeys(given))


YEARS = Kind(
    _years,
    {"type": "string", "pattern": "^-?(19|20)[0-9]{2}$"},
    {"type": "array", "items": {"type": "string"}},
    write=tuple,
    to_json=list,
    most=LIMITS.values,
)
"""Any of several years; those behind a minus are left out."""
CHANGE = Kind(_change, {"type": "integer", "minimum": 0, "maximum": 999_999_999}, {"type": "integer"})
"""A number of the archive's changes."""
_ONE = choice("1")
FLAG = Kind(lambda name, given: _ONE.read(name, given) == "1", _ONE.schema, {"const": True}, write=lambda _: ("1",))
"""Asked for with `1`."""
