"""`make faults`: crawls of a replica that fails in every way, and kills at random moments; ends with 1 on a loss.

`python -m tests.faults [KILLS]`. Loopback only, bounded in count and time.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from tests.faults.crawls import full_of_faults, quiet_second
from tests.faults.kills import kills

count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
random.seed(0)
held = True
with tempfile.TemporaryDirectory() as folder:
    for name, found in (
        ("a site full of faults", full_of_faults(Path(folder) / "faults")),
        ("a second crawl of an unchanged site", quiet_second(Path(folder) / "faults")),
        (f"{count} kills", kills(Path(folder) / "kills", count)),
    ):
        losses = list(found)
        print(f"{'LOST' if losses else 'ok  '} {name}", *losses, sep="\n     ", flush=True)
        held = held and not losses
sys.exit(not held)
