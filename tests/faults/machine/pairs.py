"""Every two commands at once on one data directory: what each did is whole, and only a lock stops either."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from pathlib import Path

from tests.faults.machine.jobs import UNFINISHED, wrong
from tests.helpers import article, run
from tests.replica.pieces import many
from tests.replica.site import Running, serving

ARTICLES = 20
WELL, LOCKED = 0, 75
BOTH = 2
PATIENCE = 120.0

ALERTS = """link = "http://127.0.0.1"
[[alert]]
name = "Tết"
q = "tết"
ndjson = "{file}"
"""

Command = tuple[str | Path, ...]


def commands(home: Path, site: Running) -> dict[str, Command]:
    """Everything that reads or writes a data directory and ends."""
    crawl = ("--site", site.url, "--delay", "0")
    lines, queries, alerts = home / "lines.ndjson", home / "queries.csv", home / "alerts.toml"
    lines.write_text(json.dumps(article(9).to_dict(), ensure_ascii=False) + "\n", "utf-8")
    queries.write_text("q\nhà nội\n", "utf-8")
    alerts.write_text(ALERTS.format(file=home / "new.ndjson"), "utf-8")
    return {
        "crawl": ("crawl", *crawl),
        "crawl --full": ("crawl", "--full", *crawl),
        "import": ("import", lines),
        "index": ("index",),
        "index --rebuild": ("index", "--rebuild"),
        "update": ("update", *crawl),
        "replay": ("replay",),
        "verify": ("verify",),
        "status": ("status",),
        "search": ("search", "hà nội"),
        "batch": ("batch", queries, "-o", home / "counts.csv"),
        "alerts": ("alerts", alerts),
        "export": ("export", "-o", home / "out.json"),
    }


def pairs(home: Path, most: int) -> Generator[str, None, int]:
    """What was not right after two of them ran at once; how many pairs were tried."""
    home.mkdir()
    with serving(many(ARTICLES)) as site:
        base = home / "base"
        for command in (("crawl", "--full", "--site", site.url, "--delay", "0"), ("index",)):
            assert run(*command, "--data", base).returncode == WELL
        named = commands(home, site)
        tried = list(combinations_with_replacement(named, BOTH))[:most]
        codes: Counter[int] = Counter()
        for one, other in tried:
            yield from _together(base, home / "data", (one, named[one]), (other, named[other]), codes)
    print(f"     {len(tried)} pairs, {codes[WELL]} commands done, {codes[LOCKED]} told that another holds the lock")
    return len(tried)


def _together(
    base: Path, data: Path, one: tuple[str, Command], other: tuple[str, Command], codes: Counter[int]
) -> Iterator[str]:
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(base, data)
    with ThreadPoolExecutor(BOTH) as pool:
        ended = list(pool.map(lambda asked: run(*asked[1], "--data", data, timeout=PATIENCE), (one, other)))
    name = f"“{one[0]}” beside “{other[0]}”"
    for (asked, _), done in zip((one, other), ended, strict=True):
        codes[done.returncode] += 1
        # What verifies beside a writer may see that the index has not followed yet.
        behind = asked == "verify" and all(any(one in line for one in UNFINISHED) for line in done.stdout.splitlines())
        if not (done.returncode in (WELL, LOCKED) or (behind and done.stdout)) or "Traceback" in done.stderr:
            yield f"{name}: {done.returncode} {done.stdout[-200:]} {done.stderr[-200:]}"
    yield from (f"{name}: {problem}" for problem in wrong(data))
