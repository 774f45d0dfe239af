"""Copies of photos: found by checksum alone, inside the folders named, with nothing passed over in silence."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

import pytest

from gumnut_tui.undo.plan import Copy
from gumnut_tui.usecases import copies
from gumnut_tui.usecases.copies import Copies, Progress, Sought, find_copies
from gumnut_tui.usecases.hash_cache import HashCache

PHOTO = b"a photo"


def sought(content: bytes = PHOTO, asset_id: str = "asset_1") -> Sought:
    """A photo with this content."""
    return Sought(asset_id, len(content), base64.b64encode(hashlib.sha256(content).digest()).decode())


def search(folder: Path, cache: HashCache) -> Copies:
    """What is found of one photo."""
    return find_copies([sought()], [folder], cache, clock=lambda: 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where to look."""
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


@pytest.fixture
def cache(tmp_path: Path) -> HashCache:
    """An empty cache."""
    return HashCache(tmp_path / "cache" / "hashes.json")


def test_a_copy_is_known_by_its_content_not_by_its_name(folder: Path, cache: HashCache) -> None:
    (folder / "a.jpg").write_bytes(b"another")
    (folder / "other name").write_bytes(PHOTO)
    assert search(folder, cache) == Copies({"asset_1": Copy(folder / "other name", ())}, 2, ())


def test_of_two_copies_the_first_is_taken_and_the_other_named(folder: Path, cache: HashCache) -> None:
    for name in ("b", "a"):
        (folder / name).write_bytes(PHOTO)
    assert search(folder, cache).found == {"asset_1": Copy(folder / "a", (folder / "b",))}


def test_a_folder_named_twice_is_walked_once(folder: Path, cache: HashCache) -> None:
    (folder / "a").write_bytes(PHOTO)
    result = find_copies([sought()], [folder, folder], cache, clock=lambda: 0.0)
    assert result == Copies({"asset_1": Copy(folder / "a", ())}, 1, ())


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are of posix")
def test_links_are_not_followed_and_pipes_not_opened(folder: Path, cache: HashCache, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(PHOTO)
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    assert search(folder, cache) == Copies({}, 0, ())


def test_a_folder_that_is_missing_is_named(folder: Path, cache: HashCache) -> None:
    assert [row.path for row in search(folder / "none", cache).unread] == [folder / "none"]


def test_a_file_that_changes_while_hashed_is_named(
    folder: Path, cache: HashCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").write_bytes(PHOTO)
    looks = iter([True, False])
    monkeypatch.setattr(copies, "_same", lambda *_: next(looks))
    result = search(folder, cache)
    assert not result.found
    assert [(row.path, row.reason) for row in result.unread] == [(folder / "a", "it changed while it was read")]


def test_only_files_of_a_sought_size_are_hashed(folder: Path, cache: HashCache) -> None:
    (folder / "a").write_bytes(PHOTO)
    (folder / "b").write_bytes(PHOTO * 2)
    seen: list[Progress] = []
    find_copies([sought()], [folder], cache, clock=lambda: 0.0, progress=seen.append)
    assert seen[-1] == Progress(1, 1, len(PHOTO), len(PHOTO), 0.0)


def test_a_sum_is_kept_until_the_file_changes(folder: Path, cache: HashCache, tmp_path: Path) -> None:
    (folder / "a").write_bytes(PHOTO)
    search(folder, cache)
    cache.save()
    again = HashCache(tmp_path / "cache" / "hashes.json")
    seen: list[Progress] = []
    result = find_copies([sought()], [folder], again, clock=lambda: 0.0, progress=seen.append)
    assert result.found
    assert not seen
    (folder / "a").write_bytes(b"changed")
    os.utime(folder / "a", ns=(1, 1))
    assert not search(folder, again).found


def test_what_progress_raises_ends_the_search(folder: Path, cache: HashCache) -> None:
    (folder / "a").write_bytes(PHOTO)

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_copies([sought()], [folder], cache, clock=lambda: 0.0, progress=interrupt)


def test_a_damaged_cache_is_empty(tmp_path: Path) -> None:
    (tmp_path / "hashes.json").write_bytes(b"{damaged")
    assert HashCache(tmp_path / "hashes.json").get("a", 1, 1) is None
