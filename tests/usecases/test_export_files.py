"""What one asked to be written: whole or not at all, and nothing replaced but the file that was named."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.usecases.export import output_path, save_output, write_output

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and permission bits are of posix")


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask() -> Iterator[int]:
    """A umask that takes away what others may."""
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def broken() -> Iterator[bytes]:
    """Content that fails in the middle."""
    yield b"half"
    raise ValueError("broken")


def test_a_new_file_has_what_the_umask_leaves(tmp_path: Path, umask: int) -> None:
    """As any program's output; only journal and config are private whatever it says."""
    write_output(tmp_path / "new.csv", [b"a", b"b"])
    assert (tmp_path / "new.csv").read_bytes() == b"ab"
    assert mode(tmp_path / "new.csv") == 0o666 & ~umask
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


@pytest.mark.parametrize("bits", [0o600, 0o644, 0o664, 0o755])
def test_a_file_that_was_there_keeps_its_mode_and_owner(tmp_path: Path, bits: int) -> None:
    """What may be read by whom was settled before."""
    path = tmp_path / "old.csv"
    path.write_bytes(b"long old content")
    path.chmod(bits)
    owner = (path.stat().st_uid, path.stat().st_gid)
    if os.geteuid() == 0:
        owner = (12, 34)
        os.chown(path, *owner)
    write_output(path, [b"new"])
    assert (path.read_bytes(), mode(path)) == (b"new", bits)
    assert (path.stat().st_uid, path.stat().st_gid) == owner


@pytest.mark.parametrize("is_there", [True, False])
def test_what_fails_in_the_middle_leaves_what_was_there(tmp_path: Path, is_there: bool) -> None:
    """Nothing new, nothing half, and no file beside it."""
    path = tmp_path / "report.html"
    if is_there:
        path.write_bytes(b"before")
    with pytest.raises(ValueError, match="broken"):
        write_output(path, broken())
    assert [one.name for one in tmp_path.iterdir()] == (["report.html"] if is_there else [])
    assert not is_there or path.read_bytes() == b"before"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path, is_there: bool) -> None:
    """Also one through several links, and one to a file that is not there yet."""
    (tmp_path / "disk").mkdir()
    target = tmp_path / "disk" / "report.csv"
    if is_there:
        target.write_bytes(b"before")
        target.chmod(0o640)
    (tmp_path / "disk" / "latest.csv").symlink_to("report.csv")
    (tmp_path / "link.csv").symlink_to("disk/latest.csv")
    write_output(tmp_path / "link.csv", [b"new"])
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "disk" / "latest.csv").is_symlink()
    assert target.read_bytes() == b"new"
    assert not is_there or mode(target) == 0o640


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """Whoever reads it gets everything, and it is a pipe afterwards."""
    pipe, got = tmp_path / "pipe.csv", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_output(pipe, [b"a", b"b"])
    reader.join()
    assert got == [b"ab"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_pipe_nobody_reads_is_said_where_one_cannot_wait(tmp_path: Path) -> None:
    """The screen must not hang because of it."""
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(OSError, match="No such device"):
        write_output(tmp_path / "pipe.csv", [b"a"], waits=False)


def test_a_reader_may_leave_a_pipe() -> None:
    """As `head` does: that is no fault."""
    reading, writing = os.pipe()
    os.close(reading)
    save_output(Path(f"/dev/fd/{writing}"), [b"x" * 100_000] * 9)
    os.close(writing)


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_device_is_written_to(tmp_path: Path, is_linked: bool) -> None:
    """And is a device afterwards; so is what a link leads to."""
    path = Path("/dev/null")
    if is_linked:
        path = tmp_path / "null.csv"
        path.symlink_to("/dev/null")
    write_output(path, [b"a"])
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_what_is_open_already_is_written_to_whatever_it_is(tmp_path: Path) -> None:
    """`/dev/stdout` may lead to a file; replacing that would leave the shell with another one."""
    if not Path("/dev/fd").exists():
        pytest.skip("there is no /dev/fd")
    with (tmp_path / "all.txt").open("ab") as file:
        file.write(b"before ")
        file.flush()
        inode = os.fstat(file.fileno()).st_ino
        write_output(Path(f"/dev/fd/{file.fileno()}"), [b"new"])
        assert (tmp_path / "all.txt").stat().st_ino == inode
    reading, writing = os.pipe()
    write_output(Path(f"/dev/fd/{writing}"), [b"through"])
    assert os.read(reading, 100) == b"through"
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("length", [255, 250])
def test_a_name_may_be_as_long_as_names_may_be(tmp_path: Path, length: int) -> None:
    """What lies beside it for a moment has a short name of its own."""
    path = tmp_path / ("n" * (length - 4) + ".csv")
    write_output(path, [b"new"])
    assert path.read_bytes() == b"new"


@pytest.fixture
def shared() -> Iterator[Path]:
    """A file that all may write, in a folder in which we may not."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shared.csv"
        path.write_bytes(b"long old content")
        path.chmod(0o666)
        path.parent.chmod(0o755 if is_root else 0o555)
        if is_root:
            os.seteuid(65534)
        yield path
        if is_root:
            os.seteuid(0)
        path.parent.chmod(0o755)


def test_where_nothing_may_lie_beside_the_file_is_written_in_its_place(shared: Path) -> None:
    """Still nothing is touched before all is known."""
    inode = shared.stat().st_ino
    with pytest.raises(ValueError, match="broken"):
        write_output(shared, broken())
    assert shared.read_bytes() == b"long old content"
    write_output(shared, [b"new"])
    assert (shared.read_bytes(), shared.stat().st_ino) == (b"new", inode)
    assert [one.name for one in shared.parent.iterdir()] == ["shared.csv"]


def test_no_new_file_is_made_where_one_may_not(shared: Path) -> None:
    """The error says so."""
    with pytest.raises(PermissionError):
        write_output(shared.with_name("new.csv"), [b"new"])


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """In words, with the place."""
    with pytest.raises(UsageProblem, match="cannot be written"):
        save_output(tmp_path / "none" / "report.md", [b"a"])


def test_a_place_is_checked_before_there_is_anything_to_write(tmp_path: Path) -> None:
    """A folder that is missing, a name that is a folder's, a home nobody has."""
    with pytest.raises(UsageProblem, match="there is no folder"):
        output_path(str(tmp_path / "none" / "report.md"))
    with pytest.raises(UsageProblem, match="is a folder"):
        output_path(str(tmp_path))
    with pytest.raises(UsageProblem, match="there is no home folder"):
        output_path("~nobody-of-that-name/report.md")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """It stays, and what was made for it goes."""
    with pytest.raises(OSError, match="directory"):
        write_output(tmp_path, [b"new"])
    assert list(tmp_path.iterdir()) == []
