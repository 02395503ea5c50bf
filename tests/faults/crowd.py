"""Four reading processes and one that writes and publishes without a pause.

`python -m tests.faults.crowd DATA SECONDS` is one of the readers: it prints how many answers it had and what was wrong.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from crawler.archive.archive import Archive
from indexer.index.build import build
from indexer.query.parameters import SearchRequest
from search_app.cache import PageCache
from search_app.live import LiveIndex
from tests.faults.builds import WORDS, sentence
from tests.helpers import ROOT, article, page

READERS = 4
ARTICLES = 300


def crowd(data: Path, seconds: float) -> Iterator[str]:
    """What any of them saw go wrong."""
    with Archive.open(data) as archive:
        for number in range(1, ARTICLES + 1):
            archive.put(article(number, sentence()), page())
        build(data, archive)
        command = [sys.executable, "-m", "tests.faults.crowd", str(data), str(seconds)]
        readers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
        commits, over = 0, time.monotonic() + seconds
        while time.monotonic() < over:
            archive.put(article(random.randint(1, ARTICLES + commits), sentence()), page())
            build(data, archive, rebuild=commits % 50 == 49)
            commits += 1
    answers = 0
    for reader in readers:
        told = reader.communicate()[0].splitlines()
        answers += int(told[0])
        yield from told[1:]
        if reader.returncode != 0:
            yield f"a reader ended with {reader.returncode}"
    print(f"     {commits} commits, {answers} answers")


def read(data: Path, seconds: float) -> None:
    live, answers, over = LiveIndex(data, PageCache()), 0, time.monotonic() + seconds
    wrong: list[str] = []
    while time.monotonic() < over:
        try:
            served = live.served()
            q = random.choice(["", " ".join(random.sample(WORDS, 2))])
            page_ = served.page(SearchRequest(q), 1, 10)
            if not q and page_["total"] != len(served.engine):
                wrong.append(f"{page_['total']} articles, not {len(served.engine)}")
            answers += 1
        except Exception as error:  # noqa: BLE001 - whatever a reader sees is a finding
            wrong.append(f"{type(error).__name__}: {error}")
    print(answers, *wrong[:20], sep="\n")


if __name__ == "__main__":
    read(Path(sys.argv[1]), float(sys.argv[2]))
