"""What keys do, as data: each is a named action, shown in help and palette, and can be remapped by its name.

Known without Textual, so that the command line can check a config file against it.
"""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple


class Action(NamedTuple):
    """Something a key does on the main screen."""

    name: str
    """What it is called in the `[keys]` table of the config file."""
    keys: str
    """The keys it has unless remapped, as Textual calls them, with commas between."""
    runs: str
    """Textual's action: a method of the screen or table, or of the app behind `app.`."""
    words: str
    tooltip: str = ""


ROWS = (
    Action("row.next", "down,j", "move(1)", "next row"),
    Action("row.previous", "up,k", "move(-1)", "previous row"),
    Action("row.half_page_down", "ctrl+d", "half_page(1)", "half a page down"),
    Action("row.half_page_up", "ctrl+u", "half_page(-1)", "half a page up"),
    Action("row.page_down", "pagedown", "page(1)", "a page down"),
    Action("row.page_up", "pageup", "page(-1)", "a page up"),
    Action("row.first", "g,home", "first", "first row"),
    Action("row.last", "G,end", "last", "last row"),
    Action("row.open", "enter", "open", "open the event"),
)
"""Those of the table of events."""

GROUPS: dict[str, tuple[Action, ...]] = {
    "Panes": (
        Action("pane.next", "tab", "pane(1)", "next pane"),
        Action("pane.previous", "shift+tab", "pane(-1)", "previous pane"),
        Action("pane.right", "l,right", "pane(1)", "pane to the right"),
        Action("pane.left", "h,left", "pane(-1)", "pane to the left"),
        Action("back", "escape", "back", "back: input, then filter, then pane"),
        Action("filter.sidebar", "f", "sidebar", "filter sidebar"),
        Action("histogram.toggle", "b", "histogram", "show or hide the histogram"),
        Action("detail.previous_tab", "left_square_bracket", "tab(-1)", "previous detail tab"),
        Action("detail.next_tab", "right_square_bracket", "tab(1)", "next detail tab"),
    ),
    "Search": (
        Action("search", "slash", "search", "search", tooltip="Find text in names, ids, types and payloads"),
        Action("search.next", "n", "hit(1)", "next hit"),
        Action("search.previous", "N", "hit(-1)", "previous hit"),
        Action("time.go", "t", "go_to_time", "go to a time"),
    ),
    "Filters": (
        Action("range.1h", "1", "range('1h')", "last hour"),
        Action("range.24h", "2", "range('24h')", "last 24 hours"),
        Action("range.7d", "3", "range('7d')", "last 7 days"),
        Action("range.30d", "4", "range('30d')", "last 30 days"),
        Action("range.all", "5", "range('all')", "everything"),
        Action("filter.destructive", "d", "destructive", "destructive events only"),
        Action("filter.only", "plus", "narrow(True)", "only this value"),
        Action("filter.not", "minus", "narrow(False)", "not this value"),
        Action("filter.suspend", "backslash", "suspend", "suspend and resume the filters"),
        Action("filter.back", "less_than_sign", "history(-1)", "back to the previous filters and range"),
        Action("filter.forward", "greater_than_sign", "history(1)", "forward again"),
        Action("order", "v", "turn", "reverse the order: newest or oldest first"),
    ),
    "Events": (
        Action("destructive.next", "e", "destruction(1)", "next destructive event"),
        Action("destructive.previous", "E", "destruction(-1)", "previous destructive event"),
        Action("entity.only", "T", "entity_only", "this entity's events only"),
        Action("entity.next", "right_curly_bracket", "same_entity(1)", "next event of this entity"),
        Action("entity.previous", "left_curly_bracket", "same_entity(-1)", "previous event of this entity"),
        Action("mark", "m", "mark", "mark or unmark"),
        Action("mark.only", "M", "marked", "only marked events"),
        Action("entity.jump", "J", "jump", "jump to a related entity"),
    ),
    "Feed": (
        Action("freeze", "space", "freeze", "freeze the view; reading continues"),
        Action("journal", "S", "journal", "journal: keep one, or see what it holds"),
        Action("incidents", "i", "incidents", "incidents: bursts of destructive events"),
        Action("ask", "r", "ask_now", "check for new events now"),
    ),
    "Export": (
        Action("copy.id", "y", "copy_id", "copy the id"),
        Action("copy.as", "Y", "copy_as", "copy as JSON or cURL"),
        Action("save", "w", "save", "save what is shown"),
        Action("browse", "o", "browse", "open in the browser"),
    ),
    "Program": (
        Action("zone", "tilde", "zone", "local time or UTC"),
        Action("palette", "ctrl+p,colon", "app.command_palette", "palette"),
        Action("help", "question_mark,f1", "app.help", "help"),
        Action("quit", "q,ctrl+q", "app.quit", "quit"),
    ),
}
"""Those of the screen, by the headings of the help, in its order."""

ACTIONS = {action.name: action for action in chain(ROWS, *GROUPS.values())}
