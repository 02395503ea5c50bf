"""The walk by itself: listings are answered by the replica's app in this process, no page is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.errors import BadListing
from crawler.listings.listed import Source
from crawler.listings.plan import Options
from crawler.listings.sections import GOC_NHIN
from crawler.reading.layouts import read_layouts
from crawler.runs.run import Run
from crawler.runs.walk import Walk
from tests.replica.pieces import Piece, many
from tests.replica.site import create_site

SITE = "https://hanoimoi.vn"
Begin = Callable[[Options], Run]


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return many(120)


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Begin a run in a directory of its own; it is closed in the end."""
    runs: list[Run] = []

    def begun(options: Options) -> Run:
        runs.append(Run(tmp_path / str(len(runs)), SITE, options, (GOC_NHIN,), read_layouts()))
        return runs[-1]

    yield begun
    for run in runs:
        run.close(0, {})


def walked(run: Run, pieces: list[Piece], broken: frozenset[Source] = frozenset()) -> Counter[Source]:
    """Walk to the end; how many listings of each source were asked for."""
    client, walk, asked = create_site(pieces).test_client(), Walk(run), Counter[Source]()
    waiting = list(walk.first())
    while waiting:
        step = waiting.pop(0)
        asked[step.source] += 1
        answer = client.get(step.path)
        try:
            if step.source in broken or answer.status_code != 200:
                raise BadListing(f"{step.path} answered {answer.status_code}")
            waiting += walk.read(step, answer.data, answer.content_type)
        except BadListing as error:
            waiting += walk.failed(step, str(error), unreadable=True)
    return asked


def wanted(run: Run) -> int:
    found = 0
    while due := run.next_articles():
        found += len(due)
    return found


def test_a_full_walk_goes_to_the_first_article(begin: Begin, pieces: list[Piece]) -> None:
    run = begin(Options(full=True))
    asked = walked(run, pieces)
    assert wanted(run) == sum(piece.section == GOC_NHIN.name for piece in pieces)
    assert asked[Source.SECTION] > 2
    assert asked[Source.SITEMAP] == 0, "the section's own pages are enough"


def test_a_limit_ends_the_walk_early(begin: Begin, pieces: list[Piece]) -> None:
    run = begin(Options(limit=5))
    asked = walked(run, pieces)
    assert wanted(run) == 5
    assert asked[Source.SECTION] <= 2


def test_sitemaps_stand_in_where_the_section_cannot_be_read(begin: Begin, pieces: list[Piece]) -> None:
    run = begin(Options(full=True))
    asked = walked(run, pieces, broken=frozenset({Source.SECTION}))
    assert asked[Source.SITEMAP] > 1
    assert wanted(run) >= sum(piece.section == GOC_NHIN.name for piece in pieces)
    assert run.report.sources[Source.SECTION]["error"]


def test_a_side_source_that_fails_is_passed_over(begin: Begin, pieces: list[Piece]) -> None:
    run = begin(Options(full=True))
    walked(run, pieces, broken=frozenset({Source.RSS}))
    assert wanted(run) == sum(piece.section == GOC_NHIN.name for piece in pieces)
    assert not run.report.trouble
