"""`gumnut-tui undo --copies` at a terminal, interrupted while it hashes."""

from __future__ import annotations

from pathlib import Path

from gumnut_tui.demo.world.records import UploadedFile
from tests.app.terminal import Terminal, running
from tests.cli.harness import FAMILY
from tests.demo import servers
from tests.demo.worlds import NOW, library_ids, make_world

SIZE = 1 << 40
"""Bytes of a file with nothing written in it: hashing it takes a quarter of an hour."""


def test_ctrl_c_ends_the_search_at_once(tmp_path: Path) -> None:
    """With the code of a command that was interrupted, and no traceback."""
    world = make_world(events=600)
    editor, library_id = world.editor(lambda: NOW), library_ids(world)[0]
    file = UploadedFile("sum", "", SIZE, "image/jpeg", "d", "WEB", "2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z")
    asset, _ = editor.photos.upload(library_id, "IMG 1.jpg", file)
    (tmp_path / "pictures").mkdir()
    with (tmp_path / "pictures" / "huge.jpg").open("wb") as huge:
        huge.truncate(SIZE)
    with servers.running(world, editor=editor) as address:
        variables = {"GUMNUT_BASE_URL": address.base_url, "GUMNUT_API_KEY": address.key}
        chosen = ("--library", FAMILY)
        with running(Terminal(tmp_path, "sync", *chosen, variables=variables)) as terminal:
            assert terminal.leave() == 0
        editor.photos.delete(asset)
        copies = ("--since", "all", "--copies", str(tmp_path / "pictures"))
        with running(Terminal(tmp_path, "undo", *chosen, *copies, variables=variables)) as terminal:
            terminal.wait_until(lambda: "hashing" in terminal.text)
            terminal.press("\x03")
            assert terminal.leave() == 130
            assert b"Traceback" not in terminal.sent
