"""The archive → a generation: from nothing, or from the generation before and what changed since."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.dates import HANOI
from indexer.engines.protocol import Built
from indexer.errors import IndexDamaged, IndexMissing
from indexer.index import generation
from indexer.index.generation import Manifest
from indexer.index.schema import fingerprint
from indexer.index.writing import removed_share, write

_STAMP = "%Y%m%dT%H%M%S.%f"
MOST_REMOVED = 0.3
"""Share of an index's documents that may be removed ones, which cost space and time, before all is built anew."""


def build(data: Path, archive: Archive, rebuild: bool = False) -> Built:
    """Bring the index up to the archive; where it is, nothing is written. The caller holds the lock."""
    started = time.monotonic()
    base, reason = (None, "as asked") if rebuild else _base(data, archive)
    last = archive.last_change()
    if base and base.change == last:
        return Built(base.name, base.articles, 0, 0, "", time.monotonic() - started)
    changed = archive.changed_since(base.change) if base else archive.ids()
    path = generation.new_directory(data)
    if base:
        generation.copy(generation.directory(data) / base.name, path)
    articles, indexed = write(path, data, archive, changed, incremental=base is not None)
    name, mark, files = _name(data, last), archive.mark(last), generation.digests(path, base)
    manifest = Manifest(name, fingerprint(), last, mark, articles, _now(), files)
    generation.publish(data, path, manifest, base)
    removed = len(changed) - indexed
    return Built(manifest.name, articles, indexed, removed, reason, time.monotonic() - started)


def _base(data: Path, archive: Archive) -> tuple[Manifest | None, str]:
    """The generation to build upon, or why there is none."""
    try:
        path, manifest = generation.sound_generation(data)
    except IndexMissing:
        return None, "first build"
    except IndexDamaged as error:
        return None, f"the index is damaged: {error}"
    if path.name != generation.current_name(data):
        return None, "the current generation is damaged"
    if manifest.schema != fingerprint():
        return None, "tokenizer or schema changed"
    if archive.mark(manifest.change) != manifest.mark:
        return None, "it was built from another archive, or from this one before a backup was restored"
    if removed_share(path) > MOST_REMOVED:
        return None, "much of it had been replaced"
    return manifest, ""


def _name(data: Path, change: int) -> str:
    """Sorts by time, and says up to which change of the archive it goes.

    Where the clock was ahead once, names go on from there by the least step, so that they stay in order and short.
    """
    now = datetime.now(UTC)
    newest = max((_moment(name) for name in generation.names(data)), default=now)
    moment = now if now > newest else newest + timedelta(microseconds=1)
    return f"{moment:{_STAMP}}-{change}"


def _moment(name: str) -> datetime:
    """When a generation was built, by its name; of one that earlier versions lengthened, what begins its name."""
    stamp = name.split("-")[0]
    day, _, fraction = stamp.partition(".")
    return datetime.strptime(f"{day}.{fraction[:6]}", _STAMP).replace(tzinfo=UTC)


def _now() -> str:
    return datetime.now(HANOI).isoformat(timespec="seconds")
