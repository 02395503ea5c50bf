"""A page of results as the template shows it: its lines, filters, facets and ways on, each with its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext

from indexer.answers.offers import CODES
from indexer.answers.page import ANY
from indexer.errors import to_translate
from indexer.query.limits import LIMITS
from indexer.query.parameters import PARAMETERS, SearchRequest
from indexer.query.parser import phrased
from search_app.language import form_day, note
from search_app.links import Links
from search_app.parameters import params
from search_app.parameters.params import Asked

FACETS = {
    "year": (to_translate("Years"), 12, 40),
    "section": (to_translate("Sections"), 10, 25),
    "author": (to_translate("Authors"), 10, 25),
    "tag": (to_translate("Tags"), 10, 25),
}
"""In their order: what each is called, how many of its values are shown at once, and how many at all."""
EVERYONE = {"author": "authors", "tag": "tags"}
"""Facets all of whose values stand on a page of their own."""
_ONLY = {
    "author": to_translate("author %(name)s"),
    "tag": to_translate("tag %(name)s"),
    "section": to_translate("section %(name)s"),
    "year": to_translate("year %(name)s"),
}
_WITHOUT = {
    "author": to_translate("without author %(name)s"),
    "tag": to_translate("without tag %(name)s"),
    "section": to_translate("without section %(name)s"),
    "year": to_translate("without the year %(name)s"),
}


COMPARED = tuple(one.name for one in params.COMPARED)
_OTHERWISE = ("abbreviations", "one_thing", "day", "number", "near_corrected")
"""Notes that the literal search makes needless."""
_DAYS = ("since", "until")


@dataclass(frozen=True, slots=True)
class Value:
    """A facet's value: how many the result would have with it, and where that is.

    `also`: with it besides those chosen of which any will do; `without`: without it; `freed`: no longer narrowed by it.
    Each "" where it would change nothing.
    """

    value: str
    count: int
    link: str = ""
    also: str = ""
    without: str = ""
    freed: str = ""


@dataclass(frozen=True, slots=True)
class FacetList:
    """A facet's values: those shown at once, and more; `everyone` is the page of all there are, "" where none is."""

    name: str
    title: str
    shown: Sequence[Value]
    more: Sequence[Value]
    everyone: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about how the query was taken, and whether the way to take it literally stands beside it."""

    text: str
    literally: bool


@dataclass(frozen=True, slots=True)
class Results:
    """A page as `/api/v1/search` answers it, for readers."""

    asked: Asked
    page: Mapping[str, Any]
    links: Links

    @property
    def filtered(self) -> bool:
        """Whether anything but the query narrows the result."""
        kept = SearchRequest(q=self.asked.request.q, sort=self.asked.request.sort, literal=self.asked.request.literal)
        return self.asked.request != kept

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-int(self.page["total"]) // self.asked.size))

    @property
    def start(self) -> int:
        """The place of the page's first result."""
        return (self.asked.page - 1) * self.asked.size + 1

    @property
    def previous(self) -> str | None:
        """The address of the page before, if there is one."""
        return self.links.page(self.asked.page - 1, self.asked.size) if self.asked.page > 1 else None

    @property
    def next(self) -> str | None:
        """The address of the page behind, if there is one."""
        return self.links.page(self.asked.page + 1, self.asked.size) if self.asked.page < self.last else None

    @property
    def chosen(self) -> Iterator[tuple[str, str]]:
        """The filters that are set: what each says, and the address without it."""
        for parameter in PARAMETERS:
            if parameter.repeated:
                for name in getattr(self.asked.request, parameter.attribute):
                    said, shown = (_WITHOUT, name[1:]) if name.startswith("-") else (_ONLY, name)
                    yield (
                        gettext(said[parameter.name], name=shown),
                        self.links.freed(parameter.name, name),
                    )
        since, until = self.asked.request.since, self.asked.request.until
        if since:
            yield gettext("from %(day)s", day=form_day(since)), self.links.between(None, until)
        if until:
            yield gettext("to %(day)s", day=form_day(until)), self.links.between(since, None)
        if self.asked.request.since_change is not None:
            yield gettext("new since last time"), self.links.whenever()
        if self.asked.request.literal:
            yield gettext("exactly as typed"), self.links.literally(False)

    @property
    def asked_for(self) -> str:
        """What was searched, with its filters, for paper."""
        said = [self.asked.request.q or gettext("All articles"), *(text for text, _ in self.chosen)]
        return " · ".join(said)

    @property
    def kept_as(self) -> str:
        """What a kept search is called: what was searched, whenever it came."""
        whenever = replace(self.asked.request, since_change=None)
        return replace(self, asked=replace(self.asked, request=whenever)).asked_for

    @property
    def compare(self) -> str:
        """Where the query is set beside others, with the same filters."""
        kept = {name: value for name, value in params.grouped(self.asked.request).items() if name in COMPARED}
        return url_for("pages.compare", **kept)

    @property
    def phrase(self) -> str | None:
        """The address of the words as a phrase, where that is another number of articles."""
        if self.page["phrase_total"] in (None, self.page["total"]):
            return None
        return self.links.asking(phrased(self.asked.request.q))

    @property
    def offers(self) -> Iterator[tuple[str, str, int]]:
        """What was probably meant besides: a sentence, its address, and how many articles it has."""
        for offer in self.page["offers"]:
            values = offer["values"]
            days = {name: form_day(date.fromisoformat(values[name])) for name in _DAYS if name in values}
            request = replace(SearchRequest.of(offer["query"]), sort=self.asked.request.sort)
            template = CODES[offer["code"]]
            yield gettext(template, **values | days), Links(request).page(), offer["total"]

    @property
    def said(self) -> Iterator[Said]:
        """How the query was taken where that is not just as typed. One sentence leads to the literal search."""
        folded, relaxed = self.page["accents"] == "folded", bool(self.page["relaxed"])
        if folded and self.page["total"]:
            yield Said(gettext("Words typed without accents stand for every way of writing them."), literally=True)
        if relaxed:
            said = gettext("No article has all the words typed; below are those that have the most of them.")
            yield Said(said, literally=not folded)
        linked = folded or relaxed
        for one in self.page["notes"]:
            otherwise = one["code"] in _OTHERWISE and not linked
            linked = linked or otherwise
            yield Said(note(one), literally=otherwise)

    @property
    def facets(self) -> Iterator[FacetList]:
        """The facets that have values."""
        for name, (title, most, more) in FACETS.items():
            values = [self._value(name, **counted) for counted in self.page["facets"].get(name, ())[:more]]
            if values:
                yield FacetList(name, gettext(title), values[:most], values[most:], EVERYONE.get(name, ""))

    def _value(self, name: str, value: str, count: int) -> Value:
        links, chosen = self.links, self.links.chosen(name)
        if value in chosen:
            return Value(value, count, freed=links.freed(name, value))
        any_chosen = name in ANY and any(not one.startswith("-") for one in chosen)
        also = links.also(name, value) if any_chosen and len(chosen) < LIMITS.values else ""
        without = "" if any_chosen else links.without(name, value)
        return Value(value, count, links.narrowed(name, value), also, without)
