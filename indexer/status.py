"""What a data directory holds and how it is, at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.archive.crawls import Crawl
from crawler.archive.reader import ArchiveReader
from crawler.errors import GocNhinError
from indexer.engines.choice import store


def status(data: Path, archive: ArchiveReader) -> dict[str, Any]:
    """Counts, date range, last crawl and index, size in bytes, quarantine; `health` lists what is amiss."""
    frontier = archive.frontier
    crawl, index = archive.crawls.last(), _index(data)
    quarantined, doubted = frontier.quarantined(), archive.doubtful()
    by_kind = Counter(f"{doubt.field} {doubt.code}" for doubts in doubted.values() for doubt in doubts)
    return {
        **archive.counts(),
        "last_crawl": asdict(crawl) if crawl else None,
        "last_index": index,
        "bytes": sum(file.stat().st_size for file in data.rglob("*") if file.is_file()),
        "wanted": frontier.wanted(),
        "quarantined": quarantined,
        "doubtful": len(doubted),
        "doubts": dict(sorted(by_kind.items())),
        "health": list(_amiss(archive, crawl, index, len(quarantined))),
    }


def _amiss(archive: ArchiveReader, crawl: Crawl | None, index: dict[str, Any], quarantined: int) -> Iterator[str]:
    if "error" in index:
        yield index["error"]
    elif index["mark"] != archive.mark(index["change"]):
        yield "the index was built from another archive, or before a backup was restored: run “goc-nhin index”"
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
        f"in doubt   {found['doubtful']}{_kinds(found['doubts'])}",
        f"size       {found['bytes'] / 1e6:.1f} MB",
        f"health     {'; '.join(found['health']) or 'good'}",
        *(f"  {url}: {reason}" for url, reason in found["quarantined"].items()),
    ]
    return "\n".join(lines)


def doubts(archive: ArchiveReader) -> list[dict[str, Any]]:
    """Every doubtful article: id, address, title, and its doubts in the public shape; the newest first."""
    found = []
    for number, said in archive.doubtful().items():
        article = archive.get(number)
        if article:
            told = [doubt.to_dict() for doubt in said]
            found.append({"id": number, "url": article.url, "title": article.title, "doubts": told})
    return found


def doubts_for_people(found: list[dict[str, Any]]) -> str:
    """The same as text: an article a line, its doubts below."""
    lines = [[f"{one['id']} {one['url']}", *(f"  {doubt['message']}" for doubt in one["doubts"])] for one in found]
    return "\n".join(line for block in lines for line in block) or "no article is in doubt"


def _kinds(counts: dict[str, int]) -> str:
    return f" ({', '.join(f'{count} {kind}' for kind, count in counts.items())})" if counts else ""


def _index(data: Path) -> dict[str, Any]:
    try:
        found, articles = store(data).described()
    except GocNhinError as error:
        return {"error": str(error)}
    return {
        "generation": found.name,
        "built_at": found.built_at,
        "articles": articles,
        "change": found.change,
        "mark": found.mark,
    }
