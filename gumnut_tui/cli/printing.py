"""What commands print alike: JSON that a terminal may show, and lines with labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from gumnut_tui.cli.runtime import Output
from gumnut_tui.formatting.facts import Fact
from gumnut_tui.formatting.interchange import json_line

LABEL_WIDTH = 16
"""Columns for the labels of facts."""


def print_json(output: Output, raw: bytes) -> None:
    """Print JSON on one line; on a terminal without the characters it would obey."""
    output.data(json_line(raw, for_terminal=output.is_terminal) + b"\n")


def print_object(output: Output, content: Any) -> None:
    """Print a value as JSON to be read: indented, all of it at once."""
    text = msgspec.json.format(msgspec.json.encode(content), indent=2)
    output.data(b"".join(json_line(line, for_terminal=output.is_terminal) + b"\n" for line in text.split(b"\n")))


def print_facts(output: Output, facts: Iterable[Fact]) -> None:
    """Print each fact on a line, behind its label if it has one."""
    for fact in facts:
        output.line(f"{fact.label:<{LABEL_WIDTH}}  {fact.value}".rstrip() if fact.label else fact.value)
