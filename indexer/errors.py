"""The index's errors; like the crawler's, one line each for a person."""

from crawler.errors import GocNhinError
from crawler.errors import to_translate as to_translate


class IndexMissing(GocNhinError):
    """There is no index yet."""


class IndexDamaged(GocNhinError):
    """No generation of the index is sound."""


class BuildFailed(GocNhinError):
    """A build that could not be finished; what was there before still serves."""


class BadQuery(GocNhinError):
    """A query that is refused: `position` is the letter it stumbled over, `suggestion` a query that would work.

    `template` is the message before `values` were put in (`%(name)s`), for translating.
    """

    def __init__(self, template: str, position: int = 0, suggestion: str | None = None, **values: object) -> None:
        super().__init__(template % values)
        self.template, self.values = template, values
        self.position = position
        self.suggestion = suggestion
