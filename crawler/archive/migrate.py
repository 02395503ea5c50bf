"""Archives written by earlier versions, brought up to today's schema when they are opened."""

from __future__ import annotations

import json
import logging
import sqlite3
import zlib
from datetime import datetime

from crawler.archive.database import Database, record_digest, schema_version
from crawler.archive.paragraphs import digests
from crawler.archive.schema import ARRIVALS, DUE, SCHEMA_VERSION, VERSION_3
from crawler.archive.warc import RawPage, WarcStore
from crawler.listings.sections import GOC_NHIN
from crawler.logs import OURS

log = logging.getLogger(OURS)


def migrate(connection: Database, pages: WarcStore) -> None:
    """Bring the archive to SCHEMA_VERSION, all or nothing. Raises ArchiveError where it cannot be written."""
    if schema_version(connection) == SCHEMA_VERSION:
        return
    with connection.transaction():
        found = schema_version(connection)  # another process may have been first
        if found < 2:
            _from_1(connection, pages)
        if found < 3:
            _from_2(connection)
        if found < 4:
            _from_3(connection)
        if found < 5:
            for statement in ARRIVALS:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("VACUUM")
    log.info("archive: brought from schema %d to %d, nothing was lost", found, SCHEMA_VERSION)


def _from_1(connection: sqlite3.Connection, pages: WarcStore) -> None:
    """Raw pages leave the database for WARC files; the frontier learns titles, sources and walks."""
    for column in ("file TEXT NOT NULL DEFAULT ''", "offset INTEGER NOT NULL DEFAULT 0"):
        connection.execute(f"ALTER TABLE page ADD COLUMN {column}")
    connection.execute("ALTER TABLE page ADD COLUMN length INTEGER NOT NULL DEFAULT 0")
    for number in [row["id"] for row in connection.execute("SELECT id FROM page ORDER BY id")]:
        row = connection.execute("SELECT * FROM page WHERE id = ?", (number,)).fetchone()
        headers = (("Content-Type", row["content_type"]),) if row["content_type"] else ()
        captured = datetime.fromisoformat(row["captured_at"])
        place = pages.append(RawPage(row["url"], captured, zlib.decompress(row["body"]), headers))
        values = (place.file, place.offset, place.length, number)
        connection.execute("UPDATE page SET file = ?, offset = ?, length = ? WHERE id = ?", values)
    for column in ("body", "content_type"):
        connection.execute(f"ALTER TABLE page DROP COLUMN {column}")
    connection.execute("ALTER TABLE revision ADD COLUMN rules TEXT NOT NULL DEFAULT '{}'")
    for column in ("title TEXT NOT NULL DEFAULT ''", "source TEXT NOT NULL DEFAULT ''", "due INTEGER", "tried_at TEXT"):
        connection.execute(f"ALTER TABLE frontier ADD COLUMN {column}")
    for statement in DUE:
        connection.execute(statement)


def _from_2(connection: sqlite3.Connection) -> None:
    """Doubts; walks and baselines by section; marks of changes; who prints which paragraph."""
    connection.execute("ALTER TABLE revision ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]'")
    for column in ("section TEXT NOT NULL DEFAULT ''", "changes INTEGER NOT NULL DEFAULT 0"):
        connection.execute(f"ALTER TABLE frontier ADD COLUMN {column}")
    connection.execute("UPDATE frontier SET section = ? WHERE source IN ('section', 'rss')", (GOC_NHIN.slug,))
    # What the section listed and a page without a label did not confirm was put aside for good: it is asked for again.
    connection.execute("UPDATE frontier SET state = 'wanted' WHERE state = 'elsewhere' AND section != ''")
    connection.execute("DROP TABLE IF EXISTS walk")  # an interrupted walk begins anew; what it found is in the frontier
    connection.execute("ALTER TABLE change RENAME TO old_change")
    for statement in VERSION_3:
        connection.execute(statement)
    connection.execute("INSERT INTO change (number, article) SELECT number, article FROM old_change ORDER BY number")
    connection.execute("DROP TABLE old_change")
    query = (
        "INSERT INTO baseline SELECT id, ?, baseline FROM crawl WHERE finished_at IS NOT NULL AND baseline IS NOT NULL"
    )
    connection.execute(query, (GOC_NHIN.slug,))
    connection.execute("ALTER TABLE crawl DROP COLUMN baseline")
    query = "SELECT id, record FROM article JOIN revision ON article = id AND number = article.revision"
    for number, record in connection.execute(query).fetchall():
        rows = ((digest, number) for digest in digests(str(json.loads(record).get("text", ""))))
        connection.executemany("INSERT OR IGNORE INTO paragraph VALUES (?, ?)", rows)


def _from_3(connection: sqlite3.Connection) -> None:
    """Each revision learns the digest of its whole record, as it stands."""
    connection.execute("ALTER TABLE revision ADD COLUMN digest TEXT NOT NULL DEFAULT ''")
    connection.create_function("sha256", 1, record_digest, deterministic=True)
    connection.execute("UPDATE revision SET digest = sha256(record)")
