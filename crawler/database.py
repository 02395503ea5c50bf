"""The archive's SQLite file: opening it, its schema, its one lock."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from crawler.errors import ArchiveError, Locked

SCHEMA_VERSION = 3
BUSY_SECONDS = 30.0
"""How long a statement waits for another writer."""

DUE = ("CREATE INDEX frontier_due ON frontier (due) WHERE due IS NOT NULL",)
"""The part of the schema that came with version 2 and is unchanged."""
VERSION_3 = (
    """
CREATE TABLE walk (                     -- how far an unfinished walk through a section's listings has come
    kind TEXT NOT NULL,                 -- of run: ordinary, full
    section TEXT NOT NULL,              -- its slug
    newest TEXT NOT NULL,               -- the first time listed
    reached TEXT NOT NULL,              -- the last time listed
    pid INTEGER NOT NULL,               -- where to go on
    PRIMARY KEY (kind, section)
)
""",
    """
CREATE TABLE baseline (                 -- the newest time a finished crawl saw listed: later ones may start from there
    crawl INTEGER NOT NULL REFERENCES crawl,
    section TEXT NOT NULL,
    newest TEXT NOT NULL,
    PRIMARY KEY (crawl, section)
)
""",
    """
CREATE TABLE change (                   -- what an index must look at again, in order
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL,
    mark TEXT NOT NULL DEFAULT (lower(hex(randomblob(8))))  -- tells this change from another archive's of that number
)
""",
    """
CREATE TABLE paragraph (                -- which articles print a paragraph, by a digest of its letters
    digest INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (digest, article)
) WITHOUT ROWID
""",
    "CREATE INDEX paragraph_article ON paragraph (article)",
)
"""The part of the schema that came with version 3."""

_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_INNER = ("SAVEPOINT inner", "RELEASE inner", ("ROLLBACK TO inner", "RELEASE inner"))
_SCHEMA = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,          -- the current one
    published_at TEXT NOT NULL,
    layout TEXT NOT NULL
);
CREATE INDEX article_published ON article (published_at);
CREATE TABLE page (                     -- where the raw page a revision was read from stands in warc/
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    file TEXT NOT NULL DEFAULT '',
    offset INTEGER NOT NULL DEFAULT 0,
    length INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE revision (
    article INTEGER NOT NULL REFERENCES article ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    record TEXT NOT NULL,               -- the Article in its public shape, JSON
    page INTEGER REFERENCES page,
    rules TEXT NOT NULL DEFAULT '{}',   -- field → the rule that gave it, JSON
    doubts TEXT NOT NULL DEFAULT '[]',  -- what is uncertain about it: objects of field, code, detail
    PRIMARY KEY (article, number)
);
CREATE TABLE alias (                    -- other ids of an article
    alias INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE crawl (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL,
    finished_at TEXT,                   -- null: interrupted, or still running
    report TEXT
);
CREATE TABLE frontier (                 -- every article address ever listed
    article INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    listed_at TEXT,                     -- the listing's publishing time
    crawl INTEGER NOT NULL REFERENCES crawl,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'stored', 'elsewhere', 'quarantined', 'gone')),
    attempts INTEGER NOT NULL DEFAULT 0,
    etag TEXT,                          -- the stored page's validators, as the server sent them
    last_modified TEXT,
    checked_at TEXT,                    -- when the server last said what the page is, or that it is unchanged
    title TEXT NOT NULL DEFAULT '',     -- the listing's
    source TEXT NOT NULL DEFAULT '',    -- the kind of listing that named it first
    due INTEGER,                        -- the crawl that is to ask for it, null once it has
    tried_at TEXT,                      -- when it was last asked for in vain
    section TEXT NOT NULL DEFAULT '',   -- the slug of the section whose own listing named it
    changes INTEGER NOT NULL DEFAULT 0  -- fetches in a row that each found its text changed
);
CREATE INDEX frontier_wanted ON frontier (state) WHERE state = 'wanted';
CREATE TABLE quarantine (               -- pages kept that are no article of the archive: unreadable, or of elsewhere
    article INTEGER PRIMARY KEY REFERENCES frontier,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,
    page INTEGER NOT NULL REFERENCES page
);
"""


class Database(sqlite3.Connection):
    """A connection that sees to `before_commit` ahead of every commit: what a transaction refers to comes first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before_commit: Callable[[], None] = lambda: None


def open_database(path: Path, create: bool = True) -> Database:
    """The archive's connection, in WAL with foreign keys, its schema made where missing. Raises ArchiveError."""
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.exists():
            raise ArchiveError(f"no archive in {path.parent}: run “goc-nhin crawl” or “goc-nhin import” first")
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Database
        )
        connection.row_factory = sqlite3.Row
        _prepare(connection)
    except sqlite3.Error as error:
        raise ArchiveError(f"the archive {path} cannot be opened: {error}") from error
    except OSError as error:
        raise ArchiveError(f"the data directory {path.parent} cannot be used: {error.strerror}") from error
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # A power failure may take the last transactions, never the file's soundness: their pages are then asked for again.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    version = schema_version(connection)
    if version > SCHEMA_VERSION:
        raise ArchiveError(f"the archive has schema {version}, newer than this program's {SCHEMA_VERSION}: update it")
    if version == 0:
        later = "; ".join((*DUE, *VERSION_3))
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {later}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")


def schema_version(connection: sqlite3.Connection) -> int:
    """The schema an archive was last written with; 0 where it has none yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def transaction(connection: Database) -> Iterator[None]:
    """All or nothing, also within a transaction already under way. A SQLite error becomes ArchiveError."""
    inner = connection.in_transaction
    begin, end, undo = _INNER if inner else _OUTER
    try:
        with ExitStack() as unfinished:
            connection.execute(begin)
            unfinished.callback(_undo, connection, undo)
            yield
            if not inner:
                connection.before_commit()
            connection.execute(end)
            unfinished.pop_all()
    except sqlite3.Error as error:
        raise ArchiveError(f"the archive could not be written: {error}") from error


def _undo(connection: Database, statements: tuple[str, ...]) -> None:
    if connection.in_transaction:  # SQLite undoes some failures, such as a full disk, by itself
        for statement in statements:
            connection.execute(statement)


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data directory's one lock. The system lets go of it when the process ends, however it ends.

    Raises Locked when another run holds it, ArchiveError when the directory cannot be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
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
