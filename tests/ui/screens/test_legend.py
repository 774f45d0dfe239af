"""The legend names every sign there is."""

from __future__ import annotations

from gumnut_tui.domain.action_facts import What
from gumnut_tui.domain.models import Operation
from gumnut_tui.ui.screens.legend import legend
from gumnut_tui.ui.widgets.status_line import FeedMode


def test_every_sign_has_a_meaning() -> None:
    """Of events, actions, rows and the feed; none is listed twice in a group."""
    signs = {group.title: [sign for sign, words in group.keys if words] for group in legend()}
    assert signs["Signs of events"] == [operation.glyph for operation in Operation]
    assert set(signs["Signs of actions"]) == {what.glyph for what in What}
    assert set(signs["Feed"]) == {mode.glyph for mode in FeedMode}
    assert signs["Signs of rows"] == ["▸", "●", "◉", "▎"]
    assert all(len(set(each)) == len(each) for each in signs.values())
