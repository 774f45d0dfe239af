"""The lines of the sidebar."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from gumnut_tui.domain.models import Operation
from gumnut_tui.ui.widgets.filter_sidebar import (
    LibraryItem,
    OperationFacet,
    OperationItem,
    SidebarState,
    TextItem,
    TypeFacet,
    TypeItem,
    sidebar_lines,
)

STATE = SidebarState(
    libraries=(("lib_1", "Family Photos"), ("lib_2", "Work")),
    library="lib_1",
    types=(TypeFacet("asset", 1204), TypeFacet("album", 12, checked=False), TypeFacet("hologram", 3)),
    operations=tuple(OperationFacet(operation, 840) for operation in Operation),
)


NAMES = st.text(max_size=30)


@given(width=st.integers(10, 60), name=NAMES, kind=NAMES, count=st.integers(0, 10**9), text=NAMES)
def test_no_line_of_choices_is_wider_than_the_sidebar(width: int, name: str, kind: str, count: int, text: str) -> None:
    """Names of any length and script leave the counts in their place."""
    state = replace(STATE, libraries=(("id", name),), types=(TypeFacet(kind, count),), text=text)
    for line in sidebar_lines(state, width):
        if line and isinstance(line[0].item, LibraryItem | TypeItem | OperationItem | TextItem):
            assert sum(cell_len(piece.text) for piece in line) == width
