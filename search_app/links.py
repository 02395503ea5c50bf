"""Addresses of a search's relatives: other pages, narrower, wider, as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from crawler.dates import parse_period
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.tree import And, Dates, Node, Not
from search_app.parameters import params


class Links:
    """Addresses that begin with one request; each in canonical form."""

    def __init__(self, request: Request) -> None:
        self._request = request
        # Asked once: a page has a hundred of these addresses, and url_for takes its time for each.
        self._home, _, kept = url_for("pages.home").partition("?")
        self._kept = parse_qsl(kept)
        self._known: dict[tuple[str, str], str] = {}

    @property
    def asks(self) -> bool:
        """Whether it asks for anything but the whole archive."""
        return self._request != Request()

    def page(self, number: int, size: int) -> str:
        """Another page of it."""
        return self._address(self._request, params.paging(number, size))

    def article(self, number: int) -> str:
        """An article of its result."""
        return url_for("pages.article", number=number, **params.grouped(self._request))  # type: ignore[arg-type]

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
        return {"author": self._request.authors, "tag": self._request.tags, "section": self._request.sections}[name]

    def narrowed(self, name: str, value: str) -> str:
        """An author, tag or section more, or one less where it is there already; a year instead of other dates."""
        if name == "year":
            return self.period("", "") if value in self.chosen(name) else self.period(value, value)
        values = self.chosen(name)
        changed = tuple(v for v in values if v != value) if value in values else (*values, value)
        if name == "author":
            return self._address(replace(self._request, authors=changed))
        if name == "section":
            return self._address(replace(self._request, sections=changed))
        return self._address(replace(self._request, tags=changed))

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
        return url_for(endpoint, **values, **params.grouped(self._request))  # type: ignore[arg-type]

    def feed(self) -> str:
        """It as a feed, in the feed's own order."""
        return url_for("feeds.atom", **params.grouped(replace(self._request, sort=None)))  # type: ignore[arg-type]

    @cached_property
    def _tree(self) -> Node:
        return parse(self._request.q).tree

    def _address(self, request: Request, more: Iterable[tuple[str, str]] = ()) -> str:
        query = "&".join(map(self._encoded, (*params.parameters(request), *more, *self._kept)))
        return f"{self._home}?{query}" if query else self._home

    def _encoded(self, pair: tuple[str, str]) -> str:
        """Most parameters are the same in all of a page's addresses."""
        if pair not in self._known:
            self._known[pair] = urlencode([pair])
        return self._known[pair]


_period = lru_cache(1024)(parse_period)
