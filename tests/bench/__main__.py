"""`make bench`: each line a figure of this run and its floor; ends with 1 when one is missed.

`python -m tests.bench 1000 5000 …`: how searching and building grow with the number of articles, without floors.
"""

from __future__ import annotations

import sys

from tests.bench.crawling import crawling, memory
from tests.bench.exporting import exporting
from tests.bench.extraction import extraction
from tests.bench.load import load
from tests.bench.searching import growth, searching

if sys.argv[1:]:
    growth([int(size) for size in sys.argv[1:]])
    sys.exit()
held = True
for measure in (extraction, crawling, memory, searching, exporting, load):
    for line in measure():
        print(line, flush=True)
        held = held and line.holds
sys.exit(not held)
