"""URL ⇄ request: what a search URL asks for, checked, and the URL that asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast
from urllib.parse import urlencode

import flask
from werkzeug.datastructures import MultiDict

from crawler.dates import parse_period
from crawler.errors import BadDate
from indexer.errors import BadQuery, to_translate
from indexer.query.parser import LIMITS
from indexer.query.request import SORTS, Request, Sort
from search_app.language import LANGUAGES

MOST_VALUES = 20
"""How often author or tag may be repeated."""
LONGEST_VALUE = 200
LAST_PAGE = 100_000
RESULTS, MOST_RESULTS = 10, 100

UNKNOWN = to_translate("unknown parameter “%(name)s”: allowed are %(allowed)s")
GIVEN_OFTEN = to_translate("parameter “%(name)s” is given %(times)d times, at most %(most)d are allowed")
NONE_CHOSEN = to_translate("no article is chosen: tick some in a result, at most %(most)d")
NOT_AMONG = to_translate("parameter “%(name)s” is “%(value)s”: allowed are %(allowed)s")
TOO_LONG = to_translate("parameter “%(name)s” has more than %(most)d characters")

MOST_COMPARED = 4
MOST_CHOSEN = 50


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query string: its JSON schema, and how often it may stand there."""

    name: str
    description: str
    schema: Mapping[str, object]
    most: int = 1

    @property
    def repeated(self) -> bool:
        """Whether it may stand there more than once."""
        return self.most > 1


_DATE = r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})$"
_DAY: Mapping[str, object] = {
    "type": "string",
    "pattern": _DATE,
    "examples": ["2021-03-05", "2021-03", "2021", "5/3/2021"],
}
_VALUE: Mapping[str, object] = {"type": "string", "maxLength": LONGEST_VALUE}

SEARCH = (
    Parameter("q", to_translate("the query, see /help"), {"type": "string", "maxLength": LIMITS.length}),
    Parameter("from", to_translate("published on or after this day, month or year, in Hanoi"), _DAY),
    Parameter("to", to_translate("published on or before this day, month or year, in Hanoi"), _DAY),
    Parameter("author", to_translate("by any of these; without those behind a minus"), _VALUE, MOST_VALUES),
    Parameter("tag", to_translate("with any of these; without those behind a minus"), _VALUE, MOST_VALUES),
    Parameter("section", to_translate("of any of these sections; without those behind a minus"), _VALUE, MOST_VALUES),
    Parameter(
        "sort", to_translate("without it relevance, or the newest where there is no query"), {"enum": list(SORTS)}
    ),
    Parameter(
        "literal", to_translate("1: as typed, without other marks, abbreviations or fewer words"), {"enum": ["1"]}
    ),
)
PAGING = (
    Parameter("page", to_translate("from 1"), {"type": "integer", "minimum": 1, "maximum": LAST_PAGE}),
    Parameter("size", to_translate("results a page"), {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS}),
)
TYPED = (Parameter("q", to_translate("what is being typed"), _VALUE),)


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
        return urlencode([*parameters(self.request), *paging(page or self.page, self.size)])


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
    yield from (("section", section) for section in request.sections)
    if request.sort:
        yield "sort", request.sort
    if request.literal:
        yield "literal", "1"


def grouped(request: Request) -> dict[str, list[str]]:
    """The same by name, as `url_for` takes them."""
    found: dict[str, list[str]] = {}
    for name, value in parameters(request):
        found.setdefault(name, []).append(value)
    return found


def paging(page: int, size: int) -> Iterator[tuple[str, str]]:
    """A page's parameters; defaults are left out."""
    if page != 1:
        yield "page", str(page)
    if size != RESULTS:
        yield "size", str(size)


def arguments() -> MultiDict[str, str]:
    """The current page's own parameters, without its language. Raises BadParameter for a language there is not."""
    chosen = flask.request.args.get("lang")
    if chosen and chosen not in LANGUAGES:
        raise BadParameter(NOT_AMONG, name="lang", value=chosen[:40], allowed=", ".join(LANGUAGES))
    return MultiDict((name, value) for name, value in flask.request.args.items(multi=True) if name != "lang")


