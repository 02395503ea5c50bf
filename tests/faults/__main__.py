"""`make faults`: a replica that fails in every way, kills at random moments, damaged files; ends with 1 on a loss.

`python -m tests.faults [crawler|index]`: only these. Loopback only, bounded in count and time.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults.builds import build_kills, switch_kills
from tests.faults.crawls import full_of_faults, quiet_second
from tests.faults.crowd import crowd
from tests.faults.damages import damages
from tests.faults.kills import kills


def crawler(home: Path) -> Iterator[tuple[str, Iterator[str]]]:
    yield "a site full of faults", full_of_faults(home / "faults")
    yield "a second crawl of an unchanged site", quiet_second(home / "faults")
    yield "100 kills of crawls", kills(home / "kills", 100)


def index(home: Path) -> Iterator[tuple[str, Iterator[str]]]:
    yield "500 damaged files", damages(home / "damages", 500)
    yield "50 kills at the switch", switch_kills(home / "switch", 50)
    yield "200 kills of builds", build_kills(home / "builds", 200)
    yield "four readers and a writer for 300 seconds", crowd(home / "crowd", 300)


def main(names: list[str]) -> int:
    random.seed(0)
    held = True
    with tempfile.TemporaryDirectory() as folder:
        for name in names or ROOMS:
            for fault, found in ROOMS[name](Path(folder)):
                losses = list(found)
                print(f"{'LOST' if losses else 'ok  '} {fault}", *losses[:20], sep="\n     ", flush=True)
                held = held and not losses
    return 0 if held else 1


ROOMS = {"crawler": crawler, "index": index}

# A build's second process imports this module.
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
