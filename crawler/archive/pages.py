"""The raw pages of an archive: WARC files, and where the database says each page stands in them."""

from __future__ import annotations

from pathlib import Path

from crawler.archive.database import Database
from crawler.archive.warc import Place, RawPage, WarcStore


class RawPages:
    """The pages in `directory`, whose places the archive's database knows."""

    def __init__(self, connection: Database, directory: Path) -> None:
        self._db = connection
        self.store = WarcStore(directory, self._end)
        connection.before_commit = self.store.sync

    def keep(self, page: RawPage) -> int:
        """Store a raw page and tell its row."""
        place = self.store.append(page)
        values = (page.url, page.captured_at.isoformat(), place.file, place.offset, place.length)
        query = "INSERT INTO page (url, captured_at, file, offset, length) VALUES (?, ?, ?, ?, ?)"
        return int(self._db.execute(query, values).lastrowid or 0)

    def get(self, row: int) -> RawPage:
        """A raw page kept. Raises ArchiveError when its file is missing or damaged."""
        found = self._db.execute("SELECT file, offset, length FROM page WHERE id = ?", (row,)).fetchone()
        return self.store.read(Place(*found))

    def of(self, number: int, revision: int) -> RawPage | None:
        """The page a revision was read from; None for an imported one. Raises ArchiveError as `get` does."""
        query = "SELECT page FROM revision WHERE article = ? AND number = ?"
        row = self._db.execute(query, (number, revision)).fetchone()
        return self.get(row["page"]) if row and row["page"] is not None else None

    def rows(self) -> list[int]:
        """The rows of all raw pages, in the order they were kept."""
        return [row["id"] for row in self._db.execute("SELECT id FROM page ORDER BY id")]

    def _end(self, file: str) -> int:
        query = "SELECT coalesce(max(offset + length), 0) FROM page WHERE file = ?"
        return int(self._db.execute(query, (file,)).fetchone()[0])
