"""Contact sheets: small pictures side by side."""

from __future__ import annotations

import pytest

from gumnut_tui.picture import contact_sheet

THUMBHASH = "1QcSHQRnh493V4dIh4eXh1h4kJUI"


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (5, 5, 1), (7, 6, 2), (24, 6, 4), (90, 6, 4)])
def test_pictures_stand_in_rows(count: int, columns: int, rows: int) -> None:
    """As many as fit; each in a square of its own, with a gap between."""
    sheet = contact_sheet.make([THUMBHASH] * count)
    assert sheet is not None
    step = contact_sheet.EDGE + contact_sheet.GAP
    assert (sheet.width, sheet.height) == (columns * step - 1, rows * step - 1)
    assert sheet.rgba[3] == 255


def test_what_is_no_picture_is_left_out() -> None:
    """Hostile texts too; without any picture there is no sheet."""
    sheet = contact_sheet.make(["", "no hash", THUMBHASH])
    assert sheet is not None
    assert sheet.width == contact_sheet.EDGE
    assert contact_sheet.make(["", "\x00", "🙂"]) is None
    assert contact_sheet.make([]) is None
