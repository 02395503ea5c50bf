"""Crawls of the replica against a bare spider that only downloads its pages, and their memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from crawler.manners import LOOPBACK_CONNECTIONS
from tests.bench.line import Line
from tests.bench.scale import Scale
from tests.helpers import ROOT
from tests.replica.pieces import many

FLAT = 1.25
KEEPING = (
    "it only downloads; ours also reads each page and the listings, syncs it to a WARC file and a revision to SQLite, "
    "and notes what is still to be asked for; where the time goes, and what was tried, is in architecture.md"
)


@contextmanager
def replica(articles: int) -> Iterator[str]:
    """A replica of so many articles in a process of its own, so that its work is not counted as the crawler's."""
    command = [sys.executable, "-m", "tests.replica", "--with-parent", "--articles", str(articles)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


def crawling(scale: Scale) -> list[Line]:
    """Times a bare spider's speed, of as many connections and of one; the best of the rounds, turn about."""
    with tempfile.TemporaryDirectory() as folder, replica(scale.few) as site:
        addresses = Path(folder) / "addresses"
        addresses.write_text("\n".join(site + p.path for p in many(scale.few) if p.section == "Góc nhìn"), "utf-8")
        ours, alike, single = [], [], []
        for turn in range(scale.rounds):
            ours.append(timed("-m", "search_app", "crawl", *_crawl(site, Path(folder) / str(turn))))
            alike.append(timed("-m", "tests.bench.bare", str(LOOPBACK_CONNECTIONS), str(addresses)))
            single.append(timed("-m", "tests.bench.bare", "1", str(addresses)))
    lines = []
    for connections, bare in ((LOOPBACK_CONNECTIONS, min(alike)), (1, min(single))):
        said = f"{scale.few} articles in {min(ours):.1f} s, downloaded only, over {connections}, in {bare:.1f} s"
        name = f"crawl, times a bare spider's speed, of {connections} connections"
        lines.append(Line(name, bare / min(ours), None, said, why=KEEPING))
    return lines


def memory(scale: Scale) -> list[Line]:
    """The crawler's most memory with ten times the articles, as a ratio."""
    used = []
    for articles in (scale.few, scale.many):
        with tempfile.TemporaryDirectory() as folder, replica(articles) as site:
            used.append(peak("crawl", *_crawl(site, Path(folder))))
    said = f"{used[0] / 1e6:.0f} MB for {scale.few} articles, {used[1] / 1e6:.0f} MB for {scale.many}"
    return [Line("crawl, memory for ten times the articles", used[1] / used[0], FLAT, said, at_most=True)]


def timed(*arguments: str) -> float:
    begun = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return perf_counter() - begun


def peak(*arguments: str) -> int:
    """Bytes, the most a goc-nhin command had."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as told:
        command = [sys.executable, "-m", "tests.audited", told.name, *arguments]
        subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        return int(json.load(told)["memory"])


def _crawl(site: str, data: Path) -> tuple[str, ...]:
    return ("--site", site, "--delay", "0", "--full", "--data", str(data))