def read(arguments: MultiDict[str, str], paged: bool = True) -> Asked:
    """Read a URL's parameters; empty ones, as forms send them, count as absent. Raises BadParameter, BadQuery."""
    known = {parameter.name: parameter for parameter in ((*SEARCH, *PAGING) if paged else SEARCH)}
    given = {name: [value for value in values if value] for name, values in arguments.lists()}
    for name, values in given.items():
        if name not in known:
            raise BadParameter(UNKNOWN, name=name[:40], allowed=", ".join(sorted(known)))
        if len(values) > known[name].most:
            raise BadParameter(GIVEN_OFTEN, name=name, times=len(values), most=known[name].most)
    once = {name: values[0] for name, values in given.items() if values and not known[name].repeated}
    request = Request(
        q=once.get("q", "").strip(),
        since=_day(once, "from"),
        until=_day(once, "to", last=True),
        authors=_values(given, "author"),
        tags=_values(given, "tag"),
        sections=_values(given, "section"),
        sort=cast(Sort | None, _one_of(once, "sort", SORTS)),
        literal=_one_of(once, "literal", ("1",)) is not None,
    )
    return Asked(request, _number(once, "page", 1, LAST_PAGE), _number(once, "size", RESULTS, MOST_RESULTS))


def several(arguments: MultiDict[str, str]) -> list[Request]:
    """Up to MOST_COMPARED queries with the same dates; one without a query where none is given. Raises as `read`."""
    queries = [q for q in arguments.getlist("q") if q.strip()]
    if len(queries) > MOST_COMPARED:
        raise BadParameter(GIVEN_OFTEN, name="q", times=len(queries), most=MOST_COMPARED)
    rest = MultiDict((name, value) for name, value in arguments.items(multi=True) if name != "q")
    only(rest, "from", "q", "to")
    dates = read(rest, paged=False).request
    return [replace(dates, q=q.strip()) for q in dict.fromkeys(queries)] or [dates]


def two_revisions(arguments: MultiDict[str, str], known: list[int]) -> tuple[int, int]:
    """The revisions `a` and `b`, by default the last two. Raises BadParameter."""
    only(arguments, "a", "b")
    once = {name: arguments[name] for name in arguments if arguments[name]}
    last = known[-1]
    old, new = _number(once, "a", known[max(0, len(known) - 2)], last), _number(once, "b", last, last)
    for name, number in (("a", old), ("b", new)):
        if number not in known:
            raise BadParameter(
                "parameter “%(name)s” is “%(value)s”: write a number from 1 to %(most)d",
                name=name,
                value=number,
                most=last,
            )
    return old, new


def chosen(arguments: MultiDict[str, str]) -> list[int]:
    """The ids of articles chosen for a dossier, at most MOST_CHOSEN. Raises BadParameter."""
    only(arguments, "id")
    values = list(dict.fromkeys(arguments.getlist("id")))
    if not values:
        raise BadParameter(NONE_CHOSEN, most=MOST_CHOSEN)
    if len(values) > MOST_CHOSEN:
        raise BadParameter(GIVEN_OFTEN, name="id", times=len(values), most=MOST_CHOSEN)
    for value in values:
        if not re.fullmatch(r"-?[0-9]{1,12}", value):
            raise BadParameter(
                "parameter “%(name)s” is “%(value)s”: write an article's number", name="id", value=value[:40]
            )
    return list(map(int, values))


def only(arguments: MultiDict[str, str], *allowed: str) -> None:
    """Raise BadParameter for a parameter that is not among these."""
    for name in arguments:
        if name not in allowed:
            raise BadParameter(UNKNOWN, name=name[:40], allowed=", ".join(sorted(allowed)) or "-")


def typed(arguments: MultiDict[str, str]) -> str:
    """What is being typed into the search box, its one parameter `q`. Raises BadParameter."""
    only(arguments, "q")
    text = arguments.get("q", "")
    if len(text) > LONGEST_VALUE:
        raise BadParameter(TOO_LONG, name="q", most=LONGEST_VALUE)
    return text


def _day(once: dict[str, str], name: str, last: bool = False) -> date | None:
    if name not in once:
        return None
    try:
        period = parse_period(once[name])
    except BadDate as error:
        raise BadParameter(
            "parameter “%(name)s”: “%(value)s” is no date: write YYYY-MM-DD, YYYY-MM, YYYY or 5/3/2021 (day first)",
            name=name,
            value=once[name][:40],
        ) from error
    return period.last if last else period.first


def _values(given: dict[str, list[str]], name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(given.get(name, ())))
    if any(len(value) > LONGEST_VALUE for value in values):
        raise BadParameter(TOO_LONG, name=name, most=LONGEST_VALUE)
    return values


def _one_of(once: dict[str, str], name: str, allowed: Sequence[str]) -> str | None:
    value = once.get(name)
    if value is not None and value not in allowed:
        raise BadParameter(NOT_AMONG, name=name, value=value[:40], allowed=", ".join(allowed))
    return value


def _number(once: dict[str, str], name: str, default: int, most: int) -> int:
    value = once.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= 9 and 1 <= int(value) <= most):
        message = to_translate("parameter “%(name)s” is “%(value)s”: write a number from 1 to %(most)d")
        raise BadParameter(message, name=name, value=value[:40], most=most)
    return int(value)
