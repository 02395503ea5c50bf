"""URL ⇄ request: which parameters each view takes, what they ask for, and the address that asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

import flask
from flask import Flask
from werkzeug.datastructures import MultiDict

from indexer.errors import BadParameter, to_translate
from indexer.export import SEPARATORS
from indexer.query.kinds import FLAG, Kind, choice, number
from indexer.query.limits import LIMITS, PAGE_SIZES
from indexer.query.parameters import PAGING, PARAMETERS, Parameter, SearchRequest, read_values
from indexer.query.parser import phrased
from search_app.language import LANGUAGES, PAGES

View = TypeVar("View", bound=Callable[..., Any])
Arguments = MultiDict[str, str]

_ID = re.compile(r"-?[0-9]{1,12}")


def _typed(name: str, given: Sequence[str]) -> str:
    if len(given[0]) > LIMITS.value_length:
        raise BadParameter("parameter_too_long", name=name, most=LIMITS.value_length)
    return given[0]


def _chosen(name: str, given: Sequence[str]) -> list[int]:
    for value in given:
        if not _ID.fullmatch(value):
            raise BadParameter("parameter_not_id", name=name, value=value[:40])
    return list(dict.fromkeys(map(int, given)))


_LANGUAGE = Parameter("lang", choice(*LANGUAGES), "the page's language", attribute="lang")
"""Views whose answer is for people take it without saying so."""
TYPED = Parameter(
    "q",
    Kind(_typed, {"type": "string", "maxLength": LIMITS.value_length}, {"type": "string"}),
    to_translate("what is being typed"),
    attribute="q",
)
NAMED = replace(TYPED, name="name", attribute="name", description="an author's or tag's name")
BY = Parameter("by", choice("author", "tag"), to_translate("what is compared: names, not words"), attribute="by")
CHOSEN = Parameter("id", Kind(_chosen, {"type": "integer"}, {}, most=LIMITS.chosen), "articles", attribute="id")
PILED = replace(CHOSEN, kind=replace(CHOSEN.kind, most=1000))
"""The page of a dossier says in a sentence that there are too many, where files refuse."""
SEPARATOR = Parameter("sep", choice(*SEPARATORS), "what parts the cells of CSV", attribute="sep")
(_Q,) = (one for one in PARAMETERS if one.name == "q")
COMPARED = (
    replace(_Q, kind=replace(_Q.kind, read=lambda _, given: [q.strip() for q in given], most=LIMITS.compared)),
    *(one for one in PARAMETERS if one.name != "q" and one.selects and one.name != "since_change"),
    BY,
    Parameter("words", FLAG, to_translate("each word anywhere, not side by side"), attribute="words", default=False),
)
REVISIONS = tuple(Parameter(name, number(10**9), "a revision's number", attribute=name) for name in ("a", "b"))


def takes(*parameters: Parameter) -> Callable[[View], View]:
    """Say which parameters a view reads; any other is refused before it is called, or passed over if it is a page."""

    def mark(view: View) -> View:
        view.takes = parameters  # type: ignore[attr-defined]
        return view

    return mark


def register(app: Flask) -> None:
    """Refuse bad values, and in files and the API every parameter that a view does not take. Raises BadParameter.

    People follow links to pages that others have put something behind (`fbclid`, `utm_source`).
    """

    @app.before_request
    def check() -> None:
        if flask.request.endpoint and flask.request.endpoint != "static":
            flask.g.parameters = _read(flask.request.endpoint)


def values() -> dict[str, Any]:
    """The current request's parameters by attribute, as its view takes them."""
    found: dict[str, Any] = flask.g.parameters
    return dict(found)


def _read(endpoint: str) -> dict[str, Any]:
    taken: tuple[Parameter, ...] = getattr(flask.current_app.view_functions[endpoint], "takes", ())
    given = dict(flask.request.args.lists())
    if not speaks_to_programs(endpoint):
        read_values({key: texts for key, texts in given.items() if key == _LANGUAGE.name}, (_LANGUAGE,))
        given.pop(_LANGUAGE.name, None)
    if endpoint.startswith(PAGES):
        known = {parameter.name for parameter in taken}
        given = {name: texts for name, texts in given.items() if name in known}
    return read_values(given, taken)


def speaks_to_programs(endpoint: str) -> bool:
    """Whether a view answers programs alone, in no language of choice."""
    return endpoint.partition(".")[0] in ("api", "ops")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the page of it to show."""

    request: SearchRequest
    page: int = 1
    size: int = PAGE_SIZES[0]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Asked:
        """What parameters by attribute ask for."""
        paging = {one.attribute for one in PAGING}
        asked = SearchRequest(**{name: value for name, value in found.items() if name not in paging})
        return cls(asked, **{name: value for name, value in found.items() if name in paging})

    def query_string(self, page: int | None = None) -> str:
        """The canonical query string, of this page or another; defaults are left out."""
        return urlencode([*self.request.strings(), *paging(page or self.page, self.size)])


def asked() -> Asked:
    """The search that the current address asks for. Raises BadParameter, BadQuery."""
    return Asked.of(values())


def grouped(request: SearchRequest) -> dict[str, Any]:
    """A request's parameters by name, as `url_for` takes them."""
    found: dict[str, list[str]] = {}
    for name, value in request.strings():
        found.setdefault(name, []).append(value)
    return found


def paging(page: int, size: int) -> Iterator[tuple[str, str]]:
    """A page's parameters; defaults are left out."""
    if page != 1:
        yield "page", str(page)
    if size != PAGE_SIZES[0]:
        yield "size", str(size)


@dataclass(frozen=True, slots=True)
class Compared:
    """Queries as they were typed, each with what it asks for; the dates that all of them have.

    A row of words is asked for as a phrase, unless `words`: then each word may stand anywhere. With `by` they are names
    of authors or tags.
    """

    requests: Sequence[tuple[str, SearchRequest]]
    dates: SearchRequest
    words: bool
    by: str


def compared() -> Compared:
    """Up to LIMITS.compared queries with the same dates; one without a query where none is given. Raises BadQuery."""
    found = values()
    queries = [q for q in dict.fromkeys(found.pop("q", ())) if q] or [""]
    words, by = bool(found.pop("words", False)), str(found.pop("by", ""))
    dates = SearchRequest(**found)

    def asked_for(q: str) -> SearchRequest:
        if by == "author":
            return replace(dates, authors=(q,) if q else dates.authors)
        if by == "tag":
            return replace(dates, tags=(*dates.tags, q) if q else dates.tags)
        return replace(dates, q=q if words else phrased(q))

    return Compared([(q, asked_for(q)) for q in queries], dates, words, by)


def two_revisions(known: Sequence[int]) -> tuple[int, int]:
    """The revisions `a` and `b` of those known, by default the last two. Raises BadParameter."""
    found: Mapping[str, int] = values()
    old, new = found.get("a", known[max(0, len(known) - 2)]), found.get("b", known[-1])
    for name, revision in (("a", old), ("b", new)):
        if revision not in known:
            raise BadParameter("parameter_not_number", name=name, value=revision, most=known[-1])
    return old, new


def chosen() -> Iterable[int]:
    """The ids of articles chosen for a dossier, at most LIMITS.chosen. Raises BadParameter."""
    found: list[int] = values().get("id", [])
    if not found:
        raise BadParameter("none_chosen", most=LIMITS.chosen)
    return found
