"""JSON for reading: escaped like everything else, and without the signatures that open a picture to anyone."""

from __future__ import annotations

import json
from typing import Any

from gumnut_tui.formatting.escape import visible

LINE_LIMIT = 4000
"""Characters of one line of JSON that are shown."""

DEPTH_MAX = 60


def json_lines(value: Any) -> list[str]:
    """The value as indented JSON, line by line; a picture's address loses its signed query."""
    text = json.dumps(without_signatures(value), indent=2, ensure_ascii=False, default=str)
    return [visible(line, LINE_LIMIT) for line in text.split("\n")]


def compact_json(value: Any, limit: int = LINE_LIMIT) -> str:
    """The value on one line; a text without its quotes."""
    safe = without_signatures(value)
    return visible(safe if isinstance(safe, str) else json.dumps(safe, ensure_ascii=False, default=str), limit)


def without_signatures(value: Any, depth: int = DEPTH_MAX) -> Any:
    """The value with the query of every web address left out: whoever holds it can fetch the file.

    What is nested deeper than `depth` levels is an ellipsis.
    """
    match value:
        case dict() | list() | tuple() if not depth:
            return "…"
        case dict():
            return {key: without_signatures(inner, depth - 1) for key, inner in value.items()}
        case list() | tuple():
            return [without_signatures(inner, depth - 1) for inner in value]
        case str() if value.startswith(("https://", "http://")) and "?" in value:
            return value.partition("?")[0] + "?…"
        case _:
            return value
