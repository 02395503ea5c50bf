"""`make bench`: each line a ratio within this run and its floor; ends with 1 when one is missed."""

from __future__ import annotations

import sys

from tests.bench.crawling import crawling, memory
from tests.bench.extraction import extraction

held = True
for measure in (extraction, crawling, memory):
    for line in measure():
        print(line, flush=True)
        held = held and line.holds
sys.exit(not held)
