"""Addresses of a search's relatives: other pages, narrower, wider, as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext

from crawler.periods import parse_period
from indexer.answers.page import ANY
from indexer.query.limits import PAGE_SIZES
from indexer.query.parameters import PARAMETERS, Parameter, SearchRequest
from search_app.parameters import params

_ATTRIBUTES = {one.name: one.attribute for one in PARAMETERS if one.repeated}
_BY_ATTRIBUTE = {one.attribute: one for one in PARAMETERS}
_UNFILTERED = ("q", "sort", "literal")


class Links:
    """Addresses that begin with one request; each in canonical form."""

    def __init__(self, request: SearchRequest, size: int = PAGE_SIZES[0]) -> None:
        self._request, self._size = request, size
        # Asked once: a page has a hundred of these addresses, and url_for takes its time for each.
        self._home, _, self._kept = url_for("pages.home").partition("?")
        self._query = {**params.grouped(request), **dict(params.paging(1, size))}
        # Most parameters are the same in all of them.
        self._written = {one.attribute: _encoded(one, getattr(request, one.attribute)) for one in PARAMETERS}

    @property
    def asks(self) -> bool:
        """Whether it asks for anything but the whole archive."""
        return self._request != SearchRequest()

    def page(self, number: int = 1, size: int = PAGE_SIZES[0]) -> str:
        """A page of it."""
        return self._joined(self._written, urlencode(list(params.paging(number, size))))

    def article(self, number: int) -> str:
        """An article of its result, from where the way leads back to a page of the same size."""
        return url_for("pages.article", number=number, **self._query)

    def back(self, place: int, number: int) -> str:
        """The page on which the result at a place stands, from 1, at that article."""
        return f"{self.page((place - 1) // self._size + 1, self._size)}#a{number}"

    def asking(self, query: str) -> str:
        """Another query with the same filters."""
        return self._with(q=query)

    def period(self, first: str, last: str) -> str:
        """The same within days, months or years; both empty takes the dates away."""
        since = _period(first).first if first else None
        until = _period(last).last if last else None
        return self._with(since=since, until=until, years=())

    def between(self, since: date | None, until: date | None) -> str:
        """The same from one day to another; None is no bound."""
        return self._with(since=since, until=until)

    def whenever(self) -> str:
        """The same, whenever it came into the archive."""
        return self._with(since_change=None)

    def chosen(self, name: str) -> tuple[str, ...]:
        """The years, authors, tags or sections it is narrowed to, those left out behind a minus."""
        values: tuple[str, ...] = getattr(self._request, _ATTRIBUTES[name])
        return values

    def narrowed(self, name: str, value: str) -> str:
        """Narrowed to a value: besides those asked for where all are needed, in their place where any will do."""
        kept = self.chosen(name)
        if name in ANY:
            kept = tuple(one for one in kept if one.startswith("-"))
        return self._having(name, tuple(dict.fromkeys((*kept, value))))

    def also(self, name: str, value: str) -> str:
        """With a value more that will do."""
        return self._having(name, (*self.chosen(name), value))

    def without(self, name: str, value: str) -> str:
        """Without what has a value."""
        return self._having(name, (*self.chosen(name), f"-{value}"))

    def freed(self, name: str, value: str) -> str:
        """No longer narrowed by a value, or by leaving it out."""
        return self._having(name, tuple(one for one in self.chosen(name) if one != value))

    def unfiltered(self) -> str:
        """The query alone."""
        return self._joined({attribute: self._written[attribute] for attribute in _UNFILTERED})

    def _having(self, name: str, values: tuple[str, ...]) -> str:
        return self._with(**{_ATTRIBUTES[name]: values})

    def literally(self, literal: bool = True) -> str:
        """The same taken as it is typed, or no longer."""
        return self._with(literal=literal)

    def recent(self, today: date) -> Iterator[tuple[str, str, str, str]]:
        """Spans to choose from: what each is called, where it leads, and its dates as the form takes them."""
        spans = [
            (gettext("This month"), f"{today:%Y-%m}", f"{today.month}/{today.year}"),
            (gettext("This year"), f"{today:%Y}", f"{today.year}"),
            (gettext("Last year"), f"{today.year - 1}", f"{today.year - 1}"),
        ]
        if self._request.since or self._request.until or self._request.years:
            spans.append((gettext("All years"), "", ""))
        for said, span, typed in spans:
            yield said, self.period(span, span), typed, typed

    def file(self, endpoint: str, **values: Any) -> str:
        """It as a file."""
        return url_for(endpoint, **{**params.grouped(self._request), **values})

    def feed(self) -> str:
        """It as a feed, in the feed's own order."""
        return url_for("feeds.atom", **self._unordered())

    def follow(self) -> str:
        """Its feed as a page."""
        return url_for("feeds.follow", **self._unordered())

    def _unordered(self) -> dict[str, Any]:
        return params.grouped(replace(self._request, sort=None))

    def _with(self, **values: Any) -> str:
        """The same with other values, by attribute."""
        changed = {attribute: _encoded(_BY_ATTRIBUTE[attribute], value) for attribute, value in values.items()}
        return self._joined(self._written | changed)

    def _joined(self, written: Mapping[str, str], paging: str = "") -> str:
        query = "&".join(filter(None, (*written.values(), paging, self._kept)))
        return f"{self._home}?{query}" if query else self._home


def _encoded(parameter: Parameter, value: Any) -> str:
    """A parameter as it stands in an address; nothing where it has its default."""
    if value == parameter.default:
        return ""
    return urlencode([(parameter.name, text) for text in parameter.kind.write(value)])


_period = lru_cache(1024)(parse_period)
