"""Archives written by earlier versions, brought up to today's schema when they are opened."""

from __future__ import annotations

import sqlite3
import zlib
from datetime import datetime

from crawler.database import SCHEMA_VERSION, WALK, Database, schema_version, transaction
from crawler.warc import RawPage, WarcStore


def migrate(connection: Database, pages: WarcStore) -> None:
    """Bring the archive to SCHEMA_VERSION, all or nothing. Raises ArchiveError where it cannot be written."""
    if schema_version(connection) == SCHEMA_VERSION:
        return
    with transaction(connection):
        if schema_version(connection) == 1:  # another process may have been first
            _from_1(connection, pages)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("VACUUM")


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
    for statement in WALK:
        connection.execute(statement)
