from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.database import open_database, open_read_only
from crawler.archive.reader import FILE, ArchiveReader
from crawler.archive.schema import SCHEMA_VERSION
from crawler.errors import ArchiveError
from crawler.listings.listed import Listed
from crawler.urls import Address
from tests.helpers import NOON, article, page, run

SCHEMA_1 = (Path(__file__).parent / "schema-1.sql").read_text("utf-8")
"""What version 0.1 wrote on its first day."""


def old_archive(data: Path) -> None:
    """One article and its page, one page in quarantine, as schema 1 had them."""
    db = sqlite3.connect(data / FILE)
    db.executescript(SCHEMA_1)
    one = article(1)
    body = zlib.compress(b"<p>trang</p>")
    for number in (1, 2):
        db.execute("INSERT INTO page VALUES (?, ?, 'text/html', ?, ?)", (number, one.url, NOON.isoformat(), body))
    db.execute("INSERT INTO article VALUES (1, 1, ?, 'classic')", (one.published_at.isoformat(),))
    db.execute("INSERT INTO revision VALUES (1, 1, ?, ?, 1)", (one.sha256, json.dumps(one.to_dict())))
    db.execute("INSERT INTO crawl (started_at) VALUES (?)", (NOON.isoformat(),))
    db.execute("INSERT INTO frontier (article, url, crawl, state) VALUES (1, ?, 1, 'stored')", (one.url,))
    db.execute("INSERT INTO frontier (article, url, crawl, state) VALUES (2, ?, 1, 'quarantined')", (one.url,))
    db.execute("INSERT INTO quarantine VALUES (2, ?, 'no date', 2)", (one.url,))
    db.commit()
    db.close()


SCHEMA_2 = (Path(__file__).parent / "schema-2.sql").read_text("utf-8")


def archive_of_version_2(data: Path) -> None:
    """Two articles, a finished crawl with a baseline, an interrupted walk, a change."""
    db = sqlite3.connect(data / FILE)
    db.executescript(SCHEMA_2)
    for number in (1, 2):
        one = article(number, text="Một đoạn văn đủ dài để được nhận ra ở bài khác.")
        db.execute("INSERT INTO article VALUES (?, 1, ?, 'classic')", (number, one.published_at.isoformat()))
        query = "INSERT INTO revision (article, number, sha256, record) VALUES (?, 1, ?, ?)"
        db.execute(query, (number, one.sha256, json.dumps(one.to_dict())))
        db.execute("INSERT INTO change (article) VALUES (?)", (number,))
    values = (NOON.isoformat(), NOON.isoformat(), NOON.isoformat())
    db.execute("INSERT INTO crawl (started_at, finished_at, baseline) VALUES (?, ?, ?)", values)
    db.execute(
        "INSERT INTO frontier (article, url, crawl, state, source) VALUES (1, 'https://x', 1, 'stored', 'section')"
    )
    db.execute("INSERT INTO walk VALUES ('full', ?, ?, 7)", (NOON.isoformat(), NOON.isoformat()))
    db.commit()
    db.close()


def test_an_archive_of_the_second_version_is_brought_up_to_date(tmp_path: Path) -> None:
    archive_of_version_2(tmp_path)
    for _ in range(2):
        with Archive.open(tmp_path) as archive:
            assert [one.id for one in archive.current(archive.ids())] == [1, 2]
            assert archive.crawls.baseline("goc-nhin", NOON) == NOON
            assert archive.frontier.section(1) == "goc-nhin"
            assert (archive.last_change(), archive.changed_since(0)) == (2, [1, 2])
            assert archive.mark(1) != archive.mark(2) != ""
            assert archive._db.execute("SELECT count(*) FROM paragraph").fetchone()[0] == 2
            assert archive.doubts(1) == ()
            assert list(archive._db.execute("PRAGMA foreign_key_check")) == []
    fresh = open_database(tmp_path / "fresh.sqlite")
    with Archive.open(tmp_path) as archive:
        assert columns(archive._db) == columns(fresh)
        assert archive.put(article(3), page()).value == "new"
        assert archive.last_change() == 3
    fresh.close()


