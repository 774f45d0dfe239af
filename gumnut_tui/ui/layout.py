"""Where the panes stand on screens of different sizes: the classes and the widths that `app.tcss` is written in."""

from __future__ import annotations

from collections.abc import Mapping

MIDDLE, WIDE, HUGE = 96, 120, 180
"""Columns from which the sidebar, then the detail too, stands beside the table instead of over it."""
LOW = 30
"""Lines below which the histogram goes."""
SIDEBAR = 25
"""Columns of the sidebar beside the table."""
DETAIL, HUGE_DETAIL = 40, 56
"""Columns of the detail beside the table."""
OVER_SIDEBAR, OVER_DETAIL = 30, 60
"""Columns of each, the detail at most, where it lies over the table."""


def column_classes() -> list[tuple[int, str]]:
    """The class of a screen by its columns."""
    return [(0, "-narrow"), (MIDDLE, "-middle"), (WIDE, "-wide"), (HUGE, "-huge")]


def line_classes() -> list[tuple[int, str]]:
    """The class of a screen by its lines."""
    return [(0, "-low"), (LOW, "-high")]


def css_variables() -> Mapping[str, str]:
    """The widths as variables of the style sheet."""
    return {
        "sidebar-columns": str(SIDEBAR),
        "detail-columns": str(DETAIL),
        "huge-detail-columns": str(HUGE_DETAIL),
        "over-sidebar-columns": str(OVER_SIDEBAR),
        "over-detail-columns": str(OVER_DETAIL),
    }


def pane_widths(columns: int) -> tuple[int, int]:
    """Columns of the sidebar and of the detail beside the table; 0 where one lies over it."""
    sidebar = SIDEBAR if columns >= MIDDLE else 0
    detail = HUGE_DETAIL if columns >= HUGE else DETAIL if columns >= WIDE else 0
    return sidebar, detail
