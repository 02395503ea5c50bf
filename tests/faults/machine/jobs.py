"""The commands that write, what each begins with, and what it leaves when nothing fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.archive.reader import ArchiveReader
from crawler.errors import ArchiveError
from indexer.engines.choice import store
from indexer.query.parameters import SearchRequest
from indexer.verify import problems as named
from tests.faults.kills import contents
from tests.faults.machine import shim
from tests.helpers import article, run
from tests.replica.site import Running

OUT = "out.json"
"""Where an export is written to, within the data directory."""
UNFINISHED = ("no archive in", "has schema 0", "no index", "is behind the archive")


@dataclass(frozen=True, slots=True)
class Job:
    """`base` is the data directory it begins with, None for none; `told` is what matters of what it left."""

    name: str
    base: Path | None
    arguments: tuple[str | Path, ...]
    told: Callable[[Path], Any]

    def begin(self, data: Path) -> None:
        """Make `data` what it begins with."""
        shutil.rmtree(data, ignore_errors=True)
        if self.base:
            shutil.copytree(self.base, data)

    def command(self, data: Path) -> list[str | Path]:
        """Its arguments, in a data directory."""
        given = [data / OUT if one == OUT else one for one in self.arguments]
        return [*given, "--data", data]


def jobs(home: Path, site: Running) -> list[Job]:
    """All of them; the site is small, since each of their calls will be failed."""
    crawl = ("crawl", "--full", "--site", site.url, "--delay", "0")
    crawled, indexed, more = home / "crawled", home / "indexed", home / "more"
    lines = home / "more.ndjson"
    lines.write_text(json.dumps(article(9, "Chợ quê ngày Tết.").to_dict(), ensure_ascii=False) + "\n", "utf-8")
    _done(*crawl, "--data", crawled)
    shutil.copytree(crawled, indexed)
    _done("index", "--data", indexed)
    shutil.copytree(indexed, more)
    _done("import", lines, "--data", more)
    return [
        Job("crawl", None, crawl, contents),
        Job("import", indexed, ("import", lines), contents),
        Job("index", crawled, ("index",), _indexed),
        Job("index again", more, ("index",), _indexed),
        Job("replay", crawled, ("replay",), contents),
        Job("export", indexed, ("export", "-o", OUT), _exported),
    ]


def wrong(data: Path) -> list[str]:
    """What “goc-nhin verify” names; an archive or index that was not finished yet is no damage."""
    try:
        with ArchiveReader.open_read_only(data) as archive:
            found = list(named(data, archive))
    except ArchiveError as error:
        found = [str(error)]
    return [one for one in found if not any(unfinished in one for unfinished in UNFINISHED)]


def again(job: Job, data: Path, expected: Any) -> list[str]:
    """What is not right once it was run again, against what an unbroken run leaves."""
    done = shim.run(job.command(data), data)
    if done.returncode:
        problems = [f"the next run ended with {done.returncode}: {done.stderr[-300:]}"]
    elif job.told(data) != expected:
        problems = ["the next run left something else than an unbroken one"]
    else:
        problems = []
    return [*problems, *(f"after the next run {one}" for one in wrong(data))]


def _indexed(data: Path) -> Any:
    engine = store(data).opened()
    return engine.search(SearchRequest(sort="oldest")).ids(), engine.search(SearchRequest("hà nội")).page(1, 50)[
        "facets"
    ]


def _exported(data: Path) -> Any:
    found = json.loads((data / OUT).read_text("utf-8"))
    return {name: value for name, value in found.items() if name != "exported_at"}


def _done(*arguments: str | Path) -> None:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
