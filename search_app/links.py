"""Addresses of a search's relatives: other pages, narrower, wider, as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import url_for

from indexer.request import Request, Sort
from search_app import params


class Links:
    """Addresses that begin with one request; each in canonical form."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def page(self, number: int, size: int) -> str:
        """Another page of it."""
        return self._home(self._request, **dict(params.paging(number, size)))

    def article(self, number: int) -> str:
        """An article of its result."""
        return url_for("pages.article", number=number, **params.grouped(self._request))  # type: ignore[arg-type]

    def asking(self, query: str) -> str:
        """Another query with the same filters."""
        return self._home(replace(self._request, q=query))

    def sorted(self, order: Sort | None) -> str:
        """The same in another order."""
        return self._home(replace(self._request, sort=order))

    def period(self, first: str, last: str) -> str:
        """The same within days, months or years; both empty takes the dates away."""
        dates = {name: value for name, value in (("from", first), ("to", last)) if value}
        return self._home(replace(self._request, since=None, until=None), **dates)

    def narrowed(self, name: str, value: str) -> str:
        """An author or tag more, or one less where it is there already; a year instead of other dates."""
        if name == "year":
            return self.period(value, value)
        field = "authors" if name == "author" else "tags"
        values: tuple[str, ...] = getattr(self._request, field)
        changed = tuple(v for v in values if v != value) if value in values else (*values, value)
        if name == "author":
            return self._home(replace(self._request, authors=changed))
        return self._home(replace(self._request, tags=changed))

    def without(self, name: str, value: str) -> str:
        """Without an author or tag; the query says so."""
        plain = value.replace('"', " ")
        return self.asking(f'{self._request.q} -{name}:"{plain}"'.strip())

    def recent(self, today: date) -> dict[str, str]:
        """This month, this year, everything."""
        month, year = f"{today:%Y-%m}", f"{today:%Y}"
        return {"month": self.period(month, month), "year": self.period(year, year), "all": self.period("", "")}

    def file(self, endpoint: str, **values: str) -> str:
        """It as a file."""
        return url_for(endpoint, **values, **params.grouped(self._request))  # type: ignore[arg-type]

    def _home(self, request: Request, **more: str) -> str:
        return url_for("pages.home", **params.grouped(request), **more)  # type: ignore[arg-type]
