"""Kills with -9 at random moments of a crawl."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from crawler.archive.reader import ArchiveReader
from indexer.verify import archive_problems
from tests.faults.crawls import lost
from tests.faults.tried import turns
from tests.helpers import ROOT, run
from tests.replica.faults import Faults
from tests.replica.pieces import many
from tests.replica.site import Running, serving

ANSWER = 0.02
"""Seconds the replica takes for an answer, so that a crawl lasts for several saves."""
WELL, LOOK = 0, 3
"""How a crawl that is done ends: so many of the few pages that a kill left may repeat others that a person is asked."""
Contents = dict[int, list[str]]


def kills(data: Path, count: int, articles: int) -> Iterator[str]:
    """After each kill the archive is sound, and the run that follows ends as an unbroken one does."""
    with serving(many(articles), Faults(slow=1.0, delay=ANSWER)) as running:
        finish(running, data / "unbroken")
        expected = contents(data / "unbroken")
        yield from lost(running, data / "unbroken")
        moments = []
        for number in turns(count):
            moments.append(kill(running, data / str(number), random.randint(0, articles)))
            yield from (f"kill {number}: {problem}" for problem in unsound(data / str(number)))
            finish(running, data / str(number))
            if contents(data / str(number)) != expected:
                yield f"kill {number}: another archive than of an unbroken run"
            yield from (f"kill {number}, after: {problem}" for problem in unsound(data / str(number)))
            shutil.rmtree(data / str(number))
    midst = sum(0 < archived < articles for archived in moments)
    print(f"     with {min(moments)} to {max(moments)} articles archived, {midst} times in the midst")


def kill(running: Running, data: Path, after: int) -> int:
    """Kill a crawl once it was given so many articles, and a moment more; how many it had archived."""
    running.site.bodies = 0
    process = subprocess.Popen(command(running, data), cwd=ROOT, stderr=subprocess.DEVNULL)
    while running.site.bodies < after and process.poll() is None:
        time.sleep(0.001)
    time.sleep(random.uniform(0, ANSWER))
    process.kill()
    process.wait()
    try:
        with ArchiveReader.open_read_only(data) as archive:
            return len(archive.ids())
    except Exception:  # noqa: BLE001 - killed before there was an archive
        return 0


def finish(running: Running, data: Path) -> None:
    done = run(*command(running, data)[3:])
    assert done.returncode in (WELL, LOOK), done.stderr


def command(running: Running, data: Path) -> list[str]:
    options = ["crawl", "--full", "--site", running.url, "--delay", "0", "--data", str(data)]
    return [sys.executable, "-m", "search_app", *options]


def contents(data: Path) -> Contents:
    """Every article's revisions by their digests; their raw pages as bytes."""
    with ArchiveReader.open_read_only(data) as archive:
        return {number: [one.sha256 for one in archive.revisions(number)] for number in archive.ids()}


def unsound(data: Path) -> list[str]:
    if not (data / "archive.sqlite").exists():
        return []
    with ArchiveReader.open_read_only(data) as archive:
        return list(archive_problems(archive))
