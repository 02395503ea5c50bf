"""Which engine answers for a data directory. The one place that knows."""

from __future__ import annotations

from pathlib import Path

from crawler.config import setting
from crawler.errors import GocNhinError
from indexer.engines.protocol import Store
from indexer.opensearch.where import Where

EMBEDDED = "whoosh"


def store(data: Path) -> Store:
    """Where the index of a data directory is. Raises GocNhinError for a setting of no use."""
    if setting("GOC_NHIN_SEARCH") == EMBEDDED:
        # Whoever searches a cluster need not load Whoosh, and the other way round.
        from indexer.engines.directory import Directory

        return Directory(data)
    where = Where.read()
    try:
        from indexer.opensearch.store import Remote
    except ModuleNotFoundError as error:
        raise GocNhinError(f"GOC_NHIN_SEARCH needs {error.name}: pip install goc-nhin[opensearch]") from error
    return Remote(where)
