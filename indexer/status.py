"""What a data directory holds and how it is, at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.archive import Archive
from crawler.crawls import Crawl, Crawls
from crawler.errors import GocNhinError
from crawler.frontier import Frontier
from indexer import generation


def status(data: Path, archive: Archive) -> dict[str, Any]:
    """Counts, date range, last crawl and index, size in bytes, quarantine; `health` lists what is amiss."""
    frontier = Frontier(archive)
    crawl, index = Crawls(archive).last(), _index(data)
    quarantined = frontier.quarantined()
    return {
        **archive.counts(),
        "last_crawl": asdict(crawl) if crawl else None,
        "last_index": index,
        "bytes": sum(file.stat().st_size for file in data.rglob("*") if file.is_file()),
        "wanted": frontier.wanted(),
        "quarantined": quarantined,
        "health": list(_amiss(archive, crawl, index, len(quarantined))),
    }


def _amiss(archive: Archive, crawl: Crawl | None, index: dict[str, Any], quarantined: int) -> Iterator[str]:
    if "error" in index:
        yield index["error"]
    elif index["change"] < archive.last_change():
        yield "the index is behind the archive"
    if crawl and not crawl.finished_at:
        yield "the last crawl did not finish"
    if quarantined:
        yield f"{quarantined} pages in quarantine"


def summary(found: dict[str, Any]) -> str:
    """The same for people."""
    crawl, index = found["last_crawl"], found["last_index"]
    span = f"{found['first'] or '-'} to {found['last'] or '-'}"
    lines = [
        f"articles   {found['articles']} ({found['revisions']} revisions), {span}",
        f"last crawl {(crawl['finished_at'] or 'not finished, begun ' + crawl['started_at']) if crawl else 'never'}",
        f"last index {index.get('built_at', 'none')} ({index.get('articles', 0)} articles)",
        f"to fetch   {found['wanted']}, in quarantine {len(found['quarantined'])}",
        f"size       {found['bytes'] / 1e6:.1f} MB",
        f"health     {'; '.join(found['health']) or 'good'}",
        *(f"  {url}: {reason}" for url, reason in found["quarantined"].items()),
    ]
    return "\n".join(lines)


def _index(data: Path) -> dict[str, Any]:
    try:
        manifest = generation.read_manifest(generation.directory(data) / generation.current_name(data))
    except GocNhinError as error:
        return {"error": str(error)}
    return {
        "generation": manifest.name,
        "built_at": manifest.built_at,
        "articles": manifest.articles,
        "change": manifest.change,
    }
