"""A file is there whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.usecases.whole_file import encoded, output_path, save_whole, write_whole


def breaking() -> Iterator[bytes]:
    """Chunks that end in a fault."""
    yield b"half"
    raise RuntimeError("in the middle")


def test_a_fault_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    """The old content stays, and nothing lies beside it."""
    path = tmp_path / "report.md"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="in the middle"):
        write_whole(path, breaking())
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"old", ["report.md"])


@pytest.mark.skipif(os.name != "posix", reason="modes are of posix")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """A report names what somebody lost."""
    path = tmp_path / "report.md"
    write_whole(path, [b"a", b"b"])
    assert path.read_bytes() == b"ab"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """In words, with the place."""
    with pytest.raises(UsageProblem, match="cannot be written"):
        save_whole(tmp_path / "none" / "report.md", [b"a"])


def test_a_place_is_checked_before_there_is_anything_to_write(tmp_path: Path) -> None:
    """A folder that is missing, and a name that is a folder's."""
    with pytest.raises(UsageProblem, match="there is no folder"):
        output_path(str(tmp_path / "none" / "report.md"))
    with pytest.raises(UsageProblem, match="is a folder"):
        output_path(str(tmp_path))
    with pytest.raises(UsageProblem, match="there is no home folder"):
        output_path("~nobody-of-that-name/report.md")


def test_a_lone_surrogate_can_be_written() -> None:
    """As JSON writes it: a name from an odd file system must not cost the file."""
    assert b"".join(encoded(["a\ud83d", "ü"])) == b"a\\ud83d" + "ü".encode()
