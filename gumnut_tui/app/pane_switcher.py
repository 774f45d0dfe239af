"""Which panes are shown around the rows, and which one has the focus."""

from __future__ import annotations

from textual.screen import Screen

from gumnut_tui.app.pane_presenter import PanePresenter, Panes
from gumnut_tui.app.ports import Notices
from gumnut_tui.ui.layout import LOW

DETAIL, SIDEBAR = "-show-detail", "-show-sidebar"
"""Classes of a screen that shows these panes where it has no room for them beside the rows."""


class PaneSwitcher:
    """Shows, hides and focuses the panes of one screen, by classes that its style sheet knows."""

    def __init__(self, screen: Screen[None], panes: Panes, presenter: PanePresenter, ports: Notices) -> None:
        self._screen = screen
        self._panes = panes
        self._presenter = presenter
        self._ports = ports
        self._key = presenter.key

    def keep_focus(self) -> None:
        """A resize may hide the pane with the focus; the table then gets it, with nothing lying over the rows."""
        screen, table = self._screen, self._panes.table
        if screen.focused is None and screen.app.app_focus:
            table.focus()
        elif screen.focused is table:
            self.close_overlay()

    def close_overlay(self) -> bool:
        """Hide what lies over the rows and focus them; False when nothing does."""
        screen, shown = self._screen, {SIDEBAR: self._panes.sidebar, DETAIL: self._panes.detail}
        over = [name for name, pane in shown.items() if screen.has_class(name) and pane.styles.layer == "overlay"]
        screen.remove_class(*over)
        if over:
            self._panes.table.focus()
        return bool(over)

    def show_detail(self) -> None:
        """Show the detail, also where there is no room for it beside the rows."""
        self._screen.add_class(DETAIL)

    def open_detail(self) -> None:
        """Show the detail, and give it the focus."""
        self.show_detail()
        self._panes.detail.focus()

    def toggle_sidebar(self) -> None:
        """Show and focus the filter sidebar, or hide it."""
        is_shown = self._panes.sidebar.has_focus
        self._screen.set_class(not is_shown, SIDEBAR)
        self._screen.set_class(is_shown, "-hide-sidebar")
        (self._panes.table if is_shown else self._panes.sidebar).focus()

    def toggle_histogram(self) -> None:
        """Show or hide the histogram, where there is room for one."""
        if self._screen.has_class("-low"):
            self._ports.say(f"the histogram needs a screen of {LOW} lines")
            return
        self._screen.toggle_class("-no-histogram")
        self._screen.call_after_refresh(self._presenter.show_histogram)

    def focus_next(self, step: int) -> None:
        """Give the next pane that is shown the focus; the previous one with -1."""
        panes = [self._panes.sidebar, self._panes.histogram, self._panes.table, self._panes.detail]
        shown = [pane for pane in panes if pane.display and pane.region.area]
        focused = next((at for at, pane in enumerate(shown) if pane.has_focus_within or pane.has_focus), 0)
        if len(shown) > 1:
            shown[(focused + step) % len(shown)].focus()
        else:
            self._ports.say(
                f"no room for other panes: {self._key('filter.sidebar')} filters, {self._key('row.open')} detail"
            )

    def turn_tab(self, step: int) -> None:
        """Show another tab of the detail."""
        if self._panes.detail.display:
            self._panes.detail.action_turn_tab(step)
        else:
            self._ports.say(f"the detail is not shown: {self._key('row.open')} opens it")
