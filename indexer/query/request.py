"""What is asked of the index: one shape for terminal, page, API and export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from indexer.errors import BadQuery

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Request:
    """A query with its filters: days with both ends included, articles by any of `authors`, with any of `tags`.

    `sections` are names, such as Góc nhìn. An author, tag or section behind a minus is left out: `-Chí Kiên`.
    `sort` None is relevance where there are words, else the newest first. `literal` takes the query as it is typed:
    no other marks, no abbreviations spelt out, no answer with fewer words.
    """

    q: str = ""
    since: date | None = None
    until: date | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sort: Sort | None = None
    literal: bool = False
    sections: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise BadQuery("from %(since)s is later than to %(until)s: swap them", since=self.since, until=self.until)

    @property
    def order(self) -> Sort:
        """The order results come in."""
        return self.sort or ("relevance" if self.q.strip() else "newest")

    def to_dict(self) -> dict[str, Any]:
        """The request in the public shape; `sections` and `literal` stand in it only where they were asked for."""
        return {
            "q": self.q,
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "authors": list(self.authors),
            "tags": list(self.tags),
            "sort": self.order,
            **({"sections": list(self.sections)} if self.sections else {}),
            **({"literal": True} if self.literal else {}),
        }
