"""`make bench`: each line a figure of this run and its floor; ends with 1 when one is missed, and writes docs/bench.md.

`python -m tests.bench 1000 5000 …`: how searching and building grow with the number of articles, without floors.
`python -m tests.bench --moment`: everything for a moment, whatever the figures, to see that it can be measured.
"""

from __future__ import annotations

import sys

from tests.bench.beside import beside
from tests.bench.crawling import crawling, memory
from tests.bench.exporting import exporting
from tests.bench.extraction import extraction
from tests.bench.kept import keep
from tests.bench.line import Line
from tests.bench.load import load
from tests.bench.ranking import ranking
from tests.bench.scale import FULL, MOMENT
from tests.bench.searching import growth, searching


def main(arguments: list[str]) -> int:
    """Measure what was asked for; the exit code."""
    moment = arguments == ["--moment"]
    if arguments and not moment:
        growth([int(size) for size in arguments])
        return 0
    lines = list[Line]()
    for measure in (extraction, crawling, memory, searching, beside, ranking, exporting, load):
        for line in measure(MOMENT if moment else FULL):
            print(line, flush=True)
            lines.append(line)
    if moment:
        return 0
    keep(lines)
    return 0 if all(line.holds for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
