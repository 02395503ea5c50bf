"""URL ⇄ request: what a search URL asks for, checked, and the URL that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from crawler.dates import parse_period
from crawler.errors import BadDate
from indexer.errors import BadQuery
from indexer.request import SORTS, Request, Sort

MOST_VALUES = 20
"""How often author or tag may be repeated."""
LONGEST_VALUE = 200
LAST_PAGE = 100_000
RESULTS, MOST_RESULTS = 10, 100

_ONCE = frozenset({"q", "from", "to", "sort", "page", "size"})
_REPEATED = frozenset({"author", "tag"})
_PAGING = frozenset({"page", "size"})


class BadParameter(BadQuery):
    """A parameter that is unknown, given too often, or of no use; the message names it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the page of it to show."""

    request: Request
    page: int = 1
    size: int = RESULTS

    def query_string(self, page: int | None = None) -> str:
        """The canonical query string, of this page or another; defaults are left out."""
        return urlencode([*parameters(self.request), *_paging(page or self.page, self.size)])


def parameters(request: Request) -> Iterator[tuple[str, str]]:
    """A request's own parameters in canonical order."""
    if request.q:
        yield "q", request.q
    if request.since:
        yield "from", request.since.isoformat()
    if request.until:
        yield "to", request.until.isoformat()
    yield from (("author", author) for author in request.authors)
    yield from (("tag", tag) for tag in request.tags)
    if request.sort:
        yield "sort", request.sort


def _paging(page: int, size: int) -> Iterator[tuple[str, str]]:
    if page != 1:
        yield "page", str(page)
    if size != RESULTS:
        yield "size", str(size)


def read(arguments: MultiDict[str, str], paged: bool = True) -> Asked:
    """Read a URL's parameters; empty ones, as forms send them, count as absent. Raises BadParameter, BadQuery."""
    allowed = _ONCE | _REPEATED if paged else (_ONCE | _REPEATED) - _PAGING
    given = {name: [value for value in values if value] for name, values in arguments.lists()}
    for name, values in given.items():
        if name not in allowed:
            raise BadParameter(f"unknown parameter “{name[:40]}”: allowed are {', '.join(sorted(allowed))}")
        if len(values) > (1 if name in _ONCE else MOST_VALUES):
            raise BadParameter(f"parameter “{name}” is given {len(values)} times")
    once = {name: values[0] for name, values in given.items() if values and name in _ONCE}
    request = Request(
        q=once.get("q", "").strip(),
        since=_day(once, "from"),
        until=_day(once, "to", last=True),
        authors=_values(given, "author"),
        tags=_values(given, "tag"),
        sort=_sort(once.get("sort")),
    )
    return Asked(request, _number(once, "page", 1, LAST_PAGE), _number(once, "size", RESULTS, MOST_RESULTS))


def typed(arguments: MultiDict[str, str]) -> str:
    """What is being typed into the search box, its one parameter `q`. Raises BadParameter."""
    for name in arguments:
        if name != "q":
            raise BadParameter(f"unknown parameter “{name[:40]}”: allowed is q")
    text = arguments.get("q", "")
    if len(text) > LONGEST_VALUE:
        raise BadParameter(f"parameter “q” has more than {LONGEST_VALUE} characters")
    return text


def _day(once: dict[str, str], name: str, last: bool = False) -> date | None:
    if name not in once:
        return None
    try:
        period = parse_period(once[name])
    except BadDate as error:
        raise BadParameter(f"parameter “{name}”: {error}") from error
    return period.last if last else period.first


def _values(given: dict[str, list[str]], name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(given.get(name, ())))
    if any(len(value) > LONGEST_VALUE for value in values):
        raise BadParameter(f"parameter “{name}” has more than {LONGEST_VALUE} characters")
    return values


def _sort(value: str | None) -> Sort | None:
    if value is not None and value not in SORTS:
        raise BadParameter(f"parameter “sort” is “{value[:40]}”: allowed are {', '.join(SORTS)}")
    return value


def _number(once: dict[str, str], name: str, default: int, most: int) -> int:
    value = once.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= 9 and 1 <= int(value) <= most):
        raise BadParameter(f"parameter “{name}” is “{value[:40]}”: write a number from 1 to {most}")
    return int(value)
