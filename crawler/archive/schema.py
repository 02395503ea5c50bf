"""The archive's tables. docs/archive.md describes them, and how an older archive becomes one of today."""

SCHEMA_VERSION = 5
DUE = ("CREATE INDEX frontier_due ON frontier (due) WHERE due IS NOT NULL",)
"""The part of the schema that came with version 2 and is unchanged."""
ARRIVALS = ("CREATE INDEX change_article ON change (article, number)",)
"""The part of the schema that came with version 5: when an article came into the archive is its first change."""
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

TABLES = """
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
    digest TEXT NOT NULL DEFAULT '',    -- SHA-256 of `record`, by which `verify` finds what was altered
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