def columns(db: sqlite3.Connection) -> dict[str, set[str]]:
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: {row[1] for row in db.execute(f"PRAGMA table_info({table})")} for table in tables}


def test_an_archive_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old_archive(tmp_path)
    for _ in range(2):
        with Archive.open(tmp_path) as archive:
            kept = archive.pages.of(1, 1)
            assert kept is not None
            assert (kept.body, kept.captured_at, kept.header("Content-Type")) == (b"<p>trang</p>", NOON, "text/html")
            assert [number for number, _ in archive.frontier.kept_pages()] == [2]
            assert list(archive._db.execute("PRAGMA foreign_key_check")) == []
    with Archive.open(tmp_path) as archive:
        archive.frontier.want(archive.crawls.begin(NOON), [Listed(Address(3, "https://hanoimoi.vn/a-3.html"))])
        archive.put(article(3), page())
    assert run("status", "--data", tmp_path).returncode == 0


def test_it_then_has_what_a_new_one_has(tmp_path: Path) -> None:
    old_archive(tmp_path)
    fresh = open_database(tmp_path / "fresh.sqlite")
    with Archive.open(tmp_path) as archive:
        assert columns(archive._db) == columns(fresh)
        assert archive._db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    fresh.close()


def test_an_archive_of_schema_3_learns_the_digests_of_its_records_and_says_so(tmp_path: Path) -> None:
    kept = article(1, tags=("chợ",), captured_at=NOON)
    db = sqlite3.connect(tmp_path / FILE)
    db.executescript((Path(__file__).parent / "schema-3.sql").read_text("utf-8"))
    record = json.dumps(kept.to_dict(), ensure_ascii=False)
    db.execute("INSERT INTO article VALUES (1, 1, ?, '')", (kept.published_at.isoformat(),))
    db.execute("INSERT INTO revision (article, number, sha256, record) VALUES (1, 1, ?, ?)", (kept.sha256, record))
    db.execute("INSERT INTO change (article) VALUES (1)")
    db.execute("PRAGMA user_version = 3")
    db.commit()
    db.close()
    for command in ("status", "verify"):
        told = run(command, "--data", tmp_path)
        assert told.returncode == 1
        assert "older than this program's" in told.stderr
    done = run("index", "--data", tmp_path)
    assert f"archive: brought from schema 3 to {SCHEMA_VERSION}, nothing was lost" in done.stderr
    with Archive.open(tmp_path / "fresh") as fresh, ArchiveReader.open_read_only(tmp_path) as archive:
        assert archive.altered(1) == []
        assert archive.get(1) == kept
        assert columns(archive._db) == columns(fresh._db)
    assert run("verify", "--data", tmp_path).returncode == 0


def test_what_is_opened_to_be_read_cannot_be_changed(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(1), page())
    with ArchiveReader.open_read_only(tmp_path) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._db.execute("DELETE FROM article")


def held(path: Path) -> list[str]:
    """The files of this process that a database takes."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # what the directory itself was read through
            found.append(str(one.readlink()))
    return [name for name in found if name.startswith(str(path))]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which files a process has open")
@pytest.mark.parametrize("opened", [open_database, open_read_only])
@pytest.mark.parametrize("content", ["newer", "damaged"])
def test_an_archive_that_is_refused_is_closed(tmp_path: Path, opened: Callable[[Path], object], content: str) -> None:
    path = tmp_path / FILE
    if content == "newer":
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    else:
        path.write_bytes(b"no database" * 1000)
    # What was raised holds the frames it came through, and so whatever was not closed there.
    with pytest.raises(ArchiveError) as refused:
        opened(path)
    assert held(path) == [], refused
