"""What can be asked of the index, each parameter declared once.

Addresses, form, links, command line, the columns of `batch`, JSON and the API's description follow from the fields of
SearchRequest; which documents a filter lets through stands in `indexer.answers.filters`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal, get_args

from crawler.errors import to_translate
from indexer.errors import BadParameter, BadQuery
from indexer.query.kinds import CHANGE, FIRST_DAY, FLAG, LAST_DAY, NAMES, WORDS, YEARS, Kind, choice, number
from indexer.query.limits import LIMITS, PAGE_SIZES

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name in addresses, options and columns, its kind, and what it is for.

    `key` is its name in JSON (default: `name`), where it stands only when asked for if it is `optional`. One that does
    not `select` articles only orders them. `attribute` and `default` are those of the field that declares it.
    """

    name: str
    kind: Kind
    description: str
    key: str = ""
    optional: bool = False
    selects: bool = True
    attribute: str = ""
    default: Any = None

    @property
    def repeated(self) -> bool:
        """Whether it may be given more than once."""
        return self.kind.most > 1


def _declares(name: str, kind: Kind, description: str, **more: Any) -> dict[str, Parameter]:
    return {"parameter": Parameter(name, kind, description, **{"key": name, **more})}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query with its filters: one shape for terminal, page, API, feed and export.

    `since` and `until` are days, both included. Of `authors`, `years` and `sections` any will do, all `tags`
    are needed; what stands behind a minus is left out: `-Chí Kiên`, `-2021`. `sort` None is relevance where there are
    words, else the newest first.
    `literal` takes the query as it is typed: no other marks, no abbreviations spelt out, no answer with fewer words.
    Raises BadQuery for days in the wrong order.
    """

    q: str = field(default="", metadata=_declares("q", WORDS, to_translate("the query, see /help")))
    since: date | None = field(
        default=None,
        metadata=_declares("from", FIRST_DAY, to_translate("published on or after this day, month or year, in Hanoi")),
    )
    until: date | None = field(
        default=None,
        metadata=_declares("to", LAST_DAY, to_translate("published on or before this day, month or year, in Hanoi")),
    )
    authors: tuple[str, ...] = field(
        default=(),
        metadata=_declares(
            "author", NAMES, to_translate("by any of these; without those behind a minus"), key="authors"
        ),
    )
    tags: tuple[str, ...] = field(
        default=(),
        metadata=_declares("tag", NAMES, to_translate("with all of these; without those behind a minus"), key="tags"),
    )
    years: tuple[str, ...] = field(
        default=(),
        metadata=_declares(
            "year",
            YEARS,
            to_translate("published in any of these years, in Hanoi; in none of those behind a minus"),
            key="years",
            optional=True,
        ),
    )
    sections: tuple[str, ...] = field(
        default=(),
        metadata=_declares(
            "section",
            NAMES,
            to_translate("of any of these sections; without those behind a minus"),
            key="sections",
            optional=True,
        ),
    )
    since_change: int | None = field(
        default=None,
        metadata=_declares(
            "since_change",
            CHANGE,
            to_translate("came into the archive after this change of it, which an earlier answer gave as “change”"),
            optional=True,
        ),
    )
    sort: Sort | None = field(
        default=None,
        metadata=_declares(
            "sort",
            choice(*SORTS),
            to_translate("without it relevance, or the newest where there is no query"),
            selects=False,
        ),
    )
    literal: bool = field(
        default=False,
        metadata=_declares(
            "literal",
            FLAG,
            to_translate("as typed, without other accents, abbreviations or fewer words"),
            optional=True,
        ),
    )

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise BadQuery("filter_reversed", since=self.since, until=self.until)

    @classmethod
    def read(cls, given: Mapping[str, Sequence[str]]) -> SearchRequest:
        """The request that strings by parameter name ask for; empty strings count as absent.

        Raises BadParameter for a name that is unknown, given too often or of no use, BadQuery for days in the wrong
        order.
        """
        return cls(**read_values(given, PARAMETERS))

    @classmethod
    def of(cls, shown: Mapping[str, Any]) -> SearchRequest:
        """The request that `to_dict` shows so. Raises BadParameter."""
        given = {one.name: shown[one.key] for one in PARAMETERS if shown.get(one.key)}
        strings = {name: value if isinstance(value, list) else [str(value)] for name, value in given.items()}
        return cls.read({name: ["1"] if value == ["True"] else value for name, value in strings.items()})

    @property
    def order(self) -> Sort:
        """The order results come in."""
        return self.sort or ("relevance" if self.q.strip() else "newest")

    def strings(self) -> Iterator[tuple[str, str]]:
        """Its parameters as names and strings, in canonical order, without those that have their default."""
        for parameter in PARAMETERS:
            value = getattr(self, parameter.attribute)
            if value != parameter.default:
                yield from ((parameter.name, text) for text in parameter.kind.write(value))

    def to_dict(self) -> dict[str, Any]:
        """The request in the public shape, the order named even where it was not asked for."""
        values = ((parameter, getattr(self, parameter.attribute)) for parameter in PARAMETERS)
        shown = {
            parameter.key: parameter.kind.to_json(value)
            for parameter, value in values
            if not parameter.optional or value != parameter.default
        }
        return {**shown, "sort": self.order}


PARAMETERS: tuple[Parameter, ...] = tuple(
    replace(one.metadata["parameter"], attribute=one.name, default=one.default) for one in fields(SearchRequest)
)
"""Everything a search takes."""
PAGING = (
    Parameter("page", number(LIMITS.page), to_translate("from 1"), attribute="page", default=1),
    Parameter(
        "size", number(LIMITS.page_size), to_translate("results a page"), attribute="size", default=PAGE_SIZES[0]
    ),
)
"""Which part of a result is shown."""


def read_values(given: Mapping[str, Sequence[str]], parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The values of strings by parameter name, as attributes; empty strings count as absent. Raises BadParameter."""
    known = {parameter.name: parameter for parameter in parameters}
    found = {}
    for name, texts in given.items():
        if not known:
            raise BadParameter("no_parameters", name=name[:40])
        if name not in known:
            raise BadParameter("unknown_parameter", name=name[:40], allowed=", ".join(sorted(known)))
        strings = [text for text in texts if text]
        if len(strings) > known[name].kind.most:
            raise BadParameter("given_too_often", name=name, times=len(strings), most=known[name].kind.most)
        if strings:
            found[known[name].attribute] = known[name].kind.read(name, strings)
    return found
