"""What articles are counted by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indexer.engines.protocol import Facet

COUNTED: dict[Facet, str] = {
    "author": "author_is",
    "tag": "tag_is",
    "section": "section_is",
    "year": "year",
    "month": "month",
}
"""The field that holds a facet's values; those of names hold what ways of writing one have in common."""
WRITTEN: dict[Facet, str] = {"author": "authors", "tag": "tags", "section": "sections"}
"""The field that holds names as they are written."""
MOST_VALUES = 50_000
"""Values of a facet, at most."""


def aggregations(facets: Iterable[Facet] = COUNTED) -> dict[str, Any]:
    """Counts of each value of some facets."""
    return {facet: terms(COUNTED[facet]) for facet in facets}


def terms(field: str) -> dict[str, Any]:
    """Counts of each value of a field."""
    return {"terms": {"field": field, "size": MOST_VALUES}}
