"""Fixtures of the tests of the screen."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class SvgExtension(SingleFileSnapshotExtension):
    """Keeps each picture in a file one can look at."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture
def svg(snapshot: SnapshotAssertion) -> Any:
    """Compares a picture with the one kept; `--snapshot-update` keeps another one."""
    return snapshot.use_extension(SvgExtension)
