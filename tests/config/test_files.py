"""Opening files: what is no file, or nobody fills, is told and not waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gumnut_tui.config.files import check_written_without_waiting, open_without_waiting


def test_a_file_and_what_somebody_writes_into_a_pipe_are_read(tmp_path: Path) -> None:
    """A shell makes a pipe of a command whose output stands for a file."""
    path = tmp_path / "file"
    path.write_bytes(b"text")
    reads, writes = os.pipe()
    os.write(writes, b"text")
    os.close(writes)
    for named in (path, Path(f"/dev/fd/{reads}")):
        with open_without_waiting(named) as file:
            assert file.read() == b"text"
    os.close(reads)


def test_a_pipe_that_nobody_writes_to_or_reads_is_told(tmp_path: Path) -> None:
    """Opening it as a file would wait for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="nobody at its other end"):
        open_without_waiting(pipe)
    with pytest.raises(OSError, match="nobody at its other end"):
        check_written_without_waiting(pipe)


def test_a_pipe_that_somebody_reads_is_written_to(tmp_path: Path) -> None:
    """And any other file is none of its business."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_written_without_waiting(pipe)
    os.close(reader)
    check_written_without_waiting(tmp_path / "missing")


def test_a_folder_is_told_and_leaves_nothing_open(tmp_path: Path) -> None:
    """As for any file that cannot be read."""
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(IsADirectoryError):
        open_without_waiting(tmp_path)
    assert len(os.listdir("/dev/fd")) == before
