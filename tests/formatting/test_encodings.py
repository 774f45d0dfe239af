"""What an encoding lacks is said with what it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.encodings import encoded, readable
from gumnut_tui.formatting.escape import visible

ENCODINGS = ("ascii", "latin-1", "koi8-r", "cp437", "cp850", "cp1252", "shift-jis", "utf-8", "no such encoding")


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("asset, album, …", "latin-1", "asset, album, ..."),
        ("10:30 – 11:00 — ‘now’ “then”", "ascii", "10:30 - 11:00 - 'now' \"then\""),
        ("4032×3024", "koi8-r", "4032x3024"),
        ("4032×3024", "latin-1", "4032×3024"),
        ("café ﬁlm Ångström Łódź", "ascii", "cafe film Angstrom Lodz"),
        ("✓ answers ✗ −1 → ▽", "cp437", "+ answers x -1 -> v"),
        ("写真", "latin-1", "??"),
        ("half\ud83d", "utf-8", "half?"),
        ("…", "no such encoding", "..."),
    ],
)
def test_stand_ins_are_readable(text: str, encoding: str, shown: str) -> None:
    """Signs of typography become those of a typewriter, letters lose what is above them."""
    assert readable(text, encoding) == shown
    assert encoded(text, encoding) == shown.encode("ascii" if encoding.startswith("no") else encoding)


@given(st.text(max_size=30), st.sampled_from(ENCODINGS))
def test_nothing_fails(text: str, encoding: str) -> None:
    """Whatever the text and the encoding; a frame keeps its width where that is asked for."""
    encoded(text, encoding)
    shown = visible(text)
    if encoding == "ascii":
        assert len(encoded(shown, encoding, keep_width=True)) == cell_width(shown)
