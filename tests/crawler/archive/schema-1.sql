CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,          -- the current one
    published_at TEXT NOT NULL,
    layout TEXT NOT NULL
);
CREATE INDEX article_published ON article (published_at);
CREATE TABLE page (                     -- the raw page a revision was read from, zlib
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    content_type TEXT,
    captured_at TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE revision (
    article INTEGER NOT NULL REFERENCES article ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    record TEXT NOT NULL,               -- the Article in its public shape, JSON
    page INTEGER REFERENCES page,
    PRIMARY KEY (article, number)
);
CREATE TABLE alias (                    -- other ids of an article
    alias INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE change (                   -- what an index must look at again, in order
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL
);
CREATE TABLE crawl (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL,
    finished_at TEXT,                   -- null: interrupted, or still running
    baseline TEXT,                      -- newest listed time, if later runs may start from here
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
    checked_at TEXT                     -- when the server last said what the page is, or that it is unchanged
);
CREATE INDEX frontier_wanted ON frontier (state) WHERE state = 'wanted';
CREATE TABLE quarantine (
    article INTEGER PRIMARY KEY REFERENCES frontier,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,
    page INTEGER NOT NULL REFERENCES page
);
PRAGMA user_version = 1;
