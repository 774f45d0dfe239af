"""Messages as they were posted, comparable with those expected."""

from __future__ import annotations

from typing import Any

from textual.message import Message


class Recorded:
    """Equal to a message of the same kind with the same values, whenever and by whom that was sent."""

    def __init__(self, message: Message) -> None:
        self.message = message

    def __eq__(self, other: object) -> bool:
        return type(self.message) is type(other) and _values(self.message) == _values(other)

    def __hash__(self) -> int:
        return hash(type(self.message))

    def __repr__(self) -> str:
        return f"{type(self.message).__qualname__}({_values(self.message)})"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.message, name)


def _values(message: object) -> dict[str, Any]:
    # Textual keeps sender and time in slots, and flags it has set under private names.
    return {name: value for name, value in vars(message).items() if not name.startswith("_")}
