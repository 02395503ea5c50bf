"""The index's errors; like the crawler's, one line each for a person."""

from crawler.errors import GocNhinError


class IndexMissing(GocNhinError):
    """There is no index yet."""


class IndexDamaged(GocNhinError):
    """No generation of the index is sound."""


class BuildFailed(GocNhinError):
    """A build that could not be finished; what was there before still serves."""


class BadQuery(GocNhinError):
    """A query that is refused: `position` is the letter it stumbled over, `suggestion` a query that would work."""

    def __init__(self, message: str, position: int = 0, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.suggestion = suggestion
