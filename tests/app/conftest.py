"""Fixtures of the tests of the screen."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class GridExtension(SingleFileSnapshotExtension):
    """Keeps each screen as lines of text, whose changes one reads in a diff."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


class SvgExtension(SingleFileSnapshotExtension):
    """Keeps each picture in a file one can look at."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture
def text(snapshot: SnapshotAssertion) -> Any:
    """Compares a screen's text with the one kept; `--snapshot-update` keeps another one."""
    return snapshot.use_extension(GridExtension)


@pytest.fixture
def svg(snapshot: SnapshotAssertion) -> Any:
    """Compares a picture with the one kept; `--snapshot-update` keeps another one."""
    return snapshot.use_extension(SvgExtension)
