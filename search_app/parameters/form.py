"""What stands in the search form: what was asked, or, where that was refused, what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from indexer.query.kinds import FIRST_DAY, LAST_DAY
from indexer.query.limits import LIMITS, PAGE_SIZES
from indexer.query.parameters import PARAMETERS, SORTS
from search_app.language import form_day
from search_app.parameters.params import Asked

_SHOWN = ("q", "from", "to", "sort", "size")
"""The parameters that the form has a field for; it carries the others along unseen."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form's fields as a browser sends them, by parameter name."""

    values: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, asked: Asked) -> Form:
        """As it was asked; days in Vietnamese order."""
        found: dict[str, list[str]] = {"size": [str(asked.size)]}
        for parameter in PARAMETERS:
            value = getattr(asked.request, parameter.attribute)
            if value != parameter.default:
                days = parameter.kind in (FIRST_DAY, LAST_DAY)
                found[parameter.name] = [form_day(value)] if days else list(parameter.kind.write(value))
        return cls(found)

    @classmethod
    def typed(cls, arguments: MultiDict[str, str]) -> Form:
        """As it was typed, so that it can be mended and nothing is lost."""
        return cls({name: list(filter(None, texts)) for name, texts in arguments.lists()})

    def __getitem__(self, name: str) -> str:
        """What stands in a field, "" if nothing does."""
        return next(iter(self.values.get(name, ())), "")

    @property
    def hidden(self) -> Iterator[tuple[str, str]]:
        """What the form carries along besides its fields."""
        for parameter in PARAMETERS:
            if parameter.name not in _SHOWN:
                yield from ((parameter.name, text) for text in self.values.get(parameter.name, ()))

    @property
    def sizes(self) -> list[tuple[str, bool]]:
        """Page sizes to choose from, and whether each is chosen."""
        size = self["size"] or str(PAGE_SIZES[0])
        offered = [str(one) for one in PAGE_SIZES]
        return [(one, one == size) for one in ([*offered, size] if size not in offered else offered)]

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Orders to choose from: what is sent, which order that is, and whether it is in force.

        The usual one is not sent, because another is usual once words are typed.
        """
        usual = "relevance" if self["q"].strip() else "newest"
        return [("" if one == usual else one, one, one == (self["sort"] or usual)) for one in SORTS]

    @property
    def compared(self) -> list[tuple[int, str]]:
        """The fields of /compare: their numbers from 1, and the query in each."""
        queries = [*self.values.get("q", ()), *[""] * LIMITS.compared]
        return list(enumerate(queries[: LIMITS.compared], 1))
