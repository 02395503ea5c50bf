"""Addresses of a search's relatives: other pages, narrower, wider, as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from crawler.periods import parse_period
from indexer.query.kinds import NAMES
from indexer.query.limits import PAGE_SIZES
from indexer.query.parameters import PARAMETERS, SearchRequest
from indexer.query.parser import parse
from indexer.query.tree import And, Dates, Node, Not
from search_app.parameters import params

_ATTRIBUTES = {one.name: one.attribute for one in PARAMETERS if one.kind is NAMES}


class Links:
    """Addresses that begin with one request; each in canonical form."""

    def __init__(self, request: SearchRequest) -> None:
        self._request = request
        # Asked once: a page has a hundred of these addresses, and url_for takes its time for each.
        self._home, _, kept = url_for("pages.home").partition("?")
        self._kept = parse_qsl(kept)
        self._known: dict[tuple[str, str], str] = {}

    @property
    def asks(self) -> bool:
        """Whether it asks for anything but the whole archive."""
        return self._request != SearchRequest()

    def page(self, number: int = 1, size: int = PAGE_SIZES[0]) -> str:
        """A page of it."""
        return self._address(self._request, params.paging(number, size))

    def article(self, number: int) -> str:
        """An article of its result."""
        return url_for("pages.article", number=number, **params.grouped(self._request))

    def asking(self, query: str) -> str:
        """Another query with the same filters."""
        return self._address(replace(self._request, q=query))

    def period(self, first: str, last: str) -> str:
        """The same within days, months or years; both empty takes the dates away."""
        since = _period(first).first if first else None
        until = _period(last).last if last else None
        return self._address(replace(self._request, since=since, until=until))

    def chosen(self, name: str) -> tuple[str, ...]:
        """The year, authors, tags or sections it is narrowed to."""
        if name == "year":
            since, until = self._request.since, self._request.until
            whole = since and until and (since, until) == (date(since.year, 1, 1), date(since.year, 12, 31))
            return (str(since.year),) if since and whole else ()
        values: tuple[str, ...] = getattr(self._request, _ATTRIBUTES[name])
        return values

    def narrowed(self, name: str, value: str) -> str:
        """An author, tag or section more, or one less where it is there already; a year instead of other dates."""
        if name == "year":
            return self.period("", "") if value in self.chosen(name) else self.period(value, value)
        values = self.chosen(name)
        changed = tuple(v for v in values if v != value) if value in values else (*values, value)
        return self._address(replace(self._request, **{_ATTRIBUTES[name]: changed}))  # type: ignore[arg-type]

    def without(self, name: str, value: str) -> str:
        """Without an author or tag, or without a year, which the query then says."""
        if name == "year":
            return self.asking(str(And((self._tree, Not(Dates(_period(value)))))).strip())
        return self.narrowed(name, f"-{value}")

    def literally(self, literal: bool = True) -> str:
        """The same taken as it is typed, or no longer."""
        return self._address(replace(self._request, literal=literal))

    def recent(self, today: date) -> dict[str, str]:
        """This month, this year, last year, everything."""
        month, year, last = f"{today:%Y-%m}", f"{today:%Y}", f"{today.year - 1}"
        return {
            "month": self.period(month, month),
            "year": self.period(year, year),
            "last": self.period(last, last),
            "all": self.period("", ""),
        }

    def file(self, endpoint: str, **values: str) -> str:
        """It as a file."""
        return url_for(endpoint, **{**params.grouped(self._request), **values})

    def feed(self) -> str:
        """It as a feed, in the feed's own order."""
        return url_for("feeds.atom", **params.grouped(replace(self._request, sort=None)))

    @cached_property
    def _tree(self) -> Node:
        return parse(self._request.q).tree

    def _address(self, request: SearchRequest, more: Iterable[tuple[str, str]] = ()) -> str:
        query = "&".join(map(self._encoded, (*request.strings(), *more, *self._kept)))
        return f"{self._home}?{query}" if query else self._home

    def _encoded(self, pair: tuple[str, str]) -> str:
        """Most parameters are the same in all of a page's addresses."""
        if pair not in self._known:
            self._known[pair] = urlencode([pair])
        return self._known[pair]


_period = lru_cache(1024)(parse_period)
