"""The index's errors; like the crawler's, one line each for a person."""

from crawler.errors import GocNhinError
from crawler.errors import to_translate as to_translate
from indexer.query.messages import REASONS


class IndexMissing(GocNhinError):
    """There is no index yet."""


class IndexDamaged(GocNhinError):
    """No generation of the index is sound."""


class IndexMoved(GocNhinError):
    """The index has changed, and how it stood before cannot be had any more: ask again."""


class BuildFailed(GocNhinError):
    """A build that could not be finished; what was there before still serves."""


class BadQuery(GocNhinError):
    """A query that is refused: `reason` is a code of REASONS, `values` what belongs to it.

    `position` is the letter it stumbled over, `suggestion` a query that would work.
    """

    def __init__(self, reason: str, position: int = 0, suggestion: str | None = None, **values: object) -> None:
        super().__init__(REASONS[reason] % values)
        self.reason, self.values = reason, values
        self.position = position
        self.suggestion = suggestion


class BadParameter(BadQuery):
    """A parameter that is unknown, given too often, or of no use; the message names it."""
