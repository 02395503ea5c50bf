"""Whole crawls of the replica, by the commands a user types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.database import locked
from tests.helpers import ROOT, run
from tests.replica.faults import Faults
from tests.replica.pieces import Piece, specimens
from tests.replica.site import Running, serving

NOWHERE = "http://127.0.0.1:9"
"""The discard port, where nothing answers."""


def crawl(site: str, data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run("crawl", "--site", site, "--delay", "0", "--data", data, *options)


def archived(data: Path) -> dict[int, str]:
    with Archive.open(data, create=False) as archive:
        return {article.id: article.text for article in archive.current(archive.ids())}


def expected(pieces: Sequence[Piece]) -> dict[int, str]:
    return {-(p.legacy_id or 0) if p.layout == "legacy" else p.id: p.text for p in pieces if p.section == "Góc nhìn"}


def test_every_piece_is_archived_as_it_was_written(specimens: Path, replica: Running) -> None:
    assert archived(specimens) == expected(replica.site.pieces)
    with Archive.open(specimens) as archive:
        for piece in replica.site.section:
            kept = archive.get(-(piece.legacy_id or 0) if piece.layout == "legacy" else piece.id)
            assert kept is not None
            assert (kept.title, kept.lead, kept.authors, kept.tags) == (
                *(piece.title, piece.lead),
                *(piece.authors, piece.tags),
            )
            assert (kept.published_at, kept.layout, kept.section) == (piece.published_at, piece.layout, "Góc nhìn")
            raw = archive.pages.of(kept.id, 1)
            assert raw is not None
            assert piece.title.encode() in raw.body


def test_a_second_run_stores_nothing_and_says_so(tmp_path: Path) -> None:
    with serving() as running:
        first = crawl(running.url, tmp_path)
        before = dict(running.site.asked)
        report = tmp_path / "report.json"
        second = crawl(running.url, tmp_path, "--report", str(report))
        asked = {path: count - before.get(path, 0) for path, count in running.site.asked.items()}
    assert (first.returncode, second.returncode) == (0, 0)
    assert f"{len(running.site.section)} new" in first.stderr
    assert "nothing new" in second.stderr
    assert not [path for path, count in asked.items() if count and path.endswith(".html")]
    told = json.loads(report.read_text("utf-8"))
    assert (told["finished"], told["new"], told["requests"]) == (True, 0, sum(asked.values()))


def test_a_new_article_is_found_by_the_next_run(tmp_path: Path) -> None:
    pieces = specimens()
    with serving(pieces[1:]) as running:
        crawl(running.url, tmp_path)
        running.site.pieces.insert(0, pieces[0])
        assert "crawl: 1 new" in crawl(running.url, tmp_path).stderr
    assert archived(tmp_path) == expected(pieces)


def test_limit_and_dates(tmp_path: Path, replica: Running) -> None:
    some = [piece for piece in replica.site.section if piece.published_at.year == 2025]
    assert crawl(replica.url, tmp_path / "year", "--since", "2025", "--until", "2025").returncode == 0
    assert archived(tmp_path / "year") == expected(some)
    crawl(replica.url, tmp_path / "three", "--limit", "3")
    assert archived(tmp_path / "three") == expected(replica.site.section[:3])
    crawl(replica.url, tmp_path / "three")
    assert archived(tmp_path / "three") == expected(replica.site.section)


def test_a_legacy_address_that_moved_is_joined(tmp_path: Path) -> None:
    moved = next(piece for piece in specimens() if piece.layout != "legacy" and piece.section == "Góc nhìn")
    old = replace(moved, layout="legacy", legacy_id=592454)
    with serving([old]) as running:
        crawl(running.url, tmp_path)
        assert list(archived(tmp_path)) == [-592454]
        running.site.pieces[:] = [replace(moved, legacy_id=592454)]
        crawl(running.url, tmp_path, "--full")
        with Archive.open(tmp_path) as archive:
            archive._db.execute("UPDATE frontier SET state = 'wanted' WHERE article = -592454")
        crawl(running.url, tmp_path)
    with Archive.open(tmp_path) as archive:
        kept = archive.get(-592454)
    assert kept is not None
    assert (kept.id, kept.aliases) == (moved.id, (-592454,))
    assert list(archived(tmp_path)) == [moved.id]


def test_pages_that_are_no_articles_are_kept_and_a_person_is_asked(tmp_path: Path) -> None:
    pieces = [replace(piece, html=b"<h1>Access Denied</h1>") for piece in specimens()[:2]]
    with serving(pieces) as running:
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert "no known layout" in done.stderr
    assert "has the site changed?" in done.stderr
    status = run("status", "--json", "--data", tmp_path)
    assert len(json.loads(status.stdout)["quarantined"]) == len([p for p in pieces if p.section == "Góc nhìn"])


def test_articles_of_other_sections_are_left_alone(tmp_path: Path) -> None:
    strangers = [replace(piece, section="Góc nhìn") for piece in specimens() if piece.section != "Góc nhìn"]
    with serving(strangers) as running:
        running.site.printed_section = "Kinh tế"
        done = crawl(running.url, tmp_path)
    assert f"{len(strangers)} elsewhere" in done.stderr
    assert archived(tmp_path) == {}


def test_a_removed_article_is_gone(tmp_path: Path) -> None:
    with serving(specimens()[:3]) as running:
        missing = running.site.section[0]
        running.site.missing_paths.add(missing.path)
        done = crawl(running.url, tmp_path)
    assert done.returncode == 0
    assert "1 gone" in done.stderr
    assert missing.id not in archived(tmp_path)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--since", "2021-13-45"), 2, "is no date"),
        (("--since", "2022", "--until", "2021"), 1, "swap them"),
        (("--site", "ftp://x"), 1, "is no site"),
        (("--site", NOWHERE), 1, "does not answer"),
        (("--site", "https://hanoimoi.vn", "--delay", "0.1"), 1, "allowed on loopback only"),
        (("--limit", "0"), 2, "--limit"),
        (("--report", "/nowhere/at/all.json"), 1, "there is no such directory"),
        (("--frobnicate",), 2, "No such option"),
        (("--data", "/dev/null/x"), 1, "/dev/null/x"),
    ],
)
def test_bad_input_gets_one_clear_line(tmp_path: Path, options: tuple[str, ...], code: int, said: str) -> None:
    done = run("crawl", "--site", NOWHERE, "--delay", "0", "--data", tmp_path, *options)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_section_page_without_a_section(tmp_path: Path) -> None:
    with serving([]) as running:
        running.site.channel = None
        done = crawl(running.url, tmp_path)
    assert done.returncode == 1
    assert "lists no article and names no channel" in done.stderr


def test_a_section_page_that_names_no_channel(tmp_path: Path) -> None:
    with serving() as running:
        running.site.channel = None
        done = crawl(running.url, tmp_path)
    assert done.returncode == 3
    assert "sitemaps stood in for the section's own listings" in done.stderr
    assert "does not name its channel" in done.stderr
    assert archived(tmp_path) == expected(running.site.pieces)


def test_a_second_run_at_once_is_turned_away(tmp_path: Path) -> None:
    with locked(tmp_path):
        done = crawl(NOWHERE, tmp_path)
    assert done.returncode == 75
    assert "nothing was changed" in done.stderr


def test_scrapys_own_command_works_too(tmp_path: Path, replica: Running) -> None:
    environment = {**os.environ, "GOC_NHIN_DATA": str(tmp_path), "GOC_NHIN_SITE": replica.url, "GOC_NHIN_DELAY": "0"}
    command = [sys.executable, "-m", "scrapy", "crawl", "goc_nhin", "-a", "since=2025-01-01", "-a", "limit=2"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert archived(tmp_path) == expected(replica.site.section[:2])


def test_a_correction_becomes_a_revision_and_what_is_unchanged_costs_no_body(tmp_path: Path) -> None:
    pieces = [piece for piece in specimens() if piece.layout != "legacy"][:12]
    with serving(pieces) as running:
        crawl(running.url, tmp_path)
        old = running.site.section[3]
        running.site.pieces[running.site.pieces.index(old)] = replace(old, body=(*old.body, "Đính chính: số liệu mới."))
        running.site.bodies = 0
        done = crawl(running.url, tmp_path, "--full")
        again = crawl(running.url, tmp_path, "--full")
    assert f"1 revised, {len(running.site.section) - 1} unchanged" in done.stderr
    assert f"nothing new; {len(running.site.section)} unchanged" in again.stderr
    assert running.site.bodies == 1
    with Archive.open(tmp_path) as archive:
        assert [one.text for one in archive.revisions(old.id)] == [old.text, f"{old.text}\n\nĐính chính: số liệu mới."]


def test_an_article_that_was_taken_down_stays_archived(tmp_path: Path) -> None:
    with serving(specimens()[:3]) as running:
        crawl(running.url, tmp_path)
        running.site.missing_paths.add(running.site.section[0].path)
        done = crawl(running.url, tmp_path, "--full")
    assert "1 gone" in done.stderr
    assert archived(tmp_path) == expected(running.site.pieces)


def test_a_page_that_lost_most_of_its_text_does_not_replace_it(tmp_path: Path) -> None:
    with serving(specimens()[:30]) as running:
        crawl(running.url, tmp_path)
        before = archived(tmp_path)
        whole = running.site.section[0]
        running.site.pieces[running.site.pieces.index(whole)] = replace(whole, lead="Đang cập nhật.", body=())
        done = crawl(running.url, tmp_path, "--full")
    assert "the old is kept" in done.stderr
    assert archived(tmp_path) == before


def test_a_terminal_is_shown_how_far_it_has_come(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (30, 100))
    with serving(specimens()[:20], Faults(slow=1.0, delay=0.05)) as running:
        command = [sys.executable, "-m", "search_app", "crawl", "--site", running.url, "--delay", "0"]
        with subprocess.Popen([*command, "--data", str(tmp_path)], cwd=ROOT, stderr=theirs):
            os.close(theirs)
            shown = b""
            with suppress(OSError):  # what reading says when the other side has closed
                while piece := os.read(ours, 10_000):
                    shown += piece
    os.close(ours)
    assert f"/{len(running.site.section)} [" in shown.decode()
    assert " listings]" in shown.decode()
    assert shown.decode().strip().endswith("s)")
