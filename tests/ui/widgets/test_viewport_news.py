"""Each fact about the window is said once."""

from __future__ import annotations

import pytest

from gumnut_tui.ui.widgets.viewport import SCREENS_AHEAD, TableNews, Viewport


def test_a_selected_row_is_said_until_it_is_another() -> None:
    """Again after its id came to mean another row."""
    news = TableNews()
    assert [news.row(7), news.row(7), news.row(8)] == [7, None, 8]
    news.forget_row()
    assert news.row(8) == 8


def test_a_span_is_said_until_it_is_another() -> None:
    """No rows are no span; the same places may hold other rows."""
    news = TableNews()
    assert [news.span((0, 9)), news.span((0, 9)), news.span(None), news.span((1, 9))] == [(0, 9), None, None, (1, 9)]
    news.forget_span()
    assert news.span((1, 9)) == (1, 9)


@pytest.mark.parametrize("height", [1, 10])
def test_an_end_is_near_within_so_many_screens(height: int) -> None:
    """Counted from the last row in sight; a window without lines is near nothing."""
    view = Viewport(count=100, height=height)
    view.jump_to(99 - SCREENS_AHEAD * height - height)
    assert not TableNews().is_near("bottom", view)
    view.move_to(99)
    assert TableNews().is_near("bottom", view)
    assert not TableNews().is_near("bottom", Viewport(count=100, height=0))


def test_a_near_end_is_said_once_per_number_of_rows() -> None:
    """An answer without rows is not asked for again; more rows, other rows, or going away and back are news."""
    news, view = TableNews(), Viewport(count=10, height=10)
    assert [news.is_near("bottom", view), news.is_near("bottom", view)] == [True, False]
    view.insert(10, 1)
    assert [news.is_near("bottom", view), news.is_near("bottom", view)] == [True, False]
    news.forget_ends()
    assert news.is_near("bottom", view)
    view.insert(11, 100)
    assert not news.is_near("bottom", view)
