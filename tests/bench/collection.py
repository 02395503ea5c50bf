"""The shared articles, or the specimens, grown to any number; archived, indexed by the product's own commands."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import count, islice
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from tests.helpers import ROOT
from tests.ranking import RELEVANCE, shared_articles
from tests.replica.pieces import Piece, specimens

_POLL = 0.05


class Cost(NamedTuple):
    """What a command took: wall-clock seconds, and bytes its processes had together at most."""

    seconds: float
    memory: int


@cache
def known_articles() -> list[dict[str, Any]]:
    """The shared articles; where they are not, the specimens."""
    if not RELEVANCE.is_dir():
        return [_record(piece) for piece in specimens()]
    return list(shared_articles())


def known_queries() -> list[str]:
    """The shared queries; where they are not, words that the specimens are tagged with, and titles."""
    if not RELEVANCE.is_dir():
        tags = sorted({tag for piece in specimens() for tag in piece.tags})
        return [*tags, *(" ".join(piece.title.split()[:4]) for piece in specimens())]
    return [line.split("\t")[0] for line in (RELEVANCE / "queries.tsv").read_text("utf-8").splitlines()]


def _record(piece: Piece) -> dict[str, Any]:
    return {
        **{"title": piece.title, "lead": piece.lead, "text": piece.text, "authors": list(piece.authors)},
        **{"tags": list(piece.tags), "published_at": piece.published_at.isoformat()},
    }


def grown(articles: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """So many articles: the shared ones over and over, each time with other ids, a day later."""
    known = known_articles()
    for number in islice(count(first), articles):
        round_, place = divmod(number, len(known))
        record = known[place]
        moment = datetime.fromisoformat(record["published_at"]) + timedelta(round_)
        address = f"https://hanoimoi.vn/bai-{number + 1}.html"
        yield {**record, "id": number + 1, "url": address, "published_at": moment.isoformat()}


def archive(data: Path, articles: int, first: int = 0) -> None:
    """Import grown articles."""
    file = data.parent / "grown.ndjson"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in grown(articles, first))
    goc_nhin("import", str(file), "--data", str(data))
    file.unlink()


def goc_nhin(*arguments: str) -> Cost:
    """Run a command of the product."""
    begun, memory = perf_counter(), 0
    command = [sys.executable, "-m", "search_app", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            memory = max(memory, sum(map(memory_of, family(process.pid))))
            time.sleep(_POLL)
        seconds = perf_counter() - begun
        assert process.returncode == 0, process.stderr and process.stderr.read()
    return Cost(seconds, memory)


def family(process: int) -> Iterator[int]:
    """A process and all that came from it."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def memory_of(process: int) -> int:
    """Bytes of a process, what it shares with others by share."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    except OSError:
        return 0


def size(directory: Path) -> int:
    """Bytes of all files below."""
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())
