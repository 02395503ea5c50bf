"""`make faults`: a replica that fails in every way, kills at random moments, damaged files; ends with 1 on a loss.

`python -m tests.faults [crawler|index|machine|cluster|tests|FAULT …]`: only these rooms, or faults by the name that the
table has; `--moment`: each for a moment, to see that it can be done; else docs/promises.md says afterwards what came of
it. Loopback only, bounded in count and time.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.alerting import alert_kills
from tests.faults.builds import build_kills, switch_kills
from tests.faults.crawls import full_of_faults, quiet_second
from tests.faults.crowd import crowd
from tests.faults.damages import damages
from tests.faults.kills import kills
from tests.faults.machine.failing import failing
from tests.faults.machine.pairs import pairs
from tests.faults.machine.places import places
from tests.faults.machine.power import power_cuts
from tests.faults.nodes import node_kills
from tests.faults.promises import PROMISES, tested, write
from tests.faults.tried import Fault, Tried, table, tried

Times = Callable[[int], int]
"""How often each is done: a fraction of its usual number."""
MOMENT = 300


def crawler(home: Path, times: Times) -> Iterator[Fault]:
    yield Fault("a site full of faults", times(2000), full_of_faults(home / "faults", times(2000)))
    yield Fault("a second crawl of an unchanged site", 1, quiet_second(home / "faults", times(2000)))
    yield Fault("kills of crawls", times(300), kills(home / "kills", times(300), 10 + times(140)))


def index(home: Path, times: Times) -> Iterator[Fault]:
    yield Fault("damaged files", times(1000), damages(home / "damages", times(1000)))
    yield Fault("kills at the switch", times(50), switch_kills(home / "switch", times(50)))
    yield Fault("kills of builds", times(450), build_kills(home / "builds", times(450)))
    yield Fault("kills of alerts", times(200), alert_kills(home / "alerts", times(200)))
    yield Fault("seconds of four readers and a writer", times(300), crowd(home / "crowd", times(300)))


def machine(home: Path, times: Times) -> Iterator[Fault]:
    every = MOMENT // times(MOMENT)
    yield Fault("calls that fail", None, failing(home / "failing", every))
    yield Fault("power cuts", None, power_cuts(home / "power", every))
    yield Fault("two commands at once", None, pairs(home / "pairs", times(MOMENT)))
    yield Fault("odd places", None, places(home / "places", times(MOMENT)))


def cluster(home: Path, times: Times) -> Iterator[Fault]:
    yield Fault("kills of nodes", times(6), node_kills(home / "nodes", times(100_000), times(6)))


def tests(_: Path, times: Times) -> Iterator[Fault]:
    files = sorted({file for promise in PROMISES for file in promise.tests})
    for file in files[: times(MOMENT)]:
        yield Fault(file, None, tested(file))


def main(names: list[str]) -> int:
    """Do what was asked for; the exit code."""
    moment = "--moment" in names
    wanted = {name for name in names if name != "--moment"}

    def times(often: int) -> int:
        return max(1, often // MOMENT) if moment else often

    random.seed(0)
    done = list[Tried]()
    with tempfile.TemporaryDirectory() as folder:
        for room, faults in ROOMS.items():
            chosen = not wanted or room in wanted
            for fault in faults(Path(folder), times):
                if chosen or fault.name in wanted:
                    done.append(tried(fault))
    if not done:
        print(f"no fault is called so: there are the rooms {', '.join(ROOMS)}, and what docs/promises.md names")
        return 2
    print(table(done))
    if not moment:
        write(done, time.strftime("%Y-%m-%d"))
    return 0 if all(one.held for one in done) else 1


ROOMS = {"crawler": crawler, "index": index, "machine": machine, "cluster": cluster, "tests": tests}

# A build's second process imports this module.
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
