"""Which documents each filter of a search lets through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, Literal

import numpy as np

from crawler.periods import Period, parse_period
from indexer.answers.names import names, parted
from indexer.index.match import Matcher
from indexer.index.places import Docs, intersection, union
from indexer.index.reader import Reader
from indexer.language.vietnamese import keys
from indexer.query.parameters import PARAMETERS, SearchRequest
from indexer.query.tree import Or, Phrase

Field = Literal["author", "tag", "section"]


def allowed(reader: Reader, request: SearchRequest) -> Docs:
    """The documents that every filter of a request lets through."""
    docs = reader.everything
    for parameter in PARAMETERS:
        value = getattr(request, parameter.attribute)
        if parameter.attribute in FILTERS and value != parameter.default:
            docs = FILTERS[parameter.attribute](reader, docs, value)
    return docs


def _since(reader: Reader, docs: Docs, day: date) -> Docs:
    return intersection([docs, Matcher(reader).published(Period(day, date.max))])


def _until(reader: Reader, docs: Docs, day: date) -> Docs:
    return intersection([docs, Matcher(reader).published(Period(date.min, day))])


def _named(field: Field, reader: Reader, docs: Docs, given: Iterable[str]) -> Docs:
    """Those with any of the names, spelling and capitals aside, and with none of those behind a minus."""
    wanted, unwanted = parted(given)
    if wanted:
        docs = intersection([docs, _holding(field, reader, wanted)])
    return np.setdiff1d(docs, _holding(field, reader, unwanted), assume_unique=True) if unwanted else docs


def _tagged(reader: Reader, docs: Docs, given: Iterable[str]) -> Docs:
    """Those with all of the tags, and with none of those behind a minus."""
    for tag in given:
        docs = _named("tag", reader, docs, [tag])
    return docs


def _within(reader: Reader, docs: Docs, given: Iterable[str]) -> Docs:
    """Those of any of the years, and of none of those behind a minus."""
    wanted, unwanted = (_of_years(reader, years) for years in parted(given))
    docs = intersection([docs, wanted]) if len(wanted) or any(True for year in given if year[0] != "-") else docs
    return np.setdiff1d(docs, unwanted, assume_unique=True)


def _of_years(reader: Reader, years: Iterable[str]) -> Docs:
    return union([np.empty(0, np.int64), *(Matcher(reader).published(parse_period(year)) for year in years)])


def _arrived(reader: Reader, docs: Docs, change: int) -> Docs:
    """Those that came into the archive after a change of it."""
    return docs[reader.arrived[docs] > change]


def _holding(field: Field, reader: Reader, given: Iterable[str]) -> Docs:
    """Documents with any of the names; of one that nobody has, with those that are the same without marks."""
    if field == "section":
        wanted = {tuple(keys(name)) for name in given}
        docs = [doc for doc in reader.everything.tolist() if tuple(keys(reader.sections[doc])) in wanted]
        return np.array(docs, np.int64)
    wanted = names(reader, field).meant(given)
    near = Or(tuple(Phrase(name, field) for name in wanted))
    held = reader.authors if field == "author" else reader.tags
    docs = [doc for doc in Matcher(reader).match(near).tolist() if any(tuple(keys(v)) in wanted for v in held[doc])]
    return np.array(docs, np.int64)


FILTERS: Mapping[str, Callable[[Reader, Docs, Any], Docs]] = {
    "since": _since,
    "until": _until,
    "authors": partial(_named, "author"),
    "tags": _tagged,
    "years": _within,
    "since_change": _arrived,
    "sections": partial(_named, "section"),
}
"""By the attribute of SearchRequest: of these documents, those that a value lets through."""
