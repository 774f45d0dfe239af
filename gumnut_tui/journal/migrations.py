"""The schema of the journal as ordered migrations; a released one never changes."""

from __future__ import annotations

EVENTS = """
CREATE TABLE library (
    id INTEGER PRIMARY KEY,
    base_url TEXT NOT NULL,
    account TEXT NOT NULL,
    library_id TEXT NOT NULL,
    name TEXT NOT NULL,
    since_us INTEGER,
    stretch INTEGER NOT NULL,
    rereading INTEGER,
    began_us INTEGER NOT NULL,
    synced_us INTEGER,
    UNIQUE (base_url, account, library_id)
);
CREATE TABLE stretch (
    id INTEGER PRIMARY KEY,
    library INTEGER NOT NULL,
    cursor TEXT,
    events INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    stretch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    kinds BLOB NOT NULL,
    codes BLOB NOT NULL,
    times BLOB NOT NULL,
    ends BLOB NOT NULL,
    texts BLOB NOT NULL,
    UNIQUE (stretch, first)
);
CREATE INDEX page_by_time ON page (stretch, last_us, first_us, first);
CREATE TABLE break (
    id INTEGER PRIMARY KEY,
    library INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    events INTEGER NOT NULL,
    cursor TEXT,
    reason TEXT NOT NULL
);
CREATE INDEX break_of ON break (library);
"""
"""A library refers to its stretch of pages, and to the one that will replace it while the feed is read again."""

SNAPSHOTS = """
CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    library INTEGER NOT NULL,
    kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    read_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    asset_id TEXT,
    fields TEXT
);
CREATE INDEX snapshot_of ON snapshot (library, kind, entity_id, id);
CREATE INDEX snapshot_on ON snapshot (library, asset_id, kind) WHERE asset_id IS NOT NULL;
CREATE TABLE unread (
    library INTEGER NOT NULL,
    kind TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    named_us INTEGER NOT NULL,
    PRIMARY KEY (library, kind, entity_id)
) WITHOUT ROWID;
"""
"""Entities as they were (no fields: did not exist), and those mentioned by events but not read yet."""

NAMES = """
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    library INTEGER NOT NULL,
    are_links INTEGER NOT NULL,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL,
    ids BLOB NOT NULL,
    first_text BLOB NOT NULL,
    second_text BLOB NOT NULL,
    UNIQUE (library, are_links, first)
);
CREATE TABLE indexed (before INTEGER NOT NULL);
INSERT INTO indexed VALUES (0);
ALTER TABLE page ADD COLUMN raw BLOB;
"""
"""Names, folded, to find entities by; before which snapshot all were looked at for them; and in `page` the JSON of
events that the service does not write as the API does."""

MIGRATIONS = (EVENTS, SNAPSHOTS, NAMES)
