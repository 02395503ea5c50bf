"""What stands in the search form: what was asked, or, where that was refused, what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from search_app.display.formats import form_day
from search_app.parameters.params import RESULTS, Asked


@dataclass(frozen=True, slots=True)
class Form:
    """The form's fields as a browser sends them; empty ones as they are at first."""

    q: str = ""
    since: str = ""
    until: str = ""
    sort: str = ""
    size: str = str(RESULTS)
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    literal: bool = False
    sections: tuple[str, ...] = ()

    @classmethod
    def of(cls, asked: Asked) -> Form:
        """As it was asked; days in Vietnamese order."""
        one = asked.request
        since, until = (form_day(day) if day else "" for day in (one.since, one.until))
        size, sort = str(asked.size), one.sort or ""
        return cls(one.q, since, until, sort, size, one.authors, one.tags, one.literal, one.sections)

    @classmethod
    def typed(cls, arguments: MultiDict[str, str]) -> Form:
        """As it was typed, so that it can be mended and nothing is lost."""
        once = {name: arguments.get(name, "") for name in ("q", "from", "to", "sort", "size", "literal")}
        authors, tags, sections = (
            tuple(filter(None, arguments.getlist(name))) for name in ("author", "tag", "section")
        )
        size, literal = once["size"] or str(RESULTS), bool(once["literal"])
        return cls(once["q"], once["from"], once["to"], once["sort"], size, authors, tags, literal, sections)
