"""A journal for a test: in memory, gone with it."""

from __future__ import annotations

import sqlite3

from gumnut_tui.journal.database import Database


def memory_database() -> Database:
    """An empty journal without a file."""
    return Database(sqlite3.connect(":memory:", check_same_thread=False))
