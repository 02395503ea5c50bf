"""The archive's SQLite file: opening it, its schema, its one lock."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from crawler.archive.atomic import make_directory
from crawler.archive.schema import ARRIVALS, DUE, SCHEMA_VERSION, TABLES, VERSION_3
from crawler.errors import ArchiveError, Locked

BUSY_SECONDS = 30.0
"""How long a statement waits for another writer."""

_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_INNER = ("SAVEPOINT inner", "RELEASE inner", ("ROLLBACK TO inner", "RELEASE inner"))


class Database(sqlite3.Connection):
    """A connection that calls `before_commit` ahead of every commit: what a transaction refers to is written first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before_commit: Callable[[], None] = lambda: None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also within a transaction already under way. A SQLite error becomes ArchiveError."""
        inner = self.in_transaction
        begin, end, undo = _INNER if inner else _OUTER
        try:
            with ExitStack() as unfinished:
                self.execute(begin)
                unfinished.callback(self._undo, undo)
                yield
                if not inner:
                    self.before_commit()
                self.execute(end)
                unfinished.pop_all()
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive could not be written: {error}") from error

    def settle(self) -> None:
        """Copy the log into the file, and sync both. Raises ArchiveError."""
        try:
            self.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive could not be written: {error}") from error

    def _undo(self, statements: tuple[str, ...]) -> None:
        if self.in_transaction:  # SQLite undoes some failures, such as a full disk, by itself
            for statement in statements:
                self.execute(statement)


def open_database(path: Path, create: bool = True) -> Database:
    """A connection that may write, in WAL with foreign keys; the schema is made where it is missing.

    Raises ArchiveError where the file is unreadable, or absent and not to be created.
    """
    try:
        if create:
            make_directory(path.parent)
        elif not path.exists():
            raise _absent(path)
        return _connect(path, _prepare)
    except sqlite3.Error as error:
        raise ArchiveError(f"the archive {path} cannot be opened: {error}") from error
    except OSError as error:
        raise ArchiveError(f"the data directory {path.parent} cannot be used: {error.strerror}") from error


def open_read_only(path: Path) -> Database:
    """A connection that changes nothing, whatever is asked of it.

    Raises ArchiveError where the file is absent or unreadable, or of another version's schema, which only a run that
    holds the data directory's lock may bring up to date.
    """
    if not path.exists():
        raise _absent(path)
    try:
        return _connect(f"{path.absolute().as_uri()}?mode=ro{_frozen(path)}", _refuse_other)
    except sqlite3.Error as error:
        raise ArchiveError(f"the archive {path} cannot be opened: {error}") from error


def _frozen(path: Path) -> str:
    """Where nothing can be written, on a read-only disk, the file is taken to change no more.

    SQLite would have to write an index of its log beside it, even of one that is empty. Source: SQLite's documentation,
    “Write-Ahead Logging”, read-only databases.
    """
    log = path.with_name(f"{path.name}-wal")
    return "" if os.access(path.parent, os.W_OK) or log.exists() else "&immutable=1"


def _absent(path: Path) -> ArchiveError:
    return ArchiveError(f"no archive in {path.parent}: run “goc-nhin crawl” or “goc-nhin import” first")


def _connect(place: Path | str, prepare: Callable[[Database], None]) -> Database:
    """A connection once it is prepared; it is closed where that fails."""
    connection = sqlite3.connect(
        place,
        uri=isinstance(place, str),
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        factory=Database,
    )
    connection.row_factory = sqlite3.Row
    with ExitStack() as opened:
        opened.callback(connection.close)
        prepare(connection)
        opened.pop_all()
    return connection


def _prepare(connection: Database) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # A power failure may take the last transactions, never the file's soundness: their pages are then asked for again.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    version = schema_version(connection)
    _refuse_newer(version)
    if version == 0:
        later = "; ".join((*DUE, *VERSION_3, *ARRIVALS))
        connection.executescript(f"BEGIN IMMEDIATE; {TABLES} {later}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")


def _refuse_other(connection: Database) -> None:
    version = schema_version(connection)
    if version < SCHEMA_VERSION:
        raise ArchiveError(
            f"the archive has schema {version}, older than this program's {SCHEMA_VERSION}:"
            " run “goc-nhin index”, which brings it up to date"
        )
    _refuse_newer(version)


def _refuse_newer(version: int) -> None:
    if version > SCHEMA_VERSION:
        raise ArchiveError(f"the archive has schema {version}, newer than this program's {SCHEMA_VERSION}: update it")


def schema_version(connection: sqlite3.Connection) -> int:
    """The schema an archive was last written with; 0 where it has none yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def record_digest(record: str) -> str:
    """The SHA-256 of a record as it is stored."""
    return hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data directory's one lock. The system lets go of it when the process ends, however it ends.

    Raises Locked when another run holds it, ArchiveError when the directory cannot be written.
    """
    try:
        make_directory(data)
        handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise ArchiveError(f"the data directory {data} cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(f"another run is working in {data}; nothing was changed") from None
        yield
    finally:
        os.close(handle)
