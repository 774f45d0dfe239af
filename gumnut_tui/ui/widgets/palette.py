"""Colours of operations and of a widget's own parts, resolved from the theme through component classes."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style
from textual.widget import Widget

from gumnut_tui.domain.models import Operation

_COLOURS = {
    Operation.CREATED: "$text-success",
    Operation.ADDED: "$text-success",
    Operation.UPDATED: "$text-primary",
    Operation.RESTORED: "$text-success",
    Operation.MOVED_IN: "$text-success",
    Operation.MOVED_OUT: "$text-warning",
    Operation.REMOVED: "$text-warning",
    Operation.TRASHED: "$text-warning",
    Operation.DELETED: "$text-error",
    Operation.OTHER: "$foreground",
}

OPERATION_CLASSES = {operation: f"operation--{operation.value}" for operation in Operation}
"""The component class that carries an operation's colour, the same in every widget."""


def operation_css(widget: str) -> str:
    """Default rules that colour the operations in a widget type; a theme or app may override each."""
    return "\n".join(
        f"{widget} > .{OPERATION_CLASSES[operation]} {{ color: {colour}; }}" for operation, colour in _COLOURS.items()
    )


def full_style(widget: Widget, name: str) -> Style:
    """A component's colours blended over the widget's own background."""
    return widget.get_component_rich_style(name)


def ink(widget: Widget, name: str) -> Style:
    """A component's foreground and text style alone, to be laid over any background."""
    style = widget.get_component_rich_style(name)
    return Style(
        color=style.color,
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
    )


def operation_inks(widget: Widget) -> dict[Operation, Style]:
    """The ink of each operation in this widget."""
    return {operation: ink(widget, name) for operation, name in OPERATION_CLASSES.items()}


def component_names(prefix: str, parts: Iterable[str]) -> set[str]:
    """Component classes of a widget's own parts, those of the operations included."""
    return {f"{prefix}--{part}" for part in parts} | set(OPERATION_CLASSES.values())
