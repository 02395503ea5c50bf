"""`make faults`: a replica that fails in every way, kills at random moments, damaged files; ends with 1 on a loss.

`python -m tests.faults [crawler|index|machine|cluster]`: only these; `--moment`: each for a moment, to see that it can
be done. Loopback only, bounded in count and time.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.alerting import alert_kills
from tests.faults.builds import build_kills, switch_kills
from tests.faults.crawls import full_of_faults, quiet_second
from tests.faults.crowd import crowd
from tests.faults.damages import damages
from tests.faults.kills import kills
from tests.faults.machine.failing import failing
from tests.faults.machine.power import power_cuts
from tests.faults.nodes import node_kills

Times = Callable[[int], int]
"""How often each is done: a fraction of its usual number."""
MOMENT = 300


def crawler(home: Path, times: Times) -> Iterator[tuple[str, Iterator[str]]]:
    yield "a site full of faults", full_of_faults(home / "faults", times(2000))
    yield "a second crawl of an unchanged site", quiet_second(home / "faults", times(2000))
    yield "kills of crawls", kills(home / "kills", times(100), 10 + times(140))


def index(home: Path, times: Times) -> Iterator[tuple[str, Iterator[str]]]:
    yield "damaged files", damages(home / "damages", times(500))
    yield "kills at the switch", switch_kills(home / "switch", times(50))
    yield "kills of builds", build_kills(home / "builds", times(200))
    yield "kills of alerts", alert_kills(home / "alerts", times(200))
    yield "four readers and a writer", crowd(home / "crowd", times(300))


def machine(home: Path, times: Times) -> Iterator[tuple[str, Iterator[str]]]:
    yield "files that fail", failing(home / "failing", MOMENT // times(MOMENT))
    yield "power cuts", power_cuts(home / "power", MOMENT // times(MOMENT))


def cluster(home: Path, times: Times) -> Iterator[tuple[str, Iterator[str]]]:
    yield "kills of nodes", node_kills(home / "nodes", times(100_000), times(6))


def main(names: list[str]) -> int:
    """Do what was asked for; the exit code."""
    moment = "--moment" in names
    names = [name for name in names if name != "--moment"]

    def times(often: int) -> int:
        return max(1, often // MOMENT) if moment else often

    random.seed(0)
    held = True
    with tempfile.TemporaryDirectory() as folder:
        for name in names or ROOMS:
            for fault, found in ROOMS[name](Path(folder), times):
                losses = list(found)
                print(f"{'LOST' if losses else 'ok  '} {fault}", *losses[:20], sep="\n     ", flush=True)
                held = held and not losses
    return 0 if held else 1


ROOMS = {"crawler": crawler, "index": index, "machine": machine, "cluster": cluster}

# A build's second process imports this module.
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
