"""Which engine answers for a data directory. The one place that knows."""

from __future__ import annotations

from pathlib import Path

from indexer.engines.embedded import Embedded
from indexer.engines.protocol import Engine
from indexer.index import generation


def opened(data: Path) -> Engine:
    """The newest sound generation, ready to be asked. Raises IndexMissing, IndexDamaged."""
    return Embedded.open(data)


def newest(data: Path) -> str:
    """The newest generation's name, without opening it. Raises IndexMissing, IndexDamaged."""
    return generation.current_name(data)
