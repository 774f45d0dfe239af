"""Where the journal is unless another file is named."""

from __future__ import annotations

from pathlib import Path

FILE = "journal.sqlite3"
DEMO_FILE = "demo-journal.sqlite3"
"""The demo library's own, so that it never mixes with what is worth keeping."""


def default_journal_folder() -> Path:
    """The platform's folder for a program's data."""
    from platformdirs import user_data_path

    return user_data_path("gumnut-tui", appauthor=False)
