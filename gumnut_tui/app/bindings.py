"""The main screen's keys as Textual wants them, each in the group of its heading."""

from __future__ import annotations

from textual.binding import Binding

from gumnut_tui.ui.actions import GROUPS

NEED_LIBRARY = frozenset(
    action.runs.partition("(")[0]
    for heading in ("Search", "Filters", "Events", "Feed", "Export")
    for action in GROUPS[heading]
)
"""Names of the actions that are about events: before there is a library they do nothing."""


def bindings() -> list[Binding]:
    """A binding for each action of the screen."""
    return [
        Binding(
            action.keys,
            action.runs,
            action.words,
            id=action.name,
            tooltip=action.tooltip,
            group=Binding.Group(heading),
        )
        for heading, actions in GROUPS.items()
        for action in actions
    ]
