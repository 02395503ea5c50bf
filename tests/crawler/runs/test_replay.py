from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.archive.warc import RawPage
from crawler.listings.listed import Listed
from crawler.listings.sections import GOC_NHIN
from crawler.reading.layouts import read_layouts
from crawler.reading.page import read_page
from crawler.runs.replay import Replay
from crawler.runs.replay import replay as replay_with
from crawler.urls import Address
from indexer.index.build import build
from indexer.verify import problems
from tests.helpers import NOON, ROOT, run

CASES = ROOT / "tests/pages"


def raw(case: str) -> RawPage:
    return RawPage((CASES / case / "address.txt").read_text().strip(), NOON, (CASES / case / "page.html").read_bytes())


def replay(archive: Archive) -> Replay:
    """With today's layouts."""
    return replay_with(archive, (GOC_NHIN,), read_layouts())


def test_with_the_same_layouts_everything_is_read_as_before(specimens: Path) -> None:
    with Archive.open(specimens) as archive:
        change = archive.last_change()
        result = replay(archive)
        assert (result.same, result.mended, result.freed, result.lost) == (len(archive.ids()), 0, 0, [])
        assert archive.last_change() == change


def test_a_mended_layout_reaches_what_was_read_wrongly(tmp_path: Path) -> None:
    blind = {name: replace(layout, tags=(".nothing",), lead=()) for name, layout in read_layouts().items()}
    page = raw("longform-nested")
    with Archive.open(tmp_path) as archive:
        archive.put(read_page(page.body, page.url, layouts=blind).article, page)
        build(tmp_path, archive)
        result = replay(archive)
        mended = archive.get(500003)
        assert mended is not None
        assert (mended.tags, mended.revision) == (("một", "hai"), 1)
        assert mended.text.startswith("Lời mở của bài chính.")
        assert result.by_field == {"tags": 1, "lead": 1, "text": 1}
        assert replay(archive).mended == 0
        assert build(tmp_path, archive).indexed == 1
        assert list(problems(tmp_path, archive)) == []


def test_a_page_that_can_be_read_no_longer_keeps_its_old_reading(tmp_path: Path) -> None:
    page = raw("classic-rich")
    with Archive.open(tmp_path) as archive:
        article = read_page(page.body, page.url).article
        archive.put(article, replace(page, body=b"<h1>Access Denied</h1>"))
        result = replay(archive)
        assert [line.split(": ", 2)[2] for line in result.lost] == [
            "no known layout fits, and there is no published_at on the page, which calls itself “”"
        ]
        kept = archive.get(article.id)
        assert kept is not None
        assert kept.text == article.text
    assert run("replay", "--data", tmp_path).returncode == 3


def test_quarantine_is_freed_once_a_layout_fits(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        frontier = archive.frontier
        crawl = archive.crawls.begin(NOON)
        for number, kept in ((500002, raw("classic-two-authors")), (7, replace(raw("classic-rich"), body=b"<p>?</p>"))):
            frontier.want(crawl, [Listed(Address(number, kept.url))])
            with archive.transaction():
                frontier.quarantine(number, kept, "no known layout")
        assert replay(archive).freed == 1
        assert archive.ids() == [500002]
        assert list(frontier.quarantined()) == [raw("classic-rich").url]
        assert (frontier.known(500002, NOON), frontier.wanted()) == (True, 0)
