"""The keys of the main screen, as data: each is a named action, shown in help and palette, and can be remapped."""

from __future__ import annotations

from dataclasses import replace

from textual.binding import Binding

GROUPS: dict[str, tuple[Binding, ...]] = {
    "Panes": (
        Binding("tab", "pane(1)", "next pane", id="pane.next"),
        Binding("shift+tab", "pane(-1)", "previous pane", id="pane.previous"),
        Binding("l,right", "pane(1)", "pane to the right", id="pane.right"),
        Binding("h,left", "pane(-1)", "pane to the left", id="pane.left"),
        Binding("escape", "back", "back: input, then filter, then pane", id="back"),
        Binding("f", "sidebar", "filter sidebar", id="filter.sidebar"),
        Binding("b", "histogram", "show or hide the histogram", id="histogram.toggle"),
        Binding("left_square_bracket", "tab(-1)", "previous tab of the detail", id="detail.previous_tab"),
        Binding("right_square_bracket", "tab(1)", "next tab of the detail", id="detail.next_tab"),
    ),
    "Search": (
        Binding("slash", "search", "search", id="search", tooltip="Find text in names, ids, types and payloads"),
        Binding("n", "hit(1)", "next hit", id="search.next"),
        Binding("N", "hit(-1)", "previous hit", id="search.previous"),
        Binding("t", "go_to_time", "go to a time", id="time.go"),
    ),
    "Filters": (
        Binding("1", "range('1h')", "last hour", id="range.1h"),
        Binding("2", "range('24h')", "last 24 hours", id="range.24h"),
        Binding("3", "range('7d')", "last 7 days", id="range.7d"),
        Binding("4", "range('30d')", "last 30 days", id="range.30d"),
        Binding("5", "range('all')", "everything", id="range.all"),
        Binding("d", "destructive", "destructive events only", id="filter.destructive"),
        Binding("plus", "narrow(True)", "only this value", id="filter.only"),
        Binding("minus", "narrow(False)", "not this value", id="filter.not"),
        Binding("backslash", "suspend", "suspend and resume the filters", id="filter.suspend"),
        Binding("less_than_sign", "history(-1)", "back to the filters and range before", id="filter.back"),
        Binding("greater_than_sign", "history(1)", "forward again", id="filter.forward"),
        Binding("v", "turn", "turn the order: newest or oldest first", id="order"),
    ),
    "Events": (
        Binding("e", "destruction(1)", "next destructive event", id="destructive.next"),
        Binding("E", "destruction(-1)", "previous destructive event", id="destructive.previous"),
        Binding("T", "entity_only", "this entity's events only", id="entity.only"),
        Binding("right_curly_bracket", "same_entity(1)", "next event of this entity", id="entity.next"),
        Binding("left_curly_bracket", "same_entity(-1)", "previous event of this entity", id="entity.previous"),
        Binding("m", "mark", "mark, or unmark", id="mark"),
        Binding("M", "marked", "only marked events", id="mark.only"),
        Binding("J", "jump", "jump to a related entity", id="entity.jump"),
    ),
    "Feed": (
        Binding("space", "freeze", "freeze the view; the feed goes on", id="freeze"),
        Binding("S", "journal", "journal: keep one, or see what it holds", id="journal"),
        Binding("i", "incidents", "incidents: bursts of destructive events", id="incidents"),
        Binding("r", "ask_now", "ask for new events now", id="ask"),
    ),
    "Take away": (
        Binding("y", "copy_id", "copy the id", id="copy.id"),
        Binding("Y", "copy_as", "copy as JSON or cURL", id="copy.as"),
        Binding("w", "save", "save what is shown", id="save"),
        Binding("o", "browse", "open in the browser", id="browse"),
    ),
    "Program": (
        Binding("tilde", "zone", "local time or UTC", id="zone"),
        Binding("ctrl+p,colon", "app.command_palette", "palette", id="palette"),
        Binding("question_mark,f1", "app.help", "help", id="help"),
        Binding("q,ctrl+q", "app.quit", "quit", id="quit"),
    ),
}
"""By the headings of the help, in its order."""

NEED_LIBRARY = frozenset(
    binding.action.partition("(")[0]
    for heading in ("Search", "Filters", "Events", "Feed", "Take away")
    for binding in GROUPS[heading]
)
"""Names of the actions that are about events: before there is a library they do nothing."""


def bindings() -> list[Binding]:
    """All of them, each in the group of its heading."""
    return [replace(binding, group=Binding.Group(heading)) for heading, group in GROUPS.items() for binding in group]
